/**
 * The numbers of a call from its mapping gateway to routing: as received, then by the gateway's dial plans, then the
 * LRN, then a share's route tag; and the number by which it is rated. Whoever computes a call uses this: the calls of
 * the switch, `explain` and simulations cannot disagree.
 */
import type { LrnSettings, MappingGateway, Snapshot, Source } from '../config/snapshot.ts';
import type { DialPlan } from './dial-plan/dial-plan.ts';
import { tableResolver } from './lrn/resolver.ts';
import { longestAccessNumber, numberFault, numberFaultText } from './number-fault.ts';
import {
  type CallNumbers,
  madeBy,
  mappingDialPlansAt,
  type NumberKind,
  type NumberStep,
  numberKinds,
  planned,
} from './number-steps.ts';
import { shareOfSlot } from './route-shares.ts';
import { parameterPlace, settingPlace } from './setting-place.ts';

/** What chance and time have to say. The same values make the same numbers. */
export interface NumberCircumstances {
  /** ms since 1970 UTC */
  readonly atMs: number;
  /** Of this call alone; a whole number below 2⁵³. */
  readonly seed: number;
  /** How many calls the mapping gateway has had before, for its route shares. */
  readonly shareSlot: number;
}

export interface BillingPrefix {
  readonly text: string;
  readonly source: Source;
}

export interface PreparedNumbers {
  readonly kind: 'prepared';
  readonly access: CallNumbers;
  /** After the mapping gateway's dial plans. */
  readonly billing: CallNumbers;
  /** What the prefixes of routing gateways are compared with. */
  readonly calleeToRoute: string;
  /** What a routing gateway's dial plan is given. It differs from `calleeToRoute` where routing goes by the LRN. */
  readonly calleeToSend: string;
  /** The billing callee without a route tag: what number rules go by. */
  readonly untaggedCallee: string;
  /** What rate tables are asked for, customers' and vendors'. */
  readonly calleeToRate: string;
  /** Stands before every number that is rated, as the LRN query has it; null without a query. */
  readonly billingPrefix: BillingPrefix | null;
  /** Ten digits; null without an LRN query that was answered. */
  readonly lrn: string | null;
  /** Empty unless asked for. */
  readonly steps: readonly NumberStep[];
}

export interface RefusedNumbers {
  readonly kind: 'refused';
  readonly reason: 'InvalidNumber' | 'LrnQueryFailed';
  /** The line that caused it; null when the number was received like that. */
  readonly source: Source | null;
  /** For people, without an end mark. */
  readonly detail: string;
  readonly steps: readonly NumberStep[];
}

/** Never throws for a number, whatever it holds. `explain` fills `steps`. */
export function prepareNumbers(
  snapshot: Snapshot,
  gateway: MappingGateway,
  access: CallNumbers,
  circumstances: NumberCircumstances,
  explain: boolean = false,
): PreparedNumbers | RefusedNumbers {
  const steps: NumberStep[] | null = explain ? [] : null;
  const { seed, atMs, shareSlot } = circumstances;
  const tooLong = overlong(access);
  if (tooLong !== null) {
    const detail = `the ${tooLong} as received is longer than ${longestAccessNumber} characters`;
    return refused('InvalidNumber', null, detail, steps);
  }
  const plans = mappingDialPlansAt(snapshot, gateway, atMs);
  const { name } = gateway;
  const billing: CallNumbers = {
    caller: usableCaller(plans.caller, access.caller, gateway, seed, steps),
    callee: planned(plans.callee, 'callee', access.callee, name, seed, steps),
    forwarding:
      access.forwarding === null
        ? null
        : planned(plans.forwarding, 'forwarding', access.forwarding, name, seed, steps) || null,
  };
  const fault = faultOf(access, billing);
  if (fault !== null) {
    return refused('InvalidNumber', madeBy(steps, fault.number), fault.detail, steps);
  }
  const lrn = lrnOf(snapshot, gateway, billing, steps);
  if (lrn.kind === 'failed') return refused('LrnQueryFailed', lrn.source, lrn.detail, steps);
  const tag = shareTag(gateway, lrn.calleeToRoute, shareSlot, steps);
  const calleeToRoute = tag + lrn.calleeToRoute;
  const calleeToSend = tag + billing.callee;
  for (const number of [calleeToRoute, calleeToSend]) {
    const tagged = numberFault(number);
    if (tagged === null) continue;
    const detail = `the callee ${number} to route ${numberFaultText(tagged)}`;
    return refused('InvalidNumber', madeBy(steps, 'callee'), detail, steps);
  }
  const { billingPrefix } = lrn;
  const calleeToRate = numberToRate(snapshot, calleeToRoute, billingPrefix, steps);
  return {
    kind: 'prepared',
    access,
    billing,
    calleeToRoute,
    calleeToSend,
    untaggedCallee: billing.callee.slice(routeTagLength(snapshot, billing.callee)),
    calleeToRate,
    billingPrefix,
    lrn: lrn.number,
    steps: steps ?? [],
  };
}

