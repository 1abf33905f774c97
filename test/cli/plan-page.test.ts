/** What README.md and docs/plan.md show of plans is what their readers see. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { TemporaryDirectory } from '../store/records.ts';
import { readSource } from '../support/source-files.ts';
import { exampleDirectory, typeIn } from './example-directory.ts';
import { git } from './made-repository.ts';

const test = suite('cli/plan-page');

const at = ['--at', '2026-12-01T12:00:00Z'];

/** The example network in a repository, with these changes not committed yet. */
function changed(
  ...changes: readonly (readonly [path: string, from: string, to: string])[]
): TemporaryDirectory {
  const directory = exampleDirectory();
  git(directory.path, 'init', '--quiet', '-b', 'main');
  git(directory.path, 'add', '-A');
  git(directory.path, 'commit', '--quiet', '-m', 'First');
  for (const [path, from, to] of changes) {
    const file = join(directory.path, path);
    const text = readFileSync(file, 'utf8');
    assert.ok(text.includes(from), `${path} has no ${from}`);
    writeFileSync(file, text.replace(from, to));
  }
  return directory;
}

/** Commits have other names each time. */
function masked(text: string): string {
  return text.replace(/\([0-9a-f]{12}\)/g, '(COMMIT)');
}

function assertShown(page: string, typed: string, said: string): void {
  const block = `$ ${typed}\n${masked(said)}`;
  assert.ok(masked(readSource(page).text).includes(block), `${page} has no longer\n${block}`);
}

const northlink = 'gateways/routing/northlink.yaml';

test('README.md shows what an edit of a route does', async () => {
  const directory = changed([northlink, 'priority: 10', 'priority: 5'], [northlink, '  - "92"\n', '']);

  const { out } = await typeIn(directory, ['plan', ...at]);
  assertShown('README.md', `npx class4 plan ${at.join(' ')}`, out);
  directory.remove();
});

test('docs/plan.md shows prices, guards, and what is left while a gateway is down', async () => {
  const dearer = changed(['rates/northlink.csv', 'Pakistan,92,0.0954', 'Pakistan,92,0.1400']);
  const prices = await typeIn(dearer, ['plan', ...at, '--fail-on', 'loss']);
  assert.is(prices.code, 1);
  assertShown('docs/plan.md', `npx class4 plan ${at.join(' ')} --fail-on loss`, `${prices.out}${prices.err}`);
  dearer.remove();

  const fewer = changed(['gateways/routing/harborvoice.yaml', '  - "971"\n', '']);
  const backup = await typeIn(fewer, ['plan', ...at, '--down', 'northlink']);
  assertShown('docs/plan.md', `npx class4 plan ${at.join(' ')} --down northlink`, backup.out);
  fewer.remove();
});

test('docs/plan.md names every key of the report', async () => {
  const directory = changed([northlink, 'priority: 10', 'priority: 5']);
  const { out } = await typeIn(directory, ['plan', ...at, '--json']);
  const page = readSource('docs/plan.md').text;
  directory.remove();

  const missing = [...keysOf(JSON.parse(out))].filter(key => !new RegExp(`\\b${key}\\b`).test(page));
  assert.equal(missing, []);
});

function keysOf(value: unknown): ReadonlySet<string> {
  if (typeof value !== 'object' || value === null) return new Set();
  if (Array.isArray(value)) return new Set(value.flatMap(item => [...keysOf(item)]));
  return new Set(Object.entries(value).flatMap(([key, item]) => [key, ...keysOf(item)]));
}

test.run();
