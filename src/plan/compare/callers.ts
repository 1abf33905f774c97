/**
 * Which callers, and which numbers that forward calls, the rules of both sides tell apart for one customer. For every
 * beginning that a rule names there is a caller with it, one that goes on behind it, and one of each length that counts;
 * those about whom all rules say the same are one class.
 */
import type { MappingGateway, NumberRules, Snapshot } from '../../config/snapshot.ts';
import type { DialPlan, DialPlanRule } from '../../routing/dial-plan/dial-plan.ts';
import { ruleFor } from '../../routing/dial-plan/rewrite.ts';
import { tableResolver } from '../../routing/lrn/resolver.ts';
import { longestNumber, type NumberFault, numberFault } from '../../routing/number-fault.ts';
import { isOnOneOfLists, passesLengthFilter, passesNumberFilter } from '../../routing/number-filter.ts';
import { withoutPlus } from '../../routing/number-rules.ts';
import { dialPlansAt, mappingDialPlansAt, planned } from '../../routing/number-steps.ts';
import { entriesOf, lengthChanges } from '../space/prefix-texts.ts';
import { pairsOf, prefixesOf } from '../space/side-rules.ts';

export interface Caller {
  readonly caller: string;
  readonly forwarding: string | null;
}

export interface Callers {
  readonly classes: readonly Caller[];
  /** Whether the rules tell any callers apart at all. */
  readonly distinct: boolean;
  /** Classes that were found, and are too many. */
  readonly leftOut: number;
  /** Beginnings of numbers that were not looked at, so that there may be more classes. */
  readonly beginningsLeftOut: number;
}

export interface CustomerSide {
  readonly snapshot: Snapshot;
  readonly gateway: MappingGateway;
}

type Test = (number: string) => unknown;
type Kind = 'caller' | 'forwarding';

const fillers = '0123456789z';
/** Beginnings that are looked at; lists may hold more. */
const mostTexts = 20_000;

export function callersOf(sides: readonly CustomerSide[], atMs: number, most: number): Callers {
  const ofCallers = classesOf(sides, atMs, 'caller');
  const ofForwardings = classesOf(sides, atMs, 'forwarding');
  const callers = ofCallers.numbers;
  const forwardings = ofForwardings.numbers.filter(number => number !== '');
  const all: Caller[] = [];
  for (const forwarding of [null, ...forwardings]) {
    for (const caller of callers) all.push({ caller, forwarding });
  }
  const classes = all.slice(0, most);
  return {
    classes,
    distinct: all.length > 1,
    leftOut: all.length - classes.length,
    beginningsLeftOut: ofCallers.beginningsLeftOut + ofForwardings.beginningsLeftOut,
  };
}

interface Classes {
  readonly numbers: readonly string[];
  /** Beginnings of numbers that rules and lists name, and that were too many to be looked at. */
  readonly beginningsLeftOut: number;
}

/** One number of each class, that of callers without a number first; none but an empty one where nothing is asked. */
function classesOf(sides: readonly CustomerSide[], atMs: number, kind: Kind): Classes {
  const rules = sides.map(side => new NumberTests(side, atMs, kind));
  const texts = new Set(rules.flatMap(one => [...one.texts]));
  const patterns = new Set(rules.flatMap(one => [...one.patterns]));
  addPairs(patterns, texts);
  if (rules.every(one => one.isEmpty)) return { numbers: [''], beginningsLeftOut: 0 };
  const lengths = new Set(rules.flatMap(one => [...one.lengths]));
  const known = new Map<string, string>();
  for (const number of numbersFor([...texts].slice(0, mostTexts), lengths, kind)) {
    const signature = rules.map(one => one.signature(number)).join('\n');
    if (!known.has(signature)) known.set(signature, number);
  }
  return { numbers: [...known.values()], beginningsLeftOut: Math.max(0, texts.size - mostTexts) };
}

/**
 * Adds what fits a pattern and a text, or another pattern, alike. All patterns are looked at, and all texts but those
 * that are too many to be looked at on their own.
 */
