/** The calendars of a Snapshot; src/calendar reads them. */
import type { Source } from './source.ts';

/** Weekly periods by the clocks of a time zone, with dated exceptions; src/calendar reads it. */
export interface Calendar {
  readonly index: number;
  readonly name: string;
  readonly source: Source;
  readonly zone: ZoneOffsets;
  /** The periods that begin on each day of the week, Monday first: seven lists. */
  readonly week: readonly (readonly DaySpan[])[];
  /** In the order of their days, none overlapping another. On these days they stand in the place of the week's. */
  readonly exceptions: readonly CalendarException[];
}

/** In minutes since the midnight that begins its day: `fromMinute` is below 1440, `untilMinute` at most a day later. */
export interface DaySpan {
  readonly fromMinute: number;
  /** Exclusive. Above 1440 it lies on the next day. */
  readonly untilMinute: number;
}

export interface CalendarException {
  /** Days since 1970-01-01, by the calendar's own clocks. */
  readonly fromDay: number;
  /** Exclusive. */
  readonly untilDay: number;
  readonly spans: readonly DaySpan[];
}

/** What the clocks of a time zone show, from 2020 to 2070; before and after, its first and last offset count. */
export interface ZoneOffsets {
  /** IANA name. */
  readonly name: string;
  /** The instants at which the offset changes, ms since 1970 UTC, ascending. */
  readonly changesAtMs: readonly number[];
  /** ms to add to UTC: element i counts before `changesAtMs[i]`, the last one behind all changes. */
  readonly offsetsMs: readonly number[];
}
