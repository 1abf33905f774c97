import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { marginPercent } from '../../../src/explain/prices.ts';
import { marginTexts } from '../../../src/plan/compare/margin-texts.ts';
import { money, moneyText } from '../../../src/rating/money.ts';

const test = suite('plan/compare/margin-texts');

const amounts = fc.oneof(
  fc.bigInt({ min: 0n, max: 200n }),
  fc.bigInt({ min: 0n, max: 10n ** 9n }),
  fc.bigInt({ min: 0n, max: 10n ** 14n }),
);

test('what is left of a charge reads as it does everywhere else', () => {
  fc.assert(
    fc.property(amounts, amounts, (charge, cost) => {
      const left = money(charge - cost);
      const told = { margin: moneyText(left), marginPercent: marginPercent(left, money(charge)) };
      assert.equal(marginTexts(money(charge), money(cost)), told);
    }),
    { numRuns: 3000, seed: 1 },
  );
});

test.run();
