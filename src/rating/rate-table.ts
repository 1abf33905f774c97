import type { RateTable } from '../config/snapshot.ts';
import { matchingPrefixes, maxMatches } from '../prefixes/prefix-trie.ts';

/** The price of a call, by value and exact. */
export interface Rate {
  /** Price of `unitSeconds` seconds, in 10⁻¹⁰ currency units. */
  readonly ratePerUnit: bigint;
  readonly unitSeconds: number;
  readonly firstIncrementSeconds: number;
  readonly nextIncrementSeconds: number;
  /** Charged once, in 10⁻¹⁰ currency units. */
  readonly connectFee: bigint;
}

export interface RateMatch {
  readonly row: number;
  /** So many characters of the number are the row's prefix. */
  readonly prefixLength: number;
}

// Filled by one search and read before it returns; never seen from outside.
const matchValues = new Int32Array(maxMatches);
const matchLengths = new Int32Array(maxMatches);
let matchedLength = 0;

/**
 * The row that prices `callee` at `atMs` (ms since 1970 UTC), or -1. It is the row of the longest prefix that
 * has one in effect then; a prefix whose rows are all over or yet to come gives way to the next shorter one.
 * A locked row is found like any other: the caller rejects the call for it.
 */
export function findRateRow(table: RateTable, callee: string, atMs: number): number {
  const count = matchingPrefixes(table.prefixes, callee, matchValues, matchLengths);
  for (let i = count - 1; i >= 0; i--) {
    for (let row = matchValues[i]!; row >= 0; row = table.nextRow[row]!) {
      if (table.effectiveFromMs[row]! <= atMs && atMs < table.effectiveUntilMs[row]!) {
        matchedLength = matchLengths[i]!;
        return row;
      }
    }
  }
  return -1;
}

/** As `findRateRow`, with the length of the prefix; null when nothing prices the number. */
export function findRate(table: RateTable, callee: string, atMs: number): RateMatch | null {
  const row = findRateRow(table, callee, atMs);
  return row < 0 ? null : { row, prefixLength: matchedLength };
}

export function rateOfRow(table: RateTable, row: number): Rate {
  if (!(row >= 0 && row < table.rowCount)) throw new RangeError(`no row ${row} in rate table ${table.name}`);
  return {
    ratePerUnit: BigInt(table.rate[row]!),
    unitSeconds: table.unitSeconds[row]!,
    firstIncrementSeconds: table.firstIncrementSeconds[row]!,
    nextIncrementSeconds: table.nextIncrementSeconds[row]!,
    connectFee: BigInt(table.connectFee[row]!),
  };
}

/** A locked row rejects the call it prices. */
export function isLockedRow(table: RateTable, row: number): boolean {
  return table.locked[row] === 1;
}
