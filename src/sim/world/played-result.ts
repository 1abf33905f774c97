import type { Account } from '../../config/snapshot.ts';
import { type Money, noMoney } from '../../rating/money.ts';
import type { Played, PlayedCall } from '../scenario/played.ts';
import type { Books } from './books.ts';
import type { Limits } from './limits.ts';

/** What a world has in hand at its end. */
export interface PlayedParts
  extends Pick<
    Played,
    'scenario' | 'seed' | 'peakCalls' | 'endedAtMs' | 'mostCallsAtOnce' | 'violations' | 'trace'
  > {
  /** By the position of the call, then by that in its burst. */
  readonly calls: readonly (readonly PlayedCall[])[];
  readonly accounts: readonly Account[];
  readonly books: Books;
  readonly limits: Limits;
}

export function playedOf({ calls, accounts, books, limits, ...rest }: PlayedParts): Played {
  return {
    ...rest,
    calls: calls.length === 1 ? calls[0]! : calls.flat(),
    balances: ofAll(accounts, books.balances),
    lowestBalances: ofAll(accounts, books.lowest),
    gatewayPeakLines: limits.routingPeaks(),
  };
}

/** Accounts that nothing is known of have nothing. */
function ofAll(accounts: readonly Account[], money: Map<string, Money>): ReadonlyMap<string, Money> {
  for (const { name } of accounts) if (!money.has(name)) money.set(name, noMoney);
  return money;
}
