/** What gateways ask of numbers and make of them. */
import { emptyDialPlan } from '../../routing/dial-plan/dial-plan.ts';
import type { ParsedPrefixes } from '../parsed.ts';
import type { DialPlans, NumberFilter, NumberRules } from '../snapshot.ts';

export function compilePrefixes(filter: ParsedPrefixes | null): NumberFilter {
  if (filter === null) return { kind: 'any' };
  return { kind: filter.kind, prefixes: filter.prefixes, source: filter.place };
}

export interface ParsedNumberRules {
  readonly callerPrefixes: ParsedPrefixes | null;
  readonly calleePrefixes: ParsedPrefixes | null;
}

export function compileNumberRules(parsed: ParsedNumberRules): NumberRules {
  return {
    callerPrefixes: compilePrefixes(parsed.callerPrefixes),
    calleePrefixes: compilePrefixes(parsed.calleePrefixes),
    forwardingPrefixes: { kind: 'any' },
    callerCalleePrefixes: { kind: 'any' },
    callerLengths: { kind: 'any' },
    calleeLengths: { kind: 'any' },
    callerLists: { kind: 'any' },
    calleeLists: { kind: 'any' },
    calleeNetwork: 'any',
  };
}

export const noDialPlans: DialPlans = {
  caller: emptyDialPlan,
  callee: emptyDialPlan,
  forwarding: emptyDialPlan,
};
