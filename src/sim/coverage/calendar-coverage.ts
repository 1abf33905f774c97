/** Which periods of calendars, and which settings that count in them, decided about calls. */
import { partAt } from '../../calendar/calendar.ts';
import type {
  Account,
  Calendar,
  CalendarException,
  DaySpan,
  GatewayPeriod,
  GroupMembership,
  Snapshot,
} from '../../config/snapshot.ts';
import { decidingPlace } from '../../routing/setting-place.ts';
import { settingsAt } from '../../routing/timed-settings.ts';
import type { Elements } from './elements.ts';

/** A list of settings of which the first counts whose calendar the time lies in. */
type Timed = readonly { readonly calendar: number }[];

export class CalendarCoverage {
  readonly #snapshot: Snapshot;
  readonly #elements: Elements;

  constructor(snapshot: Snapshot, elements: Elements) {
    this.#snapshot = snapshot;
    this.#elements = elements;
    for (const calendar of snapshot.calendars) this.#defineCalendar(calendar);
    for (const [side, gateways] of [
      ['mapping', snapshot.mappingGateways],
      ['routing', snapshot.routingGateways],
    ] as const) {
      for (const { index, name, periods } of gateways) {
        for (const [place, { calendar, source }] of periods.entries()) {
          const key = `period ${side} ${index} ${place}`;
          elements.define(key, 'period', `${name}: ${this.#nameOf(calendar)}`, source);
        }
      }
    }
    this.#defineTimedTables();
    for (const { index, name, timedLines } of snapshot.gatewayGroups) {
      for (const [place, { calendar, lines, source }] of timedLines.entries()) {
        const text = `${name}: ${lines} lines, ${this.#nameOf(calendar)}`;
        elements.define(`timed group ${index} ${place}`, 'period', text, source);
      }
    }
  }

  /** The gateway had to do with a call. */
  gateway(
    side: 'mapping' | 'routing',
    {
      index,
      periods,
      groups,
    }: {
      readonly index: number;
      readonly periods: readonly GatewayPeriod[];
      readonly groups: readonly GroupMembership[];
    },
    atMs: number,
  ): void {
    this.#asked(periods, `period ${side} ${index}`, atMs);
    for (const { group } of groups) {
      this.#asked(this.#snapshot.gatewayGroups[group]!.timedLines, `timed group ${group}`, atMs);
    }
  }

  /** A call of the account was priced. */
  account({ index, timedRateTables }: Account, atMs: number): void {
    this.#asked(timedRateTables, `timed account ${index}`, atMs);
  }

  #asked(timed: Timed, key: string, atMs: number): void {
    if (timed.length === 0) return;
    const { calendarInside } = settingsAt(this.#snapshot, atMs);
    for (const [place, { calendar }] of timed.entries()) {
      this.#calendarAsked(this.#snapshot.calendars[calendar]!, atMs);
      if (calendarInside[calendar] !== 1) continue;
      this.#elements.hit(`${key} ${place}`);
      return;
    }
  }

  #calendarAsked(calendar: Calendar, atMs: number): void {
    const { exception, span } = partAt(calendar, atMs);
    if (exception !== null) this.#elements.hit(exceptionKey(calendar, exception));
    else if (span !== null) this.#elements.hit(spanKey(calendar, span));
  }

  #defineCalendar(calendar: Calendar): void {
    const { name, source, week, exceptions } = calendar;
    const daysOf = new Map<string, { readonly text: string; readonly days: string[] }>();
    for (const [day, spans] of week.entries()) {
      for (const span of spans) {
        const key = spanKey(calendar, span);
        const known = daysOf.get(key);
        if (known === undefined) daysOf.set(key, { text: spanText(span), days: [dayNames[day]!] });
        else if (!known.days.includes(dayNames[day]!)) known.days.push(dayNames[day]!);
      }
    }
    for (const [key, { text, days }] of daysOf) {
      this.#elements.define(key, 'calendar', `${name}: ${text} ${days.join(' ')}`, source);
    }
    for (const exception of exceptions) {
      const { fromDay, untilDay } = exception;
      const until = untilDay - fromDay > 1 ? ` to ${dateText(untilDay - 1)}` : '';
      const text = `${name}: ${dateText(fromDay)}${until}`;
      this.#elements.define(exceptionKey(calendar, exception), 'calendar', text, source);
    }
  }

  #defineTimedTables(): void {
    const { accounts, rateTables } = this.#snapshot;
    for (const account of accounts) {
      const source = decidingPlace(account, 'rateTables');
      for (const [place, { calendar, rateTable }] of account.timedRateTables.entries()) {
        const text = `${account.name}: ${rateTables[rateTable]!.name}, ${this.#nameOf(calendar)}`;
        this.#elements.define(`timed account ${account.index} ${place}`, 'period', text, source);
      }
    }
  }

  #nameOf(calendar: number): string {
    return this.#snapshot.calendars[calendar]!.name;
  }
}

const dayNames = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

/** Periods of the same hours are one, on whatever days of the week they begin. */
function spanKey({ index }: Calendar, { fromMinute, untilMinute }: DaySpan): string {
  return `calendar ${index} ${fromMinute} ${untilMinute}`;
}

function exceptionKey({ index }: Calendar, { fromDay }: CalendarException): string {
  return `calendar ${index} exception ${fromDay}`;
}

function spanText({ fromMinute, untilMinute }: DaySpan): string {
  return `${clockText(fromMinute)}-${clockText(untilMinute > 1440 ? untilMinute - 1440 : untilMinute)}`;
}

function clockText(minute: number): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}

function dateText(day: number): string {
  return new Date(day * 86_400_000).toISOString().slice(0, 10);
}
