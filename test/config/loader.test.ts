import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { defaultLimits } from '../../src/config/limits.ts';
import { ConfigurationLoader, loadConfiguration } from '../../src/config/load.ts';
import { FileMemory } from '../../src/config/read/file-memory.ts';
import { withFiles } from './directories.ts';
import { usualSwitch } from './golden-files.ts';

const test = suite('config/loader');

const row = (prefix: string) => `rows:\n  - { prefix: "${prefix}", rate: 0.01 }\n`;

/** Some contents that each file may have, good and bad; null is no file. */
const variants: Readonly<Record<string, readonly (string | null)[]>> = {
  'switch.yaml': [usualSwitch, `${usualSwitch}parameters: { SS_SIP_TIMEOUT_RINGING: 30 }\n`, 'name: [\n'],
  'accounts/blue.yaml': ['kind: customer\nrateTable: retail\n', 'kind: customer\nrateTable: retial\n', null],
  'accounts/acme.yaml': [
    'kind: vendor\nrateTable: retail\n',
    'kind: vendor\nrateTable: retail\nprivateRateTable: aaa\n',
    'kind: vendor\nlocked: true\n',
    null,
  ],
  'gateways/mapping/blue.yaml': [
    'account: blue\nauthentication: ip\naddresses: [192.0.2.1]\n',
    'account: acme\nauthentication: ip\naddresses: [192.0.2.1]\n',
  ],
  'gateways/routing/acme.yaml': [
    'clearingAccount: acme\naddress: 192.0.2.9\nprefixes: ["44"]\ncheckRate: true\n',
    'clearingAccount: acme\naddress: 192.0.2.9\nprefixes: ["44", "33"]\npriority: 7\n',
    null,
  ],
  'rates/aaa.yaml': [row('1'), null],
  'rates/retail.yaml': ['deck: { file: retail.csv }\n', row('44'), 'deck: { file: other.csv }\n'],
  'rates/retail.csv': ['prefix,rate\n44,0.01\n', 'prefix,rate\n44,0.02\n33,0.03\n', 'prefix,rate\n', null],
  'rates/other.csv': ['prefix,rate\n4,0.01\n', null],
};

/** Comments of another length each time, so that a change shows within one tick of the file system's clock as well. */
function put(directory: string, path: string, contents: string | null, edit: number): void {
  const file = join(directory, path);
  rmSync(file, { force: true });
  if (contents === null) return;
  mkdirSync(dirname(file), { recursive: true });
  const filler = path.endsWith('.csv') ? '\n'.repeat(edit) : `#${'-'.repeat(edit)}\n`;
  writeFileSync(file, `${contents}${filler}`);
}

const anyEdit = fc.constantFrom(...Object.keys(variants)).chain(path =>
  fc.record({
    path: fc.constant(path),
    contents: fc.constantFrom(...variants[path]!),
  }),
);

test('after any edits it finds what a loader without a memory finds', () => {
  const first = Object.entries(variants).map(([path, [contents]]) => [path, contents!] as const);
  let indexed = 0;
  fc.assert(
    fc.property(fc.array(fc.array(anyEdit, { minLength: 1, maxLength: 3 }), { maxLength: 12 }), rounds =>
      withFiles(Object.fromEntries(first), directory => {
        const later = new FileMemory(() => Date.now() + 60_000);
        const loader = new ConfigurationLoader(directory, defaultLimits, later);
        loader.load();
        let count = 0;
        for (const edits of rounds) {
          for (const { path, contents } of edits) {
            count += 1;
            put(directory, path, contents, count);
          }

          const loaded = loader.load({ forManyCalls: true });
          const fresh = loadConfiguration(directory, defaultLimits, { forManyCalls: true });
          assert.equal({ ...loaded, compileMs: 0 }, { ...fresh, compileMs: 0 });
          if ((loaded.snapshot?.indexes?.vendorPrices.runs.length ?? 0) > 0) indexed++;
        }
      }),
    ),
    { numRuns: 60 },
  );
  assert.ok(indexed > 10, `only ${indexed} had prices of vendors`);
});

test('a table whose file was not touched keeps its memory, even when its place among the tables moves', () => {
  const files = Object.fromEntries(Object.entries(variants).map(([path, [contents]]) => [path, contents!]));
  withFiles(files, directory => {
    const loader = new ConfigurationLoader(
      directory,
      defaultLimits,
      new FileMemory(() => Date.now() + 60_000),
    );
    const before = loader.load().snapshot!.rateTables.find(({ name }) => name === 'retail')!;

    rmSync(join(directory, 'rates/aaa.yaml'));
    const after = loader.load().snapshot!.rateTables.find(({ name }) => name === 'retail')!;

    assert.is(before.index, 1);
    assert.is(after.index, 0);
    assert.ok(after.rate === before.rate);
  });
});

test.run();
