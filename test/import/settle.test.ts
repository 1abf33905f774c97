import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type ImportOptions, usualOptions } from '../../src/import/options.ts';
import { Problems } from '../../src/import/problems.ts';
import type { ImportedRow } from '../../src/import/rows.ts';
import { settle } from '../../src/import/settle.ts';

const test = suite('import/settle');

const dayMs = 86_400_000;
let line = 0;

function row(
  prefix: string,
  rate: number,
  from: number | null = null,
  until: number | null = null,
): ImportedRow {
  line++;
  return {
    ...{
      prefix,
      rate,
      line,
      firstSeconds: 0,
      nextSeconds: 0,
      connectFee: -1,
      locked: false,
      destination: '',
    },
    fromMs: from === null ? -Infinity : from * dayMs,
    untilMs: until === null ? Infinity : until * dayMs,
  };
}

function settled(rows: readonly ImportedRow[], options: Partial<ImportOptions> = {}) {
  const problems = new Problems();
  const result = settle([...rows], { ...usualOptions, ...options }, problems);
  return { result, problems, rates: result?.map(({ rate }) => rate) ?? null };
}

test('merges what says the same and tells', () => {
  const { rates, problems } = settled([row('44', 5), row('44', 5)]);

  assert.equal(rates, [5]);
  assert.match(problems.notices[0]!, /merged/);
});

test('does not choose between two prices, and names both lines', () => {
  const rows = [row('44', 5), row('44', 6)];
  const { result, problems } = settled(rows);

  assert.is(result, null);
  assert.is(problems.all[0]!.line, rows[1]!.line);
  assert.match(problems.all[0]!.message, new RegExp(`in line ${rows[0]!.line};`));
});

test('chooses as it is told', () => {
  const rows = [row('44', 5), row('44', 7), row('44', 6)];
  assert.equal(settled(rows, { duplicates: 'first' }).rates, [5]);
  assert.equal(settled(rows, { duplicates: 'last' }).rates, [6]);
  assert.equal(settled(rows, { duplicates: 'highest' }).rates, [7]);
  assert.equal(settled(rows, { duplicates: 'lowest' }).rates, [5]);
});

test('keeps prices that follow each other', () => {
  assert.equal(settled([row('44', 6, 10), row('44', 5, null, 10)]).rates, [5, 6]);
});

test('ends an older price where the newer begins, when told to', () => {
  const rows = [row('44', 5, 1), row('44', 6, 10)];
  assert.match(settled(rows).problems.all[0]!.message, /--overlaps end-earlier/);
  const { result } = settled(rows, { endEarlier: true });
  assert.equal(
    result!.map(({ untilMs }) => untilMs),
    [10 * dayMs, Infinity],
  );
});

test('does not break a price in two for one that lies within it', () => {
  const { result, problems } = settled([row('44', 5), row('44', 6, 10, 20)], { endEarlier: true });

  assert.is(result, null);
  assert.match(problems.all[0]!.message, /another start or end/);
});

test('at most one price counts at any time, whatever the rows', () => {
  const period = fc.tuple(
    fc.option(fc.integer({ min: 0, max: 6 })),
    fc.option(fc.integer({ min: 7, max: 12 })),
  );
  const rows = fc.array(fc.tuple(fc.constantFrom('1', '12', '2'), fc.integer({ min: 1, max: 3 }), period), {
    maxLength: 12,
  });
  fc.assert(
    fc.property(
      rows,
      fc.boolean(),
      fc.constantFrom(null, 'first', 'highest'),
      (made, endEarlier, duplicates) => {
        const all = made.map(([prefix, rate, [from, until]]) => row(prefix, rate, from, until));
        const { result, problems } = settled(all, { endEarlier, duplicates });
        if (result === null) {
          assert.ok(problems.all.length > 0);
          return;
        }
        for (const prefix of ['1', '12', '2']) {
          for (let day = -1; day <= 13; day++) {
            const count = (list: readonly ImportedRow[]) =>
              list.filter(r => r.prefix === prefix && r.fromMs <= day * dayMs && day * dayMs < r.untilMs)
                .length;
            assert.ok(count(result) <= 1);
            assert.is(count(result) > 0, count(all) > 0);
          }
        }
      },
    ),
  );
});

test.run();
