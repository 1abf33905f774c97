/** The gateways of a decision: those that are tried, in their order, and those that are left out. */
import { addressText } from '../call/addresses.ts';
import type { SnapshotView } from '../call/gateway-state.ts';
import { type Price, priceFor } from '../call/prices.ts';
import type { MappingGateway, RoutingGateway, Snapshot } from '../config/snapshot.ts';
import { formatRate } from '../rating/decimal.ts';
import { type Money, money, moneyText } from '../rating/money.ts';
import type { Because, RouteCandidate, RouteDecision } from '../routing/select-route.ts';
import { settingsAt } from '../routing/timed-settings.ts';
import type { Declared } from './circumstances.ts';
import type {
  ExplainedAttempt,
  ExplainedExclusion,
  ExplainedGroup,
  ExplainedSent,
  ExplainedStop,
} from './explanation.ts';
import { placeText } from './place-text.ts';
import { exampleCharge, explainRate, marginPercent } from './prices.ts';

/** What of a call its attempts are explained by. */
export interface RoutedCall {
  readonly view: SnapshotView;
  readonly declared: Declared;
  readonly mappingGateway: MappingGateway;
  /** The number that prefixes are compared with. */
  readonly callee: string;
  readonly atMs: number;
  /** What the customer is charged for the example. */
  readonly charge: Money;
  /** What a gateway gets, and what its vendor is rated by. */
  numbersOf(gateway: RoutingGateway): { readonly sent: ExplainedSent; readonly toRate: string };
}

export function explainAttempts(call: RoutedCall, { attempts, because }: RouteDecision): ExplainedAttempt[] {
  return attempts.map((attempt, index) => explainAttempt(call, attempt, because[index]!, index + 1));
}

function explainAttempt(
  call: RoutedCall,
  { gateway: index, matchedLength, protect }: RouteCandidate,
  { entry, source, detail }: Because,
  position: number,
): ExplainedAttempt {
  const { view, atMs, charge } = call;
  const { snapshot } = view;
  const gateway = snapshot.routingGateways[index]!;
  const vendor = snapshot.accounts[gateway.clearingAccount]!;
  const settings = settingsAt(snapshot, atMs);
  const { sent, toRate } = call.numbersOf(gateway);
  const pricing = priceFor(snapshot, vendor, toRate, atMs);
  const price = pricing.kind === 'rated' ? pricing : null;
  const cost = exampleCharge(snapshot, price);
  const margin = money(charge - cost);
  return {
    position,
    gateway: gateway.name,
    protectRoute: protect,
    prefix: call.callee.slice(0, matchedLength),
    mode: modeOf(snapshot, entry),
    priority: settings.priority[index]!,
    policies: policiesOf(call, gateway, price),
    sent,
    address: addressText(gateway.address),
    activeLines: view.activeLines(index),
    lineLimit: limitOf(settings.lines[index]!),
    carried: view.callsCarried(index),
    groups: groupsOf(view, gateway, atMs),
    account: vendor.name,
    rate: explainRate(snapshot, price, toRate),
    cost: moneyText(cost),
    charge: moneyText(charge),
    margin: moneyText(margin),
    marginPercent: marginPercent(margin, charge),
    detail,
    source: placeText(source),
  };
}

/** The route policies of the mapping gateway, with what the gateway has for each. */
function policiesOf(
  { declared, mappingGateway }: RoutedCall,
  gateway: RoutingGateway,
  price: Price | null,
): ExplainedAttempt['policies'] {
  const { firstRoutePolicy, secondRoutePolicy } = mappingGateway;
  const policies = [firstRoutePolicy, secondRoutePolicy].filter(policy => policy !== 'none');
  return policies.map(policy => {
    if (policy === 'asr') {
      const asr = declared.state.asr(gateway.index);
      return { policy, value: asr === null ? null : `${(asr * 100).toFixed(1)} %` };
    }
    const takesPart = gateway.leastCostRouting && gateway.checkRate;
    if (!takesPart) return { policy, value: null };
    const amount = price === null ? '0' : formatRate(price.rate.ratePerUnit);
    return { policy, value: `${amount} per ${price?.rate.unitSeconds ?? 1} s` };
  });
}

function modeOf({ routes }: Snapshot, entry: number): ExplainedAttempt['mode'] {
  return routes.expiration[entry] === 1 ? 'Expiration' : 'Extension';
}

function groupsOf(view: SnapshotView, gateway: RoutingGateway, atMs: number): ExplainedGroup[] {
  const { groupLines } = settingsAt(view.snapshot, atMs);
  return gateway.groups.map(({ group, reservedLines }) => ({
    name: view.snapshot.gatewayGroups[group]!.name,
    activeLines: view.groupActiveLines(group),
    lineLimit: limitOf(groupLines[group]!),
    reservedLines,
  }));
}

function limitOf(lines: number): number | null {
  return lines === Number.POSITIVE_INFINITY ? null : lines;
}

/** Those with longer prefixes first, as they are met; among equals by name. */
export function explainExclusions(call: RoutedCall, { because }: RouteDecision): ExplainedExclusion[] {
  return because
    .filter(({ outcome }) => outcome === 'excluded')
    .map(one => ({
      gateway: call.view.snapshot.routingGateways[one.gateway]!.name,
      prefix: call.callee.slice(0, one.matchedLength),
      reason: one.reason,
      detail: declaredDetail(call.declared, one) ?? one.detail,
      source: placeText(one.source),
    }))
    .sort((a, b) => b.prefix.length - a.prefix.length || (a.gateway < b.gateway ? -1 : 1));
}

/** The words of routing would tell of what is only assumed. */
function declaredDetail({ down, full }: Declared, { gateway, reason }: Because): string | null {
  if (reason === 'offline' && down.has(gateway)) return 'declared offline (--down)';
  if (reason === 'linesFull' && full.has(gateway)) return 'declared full (--full)';
  return null;
}

export function explainStop(
  { view, callee }: RoutedCall,
  { stoppedBy, because }: RouteDecision,
): ExplainedStop {
  const { routes, routingGateways } = view.snapshot;
  if (stoppedBy < 0) {
    return because.length === 0
      ? { reason: 'noPrefix', detail: `no gateway has a prefix of ${callee}`, source: null }
      : { reason: 'noShorterPrefix', detail: 'no gateway has a shorter prefix of the number', source: null };
  }
  const gateway = routingGateways[routes.gateway[stoppedBy]!]!;
  const { matchedLength } = because.find(({ entry }) => entry === stoppedBy)!;
  const prefix = matchedLength === 0 ? 'the empty prefix' : `prefix ${callee.slice(0, matchedLength)}`;
  return {
    reason: 'expiration',
    detail: `${prefix} of ${gateway.name} is in Expiration mode: shorter prefixes are not looked at`,
    source: `${gateway.source.file}:${routes.line[stoppedBy]!}`,
  };
}
