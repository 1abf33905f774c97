/** Texts that tests expect, one file each below test/golden. */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { projectDirectory } from './source-files.ts';

/** Compares with a file (`explain/live.txt`), and leaves what is there now beside it. */
export function assertGoldenText(name: string, actual: string): void {
  const path = join(projectDirectory, 'test/golden', name);
  const expected = existsSync(path) ? readFileSync(path, 'utf8') : '';
  if (actual === expected) rmSync(`${path}.ACTUAL`, { force: true });
  else writeFileSync(`${path}.ACTUAL`, actual);
  assert.is(actual, expected, `see ${path}.ACTUAL`);
}

/** What a terminal of 100 columns shows without breaking lines. */
export function assertFits(text: string): void {
  assert.equal(
    text.split('\n').filter(line => [...line].length > 100),
    [],
  );
}