function refused(
  reason: RefusedNumbers['reason'],
  source: Source | null,
  detail: string,
  steps: readonly NumberStep[] | null,
): RefusedNumbers {
  return { kind: 'refused', reason, source, detail, steps: steps ?? [] };
}

function overlong({ callee, forwarding }: CallNumbers): NumberKind | null {
  if (callee.length > longestAccessNumber) return 'callee';
  return forwarding !== null && forwarding.length > longestAccessNumber ? 'forwarding' : null;
}

/**
 * The caller after the gateway's dial plan. One that came as nothing that SIP can send, and is not put right by the
 * plan, counts as a caller who does not tell a number: the callee is no worse for it, and a 484 would say that it is
 * (RFC 3261 §21.4.22). Gateways that want it otherwise have `callerPrefixes` and `callerLengths`.
 */
function usableCaller(
  plan: DialPlan,
  received: string,
  { name, source }: MappingGateway,
  seed: number,
  steps: NumberStep[] | null,
): string {
  const isOverlong = received.length > longestAccessNumber;
  const caller = isOverlong ? received : planned(plan, 'caller', received, name, seed, steps);
  const fault = numberFault(caller);
  if (caller === '' || fault === null || numberFault(received) === null) return caller;
  const detail = `the caller ${numberFaultText(fault)}: the call goes on without a caller's number`;
  steps?.push({ stage: 'callerUnusable', number: 'caller', before: caller, after: '', source, detail });
  return '';
}

/** A caller may be empty, who does not tell his number (RFC 3323); one that a dial plan made empty is a mistake. */
function faultOf(
  access: CallNumbers,
  billing: CallNumbers,
): { readonly number: NumberKind; readonly detail: string } | null {
  for (const number of numberKinds) {
    const text = billing[number];
    if (text === null) continue;
    if (number === 'caller' && text === '' && numberFault(access.caller) !== null) continue;
    const fault = numberFault(text);
    if (fault === null) continue;
    const rewritten = text === access[number] ? '' : ' after the dial plan';
    return { number, detail: `the ${number}${rewritten} ${numberFaultText(fault)}` };
  }
  return null;
}

interface LrnOutcome {
  readonly kind: 'passed';
  readonly calleeToRoute: string;
  readonly number: string | null;
  readonly billingPrefix: BillingPrefix | null;
}

interface LrnFailure {
  readonly kind: 'failed';
  readonly source: Source;
  readonly detail: string;
}

