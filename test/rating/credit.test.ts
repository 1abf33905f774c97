import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { chargeFor } from '../../src/rating/charge.ts';
import { affordableSeconds } from '../../src/rating/credit.ts';
import { money, parseMoney } from '../../src/rating/money.ts';
import type { Rate } from '../../src/rating/rate-table.ts';

const test = suite('rating/credit');

const perMinute: Rate = {
  ratePerUnit: 1_000_000_000n,
  unitSeconds: 60,
  firstIncrementSeconds: 60,
  nextIncrementSeconds: 60,
  connectFee: 0n,
};

test('covers whole increments only', () => {
  assert.is(affordableSeconds(perMinute, parseMoney('0.10')!, 6), 60);
  assert.is(affordableSeconds(perMinute, parseMoney('0.199999')!, 6), 60);
  assert.is(affordableSeconds(perMinute, parseMoney('0.20')!, 6), 120);
  assert.is(affordableSeconds({ ...perMinute, nextIncrementSeconds: 6 }, parseMoney('0.125')!, 6), 72);
});

test('is -1 when the first increment or the connect fee is not covered', () => {
  assert.is(affordableSeconds(perMinute, parseMoney('0.099999')!, 6), -1);
  assert.is(affordableSeconds(perMinute, parseMoney('0')!, 6), -1);
  assert.is(affordableSeconds(perMinute, parseMoney('-5')!, 6), -1);
  const onlyConnectFee = { ...perMinute, ratePerUnit: 0n, connectFee: 10n ** 10n };
  assert.is(affordableSeconds(onlyConnectFee, parseMoney('0.99')!, 6), -1);
});

test('is without end where talk costs nothing', () => {
  const free = { ...perMinute, ratePerUnit: 0n };
  assert.is(affordableSeconds(free, parseMoney('0')!, 6), Number.POSITIVE_INFINITY);
  assert.is(affordableSeconds(free, parseMoney('-1')!, 6), Number.POSITIVE_INFINITY);
  const onlyConnectFee = { ...free, connectFee: 10n ** 10n };
  assert.is(affordableSeconds(onlyConnectFee, parseMoney('1')!, 6), Number.POSITIVE_INFINITY);
});

test('uses the rounding of the charge: what rounds down to the credit is covered', () => {
  // 0.004 a minute charged with two decimals is nothing for the first minute and 0.01 from the second on.
  const cheap = { ...perMinute, ratePerUnit: 40_000_000n };
  assert.is(affordableSeconds(cheap, parseMoney('0')!, 2), 60);
  assert.is(affordableSeconds(cheap, parseMoney('0.01')!, 2), 180);
});

test('is the longest talk time whose charge the credit covers', () => {
  fc.assert(
    fc.property(
      fc.record({
        ratePerUnit: fc.oneof(fc.bigInt(0n, 10n ** 9n), fc.bigInt(0n, BigInt(Number.MAX_SAFE_INTEGER))),
        unitSeconds: fc.constantFrom(1, 7, 60, 3600),
        firstIncrementSeconds: fc.integer({ min: 1, max: 60 }),
        nextIncrementSeconds: fc.integer({ min: 1, max: 60 }),
        connectFee: fc.oneof(fc.constant(0n), fc.bigInt(0n, 10n ** 10n)),
      }),
      fc.oneof(fc.bigInt(-10n, 10n ** 9n), fc.bigInt(0n, 10n ** 13n)),
      fc.integer({ min: 0, max: 8 }),
      (rate, usableUnits, precision) => {
        const usable = money(usableUnits);
        const seconds = affordableSeconds(rate, usable, precision);
        if (seconds === Number.POSITIVE_INFINITY) {
          const longCall = 10n ** 15n * rate.ratePerUnit;
          assert.ok(longCall / BigInt(rate.unitSeconds) < usable * 100n || rate.ratePerUnit === 0n);
          if (rate.connectFee > 0n) assert.ok(chargeFor(rate, 1_000_000, precision).amount <= usable);
          return;
        }
        if (seconds === -1) {
          assert.ok(chargeFor(rate, 1, precision).amount > usable);
          return;
        }
        assert.ok(chargeFor(rate, seconds, precision).amount <= usable);
        assert.ok(chargeFor(rate, seconds + 1, precision).amount > usable);
      },
    ),
    { numRuns: 500 },
  );
});

test('agrees with trying one second after the other', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 50 }),
      fc.integer({ min: 1, max: 20 }),
      fc.integer({ min: 1, max: 20 }),
      fc.integer({ min: 0, max: 300 }),
      (rate, first, next, usable) => {
        const row: Rate = {
          ratePerUnit: BigInt(rate) * 10n ** 8n,
          unitSeconds: 60,
          firstIncrementSeconds: first,
          nextIncrementSeconds: next,
          connectFee: 0n,
        };
        const credit = money(BigInt(usable) * 10_000n);
        let longest = -1;
        for (let talk = 1; talk < 400 && chargeFor(row, talk, 4).amount <= credit; talk++) longest = talk;
        const seconds = affordableSeconds(row, credit, 4);
        assert.is(Math.min(seconds, 399), longest);
      },
    ),
  );
});

test.run();
