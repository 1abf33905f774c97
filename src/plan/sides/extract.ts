/** The configuration that a commit holds, as files: its blobs are written to a directory, as they are. */
import { closeSync, mkdirSync, openSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { askGit, type Repository } from './git.ts';
import { SideError } from './side-error.ts';

/** Whatever a configuration may be made of; decks and lists may stand anywhere. */
const configurationFile = /\.(?:ya?ml|csv|txt)$/i;

/** So many bytes are asked for at once; a larger file goes straight from git to the disk. */
const batchBytes = 32 << 20;

interface Entry {
  readonly mode: string;
  readonly object: string;
  readonly bytes: number;
  /** Relative to the configuration directory. */
  readonly path: string;
}

/**
 * Writes the files of `commit` below `folder` (empty or with a slash at its end, from the top of the repository) to
 * `target`. Attributes and filters of git change nothing of them. Returns how many there are.
 * @throws SideError
 */
export function extractCommit(
  repository: Repository,
  commit: string,
  folder: string,
  target: string,
): number {
  const entries = listEntries(repository, commit, folder);
  for (const parent of new Set(entries.map(({ path }) => dirname(join(target, path))))) {
    mkdirSync(parent, { recursive: true });
  }
  const files = entries.filter(({ mode }) => mode.startsWith('100'));
  writeBatches(
    repository,
    files.filter(({ bytes }) => bytes <= batchBytes),
    target,
  );
  for (const { object, path } of files.filter(({ bytes }) => bytes > batchBytes)) {
    writeLarge(repository, object, join(target, path));
  }
  // Links come last: nothing is written through one.
  for (const { object, path } of entries.filter(({ mode }) => mode === '120000')) {
    symlinkSync(blob(repository, object).toString('utf8'), join(target, path));
  }
  return entries.length;
}

function listEntries({ directory }: Repository, commit: string, folder: string): readonly Entry[] {
  const { ok, output, error } = askGit(directory, [
    'ls-tree',
    '-r',
    '-l',
    '-z',
    '--full-tree',
    `${commit}:${folder}`,
  ]);
  if (!ok) {
    if (/not a tree object|does not exist|exists on disk|Not a valid object/i.test(error)) return [];
    throw new SideError(`git cannot list the files of ${commit}: ${firstLine(error)}`);
  }
  return output
    .toString('utf8')
    .split('\0')
    .flatMap(line => {
      const match = /^(\d+) \w+ ([0-9a-f]+) +(\d+|-)\t(.*)$/s.exec(line);
      if (match === null) return [];
      const [, mode, object, bytes, path] = match as unknown as [string, string, string, string, string];
      if (mode !== '120000' && !configurationFile.test(path)) return [];
      // Git itself makes no such tree; one that was made by hand must not lead out.
      if (path.split('/').includes('..') || path.startsWith('/')) return [];
      return [{ mode, object, bytes: bytes === '-' ? 0 : Number(bytes), path }];
    });
}

function writeBatches(repository: Repository, files: readonly Entry[], target: string): void {
  for (let at = 0; at < files.length; ) {
    let [end, bytes] = [at, 0];
    while (end < files.length && (end === at || bytes + files[end]!.bytes <= batchBytes)) {
      bytes += files[end]!.bytes;
      end += 1;
    }
    writeBatch(repository, files.slice(at, end), target);
    at = end;
  }
}

function writeBatch({ directory }: Repository, files: readonly Entry[], target: string): void {
  const input = files.map(({ object }) => `${object}\n`).join('');
  const { ok, output, error } = askGit(directory, ['cat-file', '--batch'], { input });
  if (!ok) throw new SideError(`git cannot read the files of a commit: ${firstLine(error)}`);
  let at = 0;
  for (const { object, bytes, path } of files) {
    const lineEnd = output.indexOf(0x0a, at);
    const header = output.toString('latin1', at, lineEnd);
    if (header !== `${object} blob ${bytes}`)
      throw new SideError(`git cannot read ${path} of a commit: ${header}`);
    const content = output.subarray(lineEnd + 1, lineEnd + 1 + bytes);
    refusePointer(content, path);
    writeFileSync(join(target, path), content);
    at = lineEnd + 1 + bytes + 1;
  }
}

const largeFilePointer = 'version https://git-lfs.github.com/spec/';

/** What Git LFS keeps elsewhere is not in the commit. */
function refusePointer(content: Buffer, path: string): void {
  if (content.length > 1024 || !content.toString('latin1').startsWith(largeFilePointer)) return;
  throw new SideError(
    `${path} is kept by Git LFS, so the commit does not hold it`,
    'check that commit out elsewhere (git worktree add DIR COMMIT) and compare with the directory',
  );
}

function writeLarge({ directory }: Repository, object: string, path: string): void {
  const descriptor = openSync(path, 'w');
  try {
    const { ok, error } = askGit(directory, ['cat-file', 'blob', object], { output: descriptor });
    if (!ok) throw new SideError(`git cannot read a file of a commit: ${firstLine(error)}`);
  } finally {
    closeSync(descriptor);
  }
}

function blob({ directory }: Repository, object: string): Buffer {
  const { ok, output, error } = askGit(directory, ['cat-file', 'blob', object]);
  if (ok) return output;
  throw new SideError(`git cannot read a link of a commit: ${firstLine(error)}`);
}

function firstLine(text: string): string {
  return text.split('\n')[0]!.replace(/^fatal: /, '');
}
