/** What is left of 60 s of talk, before and after. */
import { type Money, money, parseMoney } from '../../rating/money.ts';
import type { Difference, Outcome, PlannedAttempt } from '../plan.ts';

/** Where chance, quality or load decides, the middle of all that may come first; null when one of them is not known. */
export function expectedMargin(outcomes: readonly Outcome[]): Money | null {
  let sum = 0n;
  for (const outcome of outcomes) {
    const margin = marginOf(outcome);
    if (margin === null) return null;
    sum += margin;
  }
  return money(sum / BigInt(outcomes.length));
}

/** Of those that may be tried first; nothing is earned by a call that is turned away. */
function marginOf({ refusal, attempts }: Outcome): Money | null {
  if (refusal !== null || attempts.length === 0) return money(0n);
  const first = attempts.filter(({ rank }) => rank === attempts[0]!.rank);
  let sum = 0n;
  for (const { margin } of first) {
    if (margin === null) return null;
    sum += moneyOf(margin);
  }
  return money(sum / BigInt(first.length));
}

export interface MarginChange {
  readonly before: Money;
  readonly after: Money;
}

/** Orders, sums and rows ask for them again and again. */
const known = new WeakMap<Difference, MarginChange | 'unknown'>();

/** null when it is not known on one side. */
export function marginChange(difference: Difference): MarginChange | null {
  let change = known.get(difference);
  if (change === undefined) {
    const [was, is] = [expectedMargin(difference.before), expectedMargin(difference.after)];
    change = was === null || is === null ? 'unknown' : { before: was, after: is };
    known.set(difference, change);
  }
  return change === 'unknown' ? null : change;
}

export interface Loss {
  readonly attempt: PlannedAttempt;
  readonly margin: Money;
}

/**
 * The gateway that costs most beyond what the customer pays, among all that may be tried; of several that cost the same
 * the first by name; null without a loss.
 */
export function worstLoss(outcomes: readonly Outcome[]): Loss | null {
  let worst: Loss | null = null;
  for (const { attempts } of outcomes) {
    for (const attempt of attempts) {
      if (attempt.margin === null) continue;
      const margin = moneyOf(attempt.margin);
      if (margin >= 0n) continue;
      const loss = { attempt, margin };
      if (worst === null || compareLosses(loss, worst) < 0) worst = loss;
    }
  }
  return worst;
}

/** Negative when the first is worse; 0 for the same amount by the same gateway. */
export function compareLosses(a: Loss, b: Loss): number {
  if (a.margin !== b.margin) return a.margin < b.margin ? -1 : 1;
  const [one, other] = [a.attempt.gateway, b.attempt.gateway];
  return one === other ? 0 : one < other ? -1 : 1;
}

function moneyOf(text: string): Money {
  const amount = parseMoney(text);
  if (amount === null) throw new Error(`a plan has the margin ${text}`);
  return amount;
}
