/** Which parts of a configuration a rule of lint may reason about, so that it never says what is not so. */
import { areRulesEmpty } from '../../../routing/number-rules.ts';
import type { DialPlans, MappingGateway, RoutingGateway, Snapshot } from '../../snapshot.ts';

/**
 * `possible`: everything that any call could do, for whoever says that something never happens. `plain`: the customers
 * who pay for the number that is routed, over every way that they could take, for whoever says that there is only one.
 * `certain`: those whose calls nothing but their number decides about, over the gateways that take them for certain,
 * for whoever says that it happens.
 */
export type Scope = 'possible' | 'plain' | 'certain';

export function isInScope(gateway: MappingGateway, snapshot: Snapshot, scope: Scope): boolean {
  if (scope === 'possible') return true;
  return scope === 'plain' ? paysForNumberRouted(gateway, snapshot) : isPlainCustomer(gateway, snapshot);
}

/** Whether all scopes are the same. */
export function isAllCertain(snapshot: Snapshot): boolean {
  return (
    snapshot.mappingGateways.every(gateway => isPlainCustomer(gateway, snapshot)) &&
    !snapshot.routingGateways.some(isRestricted)
  );
}

/** The number by which a customer is rated is the one that the prefixes of routing gateways are compared with. */
export function paysForNumberRouted(gateway: MappingGateway, { parameters }: Snapshot): boolean {
  const mayTag = rewritesCallees(gateway) && parameters.routeTags.length > 0;
  return gateway.lrn === null && gateway.routeShares === null && !mayTag;
}

function isPlainCustomer(gateway: MappingGateway, snapshot: Snapshot): boolean {
  const { calleeLengths, calleeLists, callerCalleePrefixes, calleeNetwork } = gateway.numbers;
  return (
    paysForNumberRouted(gateway, snapshot) &&
    !comparesPrices(gateway) &&
    gateway.callLevel === 'international' &&
    gateway.periods.length === 0 &&
    calleeNetwork === 'any' &&
    [calleeLengths, calleeLists, callerCalleePrefixes].every(({ kind }) => kind === 'any')
  );
}

/** Whether an Expiration entry ends every search of the customer that comes to it. */
export function isStoppedByExpiration(gateway: MappingGateway): boolean {
  return gateway.lrn === null && !comparesPrices(gateway);
}

function comparesPrices({ minimumProfitPercent, maximumRate }: MappingGateway): boolean {
  return minimumProfitPercent !== null || maximumRate !== null;
}

/** Whether the calleePrefixes of the gateway hold, at all times, for the number that is routed. */
export function hasLastingFilter(gateway: MappingGateway): boolean {
  return (
    !rewritesCallees(gateway) &&
    gateway.routeShares === null &&
    gateway.lrn === null &&
    gateway.periods.every(({ calleePrefixes }) => calleePrefixes === null)
  );
}

/** Whether some calls that come to the gateway's prefixes pass it by, for other reasons than their number's beginning. */
export function isRestricted(gateway: RoutingGateway): boolean {
  return (
    !areRulesEmpty(gateway.numbers) ||
    gateway.periods.length > 0 ||
    gateway.minimumProfitPercent !== null ||
    gateway.maximumRate !== null ||
    isRatedByOtherNumber(gateway)
  );
}

/** Whether the vendor's price is that of another number than the one that came to the gateway's prefixes. */
export function isRatedByOtherNumber(gateway: RoutingGateway): boolean {
  return gateway.rateByNumberSent && rewritesCallees(gateway);
}

function rewritesCallees(gateway: {
  readonly dialPlans: DialPlans;
  readonly periodDialPlans: readonly DialPlans[];
}): boolean {
  return [gateway.dialPlans, ...gateway.periodDialPlans].some(({ callee }) => callee.rules.length > 0);
}
