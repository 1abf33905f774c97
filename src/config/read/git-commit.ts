import { execFileSync } from 'node:child_process';
import { printable } from '../../diagnostics/printable.ts';
import { folders } from '../kinds.ts';

/** What a configuration is made of, for git; decks may stand anywhere. */
const configurationPaths = [
  'switch.yaml',
  ...new Set(folders.map(({ folder }) => folder.split('/')[0]!)),
  '*.csv',
];

/**
 * The commit that the configuration in `directory` is, or null: no work tree, no commit yet, files that differ from
 * it, no git on this machine, or one that does not answer within two seconds.
 */
export function gitCommit(directory: string): string | null {
  try {
    const lines = git(
      directory,
      'status',
      // With the commit at its head, which need then not be asked for.
      '--porcelain=v2',
      '--branch',
      '--no-ahead-behind',
      '--untracked-files=all',
      '--',
      ...configurationPaths,
    ).split('\n');
    if (lines.some(line => line !== '' && !line.startsWith('# '))) return null;
    const commit = lines.map(line => /^# branch\.oid ([0-9a-f]{40,64})$/.exec(line)?.[1]);
    return commit.find(name => name !== undefined) ?? null;
  } catch {
    return null;
  }
}

function git(directory: string, ...args: readonly string[]): string {
  // Without optional locks git only looks: it must not get into the way of a commit.
  return execFileSync('git', ['--no-optional-locks', ...args], {
    cwd: directory,
    // A hook or a shell within another repository may point git there.
    env: Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_'))),
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: 2000,
    encoding: 'utf8',
  });
}

/** What git knows of a commit. */
export interface DescribedCommit {
  readonly commit: string;
  readonly author: string;
  /** The first line of the message. */
  readonly subject: string;
  /** ms since 1970 UTC */
  readonly committedAtMs: number;
}

/** The last moment that a Date can be: what a commit says of its time need not be so. */
const lastMs = 8.64e15;

/** What a commit says of itself, made fit to be stored and shown. `committed` is in seconds since 1970 UTC. */
export function describedBy(
  author: string,
  committed: string,
  subject: string,
): Omit<DescribedCommit, 'commit'> {
  const committedMs = Number(committed) * 1000;
  return {
    author: printable(author).slice(0, 200),
    subject: printable(subject).slice(0, 200),
    committedAtMs: Number.isFinite(committedMs) ? Math.min(Math.max(committedMs, 0), lastMs) : 0,
  };
}

/** null when there is no such commit, or no git that answers within two seconds. */
export function describeCommit(directory: string, commit: string): DescribedCommit | null {
  try {
    const format = '--format=%an <%ae>%x00%ct%x00%s';
    const text = git(directory, 'show', '--no-show-signature', '--no-patch', '--no-notes', format, commit);
    const [author = '', committed = '', subject = ''] = text.trimEnd().split('\0');
    return { commit, ...describedBy(author, committed, subject) };
  } catch {
    return null;
  }
}
