import type { Draws } from '../draws.ts';
import type { DialPlan, DialPlanRule, LengthTest, OriginalPart, Target, TargetPart } from './dial-plan.ts';

export interface Rewriting {
  /** May be empty, or too long to be a number: whoever sends it must look. */
  readonly number: string;
  /** null when no rule fits, and the number stays as it is. */
  readonly rule: DialPlanRule | null;
}

/** Rules by the literal that their original begins with; a plan never changes, so this only saves time. */
interface PlanIndex {
  readonly byLiteral: ReadonlyMap<string, readonly number[]>;
  /** Of all literals, the longest first. */
  readonly literalLengths: readonly number[];
}

const indexes = new WeakMap<DialPlan, PlanIndex>();

/** Fewer rules than this are tried one after the other. */
const indexFrom = 8;

/**
 * The number by the one rule whose original fits best; what the original does not fit of it is kept behind the target.
 * Random targets are drawn from `draws`, so that the same call is rewritten alike wherever it is computed.
 */
export function rewrite(plan: DialPlan, number: string, draws: Draws): Rewriting {
  const rule = ruleFor(plan, number);
  if (rule === null) return { number, rule: null };
  const fit = fitOf(rule, number)!;
  const target =
    rule.targets.length === 1 ? rule.targets[0]! : rule.targets[draws.below(rule.targets.length)]!;
  return { number: targetText(target, number, fit, draws) + number.slice(fit.end), rule };
}

/** The rule that fits best, or null. */
export function ruleFor(plan: DialPlan, number: string): DialPlanRule | null {
  const { rules } = plan;
  if (rules.length < indexFrom) return rules.find(rule => fitOf(rule, number) !== null) ?? null;
  const index = indexOf(plan);
  let best = rules.length;
  for (const length of index.literalLengths) {
    if (length > number.length) continue;
    for (const place of index.byLiteral.get(number.slice(0, length)) ?? []) {
      if (place >= best) break;
      if (fitOf(rules[place]!, number) === null) continue;
      best = place;
      break;
    }
  }
  return rules[best] ?? null;
}

function indexOf(plan: DialPlan): PlanIndex {
  const known = indexes.get(plan);
  if (known !== undefined) return known;
  const byLiteral = new Map<string, number[]>();
  for (const [place, { original }] of plan.rules.entries()) {
    const places = byLiteral.get(original.literal);
    if (places === undefined) byLiteral.set(original.literal, [place]);
    else places.push(place);
  }
  const lengths = new Set([...byLiteral.keys()].map(({ length }) => length));
  const index = { byLiteral, literalLengths: [...lengths].sort((a, b) => b - a) };
  indexes.set(plan, index);
  return index;
}

/** Where in a number an original fits. */
interface Fit {
  /** Up to here, exclusive. */
  readonly end: number;
  /** What each `*` stands for: start and end, by turns. */
  readonly runs: readonly number[];
}

const noRuns: readonly number[] = [];

function fitOf({ original }: DialPlanRule, number: string): Fit | null {
  const { literal, wildcards, lengths } = original;
  if (!number.startsWith(literal)) return null;
  for (const test of lengths) if (!passes(test, number.length)) return null;
  if (wildcards.length === 0) return { end: literal.length, runs: noRuns };
  const runs: number[] = [];
  const end = fitParts(wildcards, number, literal.length, runs);
  return end < 0 ? null : { end, runs };
}

function passes({ is, length }: LengthTest, actual: number): boolean {
  switch (is) {
    case 'less':
      return actual < length;
    case 'equal':
      return actual === length;
    case 'greater':
      return actual > length;
    case 'different':
      return actual !== length;
  }
}

/**
 * The end of the fit of the parts, or -1. A `*` at the end stands for all that is left, one before other parts for as
 * little as lets them fit. What follows it need not be tried farther on: wherever the rest fits behind a later place,
 * the next `*` can take in what lies between. So the time grows with the length of the number alone.
 */
function fitParts(parts: readonly OriginalPart[], number: string, from: number, runs: number[]): number {
  let at = fixedEnd(parts, 0, number, from);
  let run = runFrom(parts, 0);
  while (at >= 0 && run < parts.length) {
    if (run + 1 === parts.length) {
      runs.push(at, number.length);
      return number.length;
    }
    let runEnd = at;
    let end = fixedEnd(parts, run + 1, number, runEnd);
    while (end < 0 && runEnd < number.length) end = fixedEnd(parts, run + 1, number, ++runEnd);
    runs.push(at, runEnd);
    at = end;
    run = runFrom(parts, run + 1);
  }
  return at;
}

/** The place of the first `*` from `part` on, or how many parts there are. */
function runFrom(parts: readonly OriginalPart[], part: number): number {
  let run = part;
  while (run < parts.length && parts[run]!.kind !== 'run') run++;
  return run;
}

/** Where the parts from `part` up to the next `*` end when they fit at `from`, or -1. */
function fixedEnd(parts: readonly OriginalPart[], part: number, number: string, from: number): number {
  let at = from;
  for (let i = part; i < parts.length; i++) {
    const current = parts[i]!;
    if (current.kind === 'run') break;
    if (current.kind === 'digit') {
      if (!isDigit(number, at)) return -1;
      at++;
    } else {
      if (!number.startsWith(current.text, at)) return -1;
      at += current.text.length;
    }
  }
  return at;
}

function isDigit(number: string, at: number): boolean {
  const code = number.charCodeAt(at);
  return code >= 48 && code <= 57;
}

function targetText(target: Target, number: string, fit: Fit, draws: Draws): string {
  if (target.kind === 'range') {
    const from = Number(target.from);
    const picked = from + draws.below(Number(target.to) - from + 1);
    return String(picked).padStart(target.from.length, '0');
  }
  return partsText(target.parts, number, fit, draws);
}

/** Without `draws`, a random digit is written as `?`. */
function partsText(parts: readonly TargetPart[], number: string, fit: Fit, draws: Draws | null): string {
  let text = '';
  for (const part of parts) {
    switch (part.kind) {
      case 'literal':
        text += part.text;
        break;
      case 'randomDigit':
        text += draws === null ? '?' : draws.below(10);
        break;
      case 'keep':
        text += part.at < fit.end ? number.charAt(part.at) : '';
        break;
      case 'run':
        text += part.index < 0 ? number.slice(0, fit.end) : runText(number, fit, part.index);
        break;
    }
  }
  return text;
}

function runText(number: string, fit: Fit, index: number): string {
  return number.slice(fit.runs[2 * index]!, fit.runs[2 * index + 1]!);
}

/**
 * All that `rewrite` can make of the number, for people: numbers, with `?` for a random digit and `[100-199]` for a
 * number between two. Empty when nothing is left to chance.
 */
export function possibilities(plan: DialPlan, number: string): readonly string[] {
  const rule = ruleFor(plan, number);
  if (rule === null || (rule.targets.length === 1 && !isRandom(rule.targets[0]!))) return [];
  const fit = fitOf(rule, number)!;
  return rule.targets.map(target => {
    const text =
      target.kind === 'range' ? `[${target.from}-${target.to}]` : partsText(target.parts, number, fit, null);
    return text + number.slice(fit.end);
  });
}

function isRandom(target: Target): boolean {
  return target.kind === 'range' || target.parts.some(({ kind }) => kind === 'randomDigit');
}
