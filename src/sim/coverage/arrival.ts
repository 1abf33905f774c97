/**
 * What decides about a call before its first attempt, told by the functions that serve calls: asked right before the
 * switch takes the INVITE, they say what it is going to say.
 */
import { exceededLimit, hasCredit } from '../../call/admission.ts';
import { type Authorisation, authoriseFrom, type Rejection, receivedNumbers } from '../../call/authorise.ts';
import type { SnapshotView } from '../../call/gateway-state.ts';
import type { InviteInput } from '../../call/inputs.ts';
import { routeRequestOf } from '../../call/route-request.ts';
import { callerTalkLimitSeconds } from '../../call/talk-limit.ts';
import type { MappingGateway } from '../../config/snapshot.ts';
import { findAccountRate } from '../../rating/account-rate.ts';
import { groupRefusalOf } from '../../routing/group-lines.ts';
import { findMappingGateway } from '../../routing/ingress.ts';
import { type NumberRefusal, numberRefusal, type RuledNumbers } from '../../routing/number-rules.ts';
import type { NumberStep } from '../../routing/number-steps.ts';
import { type PreparedNumbers, prepareNumbers } from '../../routing/prepare-numbers.ts';
import type { LeftOutReason, RouteRequest } from '../../routing/route-decision.ts';
import { exclusions, unavailabilities } from '../../routing/route-reasons.ts';
import { selectRoute } from '../../routing/select-route.ts';
import { mappingPeriodAt, settingsAt } from '../../routing/timed-settings.ts';
import type { Parts } from './parts.ts';

/** A call that may be tried. */
export interface ArrivedCall {
  readonly gateway: MappingGateway;
  readonly invite: InviteInput;
  readonly numbers: PreparedNumbers;
  /** As routing gateways' rules look at them. */
  readonly ruled: RuledNumbers;
  /** By routing gateway: so many characters of the number to route are the prefix that counted. */
  readonly matchedLengths: ReadonlyMap<number, number>;
}

/** The customer's side of the call, when its source is known. */
export interface Arrival {
  readonly gateway: MappingGateway;
  /** null when the call is turned away. */
  readonly call: ArrivedCall | null;
}

/** `explain` asks for gateways that are left out, too, which takes longer. */
export function noteArrival(
  parts: Parts,
  { view, draining }: { readonly view: SnapshotView; readonly draining: boolean },
  invite: InviteInput,
  explain: boolean,
): Arrival | null {
  const { snapshot } = view;
  const { source, caller, atMs } = invite;
  const match = findMappingGateway(snapshot, source, caller, invite.callee ?? '', atMs);
  if (match.kind === 'unknownSource') return null;
  const gateway = snapshot.mappingGateways[match.mappingGateway]!;
  parts.participants.called(gateway);
  parts.calendars.gateway('mapping', gateway, atMs);
  const { carried } = view.mappingGateways[gateway.index]!;
  const isTaken = match.kind === 'found';
  const authorisation = authoriseFrom(snapshot, gateway, invite, isTaken, carried, draining, atMs);
  noteNumberRules(parts, gateway, invite, authorisation);
  notePreparation(parts, gateway, invite, carried, authorisation);
  if (authorisation.kind === 'rejected') {
    noteRejection(parts, gateway, invite, authorisation);
    return { gateway, call: null };
  }
  const call = isAdmitted(parts, view, invite, authorisation)
    ? noteRoute(parts, view, invite, authorisation, explain)
    : null;
  return { gateway, call };
}

function noteNumberRules(
  { snapshot, numbers }: Parts,
  gateway: MappingGateway,
  { caller, callee, forwarding, atMs }: InviteInput,
  authorisation: Authorisation,
): void {
  if (callee === null || callee === '') return;
  const period = mappingPeriodAt(snapshot, gateway.index, atMs);
  const ruled = receivedNumbers(snapshot, caller, callee, forwarding);
  const isRefused = authorisation.kind === 'rejected' && authorisation.reason === 'NumberNotAllowed';
  const refusal = isRefused ? numberRefusal(snapshot, gateway.numbers, period, ruled) : null;
  if (refusal !== null) numbers.refused(gateway, period, ruled, refusal);
  else if (!isRefused) numbers.passed(gateway, period, ruled);
}

