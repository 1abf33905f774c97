/** Puts into words, with the line that caused it, what selectRoute decided about each gateway. */
import type { Account, CallRate, NameFilter, RoutingGateway, Snapshot, Source } from '../config/snapshot.ts';
import { findAccountRate, rateTablesAt } from '../rating/account-rate.ts';
import type { Because, LeftOut, RouteCandidate, RouteRequest } from './route-decision.ts';
import { decidingPlace } from './setting-place.ts';

/**
 * Attempts first, in their order, then the gateways left out, in the order the walk met them. `entryOf` gives
 * the entry of each attempt by its gateway.
 */
export function becauseOf(
  snapshot: Snapshot,
  request: RouteRequest,
  attempts: readonly RouteCandidate[],
  entryOf: Int32Array,
  leftOut: readonly LeftOut[],
): Because[] {
  return [
    ...attempts.map(attempt => becauseOfAttempt(snapshot, request, attempt, entryOf[attempt.gateway]!)),
    ...leftOut.map(one => becauseOfLeftOut(snapshot, request, one)),
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
  const { priority } = snapshot.routingGateways[gateway]!;
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

function becauseOfLeftOut(snapshot: Snapshot, request: RouteRequest, leftOut: LeftOut): Because {
  const { gateway, entry, matchedLength, reason } = leftOut;
  const { source, detail } = causeOf(snapshot, request, leftOut);
  return { gateway, entry, matchedLength, outcome: 'excluded', reason, source, detail };
}

interface Cause {
  readonly source: Source;
  readonly detail: string;
}

function causeOf(snapshot: Snapshot, request: RouteRequest, leftOut: LeftOut): Cause {
  const gateway = snapshot.routingGateways[leftOut.gateway]!;
  const vendor = snapshot.accounts[gateway.clearingAccount]!;
  const mapping = snapshot.mappingGateways[request.mappingGateway]!;
  switch (leftOut.reason) {
    case 'locked':
      return { source: decidingPlace(gateway, 'locked'), detail: 'the gateway is locked' };
    case 'vendorAccountLocked':
      return {
        source: decidingPlace(vendor, 'locked'),
        detail: `its clearing account ${vendor.name} is locked`,
      };
    case 'vendorAccountExpired':
      return {
        source: decidingPlace(vendor, 'validUntil'),
        detail: `its clearing account ${vendor.name} has expired`,
      };
    case 'notAllowedForMappingGateway':
      return {
        source: filterSource(mapping.routingGateways, mapping.source),
        detail: `${mapping.name} may not use it`,
      };
    case 'mappingGatewayNotAllowed':
      return {
        source: filterSource(gateway.mappingGateways, gateway.source),
        detail: `it does not take calls of ${mapping.name}`,
      };
    case 'noVendorRate':
      return noVendorRate(snapshot, request, gateway, vendor);
    case 'vendorRateLocked':
      return vendorRateLocked(snapshot, request, vendor);
    case 'linesFull':
      return {
        source: decidingPlace(gateway, 'lines'),
        detail: `all its ${gateway.lines} lines are in use`,
      };
    case 'callRateReached':
      return {
        source: decidingPlace(gateway, 'callRate.calls'),
        detail: `it has had its ${callRateText(gateway.callRate)} already`,
      };
    case 'vendorLinesFull':
      return {
        source: decidingPlace(vendor, 'lines'),
        detail: `all ${vendor.lines} lines of its clearing account ${vendor.name} are in use`,
      };
    case 'vendorCallRateReached':
      return {
        source: decidingPlace(vendor, 'callRate.calls'),
        detail: `its clearing account ${vendor.name} has had its ${callRateText(vendor.callRate)} already`,
      };
    case 'retryAfter':
      return { source: gateway.source, detail: 'it asked to be left alone for a while (Retry-After)' };
    case 'vendorCreditExhausted':
      return {
        source: decidingPlace(vendor, 'overdraftLimit'),
        detail: `the credit of its clearing account ${vendor.name} is used up`,
      };
    default:
      return { source: gateway.source, detail: 'left out' };
    case 'stoppedByExpiration':
      return stoppedByExpiration(snapshot, request, gateway, leftOut);
  }
}

function stoppedByExpiration(
  snapshot: Snapshot,
  request: RouteRequest,
  gateway: RoutingGateway,
  leftOut: LeftOut,
): Cause {
  const stopper = snapshot.routingGateways[snapshot.routes.gateway[leftOut.stoppedBy]!]!;
  const own = prefixText(request, leftOut.matchedLength);
  return {
    source: entrySource(snapshot, leftOut.stoppedBy),
    detail: `${gateway.name} has only ${own}, and a longer prefix of ${stopper.name} in Expiration mode ends the search`,
  };
}

function noVendorRate(
  snapshot: Snapshot,
  request: RouteRequest,
  gateway: RoutingGateway,
  vendor: Account,
): Cause {
  const source = decidingPlace(gateway, 'checkRate');
  const tables = rateTablesAt(snapshot, vendor, request.atMs);
  if (tables.length === 0) {
    return { source, detail: `rates are checked and ${vendor.name} has no rate table` };
  }
  const names = tables.map(({ name }) => name).join(' nor ');
  const have = tables.length === 1 ? `${names} has no rate` : `neither ${names} has a rate`;
  return {
    source,
    detail: `rates are checked and ${have} for ${request.callee}`,
  };
}

function vendorRateLocked(snapshot: Snapshot, request: RouteRequest, vendor: Account): Cause {
  const { table, row } = findAccountRate(snapshot, vendor, request.callee, request.atMs)!;
  return {
    source: { file: table.rowFile, line: table.line[row]!, column: 1 },
    detail: `rates are checked and the rate of ${table.name} for ${request.callee} is locked`,
  };
}

/** Null has no words, since it is never reached. */
function callRateText(rate: CallRate | null): string {
  if (rate === null) return 'calls';
  const period = rate.perSeconds === 1 ? 'second' : `${rate.perSeconds} seconds`;
  return `${rate.calls} ${rate.calls === 1 ? 'call' : 'calls'} per ${period}`;
}

function filterSource(filter: NameFilter, otherwise: Source): Source {
  return filter.kind === 'any' ? otherwise : filter.source;
}

/** A prefix stands in the file of its gateway. */
function entrySource(snapshot: Snapshot, entry: number): Source {
  const { gateway, line } = snapshot.routes;
  return { file: snapshot.routingGateways[gateway[entry]!]!.source.file, line: line[entry]!, column: 1 };
}

function prefixText(request: RouteRequest, length: number): string {
  return length === 0 ? 'the empty prefix' : `prefix ${request.callee.slice(0, length)}`;
}
