import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { CallerPool } from '../../src/config/snapshot.ts';
import { callerFromPool, idlePool } from '../../src/routing/caller-pool.ts';
import { Draws } from '../../src/routing/draws.ts';

const test = suite('routing/caller-pool');

const source = { file: 'gateways/routing/one.yaml', line: 4, column: 1 };

function pool(count: number, given: Partial<CallerPool> = {}): CallerPool {
  const numbers = Array.from({ length: count }, (_, i) => String(4420000 + i));
  return { lists: [0], numbers, linesPerNumber: 1, order: 'random', source, ...given };
}

test('a rotating pool gives its numbers one after the other and skips those that are busy', () => {
  const rotating = pool(3, { order: 'rotating' });
  const taken = (count: number, busy: readonly string[] = []) =>
    callerFromPool(
      rotating,
      { taken: count, callsWith: number => (busy.includes(number) ? 1 : 0) },
      new Draws(1),
    );

  assert.equal(
    [0, 1, 2, 3, 7].map(count => taken(count)),
    ['4420000', '4420001', '4420002', '4420000', '4420001'],
  );
  assert.is(taken(0, ['4420000']), '4420001');
  assert.is(taken(2, ['4420002', '4420000']), '4420001');
  assert.is(taken(0, ['4420000', '4420001', '4420002']), null);
});

test('a random pool gives all its numbers about equally often, and those behind a busy one no more', () => {
  const random = pool(5);
  const counts = new Map<string, number>();
  for (let seed = 0; seed < 10_000; seed += 1) {
    const use = { taken: 0, callsWith: (number: string) => (number === '4420002' ? 1 : 0) };
    const number = callerFromPool(random, use, new Draws(seed))!;
    counts.set(number, (counts.get(number) ?? 0) + 1);
  }

  assert.equal([...counts.keys()].sort(), ['4420000', '4420001', '4420003', '4420004']);
  for (const [number, count] of counts) assert.ok(count > 2300 && count < 2700, `${number}: ${count}`);
});

test('any number that is free is found, and none that is not', () => {
  const busyOnes = fc.integer({ min: 1, max: 40 }).chain(count =>
    fc.record({
      count: fc.constant(count),
      busy: fc.array(fc.nat(2), { minLength: count, maxLength: count }),
      order: fc.constantFrom('random' as const, 'rotating' as const),
      seed: fc.nat(),
      taken: fc.nat(),
      linesPerNumber: fc.integer({ min: 1, max: 2 }),
    }),
  );
  fc.assert(
    fc.property(busyOnes, ({ count, busy, order, seed, taken, linesPerNumber }) => {
      const numbers = pool(count, { order, linesPerNumber });
      const callsWith = (number: string) => busy[numbers.numbers.indexOf(number)]!;
      const found = callerFromPool(numbers, { taken, callsWith }, new Draws(seed));
      const someFree = busy.some(calls => calls < linesPerNumber);
      assert.is(found !== null, someFree);
      if (found !== null) assert.ok(callsWith(found) < linesPerNumber);
    }),
  );
});

test('a pool without numbers has none, and one without a limit is never used up', () => {
  assert.is(callerFromPool(pool(0), idlePool, new Draws(1)), null);
  const busy = { taken: 0, callsWith: () => 1000 };
  assert.is(callerFromPool(pool(1, { linesPerNumber: null }), busy, new Draws(1)), '4420000');
  assert.is(callerFromPool(pool(1), busy, new Draws(1)), null);
});

test.run();
