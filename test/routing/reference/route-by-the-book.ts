/**
 * The rules of routing written down one by one, as they are documented and without a thought for speed: every prefix
 * is tried, every rule is asked of every gateway, and prices are compared as fractions. The engine must agree.
 */
import { isInside } from '../../../src/calendar/calendar.ts';
import type {
  Account,
  GatewayPeriod,
  GroupMembership,
  LengthFilter,
  MappingGateway,
  NameFilter,
  NumberFilter,
  NumberListFilter,
  PairFilter,
  RateLimit,
  RoutePolicy,
  RoutingGateway,
  Snapshot,
} from '../../../src/config/snapshot.ts';
import type { RouteRequest, RoutingState } from '../../../src/routing/select-route.ts';

export interface ByTheBook {
  /** Names, in the order to try them. */
  readonly normal: readonly string[];
  readonly protect: readonly string[];
  readonly someBusy: boolean;
  /** Name and reason of every gateway with a prefix of the number that is not tried, by name. */
  readonly leftOut: readonly string[];
}

/** What a network holds of numbers, to be asked one by one. */
export interface Book {
  /** Of a routing gateway (by index): its longest prefix of the number; null without one. */
  longestPrefix(
    gateway: number,
    number: string,
  ): { readonly length: number; readonly expiration: boolean } | null;
  /** Of a rate table (by index): the row that prices the number; null without one. */
  rateRow(table: number, number: string, atMs: number): BookRate | null;
  /** Whether a number list (by index) holds the number, or a prefix of it. */
  isOnList(list: number, number: string): boolean;
}

export interface BookRate {
  readonly price: RateLimit;
  readonly locked: boolean;
}

/** One gateway that has a prefix of the number, and all that the rules look at. */
interface Asked {
  readonly book: Book;
  readonly snapshot: Snapshot;
  readonly state: RoutingState;
  readonly request: RouteRequest;
  readonly mapping: MappingGateway;
  readonly gateway: RoutingGateway;
  readonly vendor: Account;
  readonly period: GatewayPeriod | null;
  /** 'none' has no row in effect, 'locked' a locked one. */
  readonly price: RateLimit | 'none' | 'locked';
  readonly matchedLength: number;
  readonly expiration: boolean;
}

type Rule = readonly [reason: string, excludes: (asked: Asked) => boolean];

const staticRules: readonly Rule[] = [
  ['locked', ({ gateway }) => gateway.locked],
  ['vendorAccountLocked', ({ vendor }) => vendor.locked],
  ['vendorAccountExpired', ({ vendor, request }) => request.atMs >= (vendor.validUntilMs ?? Infinity)],
  ['notAllowedForMappingGateway', a => !listed(a.mapping.routingGateways, [a.gateway.index])],
  ['groupNotAllowedForMappingGateway', a => !listed(a.mapping.routingGatewayGroups, groupsOf(a.gateway))],
  ['mappingGatewayNotAllowed', a => !listed(a.gateway.mappingGateways, [a.mapping.index])],
  ['mappingGatewayGroupNotAllowed', a => !listed(a.gateway.mappingGatewayGroups, groupsOf(a.mapping))],
  ['periodNotAvailable', ({ period }) => period !== null && !period.available],
  [
    'callerPrefixNotAllowed',
    ({ gateway, period, request }) =>
      !begins(period?.callerPrefixes ?? gateway.numbers.callerPrefixes, request.caller),
  ],
  [
    'calleePrefixNotAllowed',
    ({ gateway, period, request }) =>
      !begins(period?.calleePrefixes ?? gateway.numbers.calleePrefixes, request.callee),
  ],
  [
    'forwardingPrefixNotAllowed',
    ({ gateway, request }) =>
      request.forwarding !== null && !begins(gateway.numbers.forwardingPrefixes, request.forwarding),
  ],
  ['callerCalleeNotAllowed', a => !paired(a.gateway.numbers.callerCalleePrefixes, a.request)],
  ['callerLengthNotAllowed', a => !long(a.gateway.numbers.callerLengths, a.request.caller)],
  ['calleeLengthNotAllowed', a => !long(a.gateway.numbers.calleeLengths, a.request.untaggedCallee)],
  ['callerListNotAllowed', a => !onLists(a, a.gateway.numbers.callerLists, a.request.caller)],
  ['calleeListNotAllowed', a => !onLists(a, a.gateway.numbers.calleeLists, a.request.untaggedCallee)],
  ['calleeNotOnNet', a => a.gateway.numbers.calleeNetwork === 'on-net' && !isOnNet(a)],
  ['calleeNotOffNet', a => a.gateway.numbers.calleeNetwork === 'off-net' && isOnNet(a)],
  ['noVendorRate', ({ gateway, price }) => gateway.checkRate && price === 'none'],
  ['vendorRateLocked', ({ gateway, price }) => gateway.checkRate && price === 'locked'],
  ['profitBelowMinimum', a => a.gateway.checkRate && isProfitBelow(a, a.gateway.minimumProfitPercent)],
  ['profitBelowCustomerMinimum', a => isProfitBelow(a, a.mapping.minimumProfitPercent)],
  ['rateAboveMaximum', a => a.gateway.checkRate && isRateAbove(a, a.gateway.maximumRate)],
  ['rateAboveCustomerMaximum', a => isRateAbove(a, a.mapping.maximumRate)],
];

