/**
 * A replay in parts: each one is played from a fresh beginning and kept, so that an interrupted replay goes on with the
 * next one. They are cut by what was recorded, and always, so that an interruption changes nothing of what comes out.
 */
export interface Part {
  /** Calls from here on are counted (ms since 1970 UTC), up to, not including, `untilMs`. */
  readonly sinceMs: number;
  readonly untilMs: number;
  /** Calls from here on are played, to have the lines and the quality that there were at the beginning. */
  readonly warmUpMs: number;
  /** That are counted, and those that only warm up. */
  readonly calls: number;
  readonly warmUpCalls: number;
}

const hourMs = 3_600_000;
const warmUpHours = 1;

/** A part is at least so long, and has so many calls, so that the hour before it weighs little. */
export interface PartSize {
  readonly hours: number;
  readonly calls: number;
}

export const usualPartSize: PartSize = { hours: 6, calls: 500_000 };

export interface PartRange {
  readonly sinceMs: number;
  readonly untilMs: number;
  /** Calls that began in each hour since 1970, the earliest first. */
  readonly callsByHour: readonly (readonly [hour: number, calls: number])[];
  /** What a part has at least; null for one part, whatever its size. */
  readonly least: PartSize | null;
}

/** Parts that follow each other without a gap; none without a call. */
export function partsOf({ sinceMs, untilMs, callsByHour, least }: PartRange): readonly Part[] {
  const borders: number[] = [sinceMs];
  let calls = 0;
  for (const [hour, many] of callsByHour) {
    const startMs = hour * hourMs;
    const hours = (startMs - borders.at(-1)!) / hourMs;
    if (least !== null && hours >= least.hours && calls >= least.calls) {
      borders.push(startMs);
      calls = 0;
    }
    calls += many;
  }
  if (callsByHour.length === 0) return [];
  return borders.map((fromMs, index) => {
    const toMs = borders[index + 1] ?? untilMs;
    const warmUpMs = Math.max(sinceMs, fromMs - warmUpHours * hourMs);
    return {
      sinceMs: fromMs,
      untilMs: toMs,
      warmUpMs,
      calls: callsBetween(callsByHour, fromMs, toMs),
      warmUpCalls: callsBetween(callsByHour, warmUpMs, fromMs),
    };
  });
}

/** Borders within the range lie on full hours. */
function callsBetween(callsByHour: PartRange['callsByHour'], fromMs: number, untilMs: number): number {
  let calls = 0;
  for (const [hour, many] of callsByHour) {
    const startMs = hour * hourMs;
    if (startMs + hourMs > fromMs && startMs < untilMs) calls += many;
  }
  return calls;
}
