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
