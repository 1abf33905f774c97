/** The ring of start times against a list of all of them. */
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CallStarts } from '../../src/call/call-starts.ts';

const test = suite('call/call-starts');

/** Bursts, waits within a period and beyond it, and to the very millisecond of its end. */
const waits = fc.array(fc.constantFrom(0, 0, 0, 1, 10, 333, 499, 500, 999, 1000, 1001, 5000), {
  maxLength: 200,
});
const calls = fc.oneof(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 14, max: 70 }));

/** How many of the starts lie less than a period before `nowMs`. */
function counted(startsMs: readonly number[], perSeconds: number, nowMs: number): number {
  return startsMs.filter(startMs => nowMs - startMs < perSeconds * 1000).length;
}

test('lets a call begin exactly while fewer than the rate have begun in the period before', () => {
  fc.assert(
    fc.property(calls, fc.integer({ min: 1, max: 3 }), waits, (most, perSeconds, after) => {
      const rate = { calls: most, perSeconds };
      const starts = new CallStarts();
      const begun: number[] = [];
      let nowMs = 1_700_000_000_000;
      for (const wait of after) {
        nowMs += wait;
        const inPeriod = counted(begun, perSeconds, nowMs);
        assert.is(starts.allows(rate, nowMs), inPeriod < most);
        assert.is(starts.within(rate, nowMs), inPeriod);
        if (inPeriod >= most) continue;
        starts.note(rate, nowMs);
        begun.push(nowMs);
      }
    }),
    { numRuns: 500 },
  );
});

test('no period of that length, wherever it begins, sees more calls than the rate', () => {
  fc.assert(
    fc.property(calls, waits, (most, after) => {
      const rate = { calls: most, perSeconds: 1 };
      const starts = new CallStarts();
      const begun: number[] = [];
      let nowMs = 0;
      for (const wait of after) {
        nowMs += wait;
        if (!starts.allows(rate, nowMs)) continue;
        starts.note(rate, nowMs);
        begun.push(nowMs);
      }
      for (const fromMs of begun) {
        const within = begun.filter(startMs => fromMs <= startMs && startMs < fromMs + 1000);
        assert.ok(within.length <= most);
      }
    }),
  );
});

test('a rate that falls, or counts over another period, counts the calls that are known', () => {
  fc.assert(
    fc.property(calls, calls, fc.integer({ min: 1, max: 9 }), waits, (before, change, perSeconds, after) => {
      const starts = new CallStarts();
      const begun: number[] = [];
      let nowMs = 0;
      for (const wait of after) {
        nowMs += wait;
        starts.note({ calls: before, perSeconds: 1 }, nowMs);
        begun.push(nowMs);
      }
      const rate = { calls: Math.min(before, change), perSeconds };
      assert.is(starts.allows(rate, nowMs), counted(begun, perSeconds, nowMs) < rate.calls);
    }),
  );
});

test('a rate that rises lets more calls through at once, and no more than it says', () => {
  const starts = new CallStarts();
  for (let i = 0; i < 20; i++) starts.note({ calls: 20, perSeconds: 1 }, i);
  const raised = { calls: 50, perSeconds: 1 };
  let more = 0;
  while (starts.allows(raised, 20)) {
    starts.note(raised, 20);
    more++;
  }
  assert.is(more, 30);
  assert.is(starts.within(raised, 20), 50);
});

test.run();
