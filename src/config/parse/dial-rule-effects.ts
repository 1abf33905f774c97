/** What can be said of the rules of a dial plan before any call comes. */
import type { DialPlanRule, LengthTest, Original, Target } from '../../routing/dial-plan/dial-plan.ts';
import { fixedLength, hasRun } from '../../routing/dial-plan/parse.ts';
import { longestAccessNumber } from '../../routing/number-fault.ts';

/** The lengths of numbers that an original can fit, ascending. */
export function lengthsThatFit(original: Original): readonly number[] {
  const lengths: number[] = [];
  for (let length = fixedLength(original); length <= longestAccessNumber; length++) {
    if (original.lengths.every(test => passes(test, length))) lengths.push(length);
  }
  return lengths;
}

function passes({ is, length }: LengthTest, actual: number): boolean {
  if (is === 'less') return actual < length;
  if (is === 'greater') return actual > length;
  return (actual === length) === (is === 'equal');
}

/** The bounds between which the lengths of all numbers lie that a rule makes. */
export function resultLengths({ original, targets }: DialPlanRule): { shortest: number; longest: number } {
  const lengths = lengthsThatFit(original);
  const bounds = targets.map(targetLengths);
  let shortest = Math.min(...bounds.map(bound => bound.shortest));
  let longest = Math.max(...bounds.map(bound => bound.longest));
  // Behind a run at the end of the original nothing is left to keep; within it, that depends on the number.
  if (original.wildcards.at(-1)?.kind !== 'run') {
    const fixed = fixedLength(original);
    if (!hasRun(original)) shortest += Math.max(0, (lengths[0] ?? 0) - fixed);
    longest += Math.max(0, (lengths.at(-1) ?? 0) - fixed);
  }
  return { shortest, longest };
}

function targetLengths(target: Target): { shortest: number; longest: number } {
  if (target.kind === 'range') return { shortest: target.from.length, longest: target.from.length };
  let shortest = 0;
  let longest = 0;
  for (const part of target.parts) {
    const certain = part.kind === 'literal' ? part.text.length : part.kind === 'randomDigit' ? 1 : 0;
    shortest += certain;
    longest += part.kind === 'run' ? longestAccessNumber : Math.max(1, certain);
  }
  return { shortest, longest };
}

/** Rules that never count, each with one that fits every number that they fit, and better. */
export function overtakenRules(
  rules: readonly DialPlanRule[],
): readonly (readonly [rule: DialPlanRule, by: DialPlanRule])[] {
  const better = new Map<string, { readonly rule: DialPlanRule; readonly lengths: ReadonlySet<number> }[]>();
  const overtaken: (readonly [DialPlanRule, DialPlanRule])[] = [];
  for (const rule of rules) {
    const beginning = fixedBeginning(rule.original);
    // One with a run amid its fixed places fits numbers that no other rule fits.
    if (beginning === null) continue;
    const lengths = new Set(lengthsThatFit(rule.original));
    if (lengths.size === 0) continue;
    const others = better.get(beginning) ?? [];
    better.set(beginning, others);
    const by = others.find(other => [...lengths].every(length => other.lengths.has(length)));
    if (by === undefined) others.push({ rule, lengths });
    else overtaken.push([rule, by.rule]);
  }
  return overtaken;
}

/** What a number must begin with, `?` for any digit, when the original asks for nothing else; null when it does. */
function fixedBeginning({ literal, wildcards }: Original): string | null {
  const parts = wildcards.at(-1)?.kind === 'run' ? wildcards.slice(0, -1) : wildcards;
  let text = literal;
  for (const part of parts) {
    if (part.kind === 'run') return null;
    text += part.kind === 'digit' ? '?' : part.text;
  }
  return text;
}
