/** The offsets of a time zone, from the database that Node brings. The switch itself only looks them up. */
import type { ZoneOffsets } from '../snapshot.ts';

const beginMs = Date.UTC(2020, 0, 1);
const endMs = Date.UTC(2070, 0, 1);
/** Shorter than any time between two changes: Morocco puts its clocks back for about a month. */
const stepMs = 7 * 86_400_000;

const known = new Map<string, ZoneOffsets | null>();

/** null when there is no time zone of this name. */
export function zoneOffsets(name: string): ZoneOffsets | null {
  const before = known.get(name);
  if (before !== undefined) return before;
  const clock = clockOf(name);
  const zone = clock === null ? null : changesOf(name, clock);
  known.set(name, zone);
  return zone;
}

/** All names that are worth suggesting. */
export function zoneNames(): readonly string[] {
  return [...Intl.supportedValuesOf('timeZone'), 'UTC'];
}

/** Reads the offset of the zone at an instant. */
type Clock = (atMs: number) => number;

function clockOf(name: string): Clock | null {
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
  return atMs => {
    const shown = /^(\d+)\/(\d+)\/(\d+), (\d+):(\d+):(\d+)$/.exec(format.format(atMs));
    if (shown === null) throw new Error(`the clock of ${name} cannot be read: ${format.format(atMs)}`);
    const [month, day, year, hour, minute, second] = shown.slice(1).map(Number);
    return Date.UTC(year!, month! - 1, day, hour, minute, second) - atMs;
  };
}

function changesOf(name: string, offset: Clock): ZoneOffsets {
  const changesAtMs: number[] = [];
  const offsetsMs = [offset(beginMs)];
  for (let atMs = beginMs; atMs < endMs; atMs += stepMs) {
    const nextMs = Math.min(atMs + stepMs, endMs);
    const after = offset(nextMs);
    if (after === offsetsMs.at(-1)) continue;
    changesAtMs.push(changeBetween(atMs, nextMs, after, offset));
    offsetsMs.push(after);
  }
  return { name, changesAtMs, offsetsMs };
}

/** The instant, to the second, from which the offset is `after`. */
function changeBetween(fromMs: number, untilMs: number, after: number, offset: Clock): number {
  let before = fromMs / 1000;
  let behind = untilMs / 1000;
  while (behind - before > 1) {
    const middle = Math.floor((before + behind) / 2);
    if (offset(middle * 1000) === after) behind = middle;
    else before = middle;
  }
  return behind * 1000;
}
