/** Puts the rate tables of vendors under one trie, see `VendorPriceIndex`. */
import type { RateTable, Snapshot, VendorPriceIndex } from '../config/snapshot.ts';
import { type MergedPrefix, walkMerged } from '../prefixes/merged-walk.ts';
import { PrefixTrieBuilder } from '../prefixes/prefix-trie-builder.ts';

/** Numbers that each price takes in `VendorPriceIndex.prices`. */
export const priceWidth = 4;

/**
 * The price that only the table itself can tell: because it depends on the time of the call, or because there are more
 * prices than have a number.
 */
export const timedPrice = 0;

/** Words of entries are of 32 bits. More prices than this would be in nobody's way. */
const usualPriceBits = 20;

/** The rate tables that routing may ask what a vendor charges, by index, rising. None when no rule asks. */
export function vendorTablesOf(snapshot: Snapshot): number[] {
  const customerAsks = snapshot.mappingGateways.some(
    ({ minimumProfitPercent, maximumRate }) => minimumProfitPercent !== null || maximumRate !== null,
  );
  const tables = new Set<number>();
  for (const { checkRate, clearingAccount } of snapshot.routingGateways) {
    if (!checkRate && !customerAsks) continue;
    const { unrated, rateTable, timedRateTables, privateRateTable } = snapshot.accounts[clearingAccount]!;
    if (unrated || rateTable === null) continue;
    tables.add(rateTable);
    for (const timed of timedRateTables) tables.add(timed.rateTable);
    if (privateRateTable !== null) tables.add(privateRateTable);
  }
  return [...tables].sort((a, b) => a - b);
}

/** The index over these tables. `indexes` says where each of them stands among those of the snapshot. */
export function buildVendorPriceIndex(
  tables: readonly RateTable[],
  indexes: readonly number[],
  mostPriceBits: number = usualPriceBits,
): VendorPriceIndex {
  const rows = tables.reduce((sum, { rowCount }) => sum + rowCount, 0);
  const placeBits = 32 - Math.clz32(Math.max(0, tables.length - 1));
  const priceBits = Math.min(mostPriceBits, 32 - placeBits);
  const prices = new PriceList(2 ** priceBits);
  const trie = new PrefixTrieBuilder(Math.ceil(rows / 4));
  // An entry is a word, and no run is without one.
  const collected = new Uint32Array(2 * rows);
  let end = 0;
  walkMerged(
    tables.map(({ prefixes }) => prefixes),
    {
      enter({ count, tries, values, prefix }: MergedPrefix) {
        trie.set(prefix, end);
        collected[end++] = count;
        for (let i = 0; i < count; i++) {
          const place = tries[i]!;
          collected[end++] = place * 2 ** priceBits + prices.numberOf(tables[place]!, values[i]!);
        }
      },
      leave() {},
    },
  );
  const runs = new Uint32Array(new SharedArrayBuffer(end * 4));
  runs.set(collected.subarray(0, end));
  return { tables: indexes, prefixes: trie.build(), runs, priceBits, prices: prices.build() };
}

/** Every price once: decks repeat a few thousand of them. */
class PriceList {
  readonly #most: number;
  readonly #values: number[] = new Array(priceWidth).fill(0);
  /** By seconds of the unit, and whether it is locked; then by the price of the unit. */
  readonly #known = new Map<number, Map<number, number>>();

  constructor(most: number) {
    this.#most = most;
  }

  /** The number of the price of a prefix, given the first of its rows. */
  numberOf(table: RateTable, row: number): number {
    const isAlways =
      table.effectiveFromMs[row] === Number.NEGATIVE_INFINITY &&
      table.effectiveUntilMs[row] === Number.POSITIVE_INFINITY;
    if (!isAlways) return timedPrice;
    const rate = table.rate[row]!;
    const seconds = table.unitSeconds[row]!;
    const locked = table.locked[row]!;
    const key = 2 * seconds + locked;
    let numbers = this.#known.get(key);
    if (numbers === undefined) {
      numbers = new Map();
      this.#known.set(key, numbers);
    }
    const known = numbers.get(rate);
    if (known !== undefined) return known;
    const number = this.#values.length / priceWidth;
    if (number === this.#most) return timedPrice;
    this.#values.push(rate / seconds, rate, seconds, locked);
    numbers.set(rate, number);
    return number;
  }

  build(): Float64Array {
    const prices = new Float64Array(new SharedArrayBuffer(this.#values.length * 8));
    prices.set(this.#values);
    return prices;
  }
}
