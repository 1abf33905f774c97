import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { RateTable } from '../../src/config/snapshot.ts';
import {
  callLevels,
  findRate,
  findRateRow,
  isLockedRow,
  levelOfRow,
  rateOfRow,
} from '../../src/rating/rate-table.ts';
import { type RateRow, RateTableBuilder } from '../../src/rating/rate-table-builder.ts';

const test = suite('rating/rate-table');

const identity = {
  index: 0,
  name: 'deck',
  source: { file: 'rates/deck.yaml', line: 1, column: 1 },
  rowFile: 'rates/deck.csv',
};

function row(prefix: string, line: number, part: Partial<RateRow> = {}): RateRow {
  return {
    prefix,
    rate: line * 1000,
    unitSeconds: 60,
    firstIncrementSeconds: 30,
    nextIncrementSeconds: 6,
    connectFee: 0,
    locked: false,
    effectiveFromMs: Number.NEGATIVE_INFINITY,
    effectiveUntilMs: Number.POSITIVE_INFINITY,
    line,
    ...part,
  };
}

function tableOf(rows: readonly RateRow[]): RateTable {
  const builder = new RateTableBuilder(rows.length);
  for (const one of rows) assert.is(builder.add(one), null);
  return builder.build(identity);
}

test('the longest prefix prices the number', () => {
  const table = tableOf([row('44', 1), row('447', 2), row('', 3)]);
  assert.equal(findRate(table, '447700', 0), { row: 1, prefixLength: 3 });
  assert.equal(findRate(table, '4420', 0), { row: 0, prefixLength: 2 });
  assert.equal(findRate(table, '1', 0), { row: 2, prefixLength: 0 });
  assert.is(findRate(tableOf([row('44', 1)]), '1', 0), null);
});

test('a prefix without a row in effect gives way to the next shorter one', () => {
  const table = tableOf([
    row('44', 1),
    row('447', 2, { effectiveFromMs: 100, effectiveUntilMs: 200 }),
    row('447', 3, { effectiveFromMs: 300 }),
  ]);
  const lineAt = (atMs: number) => table.line[findRateRow(table, '4477', atMs)];
  assert.is(lineAt(99), 1);
  assert.is(lineAt(100), 2);
  assert.is(lineAt(199), 2);
  assert.is(lineAt(200), 1);
  assert.is(lineAt(300), 3);
});

test('a locked row is found and says so', () => {
  const table = tableOf([row('44', 1), row('447', 2, { locked: true })]);
  const found = findRateRow(table, '447', 0);
  assert.ok(isLockedRow(table, found));
  assert.not.ok(isLockedRow(table, findRateRow(table, '44', 0)));
});

test('a row gives back its price by value', () => {
  const table = tableOf([row('44', 5, { connectFee: 7, unitSeconds: 1, rate: Number.MAX_SAFE_INTEGER })]);
  assert.equal(rateOfRow(table, 0, 0), {
    ratePerUnit: BigInt(Number.MAX_SAFE_INTEGER),
    unitSeconds: 1,
    firstIncrementSeconds: 30,
    nextIncrementSeconds: 6,
    connectFee: 7n,
    freeSeconds: 0,
    stages: [],
  });
  assert.throws(() => rateOfRow(table, 1, 0), /no row 1/);
  assert.throws(() => rateOfRow(table, -1, 0), /no row -1/);
});

test('a row has its own free seconds and stages, or the usual free seconds and no stages', () => {
  const stages = [
    { seconds: 60, fee: 5 },
    { seconds: 30, fee: 0 },
  ];
  const table = tableOf([
    row('1', 1),
    row('2', 2, { stages }),
    row('3', 3, { freeSeconds: 0 }),
    row('4', 4, { freeSeconds: 7, stages: [{ seconds: 1, fee: Number.MAX_SAFE_INTEGER }] }),
    row('5', 5, { stages: [...stages] }),
    row('6', 6, { freeSeconds: null, stages: [] }),
  ]);
  const rates = [0, 1, 2, 3, 4, 5].map(at => rateOfRow(table, at, 9));
  const exact = [
    { seconds: 60, fee: 5n },
    { seconds: 30, fee: 0n },
  ];
  const dear = [{ seconds: 1, fee: BigInt(Number.MAX_SAFE_INTEGER) }];
  assert.equal(
    rates.map(rate => rate.stages),
    [[], exact, [], dear, exact, []],
  );
  assert.equal(
    rates.map(rate => rate.freeSeconds),
    [9, 9, 0, 7, 9, 9],
  );
  assert.equal([...table.extras.ofRow], [0, 1, 2, 3, 1, 0]);
});

test('a table without free seconds and stages keeps nothing for them', () => {
  const { extras } = tableOf([row('1', 1), row('2', 2)]);
  assert.is(extras.ofRow.length, 0);
  assert.is(extras.stageSeconds.length, 0);
});

test('a row has the class of its destination, and a table without any keeps nothing for it', () => {
  const leveled = tableOf([
    row('44', 1),
    ...callLevels.map((level, i) => row(`44${i}`, i + 2, { level })),
    row('45', 9, { level: null }),
  ]);
  const levelAt = (callee: string) => levelOfRow(leveled, findRateRow(leveled, callee, 0));

  assert.is(levelAt('449'), null);
  assert.equal(
    callLevels.map((_, i) => levelAt(`44${i}`)),
    callLevels,
  );
  assert.is(levelAt('45'), null);
  assert.is(leveled.level.length, leveled.rowCount);
  const plain = tableOf([row('44', 1)]);
  assert.is(plain.level.length, 0);
  assert.is(levelOfRow(plain, 0), null);
});

