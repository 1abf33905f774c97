/**
 * Where in a row of versions the answer-seizure ratio changed. Each version may have had few calls, so versions are not
 * compared one by one: the row is cut where what lies before and what lies behind differ the most, and each side is
 * looked at in turn (binary segmentation).
 */

/** Calls of one version, in the order in which versions served. */
export interface AnsweredOf {
  readonly calls: number;
  readonly answered: number;
}

export interface ChangePoint {
  /** The first version with the new ratio. */
  readonly index: number;
  readonly before: AnsweredOf;
  readonly after: AnsweredOf;
  /** That chance alone makes such a difference at this or any other of the places that were looked at, 0–1. */
  readonly chance: number;
}

/** A change is one that chance makes in fewer than one of a thousand questions. */
export const chanceMax = 0.001;
/** Each side of a change has at least this many calls. */
export const callsMin = 50;

/** In the order of the versions. */
export function changePoints(versions: readonly AnsweredOf[]): readonly ChangePoint[] {
  const found: number[] = [];
  cut(versions, 0, versions.length, Math.max(1, versions.length - 1), found);
  found.sort((a, b) => a - b);
  return found.map((index, place) => {
    const before = sum(versions, found[place - 1] ?? 0, index);
    const after = sum(versions, index, found[place + 1] ?? versions.length);
    return { index, before, after, chance: chanceOf(before, after, versions.length - 1) };
  });
}

function cut(
  versions: readonly AnsweredOf[],
  from: number,
  to: number,
  places: number,
  found: number[],
): void {
  let best: { readonly index: number; readonly distance: number } | null = null;
  for (let index = from + 1; index < to; index++) {
    const distance = distanceOf(sum(versions, from, index), sum(versions, index, to));
    if (distance !== null && (best === null || distance > best.distance)) best = { index, distance };
  }
  if (best === null || twoSidedChance(best.distance) * places >= chanceMax) return;
  found.push(best.index);
  cut(versions, from, best.index, places, found);
  cut(versions, best.index, to, places, found);
}

function sum(versions: readonly AnsweredOf[], from: number, to: number): AnsweredOf {
  let [calls, answered] = [0, 0];
  for (let index = from; index < to; index++) {
    calls += versions[index]!.calls;
    answered += versions[index]!.answered;
  }
  return { calls, answered };
}

/** In standard deviations (two-proportion z-test, pooled); null with too few calls to say anything. */
function distanceOf(one: AnsweredOf, other: AnsweredOf): number | null {
  if (one.calls < callsMin || other.calls < callsMin) return null;
  const pooled = (one.answered + other.answered) / (one.calls + other.calls);
  const variance = pooled * (1 - pooled) * (1 / one.calls + 1 / other.calls);
  if (variance === 0) return 0;
  return Math.abs(one.answered / one.calls - other.answered / other.calls) / Math.sqrt(variance);
}

/** Looking at many places finds something by chance more often, so the chances add up (Bonferroni). */
function chanceOf(before: AnsweredOf, after: AnsweredOf, places: number): number {
  return Math.min(1, twoSidedChance(distanceOf(before, after) ?? 0) * Math.max(1, places));
}

/**
 * That a standard normal value lies at least so far from 0, by a Chebyshev fit of the complementary error function whose
 * relative error is below 1.2 × 10⁻⁷ everywhere.
 */
export function twoSidedChance(distance: number): number {
  const z = Math.abs(distance) / Math.SQRT2;
  const t = 1 / (1 + z / 2);
  const coefficients = [
    -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587,
    -0.82215223, 0.17087277,
  ];
  const polynomial = coefficients.reduceRight((value, coefficient) => value * t + coefficient, 0);
  return t * Math.exp(-z * z + polynomial);
}
