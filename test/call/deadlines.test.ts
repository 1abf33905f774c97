import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Deadlines, type Timed } from '../../src/call/deadlines.ts';

const test = suite('call/deadlines');

function member(sequence: number): Timed {
  return { deadlineMs: Number.POSITIVE_INFINITY, heapIndex: -1, sequence };
}

test('the earliest of any set, moved and removed deadlines is the one a plain search finds', () => {
  const step = fc.tuple(
    fc.nat(39),
    fc.oneof({ weight: 5, arbitrary: fc.nat(1000) }, fc.constant(Number.POSITIVE_INFINITY)),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200, size: 'max' }), steps => {
      const deadlines = new Deadlines<Timed>();
      const members = Array.from({ length: 40 }, (_, i) => member(i));
      for (const [index, deadlineMs] of steps) {
        deadlines.set(members[index]!, deadlineMs);
        const waiting = members.filter(({ deadlineMs: at }) => at < Number.POSITIVE_INFINITY);
        waiting.sort((a, b) => a.deadlineMs - b.deadlineMs || a.sequence - b.sequence);
        assert.is(deadlines.earliest(), waiting[0] ?? null);
        assert.is(deadlines.size, waiting.length);
      }
    }),
  );
});

test('the member that fills a gap rises when it is earlier than those above', () => {
  const deadlines = new Deadlines<Timed>();
  const members = [0, 100, 1, 101, 102, 2, 3].map(member);
  for (const one of members) deadlines.set(one, one.sequence);
  // The place of 101 is below 100, and the last member, which takes it over, is 3.
  deadlines.remove(members[3]!);
  assert.is(members[1]!.heapIndex, 3);
  const order: number[] = [];
  for (let next = deadlines.earliest(); next !== null; next = deadlines.earliest()) {
    order.push(next.sequence);
    deadlines.remove(next);
  }

  assert.equal(order, [0, 1, 2, 3, 100, 102]);
});

test('equal deadlines come in the order of their members', () => {
  const deadlines = new Deadlines<Timed>();
  const members = [3, 1, 2].map(member);
  for (const one of members) deadlines.set(one, 10);
  const order: number[] = [];
  for (let next = deadlines.earliest(); next !== null; next = deadlines.earliest()) {
    order.push(next.sequence);
    deadlines.remove(next);
  }

  assert.equal(order, [1, 2, 3]);
});

test('removing a member that is not there does nothing', () => {
  const deadlines = new Deadlines<Timed>();
  const one = member(1);
  deadlines.set(one, 5);
  deadlines.remove(member(2));
  deadlines.remove(one);
  deadlines.remove(one);

  assert.is(deadlines.earliest(), null);
});

test.run();
