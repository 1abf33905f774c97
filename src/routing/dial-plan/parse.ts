/** The syntax of dial plans: `original:target`, where the better fit wins whatever the order of the rules. */
import type { Source } from '../../config/snapshot.ts';
import {
  type DialPlan,
  type DialPlanRule,
  type LengthTest,
  numberCharacter,
  type Original,
  type OriginalPart,
  type Target,
  type TargetPart,
} from './dial-plan.ts';

export interface WrittenRule {
  readonly text: string;
  readonly source: Source;
}

export interface DialPlanProblem {
  readonly rule: WrittenRule;
  /** What is wrong with it, to follow the text of the rule in a sentence. */
  readonly message: string;
  /** The rule that it contradicts. */
  readonly other?: WrittenRule;
}

export interface DialPlanReading {
  readonly plan: DialPlan;
  readonly problems: readonly DialPlanProblem[];
}

/** Longest number that a rule may make, and longest original. */
export const maxNumberLength = 64;

/** More `*` in one original would take long to fit, and mean nothing to a person. */
const maxRuns = 3;

export function parseDialPlan(written: readonly WrittenRule[]): DialPlanReading {
  const problems: DialPlanProblem[] = [];
  const rules: DialPlanRule[] = [];
  const known = new Map<string, WrittenRule>();
  for (const rule of written) {
    try {
      const { originalText, targetText } = split(rule.text);
      const original = parseOriginal(originalText);
      const targets = parseTargets(targetText, original);
      const identity = JSON.stringify(original);
      const other = known.get(identity);
      if (other !== undefined) {
        problems.push({ rule, message: 'has the same original as another rule', other });
        continue;
      }
      known.set(identity, rule);
      rules.push({ text: rule.text, source: rule.source, original, targets });
    } catch (error) {
      if (!(error instanceof Misspelt)) throw error;
      problems.push({ rule, message: error.message });
    }
  }
  return { plan: { rules: rules.sort(byFit) }, problems };
}

/** Thrown within this file only. */
class Misspelt extends Error {}

function split(text: string): { readonly originalText: string; readonly targetText: string } {
  const parts = text.split(':');
  if (parts.length !== 2) {
    throw new Misspelt('must be original:target, with one colon');
  }
  const [originalText, targetText] = parts as [string, string];
  if (originalText === '') throw new Misspelt('has no original before the colon; * fits every number');
  return { originalText, targetText };
}

const lengthTests: Readonly<Record<string, LengthTest['is']>> = {
  L: 'less',
  E: 'equal',
  G: 'greater',
  F: 'different',
};

function parseOriginal(text: string): Original {
  const parts: OriginalPart[] = [];
  const lengths: LengthTest[] = [];
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!;
    const test = lengthTests[character];
    if (character === '?') parts.push({ kind: 'digit' });
    else if (character === '*') addRun(parts);
    else if (test !== undefined) {
      const digits = /^\d{1,2}/.exec(text.slice(at + 1))?.[0];
      if (digits === undefined) {
        throw new Misspelt(
          `has ${character} without a length behind it; write \\${character} for the letter itself`,
        );
      }
      lengths.push({ is: test, length: Number(digits) });
      at += digits.length;
    } else {
      addLiteral(parts, character === '\\' ? escaped(text, ++at) : plain(character, text));
    }
  }
  if (text.length > maxNumberLength)
    throw new Misspelt(`has an original of more than ${maxNumberLength} characters`);
  const [first] = parts;
  const literal = first?.kind === 'literal' ? first.text : '';
  return { literal, wildcards: literal === '' ? parts : parts.slice(1), lengths };
}

function addRun(parts: OriginalPart[]): void {
  if (parts.at(-1)?.kind === 'run') throw new Misspelt('has ** in its original, where one * says the same');
  if (parts.filter(({ kind }) => kind === 'run').length === maxRuns) {
    throw new Misspelt(`has more than ${maxRuns} * in its original`);
  }
  parts.push({ kind: 'run' });
}

