/** Long work in short turns, so that whoever shares the event loop with it is not held up. */
import { setImmediate as nextTurn } from 'node:timers/promises';

export interface Turns {
  /** Lets others have their turn. */
  readonly pause: () => Promise<unknown>;
  /** Milliseconds of a clock that never runs backwards. */
  readonly nowMs: () => number;
}

/** How long one turn took at most, and how many there were. */
export interface TurnsTaken {
  readonly longestTurnMs: number;
  readonly turns: number;
}

/** Of this thread. */
export const turnsOfThread: Turns = { pause: () => nextTurn(), nowMs: () => performance.now() };

/** Longer turns would only save the pauses between them. */
const turnMs = 2;

/** Runs all the steps, each of which is short. */
export async function inTurns(steps: Iterator<void>, { pause, nowMs }: Turns): Promise<TurnsTaken> {
  let [longestTurnMs, turns] = [0, 0];
  for (let isDone = false; !isDone; ) {
    await pause();
    const beganAtMs = nowMs();
    let tookMs = 0;
    while (!isDone && tookMs < turnMs) {
      isDone = steps.next().done === true;
      tookMs = nowMs() - beganAtMs;
    }
    turns += 1;
    longestTurnMs = Math.max(longestTurnMs, tookMs);
  }
  return { longestTurnMs, turns };
}
