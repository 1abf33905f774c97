import { zoneOffsets } from '../../src/config/parse/time-zone.ts';
import type { Calendar } from '../../src/config/snapshot.ts';

/** A calendar with one period on every day, by UTC, in minutes since midnight. */
export function dailyCalendar(
  name: string,
  fromMinute: number,
  untilMinute: number,
): Omit<Calendar, 'index'> {
  return {
    name,
    source: { file: `calendars/${name}.yaml`, line: 1, column: 1 },
    zone: zoneOffsets('UTC')!,
    week: Array.from({ length: 7 }, () => [{ fromMinute, untilMinute }]),
    exceptions: [],
  };
}