const dynamicRules: readonly Rule[] = [
  ['linesFull', a => a.state.activeLines(a.gateway.index) >= linesOf(a)],
  ['callRateReached', a => a.gateway.callRate !== null && a.state.callRateReached(a.gateway.index, 0)],
  ['groupLinesFull', a => firstGroupRefusal(a) === 'full'],
  ['groupLinesReserved', a => firstGroupRefusal(a) === 'reserved'],
  ['vendorLinesFull', a => a.vendor.lines !== null && a.state.vendorLinesFull(a.vendor.index)],
  [
    'vendorCallRateReached',
    a => a.vendor.callRate !== null && a.state.vendorCallRateReached(a.vendor.index, 0),
  ],
  [
    'vendorCreditExhausted',
    a => a.snapshot.parameters.verifyVendorCredit && a.state.vendorCreditExhausted(a.vendor.index),
  ],
  ['offline', a => a.gateway.optionsCheck && a.state.isOffline(a.gateway.index)],
  ['retryAfter', a => a.request.atMs < a.state.unavailableUntilMs(a.gateway.index)],
  ['callerPoolExhausted', a => a.gateway.callerPool !== null && a.state.callerPoolExhausted(a.gateway.index)],
];

/** `gateways` are those to ask, by their indexes: at least all that have a prefix of the number. */
export function routeByTheBook(
  book: Book,
  snapshot: Snapshot,
  state: RoutingState,
  request: RouteRequest,
  gateways: Iterable<number> = snapshot.routingGateways.keys(),
): ByTheBook {
  const members: Asked[] = [];
  for (const gateway of gateways) {
    const asked = askedOf(book, snapshot, state, request, snapshot.routingGateways[gateway]!);
    if (asked !== null) members.push(asked);
  }
  const normal: string[] = [];
  const protect: string[] = [];
  const leftOut: string[] = [];
  let someBusy = false;
  let isOver = false;
  for (let length = request.callee.length; length >= 0; length--) {
    const group = members.filter(({ matchedLength }) => matchedLength === length);
    if (isOver) {
      for (const { gateway } of group) leftOut.push(`${gateway.name} stoppedByExpiration`);
      continue;
    }
    const free: Asked[] = [];
    for (const asked of group) {
      const { name } = asked.gateway;
      const forGood = staticRules.find(([, excludes]) => excludes(asked));
      const forNow = dynamicRules.find(([, excludes]) => excludes(asked));
      if (forGood !== undefined) leftOut.push(`${name} ${forGood[0]}`);
      else if (forNow !== undefined) leftOut.push(`${name} ${forNow[0]}`);
      else free.push(asked);
      if (forGood !== undefined) continue;
      if (forNow !== undefined) someBusy = true;
      if (asked.expiration) isOver = true;
    }
    free.sort(inOrder);
    normal.push(...free.filter(({ gateway }) => !gateway.protectRoute).map(({ gateway }) => gateway.name));
    protect.push(...free.filter(({ gateway }) => gateway.protectRoute).map(({ gateway }) => gateway.name));
  }
  return { normal, protect, someBusy, leftOut: leftOut.sort() };
}

function askedOf(
  book: Book,
  snapshot: Snapshot,
  state: RoutingState,
  request: RouteRequest,
  gateway: RoutingGateway,
): Asked | null {
  const longest = book.longestPrefix(gateway.index, request.callee);
  if (longest === null) return null;
  const vendor = snapshot.accounts[gateway.clearingAccount]!;
  return {
    book,
    snapshot,
    state,
    request,
    mapping: snapshot.mappingGateways[request.mappingGateway]!,
    gateway,
    vendor,
    period:
      gateway.periods.find(({ calendar }) => isInside(snapshot.calendars[calendar]!, request.atMs)) ?? null,
    price: priceOf(book, snapshot, vendor, numberToRate(gateway, request), request.atMs),
    matchedLength: longest.length,
    expiration: longest.expiration,
  };
}

function numberToRate(gateway: RoutingGateway, request: RouteRequest): string {
  if (!gateway.rateByNumberSent || request.numberSentToRate === null) return request.calleeToRate;
  return request.numberSentToRate(gateway.index);
}

function priceOf(
  book: Book,
  { parameters, calendars }: Snapshot,
  vendor: Account,
  number: string,
  atMs: number,
): RateLimit | 'none' | 'locked' {
  const isFree = parameters.freeNumbers.some(item =>
    item.endsWith('*') ? number.startsWith(item.slice(0, -1)) : number === item,
  );
  if (vendor.unrated || isFree) return { amount: 0, seconds: 1 };
  const timed = vendor.timedRateTables.find(({ calendar }) => isInside(calendars[calendar]!, atMs));
  const row = [vendor.privateRateTable, timed?.rateTable ?? vendor.rateTable]
    .map(table => (table === null ? null : book.rateRow(table, number, atMs)))
    .find(found => found !== null);
  if (row === undefined) return 'none';
  return row.locked ? 'locked' : row.price;
}

