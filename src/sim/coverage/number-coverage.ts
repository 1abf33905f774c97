/** Which rules about numbers decided: those of gateways about what passes, and those of dial plans. */
import type {
  DialPlans,
  GatewayPeriod,
  MappingGateway,
  NumberFilter,
  NumberListFilter,
  NumberRules,
  PairFilter,
  RoutingGateway,
  Snapshot,
  Source,
} from '../../config/snapshot.ts';
import { ruleFor } from '../../routing/dial-plan/rewrite.ts';
import { isOnOneOfLists } from '../../routing/number-filter.ts';
import type { NumberRefusal, RuledNumbers } from '../../routing/number-rules.ts';
import { dialPlansIn, type NumberStep, numberKinds } from '../../routing/number-steps.ts';
import { decidingPlace } from '../../routing/setting-place.ts';
import type { Elements } from './elements.ts';

type Gateway = MappingGateway | RoutingGateway;
type Party = 'caller' | 'callee' | 'forwarding number';

/** Counts by the very entry of a filter. Filters of one line that gateways inherit count together. */
export class NumberCoverage {
  readonly #snapshot: Snapshot;
  readonly #elements: Elements;
  /** Filters and plans are objects of the Snapshot: their number here makes their keys. */
  readonly #numbers = new Map<object, number>();

  constructor(snapshot: Snapshot, elements: Elements) {
    this.#snapshot = snapshot;
    this.#elements = elements;
    for (const gateway of [...snapshot.mappingGateways, ...snapshot.routingGateways]) {
      this.#defineRules(gateway);
      for (const plans of [gateway.dialPlans, ...gateway.periodDialPlans]) this.#definePlans(plans);
    }
  }

  /** A dial plan was asked for a number: `step` is what came of it. */
  dialPlanStep(gateway: Gateway, period: GatewayPeriod | null, { number, before }: NumberStep): void {
    const plan = dialPlansIn(gateway, period)[number];
    const rule = ruleFor(plan, before);
    if (rule !== null) this.#elements.hit(this.#keyOf(rule, ''));
  }

  /** The gateway took these numbers. */
  passed({ numbers: rules }: Gateway, period: GatewayPeriod | null, numbers: RuledNumbers): void {
    const { caller, callee, untaggedCallee, forwarding } = numbers;
    this.#passedPrefixes(period?.callerPrefixes ?? rules.callerPrefixes, caller);
    this.#passedPrefixes(period?.calleePrefixes ?? rules.calleePrefixes, callee);
    if (forwarding !== null) this.#passedPrefixes(rules.forwardingPrefixes, forwarding);
    this.#pairs(rules.callerCalleePrefixes, 'allow', caller, callee);
    this.#lists(rules.callerLists, 'allow', caller);
    this.#lists(rules.calleeLists, 'allow', untaggedCallee);
  }

