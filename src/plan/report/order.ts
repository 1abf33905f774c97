/** In which order differences are told, and whom each group of them is about. */
import type { Difference, Plan } from '../plan.ts';
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
  readonly difference: Difference;
  /** Its place in the plan. */
  readonly index: number;
}

/**
 * Sections with the most severe first, and so within each; with traffic, what touches most minutes comes first among
 * equals. What holds only while a gateway is down comes last.
 */
export function sectionsOf(plan: Plan, traffic: PlanTraffic | null): readonly Section[] {
  const sections = new Map<string, { groups: readonly number[]; differences: TellDifference[] }>();
  for (const [index, difference] of plan.differences.entries()) {
    const groups = [...new Set(difference.scopes.map(({ customer }) => customer))].sort((a, b) => a - b);
    const key = groups.join();
    const known = sections.get(key);
    if (known === undefined) sections.set(key, { groups, differences: [{ difference, index }] });
    else known.differences.push({ difference, index });
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