/** Reasons that are found before anything is done to the numbers. */
const beforeNumbers: ReadonlySet<Rejection['reason']> = new Set([
  'NumberNotAllowed',
  'GatewayLocked',
  'Shutdown',
  'AccountLocked',
  'AccountExpired',
]);

function notePreparation(
  parts: Parts,
  gateway: MappingGateway,
  { caller, callee, forwarding, seed, atMs }: InviteInput,
  shareSlot: number,
  authorisation: Authorisation,
): void {
  if (callee === null || callee === '') return;
  if (authorisation.kind === 'rejected' && beforeNumbers.has(authorisation.reason)) return;
  const { snapshot, numbers, participants } = parts;
  const { dialPlans, periodDialPlans, routeShares, lrn } = gateway;
  const hasPlans = [dialPlans, ...periodDialPlans].some(plans =>
    [plans.callee, plans.caller, plans.forwarding].some(({ rules }) => rules.length > 0),
  );
  if (!hasPlans && routeShares === null && lrn === null) return;
  const access = { caller, callee, forwarding };
  const prepared = prepareNumbers(snapshot, gateway, access, { atMs, seed, shareSlot }, true);
  const period = mappingPeriodAt(snapshot, gateway.index, atMs);
  for (const step of prepared.steps) {
    if (step.stage === 'dialPlan') numbers.dialPlanStep(gateway, period, step);
    else if (step.stage === 'routeShare') participants.shared(gateway, shareSlot);
  }
  if (prepared.kind === 'refused' && prepared.reason !== 'LrnQueryFailed') return;
  const planned = (number: 'caller' | 'callee') => plannedNumber(prepared.steps, number) ?? access[number];
  participants.lrnAsked(gateway, planned('caller'), planned('callee'));
}

function plannedNumber(steps: readonly NumberStep[], number: 'caller' | 'callee'): string | null {
  return steps.find(step => step.stage === 'dialPlan' && step.number === number)?.after ?? null;
}

function noteRejection(
  { snapshot, rules, rates, calendars }: Parts,
  gateway: MappingGateway,
  { atMs }: InviteInput,
  { reason, numbers }: Rejection,
): void {
  const account = snapshot.accounts[gateway.account]!;
  if (reason === 'GatewayLocked') rules.gatewayLocked(gateway);
  if (reason === 'AccountLocked') rules.accountLocked(account);
  if (reason === 'AccountExpired') rules.accountExpired(account);
  if (reason === 'NoCallPermission') rules.callLevelTooLow(gateway);
  if (reason !== 'NoCallPermission' && reason !== 'NoSuchRate') return;
  calendars.account(account, atMs);
  const found = findAccountRate(snapshot, account, numbers!.calleeToRate, atMs);
  if (found !== null) rates.decided(found.table, found.row);
}

/** Whether there are lines and credit for the call to begin. */
function isAdmitted(
  { snapshot, limits, calendars }: Parts,
  view: SnapshotView,
  { atMs, timerCapable }: InviteInput,
  { gateway, account, price }: Extract<Authorisation, { kind: 'allowed' }>,
): boolean {
  if (price !== null) calendars.account(account, atMs);
  const limit = exceededLimit(view, gateway, atMs);
  if (limit === 'groupLines') {
    const { membership, reason } = groupRefusalOf(gateway, settingsAt(snapshot, atMs), view)!;
    limits.groupReached(gateway, 'mapping', membership.group, reason);
  } else if (limit !== null) limits.reachedByCall(limit, gateway);
  if (limit !== null) return false;
  if (price === null) return true;
  const longest = callerTalkLimitSeconds(snapshot.parameters, account, gateway, timerCapable);
  const seconds = Math.min(snapshot.parameters.creditHoldStepSeconds, longest);
  if (hasCredit(view, account, price.rate, seconds)) return true;
  limits.creditUsedUp(account.index);
  return false;
}

