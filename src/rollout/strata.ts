/**
 * Calls that are alike: of one customer to one destination, or first attempts of such calls at one gateway. Within
 * a stratum the two sides are compared; what differs between strata (mobile numbers are answered more often, one customer
 * dials all night) says nothing of the candidate.
 */

import { type CellPlace, placeKey } from './cells.ts';

/** Index of a side in every pair of figures. */
export const stable = 0;
export const candidate = 1;

type PerSide = [stable: number, candidate: number];

/** A ring of the latest delays that the rank of the next one is taken among. */
const delaysKept = 64;
/** With fewer delays before it, the rank of a delay is not worth a bet. */
const delaysForRank = 8;

export class Stratum {
  readonly account: string;
  readonly destination: string;
  /** null for calls as a whole. */
  readonly gateway: string | null;
  readonly attempts: PerSide = [0, 0];
  readonly answered: PerSide = [0, 0];
  readonly refused: PerSide = [0, 0];
  readonly delays: PerSide = [0, 0];
  readonly delaySumMs: PerSide = [0, 0];
  readonly #latest: number[] = [];
  #next = 0;

  constructor(account: string, destination: string, gateway: string | null) {
    this.account = account;
    this.destination = destination;
    this.gateway = gateway;
  }

  /** Between 0 and 1; null while too few delays are known. */
  rankOf(delayMs: number): number | null {
    const { length } = this.#latest;
    if (length < delaysForRank) return null;
    let below = 0;
    for (const known of this.#latest) below += known < delayMs ? 1 : known === delayMs ? 0.5 : 0;
    return (below + 0.5) / (length + 1);
  }

  noteDelay(side: 0 | 1, delayMs: number): void {
    this.delays[side]++;
    this.delaySumMs[side] += delayMs;
    this.#latest[this.#next] = delayMs;
    this.#next = (this.#next + 1) % delaysKept;
  }
}

/** Beyond it, calls of a customer to all further destinations are alike. */
const strataMax = 20_000;

/** All strata of one kind: of calls, or of first attempts by gateway. */
export class Strata {
  readonly #strata = new Map<string, Stratum>();
  readonly #byPlace = new Map<string, Stratum[]>();

  of(account: string, destination: string, gateway: string | null): Stratum {
    const key = placeKey(account, gateway, destination);
    const known = this.#strata.get(key);
    if (known !== undefined) return known;
    if (this.#strata.size >= strataMax && destination !== '') return this.of(account, '', gateway);
    const stratum = new Stratum(account, destination, gateway);
    this.#strata.set(key, stratum);
    this.#note(stratum, placeKey(null, gateway, null));
    this.#note(stratum, placeKey(null, gateway, destination));
    if (gateway === null) this.#note(stratum, placeKey(account, null, null));
    return stratum;
  }

  /** Those whose calls are tested at the place. */
  at({ account, gateway, destination }: Omit<CellPlace, 'kind'>): readonly Stratum[] {
    return this.#byPlace.get(placeKey(account, gateway, destination)) ?? [];
  }

  #note(stratum: Stratum, key: string): void {
    const there = this.#byPlace.get(key);
    if (there === undefined) this.#byPlace.set(key, [stratum]);
    else there.push(stratum);
  }
}

/** A ratio of what was seen so far, drawn towards `expected` as if `weight` calls had had that. */
export function smoothed(happened: number, of: number, expected: number, weight: number): number {
  return (happened + weight * expected) / (of + weight);
}

export interface Difference {
  /** Calls of each side. */
  readonly calls: readonly [stable: number, candidate: number];
  /** Mean of each side over all its calls; NaN without any. */
  readonly means: readonly [stable: number, candidate: number];
  /** Candidate minus stable, over strata that have both; 0 when none has. */
  readonly difference: number;
}

/**
 * The Mantel–Haenszel difference (Greenland and Robins 1985): Σ w·(m₁ − m₀) / Σ w with w = n₀·n₁ / (n₀ + n₁), where n are
 * the calls and m the means of both sides of a stratum.
 */
export function stratifiedDifference(
  strata: Iterable<Stratum>,
  of: (stratum: Stratum) => { readonly counts: PerSide; readonly sums: PerSide },
): Difference {
  const [calls, totals]: [PerSide, PerSide] = [
    [0, 0],
    [0, 0],
  ];
  let weights = 0;
  let weighted = 0;
  for (const stratum of strata) {
    const { counts, sums } = of(stratum);
    const [n0, n1] = counts;
    calls[stable] += n0;
    calls[candidate] += n1;
    totals[stable] += sums[stable];
    totals[candidate] += sums[candidate];
    if (n0 === 0 || n1 === 0) continue;
    const weight = (n0 * n1) / (n0 + n1);
    weights += weight;
    weighted += weight * (sums[candidate] / n1 - sums[stable] / n0);
  }
  return {
    calls,
    means: [totals[stable] / calls[stable], totals[candidate] / calls[candidate]],
    difference: weights === 0 ? 0 : weighted / weights,
  };
}