test('a row that overlaps another of its prefix is refused with the line of that one', () => {
  const builder = new RateTableBuilder();
  assert.is(builder.add(row('44', 1, { effectiveFromMs: 100, effectiveUntilMs: 200 })), null);
  assert.is(builder.add(row('44', 2, { effectiveFromMs: 199 })), 1);
  assert.is(builder.add(row('44', 3, { effectiveUntilMs: 101 })), 1);
  assert.is(builder.add(row('44', 4)), 1);
  assert.is(builder.add(row('44', 5, { effectiveFromMs: 200 })), null);
  assert.is(builder.add(row('44', 6, { effectiveUntilMs: 100 })), null);
  assert.is(builder.rowCount, 3);
  const table = builder.build(identity);
  assert.is(table.line[findRateRow(table, '44', 0)], 6);
  assert.is(table.line[findRateRow(table, '44', 150)], 1);
  assert.is(table.line[findRateRow(table, '44', 250)], 5);
});

test('rows in any order give the row that trying each one gives, and overlaps are all refused', () => {
  const period = fc.tuple(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 1, max: 8 }));
  const anyRow = fc.tuple(fc.constantFrom('', '4', '44', '447'), period, fc.boolean(), fc.boolean());
  fc.assert(
    fc.property(fc.array(anyRow, { maxLength: 40, size: 'max' }), given => {
      const builder = new RateTableBuilder(1);
      const kept: RateRow[] = [];
      for (const [i, [prefix, [from, length], always, open]] of given.entries()) {
        const one = row(prefix, i + 1, {
          effectiveFromMs: always ? Number.NEGATIVE_INFINITY : from,
          effectiveUntilMs: open ? Number.POSITIVE_INFINITY : from + length,
        });
        const clashes = kept.filter(
          other =>
            other.prefix === prefix &&
            other.effectiveFromMs < one.effectiveUntilMs &&
            one.effectiveFromMs < other.effectiveUntilMs,
        );
        const line = builder.add(one);
        if (clashes.length === 0) {
          assert.is(line, null);
          kept.push(one);
        } else {
          assert.ok(clashes.some(other => other.line === line));
        }
      }
      const table = builder.build(identity);
      assert.is(table.rowCount, kept.length);
      for (const callee of ['4477', '447', '441', '4', '1', '']) {
        for (let atMs = -1; atMs < 30; atMs++) {
          const expected = kept
            .filter(one => callee.startsWith(one.prefix))
            .filter(one => one.effectiveFromMs <= atMs && atMs < one.effectiveUntilMs)
            .sort((a, b) => b.prefix.length - a.prefix.length)[0];
          const found = findRate(table, callee, atMs);
          assert.is(found === null ? undefined : table.line[found.row], expected?.line);
          assert.is(found?.prefixLength, expected?.prefix.length);
        }
      }
    }),
  );
});

test('the periods of a prefix stand newest first', () => {
  const table = tableOf([
    row('44', 1, { effectiveFromMs: 20, effectiveUntilMs: 30 }),
    row('44', 2, { effectiveFromMs: 0, effectiveUntilMs: 10 }),
    row('44', 3, { effectiveFromMs: 40, effectiveUntilMs: 50 }),
    row('44', 4, { effectiveFromMs: 10, effectiveUntilMs: 20 }),
  ]);
  const lines: number[] = [];
  const head = findRateRow(table, '44', 45);
  for (let at = head; at >= 0; at = table.nextRow[at]!) lines.push(table.line[at]!);
  assert.equal(lines, [3, 1, 4, 2]);
});

test('a value out of range is a bug', () => {
  const builder = new RateTableBuilder();
  const wrong: readonly Partial<RateRow>[] = [
    { rate: -1 },
    { rate: 0.5 },
    { rate: Number.MAX_SAFE_INTEGER + 1 },
    { connectFee: -1 },
    { unitSeconds: 0 },
    { firstIncrementSeconds: 0 },
    { nextIncrementSeconds: 0 },
    { nextIncrementSeconds: 2 ** 32 },
    { effectiveFromMs: 5, effectiveUntilMs: 5 },
    { effectiveFromMs: Number.NaN },
    { line: 0 },
    { freeSeconds: -1 },
    { freeSeconds: 0.5 },
    { stages: [{ seconds: 0, fee: 1 }] },
    { stages: [{ seconds: 86_401, fee: 1 }] },
    { stages: [{ seconds: 1, fee: -1 }] },
    { stages: Array.from({ length: 17 }, () => ({ seconds: 1, fee: 1 })) },
  ];
  for (const part of wrong) assert.throws(() => builder.add(row('44', 1, part)), /out of range/);
  assert.is(builder.rowCount, 0);
});

test('the columns stand on shared memory of exactly the size of the table', () => {
  const table = tableOf([row('44', 1), row('45', 2), row('46', 3)]);
  for (const column of [table.rate, table.unitSeconds, table.locked, table.nextRow, table.effectiveUntilMs]) {
    assert.instance(column.buffer, SharedArrayBuffer);
    assert.is(column.length, 3);
  }
});

test.run();
