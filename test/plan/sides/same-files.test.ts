import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { defaultLimits } from '../../../src/config/limits.ts';
import { ConfigurationLoader, loadConfiguration } from '../../../src/config/load.ts';
import { SameFiles } from '../../../src/plan/sides/same-files.ts';
import { type Files, withFiles } from '../../config/directories.ts';
import { network } from '../edits/network.ts';

const test = suite('plan/sides/same-files');

/** Loads the first, then the second with what is known of the first, and compares with loading the second alone. */
function bothWays(
  first: Files,
  second: Files,
  change: (second: string) => void = () => {},
): readonly [number, number] {
  return withFiles(first, one =>
    withFiles(second, other => {
      change(other);
      const same = new SameFiles(one);
      const before = new ConfigurationLoader(one, defaultLimits, same.remember()).load().snapshot;
      const loaded = new ConfigurationLoader(other, defaultLimits, same.compareWith(other)).load();
      const alone = loadConfiguration(other);
      assert.equal(loaded.diagnostics, alone.diagnostics);
      assert.equal(loaded.snapshot, alone.snapshot);
      if (before === null || loaded.snapshot === null) return [0, 0];
      const shared = loaded.snapshot.rateTables.filter(table =>
        before.rateTables.some(({ prefixes }) => prefixes.nodes === table.prefixes.nodes),
      );
      return [shared.length, loaded.snapshot.rateTables.length];
    }),
  );
}

test('tables of equal files are made once', () => {
  assert.equal(bothWays(network, network), [3, 3]);
});

test('a table is made anew when its file or its deck is another one, even of the same length', () => {
  assert.equal(
    bothWays(network, { ...network, 'rates/best.csv': network['rates/best.csv']!.replace('0.013', '0.014') }),
    [2, 3],
  );
  assert.equal(
    bothWays(network, {
      ...network,
      'rates/acme.yaml': network['rates/acme.yaml']!.replace('0.012', '0.011'),
    }),
    [2, 3],
  );
});

test('tables that stand at another place among the others are still theirs', () => {
  const more = { ...network, 'rates/aaa.yaml': 'rows: [{ prefix: "1", rate: 1 }]\n' };

  assert.equal(bothWays(network, more), [3, 4]);
  assert.equal(bothWays(more, network), [3, 3]);
});

test('a deck that is gone or a link is not taken for the one that was there', () => {
  const { 'rates/best.csv': deck, ...without } = network;
  assert.equal(bothWays(network, without), [0, 0]);
  assert.equal(bothWays(without, network), [0, 0]);

  const linked = bothWays(network, without, second => {
    writeFileSync(join(second, 'rates/elsewhere.csv'), deck!);
    symlinkSync('elsewhere.csv', join(second, 'rates/best.csv'));
  });
  assert.equal(linked, [2, 3]);
});

test.run();
