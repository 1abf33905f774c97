/** What each rate table of vendors has for one number, from one walk. */
import type { VendorPriceIndex } from '../config/snapshot.ts';
import { matchingPrefixes, maxMatches } from '../prefixes/prefix-trie.ts';

/** No row of the table is for the number. */
export const noPriceNumber = -1;

/**
 * So many entries of runs are spread over the tables beforehand; of more, only those that are asked for are looked up.
 * A call asks a dozen tables, whether its switch has fifty or five thousand.
 */
const usuallySpread = 256;

export class VendorPriceRuns {
  readonly #index: VendorPriceIndex;
  readonly #mostSpread: number;
  readonly #starts: Int32Array = new Int32Array(maxMatches);
  readonly #lengths: Int32Array = new Int32Array(maxMatches);
  #count = 0;
  #isSpread = false;
  #asked = 0;
  /** By place of a table: when it was spread last, and the price. */
  readonly #spreadIn: Float64Array;
  readonly #price: Int32Array;

  constructor(index: VendorPriceIndex, mostSpread: number = usuallySpread) {
    this.#index = index;
    this.#mostSpread = mostSpread;
    this.#spreadIn = new Float64Array(index.tables.length);
    this.#price = new Int32Array(index.tables.length);
  }

  /** All that follows is about this number. */
  ask(number: string): void {
    const { prefixes, runs } = this.#index;
    const starts = this.#starts;
    const count = matchingPrefixes(prefixes, number, starts, this.#lengths);
    let entries = 0;
    for (let i = 0; i < count; i++) entries += runs[starts[i]!]!;
    this.#count = count;
    this.#isSpread = entries <= this.#mostSpread;
    if (this.#isSpread) this.#spread();
  }

  /** The number of the price that the table at this place has for the longest prefix of the number, or -1. */
  priceOf(place: number): number {
    if (this.#isSpread) return this.#spreadIn[place] === this.#asked ? this.#price[place]! : noPriceNumber;
    for (let i = this.#count - 1; i >= 0; i--) {
      const price = this.#search(this.#starts[i]!, place);
      if (price !== noPriceNumber) return price;
    }
    return noPriceNumber;
  }

  /** Shorter prefixes first, so that longer ones have the last word. */
  #spread(): void {
    const { runs } = this.#index;
    const asked = ++this.#asked;
    const spreadIn = this.#spreadIn;
    const price = this.#price;
    for (let i = 0; i < this.#count; i++) {
      const start = this.#starts[i]!;
      const end = start + 1 + 2 * runs[start]!;
      for (let at = start + 1; at < end; at += 2) {
        const place = runs[at]!;
        spreadIn[place] = asked;
        price[place] = runs[at + 1]!;
      }
    }
  }

  #search(start: number, place: number): number {
    const { runs, tables } = this.#index;
    const count = runs[start]!;
    // Places rise and none comes twice, so the fewer tables are missing the better is known where one must stand.
    let low = Math.max(0, count - (tables.length - place));
    let high = Math.min(place, count - 1);
    while (low <= high) {
      const middle = (low + high) >>> 1;
      const found = runs[start + 1 + 2 * middle]!;
      if (found === place) return runs[start + 2 + 2 * middle]!;
      if (found < place) low = middle + 1;
      else high = middle - 1;
    }
    return noPriceNumber;
  }
}
