import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { partsOf, usualPartSize } from '../../src/replay/parts.ts';

const test = suite('replay/parts');

const hourMs = 3_600_000;

/** Calls in each hour from the first on. */
function hours(counts: readonly number[], first = 0): readonly (readonly [number, number])[] {
  return counts.flatMap((calls, index) => (calls === 0 ? [] : [[first + index, calls] as const]));
}

test('parts follow each other without a gap, and count every call once', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat({ max: 50 }), { maxLength: 60 }),
      fc.record({ hours: fc.integer({ min: 1, max: 8 }), calls: fc.nat({ max: 200 }) }),
      (counts, least) => {
        const range = { sinceMs: 12_345, untilMs: 60 * hourMs + 1, callsByHour: hours(counts), least };
        const parts = partsOf(range);
        const calls = counts.reduce((sum, one) => sum + one, 0);

        assert.is(
          parts.reduce((sum, part) => sum + part.calls, 0),
          calls,
        );
        if (calls === 0) return;
        assert.is(parts[0]!.sinceMs, range.sinceMs);
        assert.is(parts.at(-1)!.untilMs, range.untilMs);
        for (const [index, part] of parts.entries()) {
          if (index > 0) assert.is(part.sinceMs, parts[index - 1]!.untilMs);
          assert.is(part.warmUpMs, Math.max(range.sinceMs, part.sinceMs - hourMs));
          if (index < parts.length - 1) {
            assert.ok(part.untilMs - part.sinceMs >= least.hours * hourMs);
            assert.ok(part.calls >= least.calls);
          }
        }
      },
    ),
  );
});

test('a day of a small carrier is one part, and one of a large carrier four', () => {
  const day = { sinceMs: 0, untilMs: 24 * hourMs, least: usualPartSize };

  assert.is(partsOf({ ...day, callsByHour: hours(new Array(24).fill(10_000)) }).length, 1);
  assert.is(partsOf({ ...day, callsByHour: hours(new Array(24).fill(400_000)) }).length, 4);
});

test('all at once is one part, and without any call there is none', () => {
  const day = { sinceMs: 0, untilMs: 24 * hourMs, least: null };

  assert.is(partsOf({ ...day, callsByHour: hours(new Array(24).fill(1_000_000)) }).length, 1);
  assert.equal(partsOf({ ...day, callsByHour: [] }), []);
});

test.run();
