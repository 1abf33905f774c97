/** The configuration of a world as a team has it: files that a person would write, in a git repository. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { World } from './world.ts';

export function git(world: World, ...args: readonly string[]): string {
  return execFileSync('git', [...args], { cwd: world.network.directory, encoding: 'utf8', stdio: 'pipe' });
}

/** Makes a repository of the directory, and its first commit. */
export function beginRepository(world: World): void {
  const { directory } = world.network;
  for (const file of readdirSync(directory, { recursive: true, encoding: 'utf8' })) {
    if (file.endsWith('.yaml')) rewriteAsLines(join(directory, file));
  }
  writeFileSync(join(directory, '.gitignore'), 'var/\n');
  git(world, 'init', '-q', '-b', 'main');
  git(world, 'config', 'user.name', 'Anna');
  git(world, 'config', 'user.email', 'anna@example.net');
  git(world, 'config', 'commit.gpgsign', 'false');
  commitAll(world, 'Begin');
}

export function commitAll(world: World, message: string): void {
  git(world, 'add', '.');
  git(world, 'commit', '-q', '-m', message);
}

/** One key a line, so that a person can change it with an editor or a short command. */
function rewriteAsLines(path: string): void {
  const document = JSON.parse(readFileSync(path, 'utf8')) as Readonly<Record<string, unknown>>;
  const lines = Object.entries(document).map(([key, value]) => `${key}: ${JSON.stringify(value)}\n`);
  writeFileSync(path, lines.join(''));
}
