/** What is left of 60 s of talk, before and after. */
import { type Money, money, parseMoney } from '../../rating/money.ts';
import { knownFactsOf, type Loss, type MarginChange } from '../known-facts.ts';
import type { Difference, Outcome } from '../plan.ts';

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

/** Orders, sums and rows ask for them again and again. */
const known = new WeakMap<Difference, MarginChange | 'unknown'>();

/** null when it is not known on one side. */
export function marginChange(difference: Difference): MarginChange | null {
  const facts = knownFactsOf(difference);
  if (facts !== null) return facts.marginChange;
  let change = known.get(difference);
  if (change === undefined) {
    const [was, is] = [expectedMargin(difference.before), expectedMargin(difference.after)];
    change = was === null || is === null ? 'unknown' : { before: was, after: is };
    known.set(difference, change);
  }
  return change === 'unknown' ? null : change;
}

/**
 * The gateway that costs most beyond what the customer pays, among all that may be tried afterwards; of several that cost
 * the same the first by name; null without a loss.
 */
export function worstLoss(difference: Difference): Loss | null {
  const facts = knownFactsOf(difference);
  if (facts !== null) return facts.worstLoss;
  let worst: Loss | null = null;
  for (const { attempts } of difference.after) {
    for (const { gateway, margin: text, marginPercent } of attempts) {
      if (text === null) continue;
      const margin = moneyOf(text);
      if (margin >= 0n) continue;
      const loss = { gateway, margin, marginPercent };
      if (worst === null || compareLosses(loss, worst) < 0) worst = loss;
    }
  }
  return worst;
}

/** Negative when the first is worse; 0 for the same amount by the same gateway. */
export function compareLosses(a: Loss, b: Loss): number {
  if (a.margin !== b.margin) return a.margin < b.margin ? -1 : 1;
  if (a.gateway === b.gateway) return 0;
  return a.gateway < b.gateway ? -1 : 1;
}

function moneyOf(text: string): Money {
  const amount = parseMoney(text);
  if (amount === null) throw new Error(`a plan has the margin ${text}`);
  return amount;
}
