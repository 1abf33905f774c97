/**
 * Runs the git of this machine on one bare repository of our own. It asks nobody anything, runs no hook, looks into no
 * settings of the user or the system, and speaks no protocol but the one that it was told.
 */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { gitFailureText } from './git-words.ts';
import { plainEnvironment } from './plain-environment.ts';

export type GitFailure =
  /** There is no git on this machine. */
  | 'missing'
  /** It did not end in time, or was told to end. */
  | 'stopped'
  /** It said more than was asked for. */
  | 'tooMuch'
  /** It ended with another exit code than 0. */
  | 'failed';

export class GitError extends Error {
  readonly kind: GitFailure;
  readonly exitCode: number | null;
  /** All that it said on standard error, as much of it as is kept. */
  readonly said: string;

  constructor(kind: GitFailure, message: string, exitCode: number | null = null, said = '') {
    super(message);
    this.name = 'GitError';
    this.kind = kind;
    this.exitCode = exitCode;
    this.said = said;
  }
}

export interface GitOptions {
  /** The bare repository, absolute. */
  readonly repository: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface GitAccess {
  /** Settings of git for this run, which stand in no argument and no file. */
  readonly settings: readonly (readonly [key: string, value: string])[];
  /** Variables of the environment besides. */
  readonly env: Readonly<Record<string, string>>;
  /** What must appear in no message. */
  readonly secrets: readonly string[];
}

export interface GitRun {
  readonly access?: GitAccess;
  readonly timeoutMs?: number;
  /** Of standard output. */
  readonly mostBytes?: number;
  /** For work that takes long. No file that it writes may become larger; a pack of a fetch is one file. */
  readonly mostFileBytes?: number;
  readonly signal?: AbortSignal | undefined;
}

export const noAccess: GitAccess = { settings: [], env: {}, secrets: [] };

/** What git may do at all. A fetch adds the one protocol that it needs. */
const confined: GitAccess['settings'] = [
  ['core.hooksPath', '/dev/null'],
  ['core.fsmonitor', 'false'],
  // The repository outlives a power cut, or is made anew.
  ['core.fsync', 'all'],
  ['core.askPass', ''],
  ['credential.helper', ''],
  ['protocol.allow', 'never'],
  ['transfer.fsckObjects', 'true'],
  ['fetch.recurseSubmodules', 'false'],
  ['submodule.recurse', 'false'],
  ['gc.auto', '0'],
  ['gc.autoDetach', 'false'],
  ['maintenance.auto', 'false'],
  // A redirection would take the credentials to where nobody meant them to go.
  ['http.followRedirects', 'false'],
  // A connection on which nothing moves is given up.
  ['http.lowSpeedLimit', '1'],
  ['http.lowSpeedTime', '30'],
  // Nobody is trusted unless the caller says whom.
  ['gpg.program', '/bin/false'],
  ['gpg.x509.program', '/bin/false'],
  ['gpg.ssh.program', '/bin/false'],
];

const defaultTimeoutMs = 60_000;
const defaultMostBytes = 16 * 2 ** 20;
const mostSaid = 16_384;

type GitProcess = ChildProcessByStdio<Writable, Readable, Readable>;

export class Git {
  readonly #options: GitOptions;

  constructor(options: GitOptions) {
    this.#options = options;
  }

  get repository(): string {
    return this.#options.repository;
  }

  /**
   * Standard output as text, when git ends with 0.
   * @throws GitError
   */
  async run(args: readonly string[], run: GitRun = {}): Promise<string> {
    const parts: Buffer[] = [];
    let bytes = 0;
    const mostBytes = run.mostBytes ?? defaultMostBytes;
    await this.stream(args, [], run, async output => {
      for await (const part of output) {
        bytes += (part as Buffer).length;
        if (bytes > mostBytes) {
          throw new GitError('tooMuch', `git ${args[0]} said more than ${mostBytes} bytes`);
        }
        parts.push(part as Buffer);
      }
    });
    return Buffer.concat(parts).toString('utf8');
  }

  /** Whether git ends with 0; 1 is no, and everything else an error. @throws GitError */
  async isTrue(args: readonly string[], run: GitRun = {}): Promise<boolean> {
    try {
      await this.run(args, run);
      return true;
    } catch (error) {
      if (error instanceof GitError && error.exitCode === 1) return false;
      throw error;
    }
  }

