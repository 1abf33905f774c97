/**
 * The rules that drop a routing gateway whatever the switch is doing. What depends only on the pair of gateways
 * is worked out once for a snapshot.
 */
import type { MappingGateway, RoutingGateway, Snapshot } from '../config/snapshot.ts';
import { findAccountRate, isUnrated } from '../rating/account-rate.ts';
import { isLockedRow } from '../rating/rate-table.ts';
import { passesNameFilter } from './number-filter.ts';
import type { Exclusion } from './route-reasons.ts';

/**
 * Per routing gateway, for one mapping gateway: `alwaysUsable`, `askedEachTime` when it depends on the call, or
 * the place in `pairExclusions` of what keeps it out of every call.
 */
export type UsableRow = Uint8Array;

const alwaysUsable = 0xff;
const askedEachTime = 0xfe;

const pairExclusions = [
  'locked',
  'vendorAccountLocked',
  'notAllowedForMappingGateway',
  'mappingGatewayNotAllowed',
] as const satisfies readonly Exclusion[];

export function usableRowOf(snapshot: Snapshot, mappingGateway: MappingGateway): UsableRow {
  const row = new Uint8Array(snapshot.routingGateways.length);
  for (const gateway of snapshot.routingGateways) {
    const exclusion = pairExclusion(snapshot, mappingGateway, gateway);
    row[gateway.index] =
      exclusion === null ? usabilityOf(snapshot, gateway) : pairExclusions.indexOf(exclusion);
  }
  return row;
}

function usabilityOf(snapshot: Snapshot, gateway: RoutingGateway): number {
  const { validUntilMs, unrated } = snapshot.accounts[gateway.clearingAccount]!;
  return validUntilMs !== null || (gateway.checkRate && !unrated) ? askedEachTime : alwaysUsable;
}

function pairExclusion(
  snapshot: Snapshot,
  mappingGateway: MappingGateway,
  gateway: RoutingGateway,
): (typeof pairExclusions)[number] | null {
  if (gateway.locked) return 'locked';
  if (snapshot.accounts[gateway.clearingAccount]!.locked) return 'vendorAccountLocked';
  if (!passesNameFilter(mappingGateway.routingGateways, gateway.index)) return 'notAllowedForMappingGateway';
  if (!passesNameFilter(gateway.mappingGateways, mappingGateway.index)) return 'mappingGatewayNotAllowed';
  return null;
}

/** Why the gateway may not carry this call at all, or null. */
export function exclusionOf(
  snapshot: Snapshot,
  usable: UsableRow,
  gatewayIndex: number,
  callee: string,
  atMs: number,
): Exclusion | null {
  const usability = usable[gatewayIndex]!;
  if (usability === alwaysUsable) return null;
  if (usability !== askedEachTime) return pairExclusions[usability]!;
  const gateway = snapshot.routingGateways[gatewayIndex]!;
  const account = snapshot.accounts[gateway.clearingAccount]!;
  if (account.validUntilMs !== null && atMs >= account.validUntilMs) return 'vendorAccountExpired';
  if (!gateway.checkRate || account.unrated) return null;
  if (account.rateTable === null) return 'noVendorRate';
  if (isUnrated(snapshot, account, callee)) return null;
  const found = findAccountRate(snapshot, account, callee, atMs);
  if (found === null) return 'noVendorRate';
  return isLockedRow(found.table, found.row) ? 'vendorRateLocked' : null;
}
