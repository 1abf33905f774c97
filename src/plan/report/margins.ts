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

/** The gateway that costs most beyond what the customer pays, among all that may be tried afterwards; null without a loss. */
export function worstLoss(difference: Difference): Loss | null {
  const facts = knownFactsOf(difference);
  if (facts !== null) return facts.worstLoss;
  let worst: Loss | null = null;
  for (const { attempts } of difference.after) {
    for (const { gateway, margin: text, marginPercent } of attempts) {
      if (text === null) continue;
      const margin = moneyOf(text);
      if (margin < 0n && (worst === null || margin < worst.margin))
        worst = { gateway, margin, marginPercent };
    }
  }
  return worst;
}

function moneyOf(text: string): Money {
  const amount = parseMoney(text);
  if (amount === null) throw new Error(`a plan has the margin ${text}`);
  return amount;
}