  /**
   * Gives git those lines to read, and what it says to `read`, which must read all of it.
   * @throws GitError, or what `read` throws
   */
  async stream<Result>(
    args: readonly string[],
    input: readonly string[],
    run: GitRun,
    read: (output: Readable) => Promise<Result>,
  ): Promise<Result> {
    const timeoutMs = run.timeoutMs ?? defaultTimeoutMs;
    const limit = AbortSignal.timeout(timeoutMs);
    const signal = run.signal === undefined ? limit : AbortSignal.any([limit, run.signal]);
    if (signal.aborted) throw stopped(args, limit.aborted, timeoutMs);
    const child = this.#spawn(args, run);
    const stop = (): void => killGroup(child);
    signal.addEventListener('abort', stop);
    try {
      const ended = endOf(child);
      // What it thinks of lines that come too late is of no interest: its exit code tells.
      child.stdin.on('error', () => undefined);
      child.stdin.end(input.map(line => `${line}\n`).join(''));
      const reading = read(child.stdout).catch(async (error: unknown) => {
        stop();
        await ended.catch(() => undefined);
        throw error;
      });
      const [result, { exitCode, said }] = await Promise.all([reading, ended]);
      if (signal.aborted) throw stopped(args, limit.aborted, timeoutMs);
      if (exitCode === 0) return result;
      const clean = withoutSecrets(said, run);
      throw new GitError('failed', gitFailureText(clean, exitCode), exitCode, clean);
    } catch (error) {
      if (signal.aborted) throw stopped(args, limit.aborted, timeoutMs);
      throw error;
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  #spawn(args: readonly string[], run: GitRun): GitProcess {
    const all = [`--git-dir=${this.#options.repository}`, '--no-optional-locks', ...args];
    // Git has no limit of its own for what a fetch brings, and takes all processors and all memory for it.
    const [program, argv] =
      run.mostFileBytes === undefined
        ? ['git', all]
        : ['/bin/sh', ['-c', standBack, String(blocks(run.mostFileBytes)), ...all]];
    return spawn(program, argv, {
      env: environment(this.#options.env, run.access ?? noAccess),
      cwd: '/',
      stdio: ['pipe', 'pipe', 'pipe'],
      // A group of its own, so that the helpers of git end with it.
      detached: true,
    });
  }
}

/** Calls come first; and what a repository was made to be must end git, when memory runs out, and not the switch. */
const standBack =
  '{ echo 1000 > /proc/self/oom_score_adj; } 2> /dev/null; ulimit -f "$0" && exec nice -n 10 git "$@"';

/** POSIX counts in blocks of 512 bytes. */
function blocks(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / 512));
}

function environment(env: GitOptions['env'], access: GitAccess): Record<string, string> {
  const own: Record<string, string> = {};
  const settings = [...confined, ...access.settings];
  settings.forEach(([key, value], index) => {
    own[`GIT_CONFIG_KEY_${index}`] = key;
    own[`GIT_CONFIG_VALUE_${index}`] = value;
  });
  return {
    ...plainEnvironment(env),
    ...own,
    // Passwords of the user (.netrc) are for programs of the user.
    HOME: '/dev/null',
    GIT_CONFIG_COUNT: String(settings.length),
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_NO_REPLACE_OBJECTS: '1',
    ...access.env,
  };
}

function endOf(child: GitProcess): Promise<{ readonly exitCode: number; readonly said: string }> {
  let said = '';
  child.stderr.setEncoding('utf8');
  child.stderr.on('data', (part: string) => {
    if (said.length < mostSaid) said = (said + part).slice(0, mostSaid);
  });
  return new Promise((resolve, reject) => {
    child.once('error', error => {
      const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
      reject(
        new GitError('missing', isMissing ? 'there is no git on this machine' : `git: ${error.message}`),
      );
    });
    // A signal other than ours: a limit of the system, or an operator.
    child.once('close', (code, signal) =>
      resolve({
        exitCode: code ?? 128,
        said:
          signal === 'SIGXFSZ'
            ? 'fatal: the repository is larger than is allowed'
            : said || (signal === null ? '' : `ended by ${signal}`),
      }),
    );
  });
}

function killGroup(child: GitProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It has ended already.
  }
  // Nobody reads on, and an unread pipe would keep the process from being told as closed.
  child.stdout.destroy();
  child.stderr.destroy();
}

function stopped(args: readonly string[], inTime: boolean, timeoutMs: number): GitError {
  const message = inTime
    ? `git ${args[0]} did not end within ${timeoutMs / 1000} s`
    : `git ${args[0]} was told to end`;
  return new GitError('stopped', message);
}

function withoutSecrets(text: string, run: GitRun): string {
  let clean = text;
  for (const secret of run.access?.secrets ?? []) {
    if (secret !== '') clean = clean.replaceAll(secret, '(secret)');
  }
  return clean;
}
