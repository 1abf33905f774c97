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

/** Beyond it doubles would run together; thousands of millions of calls away. */
const highestBase = 2 ** 52;

export class VendorPriceRuns {
  readonly #index: VendorPriceIndex;
  readonly #mostSpread: number;
  readonly #starts: Int32Array = new Int32Array(maxMatches);
  readonly #lengths: Int32Array = new Int32Array(maxMatches);
  #count = 0;
  #isSpread = false;
  /** By place of a table: the last price that was spread, behind the base of that time. */
  readonly #spread: Float64Array;
  /** Rises by more than any price with each number, so that what was spread for an earlier one is below it. */
  #base: number;

  /** Tests set where it begins to count. */
  constructor(index: VendorPriceIndex, mostSpread: number = usuallySpread, base: number = 0) {
    this.#base = base;
    this.#index = index;
    this.#mostSpread = mostSpread;
    this.#spread = new Float64Array(index.tables.length).fill(-1);
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
    if (this.#isSpread) this.#spreadAll();
  }

  /** The number of the price that the table at this place has for the longest prefix of the number, or -1. */
  priceOf(place: number): number {
    if (this.#isSpread) {
      const price = this.#spread[place]! - this.#base;
      // As an integer it needs no memory when it is returned.
      return price < 0 ? noPriceNumber : price | 0;
    }
    for (let i = this.#count - 1; i >= 0; i--) {
      const price = this.#search(this.#starts[i]!, place);
      if (price !== noPriceNumber) return price;
    }
    return noPriceNumber;
  }

  /** Shorter prefixes first, so that longer ones have the last word. */
  #spreadAll(): void {
    const { runs, priceBits } = this.#index;
    const mask = 2 ** priceBits - 1;
    this.#base += 2 ** priceBits;
    if (this.#base > highestBase) {
      this.#spread.fill(-1);
      this.#base = 0;
    }
    const base = this.#base;
    const spread = this.#spread;
    for (let i = 0; i < this.#count; i++) {
      const start = this.#starts[i]!;
      const end = start + runs[start]!;
      for (let at = start + 1; at <= end; at++) {
        const entry = runs[at]!;
        spread[entry >>> priceBits] = base + (entry & mask);
      }
    }
  }

  #search(start: number, place: number): number {
    const { runs, tables, priceBits } = this.#index;
    const count = runs[start]!;
    // Places rise and none comes twice, so the fewer tables are missing the better is known where one must stand.
    let low = Math.max(0, count - (tables.length - place));
    let high = Math.min(place, count - 1);
    while (low <= high) {
      const middle = (low + high) >>> 1;
      const entry = runs[start + 1 + middle]!;
      const found = entry >>> priceBits;
      if (found === place) return entry & (2 ** priceBits - 1);
      if (found < place) low = middle + 1;
      else high = middle - 1;
    }
    return noPriceNumber;
  }
}