function addLiteral(parts: (OriginalPart | TargetPart)[], character: string): void {
  const last = parts.at(-1);
  if (last?.kind === 'literal') parts[parts.length - 1] = { kind: 'literal', text: last.text + character };
  else parts.push({ kind: 'literal', text: character });
}

function escaped(text: string, at: number): string {
  const character = text[at];
  if (character === undefined) throw new Misspelt('ends with a backslash');
  return plain(character, text);
}

function plain(character: string, text: string): string {
  if (numberCharacter.test(character)) return character;
  if (/\s/.test(character)) throw new Misspelt('has a space in it');
  throw new Misspelt(`has ${JSON.stringify(character)} in "${text}", which no number has`);
}

function parseTargets(text: string, original: Original): readonly Target[] {
  const alternatives = text.split(';').map(alternative => parseTarget(alternative, original));
  if (alternatives.length > 1 && text.split(';').includes('')) {
    throw new Misspelt('has an empty alternative in its target');
  }
  return alternatives;
}

function parseTarget(text: string, original: Original): Target {
  if (text.includes('-')) return parseRange(text);
  const parts: TargetPart[] = [];
  let place = 0;
  let runs = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!;
    if (character === '?') parts.push({ kind: 'randomDigit' });
    else if (character === '$') parts.push({ kind: 'keep', at: keptPlace(place, original) });
    else if (character === '*') parts.push({ kind: 'run', index: runOf(runs++, original) });
    else addLiteral(parts, character === '\\' ? escaped(text, ++at) : plain(character, text));
    place++;
  }
  if (text.length > maxNumberLength)
    throw new Misspelt(`has a target of more than ${maxNumberLength} characters`);
  return { kind: 'text', parts };
}

/** A place that the original fits for certain, or one that a `*` may stand for. */
function keptPlace(place: number, original: Original): number {
  if (hasRun(original) || place < fixedLength(original)) return place;
  throw new Misspelt(`keeps the digit at place ${place + 1}, which its original does not reach`);
}

function runOf(index: number, original: Original): number {
  const runs = original.wildcards.filter(({ kind }) => kind === 'run').length;
  if (runs === 0) return -1;
  if (index < runs) return index;
  throw new Misspelt(`has more * in its target than in its original`);
}

function parseRange(text: string): Target {
  const [from, to, ...more] = text.split('-') as [string, string, ...string[]];
  if (more.length > 0 || !/^\d+$/.test(from) || !/^\d+$/.test(to)) {
    throw new Misspelt(`has "${text}" in its target, where a range is two numbers with a dash between them`);
  }
  if (from.length > 15) throw new Misspelt('has a range of numbers with more than 15 digits');
  if (from.length !== to.length)
    throw new Misspelt(`has a range from ${from} to ${to}, which differ in length`);
  if (from > to) throw new Misspelt(`has a range from ${from} down to ${to}`);
  return { kind: 'range', from, to };
}

/** The characters of a number that the original fits for certain. */
export function fixedLength({ literal, wildcards }: Original): number {
  return wildcards.reduce((sum, part) => sum + fixedLengthOf(part), literal.length);
}

function fixedLengthOf(part: OriginalPart): number {
  if (part.kind === 'run') return 0;
  return part.kind === 'digit' ? 1 : part.text.length;
}

export function hasRun({ wildcards }: Original): boolean {
  return wildcards.some(({ kind }) => kind === 'run');
}

/**
 * Which of two originals fits better where both do: the one that fixes more places; among equals the one that writes
 * more of them out instead of `?`, then the one without `*`, then the one that tests more lengths; and at last by
 * their texts, so that the order of the rules never matters.
 */
function byFit(a: DialPlanRule, b: DialPlanRule): number {
  return (
    fixedLength(b.original) - fixedLength(a.original) ||
    digits(a.original) - digits(b.original) ||
    Number(hasRun(a.original)) - Number(hasRun(b.original)) ||
    b.original.lengths.length - a.original.lengths.length ||
    (a.text < b.text ? -1 : 1)
  );
}

function digits({ wildcards }: Original): number {
  return wildcards.filter(({ kind }) => kind === 'digit').length;
}
