import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { sourceFiles } from '../support/source-files.ts';

const test = suite('edge/counters-page');
const root = new URL('../../../', import.meta.url);

test('docs/edge.md explains every counter, and names none that does not exist', () => {
  const page = readFileSync(new URL('docs/edge.md', root), 'utf8');
  const counters = page.slice(page.indexOf('## Counters'), page.indexOf('## How it is built'));
  const documented = new Set([...counters.matchAll(/`([a-z_]+(?:<status>)?)`/g)].map(match => match[1]!));
  const used = new Set<string>();
  for (const { text: source } of sourceFiles('src/edge')) {
    for (const call of source.matchAll(/\b(?:add|count)\(([^)]*)/g)) {
      for (const name of call[1]!.matchAll(/['`]([a-z_]+)(\$\{status\})?['`]/g)) {
        used.add(name[2] === undefined ? name[1]! : `${name[1]}<status>`);
      }
    }
  }
  for (const size of ['dialogs', 'server_transactions', 'client_transactions', 'timers']) used.add(size);
  assert.ok(used.size > 40);
  assert.equal(
    [...used].filter(name => !documented.has(name)),
    [],
  );
  assert.equal(
    [...documented].filter(name => !used.has(name)),
    [],
  );
});

test.run();
