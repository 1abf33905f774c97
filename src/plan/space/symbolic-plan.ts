/**
 * Dial plans on numbers of which only the beginning is known. A number is a known text and whatever follows it; a plan
 * makes of it other texts with the same behind them, or needs to know more of the number first.
 */

import type { Source } from '../../config/snapshot.ts';
import type { DialPlan, DialPlanRule, TargetPart } from '../../routing/dial-plan/dial-plan.ts';
import { fixedLength, hasRun } from '../../routing/dial-plan/parse.ts';

/** What a number may begin with after a plan. */
export interface Head {
  readonly text: string;
  /** What is not known of the number goes on behind the text; without it, the text is all there is. */
  readonly goesOn: boolean;
}

export interface Symbolic {
  readonly heads: readonly Head[];
  /** The next characters that make a difference. */
  readonly next: string;
  /** Every next character makes one: this rule looks for something farther on. null when none does. */
  readonly looksOn: Source | null;
  /** Lengths of the whole number from which on other rules fit. */
  readonly lengths: readonly number[];
}

interface PlanNode {
  readonly children: Map<string, PlanNode>;
  /** Places of rules whose literal ends here. */
  readonly rules: number[];
}

/** Plans never change, so this only saves time. */
const trees = new WeakMap<DialPlan, PlanNode>();

const digits = '0123456789';

/** The most things that chance may make of a number before they are no longer told apart. */
const mostHeads = 256;

export function applySymbolically(plan: DialPlan, known: string): Symbolic {
  if (plan.rules.length === 0)
    return { heads: [{ text: known, goesOn: true }], next: '', looksOn: null, lengths: [] };
  const { places, next: deeper } = rulesAlong(plan, known);
  const heads: Head[] = [];
  const lengths: number[] = [];
  let next = deeper;
  for (const place of places) {
    const rule = plan.rules[place]!;
    const fit = fitKnown(rule, known);
    if (fit.kind === 'not') continue;
    for (const { length } of rule.original.lengths) lengths.push(length, length + 1);
    if (fit.kind === 'needs') {
      next += fit.next;
      continue;
    }
    if (fit.kind === 'looksOn') return { heads: [], next: '', looksOn: rule.source, lengths };
    heads.push(...headsOf(rule, known, fit.end));
    if (rule.original.lengths.length === 0) return { heads, next, looksOn: null, lengths };
  }
  return { heads: [...heads, { text: known, goesOn: true }], next, looksOn: null, lengths };
}

/** Rules whose literal `known` begins with, the best fit first; and the characters of longer literals. */
function rulesAlong(plan: DialPlan, known: string): { readonly places: number[]; readonly next: string } {
  let node: PlanNode | undefined = treeOf(plan);
  const places = [...node.rules];
  for (const character of known) {
    node = node.children.get(character);
    if (node === undefined) break;
    places.push(...node.rules);
  }
  return {
    places: places.sort((a, b) => a - b),
    next: node === undefined ? '' : [...node.children.keys()].join(''),
  };
}

function treeOf(plan: DialPlan): PlanNode {
  const known = trees.get(plan);
  if (known !== undefined) return known;
  const root: PlanNode = { children: new Map(), rules: [] };
  for (const [place, { original }] of plan.rules.entries()) {
    let node = root;
    for (const character of original.literal) {
      let child = node.children.get(character);
      if (child === undefined) {
        child = { children: new Map(), rules: [] };
        node.children.set(character, child);
      }
      node = child;
    }
    node.rules.push(place);
  }
  trees.set(plan, root);
  return root;
}

type KnownFit =
  | { readonly kind: 'not' }
  /** It fits whatever follows; a `*` at its end begins at `end`. */
  | { readonly kind: 'fits'; readonly end: number }
  | { readonly kind: 'needs'; readonly next: string }
  | { readonly kind: 'looksOn' };

/** `known` begins with the rule's literal. */
function fitKnown(rule: DialPlanRule, known: string): KnownFit {
  const { literal, wildcards } = rule.original;
  let at = literal.length;
  for (const [index, part] of wildcards.entries()) {
    if (part.kind === 'run') {
      const isPlain = index === wildcards.length - 1 && rule.targets.every(target => isPlainRun(target, at));
      return isPlain ? { kind: 'fits', end: at } : { kind: 'looksOn' };
    }
    if (part.kind === 'digit') {
      if (at >= known.length) return { kind: 'needs', next: digits };
      if (!digits.includes(known[at]!)) return { kind: 'not' };
      at++;
      continue;
    }
    for (const character of part.text) {
      if (at >= known.length) return { kind: 'needs', next: character };
      if (known[at] !== character) return { kind: 'not' };
      at++;
    }
  }
  return { kind: 'fits', end: at };
}

/** What the `*` stands for is at the end of the target, or nowhere in it. */
function isPlainRun(target: DialPlanRule['targets'][number], end: number): boolean {
  if (target.kind === 'range') return true;
  return target.parts.every((part, index) => {
    if (part.kind === 'keep') return part.at < end;
    return part.kind !== 'run' || index === target.parts.length - 1;
  });
}

function headsOf(rule: DialPlanRule, known: string, end: number): Head[] {
  const isRun = hasRun(rule.original);
  const rest = isRun ? '' : known.slice(end);
  return rule.targets.flatMap(target => {
    if (target.kind === 'range') {
      return rangeTexts(target.from, target.to).map(text => ({ text: text + rest, goesOn: !isRun }));
    }
    const keepsRun = isRun && target.parts.at(-1)?.kind === 'run';
    let texts = [''];
    for (const part of target.parts)
      texts = texts.flatMap(text => partTexts(part, known, end).map(more => text + more)).slice(0, mostHeads);
    return texts.map(text => ({
      text: keepsRun ? text + known.slice(end) : text + rest,
      goesOn: !isRun || keepsRun,
    }));
  });
}

