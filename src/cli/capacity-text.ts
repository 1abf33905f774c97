/** Lines and call rates in use beside their limits, in a cell of a table. */
import type { CallRateReport } from '../live/operations.ts';

/** `3 of 30`; without a limit, `3`. */
export function linesInUse(use: { readonly activeLines: number; readonly lineLimit: number | null }): string {
  return use.lineLimit === null ? String(use.activeLines) : `${use.activeLines} of ${use.lineLimit}`;
}

/** `7 of 20/s`, `7 of 100/10s`; empty without a limit. */
export function callRateInUse(use: {
  readonly callRateLimit: CallRateReport | null;
  readonly callsInPeriod: number;
}): string {
  if (use.callRateLimit === null) return '';
  const { calls, perSeconds } = use.callRateLimit;
  return `${use.callsInPeriod} of ${calls}/${perSeconds === 1 ? '' : perSeconds}s`;
}
