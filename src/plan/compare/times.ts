/** The moments at which two sides may serve calls differently: now, what begins or ends later, and every state of the calendars. */
import { isInside, nextChange } from '../../calendar/calendar.ts';
import type { Calendar, Snapshot } from '../../config/snapshot.ts';
import type { TimeClass } from '../plan.ts';

export interface Moment {
  readonly atMs: number;
  /** How many rates and accounts have begun or ended by then; between two moments of the same, only calendars change. */
  readonly epoch: number;
  readonly time: TimeClass;
}

export interface Moments {
  readonly moments: readonly Moment[];
  /** How many there are that were left out. */
  readonly leftOut: number;
}

const dayMs = 86_400_000;
/** Every state that weekly periods have comes within a week and the day behind it, as long as no clock is changed. */
const weekMs = 8 * dayMs;
/** Clocks are changed at about the same time of each year. */
const yearMs = 400 * dayMs;

export function momentsOf(before: Snapshot, after: Snapshot, nowMs: number, most: number): Moments {
  const epochs = [nowMs, ...instantsAfter(before, after, nowMs)];
  const calendars = [...before.calendars, ...after.calendars];
  const found = epochs.map((fromMs, i) =>
    statesWithin(calendars, fromMs, epochs[i + 1] ?? Number.POSITIVE_INFINITY, i),
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
  epoch: number,
): Moment[] {
  const known = new Set<string>();
  const moments: Moment[] = [];
  for (const atMs of changesWithin(calendars, fromMs, untilMs)) {
    const inside = calendars.filter(calendar => isInside(calendar, atMs));
    const state = calendars.map(calendar => (inside.includes(calendar) ? '1' : '0')).join('');
    if (known.has(state)) continue;
    known.add(state);
    const names = [...new Set(inside.map(({ name }) => name))].sort();
    const at = new Date(atMs).toISOString();
    const label = epoch === 0 && atMs === fromMs ? 'now' : atMs === fromMs ? `from ${at}` : `at ${at}`;
    moments.push({ atMs, epoch, time: { at, calendars: names, label } });
  }
  return moments;
}

/**
 * The first instant, and those at which a calendar changes: not all there are, but those of a week behind it and behind
 * whatever may bring states that weeks before did not have, which are exceptions and changes of clocks.
 */
function* changesWithin(calendars: readonly Calendar[], fromMs: number, untilMs: number): Generator<number> {
  const starts = calendars.flatMap(calendar => [
    ...calendar.exceptions.flatMap(({ fromDay, untilDay }) => [fromDay * dayMs, untilDay * dayMs]),
    ...calendar.zone.changesAtMs.filter(atMs => atMs > fromMs && atMs < fromMs + yearMs),
  ]);
  // Days begin earlier in the east, and a period may reach into the next one.
  const begins = [fromMs, ...starts.map(atMs => Math.max(fromMs, atMs - 2 * dayMs))].sort((a, b) => a - b);
  let atMs = fromMs;
  for (const beginMs of begins) {
    atMs = Math.max(atMs, beginMs);
    const endMs = Math.min(untilMs, beginMs + 2 * dayMs + weekMs);
    while (atMs < endMs) {
      yield atMs;
      atMs = Math.min(Number.POSITIVE_INFINITY, ...calendars.map(calendar => nextChange(calendar, atMs)));
    }
  }
}
