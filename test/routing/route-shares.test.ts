import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { RouteShares } from '../../src/config/snapshot.ts';
import { shareOfSlot } from '../../src/routing/route-shares.ts';

const test = suite('routing/route-shares');

const source = { file: 'gateways/mapping/alice.yaml', line: 4, column: 1 };

function sharesOf(...weights: readonly number[]): RouteShares {
  return {
    shares: weights.map((weight, i) => ({ tag: String.fromCharCode(97 + i), weight, source })),
    total: weights.reduce((sum, weight) => sum + weight, 0),
    source,
  };
}

test('of any calls in a row, as many as the weights add up to, each share gets exactly its weight', () => {
  const weights = fc
    .array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 6 })
    .filter(list => list.some(weight => weight > 0));
  fc.assert(
    fc.property(weights, fc.string(), fc.nat(100_000), (list, gateway, from) => {
      const shares = sharesOf(...list);
      const counts = list.map(() => 0);
      for (let slot = from; slot < from + shares.total; slot += 1) {
        counts[shareOfSlot(shares, gateway, slot)]! += 1;
      }
      assert.equal(counts, list);
    }),
  );
});

test('weights with a common divisor are exact sooner', () => {
  const shares = sharesOf(60, 40);
  const first = Array.from({ length: 5 }, (_, slot) => shareOfSlot(shares, 'alice-in', slot));

  assert.is(first.filter(share => share === 0).length, 3);
});

test('the order is shuffled by the name of the gateway, and always the same for it', () => {
  const order = (gateway: string) => {
    const shares = sharesOf(7, 5, 4);
    return Array.from({ length: 16 }, (_, slot) => shareOfSlot(shares, gateway, slot)).join('');
  };

  assert.is(order('alice-in'), order('alice-in'));
  assert.is.not(order('alice-in'), order('bob-in'));
  assert.is.not(order('alice-in'), '0000000111112222');
});

test('a share without weight gets nothing, and weights that do not add up are a bug of ours', () => {
  const shares = sharesOf(0, 1);

  assert.is(shareOfSlot(shares, 'alice-in', 0), 1);
  assert.throws(() => shareOfSlot({ ...sharesOf(1, 2), total: 9 }, 'alice-in', 0), /add up/);
});

test.run();
