/** Repositories that `class4 init` has made, as teams have them after `npm install`. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as assert from 'uvu/assert';
import { runCommandLine } from '../../src/cli/cli.ts';
import { projectDirectory } from '../support/source-files.ts';

/** The class4 of this build. */
export const program = fileURLToPath(new URL('../../src/main.js', import.meta.url));

const directories: string[] = [];

export function newDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'class4-init-'));
  directories.push(directory);
  return directory;
}

export function removeDirectories(): void {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
}

const notOurs = /^(?:GIT|GITHUB|CI|RUNNER|CLASS4)_|^CI$/;

/** A shell, a hook or a pipeline around this test must not lead its commands elsewhere; commits need an author. */
export const environment = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !notOurs.test(name))),
  ...{ GIT_AUTHOR_NAME: 'Test', GIT_AUTHOR_EMAIL: 'test@example.org' },
  ...{ GIT_COMMITTER_NAME: 'Test', GIT_COMMITTER_EMAIL: 'test@example.org', GIT_CONFIG_GLOBAL: '/dev/null' },
};

export async function run(
  ...args: readonly string[]
): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  let [out, err] = ['', ''];
  const io = {
    out: (text: string) => {
      out += text;
    },
    err: (text: string) => {
      err += text;
    },
    colour: false,
    env: {},
    workingDirectory: newDirectory(),
  };
  return { code: await runCommandLine(args, io), out, err };
}

/** What `npm install` does, without a network: the class4 of this build becomes the installed one. */
export function install(directory: string): void {
  mkdirSync(join(directory, 'node_modules/.bin'), { recursive: true });
  symlinkSync(projectDirectory, join(directory, 'node_modules/class4'));
  const command = join(directory, 'node_modules/.bin/class4');
  writeFileSync(command, `#!/bin/sh\nexec "${process.execPath}" "${program}" "$@"\n`);
  chmodSync(command, 0o755);
}

export async function madeRepository(): Promise<string> {
  const directory = join(newDirectory(), 'north');
  const { code } = await run('init', directory);
  assert.is(code, 0);
  install(directory);
  return directory;
}

export function git(
  directory: string,
  ...args: readonly string[]
): { readonly status: number | null; readonly output: string } {
  const result = spawnSync('git', args, { cwd: directory, env: environment, encoding: 'utf8' });
  return { status: result.status, output: result.stdout + result.stderr };
}

/** As it is on the server, after its hook let the first commit pass. */
let served: Promise<string> | null = null;

/** A clone of a new repository, as a pipeline makes it; then class4 is installed there. */
export async function cleanClone(): Promise<string> {
  served ??= committedRepository();
  const clone = join(newDirectory(), 'clone');
  assert.is(git(newDirectory(), 'clone', '--quiet', await served, clone).status, 0);
  install(clone);
  return clone;
}

async function committedRepository(): Promise<string> {
  const made = await madeRepository();
  git(made, 'add', '-A');
  const { status, output } = git(made, 'commit', '--quiet', '-m', 'First');
  assert.is(status, 0, output);
  return made;
}
