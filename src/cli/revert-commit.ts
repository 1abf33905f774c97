/** Writes the files of an older version back into the git work tree of the team, as one commit. It never pushes. */
import { execFileSync } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, isAbsolute, join, posix, resolve } from 'node:path';
import { folders } from '../config/kinds.ts';
import { listFiles } from '../config/read/list-files.ts';
import { refuseLinkOut } from './files.ts';

export interface Revert {
  /** The configuration directory. */
  readonly directory: string;
  /** Everything that the version consists of. */
  readonly files: readonly { readonly path: string; readonly bytes: Uint8Array }[];
  /** Of that version; null when it was none. */
  readonly commit: string | null;
  /** Hashes of the versions. */
  readonly from: string;
  readonly to: string;
  readonly reason: string;
  readonly by: string;
}

export interface Reverted {
  /** null when the files are those of the version already. */
  readonly commit: string | null;
  readonly branch: string;
  /** Paths that were written or removed, relative to the configuration directory. */
  readonly paths: readonly string[];
  /** Newest first, with subjects: all that came since, and not only what broke; empty when nobody knows. */
  readonly takenBack: readonly string[];
}

/** The commit cannot be made; the work tree is as it was. */
export class RevertError extends Error {
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.name = 'RevertError';
    this.hint = hint;
  }
}

/** Hooks of the team may take their time. */
const timeoutMs = 120_000;
const outputBytesMax = 64 * 2 ** 20;
const configurationFolders = new Set(folders.map(({ folder }) => folder.split('/')[0]!));

/** @throws RevertError, UsageError */
export function commitRevert(revert: Revert): Reverted {
  const { directory } = revert;
  const branch = branchOf(directory);
  const { written, removed } = changesOf(revert);
  refuseUncommitted(revert);
  const paths = [...written.map(({ path }) => path), ...removed];
  if (paths.length === 0) return { commit: null, branch, paths, takenBack: [] };
  const takenBack = commitsSince(revert);
  for (const path of paths) refuseUnwritable(directory, path);
  refuseIgnored(directory, paths);
  try {
    for (const { path, bytes } of written) {
      mkdirSync(dirname(join(directory, path)), { recursive: true });
      writeFileSync(join(directory, path), bytes);
    }
    for (const path of removed) rmSync(join(directory, path));
    const listed = ['--pathspec-from-file=-', '--pathspec-file-nul'];
    git(directory, ['add', ...listed], paths.join('\0'));
    git(
      directory,
      ['commit', '--quiet', '--only', '-m', messageOf(revert, takenBack), ...listed],
      paths.join('\0'),
    );
  } catch (error) {
    putBack(directory, paths);
    if (error instanceof RevertError) throw error;
    throw new RevertError(
      `the files cannot be written: ${(error as Error).message}`,
      'check the permissions',
    );
  }
  return { commit: git(directory, ['rev-parse', 'HEAD']).trim(), branch, paths, takenBack };
}

/** @throws RevertError where a commit would not go to a branch as one expects. */
function branchOf(directory: string): string {
  if (!isOk(directory, ['rev-parse', '--is-inside-work-tree'])) {
    throw new RevertError(
      `${directory} is in no git work tree`,
      'put the files back where the configuration comes from',
    );
  }
  for (const [state, marker] of [
    ['merge', 'MERGE_HEAD'],
    ['cherry-pick', 'CHERRY_PICK_HEAD'],
    ['revert', 'REVERT_HEAD'],
    ['rebase', 'rebase-merge'],
    ['rebase', 'rebase-apply'],
  ] as const) {
    const path = git(directory, ['rev-parse', '--git-path', marker]).trim();
    if (!existsSync(resolve(directory, path))) continue;
    throw new RevertError(`a ${state} is under way in the work tree`, 'finish or abort it first');
  }
  if (!isOk(directory, ['symbolic-ref', '--quiet', 'HEAD'])) {
    throw new RevertError(
      'the work tree is on no branch (detached HEAD)',
      'check out the branch of the team',
    );
  }
  return git(directory, ['symbolic-ref', '--short', 'HEAD']).trim();
}

function changesOf({ directory, files }: Revert): {
  readonly written: Revert['files'];
  readonly removed: readonly string[];
} {
  for (const { path } of files) {
    const isInside = !isAbsolute(path) && posix.normalize(path) === path && !path.startsWith('..');
    if (!isInside) throw new RevertError(`${path} is no file of the directory`, 'nothing was written');
  }
  const kept = new Set(files.map(({ path }) => path));
  return {
    written: files.filter(({ path, bytes }) => !isSame(join(directory, path), bytes)),
    removed: listFiles(directory)
      .files.map(({ path }) => path)
      .filter(path => !kept.has(path)),
  };
}

function isSame(path: string, bytes: Uint8Array): boolean {
  try {
    return readFileSync(path).equals(bytes);
  } catch {
    return false;
  }
}

