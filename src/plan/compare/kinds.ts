/** What is different between two outcomes, in the words of the plan. */
import type { ChangeKind, Outcome, PlannedAttempt } from '../plan.ts';

/** The most severe first. */
export const severity: readonly ChangeKind[] = [
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
  if (differ(before, after, ({ rate }) => rate) && carried(before) && carried(after))
    kinds.add('customerRate');
  if (carried(after)) addAttempts(before, after, kinds);
  const lost = losing(before);
  if ([...losing(after)].some(name => !lost.has(name))) kinds.add('loss');
  return severity.filter(kind => kinds.has(kind));
}

function addAttempts(before: readonly Outcome[], after: readonly Outcome[], kinds: Set<ChangeKind>): void {
  if (before.length === 1 && after.length === 1) {
    compareAttempts(before[0]!, after[0]!, kinds);
    return;
  }
  // What both sides may come to is no difference.
  const old = textsOf(before);
  const now = textsOf(after);
  const gone = [...old].filter(([text]) => !now.has(text)).map(([, outcome]) => outcome);
  const added = [...now].filter(([text]) => !old.has(text)).map(([, outcome]) => outcome);
  // One thing that chance comes to is compared with what is most like it, not with what chance may come to otherwise.
  const [ones, others] = [gone.length > 0 ? gone : before, added.length > 0 ? added : after];
  for (const one of ones)
    addFewest(
      others.map(other => kindsOfAttempts(one, other)),
      kinds,
    );
  for (const other of others)
    addFewest(
      ones.map(one => kindsOfAttempts(one, other)),
      kinds,
    );
}

/** Numbers are what chance mostly makes different: where they are equal, chance came to the same. */
function addFewest(choices: readonly ReadonlySet<ChangeKind>[], kinds: Set<ChangeKind>): void {
  const weigh = (choice: ReadonlySet<ChangeKind>) =>
    `${choice.has('numberSent') ? 1 : 0} ${choice.size} ${[...choice].sort().join()}`;
  const fewest = choices.reduce((a, b) => (weigh(b) < weigh(a) ? b : a));
  for (const kind of fewest) kinds.add(kind);
}

function kindsOfAttempts(before: Outcome, after: Outcome): ReadonlySet<ChangeKind> {
  const kinds = new Set<ChangeKind>();
  compareAttempts(before, after, kinds);
  return kinds;
}

function textsOf(outcomes: readonly Outcome[]): Map<string, Outcome> {
  return new Map(outcomes.map(outcome => [JSON.stringify(outcome), outcome]));
}

/** Prices and numbers that are equal are one object. */
function compareAttempts(before: Outcome, after: Outcome, kinds: Set<ChangeKind>): void {
  const old = new Map(before.attempts.map(attempt => [attempt.gateway, attempt]));
  let shared = 0;
  let last: readonly [PlannedAttempt, PlannedAttempt] | null = null;
  for (const now of after.attempts) {
    const was = old.get(now.gateway);
    if (was === undefined) {
      kinds.add('routesWon');
      continue;
    }
    shared++;
    if (was.protect !== now.protect) kinds.add('protect');
    if (was.rate !== now.rate || was.rateMissing !== now.rateMissing || was.account !== now.account) {
      kinds.add('vendorRate');
    }
    if (was.sent !== now.sent) kinds.add('numberSent');
    if (last !== null && Math.sign(was.rank - last[0].rank) !== Math.sign(now.rank - last[1].rank)) {
      kinds.add('reordered');
    }
    last = [was, now];
  }
  if (shared < old.size) kinds.add('routesLost');
}

function differ(
  before: readonly Outcome[],
  after: readonly Outcome[],
  tell: (outcome: Outcome) => unknown,
): boolean {
  const texts = (outcomes: readonly Outcome[]) =>
    [...new Set(outcomes.map(outcome => JSON.stringify(tell(outcome))))].sort().join('\n');
  return texts(before) !== texts(after);
}

/** Gateways that cost more than the customer pays. */
function losing(outcomes: readonly Outcome[]): Set<string> {
  const attempts = outcomes.flatMap(outcome => outcome.attempts);
  return new Set(attempts.filter(({ margin }) => margin?.startsWith('-')).map(({ gateway }) => gateway));
}
