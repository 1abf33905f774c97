import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { AccountState, CreditHold } from '../../src/call/holds.ts';
import { chargeFor } from '../../src/rating/charge.ts';
import { money, noMoney } from '../../src/rating/money.ts';
import type { Rate } from '../../src/rating/rate-table.ts';
import { amount } from './world.ts';

const test = suite('call/holds');

function rate(perMinute: bigint, first: number, next: number, connectFee: bigint = 0n): Rate {
  return {
    ratePerUnit: perMinute,
    unitSeconds: 60,
    firstIncrementSeconds: first,
    nextIncrementSeconds: next,
    connectFee,
    freeSeconds: 0,
    stages: [],
  };
}

const sixCents = rate(600_000_000n, 1, 1);

test('a hold is the charge for the talk it covers', () => {
  const account = new AccountState('alice', amount('10'));
  const hold = new CreditHold(account, 0n, sixCents, 6);

  assert.ok(hold.extendTo(60));
  assert.is(hold.amount, amount('0.06'));
  assert.is(account.held, amount('0.06'));
  assert.is(hold.coveredSeconds, 60);
});

test('a hold goes down to what the account can pay, and not below the first increment', () => {
  const account = new AccountState('alice', amount('0.05'));
  const partial = new CreditHold(account, 0n, sixCents, 6);
  const nothing = new CreditHold(account, 0n, sixCents, 6);

  assert.ok(partial.extendTo(60));
  assert.is(partial.coveredSeconds, 50);
  assert.not.ok(nothing.extendTo(60));
  assert.is(nothing.amount, noMoney);
});

test('two holds never take the same money', () => {
  const account = new AccountState('alice', amount('0.09'));
  const first = new CreditHold(account, 0n, sixCents, 6);
  const second = new CreditHold(account, 0n, sixCents, 6);
  first.extendTo(60);
  second.extendTo(60);

  assert.is(first.coveredSeconds, 60);
  assert.is(second.coveredSeconds, 30);
  assert.is(account.free(0n), noMoney);
});

test('what is free of charge needs no credit, even below the limit', () => {
  const account = new AccountState('alice', amount('-5'));
  const hold = new CreditHold(account, 0n, rate(0n, 1, 1), 6);

  assert.ok(hold.extendTo(60));
  assert.is(hold.coveredSeconds, Number.POSITIVE_INFINITY);
  assert.is(account.held, noMoney);
});

test('another price makes the same money cover another talk', () => {
  const account = new AccountState('alice', amount('10'));
  const hold = new CreditHold(account, 0n, sixCents, 6);
  hold.extendTo(60);
  hold.reprice(rate(1_200_000_000n, 1, 1));

  assert.is(hold.coveredSeconds, 30);
  assert.is(account.held, amount('0.06'));
});

test('a talk that a hold covers never costs more than the hold, and never passes the limit', () => {
  const rates = fc
    .tuple(fc.bigInt(0n, 10n ** 12n), fc.integer({ min: 1, max: 90 }), fc.integer({ min: 1, max: 90 }))
    .chain(([perMinute, first, next]) =>
      fc.bigInt(0n, 10n ** 11n).map(fee => rate(perMinute, first, next, fee)),
    );
  const extensions = fc.array(fc.integer({ min: 1, max: 600 }), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(
      rates,
      fc.bigInt(-(10n ** 9n), 10n ** 11n),
      fc.bigInt(0n, 10n ** 10n),
      fc.integer({ min: 0, max: 8 }),
      extensions,
      (price, balance, overdraft, precision, steps) => {
        const account = new AccountState('alice', money(balance));
        const hold = new CreditHold(account, overdraft, price, precision);
        for (const step of steps) {
          const before = hold.coveredSeconds;
          const more = hold.extendTo(step);
          assert.is(more, hold.coveredSeconds > before);
          assert.ok(account.held === noMoney || account.free(overdraft) >= 0n);
          assert.is(account.held, hold.amount);
          if (hold.coveredSeconds === 0) continue;
          const talk = Math.min(hold.coveredSeconds, 10_000);
          assert.ok(chargeFor(price, talk, precision).amount <= hold.amount);
        }
        hold.release();
        assert.is(account.held, noMoney);
      },
    ),
  );
});

test.run();
