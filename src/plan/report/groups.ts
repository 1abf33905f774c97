/** Differences that are the same but for prefixes and prices are told together, with a row for each. */
import { knownFactsOf } from '../known-facts.ts';
import type { Difference, Outcome, Plan } from '../plan.ts';
import { causeLines, placeOf, sharedCauses } from './cause-lines.ts';
import { callersOf, callersText, suppositionText } from './circumstances.ts';
import type { Section, TellDifference } from './order.ts';
import { type GroupRow, type RowContext, rowsOf } from './rows.ts';
import { kindsBySeverity, kindWords, noKindWords } from './severity.ts';
import type { PlanTraffic } from './traffic.ts';
import { routeText } from './words.ts';

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
  /** Prefixes, with the lengths that they are told for, that are in none of the rows. */
  readonly left: number;
}

const outcomesShown = 4;

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
  const told = shown.map(differences => groupOf(plan, differences, { own, traffic }, most));
  return { groups: withCallersTogether(told), left };
}

/** A group, and the callers that it is about. */
interface ToldGroup {
  readonly group: Omit<DifferenceGroup, 'title'>;
  readonly title: string;
  readonly callers: readonly string[];
}

/** `differences` come in their order, the worst first. */
function groupOf(
  plan: Plan,
  differences: readonly TellDifference[],
  context: Omit<RowContext, 'shared'>,
  most: number | null,
): ToldGroup {
  const [{ difference }] = differences as [TellDifference];
  const shared = sharedCauses(differences);
  const places = new Set(shared.map(placeOf));
  const group = {
    prefixes: new Set(differences.map(one => one.difference.prefix)).size,
    before: routesText(difference.before),
    after: routesText(difference.after),
    causes: causeLines(shared),
    ...rowsOf(plan, differences, { ...context, shared: places }, most ?? Number.POSITIVE_INFINITY),
  };
  return { group, title: titleOf(plan, difference), callers: callersOf(difference) };
}

/** Of callers whose calls become others in the same way it is told once. */
function withCallersTogether(told: readonly ToldGroup[]): readonly DifferenceGroup[] {
  const groups = new Map<string, { readonly told: ToldGroup; readonly callers: Set<string> }>();
  for (const one of told) {
    const key = one.callers.length === 0 ? `${groups.size}` : JSON.stringify([one.title, one.group]);
    const known = groups.get(key);
    if (known === undefined) groups.set(key, { told: one, callers: new Set(one.callers) });
    else for (const caller of one.callers) known.callers.add(caller);
  }
  return [...groups.values()].map(({ told: { group, title }, callers }) => ({
    title: [title, callersText([...callers])].filter(text => text !== '').join('; '),
    ...group,
  }));
}

/** Not the causes: each row of a deck that has another price has a line of its own. */
function keyOf(plan: Plan, difference: Difference, wayOf: (difference: Difference) => string): string {
  return `${titleOf(plan, difference)}\n${callersOf(difference).join()}\n${wayOf(difference)}`;
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

/** But for the callers. */
function titleOf(plan: Plan, difference: Difference): string {
  const kinds = kindsBySeverity.filter(kind => difference.kinds.includes(kind)).map(kindWords);
  const what = kinds.length === 0 ? noKindWords : kinds.join(', ');
  return [what, suppositionText(plan, difference)].filter(text => text !== '').join('; ');
}

function routesText(outcomes: readonly Outcome[]): readonly string[] {
  const texts = [...new Set(outcomes.map(routeText))];
  const more = texts.length - outcomesShown;
  return more > 0 ? [...texts.slice(0, outcomesShown), `… or ${more} other ways`] : texts;
}