  /** The gateway did not take these numbers, and this is why. */
  refused(
    gateway: Gateway,
    period: GatewayPeriod | null,
    numbers: RuledNumbers,
    refusal: NumberRefusal,
  ): void {
    const { numbers: rules } = gateway;
    const { caller, callee, untaggedCallee, forwarding } = numbers;
    switch (refusal) {
      case 'callerPrefixNotAllowed':
        this.#refusedPrefixes(period?.callerPrefixes ?? rules.callerPrefixes, caller);
        break;
      case 'calleePrefixNotAllowed':
        this.#refusedPrefixes(period?.calleePrefixes ?? rules.calleePrefixes, callee);
        break;
      case 'forwardingPrefixNotAllowed':
        this.#refusedPrefixes(rules.forwardingPrefixes, forwarding ?? '');
        break;
      case 'callerCalleeNotAllowed': {
        const filter = rules.callerCalleePrefixes;
        if (!this.#pairs(filter, 'deny', caller, callee)) this.#others(filter);
        break;
      }
      case 'callerLengthNotAllowed':
        this.#others(rules.callerLengths);
        break;
      case 'calleeLengthNotAllowed':
        this.#others(rules.calleeLengths);
        break;
      case 'callerListNotAllowed':
        if (!this.#lists(rules.callerLists, 'deny', caller)) this.#others(rules.callerLists);
        break;
      case 'calleeListNotAllowed':
        if (!this.#lists(rules.calleeLists, 'deny', untaggedCallee)) this.#others(rules.calleeLists);
        break;
      case 'calleeNotOnNet':
      case 'calleeNotOffNet':
        this.#elements.hit(this.#keyOf(rules, 'network'));
        break;
    }
  }

  #defineRules(gateway: Gateway): void {
    const { numbers: rules, periods } = gateway;
    for (const filter of [rules.callerPrefixes, ...periods.map(period => period.callerPrefixes)]) {
      if (filter !== null) this.#definePrefixes(filter, 'caller');
    }
    for (const filter of [rules.calleePrefixes, ...periods.map(period => period.calleePrefixes)]) {
      if (filter !== null) this.#definePrefixes(filter, 'callee');
    }
    this.#definePrefixes(rules.forwardingPrefixes, 'forwarding number');
    this.#definePairs(rules.callerCalleePrefixes);
    this.#defineLists(rules.callerLists, 'caller');
    this.#defineLists(rules.calleeLists, 'callee');
    this.#defineRest(gateway, rules);
  }

  #defineRest(gateway: Gateway, rules: NumberRules): void {
    for (const [filter, party] of [
      [rules.callerLengths, 'caller'],
      [rules.calleeLengths, 'callee'],
    ] as const) {
      if (filter.kind === 'any' || this.#isKnown(filter)) continue;
      this.#define(filter, 'others', `deny ${party} of another length`, filter.source);
    }
    if (rules.calleeNetwork === 'any' || this.#isKnown(rules)) return;
    const source = decidingPlace(gateway, 'calleeNetwork');
    this.#define(rules, 'network', `deny callee that is not ${rules.calleeNetwork}`, source);
  }

  #definePrefixes(filter: NumberFilter, party: Party): void {
    if (filter.kind === 'any' || this.#isKnown(filter)) return;
    for (const prefix of new Set(filter.prefixes)) {
      this.#define(filter, prefix, `${filter.kind} ${party} ${prefixText(prefix)}`, filter.source);
    }
    if (filter.kind === 'allow') this.#define(filter, 'others', `deny every other ${party}`, filter.source);
  }

  #definePairs(filter: PairFilter): void {
    if (filter.kind === 'any' || this.#isKnown(filter)) return;
    for (const key of new Set(filter.pairs.map(pairKey))) {
      this.#define(filter, key, `${filter.kind} ${key}`, filter.source);
    }
    if (filter.kind === 'allow') this.#define(filter, 'others', 'deny every other pair', filter.source);
  }

  #defineLists(filter: NumberListFilter, party: Party): void {
    if (filter.kind === 'any' || this.#isKnown(filter)) return;
    for (const list of new Set(filter.lists)) {
      const { name } = this.#snapshot.numberLists[list]!;
      this.#define(filter, `list ${list}`, `${filter.kind} ${party} of ${name}`, filter.source);
    }
    if (filter.kind === 'allow') this.#define(filter, 'others', `deny every other ${party}`, filter.source);
  }

  #definePlans(plans: DialPlans): void {
    for (const number of numberKinds) {
      for (const rule of plans[number].rules) {
        if (this.#isKnown(rule)) continue;
        const key = this.#keyOf(rule, '');
        this.#elements.define(key, 'dialPlanRule', `${number} ${rule.text}`, rule.source);
      }
    }
  }

  #passedPrefixes(filter: NumberFilter, number: string): void {
    if (filter.kind !== 'allow') return;
    const prefix = longestOf(filter.prefixes, number);
    if (prefix !== null) this.#elements.hit(this.#keyOf(filter, prefix));
  }

  #refusedPrefixes(filter: NumberFilter, number: string): void {
    const prefix = filter.kind === 'deny' ? longestOf(filter.prefixes, number) : null;
    if (prefix === null) this.#others(filter);
    else this.#elements.hit(this.#keyOf(filter, prefix));
  }

  #pairs(filter: PairFilter, kind: 'allow' | 'deny', caller: string, callee: string): boolean {
    if (filter.kind !== kind) return false;
    const pair = filter.pairs.find(one => caller.startsWith(one.caller) && callee.startsWith(one.callee));
    if (pair === undefined) return false;
    this.#elements.hit(this.#keyOf(filter, pairKey(pair)));
    return true;
  }

  #lists(filter: NumberListFilter, kind: 'allow' | 'deny', number: string): boolean {
    if (filter.kind !== kind) return false;
    const lists = [...new Set(filter.lists)].filter(list => isOnOneOfLists(this.#snapshot, [list], number));
    for (const list of lists) this.#elements.hit(this.#keyOf(filter, `list ${list}`));
    return lists.length > 0;
  }

  #others(filter: { readonly kind: string }): void {
    this.#elements.hit(this.#keyOf(filter, 'others'));
  }

  #define(filter: object, part: string, name: string, source: Source): void {
    this.#elements.define(this.#keyOf(filter, part), 'numberRule', name, source);
  }

  #isKnown(filter: object): boolean {
    return this.#numbers.has(filter);
  }

  #keyOf(filter: object, part: string): string {
    let number = this.#numbers.get(filter);
    if (number === undefined) {
      number = this.#numbers.size;
      this.#numbers.set(filter, number);
    }
    return `number ${number} ${part}`;
  }
}

function longestOf(prefixes: readonly string[], number: string): string | null {
  let longest: string | null = null;
  for (const prefix of prefixes) {
    if (number.startsWith(prefix) && (longest === null || prefix.length > longest.length)) longest = prefix;
  }
  return longest;
}

function pairKey({ caller, callee }: { readonly caller: string; readonly callee: string }): string {
  return `${prefixText(caller)} to ${prefixText(callee)}`;
}

function prefixText(prefix: string): string {
  return prefix === '' ? '(any)' : prefix;
}
