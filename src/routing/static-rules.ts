/**
 * The rules that drop a routing gateway whatever the switch is doing. What depends only on the pair of gateways
 * is worked out once for a snapshot.
 */
import type { MappingGateway, RateLimit, RoutingGateway, Snapshot } from '../config/snapshot.ts';
import { passesGroupFilter, passesNameFilter } from './number-filter.ts';
import type { NumberRuleIndex } from './number-rule-index.ts';
import type { RouteRequest } from './route-decision.ts';
import type { Exclusion } from './route-reasons.ts';
import type { TimedSettings } from './timed-settings.ts';
import type { VendorPrices } from './vendor-price.ts';

/**
 * Per routing gateway, for one mapping gateway: the place in `pairExclusions` of what keeps it out of every call, or
 * `notExcluded`.
 */
export type PairRow = Uint8Array;

const notExcluded = 0xff;

const pairExclusions = [
  'locked',
  'vendorAccountLocked',
  'notAllowedForMappingGateway',
  'groupNotAllowedForMappingGateway',
  'mappingGatewayNotAllowed',
  'mappingGatewayGroupNotAllowed',
] as const satisfies readonly Exclusion[];

/** Those of them that come before what is looked at for each call. */
const firstExclusions = pairExclusions.indexOf('vendorAccountLocked');

export function pairRowOf(snapshot: Snapshot, mappingGateway: MappingGateway): PairRow {
  const row = new Uint8Array(snapshot.routingGateways.length).fill(notExcluded);
  for (const gateway of snapshot.routingGateways) {
    const exclusion = pairExclusion(snapshot, mappingGateway, gateway);
    if (exclusion !== null) row[gateway.index] = pairExclusions.indexOf(exclusion);
  }
  return row;
}

/** Whether there is anything that would let the routing gateway carry a call of the mapping gateway, at whatever time. */
export function mayCarry(snapshot: Snapshot, mapping: MappingGateway, gateway: RoutingGateway): boolean {
  return pairExclusion(snapshot, mapping, gateway) === null;
}

function pairExclusion(
  snapshot: Snapshot,
  mapping: MappingGateway,
  gateway: RoutingGateway,
): (typeof pairExclusions)[number] | null {
  if (gateway.locked) return 'locked';
  if (snapshot.accounts[gateway.clearingAccount]!.locked) return 'vendorAccountLocked';
  if (!passesNameFilter(mapping.routingGateways, gateway.index)) return 'notAllowedForMappingGateway';
  if (!passesGroupFilter(mapping.routingGatewayGroups, gateway.groups)) {
    return 'groupNotAllowedForMappingGateway';
  }
  if (!passesNameFilter(gateway.mappingGateways, mapping.index)) return 'mappingGatewayNotAllowed';
  if (!passesGroupFilter(gateway.mappingGatewayGroups, mapping.groups)) {
    return 'mappingGatewayGroupNotAllowed';
  }
  return null;
}

/** What a routing gateway has of rules, so that none is looked for in vain. */
const expires = 1;
const hasPeriods = 2;
const checksRate = 4;

const noLimit = Number.POSITIVE_INFINITY;

/** A price that is farther from a limit than this is on its side whatever doubles make of it. */
const margin = 1 - 1e-9;

/** The rules of one snapshot that are asked for each call. */
export class StaticRules {
  readonly #snapshot: Snapshot;
  readonly #settings: TimedSettings;
  readonly #numbers: NumberRuleIndex;
  readonly #prices: VendorPrices;
  readonly #has: Uint8Array;
  /** By gateway: the end of its vendor's account. */
  readonly #validUntilMs: Float64Array;
  /**
   * By gateway: the share of the customer's price that the vendor's may have, and the highest price per second; no limit
   * without `checkRate`.
   */
  readonly #largestShare: Float64Array;
  readonly #highestPrice: Float64Array;
  #request: RouteRequest | null = null;
  #atMs = 0;
  /** Of the call, and what it says of prices: whether anything, and as above. */
  #mapping: MappingGateway | null = null;
  #customerAsks = false;
  #largestShareOfCustomer = noLimit;
  #highestPriceOfCustomer = noLimit;