/** The last part's run is added by whoever asks. */
function partTexts(part: TargetPart, known: string, end: number): readonly string[] {
  switch (part.kind) {
    case 'literal':
      return [part.text];
    case 'randomDigit':
      return [...digits];
    case 'keep':
      return [part.at < end ? known.charAt(part.at) : ''];
    case 'run':
      return [part.index < 0 ? known.slice(0, end) : ''];
  }
}

/** All numbers of a small range; of a large one, evenly spread. */
function rangeTexts(from: string, to: string): string[] {
  const first = Number(from);
  const count = Number(to) - first + 1;
  const step = Math.max(1, Math.ceil(count / mostHeads));
  const texts: string[] = [];
  for (let number = first; number <= Number(to); number += step) {
    texts.push(String(number).padStart(from.length, '0'));
  }
  return texts;
}

/** Whether chance has a part in what the rule makes. */
export function isRandomRule({ targets }: DialPlanRule): boolean {
  return (
    targets.length > 1 ||
    targets.some(target => target.kind === 'range' || target.parts.some(({ kind }) => kind === 'randomDigit'))
  );
}

/** As much as chance can make of `number`, by the rule that fits it, each as a rule of its own that leaves nothing to chance. */
export function settledRules(rule: DialPlanRule): {
  readonly rules: readonly DialPlanRule[];
  readonly complete: boolean;
} {
  let complete = true;
  const rules: DialPlanRule[] = [];
  for (const target of rule.targets) {
    if (target.kind === 'range') {
      complete &&= Number(target.to) - Number(target.from) < mostHeads;
      for (const text of rangeTexts(target.from, target.to)) {
        rules.push({ ...rule, targets: [{ kind: 'text', parts: [{ kind: 'literal', text }] }] });
      }
      continue;
    }
    let variants: TargetPart[][] = [[]];
    for (const part of target.parts) {
      const choices: readonly TargetPart[] =
        part.kind === 'randomDigit' ? [...digits].map(text => ({ kind: 'literal' as const, text })) : [part];
      if (variants.length * choices.length > mostHeads) complete = false;
      variants = variants.flatMap(parts => choices.map(choice => [...parts, choice])).slice(0, mostHeads);
    }
    for (const parts of variants) rules.push({ ...rule, targets: [{ kind: 'text', parts }] });
  }
  return { rules, complete };
}

/** What a plan did to a whole number, so that it can be said of all numbers that begin alike. */
export interface Rewritten {
  readonly drop: number;
  readonly put: string;
  /** Nothing of the number goes on behind `put`. */
  readonly whole: boolean;
  /** It is true of this one number: of the next one a rule that looks for something within numbers makes something else. */
  readonly ofOneNumber?: true;
}

export const untouched: Rewritten = { drop: 0, put: '', whole: false };

/** `after` is what `rule` made of `before`; null for no rule. */
export function rewrittenBy(rule: DialPlanRule | null, before: string, after: string): Rewritten {
  if (rule === null) return untouched;
  const { original } = rule;
  const end = fixedLength(original);
  if (!hasRun(original)) {
    return { drop: end, put: after.slice(0, after.length - (before.length - end)), whole: false };
  }
  const keeps =
    original.wildcards.at(-1)!.kind === 'run' && rule.targets.every(target => isPlainRun(target, end));
  const runs = original.wildcards.filter(({ kind }) => kind === 'run').length;
  const [target] = rule.targets;
  const keepsRun = target?.kind === 'text' && target.parts.at(-1)?.kind === 'run';
  if (!keeps || runs > 1) return { drop: 0, put: after, whole: true, ofOneNumber: true };
  if (!keepsRun) return { drop: 0, put: after, whole: true };
  return { drop: end, put: after.slice(0, after.length - (before.length - end)), whole: false };
}

/** First `a`, then `b`. */
export function composed(a: Rewritten, b: Rewritten): Rewritten {
  const whole = a.ofOneNumber ? ({ whole: a.whole, ofOneNumber: true } as const) : { whole: a.whole };
  // Where a number is put in place of all others, what becomes of it then is true of them all.
  if (b.whole) return b.ofOneNumber && !a.whole ? b : { drop: 0, put: b.put, ...whole, whole: true };
  if (b.drop <= a.put.length) return { drop: a.drop, put: b.put + a.put.slice(b.drop), ...whole };
  return { drop: a.whole ? 0 : a.drop + (b.drop - a.put.length), put: b.put, ...whole };
}

/**
 * The same, without taking away what is put back: `number` is one that it was done to. What is true of one number alone
 * is told like what other rules do to it, whatever their form.
 */
export function shortened(rewritten: Rewritten, number: string): Rewritten {
  const { put, whole, ofOneNumber } = rewritten;
  if (whole && ofOneNumber === undefined) return rewritten;
  let length = put.length;
  let from = whole ? number.length : rewritten.drop;
  while (length > 0 && from > 0 && put[length - 1] === number[from - 1]) {
    length--;
    from--;
  }
  const done = { drop: from, put: put.slice(0, length), whole: false };
  return ofOneNumber === undefined ? done : { ...done, ofOneNumber };
}
