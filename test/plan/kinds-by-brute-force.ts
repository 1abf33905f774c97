/** What kinds of difference there are between what really becomes of one number on both sides. */
import type { ChangeKind } from '../../src/plan/plan.ts';

export type Attempt = readonly [
  gateway: string,
  account: string,
  protect: boolean,
  rate: string | null,
  margin: string | null,
  ...sent: (string | null)[],
];
export type Outcome = readonly [
  refusal: string | null,
  rate: string | null,
  groups: readonly (readonly Attempt[])[],
];

/** Those that are told and not there, and those that are there and not told. */
export function wrongKinds(
  told: readonly ChangeKind[],
  before: readonly string[],
  after: readonly string[],
): string[] {
  const real = kindsBetween(before.map(parsed), after.map(parsed));
  return [
    ...told.filter(kind => !real.has(kind)).map(kind => `${kind} is told and is not so`),
    ...[...real].filter(kind => !told.includes(kind)).map(kind => `${kind} is not told`),
  ];
}

export function parsed(text: string): Outcome {
  return JSON.parse(text) as Outcome;
}

export function kindsBetween(before: readonly Outcome[], after: readonly Outcome[]): Set<ChangeKind> {
  const kinds = new Set<ChangeKind>();
  const isCarried = (outcomes: readonly Outcome[]) => outcomes.every(([refusal]) => refusal === null);
  const [was, is] = [isCarried(before), isCarried(after)];
  if (was !== is) kinds.add(was ? 'unroutable' : 'routable');
  else if (textOf(before, ([refusal]) => refusal) !== textOf(after, ([refusal]) => refusal))
    kinds.add('refusal');
  if (was && is && textOf(before, ([, rate]) => rate) !== textOf(after, ([, rate]) => rate))
    kinds.add('customerRate');
  const lost = losing(before);
  if ([...losing(after)].some(name => !lost.has(name))) kinds.add('loss');
  if (!is) return kinds;
  const [gone, added] = [without(before, after), without(after, before)];
  const [olds, nows] = [gone.length > 0 ? gone : before, added.length > 0 ? added : after];
  const between = olds.map(old => nows.map(now => attemptKinds(old, now)));
  const nearest = [...between, ...nows.map((_, i) => between.map(row => row[i]!))].map(
    row => [...row].sort((a, b) => (unlikeness(a) < unlikeness(b) ? -1 : 1))[0]!,
  );
  for (const kind of nearest.flat()) kinds.add(kind);
  return kinds;
}

/** Another number first, then how many kinds there are, then which. */
function unlikeness(kinds: readonly ChangeKind[]): string {
  return `${kinds.includes('numberSent')} ${kinds.length} ${[...kinds].sort()}`;
}

function attemptKinds(old: Outcome, now: Outcome): ChangeKind[] {
  const kinds = new Set<ChangeKind>();
  compareAttempts(old, now, kinds);
  return [...kinds];
}

function textOf(outcomes: readonly Outcome[], tell: (outcome: Outcome) => string | null): string {
  return [...new Set(outcomes.map(tell))].sort().join('\n');
}

function without(outcomes: readonly Outcome[], others: readonly Outcome[]): readonly Outcome[] {
  const texts = new Set(others.map(other => JSON.stringify(other)));
  return outcomes.filter(outcome => !texts.has(JSON.stringify(outcome)));
}

function losing(outcomes: readonly Outcome[]): Set<string> {
  const attempts = outcomes.flatMap(([, , groups]) => groups.flat());
  return new Set(attempts.filter(([, , , , margin]) => margin?.startsWith('-')).map(([name]) => name));
}

function compareAttempts([, , before]: Outcome, [, , after]: Outcome, kinds: Set<ChangeKind>): void {
  const [old, now] = [placesOf(before), placesOf(after)];
  for (const name of old.keys()) if (!now.has(name)) kinds.add('routesLost');
  for (const name of now.keys()) if (!old.has(name)) kinds.add('routesWon');
  const shared = [...old.keys()].filter(name => now.has(name));
  for (const name of shared) {
    const [was, is] = [old.get(name)!.attempt, now.get(name)!.attempt];
    if (was[2] !== is[2]) kinds.add('protect');
    if (was[3] !== is[3] || was[1] !== is[1]) kinds.add('vendorRate');
    if (JSON.stringify(was.slice(5)) !== JSON.stringify(is.slice(5))) kinds.add('numberSent');
    for (const other of shared) {
      const sign = (places: ReturnType<typeof placesOf>) =>
        Math.sign(places.get(name)!.place - places.get(other)!.place);
      if (sign(old) !== sign(now)) kinds.add('reordered');
    }
  }
}

function placesOf(
  groups: readonly (readonly Attempt[])[],
): Map<string, { readonly place: number; readonly attempt: Attempt }> {
  return new Map(
    groups.flatMap((group, place) => group.map(attempt => [attempt[0], { place, attempt }] as const)),
  );
}
