/** What is to be said of one difference beside who is tried: prices, numbers sent, the margin, traffic. */
import { type Money, moneyText } from '../../rating/money.ts';
import type { Difference, Outcome, Plan, PlannedAttempt } from '../plan.ts';
import { type MarginChange, marginChange } from './margins.ts';
import { aDayText } from './summary-lines.ts';
import type { PlanTraffic } from './traffic.ts';
import { type Asked, allOf, ratesText, sentChange } from './words.ts';

export function factsText(
  plan: Plan,
  difference: Difference,
  index: number,
  traffic: PlanTraffic | null,
): string {
  const [before, after] = [difference.before, difference.after];
  const prices =
    before.length === 1 && after.length === 1 ? priceFacts(difference, before[0]!, after[0]!) : [];
  return [...prices, marginText(plan, difference), weightText(plan, index, traffic)]
    .filter(text => text !== '')
    .join(', ');
}

function priceFacts(difference: Difference, before: Outcome, after: Outcome): readonly string[] {
  const facts: string[] = [];
  if (before.rate !== null || after.rate !== null) {
    const carried = [before, after].filter(({ refusal }) => refusal === null);
    const [was, is] = carried.length === 1 ? [carried[0]!, carried[0]!] : [before, after];
    facts.push(`customer pays ${ratesText(chargedIn(was), chargedIn(is))}`);
  }
  const won: string[] = [];
  const sent = new Map<string, string[]>();
  for (const attempt of after.attempts) {
    const same = before.attempts.filter(({ gateway }) => gateway === attempt.gateway);
    const earlier = same.find(({ protect }) => protect === attempt.protect) ?? same[0];
    if (earlier === undefined) {
      won.push(...pricedText(attempt));
      continue;
    }
    const prices = ratesText(askedBy(earlier), askedBy(attempt));
    if (prices.includes('→')) facts.push(`${attempt.gateway} asks ${prices}`);
    const change = sentText(difference, earlier, attempt);
    if (change !== '') sent.set(change, [...(sent.get(change) ?? []), attempt.gateway]);
  }
  for (const [change, gateways] of sent)
    facts.push(`${allOf(gateways)} ${gateways.length === 1 ? 'gets' : 'get'} ${change}`);
  const lost = before.attempts
    .filter(({ gateway }) => !after.attempts.some(attempt => attempt.gateway === gateway))
    .flatMap(pricedText);
  if (won.length > 0) facts.push(`won ${allOf(won)}`);
  if (lost.length > 0) facts.push(`lost ${allOf(lost)}`);
  return facts;
}

function chargedIn({ rate }: Outcome): Asked {
  return { rate, none: 'nothing' };
}

function askedBy({ rate, rateMissing }: PlannedAttempt): Asked {
  return { rate, none: rateMissing ? 'no rate' : 'nothing' };
}

function pricedText(attempt: PlannedAttempt): readonly string[] {
  const asked = askedBy(attempt);
  return asked.rate === null ? [] : [`${attempt.gateway} at ${ratesText(asked, asked)}`];
}

function sentText(
  { kinds, prefix, lengths, example }: Difference,
  before: PlannedAttempt,
  after: PlannedAttempt,
): string {
  if (!kinds.includes('numberSent')) return '';
  const isOneNumber = lengths?.every(({ to }) => to === prefix.length) ?? false;
  return sentChange(before.sent, after.sent, isOneNumber ? null : prefix, example);
}

function marginText({ before, after }: Plan, difference: Difference): string {
  const change = toldChange(difference);
  if (change === null) return '';
  const [was, is] =
    before.currency === after.currency ? ['', ''] : [` ${before.currency}`, ` ${after.currency}`];
  return `margin ${amountText(change.before)}${was} → ${amountText(change.after)}${is}`;
}

/** Equal where the same is said of margins. */
export function marginKey(difference: Difference): string {
  const change = toldChange(difference);
  return change === null ? '' : `${change.before} ${change.after}`;
}

/** null where nothing is said of the margin. */
function toldChange(difference: Difference): MarginChange | null {
  if (!isCarried(difference.before) || !isCarried(difference.after)) return null;
  const change = marginChange(difference);
  return change === null || change.before === change.after ? null : change;
}

function isCarried(outcomes: readonly Outcome[]): boolean {
  return outcomes.some(({ refusal }) => refusal === null);
}

function amountText(amount: Money): string {
  return moneyText(amount).replace('-', '−');
}

function weightText({ after }: Plan, index: number, traffic: PlanTraffic | null): string {
  const weight = traffic?.differences[index];
  if (weight === undefined || weight.calls === 0) return '';
  const minutes = `${weight.atMost ? 'up to ' : ''}${weight.minutes.toLocaleString('en-US')} min`;
  return weight.marginADay === null ? minutes : `${minutes}, ${aDayText(weight, after.currency)}`;
}