/** Policies come between priority and load; the name settles the rest. */
function inOrder(a: Asked, b: Asked): number {
  const { firstRoutePolicy, secondRoutePolicy } = a.mapping;
  return (
    priorityOf(a) - priorityOf(b) ||
    byPolicy(firstRoutePolicy, a, b) ||
    byPolicy(secondRoutePolicy, a, b) ||
    loadOf(a) - loadOf(b) ||
    a.state.callsCarried(a.gateway.index) - b.state.callsCarried(b.gateway.index) ||
    (a.gateway.name < b.gateway.name ? -1 : 1)
  );
}

function byPolicy(policy: RoutePolicy, a: Asked, b: Asked): number {
  if (policy === 'none') return 0;
  if (policy === 'asr') return asrOf(b) - asrOf(a);
  const [first, second] = [sortedPrice(a), sortedPrice(b)];
  if (first === null || second === null) return first === second ? 0 : first === null ? 1 : -1;
  return Number(
    BigInt(first.amount) * BigInt(second.seconds) - BigInt(second.amount) * BigInt(first.seconds),
  );
}

/** Not known counts as the best there is. */
function asrOf({ state, gateway }: Asked): number {
  return state.asr(gateway.index) ?? (gateway.calculateQuality ? 1 : 0);
}

/** Null for the gateways that count as the dearest. */
function sortedPrice({ gateway, price }: Asked): RateLimit | null {
  if (!gateway.leastCostRouting || !gateway.checkRate || typeof price === 'string') return null;
  return price;
}

function priorityOf({ gateway, period }: Asked): number {
  return period?.priority ?? gateway.priority;
}

function linesOf({ gateway, period }: Asked): number {
  return period?.lines ?? gateway.lines ?? Infinity;
}

function loadOf(asked: Asked): number {
  return asked.state.activeLines(asked.gateway.index) / linesOf(asked);
}

function firstGroupRefusal({ gateway, snapshot, state, request }: Asked): 'full' | 'reserved' | null {
  for (const { group: index, reservedLines } of gateway.groups) {
    const group = snapshot.gatewayGroups[index]!;
    const timed = group.timedLines.find(({ calendar }) =>
      isInside(snapshot.calendars[calendar]!, request.atMs),
    );
    const free = (timed?.lines ?? group.lines ?? Infinity) - state.groupActiveLines(index);
    if (free <= 0) return 'full';
    if (free < reservedLines) return 'reserved';
  }
  return null;
}

function groupsOf({ groups }: { readonly groups: readonly GroupMembership[] }): number[] {
  return groups.map(({ group }) => group);
}

function listed(filter: NameFilter, indexes: readonly number[]): boolean {
  if (filter.kind === 'any') return true;
  const isNamed = indexes.some(index => filter.indexes.includes(index));
  return filter.kind === 'allow' ? isNamed : !isNamed;
}

function begins(filter: NumberFilter, number: string): boolean {
  if (filter.kind === 'any') return true;
  const isNamed = filter.prefixes.some(prefix => plain(number).startsWith(prefix));
  return filter.kind === 'allow' ? isNamed : !isNamed;
}

function paired(filter: PairFilter, { caller, callee }: RouteRequest): boolean {
  if (filter.kind === 'any') return true;
  const isNamed = filter.pairs.some(
    pair => plain(caller).startsWith(pair.caller) && plain(callee).startsWith(pair.callee),
  );
  return filter.kind === 'allow' ? isNamed : !isNamed;
}

/** Rules name no plus sign, and one in front of a number leads past none of them. */
function plain(number: string): string {
  return number.replace(/^\+/, '');
}

function long(filter: LengthFilter, number: string): boolean {
  if (filter.kind === 'any') return true;
  const { length } = plain(number);
  const bits = (BigInt(filter.high) << 32n) | BigInt(filter.low);
  return ((bits >> BigInt(length)) & 1n) === 1n;
}

function onLists({ book }: Asked, filter: NumberListFilter, number: string): boolean {
  if (filter.kind === 'any') return true;
  const isNamed = filter.lists.some(list => book.isOnList(list, plain(number)));
  return filter.kind === 'allow' ? isNamed : !isNamed;
}

function isOnNet({ book, snapshot, request }: Asked): boolean {
  return snapshot.onNetNumbers.some(list => book.isOnList(list, plain(request.untaggedCallee)));
}

function isProfitBelow({ price, request: { customerRate } }: Asked, percent: number | null): boolean {
  if (percent === null || customerRate === null || typeof price === 'string') return false;
  // vendor per second > customer per second × (100 − percent) / 100
  const paid = BigInt(price.amount) * BigInt(customerRate.seconds) * 100n;
  return paid > BigInt(customerRate.amount) * BigInt(price.seconds) * BigInt(100 - percent);
}

function isRateAbove({ price }: Asked, limit: RateLimit | null): boolean {
  if (limit === null || typeof price === 'string') return false;
  return BigInt(price.amount) * BigInt(limit.seconds) > BigInt(limit.amount) * BigInt(price.seconds);
}
