/** Local time of a zone, from its compiled table alone. */
import type { ZoneOffsets } from '../config/snapshot.ts';

/** What must be added to UTC (ms since 1970) at this instant to read the clocks of the zone, in ms. */
export function offsetAt(zone: ZoneOffsets, atMs: number): number {
  return zone.offsetsMs[changesUntil(zone, atMs)]!;
}

/** The first instant after `atMs` at which the clocks of the zone are put forward or back; Infinity when never. */
export function nextOffsetChange(zone: ZoneOffsets, atMs: number): number {
  return zone.changesAtMs[changesUntil(zone, atMs)] ?? Number.POSITIVE_INFINITY;
}

/** How many changes have happened at `atMs`. */
function changesUntil({ changesAtMs }: ZoneOffsets, atMs: number): number {
  let low = 0;
  let high = changesAtMs.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (changesAtMs[middle]! <= atMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
