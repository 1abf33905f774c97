/** Which scenarios are played over the wire, and how: every one that is left out has a reason. */
import type { Played } from '../../src/sim/scenario/played.ts';
import type { Scenario } from '../../src/sim/scenario/scenario.ts';

/** Each call is some thirty datagrams, and each datagram a turn of the event loop. */
export const mostCalls = 1000;
/** In stepped time an hour of calls takes a tenth of a second. */
export const longestSteppedHours = 72;
/** On the wall clock all of it is waited for. */
export const longestWallMs = 8_000;
export const mostWallCalls = 10;
/** So many of the short ones are played on the wall clock too; the others show nothing that these do not. */
export const mostOnTheWall = 24;

/** The SIP server looks at its timers so often while requests are under way; everything else is exact in stepped time. */
export const steppedToleranceMs = 10;
/**
 * A loaded machine is late by so much now and then. Where it is later, the scenario is played again with nothing
 * beside it.
 */
export const wallToleranceMs = 1000;
/** Real time without movement after which stepped time goes on: at first, and where the worlds differ once more. */
export const quietMs = [2, 25, 250] as const;

/** Why a scenario is not played over the wire at all; null when it is. */
export function skipReason(scenario: Scenario, simulated: Played): string | null {
  if (scenario.virtualOnly !== null) return scenario.virtualOnly;
  if (simulated.calls.length > mostCalls) {
    return `${simulated.calls.length} calls, and no more than ${mostCalls} are played over the wire`;
  }
  if (scenario.events.some(({ kind }) => kind === 'clockStep'))
    return 'nobody sets the clock of a live switch';
  const hours = (simulated.endedAtMs - scenario.startMs) / 3_600_000;
  if (hours > longestSteppedHours) {
    return `it lasts ${Math.round(hours)} hours, and ${longestSteppedHours} are the longest that is played over the wire`;
  }
  return null;
}

/** Whether a scenario can be waited for, and needs nothing that only a world in one thread can do. */
export function isForTheWall(scenario: Scenario, simulated: Played): boolean {
  if (simulated.endedAtMs - scenario.startMs > longestWallMs) return false;
  if (simulated.calls.length > mostWallCalls) return false;
  // It takes a caller half a minute to believe that nobody will answer.
  if (simulated.calls.some(({ finalStatus }) => finalStatus === null)) return false;
  // Processes that really die are killed in test/interop.
  return scenario.events.every(({ kind }) => kind !== 'restart' && kind !== 'sipServerLost');
}

/** At most `most` of them, spread over all. */
export function spread<Item>(items: readonly Item[], most: number): readonly Item[] {
  if (items.length <= most) return items;
  return Array.from({ length: most }, (_, index) => items[Math.floor((index * items.length) / most)]!);
}
