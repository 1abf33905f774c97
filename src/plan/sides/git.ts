/** Questions to git, none of which changes a work tree, an index or a reference, or runs a hook. */
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { didYouMean } from '../../config/schema/suggest.ts';
import { SideError } from './side-error.ts';

/** A disk or a network file system may be slow; nothing that is asked here takes longer. */
const timeoutMs = 120_000;
const mostBytes = 1 << 30;

export interface GitAnswer {
  readonly ok: boolean;
  readonly output: Buffer;
  readonly error: string;
}

/** `input` goes to standard input; `output` is a descriptor that takes the answer instead of memory. */
export function askGit(
  directory: string,
  args: readonly string[],
  { input, output }: { readonly input?: string; readonly output?: number } = {},
): GitAnswer {
  const result: SpawnSyncReturns<Buffer> = spawnSync('git', ['--no-optional-locks', ...args], {
    cwd: directory,
    env: gitEnvironment(),
    stdio: ['pipe', output ?? 'pipe', 'pipe'],
    input: input ?? '',
    timeout: timeoutMs,
    maxBuffer: mostBytes,
  });
  if (result.error !== undefined)
    throw new SideError(...failure(result.error as NodeJS.ErrnoException, directory));
  return {
    ok: result.status === 0,
    output: result.stdout ?? Buffer.alloc(0),
    error: result.stderr.toString('utf8').trim(),
  };
}

/** A hook or a shell within another repository may point git there, and nobody is there to be asked for a password. */
function gitEnvironment(): Record<string, string | undefined> {
  const own = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('GIT_') || name === 'GIT_CONFIG_GLOBAL',
  );
  return { ...Object.fromEntries(own), GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C' };
}

function failure({ code, message }: NodeJS.ErrnoException, directory: string): [string, string | null] {
  if (code === 'ENOENT') {
    return [
      `git cannot be started in ${directory}`,
      'install git, or compare two directories with --from and --to',
    ];
  }
  if (code === 'ETIMEDOUT') return ['git does not answer', null];
  return [`git cannot be asked: ${message}`, null];
}

/** Text on one line; null when git says no. */
export function gitLine(directory: string, ...args: readonly string[]): string | null {
  const { ok, output } = askGit(directory, args);
  return ok ? output.toString('utf8').replace(/\n$/, '') : null;
}

export interface Repository {
  /** Absolute: the directory that the questions start from. */
  readonly directory: string;
  /** Where the directory lies in the repository: empty or `voice/`. */
  readonly prefix: string;
}

/** null when the directory lies in no work tree. @throws SideError when git refuses to look at it. */
export function findRepository(directory: string): Repository | null {
  const { ok, output, error } = askGit(directory, ['rev-parse', '--show-prefix']);
  if (ok) return { directory, prefix: output.toString('utf8').replace(/\n$/, '') };
  if (/dubious ownership/.test(error)) {
    throw new SideError(
      `git does not trust the repository of ${directory}: it belongs to another user`,
      `git config --global --add safe.directory ${directory}`,
    );
  }
  return null;
}

/** The whole name of the commit that is meant, or null. */
export function findCommit({ directory }: Repository, name: string): string | null {
  if (name === '' || name.startsWith('-')) return null;
  return gitLine(directory, 'rev-parse', '--verify', '--quiet', `${name}^{commit}`);
}

/** @throws SideError with the name that was probably meant */
export function commitOf(repository: Repository, name: string): string {
  const commit = findCommit(repository, name);
  if (commit !== null) return commit;
  const known = gitLine(repository.directory, 'for-each-ref', '--format=%(refname:short)') ?? '';
  const names = known.split('\n').filter(one => one !== '');
  const elsewhere = names.find(one => one.endsWith(`/${name}`));
  const meant = elsewhere === undefined ? didYouMean(name, names) : ` (did you mean "${elsewhere}"?)`;
  const hint = isShallow(repository) ? deepenHint : sideHint;
  throw new SideError(`there is no directory, branch, tag or commit "${name}"${meant}`, hint);
}

export const sideHint = 'a side is a directory, a branch, a tag, a commit, live, or history:VERSION';

export const deepenHint =
  'this clone is shallow, so older commits are missing: git fetch --deepen=100 (in GitHub Actions: fetch-depth: 0; in GitLab: GIT_DEPTH: 0)';

export function isShallow({ directory }: Repository): boolean {
  return gitLine(directory, 'rev-parse', '--is-shallow-repository') === 'true';
}

const defaultBranches = [
  'refs/remotes/origin/HEAD',
  'refs/remotes/origin/main',
  'refs/remotes/origin/master',
  'refs/heads/main',
  'refs/heads/master',
];

export interface MergeBase {
  readonly commit: string;
  /** `origin/main` */
  readonly branch: string;
}

/** Where `head` left a branch, or the default branch. @throws SideError when that cannot be told. */
export function findMergeBase(repository: Repository, named: string | null, head: string): MergeBase {
  const { directory } = repository;
  const [branch, start] = named === null ? defaultBranch(repository) : [named, commitOf(repository, named)];
  const commit = gitLine(directory, 'merge-base', start, head);
  if (commit !== null) return { commit: commit.split('\n')[0]!, branch };
  const hint = isShallow(repository) ? deepenHint : `say what to compare with: --from ${branch}`;
  throw new SideError(`${branch} and ${head} have no commit in common here`, hint);
}

function defaultBranch(repository: Repository): readonly [name: string, commit: string] {
  const format = '--format=%(refname) %(objectname) %(refname:short) %(symref:short)';
  const known = gitLine(repository.directory, 'for-each-ref', format, ...defaultBranches) ?? '';
  const lines = known.split('\n').map(line => line.split(' '));
  for (const reference of defaultBranches) {
    const [, commit, short, target] = lines.find(([name]) => name === reference) ?? [];
    // origin/HEAD only names the branch that is meant.
    if (commit !== undefined) return [target || short!, commit];
  }
  throw new SideError(
    'there is neither origin/HEAD nor a branch main or master to compare with',
    isShallow(repository) ? deepenHint : 'say what to compare with: --from BRANCH',
  );
}
