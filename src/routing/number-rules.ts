/** What a gateway asks of the numbers of a call: mapping gateways of what arrives, routing gateways of what is routed. */
import type { GatewayPeriod, NumberRules, Snapshot } from '../config/snapshot.ts';
import {
  isOnOneOfLists,
  passesLengthFilter,
  passesListFilter,
  passesNumberFilter,
  passesPairFilter,
} from './number-filter.ts';

export interface RuledNumbers {
  readonly caller: string;
  /** With route tags, which prefixes may name. */
  readonly callee: string;
  /** Without route tags: its length counts, and lists hold it. */
  readonly untaggedCallee: string;
  /** The number that forwarded the call; null when none did. */
  readonly forwarding: string | null;
}

export type NumberRefusal =
  | 'callerPrefixNotAllowed'
  | 'calleePrefixNotAllowed'
  | 'forwardingPrefixNotAllowed'
  | 'callerCalleeNotAllowed'
  | 'callerLengthNotAllowed'
  | 'calleeLengthNotAllowed'
  | 'callerListNotAllowed'
  | 'calleeListNotAllowed'
  | 'calleeNotOnNet'
  | 'calleeNotOffNet';

/** Whether the rules let every number pass, so that they need not be asked. */
export function areRulesEmpty(rules: NumberRules): boolean {
  const { calleeNetwork, ...filters } = rules;
  return calleeNetwork === 'any' && Object.values(filters).every(({ kind }) => kind === 'any');
}

const plus = '+'.charCodeAt(0);

/**
 * The number as rules look at it. No prefix, list or length of theirs can name a plus sign, so one in front of a
 * number must not lead past what is denied.
 */
export function withoutPlus(number: string): string {
  return number.charCodeAt(0) === plus ? number.slice(1) : number;
}

/** All of them `withoutPlus`; the same object where none has one. */
export function ruledWithoutPlus(numbers: RuledNumbers): RuledNumbers {
  const { caller, callee, untaggedCallee, forwarding } = numbers;
  if (
    caller.charCodeAt(0) !== plus &&
    callee.charCodeAt(0) !== plus &&
    untaggedCallee.charCodeAt(0) !== plus &&
    (forwarding === null || forwarding.charCodeAt(0) !== plus)
  ) {
    return numbers;
  }
  return {
    caller: withoutPlus(caller),
    callee: withoutPlus(callee),
    untaggedCallee: withoutPlus(untaggedCallee),
    forwarding: forwarding === null ? null : withoutPlus(forwarding),
  };
}

/**
 * The first of the rules, in the order of `NumberRefusal`, that does not let the numbers pass, or null. The prefixes
 * of `period`, where it has some, take the place of those of the rules. A call that was not forwarded passes every
 * rule about the number that forwarded it.
 */
export function numberRefusal(
  snapshot: Snapshot,
  rules: NumberRules,
  period: GatewayPeriod | null,
  numbers: RuledNumbers,
): NumberRefusal | null {
  const { caller, callee, untaggedCallee, forwarding } = ruledWithoutPlus(numbers);
  if (!passesNumberFilter(period?.callerPrefixes ?? rules.callerPrefixes, caller)) {
    return 'callerPrefixNotAllowed';
  }
  if (!passesNumberFilter(period?.calleePrefixes ?? rules.calleePrefixes, callee)) {
    return 'calleePrefixNotAllowed';
  }
  if (forwarding !== null && !passesNumberFilter(rules.forwardingPrefixes, forwarding)) {
    return 'forwardingPrefixNotAllowed';
  }
  if (!passesPairFilter(rules.callerCalleePrefixes, caller, callee)) return 'callerCalleeNotAllowed';
  if (!passesLengthFilter(rules.callerLengths, caller)) return 'callerLengthNotAllowed';
  if (!passesLengthFilter(rules.calleeLengths, untaggedCallee)) return 'calleeLengthNotAllowed';
  if (!passesListFilter(snapshot, rules.callerLists, caller)) return 'callerListNotAllowed';
  if (!passesListFilter(snapshot, rules.calleeLists, untaggedCallee)) return 'calleeListNotAllowed';
  if (rules.calleeNetwork === 'any') return null;
  const isOnNet = isOnOneOfLists(snapshot, snapshot.onNetNumbers, untaggedCallee);
  if (rules.calleeNetwork === 'on-net') return isOnNet ? null : 'calleeNotOnNet';
  return isOnNet ? 'calleeNotOffNet' : null;
}
