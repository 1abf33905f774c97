/** The price of a call for one account, by the rate table of the call's snapshot. */
import type { JournaledRate } from '../cdr/open-call.ts';
import type { Account, RateTable, Snapshot } from '../config/snapshot.ts';
import { journaledRate } from '../rating/journaled-rate.ts';
import { findRate, isLockedRow, type Rate, rateOfRow } from '../rating/rate-table.ts';

export interface Price {
  readonly kind: 'rated';
  readonly table: RateTable;
  readonly row: number;
  readonly prefixLength: number;
  readonly rate: Rate;
}

export type Pricing =
  | Price
  /** The account's calls are free of charge. */
  | { readonly kind: 'unrated' }
  /** No row is in effect for the number, or the row is locked. */
  | { readonly kind: 'missing' };

const unrated: Pricing = { kind: 'unrated' };
const missing: Pricing = { kind: 'missing' };

/** What `callee` costs the account at `atMs` (ms since 1970 UTC). */
export function priceFor(snapshot: Snapshot, account: Account, callee: string, atMs: number): Pricing {
  if (account.unrated || account.rateTable === null) return unrated;
  const table = snapshot.rateTables[account.rateTable]!;
  const match = findRate(table, callee, atMs);
  if (match === null || isLockedRow(table, match.row)) return missing;
  return {
    kind: 'rated',
    table,
    row: match.row,
    prefixLength: match.prefixLength,
    rate: rateOfRow(table, match.row, 0),
  };
}

/** The price as it stands in the journal and on the record; null when nothing is charged. */
export function journaledPrice(price: Price | null, callee: string, account: Account): JournaledRate | null {
  if (price === null) return null;
  const prefix = callee.slice(0, price.prefixLength);
  return journaledRate(price.table, price.row, price.rate, prefix, account.name);
}
