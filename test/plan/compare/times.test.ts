import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isInside } from '../../../src/calendar/calendar.ts';
import { zoneOffsets } from '../../../src/config/parse/time-zone.ts';
import type { Calendar, DaySpan } from '../../../src/config/snapshot.ts';
import { momentsOf } from '../../../src/plan/compare/times.ts';
import { sourceOf } from '../../support/gateway-builder.ts';
import { buildSnapshot } from '../../support/snapshot-builder.ts';

const test = suite('plan/compare/times');

type Written = Omit<Calendar, 'index'>;

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const nowMs = Date.parse('2026-07-01T12:00:00Z');
const today = Math.floor(nowMs / dayMs);

function daily(
  name: string,
  zone: string,
  from: string,
  until: string,
  more: Partial<Written> = {},
): Written {
  const span = { fromMinute: minuteOf(from), untilMinute: minuteOf(until) };
  return {
    name,
    source: sourceOf(`calendars/${name}.yaml`),
    zone: zoneOffsets(zone)!,
    week: Array.from({ length: 7 }, () => [span]),
    exceptions: [],
    ...more,
  };
}

function minuteOf(text: string): number {
  const [hours, minutes] = text.split(':').map(Number);
  return hours! * 60 + minutes!;
}

function statesOf(...calendars: readonly Written[]): string[] {
  const snapshot = buildSnapshot({ calendars });
  const { moments, leftOut } = momentsOf(snapshot, buildSnapshot({}), nowMs, 1000);
  assert.is(leftOut, 0);
  return moments.map(({ time }) => time.calendars.join('+')).sort();
}

test('calendars of two zones meet in winter that do not meet in summer', () => {
  const london = daily('london', 'Europe/London', '09:00', '10:00');
  const utc = daily('utc', 'UTC', '09:30', '10:30');

  assert.equal(statesOf(london, utc), ['', 'london', 'london+utc', 'utc']);
});

test('a holiday after many years of busy days is a state of its own', () => {
  const spans = Array.from({ length: 12 }, (_, i) => ({ fromMinute: i * 120, untilMinute: i * 120 + 60 }));
  const busy = daily('busy', 'UTC', '00:00', '01:00', { week: Array.from({ length: 7 }, () => spans) });
  const never = { week: Array.from({ length: 7 }, () => []) };
  const far = {
    fromDay: today + 2000,
    untilDay: today + 2001,
    spans: [{ fromMinute: 0, untilMinute: 1440 }],
  };
  const holiday = daily('holiday', 'UTC', '00:00', '01:00', { ...never, exceptions: [far] });

  assert.equal(statesOf(busy, holiday), ['', 'busy', 'busy+holiday', 'holiday']);
});

test('a state is told from its very first moment on', () => {
  const snapshot = buildSnapshot({ calendars: [daily('noon', 'UTC', '13:00', '14:00')] });
  const { moments } = momentsOf(snapshot, snapshot, nowMs, 10);

  assert.equal(
    moments.map(({ time }) => [time.at, time.calendars]),
    [
      ['2026-07-01T12:00:00.000Z', []],
      ['2026-07-01T13:00:00.000Z', ['noon']],
    ],
  );
});

const span: fc.Arbitrary<DaySpan> = fc
  .tuple(fc.integer({ min: 0, max: 47 }), fc.integer({ min: 1, max: 47 }))
  .map(([from, length]) => ({ fromMinute: from * 30, untilMinute: (from + length) * 30 }));

const calendar = fc
  .record({
    zone: fc.constantFrom('UTC', 'Europe/London', 'America/New_York', 'Pacific/Auckland', 'Asia/Kathmandu'),
    week: fc.array(fc.array(span, { maxLength: 2 }), { minLength: 7, maxLength: 7 }),
    exceptionFrom: fc.integer({ min: 0, max: 380 }),
    exceptionDays: fc.integer({ min: 0, max: 20 }),
    spans: fc.array(span, { maxLength: 1 }),
  })
  .map(({ zone, week, exceptionFrom, exceptionDays, spans }, index = 0): Written => {
    const fromDay = today + exceptionFrom;
    return {
      name: `c${index}`,
      source: sourceOf('calendars/any.yaml'),
      zone: zoneOffsets(zone)!,
      week,
      exceptions: exceptionDays === 0 ? [] : [{ fromDay, untilDay: fromDay + exceptionDays, spans }],
    };
  });

test('whatever calendars come to together within a year, some moment stands for it', () => {
  fc.assert(
    fc.property(fc.array(calendar, { minLength: 1, maxLength: 3 }), written => {
      const named = written.map((one, index) => ({ ...one, name: `c${index}` }));
      const snapshot = buildSnapshot({ calendars: named });
      const { moments } = momentsOf(snapshot, buildSnapshot({}), nowMs, 1000);
      const told = new Set(moments.map(({ time }) => time.calendars.join()));
      for (let atMs = nowMs; atMs < nowMs + 366 * dayMs; atMs += hourMs / 2) {
        const inside = snapshot.calendars.filter(one => isInside(one, atMs)).map(({ name }) => name);
        assert.ok(told.has(inside.join()), `${inside} at ${new Date(atMs).toISOString()}`);
      }
    }),
    { numRuns: 40, seed: 5 },
  );
});

test.run();
