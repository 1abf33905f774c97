/** Directories that tests of plans fill and commit. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { git } from './made-repository.ts';

export function write(directory: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(directory, path, '..'), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
}

/** Makes it a repository with the branch main when it is none. */
export function commitAll(directory: string): void {
  if (!existsSync(join(directory, '.git'))) git(directory, 'init', '--quiet', '-b', 'main');
  git(directory, 'add', '-A');
  const { status, output } = git(directory, 'commit', '--quiet', '-m', 'Change');
  assert.is(status, 0, output);
}