function addPairs(patterns: ReadonlySet<string>, texts: Set<string>): void {
  for (const pattern of patterns) {
    for (const text of [...patterns, ...[...texts].slice(0, mostTexts)]) {
      const both = fittingBoth(pattern, text);
      if (both !== null) texts.add(both.replaceAll(anyDigit, '0'));
    }
  }
}

function* numbersFor(texts: readonly string[], lengths: ReadonlySet<number>, kind: Kind): Generator<string> {
  if (kind === 'caller') yield '';
  const all = new Set(['', ...texts].flatMap(text => (text.startsWith('+') ? [text] : [text, `+${text}`])));
  const beginnings = new Set<string>();
  for (const text of all) for (let end = 1; end <= text.length; end++) beginnings.add(text.slice(0, end));
  const fillerOf = (text: string) => [...fillers].find(one => !beginnings.has(text + one));
  for (const text of all) {
    if (text !== '') yield text;
    const filler = fillerOf(text);
    if (filler !== undefined) yield text + filler;
  }
  // Short ones first: a class is told by one that can be sent, as long as it has such.
  for (const length of [...lengths].sort((a, b) => a - b)) {
    for (const text of all) {
      const filler = length > text.length ? fillerOf(text) : undefined;
      if (filler !== undefined) yield text + filler.repeat(length - text.length);
    }
  }
}

/** All that one side asks of one kind of number. */
class NumberTests {
  readonly texts = new Set<string>();
  /** Beginnings with any digit in them. */
  readonly patterns = new Set<string>();
  readonly lengths = new Set<number>();
  readonly #received: Test[] = [];
  readonly #billing: Test[] = [];
  readonly #known = new Set<string>();
  readonly #side: CustomerSide;
  readonly #plan: DialPlan;
  readonly #kind: Kind;

  constructor(side: CustomerSide, atMs: number, kind: Kind) {
    const { snapshot, gateway } = side;
    this.#side = side;
    this.#kind = kind;
    this.#plan = mappingDialPlansAt(snapshot, gateway, atMs)[kind];
    this.#addPlan(this.#plan, this.#received);
    this.#addRules(gateway.numbers, this.#received);
    if (kind === 'caller')
      for (const period of gateway.periods) this.#addPrefixes(period.callerPrefixes, this.#received);
    for (const routing of snapshot.routingGateways) {
      this.#addRules(routing.numbers, this.#billing);
      if (kind === 'caller')
        for (const period of routing.periods) this.#addPrefixes(period.callerPrefixes, this.#billing);
      if (kind === 'forwarding' || routing.callerPool === null) {
        this.#addPlan(dialPlansAt(snapshot, routing, atMs)[kind], this.#billing);
      }
    }
    if (kind === 'caller' && gateway.lrn !== null) this.#addStates(gateway.lrn.table);
    this.#pullBack();
  }

  /** No rule asks anything of these numbers. */
  get isEmpty(): boolean {
    return this.#received.length === 0 && this.#billing.length === 0;
  }

  signature(number: string): string {
    const billing = planned(this.#plan, this.#kind, number, this.#side.gateway.name, 0, null);
    const answers = [
      ...this.#received.map(test => test(number)),
      faultOf(number, billing),
      ...this.#billing.map(test => test(billing)),
    ];
    return answers.join();
  }

  #addRules(rules: NumberRules, tests: Test[]): void {
    const { snapshot } = this.#side;
    if (this.#kind === 'forwarding') {
      this.#addPrefixes(rules.forwardingPrefixes, tests);
      return;
    }
    this.#addPrefixes(rules.callerPrefixes, tests);
    const { callerLengths, callerLists, callerCalleePrefixes } = rules;
    for (const length of lengthChanges(callerLengths)) this.lengths.add(length);
    if (callerLengths.kind !== 'any')
      this.#add(tests, callerLengths, number => passesLengthFilter(callerLengths, withoutPlus(number)));
    for (const { caller } of pairsOf(callerCalleePrefixes)) {
      this.texts.add(caller);
      this.#add(tests, { pair: caller }, number => withoutPlus(number).startsWith(caller));
    }
    if (callerLists.kind === 'any') return;
    this.#add(tests, callerLists, number => isOnOneOfLists(snapshot, callerLists.lists, withoutPlus(number)));
    for (const list of callerLists.lists) {
      for (const [text] of entriesOf(snapshot.numberLists[list]!.entries)) this.texts.add(text);
    }
  }

