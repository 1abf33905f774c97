/**
 * Classes of post-dial delay: a small fixed histogram instead of every delay, so that a high percentile costs neither
 * memory nor time that grows with the calls.
 */

/** Upper edges in ms, each belonging to its class. A longer delay counts in the last class. */
export const delayClassesMs: readonly number[] = [
  100, 200, 300, 400, 500, 700, 1_000, 1_500, 2_000, 2_500, 3_000, 4_000, 5_000, 6_000, 8_000, 10_000, 15_000,
  20_000, 30_000, 60_000, 120_000,
];

/** The class of a delay (ms). */
export function delayClassOf(delayMs: number): number {
  let first = 0;
  let last = delayClassesMs.length - 1;
  while (first < last) {
    const middle = (first + last) >> 1;
    if (delayMs <= delayClassesMs[middle]!) last = middle;
    else first = middle + 1;
  }
  return first;
}

/** The share of all delays that the high percentile leaves below it. */
export const highPercentile = 0.95;

/**
 * The upper edge (ms) of the class in which the delay lies that at least `share` of all are not above (nearest-rank
 * method); null without any delay.
 */
export function percentileOf(countsByClass: ArrayLike<number>, share: number): number | null {
  let all = 0;
  for (let index = 0; index < countsByClass.length; index++) all += countsByClass[index]!;
  if (all === 0) return null;
  const rank = Math.ceil(share * all);
  let counted = 0;
  for (let index = 0; index < countsByClass.length; index++) {
    counted += countsByClass[index]!;
    if (counted >= rank) return delayClassesMs[index]!;
  }
  throw new Error('the ranks go beyond the delays that were counted');
}
