/**
 * Evidence that a candidate is worse, which may be looked at after every call: the money of somebody who bets on it at
 * fair odds (Ville 1939; Shafer 2021, "Testing by betting"; Ramdas et al. 2023, "Game-theoretic statistics and safe
 * anytime-valid inference").
 *
 * Which side a call is on is drawn by a hash with a known share p, independently of everything else. If both sides
 * are alike, what became of a call tells nothing of its side. Whoever believes that the outcome y is r(y) times as
 * likely with the candidate bets on its side by Bayes' rule: the money is multiplied by
 *
 *     r(y) / (p·r(y) + 1 − p)   when the call was the candidate's,
 *        1 / (p·r(y) + 1 − p)   when it was not.
 *
 * That is 1 on average, whatever y is, so the money hardly ever grows: the chance that it is ever e times what it began
 * with is at most 1/e (Ville's inequality), however often one looks, however different the calls are, and whatever r
 * says. A candidate that is better than the stable one makes it smaller. Several beliefs are bet on at once, each with
 * an equal part of the money.
 */
export class Bets {
  /** Natural logarithm of what became of the part of each belief. */
  readonly #logs: Float64Array;

  constructor(beliefs: number) {
    this.#logs = new Float64Array(beliefs);
  }

  /** `likelier` is r(y) of each belief, above 0; `share` is p, above 0 and below 1. */
  add(isCandidate: boolean, likelier: ArrayLike<number>, share: number): void {
    for (let i = 0; i < this.#logs.length; i++) {
      const r = likelier[i]!;
      this.#logs[i]! += (isCandidate ? Math.log(r) : 0) - Math.log(share * r + 1 - share);
    }
  }

  /** By what each belief's money is multiplied, all above 0. */
  multiply(factors: ArrayLike<number>): void {
    for (let i = 0; i < this.#logs.length; i++) this.#logs[i]! += Math.log(factors[i]!);
  }

  /** Of the belief that fares best: all the money is no more than if it had had all of it. */
  get largestLog(): number {
    let most = Number.NEGATIVE_INFINITY;
    for (const log of this.#logs) most = Math.max(most, log);
    return most;
  }

  /** Natural logarithm of all the money, which began with 1. */
  get logWealth(): number {
    const most = this.largestLog;
    let sum = 0;
    for (const log of this.#logs) sum += Math.exp(log - most);
    return most + Math.log(sum / this.#logs.length);
  }
}

/** Odds of an answer with the candidate in units of the odds with the stable snapshot. */
const answerOdds: readonly number[] = [0.8, 0.65, 0.45, 0.25, 0.05];
/** Of a call being refused: more often by a little, by much, and always. */
const refusalOdds: readonly number[] = [3, 30, 3000];
/** How steeply later ranks become likelier. */
const delaySlopes: readonly number[] = [0.5, 1.5, 4];
/** Parts of the largest stake that no call can lose all of. */
const stakeParts: readonly number[] = [0.15, 0.4, 0.9];
/** Where the expectation is hardly ever wrong, one call must not decide on its own. */
const stakeMax = 2;

export const answerBeliefs: number = answerOdds.length;
export const refusalBeliefs: number = refusalOdds.length;
export const delayBeliefs: number = delaySlopes.length;
export const stakedBeliefs: number = stakeParts.length;

/** `ratio` is what is known of the answer-seizure ratio before the call (0–1); written to `likelier`. */
export function answerLikelier(answered: boolean, ratio: number, likelier: Float64Array): void {
  oddsLikelier(answerOdds, answered, Math.min(0.99, Math.max(0.01, ratio)), likelier);
}

/** `ratio` is the part of the calls that is refused as far as is known before the call (0–1). */
export function refusalLikelier(refused: boolean, ratio: number, likelier: Float64Array): void {
  oddsLikelier(refusalOdds, refused, Math.min(0.99, Math.max(0.0001, ratio)), likelier);
}

function oddsLikelier(
  odds: readonly number[],
  happened: boolean,
  ratio: number,
  likelier: Float64Array,
): void {
  for (let i = 0; i < odds.length; i++) {
    const all = 1 - ratio + ratio * odds[i]!;
    likelier[i] = (happened ? odds[i]! : 1) / all;
  }
}

/** `rank` is the place of the delay among those before it, between 0 (shorter than all) and 1. */
export function delayLikelier(rank: number, likelier: Float64Array): void {
  for (let i = 0; i < delaySlopes.length; i++) {
    const slope = delaySlopes[i]!;
    // A density on 0–1 that grows exponentially, from which equal delays would be drawn with slope 0.
    likelier[i] = (Math.exp(slope * (2 * rank - 1)) * slope) / Math.sinh(slope);
  }
}

export interface Stakes {
  readonly isCandidate: boolean;
  /** The part of the calls that were the candidate's so far, above 0 and below 1. */
  readonly share: number;
  /** How much worse the call fared than was expected: on average 0. */
  readonly worse: number;
  /** What `worse` lies between. */
  readonly least: number;
  readonly most: number;
}

/**
 * For calls whose side was not drawn, because the candidate may send more or other calls there: what is known of both
 * the share and the outcome was learned from earlier calls. With λ the stake, the money is multiplied by
 *
 *     1 + λ·(z − share)·worse      z = 1 for a call of the candidate, otherwise 0
 *
 * which is 1 on average when the share is right, whatever was expected, and when the expectation is right, whatever the
 * share (doubly robust, as Robins and others 1994 have it); written to `factors`.
 */
export function stakedFactors(
  { isCandidate, share, worse, least, most }: Stakes,
  factors: Float64Array,
): void {
  const largestLoss = Math.max((1 - share) * -least, share * most);
  const gain = ((isCandidate ? 1 : 0) - share) * worse;
  for (let i = 0; i < stakeParts.length; i++) {
    factors[i] = 1 + Math.min(stakeParts[i]! / largestLoss, stakeMax) * gain;
  }
}
