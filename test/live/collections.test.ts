import { constants, PerformanceObserver } from 'node:perf_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { collectWithoutHelpers } from '../../src/live/collections.ts';

const test = suite('live/collections');

/** Missing among the types. */
interface Collection {
  readonly detail: { readonly kind: number };
}

test('garbage of every kind is still collected when a switch does it without helpers', async () => {
  const seen = new Set<number>();
  const observer = new PerformanceObserver(list => {
    for (const entry of list.getEntries()) seen.add((entry as unknown as Collection).detail.kind);
  });
  observer.observe({ entryTypes: ['gc'] });
  collectWithoutHelpers();
  collectWithoutHelpers();
  let kept: object[] = [];
  for (let round = 0; round < 300 && !seen.has(constants.NODE_PERFORMANCE_GC_MAJOR); round++) {
    for (let each = 0; each < 5000; each++) {
      kept.push({ each, text: `call ${each}`, bytes: new Uint8Array(40), buffer: Buffer.alloc(20) });
    }
    if (kept.length > 150_000) kept = kept.slice(75_000);
    await nextTurn();
  }
  observer.disconnect();
  assert.ok(seen.has(constants.NODE_PERFORMANCE_GC_MINOR), 'young objects');
  assert.ok(seen.has(constants.NODE_PERFORMANCE_GC_MAJOR), 'all objects');
});

test.run();
