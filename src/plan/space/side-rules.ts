/** Everything of one side by which numbers are told apart, whoever the customer is. */
import type {
  DialPlans,
  LrnTable,
  NumberFilter,
  NumberRules,
  PairFilter,
  Snapshot,
} from '../../config/snapshot.ts';
import { isPrefixText } from '../../prefixes/prefix-text.ts';
import type { PrefixTrie } from '../../prefixes/prefix-trie.ts';
import type { DialPlan, TargetPart } from '../../routing/dial-plan/dial-plan.ts';
import { fixedLength } from '../../routing/dial-plan/parse.ts';
import { longestNumber } from '../../routing/number-fault.ts';
import { lengthChanges, trieOfTexts } from './prefix-texts.ts';

export interface SideRules {
  readonly snapshot: Snapshot;
  readonly tags: PrefixTrie;
  readonly lists: readonly PrefixTrie[];
  /** Callee prefixes that routing gateways allow, deny or pair. */
  readonly calleeFilters: PrefixTrie;
  /** Of numbers without tags. */
  readonly lengths: readonly number[];
  readonly free: PrefixTrie;
  readonly egress: EgressRules;
}

/** The callee plans of all routing gateways. */
export interface EgressRules {
  /** Literals of plans without wildcards. */
  readonly literals: PrefixTrie;
  /** Plans with wildcards, each once. */
  readonly wild: readonly DialPlan[];
  /** Of gateways that are rated by the number sent: each plan once. */
  readonly rating: readonly DialPlan[];
  /** Lengths of the number to send at which a rule begins or ends to fit, or what it makes is no longer empty or becomes too long. */
  readonly lengths: readonly number[];
}

export function sideRules(snapshot: Snapshot): SideRules {
  const { parameters, routingGateways, numberLists } = snapshot;
  const rules = routingGateways.map(({ numbers }) => numbers);
  const periods = routingGateways.flatMap(gateway => gateway.periods);
  return {
    snapshot,
    tags: trieOfTexts(parameters.routeTags),
    lists: numberLists.map(({ entries }) => entries),
    calleeFilters: trieOfTexts([
      ...calleeTexts(rules),
      ...periods.flatMap(period => (period.calleePrefixes === null ? [] : prefixesOf(period.calleePrefixes))),
    ]),
    lengths: [...new Set(rules.flatMap(({ calleeLengths }) => lengthChanges(calleeLengths)))],
    free: trieOfTexts(parameters.freeNumbers.map(item => item.replace(/\*$/, ''))),
    egress: egressRules(snapshot),
  };
}

export function* calleeTexts(rules: Iterable<NumberRules>): Generator<string> {
  for (const { calleePrefixes, callerCalleePrefixes } of rules) {
    yield* prefixesOf(calleePrefixes);
    for (const { callee } of pairsOf(callerCalleePrefixes)) yield callee;
  }
}

export function prefixesOf(filter: NumberFilter): readonly string[] {
  return filter.kind === 'any' ? [] : filter.prefixes;
}

export function pairsOf(filter: PairFilter): readonly { readonly caller: string; readonly callee: string }[] {
  return filter.kind === 'any' ? [] : filter.pairs;
}

export function calleePlansOf({
  dialPlans,
  periodDialPlans,
}: {
  readonly dialPlans: DialPlans;
  readonly periodDialPlans: readonly DialPlans[];
}): DialPlan[] {
  return [dialPlans, ...periodDialPlans].map(({ callee }) => callee).filter(({ rules }) => rules.length > 0);
}

function egressRules({ routingGateways }: Snapshot): EgressRules {
  const plans = once(routingGateways.flatMap(calleePlansOf));
  const wild = plans.filter(isWild);
  const literals = plans.filter(plan => !isWild(plan));
  const lengths = new Set<number>([longestNumber + 1]);
  for (const { rules } of plans) {
    for (const { original, targets } of rules) {
      for (const { length } of original.lengths) lengths.add(length).add(length + 1);
      for (const target of targets) {
        const made =
          target.kind === 'range' ? target.from.length : partsLength(target.parts, fixedLength(original));
        lengths.add(longestNumber + 1 - (made - original.literal.length));
        if (made === 0) lengths.add(original.literal.length + 1);
      }
    }
  }
  return {
    literals: trieOfTexts(literals.flatMap(({ rules }) => rules.map(({ original }) => original.literal))),
    wild,
    rating: once(routingGateways.filter(each => each.rateByNumberSent).flatMap(calleePlansOf)),
    lengths: [...lengths],
  };
}

function isWild({ rules }: DialPlan): boolean {
  return rules.some(({ original: { literal, wildcards } }) => wildcards.length > 0 || !isPrefixText(literal));
}

/** `*` counts for all that a plain original fits. */
function partsLength(parts: readonly TargetPart[], fitted: number): number {
  return parts.reduce((sum, part) => {
    if (part.kind === 'literal') return sum + part.text.length;
    return sum + (part.kind === 'run' ? fitted : 1);
  }, 0);
}

/** Plans that say the same count once. */
function once(plans: readonly DialPlan[]): DialPlan[] {
  const byText = new Map<string, DialPlan>();
  for (const plan of plans) {
    const text = plan.rules.map(rule => rule.text).join();
    if (!byText.has(text)) byText.set(text, plan);
  }
  return [...byText.values()];
}

/** The numbers and exchanges that a table has. */
export function lrnTrie({ numbers, rowCount }: LrnTable): PrefixTrie {
  const texts: string[] = [];
  for (let row = 0; row < rowCount; row++) texts.push(String(numbers[row]));
  return trieOfTexts(texts);
}
