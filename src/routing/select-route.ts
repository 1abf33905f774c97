import type { RoutePolicy, Snapshot } from '../config/snapshot.ts';
import { matchingPrefixes, maxMatches } from '../prefixes/prefix-trie.ts';
import { type Availability, availabilityOf, type RoutingState } from './gateway-availability.ts';
import { NumberRuleIndex } from './number-rule-index.ts';
import type { LeftOut, RouteCandidate, RouteDecision, RouteRequest } from './route-decision.ts';
import { becauseOf } from './route-explanation.ts';
import { type OrderRequest, RouteOrder } from './route-order.ts';
import { stepExpires, stepGateway, stepGoesOn } from './route-table.ts';
import { type PairRow, pairRowOf, StaticRules } from './static-rules.ts';
import { settingsAt, type TimedSettings } from './timed-settings.ts';
import { VendorPrices } from './vendor-price.ts';

export type { RoutingState } from './gateway-availability.ts';
export { gatewayUnavailable } from './gateway-availability.ts';
export type { Because, RouteCandidate, RouteDecision, RouteRequest } from './route-decision.ts';
export type { Exclusion, Unavailability } from './route-reasons.ts';

// Filled by one decision and read before it returns; never seen from outside.
const matchedEntries = new Int32Array(maxMatches);
const matchedLengths = new Int32Array(maxMatches);

/** What a mapping gateway means to routing. */
interface Customer {
  readonly pairRow: PairRow;
  readonly order: OrderRequest;
}

/** What can be worked out before any call, and room to work in. */
interface RoutingIndex {
  readonly settings: TimedSettings;
  readonly rules: StaticRules;
  readonly availability: Availability;
  readonly prices: VendorPrices;
  readonly numbers: NumberRuleIndex;
  readonly order: RouteOrder;
  /** By gateway: 1 for those that are ordered by their rate. */
  readonly takesPart: Uint8Array;
  /** By gateway: 1 for a protect route. */
  readonly protects: Uint8Array;
  readonly customers: (Customer | undefined)[];
  /** By gateway: the last decision that met it. */
  readonly seenIn: Float64Array;
  decision: number;
  readonly group: Uint16Array;
  /** By gateway: the entry that counted. */
  readonly entryOf: Int32Array;
  /** What is to be tried, of which a decision takes a copy. */
  readonly normal: RouteCandidate[];
  readonly protect: RouteCandidate[];
  /** By gateway and matched length: hundreds of them serve a million prefixes. */
  readonly candidates: (RouteCandidate | undefined)[];
}

/** One index a snapshot; a snapshot never changes, so this only saves time. */
const indexes = new WeakMap<Snapshot, RoutingIndex>();

/**
 * Decides which routing gateways may carry a call, in which order, and (asked to `explain`) why.
 *
 * Every gateway counts with its longest prefix that the callee starts with. Groups of equally long prefixes are
 * walked longest first. The walk goes on to shorter ones (prefix mode Extension) until a group has a member in
 * Expiration mode that this caller may use, be it full or a protect route: that group is the last. Gateways the
 * rules exclude do not count as members; gateways that are merely full, out of credit or waiting do. Protect
 * routes of the walked groups come after all normal gateways, in the same order among themselves.
 *
 * Deterministic given the state. Any text may stand for a number. Throws when the mapping gateway is none of the
 * snapshot's.
 */
export function selectRoute(
  snapshot: Snapshot,
  state: RoutingState,
  request: RouteRequest,
  explain: boolean = false,
): RouteDecision {
  const { steps, trie } = snapshot.routes;
  const index = routingIndex(snapshot, request.atMs);
  const { pairRow, order } = customerOf(snapshot, index, request.mappingGateway);
  index.prices.begin(request);
  index.numbers.begin(request);
  index.rules.begin(request);
  const decision = ++index.decision;
  const { normal, protect } = index;
  let normalCount = 0;
  let protectCount = 0;
  const leftOut: LeftOut[] | null = explain ? [] : null;
  let someBusy = false;
  let stoppedBy = -1;
  for (
    let match = matchingPrefixes(trie, request.callee, matchedEntries, matchedLengths) - 1;
    match >= 0;
    match--
  ) {
    const matchedLength = matchedLengths[match]!;
    const walked = stoppedBy < 0;
    if (!walked && leftOut === null) break;
    let count = 0;
    for (let entry = matchedEntries[match]!, goesOn = true; goesOn; entry++) {
      const step = steps[entry]!;
      const gateway = step & stepGateway;
      goesOn = (step & stepGoesOn) !== 0;
      if (index.seenIn[gateway] === decision) continue;
      index.seenIn[gateway] = decision;
      if (!walked) {
        leftOut?.push({ gateway, entry, matchedLength, reason: 'stoppedByExpiration', stoppedBy });
        continue;
      }
      const refusal = index.availability.refusalOf(state, gateway, request.atMs);
      // Of one that cannot carry the call now, the rules have nothing more to tell.
      if (refusal !== null && someBusy && (step & stepExpires) === 0 && leftOut === null) continue;
      const exclusion = index.rules.exclusionOf(pairRow, gateway);
      if (exclusion === null && (step & stepExpires) !== 0) stoppedBy = entry;
      const reason = exclusion ?? refusal;
      if (reason !== null) {
        if (exclusion === null) someBusy = true;
        leftOut?.push({ gateway, entry, matchedLength, reason, stoppedBy: -1 });
        continue;
      }
      index.group[count++] = gateway;
      index.entryOf[gateway] = entry;
    }
    index.order.sort(index.group, count, state, order);
    for (let i = 0; i < count; i++) {
      const gateway = index.group[i]!;
      const candidate = candidateOf(index, gateway, matchedLength);
      if (index.protects[gateway] === 1) protect[protectCount++] = candidate;
      else normal[normalCount++] = candidate;
    }
  }
  for (let i = 0; i < protectCount; i++) normal[normalCount + i] = protect[i]!;
  const attempts = normal.slice(0, normalCount + protectCount);
  const because =
    leftOut === null ? [] : becauseOf(snapshot, state, request, attempts, index.entryOf, leftOut);
  return { attempts, normalCount, someBusy, stoppedBy, because };
}

