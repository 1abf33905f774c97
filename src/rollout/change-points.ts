/**
 * Where in a row of versions a figure changed. Each version may have had few calls, so versions are not compared one by
 * one: of all stretches of versions the one is cut out that differs the most from the rest of the row, and what is left
 * and what was cut out are looked at in turn (circular binary segmentation, Olshen and others, Biostatistics 5, 2004).
 * A stretch that reaches to an end of the row is a change, and one within it two: worse, and mended.
 *
 * Calls are not drawn from an urn. Figures go up and down with the hour and come in bursts, so that with many calls
 * everything differs significantly from everything else. Three things keep a version from being blamed for that: chance
 * is what hours of one and the same version differ by, and not what single calls do; the difference has to be worth
 * somebody's time; and most of it has to be there at once, among the calls right before and right behind the change, as a
 * step that stands out among those from hour to hour within versions.
 */

/** Some values that belong together, a ratio being the mean of zeros and ones. */
export interface Sample {
  readonly count: number;
  readonly sum: number;
  readonly sumOfSquares: number;
}

/** The samples of one version, in the order of time, of an hour each or less. */
export type SampledVersion = readonly Sample[];

export interface ChangePoint {
  /** The first version with the new mean. */
  readonly index: number;
  readonly before: Sample;
  readonly after: Sample;
  /** That chance alone makes such a difference at this or any other of the places that were looked at, 0–1. */
  readonly chance: number;
}

export interface ChangeRule {
  /** Each side of a change has at least so many values. */
  readonly countMin: number;
  /** A smaller difference of means is no change; in the unit of the values, or relative to the mean of both sides. */
  readonly differenceMin: { readonly absolute: number } | { readonly relative: number };
  /** In how many figures changes are looked for; each makes a chance find likelier. */
  readonly figures: number;
}

export interface Changes {
  /** In the order of the versions. */
  readonly found: readonly ChangePoint[];
  /** False when no place has enough values on both sides to say anything. */
  readonly isEnough: boolean;
}

/** A change is one that chance makes in fewer than one of ten thousand questions, since chance is never all there is. */
export const chanceMax = 0.0001;

/** What counts as right before and right behind: samples of so many values together, when there are so many. */
const nearbyCount = 500;
/** Of the difference has to be there at once; what comes little by little is no version's doing. */
const nearbyShare = 0.5;
/** So many times as large as usual is a step that stands out. */
const stepMin = 3;
/** Of the median of what is normally distributed and of either sign: how far it is from 0 as a rule. */
const deviationOfMedian = 1.4826;

/** The mean of fewer values says nothing of the hour that they come from. */
const sampleMin = 10;
/** Longer stretches within a row are found by their two ends, one after the other. */
const innerMax = 50;

const none: Sample = { count: 0, sum: 0, sumOfSquares: 0 };

export function changePoints(versions: readonly SampledVersion[], rule: ChangeRule): Changes {
  const search = new Search(versions, rule);
  search.cut(0, versions.length);
  const cuts = [...search.cuts].sort((a, b) => a - b);
  const found = cuts.map((index, place) => {
    const before = search.sum(cuts[place - 1] ?? 0, index);
    const after = search.sum(index, cuts[place + 1] ?? versions.length);
    return { index, before, after, chance: search.chanceOf(search.distance(before, after)) };
  });
  return { found, isEnough: search.isEnough };
}

/** Of versions, from one index up to, and not including, another. */
interface Stretch {
  readonly begin: number;
  readonly end: number;
  /** From the rest of the row, in standard deviations. */
  readonly distance: number;
}

class Search {
  readonly cuts: number[] = [];
  isEnough = false;
  readonly #versions: readonly SampledVersion[];
  readonly #rule: ChangeRule;
  /** Of all versions before the one with this index. */
  readonly #sums: readonly Sample[];
  readonly #dispersion: number;
  readonly #usualStep: number;

  constructor(versions: readonly SampledVersion[], rule: ChangeRule) {
    this.#versions = versions;
    this.#rule = rule;
    const sums = [none];
    for (const samples of versions) sums.push(samples.reduce(plus, sums.at(-1)!));
    this.#sums = sums;
    this.#dispersion = dispersionOf(versions);
    this.#usualStep = usualStepOf(versions);
  }

  cut(from: number, to: number): void {
    const best = this.#mostDifferent(from, to);
    if (best === null || this.chanceOf(best.distance) >= chanceMax) return;
    const cuts = [best.begin, best.end].filter(index => index > from && index < to);
    this.cuts.push(...cuts);
    const edges = [from, ...cuts, to];
    for (let edge = 1; edge < edges.length; edge += 1) this.cut(edges[edge - 1]!, edges[edge]!);
  }

