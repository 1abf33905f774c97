import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { EventHeap } from '../../../src/sim/world/event-heap.ts';

const test = suite('sim/world/event-heap');

test('what has the same time happens in the order in which it was added', () => {
  const heap = new EventHeap<string>();
  for (const event of ['a', 'b', 'c', 'd', 'e']) heap.add(5, event);
  heap.add(4, 'first');
  assert.equal([...drained(heap)], ['first', 'a', 'b', 'c', 'd', 'e']);
  assert.is(heap.nextMs, Number.POSITIVE_INFINITY);
});

test('an empty heap has nothing to take', () => {
  assert.throws(() => new EventHeap<string>().take(), /nothing is to happen/);
});

test('whatever is added and taken in between comes as from a list that is sorted each time', () => {
  const step = fc.option(fc.nat(20), { nil: null, freq: 3 });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 400 }), steps => {
      const heap = new EventHeap<number>();
      const list: { atMs: number; order: number }[] = [];
      for (const [order, atMs] of steps.entries()) {
        if (atMs !== null) {
          heap.add(atMs, order);
          list.push({ atMs, order });
        } else if (list.length > 0) {
          list.sort((a, b) => a.atMs - b.atMs || a.order - b.order);
          const { atMs: nextMs, order: next } = list.shift()!;
          assert.is(heap.nextMs, nextMs);
          assert.is(heap.take(), next);
        }
        assert.is(heap.size, list.length);
      }
    }),
  );
});

function* drained<T>(heap: EventHeap<T>): Iterable<T> {
  while (heap.size > 0) yield heap.take();
}

test.run();
