/** Differences that are the same but for prefixes and prices are told together, with a row for each. */
import { type Money, moneyText } from '../../rating/money.ts';
import { type Answer, knownFactsOf, type MarginChange } from '../known-facts.ts';
import type { Cause, Difference, Outcome, Place, Plan, PlannedAttempt } from '../plan.ts';
import { marginChange } from './margins.ts';
import type { Section, TellDifference } from './order.ts';
import { kindsBySeverity, kindWords } from './severity.ts';
import { aDayText } from './summary-lines.ts';
import type { PlanTraffic } from './traffic.ts';
import {
  circumstancesText,
  lengthsText,
  prefixText,
  ratesText,
  routeText,
  sentChange,
  timesText,
} from './words.ts';

export interface DifferenceGroup {
  /** `routes lost, margin down; only while northlink is down` */
  readonly title: string;
  /** How many different prefixes. */
  readonly prefixes: number;
  /** Who is tried, in which order; the same text on both sides where only prices or numbers are others. */
  readonly before: readonly string[];
  readonly after: readonly string[];
  /** `file:line what`; of the new side where it is there. */
  readonly causes: readonly string[];
  /** The worst first; all, or as many as were asked for. */
  readonly rows: readonly GroupRow[];
  /** Differences that are in none of the rows. */
  readonly left: number;
}

export interface GroupRow {
  /** Prefixes to which all of this applies; the longest that a number begins with counts. */
  readonly prefixes: readonly string[];
  readonly limits: string;
  readonly facts: string;
  /** The lines that did this and nothing else of the group: `rates/best.csv:3`. */
  readonly places: string;
}

const outcomesShown = 4;
const causesShown = 4;

export interface SectionGroups {
  /** The worst first. */
  readonly groups: readonly DifferenceGroup[];
  /** Of the groups that were left out. */
  readonly left: { readonly groups: number; readonly prefixes: number };
}

/** So many groups at most for each row that a group may have. */
const groupsForARow = 10;

/** `most` rows of each group, and ten times as many groups; null for all. */
export function groupsOf(
  plan: Plan,
  section: Section,
  traffic: PlanTraffic | null,
  most: number | null,
): SectionGroups {
  const wayOf = waysOf();
  const own = new Set(section.differences.map(({ difference }) => difference.prefix));
  const groups = new Map<string, TellDifference[]>();
  for (const told of section.differences) {
    const key = keyOf(plan, told.difference, wayOf);
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [told]);
    else known.push(told);
  }
  const all = [...groups.values()];
  const shown = most === null ? all : all.slice(0, most * groupsForARow);
  const others = all.slice(shown.length).flat();
  const left = {
    groups: all.length - shown.length,
    prefixes: new Set(others.map(({ difference }) => difference.prefix)).size,
  };
  const context = { own, traffic };
  return { groups: shown.map(differences => groupOf(plan, differences, context, most)), left };
}

/** `differences` come in their order, the worst first. */
function groupOf(
  plan: Plan,
  differences: readonly TellDifference[],
  context: Omit<RowContext, 'shared'>,
  most: number | null,
): DifferenceGroup {
  const [{ difference }] = differences as [TellDifference];
  const shared = sharedCauses(differences);
  return {
    title: titleOf(plan, difference),
    prefixes: new Set(differences.map(one => one.difference.prefix)).size,
    before: routesText(difference.before),
    after: routesText(difference.after),
    causes: causesText(sharedBy(differences, shared)),
    ...rowsOf(plan, differences, { ...context, shared }, most ?? Number.POSITIVE_INFINITY),
  };
}

/** Not the causes: each row of a deck that has another price has a line of its own. */
function keyOf(plan: Plan, difference: Difference, wayOf: (difference: Difference) => string): string {
  return `${titleOf(plan, difference)}\n${wayOf(difference)}`;
}

