/** Which row of which rate table prices a call of an account. */
import { isInside } from '../calendar/calendar.ts';
import type { Account, RateTable, Snapshot } from '../config/snapshot.ts';
import { isFreeNumber } from './free-numbers.ts';
import { findRate, type RateMatch } from './rate-table.ts';

export interface AccountRate extends RateMatch {
  readonly table: RateTable;
}

/** Whether calls of the account to this number cost nothing and need no rate. */
export function isUnrated({ parameters }: Snapshot, account: Account, callee: string): boolean {
  return account.unrated || account.rateTable === null || isFreeNumber(parameters.freeNumbers, callee);
}

/**
 * The row that prices `callee` for the account at `atMs` (ms since 1970 UTC), or null. A row of the account's
 * private table comes first, even one of a shorter prefix; then the table of the first calendar that `atMs` lies
 * in, and without one the ordinary table. What that one table does not price has no price. The row may be locked.
 */
export function findAccountRate(
  snapshot: Snapshot,
  account: Account,
  callee: string,
  atMs: number,
): AccountRate | null {
  const { rateTables } = snapshot;
  if (account.privateRateTable !== null) {
    const own = rateIn(rateTables[account.privateRateTable]!, callee, atMs);
    if (own !== null) return own;
  }
  const shared = sharedTableAt(snapshot, account, atMs);
  return shared === null ? null : rateIn(rateTables[shared]!, callee, atMs);
}

function rateIn(table: RateTable, callee: string, atMs: number): AccountRate | null {
  const match = findRate(table, callee, atMs);
  return match === null ? null : { table, row: match.row, prefixLength: match.prefixLength };
}

/** Every table that may price a call of the account at some time, by its index in the snapshot. */
export function rateTablesOf(account: Account): readonly number[] {
  const tables = [account.privateRateTable, ...account.timedRateTables.map(timed => timed.rateTable)];
  return [...tables, account.rateTable].filter(table => table !== null);
}

/** The tables that are asked at `atMs`, in their order; none for an account without prices. */
export function rateTablesAt(snapshot: Snapshot, account: Account, atMs: number): readonly RateTable[] {
  const { rateTables } = snapshot;
  const shared = sharedTableAt(snapshot, account, atMs);
  if (shared === null) return [];
  if (account.privateRateTable === null) return [rateTables[shared]!];
  return [rateTables[account.privateRateTable]!, rateTables[shared]!];
}

function sharedTableAt({ calendars }: Snapshot, account: Account, atMs: number): number | null {
  for (const { calendar, rateTable } of account.timedRateTables) {
    if (isInside(calendars[calendar]!, atMs)) return rateTable;
  }
  return account.rateTable;
}