function candidateOf(index: RoutingIndex, gateway: number, matchedLength: number): RouteCandidate {
  const place = gateway * maxMatches + matchedLength;
  const known = index.candidates[place];
  if (known !== undefined) return known;
  const protect = index.protects[gateway] === 1;
  const candidate = Object.freeze({ gateway, matchedLength, protect });
  index.candidates[place] = candidate;
  return candidate;
}

function customerOf(snapshot: Snapshot, index: RoutingIndex, mappingGateway: number): Customer {
  const known = index.customers[mappingGateway];
  if (known !== undefined) return known;
  const gateway = snapshot.mappingGateways[mappingGateway];
  if (gateway === undefined) throw new RangeError(`no mapping gateway ${mappingGateway} in the snapshot`);
  const policies: RoutePolicy[] = [gateway.firstRoutePolicy, gateway.secondRoutePolicy];
  const customer = {
    pairRow: pairRowOf(snapshot, gateway),
    order: {
      policies: policies.filter(policy => policy !== 'none'),
      price: (routingGateway: number) => priceInOrder(index, routingGateway),
    },
  };
  index.customers[mappingGateway] = customer;
  return customer;
}

/** A gateway that checks rates and is still in has a price that is known. */
function priceInOrder({ takesPart, prices }: RoutingIndex, gateway: number): number {
  if (takesPart[gateway] === 0) return Number.POSITIVE_INFINITY;
  return prices.perSecond[prices.lookUp(gateway)]!;
}

/** With its settings as they are at `atMs`. */
function routingIndex(snapshot: Snapshot, atMs: number): RoutingIndex {
  const known = indexes.get(snapshot);
  if (known !== undefined) {
    known.settings.moveTo(atMs);
    return known;
  }
  const steps = indexSteps(snapshot, atMs);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** Works out before the first call what that would wait for. Nothing is decided by when this is done, or whether. */
export function* prepareRouteIndex(snapshot: Snapshot, atMs: number): Generator<void, void> {
  if (!indexes.has(snapshot)) yield* indexSteps(snapshot, atMs);
}

/** One small thing after the other. */
function* indexSteps(snapshot: Snapshot, atMs: number): Generator<void, RoutingIndex> {
  const { routingGateways, mappingGateways } = snapshot;
  const gateways = routingGateways.length;
  const settings = settingsAt(snapshot, atMs);
  yield;
  const prices = new VendorPrices(snapshot, settings);
  yield;
  const numbers = new NumberRuleIndex(snapshot, settings);
  yield;
  const rules = new StaticRules(snapshot, settings, numbers, prices);
  yield;
  const availability = availabilityOf(snapshot, settings);
  yield;
  const index: RoutingIndex = {
    ...{ settings, rules, availability, prices, numbers },
    order: new RouteOrder(snapshot, settings),
    takesPart: Uint8Array.from(routingGateways, ({ leastCostRouting, checkRate }) =>
      leastCostRouting && checkRate ? 1 : 0,
    ),
    protects: Uint8Array.from(routingGateways, ({ protectRoute }) => (protectRoute ? 1 : 0)),
    customers: new Array(mappingGateways.length),
    seenIn: new Float64Array(gateways),
    decision: 0,
    group: new Uint16Array(gateways),
    entryOf: new Int32Array(gateways),
    normal: [],
    protect: [],
    candidates: new Array(gateways * maxMatches),
  };
  indexes.set(snapshot, index);
  return index;
}
