/**
 * The price of a call for one account, by the rate tables of the call's snapshot. A call is priced when it arrives,
 * to see whether it may begin, and again when it is answered; that price stays to its end.
 */
import type { JournaledRate } from '../cdr/open-call.ts';
import type { Account, RateLimit, RateTable, Snapshot } from '../config/snapshot.ts';
import { findAccountRate, isUnrated } from '../rating/account-rate.ts';
import { journaledRate } from '../rating/journaled-rate.ts';
import { isLockedRow, type Rate, rateOfRow } from '../rating/rate-table.ts';

export interface Price {
  readonly kind: 'rated';
  readonly table: RateTable;
  readonly row: number;
  readonly prefixLength: number;
  readonly rate: Rate;
}

export type Pricing =
  | Price
  /** The account's calls are free of charge, or those to the number. */
  | { readonly kind: 'unrated' }
  /** No row is in effect for the number, or the row is locked. */
  | { readonly kind: 'missing' };

const unrated: Pricing = { kind: 'unrated' };
const missing: Pricing = { kind: 'missing' };

/** What `callee` costs the account at `atMs` (ms since 1970 UTC). */
export function priceFor(snapshot: Snapshot, account: Account, callee: string, atMs: number): Pricing {
  if (isUnrated(snapshot, account, callee)) return unrated;
  const found = findAccountRate(snapshot, account, callee, atMs);
  if (found === null || isLockedRow(found.table, found.row)) return missing;
  const { table, row, prefixLength } = found;
  const rate = rateOfRow(table, row, snapshot.parameters.freeSeconds);
  return { kind: 'rated', table, row, prefixLength, rate };
}

/** The price of the talk itself, without connect fee, free seconds and stages: what margins are measured by. */
export function rateLimitOf({ table, row }: Price): RateLimit {
  return { amount: table.rate[row]!, seconds: table.unitSeconds[row]! };
}

export function isSamePrice(a: Price, b: Price): boolean {
  return a.table === b.table && a.row === b.row;
}

/** The price as it stands in the journal and on the record; null when nothing is charged. */
export function journaledPrice(price: Price | null, callee: string, account: Account): JournaledRate | null {
  if (price === null) return null;
  const prefix = callee.slice(0, price.prefixLength);
  return journaledRate(price.table, price.row, price.rate, prefix, account.name);
}
