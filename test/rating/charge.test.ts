import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { billedSeconds, chargeFor, talkSeconds } from '../../src/rating/charge.ts';
import { parseRate } from '../../src/rating/decimal.ts';
import { formatMoney } from '../../src/rating/money.ts';
import type { Rate } from '../../src/rating/rate-table.ts';
import { parseStages } from '../../src/rating/stages.ts';

const test = suite('rating/charge');

interface Options {
  readonly unit?: number;
  readonly connect?: string;
  readonly free?: number;
  readonly stages?: string;
}

function rateOf(price: string, increments: string, options: Options = {}): Rate {
  const [first, next] = increments.split('/').map(Number);
  return {
    ratePerUnit: BigInt(parseRate(price)!),
    unitSeconds: options.unit ?? 60,
    firstIncrementSeconds: first!,
    nextIncrementSeconds: next!,
    connectFee: BigInt(parseRate(options.connect ?? '0')!),
    freeSeconds: options.free ?? 0,
    stages: (options.stages === undefined ? [] : parseStages(options.stages)!).map(({ seconds, fee }) => ({
      seconds,
      fee: BigInt(fee),
    })),
  };
}

test('a fraction of a second counts from the hold time precision on', () => {
  const cases: readonly (readonly [number, number, number])[] = [
    [0, 50, 0],
    [49, 50, 0],
    [50, 50, 1],
    [1000, 50, 1],
    [1049, 50, 1],
    [1050, 50, 2],
    [1999, 50, 2],
    [5000, 0, 5],
    [5001, 0, 6],
    [5998, 999, 5],
    [5999, 999, 6],
  ];
  for (const [durationMs, precisionMs, seconds] of cases) {
    assert.is(talkSeconds(durationMs, precisionMs), seconds, `${durationMs} ms at ${precisionMs}`);
  }
  assert.throws(() => talkSeconds(-1, 50), /talk time/);
});

test('bills the first increment, then whole next increments', () => {
  const cases: readonly (readonly [string, number, number])[] = [
    ['60/60', 1, 60],
    ['60/60', 60, 60],
    ['60/60', 61, 120],
    ['30/6', 1, 30],
    ['30/6', 30, 30],
    ['30/6', 31, 36],
    ['30/6', 36, 36],
    ['30/6', 37, 42],
    ['1/1', 17, 17],
    ['60/1', 61, 61],
    ['30/6', 0, 0],
  ];
  for (const [increments, talk, billed] of cases) {
    assert.is(billedSeconds(rateOf('1', increments), talk), billed, `${increments} of ${talk} s`);
  }
});

test('charges the rate by the second of billed time, and the connect fee once', () => {
  const cases: readonly (readonly [Rate, number, number, string])[] = [
    [rateOf('0.012', '30/6'), 31, 6, '0.00720000'],
    [rateOf('0.10', '60/60'), 61, 6, '0.20000000'],
    [rateOf('0.10', '1/1', { connect: '0.05' }), 30, 6, '0.10000000'],
    [rateOf('0.002', '1/1', { unit: 1 }), 7, 6, '0.01400000'],
    [rateOf('0', '60/60', { connect: '0.5' }), 7, 6, '0.50000000'],
  ];
  for (const [rate, talk, precision, amount] of cases) {
    assert.is(formatMoney(chargeFor(rate, talk, precision).amount), amount);
  }
});

test('rounds half up once, at the end', () => {
  // A third of a cent a second: rounding each increment would charge 0.00 or 0.01 for each of them.
  assert.is(formatMoney(chargeFor(rateOf('0.20', '1/1'), 3, 2).amount), '0.01000000');
  assert.is(formatMoney(chargeFor(rateOf('0.20', '1/1'), 30, 2).amount), '0.10000000');
  // Exactly half a step goes up.
  assert.is(formatMoney(chargeFor(rateOf('0.005', '60/60'), 60, 2).amount), '0.01000000');
  assert.is(formatMoney(chargeFor(rateOf('0.0049999999', '60/60'), 60, 2).amount), '0.00000000');
  assert.is(formatMoney(chargeFor(rateOf('0.5', '60/60'), 60, 0).amount), '1.00000000');
  assert.is(formatMoney(chargeFor(rateOf('0.0000000050', '60/60'), 60, 8).amount), '0.00000001');
});

