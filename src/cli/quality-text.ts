/** Measured quality in a cell of a table; empty for what is not known. */

/** `47.3 %` of a ratio 0–1. */
export function percentText(ratio: number | null): string {
  return ratio === null ? '' : `${(ratio * 100).toFixed(1)} %`;
}

/** `93.5 s` */
export function secondsText(seconds: number | null, decimals: number): string {
  return seconds === null ? '' : `${seconds.toFixed(decimals)} s`;
}
