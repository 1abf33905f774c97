/** What is different between two outcomes, in the words of the plan. */
import type { ChangeKind, Outcome, PlannedAttempt } from '../plan.ts';

/** The most severe first. */
const severity: readonly ChangeKind[] = [
  'unroutable',
  'loss',
  'refusal',
  'routesLost',
  'routable',
  'protect',
  'reordered',
  'customerRate',
  'vendorRate',
  'numberSent',
  'routesWon',
];

/** Place in the order from the most severe on. */
export function severityOf(kinds: readonly ChangeKind[]): number {
  return severity.indexOf(kinds[0] ?? 'routesWon');
}

export function kindsOf(before: readonly Outcome[], after: readonly Outcome[]): ChangeKind[] {
  const kinds = new Set<ChangeKind>();
  const carried = (outcomes: readonly Outcome[]) => outcomes.every(({ refusal }) => refusal === null);
  if (carried(before) && !carried(after)) kinds.add('unroutable');
  else if (!carried(before) && carried(after)) kinds.add('routable');
  else if (differ(before, after, ({ refusal }) => refusal)) kinds.add('refusal');
  if (differ(before, after, ({ rate }) => rate) && carried(before) && carried(after)) kinds.add('customerRate');
  if (carried(after)) addAttempts(before, after, kinds);
  const lost = losing(before);
  if ([...losing(after)].some(name => !lost.has(name))) kinds.add('loss');
  return severity.filter(kind => kinds.has(kind));
}

function addAttempts(before: readonly Outcome[], after: readonly Outcome[], kinds: Set<ChangeKind>): void {
  const old = namesOf(before);
  const now = namesOf(after);
  if ([...old].some(name => !now.has(name))) kinds.add('routesLost');
  if ([...now].some(name => !old.has(name))) kinds.add('routesWon');
  const shared = (attempt: PlannedAttempt) => old.has(attempt.gateway) && now.has(attempt.gateway);
  const of = (tell: (attempt: PlannedAttempt) => unknown) => (outcome: Outcome) =>
    outcome.attempts.filter(shared).map(tell);
  const byName = (tell: (attempt: PlannedAttempt) => unknown) => (outcome: Outcome) =>
    of(attempt => [attempt.gateway, tell(attempt)])(outcome)
      .map(one => JSON.stringify(one))
      .sort();
  if (differ(before, after, byName(({ protect }) => protect))) kinds.add('protect');
  if (differ(before, after, of(({ gateway }) => gateway)) || differ(before, after, ranks(shared))) kinds.add('reordered');
  if (differ(before, after, byName(({ rate, rateMissing, account }) => [rate, rateMissing, account]))) {
    kinds.add('vendorRate');
  }
  if (differ(before, after, byName(({ sent }) => sent))) kinds.add('numberSent');
}

/** Which of the shared attempts stand in one rank. */
function ranks(shared: (attempt: PlannedAttempt) => boolean) {
  return ({ attempts }: Outcome): unknown => {
    const left = attempts.filter(shared);
    return left.map(({ rank }, i) => i > 0 && left[i - 1]!.rank === rank);
  };
}

function namesOf(outcomes: readonly Outcome[]): Set<string> {
  return new Set(outcomes.flatMap(({ attempts }) => attempts.map(({ gateway }) => gateway)));
}

function differ(before: readonly Outcome[], after: readonly Outcome[], tell: (outcome: Outcome) => unknown): boolean {
  const texts = (outcomes: readonly Outcome[]) =>
    [...new Set(outcomes.map(outcome => JSON.stringify(tell(outcome))))].sort().join('\n');
  return texts(before) !== texts(after);
}

/** Gateways that cost more than the customer pays. */
function losing(outcomes: readonly Outcome[]): Set<string> {
  const attempts = outcomes.flatMap(outcome => outcome.attempts);
  return new Set(attempts.filter(({ margin }) => margin?.startsWith('-')).map(({ gateway }) => gateway));
}
