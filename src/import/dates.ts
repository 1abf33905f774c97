/** Dates and times as vendors write them → ms since 1970 UTC. */
import type { DateOrder } from './options.ts';
import { quoted } from './problems.ts';

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const time =
  /^(?:(?:T|\s+|,\s*)(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?\s*([AP]M)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?)?$/i;
const yearFirst = /^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?!\d)(.*)$/;
const compact = /^(20\d{2})(\d{2})(\d{2})$/;
const yearLast = /^(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})(?!\d)(.*)$/;
const dayAndName = /^(\d{1,2})[-/. ]+([A-Za-z]{3,9})[-/. ,]+(\d{4}|\d{2})(?!\d)(.*)$/;
const nameAndDay = /^([A-Za-z]{3,9})[-/. ]+(\d{1,2}),?[-/. ]+(\d{4})(?!\d)(.*)$/;

/** Year, month and day, each possible order once, and the rest of the text. */
interface DateText {
  readonly readings: Readonly<Partial<Record<DateOrder, number>>>;
  readonly rest: string;
}

/** UTC midnight, or undefined when there is no such day. */
function day(year: string, month: string, dayOfMonth: string): number | undefined {
  const fullYear = year.length === 2 ? 2000 + Number(year) : Number(year);
  const ms = Date.UTC(fullYear, Number(month) - 1, Number(dayOfMonth));
  const date = new Date(ms);
  const exists = date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(dayOfMonth);
  return exists && fullYear >= 1970 && fullYear <= 9999 ? ms : undefined;
}

function always(ms: number | undefined, rest: string): DateText | null {
  return ms === undefined ? null : { readings: { ymd: ms, dmy: ms, mdy: ms }, rest };
}

function named(year: string, name: string, dayOfMonth: string, rest: string): DateText | null {
  const month = months.indexOf(name.slice(0, 3).toLowerCase()) + 1;
  return month === 0 ? null : always(day(year, String(month), dayOfMonth), rest);
}

function dateOf(text: string): DateText | null {
  let match = yearFirst.exec(text);
  if (match !== null) return always(day(match[1]!, match[3]!, match[4]!), match[5]!);
  match = compact.exec(text);
  if (match !== null) return always(day(match[1]!, match[2]!, match[3]!), '');
  match = dayAndName.exec(text);
  if (match !== null) return named(match[3]!, match[2]!, match[1]!, match[4]!);
  match = nameAndDay.exec(text);
  if (match !== null) return named(match[3]!, match[1]!, match[2]!, match[4]!);
  match = yearLast.exec(text);
  if (match === null) return null;
  const [, first, sign, second, last, rest] = match as unknown as [
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  const dmy = day(last, second, first);
  // Nobody puts the month first between dots.
  const mdy = sign === '.' ? undefined : day(last, first, second);
  const ymd = last.length === 2 && first.length === 2 ? day(first, second, last) : undefined;
  const readings = {
    ...(dmy === undefined ? {} : { dmy }),
    ...(mdy === undefined ? {} : { mdy }),
    ...(ymd === undefined ? {} : { ymd }),
  };
  return Object.keys(readings).length === 0 ? null : { readings, rest };
}

/** Cells that say that there is no date. */
export function isNoDate(text: string): boolean {
  return text === '' || /^(?:-+|n\/?a|none|never|null|0000-00-00(?: 00:00:00)?|\\N)$/i.test(text);
}

const orders = ['ymd', 'dmy', 'mdy'] as const;

/** Finds out, over all dates of a file, in which order day, month and year stand. */
export class DateSurvey {
  readonly #possible = new Set<DateOrder>(orders);
  readonly #unclear = new Map<string, DateText['readings']>();

  see(text: string): void {
    if (isNoDate(text) || this.#unclear.has(text)) return;
    const readings = dateOf(text)?.readings;
    if (readings === undefined || orders.every(order => readings[order] === readings.ymd)) return;
    this.#unclear.set(text, readings);
    for (const order of orders) {
      if (readings[order] === undefined) this.#possible.delete(order);
    }
  }

  verdict(): DateOrder | { readonly problem: string } {
    const possible = [...this.#possible];
    const [first] = possible;
    const say = 'say --date-format dmy, mdy or ymd';
    if (first === undefined) return { problem: `the dates of the file are not all in one order; ${say}` };
    for (const [text, readings] of this.#unclear) {
      if (possible.every(order => readings[order] === readings[first])) continue;
      return {
        problem: `whether ${quoted(text)} begins with the day, the month or the year cannot be said; ${say}`,
      };
    }
    return first;
  }
}

export interface Moment {
  readonly ms: number;
  /** No time of day was written. */
  readonly wholeDay: boolean;
  /** A time of day without a zone. */
  readonly zoneless: boolean;
  /** Something below the millisecond was cut off. */
  readonly cut: boolean;
}

/** A date or time in this order; null when it is none. */
export function readMoment(text: string, order: DateOrder, zoneMinutes: number): Moment | null {
  const date = dateOf(text);
  const ms = date?.readings[order];
  const match = date === null ? null : time.exec(date.rest.trimEnd());
  if (ms === undefined || match === null) return null;
  const [, hour, minute, second = '0', fraction = '', half, zone] = match;
  if (hour === undefined || minute === undefined) return { ms, wholeDay: true, zoneless: false, cut: false };
  const hours = hourOf(Number(hour), half);
  if (hours === null || Number(minute) > 59 || Number(second) > 59) return null;
  const offsetMinutes = zone === undefined ? zoneMinutes : zoneOffsetMinutes(zone);
  if (offsetMinutes === null) return null;
  const millis = Number(fraction.slice(0, 3).padEnd(3, '0'));
  const timeMs = ((hours * 60 + Number(minute) - offsetMinutes) * 60 + Number(second)) * 1000 + millis;
  // Midnight without a zone is how spreadsheets write a date.
  const wholeDay =
    zone === undefined && hours === 0 && Number(minute) === 0 && Number(second) === 0 && millis === 0;
  if (wholeDay) return { ms, wholeDay, zoneless: false, cut: false };
  return { ms: ms + timeMs, wholeDay, zoneless: zone === undefined, cut: /[1-9]/.test(fraction.slice(3)) };
}

function hourOf(hour: number, half: string | undefined): number | null {
  if (half === undefined) return hour < 24 ? hour : null;
  if (hour < 1 || hour > 12) return null;
  return (hour % 12) + (half.toUpperCase() === 'PM' ? 12 : 0);
}

/** `Z`, `UTC`, `GMT`, `+01:00` or `-0530` in minutes ahead of UTC; null for anything else. */
export function zoneOffsetMinutes(zone: string): number | null {
  if (/^(?:Z|UTC|GMT)$/i.test(zone)) return 0;
  const match = /^([+-])(\d{2}):?(\d{2})$/.exec(zone);
  if (match === null) return null;
  const minutes = Number(match[2]) * 60 + Number(match[3]);
  return Number(match[3]) > 59 || minutes > 14 * 60 ? null : match[1] === '-' ? -minutes : minutes;
}

/** `2026-01-31` when a day begins in UTC, else `2026-01-31T12:00:00Z`. */
export function formatMoment(ms: number): string {
  const iso = new Date(ms).toISOString();
  if (iso.endsWith('T00:00:00.000Z')) return iso.slice(0, 10);
  return iso.replace('.000Z', 'Z');
}
