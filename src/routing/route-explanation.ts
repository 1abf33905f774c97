/** Puts into words, with the line that caused it, what selectRoute decided about each gateway. */
import type {
  Account,
  MappingGateway,
  NameFilter,
  RoutingGateway,
  Snapshot,
  Source,
} from '../config/snapshot.ts';
import { explainNumberRefusal } from './explain-numbers.ts';
import { explainPriceExclusion } from './explain-prices.ts';
import type { RoutingState } from './gateway-availability.ts';
import { explainGroupRefusal, groupRefusalOf } from './group-lines.ts';
import { callRateText, noLineLeftOf, noOwnLineLeft } from './lines-text.ts';
import type { Because, LeftOut, RouteCandidate, RouteRequest } from './route-decision.ts';
import { decidingPlace } from './setting-place.ts';
import { settingsAt } from './timed-settings.ts';

/** A line, and a sentence without an end mark. */
export interface Cause {
  readonly source: Source;
  readonly detail: string;
}

/**
 * Attempts first, in their order, then the gateways left out, in the order the walk met them. `entryOf` gives
 * the entry of each attempt by its gateway.
 */
export function becauseOf(
  snapshot: Snapshot,
  state: RoutingState,
  request: RouteRequest,
  attempts: readonly RouteCandidate[],
  entryOf: Int32Array,
  leftOut: readonly LeftOut[],
): Because[] {
  return [
    ...attempts.map(attempt => becauseOfAttempt(snapshot, request, attempt, entryOf[attempt.gateway]!)),
    ...leftOut.map(one => becauseOfLeftOut(snapshot, state, request, one)),
  ];
}

function becauseOfAttempt(
  snapshot: Snapshot,
  request: RouteRequest,
  attempt: RouteCandidate,
  entry: number,
): Because {
  const { gateway, matchedLength, protect } = attempt;
  const mode = snapshot.routes.expiration[entry] === 1 ? 'Expiration' : 'Extension';
  const priority = settingsAt(snapshot, request.atMs).priority[gateway]!;
  const kind = protect ? 'protect route, ' : '';
  return {
    gateway,
    entry,
    matchedLength,
    outcome: protect ? 'protect' : 'attempt',
    reason: 'candidate',
    source: entrySource(snapshot, entry),
    detail: `${kind}${prefixText(request, matchedLength)} (${mode}), priority ${priority}`,
  };
}

function becauseOfLeftOut(
  snapshot: Snapshot,
  state: RoutingState,
  request: RouteRequest,
  leftOut: LeftOut,
): Because {
  const { gateway, entry, matchedLength, reason } = leftOut;
  const { source, detail } = causeOf(snapshot, state, request, leftOut);
  return { gateway, entry, matchedLength, outcome: 'excluded', reason, source, detail };
}

function causeOf(snapshot: Snapshot, state: RoutingState, request: RouteRequest, leftOut: LeftOut): Cause {
  const gateway = snapshot.routingGateways[leftOut.gateway]!;
  const vendor = snapshot.accounts[gateway.clearingAccount]!;
  const mapping = snapshot.mappingGateways[request.mappingGateway]!;
  const { reason } = leftOut;
  switch (reason) {
    case 'locked':
      return { source: decidingPlace(gateway, 'locked'), detail: 'the gateway is locked' };
    case 'vendorAccountLocked':
    case 'vendorAccountExpired':
    case 'vendorLinesFull':
    case 'vendorCallRateReached':
    case 'vendorCreditExhausted':
      return vendorCause(vendor, reason);
    case 'notAllowedForMappingGateway':
    case 'groupNotAllowedForMappingGateway':
    case 'mappingGatewayNotAllowed':
    case 'mappingGatewayGroupNotAllowed':
      return pairCause(snapshot, mapping, gateway, reason);
    case 'periodNotAvailable':
      return periodCause(snapshot, request, leftOut);
    case 'noVendorRate':
    case 'vendorRateLocked':
    case 'profitBelowMinimum':
    case 'profitBelowCustomerMinimum':
    case 'rateAboveMaximum':
    case 'rateAboveCustomerMaximum':
      return explainPriceExclusion(snapshot, request, gateway, reason);
    case 'linesFull':
      return linesCause(snapshot, request, leftOut);
    case 'callRateReached':
      return {
        source: decidingPlace(gateway, 'callRate.calls'),
        detail: `it has had its ${gateway.callRate === null ? 'calls' : callRateText(gateway.callRate)} already`,
      };
    case 'groupLinesFull':
    case 'groupLinesReserved':
      return groupCause(snapshot, state, request, leftOut);
    case 'offline':
      return {
        source: decidingPlace(gateway, 'optionsCheck'),
        detail: 'it is offline: it does not answer OPTIONS',
      };
    case 'retryAfter':
      return { source: gateway.source, detail: 'it asked to be left alone for a while (Retry-After)' };
    case 'callerPoolExhausted':
      return {
        source: gateway.callerPool?.source ?? gateway.source,
        detail: 'every number of its caller pool has all the calls that it may have',
      };
    case 'stoppedByExpiration':
      return stoppedByExpiration(snapshot, request, leftOut);
    default:
      return explainNumberRefusal(
        gateway,
        settingsAt(snapshot, request.atMs).routingPeriod(gateway.index),
        request,
        reason,
      );
  }
}

