/** The moments at which two sides may serve calls differently: now, what begins or ends later, and every state of the calendars. */
import { isInside, nextChange } from '../../calendar/calendar.ts';
import type { Calendar, Snapshot } from '../../config/snapshot.ts';
import type { TimeClass } from '../plan.ts';

export interface Moment {
  readonly atMs: number;
  readonly time: TimeClass;
}

export interface Moments {
  readonly moments: readonly Moment[];
  /** How many there are that were left out. */
  readonly leftOut: number;
}

const dayMs = 86_400_000;
/** Every state that weekly periods have comes within a week and the day behind it. */
const weekMs = 8 * dayMs;
const mostSteps = 5_000;

export function momentsOf(before: Snapshot, after: Snapshot, nowMs: number, most: number): Moments {
  const epochs = [nowMs, ...instantsAfter(before, after, nowMs)];
  const calendars = [...before.calendars, ...after.calendars];
  const found = epochs.map((fromMs, i) =>
    statesWithin(calendars, fromMs, epochs[i + 1] ?? Number.POSITIVE_INFINITY, i === 0),
  );
  const firsts = found.map(states => states[0]!);
  const rest = found.slice(1).flatMap(states => states.slice(1));
  const all = [...found[0]!, ...firsts.slice(1), ...rest];
  const moments = all.slice(0, most).sort((a, b) => a.atMs - b.atMs);
  return { moments, leftOut: all.length - moments.length };
}

/** When a rate begins or ends, or an account expires, in their order. */
function instantsAfter(before: Snapshot, after: Snapshot, nowMs: number): number[] {
  const instants = new Set<number>();
  const add = (atMs: number) => {
    if (atMs > nowMs && Number.isFinite(atMs)) instants.add(atMs);
  };
  for (const { rateTables, accounts } of [before, after]) {
    for (const { effectiveFromMs, effectiveUntilMs } of rateTables) {
      for (const atMs of effectiveFromMs) if (atMs > nowMs) add(atMs);
      for (const atMs of effectiveUntilMs) if (atMs > nowMs) add(atMs);
    }
    for (const { validUntilMs } of accounts) if (validUntilMs !== null) add(validUntilMs);
  }
  return [...instants].sort((a, b) => a - b);
}

/** One moment of each state that the calendars have together from one instant up to another. */
function statesWithin(
  calendars: readonly Calendar[],
  fromMs: number,
  untilMs: number,
  isNow: boolean,
): Moment[] {
  const lastDay = Math.max(0, ...calendars.flatMap(({ exceptions }) => exceptions.map(one => one.untilDay)));
  const endMs = Math.min(untilMs, Math.max(fromMs + weekMs, lastDay * dayMs + weekMs));
  const known = new Set<string>();
  const moments: Moment[] = [];
  let atMs = fromMs;
  for (let step = 0; step < mostSteps && atMs < endMs; step++) {
    const inside = calendars.filter(calendar => isInside(calendar, atMs));
    const state = calendars.map(calendar => (inside.includes(calendar) ? '1' : '0')).join('');
    if (!known.has(state)) {
      known.add(state);
      const names = [...new Set(inside.map(({ name }) => name))].sort();
      const at = new Date(atMs).toISOString();
      const label = isNow && atMs === fromMs ? 'now' : atMs === fromMs ? `from ${at}` : `at ${at}`;
      moments.push({ atMs, time: { at, calendars: names, label } });
    }
    atMs = Math.min(Number.POSITIVE_INFINITY, ...calendars.map(calendar => nextChange(calendar, atMs)));
  }
  return moments;
}
