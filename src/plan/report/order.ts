/** In which order differences are told, and whom each group of them is about. */
import { withScopes } from '../known-facts.ts';
import type { Difference, Plan, Scope } from '../plan.ts';
import { marginChange } from './margins.ts';
import { isOrdinary, severityOf } from './severity.ts';
import type { PlanTraffic } from './traffic.ts';

/** Differences for the same customers. */
export interface Section {
  /** Names of customer accounts. */
  readonly accounts: readonly string[];
  /** Names of mapping gateways. */
  readonly gateways: readonly string[];
  readonly differences: readonly TellDifference[];
}

export interface TellDifference {
  /** With the scopes that are told together, which are all of them or some. */
  readonly difference: Difference;
  /** Its place in the plan. */
  readonly index: number;
  /** What calls have made of it is told here, and with no other part of it. */
  readonly weighed: boolean;
}

/**
 * Sections with the most severe first, and so within each; with traffic, what touches most minutes comes first among
 * equals. What holds only while a gateway is down comes last.
 */
export function sectionsOf(plan: Plan, traffic: PlanTraffic | null): readonly Section[] {
  const sections = new Map<string, { groups: readonly number[]; differences: TellDifference[] }>();
  for (const [index, whole] of plan.differences.entries()) {
    for (const [part, difference] of partsOf(whole).entries()) {
      const groups = [...new Set(difference.scopes.map(({ customer }) => customer))].sort((a, b) => a - b);
      const key = groups.join();
      const told = { difference, index, weighed: part === 0 };
      const known = sections.get(key);
      if (known === undefined) sections.set(key, { groups, differences: [told] });
      else known.differences.push(told);
    }
  }
  return [...sections.values()]
    .map(({ groups, differences }) => {
      const ranked = differences.map(told => rankedOf(told, traffic)).sort(compareRanked);
      return {
        first: ranked[0]!,
        section: {
          accounts: [...new Set(groups.flatMap(group => plan.customers[group]!.accounts))],
          gateways: [...new Set(groups.flatMap(group => plan.customers[group]!.gateways))],
          differences: ranked.map(({ told }) => told),
        },
      };
    })
    .sort((a, b) => compareRanked(a.first, b.first))
    .map(({ section }) => section);
}

/** What is asked of a difference each time that it is compared with another. */
interface Ranked {
  readonly told: TellDifference;
  readonly rank: number;
  readonly minutes: number;
  readonly earnedLess: number;
}

function rankedOf(told: TellDifference, traffic: PlanTraffic | null): Ranked {
  const { difference, index } = told;
  const minutes = traffic?.differences[index]?.minutes ?? 0;
  return { told, rank: rankOf(difference), minutes, earnedLess: earnedLess(difference) };
}

/**
 * Customers stand together for whom it holds at the same times, for the same callers and whether a gateway is down or
 * not: what is said of one of them is then true of all. What holds anyway comes first.
 */
function partsOf(difference: Difference): readonly Difference[] {
  const { scopes } = difference;
  const [first] = scopes as [Scope];
  if (scopes.every(scope => scope === first || isToldWith(scope, first))) return [difference];
  const byCustomer = new Map<number, Scope[]>();
  for (const scope of scopes) {
    // Negative numbers keep what needs a gateway to be down apart.
    const key = scope.suppositions.includes(0) ? scope.customer : -1 - scope.customer;
    const known = byCustomer.get(key);
    if (known === undefined) byCustomer.set(key, [scope]);
    else known.push(scope);
  }
  const parts = new Map<string, Scope[]>();
  for (const [key, own] of [...byCustomer].sort(([a], [b]) => Number(a < 0) - Number(b < 0))) {
    const when = own.map(({ times, suppositions, callers }) => [times, key < 0 ? suppositions : [], callers]);
    const text = `${key < 0} ${JSON.stringify(when)}`;
    parts.set(text, [...(parts.get(text) ?? []), ...own]);
  }
  return parts.size === 1 ? [difference] : [...parts.values()].map(some => withScopes(difference, some));
}

/** Without making texts: there are very many differences, most of them for all customers alike. */
function isToldWith(one: Scope, other: Scope): boolean {
  const [isUsual, isOtherUsual] = [one, other].map(({ suppositions }) => suppositions.includes(0));
  return (
    isUsual === isOtherUsual &&
    one.callers === null &&
    other.callers === null &&
    isSameList(one.times, other.times) &&
    (isUsual === true || isSameList(one.suppositions, other.suppositions))
  );
}

function isSameList(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((item, i) => item === b[i]);
}

/** By severity, then by minutes, then by how much less is earned. */
function compareRanked(a: Ranked, b: Ranked): number {
  return (
    a.rank - b.rank || b.minutes - a.minutes || a.earnedLess - b.earnedLess || a.told.index - b.told.index
  );
}

/** Negative when less is left of 60 s than before; the units do not matter for an order. */
function earnedLess(difference: Difference): number {
  const change = marginChange(difference);
  return change === null ? 0 : Number(change.after - change.before);
}

function rankOf(difference: Difference): number {
  return severityOf(difference) + (isOrdinary(difference) ? 0 : 100);
}