type PairReason =
  | 'notAllowedForMappingGateway'
  | 'groupNotAllowedForMappingGateway'
  | 'mappingGatewayNotAllowed'
  | 'mappingGatewayGroupNotAllowed';

function pairCause(
  snapshot: Snapshot,
  mapping: MappingGateway,
  gateway: RoutingGateway,
  reason: PairReason,
): Cause {
  switch (reason) {
    case 'notAllowedForMappingGateway':
      return filterCause(mapping.routingGateways, mapping, `${mapping.name} may not use it`);
    case 'groupNotAllowedForMappingGateway':
      return filterCause(
        mapping.routingGatewayGroups,
        mapping,
        gateway.groups.length === 0
          ? `${mapping.name} may use only gateways of certain groups, and it is in none`
          : `${mapping.name} may not use ${groupsText(snapshot, gateway)}`,
      );
    case 'mappingGatewayNotAllowed':
      return filterCause(gateway.mappingGateways, gateway, `it does not take calls of ${mapping.name}`);
    case 'mappingGatewayGroupNotAllowed':
      return filterCause(
        gateway.mappingGatewayGroups,
        gateway,
        `it does not take calls of ${mapping.name}, which has ${groupsText(snapshot, mapping)}`,
      );
  }
}

type VendorReason =
  | 'vendorAccountLocked'
  | 'vendorAccountExpired'
  | 'vendorLinesFull'
  | 'vendorCallRateReached'
  | 'vendorCreditExhausted';

function vendorCause(vendor: Account, reason: VendorReason): Cause {
  const its = `its clearing account ${vendor.name}`;
  switch (reason) {
    case 'vendorAccountLocked':
      return { source: decidingPlace(vendor, 'locked'), detail: `${its} is locked` };
    case 'vendorAccountExpired':
      return { source: decidingPlace(vendor, 'validUntil'), detail: `${its} has expired` };
    case 'vendorLinesFull':
      return {
        source: decidingPlace(vendor, 'lines'),
        detail: noLineLeftOf(its, vendor.lines ?? 0),
      };
    case 'vendorCallRateReached':
      return {
        source: decidingPlace(vendor, 'callRate.calls'),
        detail: `${its} has had its ${vendor.callRate === null ? 'calls' : callRateText(vendor.callRate)} already`,
      };
    case 'vendorCreditExhausted':
      return {
        source: decidingPlace(vendor, 'overdraftLimit'),
        detail: `the credit of ${its} is used up`,
      };
  }
}

function periodCause(snapshot: Snapshot, request: RouteRequest, { gateway }: LeftOut): Cause {
  const period = settingsAt(snapshot, request.atMs).routingPeriod(gateway)!;
  const { name } = snapshot.calendars[period.calendar]!;
  return { source: period.source, detail: `it takes no calls while ${name} counts` };
}

function linesCause(snapshot: Snapshot, request: RouteRequest, { gateway: index }: LeftOut): Cause {
  const gateway = snapshot.routingGateways[index]!;
  const settings = settingsAt(snapshot, request.atMs);
  const period = settings.routingPeriod(index);
  const lines = settings.lines[index]!;
  if (period === null || period.lines === null) {
    return { source: decidingPlace(gateway, 'lines'), detail: noOwnLineLeft(lines) };
  }
  const { name } = snapshot.calendars[period.calendar]!;
  return { source: period.source, detail: noOwnLineLeft(lines, `while ${name} counts`) };
}

function groupCause(
  snapshot: Snapshot,
  state: RoutingState,
  request: RouteRequest,
  { gateway }: LeftOut,
): Cause {
  const settings = settingsAt(snapshot, request.atMs);
  const refusal = groupRefusalOf(snapshot.routingGateways[gateway]!, settings, state)!;
  return explainGroupRefusal(snapshot, settings, state, refusal, 'it');
}

function stoppedByExpiration(snapshot: Snapshot, request: RouteRequest, leftOut: LeftOut): Cause {
  const gateway = snapshot.routingGateways[leftOut.gateway]!;
  const stopper = snapshot.routingGateways[snapshot.routes.gateway[leftOut.stoppedBy]!]!;
  const own = prefixText(request, leftOut.matchedLength);
  return {
    source: entrySource(snapshot, leftOut.stoppedBy),
    detail: `${gateway.name} has only ${own}, and a longer prefix of ${stopper.name} in Expiration mode ends the search`,
  };
}

function filterCause(filter: NameFilter, { source }: { readonly source: Source }, detail: string): Cause {
  return { source: filter.kind === 'any' ? source : filter.source, detail };
}

function groupsText(
  { gatewayGroups }: Snapshot,
  { groups }: { readonly groups: readonly { readonly group: number }[] },
): string {
  const names = groups.map(({ group }) => gatewayGroups[group]!.name);
  if (names.length === 0) return 'no group';
  return `the ${names.length === 1 ? 'group' : 'groups'} ${names.join(', ')}`;
}

/** A prefix stands in the file of its gateway. */
function entrySource(snapshot: Snapshot, entry: number): Source {
  const { gateway, line } = snapshot.routes;
  return { file: snapshot.routingGateways[gateway[entry]!]!.source.file, line: line[entry]!, column: 1 };
}

function prefixText(request: RouteRequest, length: number): string {
  return length === 0 ? 'the empty prefix' : `prefix ${request.callee.slice(0, length)}`;
}
