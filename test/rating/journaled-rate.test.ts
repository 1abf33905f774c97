import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { chargeFor } from '../../src/rating/charge.ts';
import { cdrCharge, journaledRate, rateFromJournal } from '../../src/rating/journaled-rate.ts';
import { findRate, rateOfRow } from '../../src/rating/rate-table.ts';
import { buildSnapshot } from '../support/snapshot-builder.ts';

const test = suite('rating/journaled-rate');

const table = buildSnapshot({
  rates: [
    {
      name: 'retail',
      rows: [
        { prefix: '4', rate: '1' },
        { prefix: '447', rate: '0.0123456789', increments: '30/6', connectFee: '0.02', line: 17 },
        { prefix: '5', rate: '0', freeSeconds: 3, stages: '60:0.1;30:0.00000005' },
      ],
    },
  ],
}).rateTables[0]!;

test('a journaled rate names its row and gives the same charge as the row', () => {
  const { row, prefixLength } = findRate(table, '447700900123', 0)!;
  const rate = rateOfRow(table, row, 0);
  const journaled = journaledRate(table, row, rate, '447700900123'.slice(0, prefixLength), 'acme');
  assert.equal(journaled, {
    account: 'acme',
    rateTable: 'retail',
    prefix: '447',
    rateSource: 'rates/retail.yaml:17',
    rate: '0.0123456789',
    unitSeconds: 60,
    firstIncrementSeconds: 30,
    nextIncrementSeconds: 6,
    connectFee: '0.02',
  });
  assert.equal(rateFromJournal(JSON.parse(JSON.stringify(journaled))), rate);

  const charge = cdrCharge(journaled, 31, 6);
  assert.equal(charge, { ...journaled, ...chargeFor(rate, 31, 6) });
  assert.is(charge.billedSeconds, 36);
  assert.is(charge.amount, 2_740_700n);
});

test('free seconds and stages go into the journal and onto the record only where there are some', () => {
  const rate = rateOfRow(table, 2, 0);
  const journaled = journaledRate(table, 2, rate, '5', 'acme');
  assert.is(journaled.freeSeconds, 3);
  assert.is(journaled.stages, '60:0.1;30:0.00000005');
  assert.equal(rateFromJournal(JSON.parse(JSON.stringify(journaled))), rate);

  const { connectFee: _, ...origin } = journaled;
  assert.equal(cdrCharge(journaled, 70, 8), { ...origin, billedSeconds: 90, amount: 10_000_005n });
});

test('a journal whose price cannot be read is a bug and not a free call', () => {
  const journaled = journaledRate(table, 0, rateOfRow(table, 0, 0), '4', 'acme');
  assert.throws(() => rateFromJournal({ ...journaled, rate: 'free' }), /not a price/);
  assert.throws(() => rateFromJournal({ ...journaled, stages: '60' }), /no stages/);
});

test.run();
