/** A bare repository on this machine, and a colleague who commits to it. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { GitSourceSettings } from '../../../src/config/source-settings.ts';
import { GitSource } from '../../../src/live/sources/git-source.ts';
import { FakeLog } from '../fakes.ts';

export class Remote {
  /** For everything of one test. */
  readonly top = mkdtempSync(join(tmpdir(), 'class4-git-'));
  readonly bare = join(this.top, 'remote.git');
  readonly work = join(this.top, 'work');
  /** Of the switch. */
  readonly home = join(this.top, 'home');
  readonly log = new FakeLog();
  #seconds = 0;

  constructor() {
    mkdirSync(this.home);
    mkdirSync(this.work);
    this.git('init', '--quiet', '--bare', '--initial-branch=main', this.bare);
    this.git(`--git-dir=${this.bare}`, 'config', 'receive.denyDeleteCurrent', 'ignore');
    this.git('init', '--quiet', '--initial-branch=main', this.work);
    this.git('remote', 'add', 'origin', this.bare);
  }

  get url(): string {
    return `file://${this.bare}`;
  }

  git(...args: readonly string[]): string {
    return this.gitGiven('', ...args);
  }

  gitGiven(input: string | Uint8Array, ...args: readonly string[]): string {
    this.#seconds += 1;
    const date = `2026-01-15T12:00:${String(this.#seconds % 60).padStart(2, '0')}Z`;
    return execFileSync('git', args, {
      cwd: this.work,
      encoding: 'utf8',
      input,
      stdio: ['pipe', 'pipe', 'pipe'],
      env: {
        PATH: process.env['PATH'],
        HOME: this.top,
        GIT_CONFIG_NOSYSTEM: '1',
        GIT_CONFIG_GLOBAL: '/dev/null',
        GIT_AUTHOR_NAME: 'Alice Example',
        GIT_AUTHOR_EMAIL: 'alice@example.net',
        GIT_COMMITTER_NAME: 'Alice Example',
        GIT_COMMITTER_EMAIL: 'alice@example.net',
        GIT_AUTHOR_DATE: date,
        GIT_COMMITTER_DATE: date,
      },
    }).trim();
  }

  write(path: string, text: string): void {
    const file = join(this.work, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  link(path: string, target: string): void {
    symlinkSync(target, join(this.work, path));
  }

  /** Commits and pushes what is in the work tree. */
  commit(message: string, ...options: readonly string[]): string {
    this.git('add', '--all');
    this.git('commit', '--quiet', '--allow-empty', '-m', message, ...options);
    this.push();
    return this.head();
  }

  push(): void {
    this.git('push', '--quiet', '--force', 'origin', 'HEAD:refs/heads/main');
  }

  head(): string {
    return this.git('rev-parse', 'HEAD');
  }

  /** The source of a switch that follows it. */
  source(
    settings: Partial<GitSourceSettings> = {},
    env: Readonly<Record<string, string | undefined>> = process.env,
  ): GitSource {
    return new GitSource({
      settings: { ...followed(this.url), ...settings },
      directory: this.home,
      env,
      log: this.log,
    });
  }

  remove(): void {
    rmSync(this.top, { recursive: true, force: true });
  }
}

export function followed(repository: string): GitSourceSettings {
  return {
    repository,
    branch: 'main',
    directory: '',
    fetchIntervalMs: 60_000,
    credentials: null,
    caFile: null,
    signatures: null,
    fastForwardOnly: false,
    scenariosRequired: false,
    webhook: null,
  };
}
