/** What a Snapshot says once more, put so that many calls are routed fast. Nothing here decides anything new. */
import type { PrefixTrie } from '../../prefixes/prefix-trie.ts';

export interface RoutingIndexes {
  readonly vendorPrices: VendorPriceIndex;
  readonly numberFilters: NumberFilterIndex;
}

/**
 * The rows of all rate tables that routing prices vendors by, under one trie: a call walks it once and has every
 * vendor's row.
 */
export interface VendorPriceIndex {
  /** Indexes into rateTables. Here tables are known by their place in this list. */
  readonly tables: readonly number[];
  /** The trie's value is where the run of the prefix begins in `runs`. */
  readonly prefixes: PrefixTrie;
  /**
   * A run is the number of its entries, and for each of them, by rising place, the place of a table and the number of
   * the price that it has for the prefix, which takes the lower `priceBits`. Price 0 says that the table must be asked:
   * the time of the call decides.
   */
  readonly runs: Uint32Array;
  readonly priceBits: number;
  /**
   * Four numbers a price: per second, per unit (both 10⁻¹⁰ currency units), seconds of the unit, and 1 for a locked
   * one. They stand together because they are read together.
   */
  readonly prices: Float64Array;
}

/**
 * The prefix filters and pair filters of all routing gateways, so that a call walks through one trie for each of its
 * numbers, however many gateways have filters. Filters of one kind that name the same are one filter.
 */
export interface NumberFilterIndex {
  readonly filterCount: number;
  /** The filters of routing gateway g stand at firstOf[g], those of its periods behind them, in their order. */
  readonly firstOf: Int32Array;
  /**
   * Four numbers each: for callers, callees, forwarding numbers and pairs, -1 for any, else twice the number of the
   * filter, and one more when it allows.
   */
  readonly filtersOf: Int32Array;
  /** The tries' values are where the runs of their prefixes begin. */
  readonly callers: PrefixTrie;
  /**
   * Number of filters that name the prefix, the filters; number of pairs, and for each of them, rising, where the run
   * of its callee begins, and its filter.
   */
  readonly callerRuns: Uint32Array;
  readonly callees: PrefixTrie;
  /** Number of filters that name the prefix, the filters. */
  readonly calleeRuns: Uint32Array;
  readonly forwardings: PrefixTrie;
  readonly forwardingRuns: Uint32Array;
  /** Prefixes of which one is no text for a trie. Empty text begins every number. */
  readonly others: readonly {
    readonly caller: string;
    readonly callee: string;
    readonly forwarding: string;
    readonly filter: number;
  }[];
}
