import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { networkOf } from '../../../../src/config/lint/network/network.ts';
import { mayBeCoarser, mayLose, PriceExtremes } from '../../../../src/config/lint/rules/price-extremes.ts';
import { buildSnapshot } from '../../../support/snapshot-builder.ts';

const test = suite('config/lint/rules/price-extremes');

function networkWith(customer: string, vendor: string) {
  const snapshot = buildSnapshot({
    mappingGateways: [{ name: 'm', account: 'c' }],
    routingGateways: [{ name: 'r', clearingAccount: 'v', prefixes: ['1'] }],
    rates: [
      {
        name: 'sold',
        rows: [
          { prefix: '1', rate: customer, unitSeconds: 60 },
          { prefix: '2', rate: '9', unitSeconds: 60 },
        ],
      },
      { name: 'bought', rows: [{ prefix: '1', rate: vendor, unitSeconds: 30 }] },
    ],
    accounts: [
      { name: 'c', kind: 'customer', rateTable: 'sold' },
      { name: 'v', kind: 'vendor', rateTable: 'bought' },
    ],
  });
  const network = networkOf(snapshot, 0);
  const extremes = new PriceExtremes(network);
  const [payers] = network.payers;
  return {
    lowest: extremes.lowest([{ list: payers!.list! }]),
    highest: extremes.highest([{ list: network.vendorLists[0]! }]),
  };
}

test('sees that the dearest row of a vendor lies below the cheapest one of a customer, by the second', () => {
  const { lowest, highest } = networkWith('0.03', '0.01');

  assert.not(mayLose(lowest, highest));
});

test('rules nothing out when the two cost the same, or the vendor more', () => {
  for (const vendor of ['0.015', '0.016']) {
    const { lowest, highest } = networkWith('0.03', vendor);

    assert.ok(mayLose(lowest, highest), vendor);
  }
});

test('rules nothing out when a vendor bills in longer steps', () => {
  const cheap = { perSecond: 1, firstSeconds: 1, nextSeconds: 1 };
  const dear = { perSecond: 2, firstSeconds: 1, nextSeconds: 1 };

  assert.not(mayLose(dear, cheap));
  for (const longer of ['firstSeconds', 'nextSeconds']) {
    assert.ok(mayBeCoarser(dear, { ...cheap, [longer]: 6 }), longer);
    assert.ok(mayLose(dear, { ...cheap, [longer]: 6 }), longer);
  }
});

test('says of nothing at all that it loses nothing', () => {
  const extremes = new PriceExtremes({ lists: [], snapshot: buildSnapshot({}) } as never);

  assert.not(mayLose(extremes.lowest([]), extremes.highest([])));
});

test.run();