/** Equal for equal texts. Very many differences have the same gateways in the same order, and are not asked for more. */
function waysOf(): (difference: Difference) => string {
  const texts = new Map<string, string>();
  const textOf = (way: string, outcomesOf: () => readonly Outcome[]): string => {
    let text = texts.get(way);
    if (text === undefined) {
      text = outcomesOf().map(routeText).join('\n');
      texts.set(way, text);
    }
    return text;
  };
  return difference => {
    const facts = knownFactsOf(difference);
    if (facts === null) {
      return [...difference.before.map(routeText), '→', ...difference.after.map(routeText)].join('\n');
    }
    const before = textOf(facts.wayBefore, () => difference.before);
    const after = textOf(facts.wayAfter, () => difference.after);
    return `${before}\n→\n${after}`;
  };
}

function titleOf(plan: Plan, difference: Difference): string {
  const kinds = kindsBySeverity.filter(kind => difference.kinds.includes(kind)).map(kindWords);
  return [kinds.join(', '), circumstancesText(plan, difference)].filter(text => text !== '').join('; ');
}

function routesText(outcomes: readonly Outcome[]): readonly string[] {
  const texts = [...new Set(outcomes.map(routeText))];
  const more = texts.length - outcomesShown;
  return more > 0 ? [...texts.slice(0, outcomesShown), `… or ${more} other ways`] : texts;
}

/** Places that all of them name which name any. */
function sharedCauses(differences: readonly TellDifference[]): ReadonlySet<string> {
  const [first = new Set<string>(), ...rest] = differences
    .map(({ difference }) => new Set(difference.causes.map(placeOf)))
    .filter(({ size }) => size > 0);
  return new Set([...first].filter(place => rest.every(places => places.has(place))));
}

function sharedBy(differences: readonly TellDifference[], shared: ReadonlySet<string>): readonly Cause[] {
  const naming = differences.find(({ difference }) => difference.causes.length > 0);
  return naming?.difference.causes.filter(cause => shared.has(placeOf(cause))) ?? [];
}

function causesText(causes: readonly Cause[]): readonly string[] {
  const texts = causes.slice(0, causesShown).map(causeText);
  const more = causes.length - causesShown;
  return more > 0 ? [...texts, `and ${more} more`] : texts;
}

/** A place of the old side says so: the reader has the files of the new one. */
function causeText({ what, before, after }: Cause): string {
  if (after !== null) {
    // A price stood somewhere: a reason to refuse need not have been there before.
    const isElsewhere = what.startsWith('what ') && before !== null && before.file !== after.file;
    return `${at(after)}${isElsewhere ? ` (was ${at(before)})` : ''} ${what}`;
  }
  return before === null ? what : `${at(before)} (as it was) ${what}`;
}

/** `file:line` */
function placeOf({ before, after }: Cause): string {
  const place = after ?? before;
  return place === null ? '' : at(place);
}

export function at({ file, line }: Place): string {
  return `${file}:${line}`;
}

interface RowContext {
  /** Prefixes that have a row of their own somewhere. */
  readonly own: ReadonlySet<string>;
  /** Places that are told for the whole group. */
  readonly shared: ReadonlySet<string>;
  readonly traffic: PlanTraffic | null;
}

interface GrowingRow {
  readonly prefixes: string[];
  readonly limits: string;
  readonly facts: string;
  readonly places: Set<string>;
}

const placesShown = 2;

/** Prefixes of which the same is to be said share a row. */
function rowsOf(
  plan: Plan,
  differences: readonly TellDifference[],
  { own, shared, traffic }: RowContext,
  most: number,
): Pick<DifferenceGroup, 'rows' | 'left'> {
  const rows = new Map<string, GrowingRow>();
  const prices = new Set<string>();
  let left = 0;
  for (const { difference, index } of differences) {
    // These are a part of what each row says: once all rows are there, they tell most others from them.
    const price = `${paysText(difference)} ${marginKey(difference)}`;
    if (rows.size >= most && !prices.has(price)) {
      left++;
      continue;
    }
    const limits = limitsText(plan, difference, own);
    const facts = factsText(plan, difference, index, traffic);
    const key = `${limits}\n${facts}`;
    let row = rows.get(key);
    if (row === undefined) {
      if (rows.size >= most) {
        left++;
        continue;
      }
      row = { prefixes: [], limits, facts, places: new Set() };
      rows.set(key, row);
      prices.add(price);
    }
    row.prefixes.push(prefixText(difference.prefix));
    for (const cause of difference.causes) if (!shared.has(placeOf(cause))) row.places.add(placeOf(cause));
  }
  const told = [...rows.values()].map(({ places, ...row }) => ({ ...row, places: placesText([...places]) }));
  return { rows: told, left };
}

