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
  freeSeconds: 0,
  stages: [],
};

const anyFreeSeconds = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 30 }));

function anyStages(dearest: bigint) {
  const stage = fc.record({ seconds: fc.integer({ min: 1, max: 90 }), fee: fc.bigInt(0n, dearest) });
  return fc.oneof(fc.constant([]), fc.array(stage, { maxLength: 4 }));
}

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
        freeSeconds: anyFreeSeconds,
        stages: anyStages(10n ** 10n),
      }),
      fc.oneof(fc.bigInt(-10n, 10n ** 9n), fc.bigInt(0n, 10n ** 13n)),
      fc.integer({ min: 0, max: 8 }),
      (rate, usableUnits, precision) => {
        const usable = money(usableUnits);
        const seconds = affordableSeconds(rate, usable, precision);
        if (seconds === Number.POSITIVE_INFINITY) {
          const longCall = 10n ** 15n * rate.ratePerUnit;
          assert.ok(longCall / BigInt(rate.unitSeconds) < usable * 100n || rate.ratePerUnit === 0n);
          if (usable >= 0n) assert.ok(chargeFor(rate, 1_000_000, precision).amount <= usable);
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

test('goes to the end of what is free, and stage by stage', () => {
  const staged: Rate = {
    ...perMinute,
    freeSeconds: 5,
    stages: [
      { seconds: 60, fee: 2_000_000_000n },
      { seconds: 30, fee: 500_000_000n },
    ],
  };
  const cases: readonly (readonly [string, number])[] = [
    ['0', 5],
    ['0.19', 5],
    ['0.20', 65],
    ['0.249999', 65],
    ['0.25', 95],
    ['0.34', 95],
    ['0.35', 155],
    ['0.45', 215],
  ];
  for (const [usable, seconds] of cases) {
    assert.is(affordableSeconds(staged, parseMoney(usable)!, 6), seconds, usable);
  }
  assert.is(affordableSeconds({ ...staged, freeSeconds: 0 }, parseMoney('0.19')!, 6), -1);
  assert.is(affordableSeconds(staged, parseMoney('-1')!, 6), -1);
  const flat = { ...staged, ratePerUnit: 0n };
  assert.is(affordableSeconds(flat, parseMoney('0.25')!, 6), Number.POSITIVE_INFINITY);
  assert.is(affordableSeconds(flat, parseMoney('0.24')!, 6), 65);
});

test('agrees with trying one second after the other', () => {
  fc.assert(
    fc.property(
      fc.record({
        ratePerUnit: fc.bigInt(0n, 50n).map(rate => rate * 10n ** 8n),
        unitSeconds: fc.constantFrom(1, 60),
        firstIncrementSeconds: fc.integer({ min: 1, max: 20 }),
        nextIncrementSeconds: fc.integer({ min: 1, max: 20 }),
        connectFee: fc.constantFrom(0n, 10n ** 8n),
        freeSeconds: anyFreeSeconds,
        stages: anyStages(10n ** 9n),
      }),
      fc.integer({ min: 0, max: 3000 }),
      (rate, usable) => {
        const credit = money(BigInt(usable) * 10_000n);
        let longest = -1;
        for (let talk = 1; talk < 800 && chargeFor(rate, talk, 4).amount <= credit; talk++) longest = talk;
        const seconds = affordableSeconds(rate, credit, 4);
        assert.is(Math.min(seconds, 799), longest);
      },
    ),
    { numRuns: 500 },
  );
});

test.run();