/** What somebody is working on must neither get lost nor get into the commit. */
function refuseUncommitted({ directory, files }: Revert): void {
  const prefix = git(directory, ['rev-parse', '--show-prefix']).trim();
  const concerned = new Set(files.map(({ path }) => path));
  const status = git(directory, [
    'status',
    '--porcelain',
    '-z',
    '--no-renames',
    '--untracked-files=all',
    '.',
  ]);
  const changed = status
    .split('\0')
    .filter(line => line !== '')
    .map(line => line.slice(3 + prefix.length))
    .filter(path => concerned.has(path) || isConfiguration(path));
  if (changed.length === 0) return;
  const named = changed.slice(0, 5).join(', ');
  throw new RevertError(
    `there are uncommitted changes: ${named}${changed.length > 5 ? ` and ${changed.length - 5} more` : ''}`,
    'commit them or put them away (git stash)',
  );
}

function isConfiguration(path: string): boolean {
  return path === 'switch.yaml' || configurationFolders.has(path.split('/')[0]!);
}

function refuseUnwritable(directory: string, path: string): void {
  refuseLinkOut(directory, path);
  if (lstatSync(join(directory, path), { throwIfNoEntry: false })?.isSymbolicLink() !== true) return;
  throw new RevertError(`${path} is a link`, 'change what it leads to by hand');
}

function refuseIgnored(directory: string, paths: readonly string[]): void {
  let ignored = '';
  try {
    ignored = git(directory, ['check-ignore', '-z', '--stdin'], paths.join('\0'));
  } catch {
    // Nothing is ignored: that is exit code 1.
  }
  const [first] = ignored.split('\0');
  if (first === undefined || first === '') return;
  throw new RevertError(`git ignores ${first}`, 'put that file back by hand');
}

/** The work tree may have moved on while the version was held, and what was mended meanwhile is taken back with it. */
function commitsSince({ directory, commit }: Revert): readonly string[] {
  if (commit === null || !isOk(directory, ['merge-base', '--is-ancestor', commit, 'HEAD'])) return [];
  const text = git(directory, [
    'log',
    '--first-parent',
    '--abbrev=8',
    '--format=%h %s',
    `${commit}..HEAD`,
    '--',
    '.',
  ]);
  return text.split('\n').filter(line => line !== '');
}

function messageOf({ from, to, reason, by }: Revert, takenBack: readonly string[]): string {
  const subject = `Roll back the configuration to ${to.slice(0, 12)}`;
  const trailers = [
    `Class4-From: ${from}`,
    `Class4-To: ${to}`,
    `Class4-By: ${by}`,
    'Written-by: class4 rollback',
  ];
  const since =
    takenBack.length === 0 ? '' : `Takes back:\n\n${takenBack.map(line => `* ${line}\n`).join('')}\n`;
  return `${subject}\n\n${reason}\n\n${since}${trailers.join('\n')}\n`;
}

/** All of these were as committed before they were touched. */
function putBack(directory: string, paths: readonly string[]): void {
  for (const path of paths) {
    try {
      git(directory, ['reset', '--quiet', '--', path]);
      if (isOk(directory, ['ls-files', '--error-unmatch', '--', path])) {
        git(directory, ['checkout', '--quiet', '--', path]);
      } else {
        rmSync(join(directory, path), { force: true });
      }
    } catch {
      // The others are put back all the same; `git status` shows what was not.
    }
  }
}

function isOk(directory: string, args: readonly string[]): boolean {
  try {
    git(directory, args);
    return true;
  } catch (error) {
    if (error instanceof RevertError && error.message === noGit) throw error;
    return false;
  }
}

const noGit = 'there is no git on this machine';

/** @throws RevertError with what git said. */
function git(directory: string, args: readonly string[], input?: string): string {
  try {
    return execFileSync('git', ['--literal-pathspecs', ...args], {
      cwd: directory,
      // A hook or a shell within another repository may point git there.
      env: Object.fromEntries(
        Object.entries(process.env).filter(
          ([name]) => !name.startsWith('GIT_') || /^GIT_(?:AUTHOR|COMMITTER|CONFIG)_/.test(name),
        ),
      ),
      ...(input === undefined ? {} : { input }),
      stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      timeout: timeoutMs,
      maxBuffer: outputBytesMax,
      encoding: 'utf8',
    });
  } catch (error) {
    const { code, stderr } = error as { readonly code?: string; readonly stderr?: string };
    if (code === 'ENOENT') throw new RevertError(noGit, 'install it, or put the files back by hand');
    const said = (stderr ?? '').trim().split('\n').slice(-3).join(' · ');
    const isNobody = /tell me who you are|ident name|user\.useConfigOnly/i.test(stderr ?? '');
    throw new RevertError(
      `git ${args[0]} refuses: ${said === '' ? (error as Error).message : said}`,
      isNobody
        ? 'tell git who you are: git config user.name NAME, git config user.email ADDRESS'
        : 'see `git status`',
    );
  }
}
