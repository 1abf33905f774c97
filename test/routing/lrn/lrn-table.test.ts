import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { LrnTable } from '../../../src/config/snapshot.ts';
import { LrnTableBuilder, type WrittenLrnRow } from '../../../src/routing/lrn/lrn-table-builder.ts';
import { tableResolver } from '../../../src/routing/lrn/resolver.ts';

const test = suite('routing/lrn/lrn-table');

const source = { file: 'lrn/npac.yaml', line: 1, column: 1 };

function row(number: string, lrn: string = '', state: string = '', line: number = 1): WrittenLrnRow {
  return { number, lrn, state, line };
}

function table(...rows: readonly WrittenLrnRow[]): LrnTable {
  const builder = new LrnTableBuilder();
  for (const each of rows) assert.is(builder.add(each), null);
  return builder.build(0, 'npac', source, 'lrn/npac.csv');
}

test('a number of its own comes before its exchange, and one that is not ported is its own LRN', () => {
  const npac = table(
    row('212555', '', 'NY', 2),
    row('2125550123', '6462000000', '', 3),
    row('646200', '', 'NY', 4),
    row('201333', '9732000000', 'NJ', 5),
  );

  const answer = (number: string) => tableResolver.resolve(npac, number);
  assert.equal(answer('2125550123'), {
    lrn: '6462000000',
    state: 'NY',
    source: { file: 'lrn/npac.csv', line: 3, column: 1 },
  });
  assert.is(answer('2125550124')?.lrn, '2125550124');
  assert.is(answer('2125550124')?.state, 'NY');
  assert.is(answer('2013330000')?.lrn, '9732000000');
  assert.is(answer('2013330000')?.state, null, 'the state of the LRN counts, and 973200 has none');
  assert.is(answer('3125550000'), null);
});

test('the country code 1 may stand before a number, with a plus sign or without', () => {
  const npac = table(row('212555', '6462000000', 'NY'));

  for (const number of ['2125550123', '12125550123', '+12125550123']) {
    assert.is(tableResolver.resolve(npac, number)?.lrn, '6462000000', number);
    assert.is(tableResolver.stateOf(npac, number), 'NY', number);
  }
  for (const number of [
    '',
    '212555',
    '22125550123',
    '1125550123',
    '442079460000',
    '21255501234',
    'a2125550123',
  ]) {
    assert.is(tableResolver.resolve(npac, number), null, number);
    assert.is(tableResolver.stateOf(npac, number), null, number);
  }
});

test('what is no number, no LRN, or there already is told and not added', () => {
  const builder = new LrnTableBuilder();

  assert.is(builder.add(row('212555', '', 'NY', 7)), null);
  assert.equal(builder.add(row('212555', '6462000000')), { kind: 'duplicate', firstLine: 7 });
  for (const number of ['', '12', '2125', '112555', '212155', '12125550123', '212555012', '٢١٢555']) {
    assert.equal(builder.add(row(number)), { kind: 'number' }, number);
  }
  assert.equal(builder.add(row('646200', '646200')), { kind: 'lrn' });
  assert.equal(builder.add(row('6462000001', '6462000000', 'NY')), { kind: 'stateOfNumber' });
  assert.is(builder.rowCount, 1);
});

test('an empty table knows nothing', () => {
  assert.is(tableResolver.resolve(table(), '2125550123'), null);
  assert.is(tableResolver.stateOf(table(), '2125550123'), null);
});

test('whatever the order of the rows, each number is found with its own row', () => {
  const digits = fc.integer({ min: 0, max: 30 }).map(n => `2125550${String(n).padStart(3, '0')}`);
  fc.assert(
    fc.property(fc.uniqueArray(fc.tuple(digits, digits), { selector: ([number]) => number }), rows => {
      const npac = table(...rows.map(([number, lrn], i) => row(number, lrn, '', i + 1)));
      const wanted = new Map(rows);
      for (let n = 0; n <= 30; n += 1) {
        const number = `2125550${String(n).padStart(3, '0')}`;
        assert.is(tableResolver.resolve(npac, number)?.lrn, wanted.get(number));
      }
    }),
  );
});

test.run();
