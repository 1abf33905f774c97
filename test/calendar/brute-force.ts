/** A calendar as a person reads it: look at a clock of the zone, then at the list of periods. */

export interface PlainPeriod {
  /** Monday is 0. */
  readonly day: number;
  readonly from: number;
  readonly until: number;
}

export interface PlainException {
  /** `YYYY-MM-DD` */
  readonly dates: readonly string[];
  readonly periods: readonly { readonly from: number; readonly until: number }[];
}

const clocks = new Map<string, Intl.DateTimeFormat>();
const days = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

export interface ClockTime {
  readonly date: string;
  /** Monday is 0. */
  readonly day: number;
  readonly minute: number;
}

export function clockTime(zone: string, atMs: number): ClockTime {
  const clock =
    clocks.get(zone) ??
    new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      hourCycle: 'h23',
      weekday: 'short',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
    });
  clocks.set(zone, clock);
  const parts = Object.fromEntries(clock.formatToParts(atMs).map(({ type, value }) => [type, value]));
  return {
    date: `${parts['year']}-${parts['month']}-${parts['day']}`,
    day: days.indexOf(parts['weekday']!),
    minute: Number(parts['hour']) * 60 + Number(parts['minute']),
  };
}

export function isInsideByHand(
  zone: string,
  periods: readonly PlainPeriod[],
  exceptions: readonly PlainException[],
  atMs: number,
): boolean {
  const today = clockTime(zone, atMs);
  const yesterday = dayBefore(today.date);
  const inDay = (date: string, day: number, minute: number) =>
    (
      exceptions.find(({ dates }) => dates.includes(date))?.periods ??
      periods.filter(period => period.day === day)
    ).some(({ from, until }) => from <= minute && minute < until);
  return (
    inDay(today.date, today.day, today.minute) || inDay(yesterday, (today.day + 6) % 7, today.minute + 1440)
  );
}

export function dayBefore(date: string): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);
}