function lrnOf(
  { lrnTables }: Snapshot,
  gateway: MappingGateway,
  { caller, callee }: CallNumbers,
  steps: NumberStep[] | null,
): LrnOutcome | LrnFailure {
  const { lrn: settings } = gateway;
  if (settings === null) return { kind: 'passed', calleeToRoute: callee, number: null, billingPrefix: null };
  const { eatPrefixDigits } = settings;
  const placeOf = (key: keyof LrnSettings): Source => settingPlace(gateway, `lrn.${key}`) ?? settings.source;
  const table = lrnTables[settings.table]!;
  const asked = callee.slice(eatPrefixDigits);
  const answer = tableResolver.resolve(table, asked);
  if (answer === null) {
    const detail = `${table.name} has no LRN for ${asked === '' ? 'what is left of the callee' : asked}`;
    const source = placeOf('onFailure');
    if (settings.onFailure === 'reject') return { kind: 'failed', source, detail };
    steps?.push({ stage: 'lrn', number: 'callee', before: callee, after: callee, source, detail });
    return {
      kind: 'passed',
      calleeToRoute: callee,
      number: null,
      billingPrefix: billingPrefixOf(settings, 'undeterminedPrefix', placeOf),
    };
  }
  const from = tableResolver.stateOf(table, caller);
  const to = answer.state;
  const states = `from ${from ?? 'an unknown state'} to ${to ?? 'an unknown state'}`;
  steps?.push({
    stage: 'lrn',
    number: 'callee',
    before: callee,
    after: callee,
    source: answer.source,
    detail: `LRN ${answer.lrn} by ${table.name}, ${states}`,
  });
  let calleeToRoute = callee;
  if (settings.routeByLrn) {
    calleeToRoute = callee.slice(0, eatPrefixDigits) + withCountryCode(asked, answer.lrn);
    const detail = 'routing goes by the LRN';
    steps?.push({
      stage: 'routeByLrn',
      number: 'callee',
      before: callee,
      after: calleeToRoute,
      source: placeOf('routeByLrn'),
      detail,
    });
  }
  const billingPrefix = billingPrefixOf(settings, prefixKeyOf(from, to), placeOf);
  return { kind: 'passed', calleeToRoute, number: answer.lrn, billingPrefix };
}

/** The LRN in the form in which the number was: with +1 or 1 before its ten digits, or without. */
function withCountryCode(number: string, lrn: string): string {
  return number.slice(0, -lrn.length) + lrn;
}

type BillingPrefixKey = 'intrastatePrefix' | 'interstatePrefix' | 'undeterminedPrefix';

function prefixKeyOf(from: string | null, to: string | null): BillingPrefixKey {
  if (from === null || to === null) return 'undeterminedPrefix';
  return from === to ? 'intrastatePrefix' : 'interstatePrefix';
}

function billingPrefixOf(
  settings: LrnSettings,
  key: BillingPrefixKey,
  placeOf: (key: BillingPrefixKey) => Source,
): BillingPrefix {
  return { text: settings[key], source: placeOf(key) };
}

function shareTag(
  { name, routeShares }: MappingGateway,
  callee: string,
  slot: number,
  steps: NumberStep[] | null,
): string {
  if (routeShares === null) return '';
  const { tag, weight, source } = routeShares.shares[shareOfSlot(routeShares, name, slot)]!;
  steps?.push({
    stage: 'routeShare',
    number: 'callee',
    before: callee,
    after: tag + callee,
    source,
    detail: `call ${slot} of ${name} is one of the ${weight} of ${routeShares.total} for ${tag === '' ? 'no tag' : `tag ${tag}`}`,
  });
  return tag;
}

/** The number without the longest route tag that it begins with (SERVER_GATEWAY_ROUTE_PREFIX), behind the billing prefix. */
export function numberToRate(
  snapshot: Snapshot,
  callee: string,
  billingPrefix: BillingPrefix | null,
  steps: NumberStep[] | null = null,
): string {
  const tagLength = routeTagLength(snapshot, callee);
  const untagged = callee.slice(tagLength);
  if (tagLength > 0) {
    const tag = callee.slice(0, tagLength);
    const detail = `rating leaves out the route tag ${tag} (SERVER_GATEWAY_ROUTE_PREFIX)`;
    steps?.push({
      stage: 'routeTag',
      number: 'callee',
      before: callee,
      after: untagged,
      source: parameterPlace(snapshot.parameters, 'SERVER_GATEWAY_ROUTE_PREFIX'),
      detail,
    });
  }
  if (billingPrefix === null || billingPrefix.text === '') return untagged;
  const { text, source } = billingPrefix;
  const after = text + untagged;
  const detail = `rated with ${text} before it, by the LRN query`;
  steps?.push({
    stage: 'billingPrefix',
    number: 'callee',
    before: untagged,
    after,
    source,
    detail,
  });
  return after;
}

export function routeTagLength({ parameters }: Snapshot, callee: string): number {
  let longest = 0;
  for (const tag of parameters.routeTags) {
    if (tag.length > longest && callee.startsWith(tag)) longest = tag.length;
  }
  return longest;
}