/** Equal where the same is said of margins. */
function marginKey(difference: Difference): string {
  const change = toldChange(difference);
  return change === null ? '' : `${change.before} ${change.after}`;
}

function placesText(places: readonly string[]): string {
  const more = places.length - placesShown;
  return `${places.slice(0, placesShown).join(', ')}${more > 0 ? ' …' : ''}`;
}

const exceptionsShown = 6;

/** Longer prefixes that have a row of their own go without saying. */
function limitsText(plan: Plan, difference: Difference, own: ReadonlySet<string>): string {
  const except = difference.except.filter(prefix => !own.has(prefix));
  const more = except.length - exceptionsShown;
  const without = `without ${except.slice(0, exceptionsShown).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  return [
    lengthsText(plan, difference.lengths),
    except.length === 0 ? '' : without,
    timesText(plan, difference),
  ]
    .filter(text => text !== '')
    .join(', ');
}

function factsText(plan: Plan, difference: Difference, index: number, traffic: PlanTraffic | null): string {
  const prices = [paysText(difference), ...priceFacts(difference)];
  return [...prices, marginText(difference), weightText(plan, index, traffic)]
    .filter(text => text !== '')
    .join(', ');
}

/** What each side's customer is told and pays; null where there are more outcomes than one. */
function answersOf(difference: Difference): readonly [Answer, Answer] | null {
  const facts = knownFactsOf(difference);
  if (facts !== null) return facts.answers;
  const { before, after } = difference;
  return before.length === 1 && after.length === 1 ? [before[0]!, after[0]!] : null;
}

function paysText(difference: Difference): string {
  const answers = answersOf(difference);
  if (answers === null || answers.every(({ rate }) => rate === null)) return '';
  const [before, after] = answers;
  const carried = answers.filter(({ refusal }) => refusal === null);
  const [was, is] = carried.length === 1 ? [carried[0]!.rate, carried[0]!.rate] : [before.rate, after.rate];
  return `pays ${ratesText(was, is)}`;
}

function priceFacts(difference: Difference): readonly string[] {
  if (difference.before.length > 1 || difference.after.length > 1) return [];
  const [before, after] = [difference.before[0]!, difference.after[0]!];
  const facts: string[] = [];
  const [old, now] = [before, after].map(({ attempts }) => new Map(attempts.map(one => [one.gateway, one])));
  for (const attempt of after.attempts) {
    facts.push(...attemptFacts(difference, old!.get(attempt.gateway), attempt));
  }
  for (const attempt of before.attempts) {
    if (!now!.has(attempt.gateway) && attempt.rate !== null)
      facts.push(`−${attempt.gateway} ${ratesText(attempt.rate, attempt.rate)}`);
  }
  return facts;
}

function attemptFacts(
  { kinds, example }: Difference,
  before: PlannedAttempt | undefined,
  after: PlannedAttempt,
): readonly string[] {
  const { gateway, rate } = after;
  if (before === undefined) return rate === null ? [] : [`+${gateway} ${ratesText(rate, rate)}`];
  const facts: string[] = [];
  const prices = before.rate === rate ? '' : ratesText(before.rate, rate);
  if (prices.includes('→')) facts.push(`${gateway} ${prices}`);
  if (kinds.includes('numberSent')) {
    const change = sentChange(before.sent, after.sent, example);
    if (change !== '') facts.push(`${gateway} gets ${change}`);
  }
  return facts;
}

function marginText(difference: Difference): string {
  const change = toldChange(difference);
  return change === null ? '' : `margin ${amountText(change.before)} → ${amountText(change.after)}`;
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
