/** The rate tables of a Snapshot; src/rating reads them. */
import type { PrefixTrie } from '../../prefixes/prefix-trie.ts';
import type { Source } from './source.ts';

/**
 * A rate table, columnar. Row r is prefix → price; `rows` finds by longest prefix the chain of rows of that
 * prefix, ordered by start, newest first (`nextRow` links them, -1 ends).
 */
export interface RateTable {
  readonly index: number;
  readonly name: string;
  readonly source: Source;
  /** The trie's value is the first row of the chain. */
  readonly prefixes: PrefixTrie;
  readonly rowCount: number;
  /** Price per unit, exact, as an integer number of 10⁻¹⁰ currency units (see rating/rate-table.ts). */
  readonly rate: Float64Array;
  /** Seconds the rate is for. */
  readonly unitSeconds: Uint32Array;
  readonly firstIncrementSeconds: Uint32Array;
  readonly nextIncrementSeconds: Uint32Array;
  /** Charged once when the call is answered, 10⁻¹⁰ currency units. */
  readonly connectFee: Float64Array;
  /** 1 rejects the call. */
  readonly locked: Uint8Array;
  /** ms since 1970 UTC; -Infinity when always. */
  readonly effectiveFromMs: Float64Array;
  /** ms since 1970 UTC, exclusive; Infinity when open. */
  readonly effectiveUntilMs: Float64Array;
  /** 1 on-net, 2 local, 3 domestic, 4 international, 0 not said; of length 0 when no row of the table says it. */
  readonly level: Uint8Array;
  readonly nextRow: Int32Array;
  /** Line of each row in its file (`rowFile` is the deck or the YAML file). */
  readonly line: Uint32Array;
  readonly rowFile: string;
  readonly extras: RateRowExtras;
}

/** What few rows of a rate table have: free seconds and stages, each distinct combination once. */
export interface RateRowExtras {
  /** Per row the number of its combination, 0 for none; of length 0 when no row of the table has any. */
  readonly ofRow: Uint32Array;
  /** Per combination; -1 takes SERVER_BILLING_FREE_TIME. */
  readonly freeSeconds: Int32Array;
  /** The stages of combination c stand from stageStart[c] up to, not including, stageStart[c + 1]. */
  readonly stageStart: Uint32Array;
  readonly stageSeconds: Uint32Array;
  /** For the whole stage, 10⁻¹⁰ currency units. */
  readonly stageFee: Float64Array;
}
