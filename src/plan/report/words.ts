/** Parts of a difference as people read them. */
import type { Outcome, PlannedAttempt, PlannedRate, Rewriting } from '../plan.ts';
import { refusalText } from './refusals.ts';

export function prefixText(prefix: string): string {
  return prefix === '' ? 'all numbers' : prefix;
}

export function prefixesCount(count: number): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? 'prefix' : 'prefixes'}`;
}

/** `a, b or c` */
export function eitherOf(texts: readonly string[]): string {
  return texts.length < 2 ? texts.join('') : `${texts.slice(0, -1).join(', ')} or ${texts.at(-1)!}`;
}

/** `a, b and c` */
export function allOf(texts: readonly string[]): string {
  return texts.length < 2 ? texts.join('') : `${texts.slice(0, -1).join(', ')} and ${texts.at(-1)!}`;
}

/** What is asked; `none` where nothing is, or nobody knows what. */
export interface Asked {
  readonly rate: PlannedRate | null;
  readonly none: string;
}

/** `0.5412/60s → 0.55/60s`, `0.5412/60s (increments 60/60 → 30/6)`, or the one price where both are equal. */
export function ratesText(before: Asked, after: Asked): string {
  const [was, is] = [priceText(before), priceText(after)];
  if (was !== is) return `${was} → ${is}`;
  const changes = termsOf(before.rate).flatMap(([name, old], i) => {
    const now = termsOf(after.rate)[i]![1];
    return old === now ? [] : [`${name} ${old} → ${now}`];
  });
  return changes.length === 0 ? is : `${is} (${changes.join(', ')})`;
}

function priceText({ rate, none }: Asked): string {
  return rate === null ? none : `${rate.rate}/${rate.unitSeconds}s`;
}

function termsOf(rate: PlannedRate | null): readonly (readonly [name: string, value: string])[] {
  if (rate === null) return [];
  return [
    ['increments', rate.increments],
    ['connect fee', rate.connectFee],
    ['free seconds', `${rate.freeSeconds}`],
    ['stages', rate.stages === '' ? 'none' : rate.stages],
  ];
}

/** Who is tried in which order, without prices: what many prefixes have in common. */
export function routeText({ refusal, attempts, chance }: Outcome): string {
  const what = refusal === null ? attemptsText(attempts) : refusalText(refusal);
  return chance === null ? what : `${what} (when ${chance})`;
}

/** `acme or bell, carol`: one of the first two is tried before the other, whichever stands better by then. */
function attemptsText(attempts: readonly PlannedAttempt[]): string {
  return attempts
    .map(({ gateway, protect, rank }, i) => {
      const between = i === 0 ? '' : attempts[i - 1]!.rank === rank ? ' or ' : ', ';
      return `${between}${gateway}${protect ? ' (protect)' : ''}`;
    })
    .join('');
}

/**
 * `0044… instead of 44…, caller 0049 instead of 49`: what a vendor gets of numbers that begin with `prefix`, or of
 * `example` where that is the only one; empty when that is the same.
 */
export function sentChange(
  before: PlannedAttempt['sent'],
  after: PlannedAttempt['sent'],
  prefix: string | null,
  example: string,
): string {
  const calleeOf = ({ callee }: PlannedAttempt['sent']) => calleeText(callee, prefix ?? '', example);
  const changes: readonly (readonly [name: string, was: string, is: string])[] = [
    ['', calleeOf(before), calleeOf(after)],
    ['caller ', before.caller || 'none', after.caller || 'none'],
    ['forwarding number ', before.forwarding ?? 'none', after.forwarding ?? 'none'],
  ];
  return changes
    .filter(([, was, is]) => was !== is)
    .map(([name, was, is]) => {
      const isPlain = withoutHash(was) !== withoutHash(is);
      return isPlain
        ? `${name}${withoutHash(is)} instead of ${withoutHash(was)}`
        : `${name}${is} instead of ${was}`;
    })
    .join(', ');
}

/** Two pools of callers may have nothing else that tells them apart. */
function withoutHash(sent: string): string {
  return sent.replace(/^(one of \d+ numbers \(\w+), [\da-f]+\)$/, '$1)');
}

/** Of the prefix, as long as anything of it is left; otherwise of one number. */
function calleeText({ drop, put, whole, choices }: Rewriting, prefix: string, example: string): string {
  const isBeginning = prefix !== '' && drop <= prefix.length;
  const rest = whole ? '' : isBeginning ? `${prefix.slice(drop)}…` : example.slice(drop);
  const texts = choices.length > 0 ? choices : [''];
  return texts.map(text => `${text}${put}${rest}`).join(' or ');
}

export function signed(text: string): string {
  return text.startsWith('-') ? `−${text.slice(1)}` : `+${text}`;
}
