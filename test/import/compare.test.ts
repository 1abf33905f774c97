import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compare, type OldRow, suspicion } from '../../src/import/compare.ts';
import type { ImportedRow } from '../../src/import/rows.ts';

const test = suite('import/compare');

const defaults = { unitSeconds: 60, firstSeconds: 60, nextSeconds: 60 };

function old(prefix: string, rate: number, fromMs = -Infinity): OldRow {
  return { prefix, rate, unitSeconds: 60, firstSeconds: 60, nextSeconds: 60, fromMs };
}

function now(prefix: string, rate: number, fromMs = -Infinity): ImportedRow {
  return {
    ...{ prefix, rate, fromMs, untilMs: Infinity, firstSeconds: 0, nextSeconds: 0, connectFee: -1 },
    ...{ locked: false, destination: '', line: 1 },
  };
}

test('tells new, withdrawn, risen and fallen', () => {
  const changes = compare(
    [old('1', 100), old('2', 100), old('3', 100)],
    [now('1', 110), now('2', 90), now('4', 5)],
    defaults,
    20,
  );

  assert.equal(changes.newPrefixes, ['4']);
  assert.equal(changes.withdrawnPrefixes, ['3']);
  assert.equal([changes.rises, changes.falls, changes.unchanged, changes.jumps.length], [1, 1, 0, 0]);
});

test('compares the newest price of each prefix', () => {
  const changes = compare(
    [old('1', 100, 5), old('1', 50, 1)],
    [now('1', 70, 1), now('1', 100, 9)],
    defaults,
    20,
  );

  assert.is(changes.unchanged, 1);
});

test('lists jumps beyond the limit, the worst first', () => {
  const changes = compare(
    [old('1', 100), old('2', 100), old('3', 100)],
    [now('1', 120), now('2', 121), now('3', 10)],
    defaults,
    20,
  );

  assert.equal(
    changes.jumps.map(({ prefix }) => prefix),
    ['3', '2'],
  );
});

test('compares prices of different units exactly', () => {
  const perSecond = { ...old('1', 2), unitSeconds: 1 };

  assert.is(compare([perSecond], [now('1', 120)], defaults, 20).unchanged, 1);
});

test('suspects a mistake when a third jumps or is gone, but not among a handful', () => {
  const before = Array.from({ length: 30 }, (_, i) => old(`${10 + i}`, 100));
  const same = before.map(({ prefix }) => now(prefix, 100));
  const dear = same.map((row, i) => (i < 10 ? { ...row, rate: 1000 } : row));

  assert.match(suspicion(compare(before, dear, defaults, 20), 20)!, /33 % of the prices/);
  assert.match(suspicion(compare(before, same.slice(10), defaults, 20), 20)!, /33 % of the prefixes/);
  assert.is(suspicion(compare(before, same, defaults, 20), 20), null);
  assert.is(suspicion(compare(before.slice(0, 5), dear.slice(0, 5), defaults, 20), 20), null);
});

test.run();
