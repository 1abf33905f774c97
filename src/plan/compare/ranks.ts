/** Which gateways stand in an order that is different from call to call. */
import type { MappingGateway, Snapshot } from '../../config/snapshot.ts';
import type { RouteCandidate } from '../../routing/route-decision.ts';
import { settingsAt } from '../../routing/timed-settings.ts';

/**
 * Tells which attempts stand behind others by what comes before measured quality, load and calls carried in the order of
 * a group: these are different from call to call.
 */
export class Ranks {
  readonly #snapshot: Snapshot;
  readonly #atMs: number;
  byQuality = false;
  #byRateFirst = false;
  #priority: Float64Array = new Float64Array();
  #last: RouteCandidate | null = null;
  #lastRate = 0;

  constructor(snapshot: Snapshot, atMs: number) {
    this.#snapshot = snapshot;
    this.#atMs = atMs;
  }

  /** With the first attempt of a call. */
  begin({ firstRoutePolicy, secondRoutePolicy }: MappingGateway): void {
    this.byQuality = firstRoutePolicy === 'asr' || secondRoutePolicy === 'asr';
    const first = firstRoutePolicy === 'none' ? secondRoutePolicy : firstRoutePolicy;
    this.#byRateFirst = first === 'rate';
    this.#priority = settingsAt(this.#snapshot, this.#atMs).priority;
    this.#last = null;
  }

  /** Whether it stands behind the one before it. `perSecond` is what its vendor asks, 0 where that is not known. */
  isNext(candidate: RouteCandidate, perSecond: number): boolean {
    const last = this.#last;
    const rate = this.#byRateFirst ? this.#rateOf(candidate, perSecond) : 0;
    const isNext = last !== null && (rate !== this.#lastRate || !this.#isAlike(candidate, last));
    this.#last = candidate;
    this.#lastRate = rate;
    return isNext;
  }

  #isAlike(a: RouteCandidate, b: RouteCandidate): boolean {
    if (a.matchedLength !== b.matchedLength || a.protect !== b.protect) return false;
    return this.#priority[a.gateway] === this.#priority[b.gateway];
  }

  /** Those that take no part count as the dearest. */
  #rateOf({ gateway }: RouteCandidate, perSecond: number): number {
    const { leastCostRouting, checkRate } = this.#snapshot.routingGateways[gateway]!;
    return leastCostRouting && checkRate ? perSecond : Number.POSITIVE_INFINITY;
  }
}
