/** What is to be said of one difference beside who is tried: prices, numbers sent, the margin, traffic. */
import { type Money, moneyText } from '../../rating/money.ts';
import { type Answer, knownFactsOf, type MarginChange } from '../known-facts.ts';
import type { Difference, Plan, PlannedAttempt } from '../plan.ts';
import { marginChange } from './margins.ts';
import { aDayText } from './summary-lines.ts';
import type { PlanTraffic } from './traffic.ts';
import { type Asked, allOf, ratesText, sentChange } from './words.ts';

export function factsText(
  plan: Plan,
  difference: Difference,
  index: number,
  traffic: PlanTraffic | null,
): string {
  const prices = [paysText(difference), ...priceFacts(difference)];
  return [...prices, marginText(plan, difference), weightText(plan, index, traffic)]
    .filter(text => text !== '')
    .join(', ');
}

/** What each side's customer sees; null where there are more outcomes than one. */
function answersOf(difference: Difference): readonly [Answer, Answer] | null {
  const facts = knownFactsOf(difference);
  if (facts !== null) return facts.answers;
  const { before, after } = difference;
  return before.length === 1 && after.length === 1 ? [before[0]!, after[0]!] : null;
}

function paysText(difference: Difference): string {
  const answers = answersOf(difference);
  if (answers === null || answers.every(({ rate }) => rate === null)) return '';
  const carried = answers.filter(({ refusal }) => refusal === null);
  const [was, is] = carried.length === 1 ? [carried[0]!, carried[0]!] : answers;
  return `customer pays ${ratesText(chargedIn(was), chargedIn(is))}`;
}

function priceFacts(difference: Difference): readonly string[] {
  if (difference.before.length > 1 || difference.after.length > 1) return [];
  const [before, after] = [difference.before[0]!, difference.after[0]!];
  const [old, now] = [before, after].map(({ attempts }) => new Map(attempts.map(one => [one.gateway, one])));
  const facts: string[] = [];
  const won: string[] = [];
  const sent = new Map<string, string[]>();
  for (const attempt of after.attempts) {
    const earlier = old!.get(attempt.gateway);
    if (earlier === undefined) {
      won.push(...pricedText(attempt));
      continue;
    }
    const prices = isAskedAlike(earlier, attempt) ? '' : ratesText(askedBy(earlier), askedBy(attempt));
    if (prices.includes('→')) facts.push(`${attempt.gateway} asks ${prices}`);
    const change = sentText(difference, earlier, attempt);
    if (change !== '') sent.set(change, [...(sent.get(change) ?? []), attempt.gateway]);
  }
  for (const [change, gateways] of sent)
    facts.push(`${allOf(gateways)} ${gateways.length === 1 ? 'gets' : 'get'} ${change}`);
  const lost = before.attempts.filter(({ gateway }) => !now!.has(gateway)).flatMap(pricedText);
  if (won.length > 0) facts.push(`won ${allOf(won)}`);
  if (lost.length > 0) facts.push(`lost ${allOf(lost)}`);
  return facts;
}

/** Equal prices of one comparison are mostly one object. */
function isAskedAlike(one: PlannedAttempt, other: PlannedAttempt): boolean {
  return one.rate === other.rate && one.rateMissing === other.rateMissing;
}

function chargedIn({ rate }: Answer): Asked {
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

/** Equal where the same is said of what the customer pays and of margins. */
export function amountsKey(difference: Difference): string {
  const change = toldChange(difference);
  return `${paysText(difference)} ${change === null ? '' : `${change.before} ${change.after}`}`;
}

/** null where nothing is said of the margin. */
function toldChange(difference: Difference): MarginChange | null {
  if (!isCarried(difference)) return null;
  const change = marginChange(difference);
  return change === null || change.before === change.after ? null : change;
}

function isCarried(difference: Difference): boolean {
  const facts = knownFactsOf(difference);
  if (facts !== null) return facts.answers.every(({ refusal }) => refusal === null);
  return [difference.before, difference.after].every(outcomes =>
    outcomes.some(({ refusal }) => refusal === null),
  );
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
