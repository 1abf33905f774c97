/** The files in calendars/. */
import type { Findings } from '../findings.ts';
import type { ParsedCalendar } from '../parsed.ts';
import { shortened } from '../schema/findings.ts';
import { didYouMean } from '../schema/suggest.ts';
import type { CalendarException, DaySpan, ZoneOffsets } from '../snapshot.ts';
import type { Fields } from './fields.ts';
import { parseTime } from './time.ts';
import { zoneNames, zoneOffsets } from './time-zone.ts';

const minutesOfDay = 1440;
const dayMs = minutesOfDay * 60_000;
const dayNames = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

export function parseCalendar(
  name: string,
  fields: Fields,
  incomplete: boolean,
  findings: Findings,
): ParsedCalendar {
  const zone = parseZone(fields, findings);
  const week = parseWeek(fields);
  const exceptions = parseExceptions(fields, incomplete, findings);
  const isEmpty = [...week, ...exceptions.map(({ spans }) => spans)].every(spans => spans.length === 0);
  if (isEmpty && !incomplete) {
    findings.add('C4412', fields.place(), 'the calendar has no periods, so no moment ever lies in it');
  }
  return { name, place: fields.place(), zone, week, exceptions };
}

function parseZone(fields: Fields, findings: Findings): ZoneOffsets | null {
  const written = fields.textAt('timeZone');
  if (written === null) return null;
  const zone = zoneOffsets(written.text);
  if (zone !== null) return zone;
  const meant = didYouMean(written.text, zoneNames());
  findings.add('C4409', written.place, `there is no time zone "${shortened(written.text)}"${meant}`);
  return null;
}

function parseWeek(fields: Fields): readonly (readonly DaySpan[])[] {
  const week: DaySpan[][] = dayNames.map(() => []);
  for (const entry of fields.entries('periods')) {
    const span = parseSpan(entry);
    const days = entry.has('days')
      ? entry.texts('days').flatMap(({ text }) => daysOf(text))
      : [...week.keys()];
    for (const day of new Set(days)) week[day]!.push(span);
  }
  return week;
}

/** `fri`, or the days of a range: `sat-mon` goes over the end of the week. */
function daysOf(text: string): readonly number[] {
  const [first, last = first] = text.split('-').map(day => dayNames.indexOf(day));
  const count = ((last! - first! + 7) % 7) + 1;
  return Array.from({ length: count }, (_, i) => (first! + i) % 7);
}

function parseSpan(fields: Fields): DaySpan {
  const fromMinute = minuteOf(fields.text('from')!);
  const to = minuteOf(fields.text('to')!);
  return { fromMinute, untilMinute: to > fromMinute ? to : to + minutesOfDay };
}

function minuteOf(text: string): number {
  return Number(text.slice(0, 2)) * 60 + Number(text.slice(3));
}

function parseExceptions(
  fields: Fields,
  incomplete: boolean,
  findings: Findings,
): readonly CalendarException[] {
  const known: { readonly exception: CalendarException; readonly fields: Fields }[] = [];
  for (const entry of fields.entries('exceptions')) {
    const exception = parseException(entry, incomplete, findings);
    if (exception === null) continue;
    const { fromDay, untilDay } = exception;
    const other = known.find(({ exception: one }) => one.fromDay < untilDay && fromDay < one.untilDay);
    if (other === undefined) {
      known.push({ exception, fields: entry });
      continue;
    }
    const date = new Date(Math.max(fromDay, other.exception.fromDay) * dayMs).toISOString().slice(0, 10);
    const related = [{ ...other.fields.place(), message: 'the other one' }];
    findings.add('C4411', entry.place(), `${date} has an exception already`, { related });
  }
  return known.map(({ exception }) => exception).sort((a, b) => a.fromDay - b.fromDay);
}

/** `incomplete`: what is absent may be there and wrong, and has a finding already. */
function parseException(fields: Fields, incomplete: boolean, findings: Findings): CalendarException | null {
  const days = parseDates(fields, incomplete, findings);
  const isClosed = fields.boolean('closed');
  if (isClosed === fields.has('periods')) {
    const problem = isClosed
      ? 'an exception is either closed or has periods, not both'
      : 'an exception needs periods, or closed: true';
    if (isClosed || !incomplete) findings.add('C4410', fields.place(), problem);
    return null;
  }
  if (days === null) return null;
  return { ...days, spans: fields.entries('periods').map(parseSpan) };
}

function parseDates(
  fields: Fields,
  incomplete: boolean,
  findings: Findings,
): Pick<CalendarException, 'fromDay' | 'untilDay'> | null {
  const isRange = fields.has('firstDate') && fields.has('lastDate');
  const isSingle = fields.has('date') && !fields.has('firstDate') && !fields.has('lastDate');
  if (!isSingle && (!isRange || fields.has('date'))) {
    const message = 'an exception has either date, or firstDate and lastDate';
    if (!incomplete) findings.add('C4410', fields.place(), message);
    return null;
  }
  const first = parseDay(fields, isSingle ? 'date' : 'firstDate', findings);
  const last = isSingle ? first : parseDay(fields, 'lastDate', findings);
  if (first === null || last === null) return null;
  if (last < first) {
    const related = [{ ...fields.place('firstDate'), message: 'the first date' }];
    findings.add('C4410', fields.place('lastDate'), 'lastDate is before firstDate', { related });
    return null;
  }
  return { fromDay: first, untilDay: last + 1 };
}

/** Days since 1970-01-01. */
function parseDay(fields: Fields, key: string, findings: Findings): number | null {
  const written = fields.textAt(key);
  if (written === null) return null;
  const ms = parseTime(written.text);
  if (ms !== null) return ms / dayMs;
  findings.add('C4410', written.place, `${key} must be a date of the calendar, not "${written.text}"`);
  return null;
}
