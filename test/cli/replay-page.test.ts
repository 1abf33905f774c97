/** What docs/replay.md shows is what its readers see. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { networkIn, recordDay, writeDay } from '../replay/recorded-day.ts';
import { readSource } from '../support/source-files.ts';
import { exampleDirectory, typeIn } from './example-directory.ts';
import { git } from './made-repository.ts';

const test = suite('cli/replay-page');

const page = 'docs/replay.md';

/** Commits have other names each time. */
function masked(text: string): string {
  return text.replace(/\([0-9a-f]{12}\)/g, '(COMMIT)');
}

function assertShown(typed: string, said: string): void {
  const block = `$ ${typed}\n${masked(said)}`;
  assert.ok(masked(readSource(page).text).includes(block), `${page} has no longer\n${block}`);
}

const directory = exampleDirectory();
git(directory.path, 'init', '--quiet', '-b', 'main');
git(directory.path, 'add', '-A');
git(directory.path, 'commit', '--quiet', '-m', 'First');
await writeDay(
  join(directory.path, 'var/class4.db'),
  recordDay(networkIn(directory.path), { calls: 20_000, intervalMs: 41_390 }),
);
const northlink = join(directory.path, 'gateways/routing/northlink.yaml');
writeFileSync(
  northlink,
  readFileSync(northlink, 'utf8').replace('  - "92"\n', '').replace('priority: 10', 'priority: 30'),
);
test.after(() => directory.remove());

test('it shows what an edit of a route would have done to a day', async () => {
  const guards = ['--fail-on', 'completion:1%'];
  const { code, out, err } = await typeIn(directory, ['replay', ...guards]);

  assert.is(code, 1);
  assertShown(`npx class4 replay ${guards.join(' ')}`, `${out}${err}`.replaceAll(`${directory.path}/`, ''));
});

test('it names every key of the report', async () => {
  const { out } = await typeIn(directory, ['replay', '--json']);
  const { text } = readSource(page);
  const { before, after, ...report } = JSON.parse(out);
  // Reasons are told on a page of their own.
  const named = { ...report, before: { ...before, reasons: {} }, after: { ...after, reasons: {} } };

  assert.equal(
    [...keysOf(named)].filter(key => !new RegExp(`\\b${key}\\b`).test(text)),
    [],
  );
});

function keysOf(value: unknown): ReadonlySet<string> {
  if (typeof value !== 'object' || value === null) return new Set();
  if (Array.isArray(value)) return new Set(value.flatMap(item => [...keysOf(item)]));
  return new Set(Object.entries(value).flatMap(([key, item]) => [key, ...keysOf(item)]));
}

test.run();
