/** The gateways of a decision: those that are tried, in their order, and those that are left out. */
import { addressText } from '../call/addresses.ts';
import type { SnapshotView } from '../call/gateway-state.ts';
import { type Price, priceFor } from '../call/prices.ts';
import type { Account, MappingGateway, RoutingGateway, Snapshot } from '../config/snapshot.ts';
import { formatRate } from '../rating/decimal.ts';
import { type Money, money, moneyText } from '../rating/money.ts';
import type { Because, RouteCandidate, RouteDecision } from '../routing/select-route.ts';
import { settingsAt } from '../routing/timed-settings.ts';
import type { Declared } from './circumstances.ts';
import type { ExplainedAttempt, ExplainedExclusion, ExplainedGroup, ExplainedStop } from './explanation.ts';
import { placeText } from './place-text.ts';
import { exampleCharge, explainRate, marginPercent } from './prices.ts';
import type { AttemptNumbers } from './sent-numbers.ts';

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
  numbersOf(gateway: RoutingGateway): AttemptNumbers;
  /** What stands against holding the vendor's credit for the beginning of a call, or null. */
  withoutCredit(
    gateway: RoutingGateway,
    vendor: Account,
    price: Price | null,
  ): Pick<ExplainedExclusion, 'reason' | 'detail' | 'source'> | null;
}

export interface Tried {
  readonly attempts: readonly ExplainedAttempt[];
  /** Gateways that routing chose and the hunt passes over, as it does right before each attempt. */
  readonly passedOver: readonly ExplainedExclusion[];
}

export function explainAttempts(call: RoutedCall, decision: RouteDecision): Tried {
  const attempts: ExplainedAttempt[] = [];
  const passedOver: ExplainedExclusion[] = [];
  for (const [index, candidate] of decision.attempts.entries()) {
    const because = decision.because[index]!;
    const one = explainAttempt(call, candidate, because, attempts.length + 1);
    if ('reason' in one) passedOver.push(one);
    else attempts.push(one);
  }
  return { attempts, passedOver };
}

function explainAttempt(
  call: RoutedCall,
  { gateway: index, matchedLength, protect }: RouteCandidate,
  { entry, source, detail }: Because,
  position: number,
): ExplainedAttempt | ExplainedExclusion {
  const { view, atMs } = call;
  const { snapshot } = view;
  const gateway = snapshot.routingGateways[index]!;
  const vendor = snapshot.accounts[gateway.clearingAccount]!;
  const prefix = call.callee.slice(0, matchedLength);
  const numbers = call.numbersOf(gateway);
  if (numbers.kind === 'unusable') {
    return {
      gateway: gateway.name,
      prefix,
      reason: numbers.reason,
      detail: numbers.detail,
      source: numbers.source,
    };
  }
  const pricing = priceFor(snapshot, vendor, numbers.toRate, atMs);
  const price = pricing.kind === 'rated' ? pricing : null;
  const unpaid = call.withoutCredit(gateway, vendor, price);
  if (unpaid !== null) return { gateway: gateway.name, prefix, ...unpaid };
  const settings = settingsAt(snapshot, atMs);
  return {
    position,
    gateway: gateway.name,
    protectRoute: protect,
    prefix,
    mode: modeOf(snapshot, entry),
    priority: settings.priority[index]!,
    policies: policiesOf(call, gateway, price),
    sent: numbers.sent,
    address: addressText(gateway.address),
    activeLines: view.activeLines(index),
    lineLimit: limitOf(settings.lines[index]!),
    carried: view.callsCarried(index),
    groups: groupsOf(view, gateway, atMs),
    account: vendor.name,
    rate: explainRate(snapshot, price, numbers.toRate),
    ...moneyOf(call, price),
    detail,
    source: placeText(source),
  };
}

function moneyOf(
  { view, charge }: RoutedCall,
  price: Price | null,
): Pick<ExplainedAttempt, 'cost' | 'charge' | 'margin' | 'marginPercent'> {
  const cost = exampleCharge(view.snapshot, price);
  const margin = money(charge - cost);
  return {
    cost: moneyText(cost),
    charge: moneyText(charge),
    margin: moneyText(margin),
    marginPercent: marginPercent(margin, charge),
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
      const takesPart = gateway.calculateQuality || asr !== null;
      return { policy, value: asr === null ? null : `${(asr * 100).toFixed(1)} %`, takesPart };
    }
    const takesPart = gateway.leastCostRouting && gateway.checkRate;
    if (!takesPart) return { policy, value: null, takesPart };
    const amount = price === null ? '0' : formatRate(price.rate.ratePerUnit);
    return { policy, value: `${amount} per ${price?.rate.unitSeconds ?? 1} s`, takesPart };
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
export function explainExclusions(
  call: RoutedCall,
  { because }: RouteDecision,
  passedOver: readonly ExplainedExclusion[],
): ExplainedExclusion[] {
  const leftOut = because
    .filter(({ outcome }) => outcome === 'excluded')
    .map(one => ({
      gateway: call.view.snapshot.routingGateways[one.gateway]!.name,
      prefix: call.callee.slice(0, one.matchedLength),
      reason: one.reason,
      detail: detailOf(call, one),
      source: placeText(one.source),
    }));
  return [...leftOut, ...passedOver].sort(
    (a, b) => b.prefix.length - a.prefix.length || (a.gateway < b.gateway ? -1 : 1),
  );
}

/** Routing does not know what was only declared, and needs no clock to say that a gateway is to be left alone. */
function detailOf({ view, declared }: RoutedCall, { gateway, reason, detail }: Because): string {
  if (reason === 'offline' && declared.down.has(gateway)) return 'declared offline (--down)';
  if (reason === 'linesFull' && declared.full.has(gateway)) return 'declared full (--full)';
  if (reason !== 'retryAfter') return detail;
  return `${detail}, until ${new Date(view.unavailableUntilMs(gateway)).toISOString()}`;
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
