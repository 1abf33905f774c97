/** In which order differences are told, and whom each group of them is about. */
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
  const compare = (a: TellDifference, b: TellDifference): number => compareDifferences(a, b, traffic);
  return [...sections.values()]
    .map(({ groups, differences }) => ({
      accounts: [...new Set(groups.flatMap(group => plan.customers[group]!.accounts))],
      gateways: [...new Set(groups.flatMap(group => plan.customers[group]!.gateways))],
      differences: [...differences].sort(compare),
    }))
    .sort((a, b) => compare(a.differences[0]!, b.differences[0]!));
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
  return parts.size === 1 ? [difference] : [...parts.values()].map(some => ({ ...difference, scopes: some }));
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
export function compareDifferences(
  a: TellDifference,
  b: TellDifference,
  traffic: PlanTraffic | null,
): number {
  return (
    rankOf(a.difference) - rankOf(b.difference) ||
    (traffic?.differences[b.index]?.minutes ?? 0) - (traffic?.differences[a.index]?.minutes ?? 0) ||
    earnedLess(a.difference) - earnedLess(b.difference) ||
    a.index - b.index
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
