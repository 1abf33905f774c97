/** Differences that are the same but for prefixes, times and prices: a row for all prefixes of which the same is to be said. */
import type { Cause, Difference, Plan } from '../plan.ts';
import { causeLines, placeOf, toldCauses } from './cause-lines.ts';
import { lengthsText, timesOf, timesText } from './circumstances.ts';
import { amountsKey, factsText } from './facts.ts';
import type { TellDifference } from './order.ts';
import type { PlanTraffic } from './traffic.ts';

export interface GroupRow {
  /** Prefixes to which all of this applies; the longest that a number begins with counts. */
  readonly numbers: readonly LimitedPrefixes[];
  /** One line, or one for each time of which other things are to be said. */
  readonly facts: readonly string[];
  /** The lines that did this and nothing else of the group: `rates/best.csv:3`. */
  readonly places: string;
  /** The same with what they say: `rates/best.csv:3 what best costs`. */
  readonly causes: readonly string[];
}

export interface LimitedPrefixes {
  readonly prefixes: readonly string[];
  /** Which of their numbers, and when, where that is the same for all that is said; empty for all. */
  readonly limits: string;
}

export interface RowContext {
  /** Prefixes that have a row of their own somewhere. */
  readonly own: ReadonlySet<string>;
  /** Places that are told for the whole group. */
  readonly shared: ReadonlySet<string>;
  readonly traffic: PlanTraffic | null;
}

export interface Rows {
  readonly rows: readonly GroupRow[];
  /** Prefixes, with the lengths that they are told for, that are in none of them. */
  readonly left: number;
}

/** What is said of one prefix at some times. */
interface State {
  readonly limits: string;
  readonly facts: string;
  readonly times: number[];
}

/** A prefix with what is said of it at all times. */
interface Unit {
  readonly name: string;
  readonly lengths: string;
  readonly states: State[];
  readonly causes: Map<string, Cause>;
}

/** `differences` come in their order, the worst first; `most` rows at most. */
export function rowsOf(
  plan: Plan,
  differences: readonly TellDifference[],
  context: RowContext,
  most: number,
): Rows {
  const { units, left } = unitsOf(plan, differences, context, most);
  const rows = new Map<string, { readonly facts: readonly string[]; readonly told: ToldUnit[] }>();
  let others = left;
  for (const unit of units) {
    const { facts, limits } = saidOf(plan, unit);
    const key = facts.join('\n');
    const known = rows.get(key);
    if (known !== undefined) known.told.push({ unit, limits });
    else if (rows.size < most) rows.set(key, { facts, told: [{ unit, limits }] });
    else others++;
  }
  return { rows: [...rows.values()].map(({ facts, told }) => rowOf(facts, told)), left: others };
}

interface ToldUnit {
  readonly unit: Unit;
  readonly limits: string;
}

function rowOf(facts: readonly string[], told: readonly ToldUnit[]): GroupRow {
  const numbers = new Map<string, string[]>();
  const causes = new Map<string, Cause>();
  for (const { unit, limits } of told) {
    const known = numbers.get(limits);
    if (known === undefined) numbers.set(limits, [unit.name]);
    else known.push(unit.name);
    for (const [place, cause] of unit.causes) causes.set(place, cause);
  }
  return {
    facts,
    numbers: [...numbers].map(([limits, prefixes]) => ({ limits, prefixes })),
    places: placesText([...causes.keys()]),
    causes: causeLines([...causes.values()]),
  };
}

/**
 * Prefixes that may be in one of the first rows. What the customer pays and what is said of a margin is a part of each row:
 * once there are enough rows, a prefix of which something else is said is in none of them, and nothing more is looked at.
 */
function unitsOf(
  plan: Plan,
  differences: readonly TellDifference[],
  context: RowContext,
  most: number,
): { readonly units: readonly Unit[]; readonly left: number } {
  const units: Unit[] = [];
  const firsts = new Set<string>();
  const amounts = new Set<string>();
  const known = new Map<string, Unit | null>();
  let left = 0;
  for (const told of differences) {
    const { difference } = told;
    // What holds at all times is all that there is to say of its prefix.
    const key = isAlways(plan, difference) ? null : keyOf(difference);
    const unit = key === null ? undefined : known.get(key);
    if (unit === null) continue;
    if (unit !== undefined) {
      addTo(unit, plan, told, context);
      continue;
    }
    const amount = amountsKey(difference);
    if (firsts.size >= most && !amounts.has(amount)) {
      left++;
      if (key !== null) known.set(key, null);
      continue;
    }
    const lengths = lengthsText(plan, difference.lengths);
    const begun: Unit = { name: nameOf(difference, context.own), lengths, states: [], causes: new Map() };
    addTo(begun, plan, told, context);
    units.push(begun);
    if (key !== null) known.set(key, begun);
    if (firsts.size >= most) continue;
    firsts.add(begun.states[0]!.facts);
    amounts.add(amount);
  }
  return { units, left };
}

function isAlways({ times }: Plan, { scopes }: Difference): boolean {
  return scopes.every(scope => scope.times.length === times.length);
}

function keyOf({ prefix, lengths }: Difference): string {
  return lengths === null ? prefix : `${prefix} ${lengths.map(({ from, to }) => `${from}-${to}`).join()}`;
}

function addTo(unit: Unit, plan: Plan, told: TellDifference, context: RowContext): void {
  const { difference, index, weighed } = told;
  const limits = exceptText(difference, context.own);
  const facts = factsText(plan, difference, index, weighed ? context.traffic : null);
  const times = timesOf(difference);
  const same = unit.states.find(state => state.limits === limits && state.facts === facts);
  if (same === undefined) unit.states.push({ limits, facts, times: [...times] });
  else same.times.push(...times.filter(time => !same.times.includes(time)));
  for (const cause of toldCauses(difference)) {
    const place = placeOf(cause);
    if (!context.shared.has(place) && !unit.causes.has(place)) unit.causes.set(place, cause);
  }
}

const exceptionsShown = 6;

/** Longer prefixes that have a row of their own go without saying. */
function exceptText({ except }: Difference, own: ReadonlySet<string>): string {
  const others = except.filter(prefix => !own.has(prefix));
  if (others.length === 0) return '';
  const more = others.length - exceptionsShown;
  return `without ${others.slice(0, exceptionsShown).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

interface Said {
  readonly limits: string;
  readonly facts: readonly string[];
}

function saidOf(plan: Plan, { lengths, states }: Unit): Said {
  const times = states.map(state =>
    timesText(
      plan,
      state.times.sort((a, b) => a - b),
    ),
  );
  const [first] = states as [State];
  if (states.length === 1) {
    return { limits: joined([lengths, first.limits, times[0]!]), facts: [first.facts] };
  }
  const isAlike = states.every(({ limits }) => limits === first.limits);
  return {
    limits: isAlike ? joined([lengths, first.limits]) : lengths,
    facts: states.map(({ limits, facts }, i) => {
      const when = isAlike ? times[i]! : joined([limits, times[i]!]);
      return facts === '' ? when : `${when}: ${facts}`;
    }),
  };
}

const placesShown = 2;

function placesText(places: readonly string[]): string {
  const more = places.length - placesShown;
  return `${places.slice(0, placesShown).join(', ')}${more > 0 ? ' …' : ''}`;
}

function nameOf({ prefix, except }: Difference, own: ReadonlySet<string>): string {
  if (prefix !== '') return prefix;
  return except.some(other => own.has(other)) ? 'all other numbers' : 'all numbers';
}

function joined(texts: readonly string[]): string {
  return texts.filter(text => text !== '').join(', ');
}
