import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isInside, nextChange, partAt } from '../../src/calendar/calendar.ts';
import { offsetAt } from '../../src/calendar/time-zone.ts';
import { zoneOffsets } from '../../src/config/parse/time-zone.ts';
import type { Calendar, DaySpan } from '../../src/config/snapshot.ts';
import { clockTime, isInsideByHand, type PlainException, type PlainPeriod } from './brute-force.ts';

const test = suite('calendar/calendar');

const minuteMs = 60_000;
const dayMs = 1440 * minuteMs;

const zones = [
  'Europe/London',
  'America/New_York',
  'America/St_Johns',
  'Australia/Lord_Howe',
  'Africa/Casablanca',
  'Africa/Cairo',
  'Asia/Kathmandu',
  'Asia/Beirut',
  'Pacific/Apia',
  'UTC',
];

function calendarOf(
  zone: string,
  periods: readonly PlainPeriod[],
  exceptions: readonly PlainException[] = [],
): Calendar {
  const spans = (given: readonly { readonly from: number; readonly until: number }[]): DaySpan[] =>
    given.map(({ from, until }) => ({ fromMinute: from, untilMinute: until }));
  return {
    index: 0,
    name: 'test',
    source: { file: 'calendars/test.yaml', line: 1, column: 1 },
    zone: zoneOffsets(zone)!,
    week: [0, 1, 2, 3, 4, 5, 6].map(day => spans(periods.filter(period => period.day === day))),
    exceptions: exceptions.map(({ dates, periods: own }) => ({
      fromDay: dayOf(dates[0]!),
      untilDay: dayOf(dates.at(-1)!) + 1,
      spans: spans(own),
    })),
  };
}

function dayOf(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) / dayMs;
}

const at = (text: string): number => Date.parse(text);
const weekdays = [0, 1, 2, 3, 4];
const office = weekdays.map(day => ({ day, from: 8 * 60, until: 18 * 60 }));

test('goes by the clocks of the zone, in summer and in winter', () => {
  const london = calendarOf('Europe/London', office);
  // Wednesdays: London is an hour before UTC in July.
  assert.not.ok(isInside(london, at('2026-07-01T06:59:59Z')));
  assert.ok(isInside(london, at('2026-07-01T07:00:00Z')));
  assert.ok(isInside(london, at('2026-07-01T16:59:59Z')));
  assert.not.ok(isInside(london, at('2026-07-01T17:00:00Z')));
  assert.not.ok(isInside(london, at('2026-12-02T07:59:59Z')));
  assert.ok(isInside(london, at('2026-12-02T08:00:00Z')));
  assert.not.ok(isInside(london, at('2026-07-04T12:00:00Z')));
});

test('an hour that the clocks repeat counts twice, and one that they skip never', () => {
  const sundayNight = calendarOf('Europe/London', [{ day: 6, from: 60, until: 120 }]);
  // Back from 02:00 to 01:00 at 01:00 UTC on 2026-10-25; forward from 01:00 to 02:00 at 01:00 UTC on 2026-03-29.
  assert.is(nextChange(sundayNight, at('2026-10-24T12:00:00Z')), at('2026-10-25T00:00:00Z'));
  assert.is(nextChange(sundayNight, at('2026-10-25T00:30:00Z')), at('2026-10-25T02:00:00Z'));
  assert.is(nextChange(sundayNight, at('2026-03-28T12:00:00Z')), at('2026-04-05T00:00:00Z'));
});

test('a period across midnight belongs to the day on which it begins', () => {
  const nights = calendarOf(
    'Europe/London',
    [{ day: 3, from: 18 * 60, until: 32 * 60 }],
    [{ dates: ['2026-12-25'], periods: [] }],
  );
  // 2026-12-24 is a Thursday: its night reaches into the holiday.
  assert.ok(isInside(nights, at('2026-12-24T23:59:00Z')));
  assert.ok(isInside(nights, at('2026-12-25T07:59:00Z')));
  assert.not.ok(isInside(nights, at('2026-12-25T08:00:00Z')));
  const closed = calendarOf(
    'Europe/London',
    [{ day: 3, from: 18 * 60, until: 32 * 60 }],
    [{ dates: ['2026-12-24'], periods: [] }],
  );
  assert.not.ok(isInside(closed, at('2026-12-24T20:00:00Z')));
  assert.not.ok(isInside(closed, at('2026-12-25T07:00:00Z')));
});

test('never changes when it is always or never', () => {
  assert.is(nextChange(calendarOf('Europe/London', []), at('2026-01-01T00:00:00Z')), Infinity);
  assert.is(nextChange(calendarOf('Europe/London', always), at('2026-01-01T00:00:00Z')), Infinity);
  const holiday = calendarOf('Europe/London', always, [{ dates: ['2041-07-01'], periods: [] }]);
  assert.is(nextChange(holiday, at('2026-01-01T00:00:00Z')), at('2041-06-30T23:00:00Z'));
  assert.is(nextChange(holiday, at('2041-07-01T00:00:00Z')), at('2041-07-01T23:00:00Z'));
  assert.is(nextChange(holiday, at('2041-07-02T00:00:00Z')), Infinity);
});

const anyZone = fc.constantFrom(...zones);
const anySpan = fc
  .tuple(fc.integer({ min: 0, max: 1439 }), fc.integer({ min: 1, max: 1440 }))
  .map(([from, length]) => ({ from, until: from + length }));