  constructor(snapshot: Snapshot, settings: TimedSettings, numbers: NumberRuleIndex, prices: VendorPrices) {
    this.#snapshot = snapshot;
    this.#settings = settings;
    this.#numbers = numbers;
    this.#prices = prices;
    const gateways = snapshot.routingGateways;
    this.#has = Uint8Array.from(gateways, gateway => {
      const vendor = snapshot.accounts[gateway.clearingAccount]!;
      return (
        (vendor.validUntilMs === null ? 0 : expires) |
        (gateway.periods.length === 0 ? 0 : hasPeriods) |
        (gateway.checkRate ? checksRate : 0)
      );
    });
    this.#validUntilMs = Float64Array.from(
      gateways,
      ({ clearingAccount }) => snapshot.accounts[clearingAccount]!.validUntilMs ?? Number.POSITIVE_INFINITY,
    );
    this.#largestShare = Float64Array.from(gateways, each =>
      each.checkRate ? largestShareOf(each) : noLimit,
    );
    this.#highestPrice = Float64Array.from(gateways, each =>
      each.checkRate ? highestPriceOf(each) : noLimit,
    );
  }

  /** All that follows is about this call. */
  begin(request: RouteRequest): void {
    const mapping = this.#snapshot.mappingGateways[request.mappingGateway]!;
    this.#request = request;
    this.#atMs = request.atMs;
    if (mapping === this.#mapping) return;
    this.#mapping = mapping;
    this.#customerAsks = mapping.minimumProfitPercent !== null || mapping.maximumRate !== null;
    this.#largestShareOfCustomer = largestShareOf(mapping);
    this.#highestPriceOfCustomer = highestPriceOf(mapping);
  }

  /** Why the gateway may not carry the call at all, or null. `row` is that of the call's mapping gateway. */
  exclusionOf(row: PairRow, gateway: number): Exclusion | null {
    const pair = row[gateway]!;
    if (pair <= firstExclusions) return pairExclusions[pair]!;
    const has = this.#has[gateway]!;
    if ((has & expires) !== 0 && this.#atMs >= this.#validUntilMs[gateway]!) return 'vendorAccountExpired';
    if (pair !== notExcluded) return pairExclusions[pair]!;
    if ((has & hasPeriods) !== 0 && this.#settings.closed[gateway] === 1) return 'periodNotAvailable';
    const refusal = this.#numbers.refusalOf(gateway);
    if (refusal !== null) return refusal;
    return (has & checksRate) === 0 && !this.#customerAsks ? null : this.#priceExclusionOf(gateway);
  }

  /**
   * A profit is known where both prices are: what the mapping gateway asks says nothing about a vendor without a
   * price, nor about a customer who pays nothing. The routing gateway's own limits need its `checkRate`.
   */
  #priceExclusionOf(gatewayIndex: number): Exclusion | null {
    const { customerRate } = this.#request!;
    const prices = this.#prices;
    const price = prices.lookUp(gatewayIndex);
    // What no price may be above, but for the last digits of a double.
    let limit = Math.min(this.#highestPrice[gatewayIndex]!, this.#highestPriceOfCustomer);
    const share = Math.min(this.#largestShare[gatewayIndex]!, this.#largestShareOfCustomer);
    if (customerRate !== null && share !== noLimit) {
      limit = Math.min(limit, (share * customerRate.amount) / customerRate.seconds);
    }
    if (prices.isKnown && prices.perSecond[price]! <= margin * limit) return null;
    const gateway = this.#snapshot.routingGateways[gatewayIndex]!;
    const mapping = this.#mapping!;
    if (gateway.checkRate) {
      if (prices.isMissing) return 'noVendorRate';
      if (prices.isLocked) return 'vendorRateLocked';
    }
    if (!prices.isKnown) return null;
    const ownProfit = gateway.checkRate ? gateway.minimumProfitPercent : null;
    const ownMaximum = gateway.checkRate ? gateway.maximumRate : null;
    if (customerRate !== null) {
      if (ownProfit !== null && !prices.leaves(ownProfit, customerRate)) return 'profitBelowMinimum';
      const { minimumProfitPercent } = mapping;
      if (minimumProfitPercent !== null && !prices.leaves(minimumProfitPercent, customerRate)) {
        return 'profitBelowCustomerMinimum';
      }
    }
    if (ownMaximum !== null && !prices.isWithin(ownMaximum)) return 'rateAboveMaximum';
    if (mapping.maximumRate !== null && !prices.isWithin(mapping.maximumRate)) {
      return 'rateAboveCustomerMaximum';
    }
    return null;
  }
}

interface PriceLimits {
  readonly minimumProfitPercent: number | null;
  readonly maximumRate: RateLimit | null;
}

function largestShareOf({ minimumProfitPercent }: PriceLimits): number {
  return minimumProfitPercent === null ? noLimit : 1 - minimumProfitPercent / 100;
}

function highestPriceOf({ maximumRate }: PriceLimits): number {
  return maximumRate === null ? noLimit : maximumRate.amount / maximumRate.seconds;
}
