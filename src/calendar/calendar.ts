/**
 * Whether a moment lies in a calendar, and when that changes. It goes by what the clocks of the calendar's zone show:
 * an hour that is repeated when they are put back counts both times, and one that is skipped does not exist.
 */
import type { Calendar, CalendarException, DaySpan } from '../config/snapshot.ts';
import { nextOffsetChange, offsetAt } from './time-zone.ts';

const minuteMs = 60_000;
const dayMs = 1440 * minuteMs;
/** A change that the weekly periods make comes within a week, or in the next one when a skipped hour hid it. */
const longestWaitMs = 16 * dayMs;

/** Whether `atMs` (ms since 1970 UTC) lies in the calendar. */
export function isInside(calendar: Calendar, atMs: number): boolean {
  const local = atMs + offsetAt(calendar.zone, atMs);
  const day = Math.floor(local / dayMs);
  const minute = Math.floor((local - day * dayMs) / minuteMs);
  // Periods belong to the day on which they begin, so those of the day before may reach into this one.
  return isWithin(spansOf(calendar, day), minute) || isWithin(spansOf(calendar, day - 1), minute + 1440);
}

/** What of a calendar a moment lies in. */
export interface CalendarPart {
  /** The exception that stands in the place of the week's periods then; null without one. */
  readonly exception: CalendarException | null;
  /** The period of the exception or of the week, in minutes of the day on which it begins; null outside of all. */
  readonly span: DaySpan | null;
}

/** The part of the calendar that `atMs` (ms since 1970 UTC) lies in; a `span` is there exactly when `isInside`. */
export function partAt(calendar: Calendar, atMs: number): CalendarPart {
  const local = atMs + offsetAt(calendar.zone, atMs);
  const day = Math.floor(local / dayMs);
  const minute = Math.floor((local - day * dayMs) / minuteMs);
  for (const [from, at] of [
    [day, minute],
    [day - 1, minute + 1440],
  ] as const) {
    const span = spansOf(calendar, from).find(one => one.fromMinute <= at && at < one.untilMinute);
    if (span !== undefined) return { exception: exceptionOn(calendar.exceptions, from), span };
  }
  return { exception: exceptionOn(calendar.exceptions, day), span: null };
}

/**
 * The first instant after `atMs` (ms since 1970 UTC) from which `isInside` gives the other answer; Infinity when
 * there is none.
 */
export function nextChange(calendar: Calendar, atMs: number): number {
  const inside = isInside(calendar, atMs);
  const lastException = calendar.exceptions.at(-1);
  const settledMs = lastException === undefined ? atMs : Math.max(atMs, lastException.untilDay * dayMs);
  let at = atMs;
  while (at < settledMs + longestWaitMs) {
    at = nextEdge(calendar, at);
    if (isInside(calendar, at) !== inside) return at;
  }
  return Number.POSITIVE_INFINITY;
}

/** The next instant at which a period may begin or end, or the clocks change; at the latest the next midnight. */
function nextEdge(calendar: Calendar, atMs: number): number {
  const offset = offsetAt(calendar.zone, atMs);
  const local = atMs + offset;
  const day = Math.floor(local / dayMs);
  let next = (day + daysWithoutEdge(calendar, day)) * dayMs;
  for (const [from, spans] of [
    [day, spansOf(calendar, day)],
    [day - 1, spansOf(calendar, day - 1)],
  ] as const) {
    for (const { fromMinute, untilMinute } of spans) {
      for (const minute of [fromMinute, untilMinute]) {
        const edge = from * dayMs + minute * minuteMs;
        if (edge > local && edge < next) next = edge;
      }
    }
  }
  return Math.min(next - offset, nextOffsetChange(calendar.zone, atMs));
}

/** From this day on, at least 1: more when nothing but a far exception can make a difference. */
function daysWithoutEdge({ week, exceptions }: Calendar, day: number): number {
  const isUniform = week.every(spans => spans.length === 0) || week.every(isWholeDay);
  if (!isUniform) return 1;
  const coming = exceptions.find(({ untilDay }) => untilDay > day);
  if (coming === undefined) return longestWaitMs / dayMs;
  return Math.max(1, coming.fromDay - day);
}

function isWholeDay(spans: readonly DaySpan[]): boolean {
  return spans.some(({ fromMinute, untilMinute }) => fromMinute === 0 && untilMinute >= 1440);
}

/** The periods that begin on this day (days since 1970-01-01): those of an exception, else of its day of the week. */
function spansOf({ week, exceptions }: Calendar, day: number): readonly DaySpan[] {
  const exception = exceptionOn(exceptions, day);
  if (exception !== null) return exception.spans;
  // 1970-01-01 was a Thursday.
  return week[(((day + 3) % 7) + 7) % 7]!;
}

function exceptionOn(exceptions: readonly CalendarException[], day: number): CalendarException | null {
  let low = 0;
  let high = exceptions.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (exceptions[middle]!.untilDay <= day) low = middle + 1;
    else high = middle;
  }
  const found = exceptions[low];
  return found !== undefined && found.fromDay <= day ? found : null;
}

function isWithin(spans: readonly DaySpan[], minute: number): boolean {
  return spans.some(({ fromMinute, untilMinute }) => fromMinute <= minute && minute < untilMinute);
}
