import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { money } from '../../../src/rating/money.ts';
import { matches } from '../../../src/sim/expect/matches.ts';
import type { Observed } from '../../../src/sim/expect/observed.ts';
import { is, within } from '../played-calls.ts';

const test = suite('sim/expect/matches');

const names = (...value: string[]): Observed => ({ unit: 'names', value });
const text = (value: string | number | boolean | null): Observed => ({ unit: 'text', value });
const amount = (value: bigint): Observed => ({ unit: 'money', value: money(value) });
const duration = (value: number | null): Observed => ({ unit: 'duration', value });

test('gateways are compared in their order, and nothing may be missing or left over', () => {
  const wanted = { kind: 'list', values: ['a', 'b'] } as const;

  assert.ok(matches(wanted, names('a', 'b')));
  assert.not(matches(wanted, names('b', 'a')));
  assert.not(matches(wanted, names('a')));
  assert.not(matches(wanted, names('a', 'b', 'c')));
});

test('one name is a list of one, and none is the empty list', () => {
  assert.ok(matches(is('a'), names('a')));
  assert.not(matches(is('a'), names('a', 'b')));
  assert.ok(matches(is(null), names()));
  assert.not(matches(is(null), names('a')));
  assert.ok(matches({ kind: 'list', values: [] }, names()));
  assert.ok(matches({ kind: 'list', values: ['a'] }, text('a')));
  assert.ok(matches({ kind: 'list', values: [] }, text(null)));
});

test('none is not empty text, false or nothing', () => {
  assert.ok(matches(is(null), text(null)));
  for (const value of ['', false, 0] as const) {
    assert.not(matches(is(null), text(value)));
    assert.not(matches(is(value), text(null)));
  }
});

test('a number that is a name is found with and without quotes', () => {
  assert.ok(matches(is(4420), text('4420')));
  assert.ok(matches(is('4420'), text('4420')));
  assert.ok(matches(is('200'), text(200)));
  assert.not(matches(is('0200'), text(200)));
  assert.not(matches(is('true'), text('false')));
  assert.not(matches(is(44), text('044')));
});

test('a price of a record is found however its zeros are written', () => {
  assert.ok(matches(is(0.015), text('0.015')));
  assert.ok(matches(is(0.0000001), text('0.0000001')));
  assert.ok(matches(is(1), text('1.0')));
  assert.not(matches(is(0.015), text('0.0151')));
});

test('one of several will do', () => {
  const wanted = { kind: 'oneOf', values: ['CalleeBusy', 'Rejected'] } as const;

  assert.ok(matches(wanted, text('Rejected')));
  assert.not(matches(wanted, text('CallerHangup')));
  assert.not(matches(wanted, text(null)));
  assert.ok(matches(wanted, names('Rejected')));
});

test('money is exact to its last digit', () => {
  assert.ok(matches(is(1_550_000n), amount(1_550_000n)));
  assert.not(matches(is(1_550_000n), amount(1_550_001n)));
  const huge = 900_719_925_474_099_300_000n;
  assert.not(matches(is(huge), amount(huge + 1n)));
  assert.not(matches(within(huge, huge), amount(huge + 1n)));
});

test('both ends of a range count, and what there is none of is within nothing', () => {
  assert.ok(matches(within(1000, 2000), duration(1000)));
  assert.ok(matches(within(1000, 2000), duration(2000)));
  assert.not(matches(within(1000, 2000), duration(999)));
  assert.not(matches(within(1000, 2000), duration(2001)));
  assert.ok(matches(within(null, 2000), duration(-5)));
  assert.not(matches(within(null, null), duration(null)));
  assert.not(matches(within(null, null), text('5')));
});

test('ranges of money and of numbers contain what arithmetic says', () => {
  const ends = fc.option(fc.bigInt({ min: -50n, max: 50n }), { nil: null });
  fc.assert(
    fc.property(ends, ends, fc.bigInt({ min: -60n, max: 60n }), (least, most, value) => {
      const inside = Number(value) >= Number(least ?? -100n) && Number(value) <= Number(most ?? 100n);
      assert.is(matches(within(least, most), amount(value)), inside);
      const numbers = within(least === null ? null : Number(least), most === null ? null : Number(most));
      assert.is(matches(numbers, duration(Number(value))), inside);
    }),
  );
});

test.run();