  #addPrefixes(filter: NumberRules['callerPrefixes'] | null, tests: Test[]): void {
    if (filter === null || filter.kind === 'any') return;
    for (const text of prefixesOf(filter)) this.texts.add(text);
    this.#add(tests, filter, number => passesNumberFilter(filter, withoutPlus(number)));
  }

  #addPlan(plan: DialPlan, tests: Test[]): void {
    if (plan.rules.length === 0) return;
    for (const { original } of plan.rules) {
      this.texts.add(sampleOf(original));
      this.patterns.add(patternOf(original));
      this.texts.add(original.literal);
      for (const { length } of original.lengths) this.lengths.add(length).add(length + 1);
    }
    this.lengths.add(longestNumber + 1);
    this.#add(
      tests,
      plan.rules.map(({ text }) => text),
      number => {
        const made = planned(plan, this.#kind, number, this.#side.gateway.name, 0, null);
        return `${ruleFor(plan, number)?.text} ${faultOf(number, made)}`;
      },
    );
  }

  #addStates(table: number): void {
    const { numbers, rowCount } = this.#side.snapshot.lrnTables[table]!;
    const lrn = this.#side.snapshot.lrnTables[table]!;
    for (let row = 0; row < rowCount; row++) {
      const text = String(numbers[row]!);
      if (text.length === 6) this.texts.add(text.padEnd(10, '0'));
    }
    this.#add(this.#billing, { lrn: table }, number => tableResolver.stateOf(lrn, number));
  }

  /** Equal rules are asked once. */
  #add(tests: Test[], rule: unknown, test: Test): void {
    const place = tests === this.#received ? 'received' : 'billing';
    const key = `${place} ${JSON.stringify(rule, (name, value) => (name === 'source' ? undefined : value))}`;
    if (this.#known.has(key)) return;
    this.#known.add(key);
    tests.push(test);
  }

  /** What the gateway's plan makes into one of the texts. */
  #pullBack(): void {
    for (const rule of this.#plan.rules) {
      for (const target of plainTargets(rule)) {
        for (const text of [...this.texts]) {
          if (!text.startsWith(target)) continue;
          const rest = text.slice(target.length);
          this.texts.add(rule.original.literal + rest).add(sampleOf(rule.original) + rest);
        }
      }
    }
  }
}

/** What stands against a number that a plan has made. */
function faultOf(number: string, made: string): NumberFault | null {
  return made === number ? null : numberFault(made);
}

/** Stands for any digit in a pattern. */
const anyDigit = '?';

/** The original up to its first `*`. */
function patternOf({ literal, wildcards }: DialPlanRule['original']): string {
  let text = literal;
  for (const part of wildcards) {
    if (part.kind === 'run') break;
    text += part.kind === 'digit' ? anyDigit : part.text;
  }
  return text;
}

/** A beginning that both patterns fit, as long as the longer one; null when there is none. */
function fittingBoth(a: string, b: string): string | null {
  let text = '';
  for (let at = 0; at < Math.max(a.length, b.length); at++) {
    const [one, other] = [a.charAt(at) || anyDigit, b.charAt(at) || anyDigit];
    const isPast = at >= Math.min(a.length, b.length);
    if (one === other || isPast) text += one === anyDigit ? other : one;
    else if (one === anyDigit && /\d/.test(other)) text += other;
    else if (other === anyDigit && /\d/.test(one)) text += one;
    else return null;
  }
  return text;
}

/** A number that the original fits. */
function sampleOf({ literal, wildcards }: DialPlanRule['original']): string {
  return wildcards.reduce((text, part) => {
    if (part.kind === 'literal') return text + part.text;
    return part.kind === 'digit' ? `${text}0` : text;
  }, literal);
}

function plainTargets({ targets }: DialPlanRule): readonly string[] {
  return targets.flatMap(target => {
    if (target.kind === 'range') return [];
    const [first] = target.parts;
    if (target.parts.length === 0) return [''];
    return target.parts.length === 1 && first?.kind === 'literal' ? [first.text] : [];
  });
}