function noteRoute(
  parts: Parts,
  view: SnapshotView,
  invite: InviteInput,
  { gateway, numbers, price }: Extract<Authorisation, { kind: 'allowed' }>,
  explain: boolean,
): ArrivedCall {
  const { snapshot } = parts;
  const { seed, atMs } = invite;
  const request = routeRequestOf({ view, gateway, numbers, seed, price }, atMs);
  const { attempts, because } = selectRoute(snapshot, view, request, explain);
  for (const { outcome, gateway: index, reason } of because) {
    if (outcome === 'excluded') noteLeftOut(parts, view, gateway, request, index, reason as LeftOutReason);
  }
  const { caller, callee, untaggedCallee, forwarding } = request;
  return {
    gateway,
    invite,
    numbers,
    ruled: { caller, callee, untaggedCallee, forwarding },
    matchedLengths: new Map(attempts.map(({ gateway: index, matchedLength }) => [index, matchedLength])),
  };
}

function noteLeftOut(
  parts: Parts,
  view: SnapshotView,
  from: MappingGateway,
  request: RouteRequest,
  index: number,
  reason: LeftOutReason,
): void {
  // Nothing was asked of it: a longer prefix of somebody else had ended the search.
  if (reason === 'stoppedByExpiration') return;
  const { snapshot, rules, limits, numbers, calendars } = parts;
  const { atMs } = request;
  const gateway = snapshot.routingGateways[index]!;
  const settings = settingsAt(snapshot, atMs);
  calendars.gateway('routing', gateway, atMs);
  rules.leftOut(from, gateway, reason);
  if (reason === 'groupLinesFull' || reason === 'groupLinesReserved') {
    const { membership } = groupRefusalOf(gateway, settings, view)!;
    limits.groupReached(gateway, 'routing', membership.group, reason);
    return;
  }
  limits.leftOut(gateway, reason);
  if (priceReasons.has(reason)) noteVendorRow(parts, request, index);
  if (isAboutNumbers(reason)) numbers.refused(gateway, settings.routingPeriod(index), request, reason);
}

const priceReasons: ReadonlySet<LeftOutReason> = new Set([
  'vendorRateLocked',
  'profitBelowMinimum',
  'profitBelowCustomerMinimum',
  'rateAboveMaximum',
  'rateAboveCustomerMaximum',
]);

function noteVendorRow({ snapshot, rates, calendars }: Parts, request: RouteRequest, index: number): void {
  const gateway = snapshot.routingGateways[index]!;
  const vendor = snapshot.accounts[gateway.clearingAccount]!;
  const { calleeToRate, numberSentToRate, atMs } = request;
  const number =
    gateway.rateByNumberSent && numberSentToRate !== null ? numberSentToRate(index) : calleeToRate;
  calendars.account(vendor, atMs);
  const found = vendor.unrated ? null : findAccountRate(snapshot, vendor, number, atMs);
  if (found !== null) rates.decided(found.table, found.row);
}

const otherReasons: ReadonlySet<string> = new Set([
  'locked',
  'vendorAccountLocked',
  'vendorAccountExpired',
  'notAllowedForMappingGateway',
  'groupNotAllowedForMappingGateway',
  'mappingGatewayNotAllowed',
  'mappingGatewayGroupNotAllowed',
  'periodNotAvailable',
  'noVendorRate',
  ...priceReasons,
  ...Object.keys(unavailabilities),
]);

/** All exclusions that are for nothing else are about numbers. */
const numberReasons: ReadonlySet<string> = new Set(
  Object.keys(exclusions).filter(reason => !otherReasons.has(reason)),
);

function isAboutNumbers(reason: LeftOutReason): reason is NumberRefusal {
  return numberReasons.has(reason);
}
