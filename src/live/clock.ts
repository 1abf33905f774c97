/** Time and timers of the running switch; tests bring their own. */

/** Milliseconds since 1970 UTC, whole, never running backwards. */
export type Clock = () => number;

/**
 * Reads the monotonic clock, fixed to the wall clock when the process started: an operator or NTP that sets the wall
 * clock back must not make a call cost less. `wallClockOffsetMs` tells how far the two have drifted apart.
 */
export function createClock(): Clock {
  let last = 0;
  return () => {
    last = Math.max(last, Math.floor(performance.timeOrigin + performance.now()));
    return last;
  };
}

/** How far the wall clock is ahead of the clock of the switch. */
export function wallClockOffsetMs(clock: Clock): number {
  return Date.now() - clock();
}

export interface Timers {
  /** Runs the work once, after that many milliseconds, unless it is cancelled by calling what is returned. */
  after(milliseconds: number, work: () => void): () => void;
}

/** setTimeout takes 32 bits; whoever waits longer asks again. */
const longestTimeoutMs = 2 ** 31 - 1;

export const realTimers: Timers = {
  after(milliseconds, work) {
    const timer = setTimeout(work, Math.min(Math.max(milliseconds, 0), longestTimeoutMs));
    return () => clearTimeout(timer);
  },
};
