import type { CallLevel, RateTable } from '../config/snapshot.ts';
import { longestMatch, matchingPrefixes, maxMatches } from '../prefixes/prefix-trie.ts';
import { noStages, type RateStage } from './stages.ts';

/** The price of a call, by value and exact. */
export interface Rate {
  /** Price of `unitSeconds` seconds, in 10⁻¹⁰ currency units. */
  readonly ratePerUnit: bigint;
  readonly unitSeconds: number;
  readonly firstIncrementSeconds: number;
  readonly nextIncrementSeconds: number;
  /** Charged once, in 10⁻¹⁰ currency units. */
  readonly connectFee: bigint;
  /** The first seconds of the talk that are not rated, from 0. */
  readonly freeSeconds: number;
  /** Fixed fees for the seconds behind the free ones, in their order, before the ordinary rate. */
  readonly stages: readonly RateStage[];
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
  if (!longestMatch(table.prefixes, callee, matchValues, matchLengths)) return -1;
  const usual = rowInEffect(table, matchValues[0]!, atMs);
  if (usual >= 0) {
    matchedLength = matchLengths[0]!;
    return usual;
  }
  const count = matchingPrefixes(table.prefixes, callee, matchValues, matchLengths);
  for (let i = count - 1; i >= 0; i--) {
    const row = rowInEffect(table, matchValues[i]!, atMs);
    if (row < 0) continue;
    matchedLength = matchLengths[i]!;
    return row;
  }
  return -1;
}

/** Of the rows of one prefix, given their first, the one in effect at `atMs` (ms since 1970 UTC), or -1. */
export function rowInEffect(table: RateTable, first: number, atMs: number): number {
  for (let row = first; row >= 0; row = table.nextRow[row]!) {
    if (table.effectiveFromMs[row]! <= atMs && atMs < table.effectiveUntilMs[row]!) return row;
  }
  return -1;
}

/** As `findRateRow`, with the length of the prefix; null when nothing prices the number. */
export function findRate(table: RateTable, callee: string, atMs: number): RateMatch | null {
  const row = findRateRow(table, callee, atMs);
  return row < 0 ? null : { row, prefixLength: matchedLength };
}

/**
 * The price of a row by value. `usualFreeSeconds` (SERVER_BILLING_FREE_TIME) counts for rows that say nothing of
 * free seconds.
 */
export function rateOfRow(table: RateTable, row: number, usualFreeSeconds: number): Rate {
  if (!(row >= 0 && row < table.rowCount)) throw new RangeError(`no row ${row} in rate table ${table.name}`);
  const extra = table.extras.ofRow.length === 0 ? noExtra : table.extras.ofRow[row]!;
  return {
    ratePerUnit: BigInt(table.rate[row]!),
    unitSeconds: table.unitSeconds[row]!,
    firstIncrementSeconds: table.firstIncrementSeconds[row]!,
    nextIncrementSeconds: table.nextIncrementSeconds[row]!,
    connectFee: BigInt(table.connectFee[row]!),
    freeSeconds: extra === noExtra ? usualFreeSeconds : freeSecondsOf(table, extra, usualFreeSeconds),
    stages: extra === noExtra ? noStages : stagesOf(table, extra),
  };
}

const noExtra = 0;

function freeSecondsOf({ extras }: RateTable, extra: number, usualFreeSeconds: number): number {
  const own = extras.freeSeconds[extra]!;
  return own < 0 ? usualFreeSeconds : own;
}

function stagesOf({ extras }: RateTable, extra: number): readonly RateStage[] {
  const stages: RateStage[] = [];
  for (let i = extras.stageStart[extra]!; i < extras.stageStart[extra + 1]!; i++) {
    stages.push({ seconds: extras.stageSeconds[i]!, fee: BigInt(extras.stageFee[i]!) });
  }
  return stages;
}

/** A locked row rejects the call it prices. */
export function isLockedRow(table: RateTable, row: number): boolean {
  return table.locked[row] === 1;
}

/** From the nearest to the farthest; a call level allows its own class and all before it. */
export const callLevels: readonly CallLevel[] = ['on-net', 'local', 'domestic', 'international'];

/** The class of destination of a row, or null when the row does not say. */
export function levelOfRow(table: RateTable, row: number): CallLevel | null {
  return table.level.length === 0 ? null : (callLevels[table.level[row]! - 1] ?? null);
}
