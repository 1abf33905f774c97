/** Which gateways stand in an order that is different from call to call. */
import type { Price } from '../../call/prices.ts';
import type { MappingGateway, Snapshot } from '../../config/snapshot.ts';
import type { RouteCandidate } from '../../routing/route-decision.ts';
import { settingsAt } from '../../routing/timed-settings.ts';

/**
 * Numbers attempts by what stands before measured quality, load and calls carried in the order of a group: these are
 * different from call to call.
 */
export class Ranks {
  readonly #snapshot: Snapshot;
  readonly #atMs: number;
  readonly byQuality: boolean;
  readonly #byRateFirst: boolean;
  #last: RouteCandidate | null = null;
  #lastRate = 0;
  #rank = 0;

  constructor(snapshot: Snapshot, { firstRoutePolicy, secondRoutePolicy }: MappingGateway, atMs: number) {
    this.#snapshot = snapshot;
    this.#atMs = atMs;
    this.byQuality = firstRoutePolicy === 'asr' || secondRoutePolicy === 'asr';
    const first = firstRoutePolicy === 'none' ? secondRoutePolicy : firstRoutePolicy;
    this.#byRateFirst = first === 'rate';
  }

  of(candidate: RouteCandidate, price: Price | null): number {
    const last = this.#last;
    const rate = this.#byRateFirst ? this.#rateOf(candidate, price) : 0;
    const isNext = last !== null && (rate !== this.#lastRate || !this.#isAlike(candidate, last));
    this.#last = candidate;
    this.#lastRate = rate;
    if (isNext) this.#rank++;
    return this.#rank;
  }

  #isAlike(a: RouteCandidate, b: RouteCandidate): boolean {
    if (a.matchedLength !== b.matchedLength || a.protect !== b.protect) return false;
    const { priority } = settingsAt(this.#snapshot, this.#atMs);
    return priority[a.gateway] === priority[b.gateway];
  }

  /** Per second; those that take no part count as the dearest. */
  #rateOf({ gateway }: RouteCandidate, price: Price | null): number {
    const { leastCostRouting, checkRate } = this.#snapshot.routingGateways[gateway]!;
    if (!leastCostRouting || !checkRate) return Number.POSITIVE_INFINITY;
    return price === null ? 0 : price.table.rate[price.row]! / price.table.unitSeconds[price.row]!;
  }
}