const always = [0, 1, 2, 3, 4, 5, 6].map(day => ({ day, from: 0, until: 1440 }));
const anyPeriods = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.array(
      fc.tuple(fc.integer({ min: 0, max: 6 }), anySpan).map(([day, span]) => ({ day, ...span })),
      { maxLength: 6 },
    ),
  },
  { weight: 1, arbitrary: fc.constant(always) },
);

/** An instant near a change of the clocks, or any other one. */
const anyMoment = fc
  .tuple(anyZone, fc.nat(1000), fc.integer({ min: -3 * 1440, max: 3 * 1440 }), fc.boolean(), fc.nat(dayMs))
  .map(([zone, pick, minutes, near, rest]) => {
    const { changesAtMs } = zoneOffsets(zone)!;
    const change = changesAtMs[pick % Math.max(1, changesAtMs.length)];
    const base =
      near && change !== undefined ? change : at('2021-01-01T00:00:00Z') + pick * 17 * dayMs + rest;
    return { zone, atMs: base + minutes * minuteMs };
  });

/** One to three dates around the moment, each with an exception of its own or all in one. */
const anyExceptions = fc.array(
  fc.tuple(fc.integer({ min: 0, max: 2 }), fc.array(anySpan, { maxLength: 2 })),
  {
    maxLength: 3,
  },
);

function exceptionsAround(
  zone: string,
  atMs: number,
  given: readonly (readonly [number, readonly { readonly from: number; readonly until: number }[]])[],
): PlainException[] {
  let day = dayOf(clockTime(zone, atMs).date) - 2;
  return given.map(([longer, periods]) => {
    const dates = Array.from({ length: longer + 1 }, () =>
      new Date(day++ * dayMs).toISOString().slice(0, 10),
    );
    day += longer;
    return { dates, periods };
  });
}

test('the compiled offsets are those of the zone at any moment', () => {
  fc.assert(
    fc.property(anyMoment, ({ zone, atMs }) => {
      const { date, minute } = clockTime(zone, atMs);
      const local = Math.floor((atMs + offsetAt(zoneOffsets(zone)!, atMs)) / minuteMs) * minuteMs;
      assert.is(local, at(`${date}T00:00:00Z`) + minute * minuteMs);
    }),
    { numRuns: 2000 },
  );
});

test('a moment is inside when a look at the clock and at the periods says so', () => {
  fc.assert(
    fc.property(anyMoment, anyPeriods, anyExceptions, ({ zone, atMs }, periods, given) => {
      const exceptions = exceptionsAround(zone, atMs, given);
      const calendar = calendarOf(zone, periods, exceptions);
      for (const moment of [atMs, atMs - 30 * minuteMs, atMs + 90 * minuteMs, atMs + 2 * dayMs]) {
        assert.is(isInside(calendar, moment), isInsideByHand(zone, periods, exceptions, moment));
      }
    }),
    { numRuns: 1000 },
  );
});

test('the part that a moment lies in has a period exactly when the moment is inside', () => {
  fc.assert(
    fc.property(anyMoment, anyPeriods, anyExceptions, ({ zone, atMs }, periods, given) => {
      const exceptions = exceptionsAround(zone, atMs, given);
      const { span, exception } = partAt(calendarOf(zone, periods, exceptions), atMs);
      assert.is(span !== null, isInsideByHand(zone, periods, exceptions, atMs));
      if (span === null) {
        const { date } = clockTime(zone, atMs);
        assert.is(
          exception !== null,
          exceptions.some(({ dates }) => dates.includes(date)),
        );
      }
    }),
    { numRuns: 1000 },
  );
});

test('a period belongs to the exception, or to the week, of the day on which it begins', () => {
  const nights = calendarOf(
    'UTC',
    [...weekdays, 5, 6].map(day => ({ day, from: 18 * 60, until: 26 * 60 })),
    [{ dates: ['2026-12-25'], periods: [{ from: 60, until: 120 }] }],
  );
  const part = (text: string) => {
    const { exception, span } = partAt(nights, at(text));
    return [exception?.fromDay ?? null, span?.fromMinute ?? null];
  };
  assert.equal(part('2026-12-25T01:30:00Z'), [dayOf('2026-12-25'), 60]);
  assert.equal(part('2026-12-25T00:30:00Z'), [null, 18 * 60]);
  assert.equal(part('2026-12-25T12:00:00Z'), [dayOf('2026-12-25'), null]);
  assert.equal(part('2026-12-26T01:00:00Z'), [null, null]);
  assert.equal(part('2026-12-26T19:00:00Z'), [null, 18 * 60]);
});

test('the next change is the first minute with another answer', () => {
  fc.assert(
    fc.property(anyMoment, anyPeriods, anyExceptions, ({ zone, atMs }, periods, given) => {
      const calendar = calendarOf(zone, periods, exceptionsAround(zone, atMs, given));
      const now = isInside(calendar, atMs);
      const next = nextChange(calendar, atMs);
      let minute = Math.floor(atMs / minuteMs) * minuteMs + minuteMs;
      const horizon = minute + 20 * dayMs;
      while (minute < horizon && isInside(calendar, minute) === now) minute += minuteMs;
      assert.is(Math.min(next, horizon), minute);
    }),
    { numRuns: 150 },
  );
});

test.run();
