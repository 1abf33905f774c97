/** What README.md and docs/plan.md show of plans is what their readers see. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { TemporaryDirectory } from '../store/records.ts';
import { readSource } from '../support/source-files.ts';
import { exampleDirectory, typeIn } from './example-directory.ts';
import { environment, git } from './made-repository.ts';

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

/** The commands of the block that ends with a plan, as they are typed one after the other. */
function shownCommands(page: string): readonly string[] {
  const blocks = [...readSource(page).text.matchAll(/^```\n(\$ .*?)^```$/gms)].map(([, text]) => text!);
  const block = blocks.find(text => /^\$ npx class4 plan /m.test(text))!;
  return block.split('\n').flatMap(line => (line.startsWith('$ ') ? [line.slice(2)] : []));
}

test('README.md shows the plan between two commits that its reader can make', async () => {
  const directory = changed();
  const commands = shownCommands('README.md');
  for (const command of commands.slice(0, -1)) {
    const { status, stderr } = spawnSync('sh', ['-c', command], { cwd: directory.path, env: environment });
    assert.is(status, 0, `${command}: ${stderr}`);
  }

  const [plan] = commands.slice(-1) as [string];
  assert.ok(commands.length > 2 && plan.startsWith('npx class4 plan --from main --to '));
  const { out } = await typeIn(directory, plan.split(' ').slice(2));
  assertShown('README.md', plan, out);
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