test('without talk there is no charge, not even a connect fee', () => {
  const charge = chargeFor(rateOf('1', '60/60', { connect: '1' }), 0, 6);
  assert.equal(charge, { billedSeconds: 0, amount: 0n });
});

test('a stage is paid whole once the talk reaches into it, and increments count behind the last one', () => {
  const staged = rateOf('0.06', '30/6', { connect: '0.01', stages: '60:0.10;30:0.05' });
  const cases: readonly (readonly [number, number, string])[] = [
    [0, 0, '0.00000000'],
    [1, 60, '0.11000000'],
    [60, 60, '0.11000000'],
    [61, 90, '0.16000000'],
    [90, 90, '0.16000000'],
    [91, 120, '0.19000000'],
    [120, 120, '0.19000000'],
    [121, 126, '0.19600000'],
  ];
  for (const [talk, billed, amount] of cases) {
    const charge = chargeFor(staged, talk, 6);
    assert.is(charge.billedSeconds, billed, `${talk} s`);
    assert.is(formatMoney(charge.amount), amount, `${talk} s`);
  }
});

test('free seconds come off the talk before anything else', () => {
  const free = rateOf('0.60', '60/60', { free: 10, connect: '0.02', stages: '5:0.01' });
  const cases: readonly (readonly [number, number, string])[] = [
    [10, 0, '0.00000000'],
    [11, 5, '0.03000000'],
    [15, 5, '0.03000000'],
    [16, 65, '0.63000000'],
    [75, 65, '0.63000000'],
    [76, 125, '1.23000000'],
  ];
  for (const [talk, billed, amount] of cases) {
    const charge = chargeFor(free, talk, 6);
    assert.is(charge.billedSeconds, billed, `${talk} s`);
    assert.is(formatMoney(charge.amount), amount, `${talk} s`);
  }
});

test('an unknown fee precision is a bug', () => {
  for (const precision of [-1, 9, 1.5]) {
    assert.throws(() => chargeFor(rateOf('1', '1/1'), 1, precision), /fee precision/);
  }
});

test('every charge is the multiple of the fee step nearest to the exact fee, the upper one of two', () => {
  fc.assert(
    fc.property(
      fc.record({
        ratePerUnit: fc.bigInt(0n, BigInt(Number.MAX_SAFE_INTEGER)),
        unitSeconds: fc.integer({ min: 1, max: 3600 }),
        firstIncrementSeconds: fc.integer({ min: 1, max: 120 }),
        nextIncrementSeconds: fc.integer({ min: 1, max: 120 }),
        connectFee: fc.bigInt(0n, 10n ** 11n),
        freeSeconds: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 1000 })),
        stages: fc.array(
          fc.record({ seconds: fc.integer({ min: 1, max: 90 }), fee: fc.bigInt(0n, 10n ** 11n) }),
          { maxLength: 5 },
        ),
      }),
      fc.integer({ min: 1, max: 20_000 }),
      fc.integer({ min: 0, max: 8 }),
      (rate, talk, precision) => {
        const charge = chargeFor(rate, talk, precision);
        // Second by second: each falls into what is paid for already, or makes the next piece be paid.
        let paid = 0;
        let fees = 0n;
        let ordinary = 0;
        const stages = [...rate.stages];
        for (let second = rate.freeSeconds + 1; second <= talk; second++) {
          if (second - rate.freeSeconds <= paid) continue;
          const stage = stages.shift();
          const increment = ordinary === 0 ? rate.firstIncrementSeconds : rate.nextIncrementSeconds;
          if (stage === undefined) ordinary += increment;
          paid += stage?.seconds ?? increment;
          fees += stage?.fee ?? 0n;
        }
        assert.is(charge.billedSeconds, paid);
        const step = 10n ** BigInt(8 - precision);
        assert.is(charge.amount % step, 0n);
        // Both sides times 100 × unit, the smallest scale in which everything is whole.
        const scale = 100n * BigInt(rate.unitSeconds);
        const fixed = paid === 0 ? 0n : rate.connectFee + fees;
        const exact = fixed * BigInt(rate.unitSeconds) + rate.ratePerUnit * BigInt(ordinary);
        const error = charge.amount * scale - exact;
        assert.ok(2n * error <= step * scale && 2n * error > -step * scale);
      },
    ),
  );
});

test.run();
