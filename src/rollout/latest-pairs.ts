/** A power of two. */
const slots = 2 ** 20;

/**
 * The pairs of customer and number that called lately, in 8 MiB however many there are: a pair is forgotten when
 * another one takes its place, which is after about a million others.
 */
export class LatestPairs {
  readonly #pairs = new Float64Array(slots);

  /** Notes the pair, a whole number below 2⁵³ whose last bits are as good as random. Returns whether it was known. */
  note(pair: number): boolean {
    const slot = pair % slots;
    const isKnown = this.#pairs[slot] === pair;
    this.#pairs[slot] = pair;
    return isKnown;
  }
}
