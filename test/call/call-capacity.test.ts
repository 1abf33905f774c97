import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CallCapacity, type CallLimits } from '../../src/call/call-capacity.ts';

const test = suite('call/call-capacity');

const unlimited: CallLimits = { lines: null, callRate: null };
const twoLines: CallLimits = { lines: 2, callRate: null };
const twoInTen: CallLimits = { lines: null, callRate: { calls: 2, perSeconds: 10 } };

test('is full with as many calls as it has lines, and free again after one', () => {
  const capacity = new CallCapacity('x');
  capacity.take(twoLines, 0);
  assert.not.ok(capacity.linesFull(twoLines));
  capacity.take(twoLines, 0);
  assert.ok(capacity.linesFull(twoLines));
  assert.not.ok(capacity.linesFull(unlimited));
  capacity.give();

  assert.not.ok(capacity.linesFull(twoLines));
});

test('has had its calls until the period since the first of them is over, even when they have ended', () => {
  const capacity = new CallCapacity('x');
  capacity.take(twoInTen, 1000);
  assert.not.ok(capacity.callRateReached(twoInTen, 1000));
  capacity.take(twoInTen, 4000);
  capacity.give();
  capacity.give();
  assert.ok(capacity.callRateReached(twoInTen, 10_999));
  assert.is(capacity.callsInPeriod(twoInTen, 10_999), 2);
  assert.not.ok(capacity.callRateReached(unlimited, 10_999));

  assert.not.ok(capacity.callRateReached(twoInTen, 11_000));
  assert.is(capacity.callsInPeriod(twoInTen, 11_000), 1);
  assert.is(capacity.countsUntilMs, 14_000);
});

test('counts no calls against a rate that it does not have', () => {
  const capacity = new CallCapacity('x');
  capacity.take(unlimited, 1000);

  assert.is(capacity.callsInPeriod(unlimited, 1000), 0);
  assert.is(capacity.countsUntilMs, 0);
});

test('giving back more than was taken is a mistake of ours', () => {
  assert.throws(() => new CallCapacity('x').give(), 'x gave back a line it had not');
});

test.run();
