/** Lengths of time as scenario files write them. */

const msOf: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** The longest that a scenario can speak of: a year. */
export const longestDurationMs = 31_536_000_000;

/** ms of `500ms`, `2s`, `1.5s`, `1m30s`, `2h`; null for anything else. Of ms any fraction is kept, of the rest 10⁻⁶ ms. */
export function parseDuration(text: string): number | null {
  if (!/^(?:\d+(?:\.\d+)?(?:ms|s|m|h))+$/.test(text)) return null;
  let total = 0;
  for (const [, digits, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)) {
    const ms = Number(digits) * msOf[unit!]!;
    total += unit === 'ms' ? ms : Math.round(ms * 1e6) / 1e6;
  }
  return total;
}

/** As a person writes it: `500ms`, `61.5s`, `120s`. `parseDuration` reads the same from it. */
export function durationText(ms: number): string {
  return ms >= 1000 && Number.isInteger(ms) ? `${ms / 1000}s` : `${ms}ms`;
}