  #mostDifferent(from: number, to: number): Stretch | null {
    let best: Stretch | null = null;
    for (let begin = from; begin < to; begin += 1) {
      for (let end = begin + 1; end <= to; end += 1) {
        if (begin === from && end === to) continue;
        if (begin > from && end < to && end - begin > innerMax) continue;
        const parts = [this.sum(from, begin), this.sum(begin, end), this.sum(end, to)] as const;
        if (parts.some(({ count }, place) => count < this.#rule.countMin && !isEmpty(place, begin, end)))
          continue;
        this.isEnough = true;
        const [before, within, behind] = parts;
        const rest = plus(before, behind);
        const distance = this.distance(rest, within);
        if (best !== null && distance <= best.distance) continue;
        if (!this.#isWorthIt(rest, within)) continue;
        const starts = begin === from || this.#isThereAtOnce(from, begin, end);
        if (starts && (end === to || this.#isThereAtOnce(begin, end, to))) best = { begin, end, distance };
      }
    }
    return best;

    function isEmpty(place: number, begin: number, end: number): boolean {
      return (place === 0 && begin === from) || (place === 2 && end === to);
    }
  }

  sum(from: number, to: number): Sample {
    const [before, all] = [this.#sums[from]!, this.#sums[to]!];
    return {
      count: all.count - before.count,
      sum: all.sum - before.sum,
      sumOfSquares: all.sumOfSquares - before.sumOfSquares,
    };
  }

  /** In standard deviations, by the variance of both sides together. */
  distance(one: Sample, other: Sample): number {
    const variance = varianceOf(plus(one, other)) * (1 / one.count + 1 / other.count) * this.#dispersion;
    return variance > 0 ? Math.abs(meanOf(one) - meanOf(other)) / Math.sqrt(variance) : 0;
  }

  /** Looking at many places finds something by chance more often, so the chances add up (Bonferroni). */
  chanceOf(distance: number): number {
    const count = this.#versions.length;
    const places = Math.max(1, (count * (count - 1)) / 2);
    return Math.min(1, twoSidedChance(distance) * places * this.#rule.figures);
  }

  #isWorthIt(before: Sample, after: Sample): boolean {
    const { differenceMin } = this.#rule;
    const min =
      'absolute' in differenceMin
        ? differenceMin.absolute
        : differenceMin.relative * Math.abs(meanOf(plus(before, after)));
    return Math.abs(meanOf(after) - meanOf(before)) >= min;
  }

  #isThereAtOnce(from: number, index: number, to: number): boolean {
    const difference = meanOf(this.sum(index, to)) - meanOf(this.sum(from, index));
    const before = nearby(this.#versions.slice(from, index).flat().reverse());
    const after = nearby(this.#versions.slice(index, to).flat());
    const step = meanOf(after) - meanOf(before);
    const noise = Math.sqrt(varianceOf(plus(before, after)) * (1 / before.count + 1 / after.count));
    const usual = Math.max(noise, this.#usualStep);
    return step / difference >= nearbyShare && Math.abs(step) >= stepMin * usual;
  }
}

/** From one part of a version to the next: parts are as large as what counts as nearby. 0 where there is no next one. */
function usualStepOf(versions: readonly SampledVersion[]): number {
  const steps = versions.flatMap(samples => {
    const parts = partsOf(samples);
    return parts.slice(1).map((part, index) => Math.abs(meanOf(part) - meanOf(parts[index]!)));
  });
  steps.sort((a, b) => a - b);
  return (steps[steps.length >> 1] ?? 0) * deviationOfMedian;
}

function partsOf(samples: SampledVersion): readonly Sample[] {
  const parts: Sample[] = [];
  let open = none;
  for (const sample of samples) {
    open = plus(open, sample);
    if (open.count < nearbyCount) continue;
    parts.push(open);
    open = none;
  }
  return parts;
}

function nearby(nearestFirst: readonly Sample[]): Sample {
  let sample = none;
  for (const next of nearestFirst) {
    if (sample.count >= nearbyCount) break;
    sample = plus(sample, next);
  }
  return sample;
}

/**
 * How many times more the samples of a version differ from each other than the values within them let one expect; 1 at
 * least, and where no version has two samples that are large enough to tell.
 */
function dispersionOf(versions: readonly SampledVersion[]): number {
  let [excess, freedom] = [0, 0];
  for (const all of versions) {
    const samples = all.filter(({ count }) => count >= sampleMin);
    if (samples.length < 2) continue;
    const whole = samples.reduce(plus, none);
    const within = samples.reduce((sum, sample) => sum + varianceOf(sample) * sample.count, 0) / whole.count;
    const variance = within > 0 ? within : varianceOf(whole);
    if (!(variance > 0)) continue;
    for (const sample of samples) {
      excess += (sample.count * (meanOf(sample) - meanOf(whole)) ** 2) / variance;
    }
    freedom += samples.length - 1;
  }
  return freedom > 0 ? Math.max(1, excess / freedom) : 1;
}

function plus(one: Sample, other: Sample): Sample {
  return {
    count: one.count + other.count,
    sum: one.sum + other.sum,
    sumOfSquares: one.sumOfSquares + other.sumOfSquares,
  };
}

export function meanOf({ sum, count }: Sample): number {
  return sum / count;
}

function varianceOf({ sum, sumOfSquares, count }: Sample): number {
  return count === 0 ? 0 : Math.max(0, sumOfSquares / count - (sum / count) ** 2);
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
