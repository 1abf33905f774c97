/** The time of a world that is played over the wire: everything in it has this clock and these timers. */
import type { DriverTime } from '../../../src/edge/sockets/driver.ts';
import type { Clock, Timers } from '../../../src/live/clock.ts';

/** What a world says of itself, for its time to know when to go on. */
export interface Movement {
  /** Changes with everything that happens on the wire or in the switch. */
  count(): number;
  /** Something was asked for that will certainly be answered, without any time passing in the world. */
  isBusy(): boolean;
  /** The disk has something to write; a heartbeat is no reason to wait for it. */
  isWriting(): boolean;
  /** Requests are under way at the edge whose timers run in fractions of a second; otherwise seconds will do. */
  isInTransaction(): boolean;
}

export interface WorldTime {
  /** ms since 1970 UTC */
  readonly clock: Clock;
  /** Of the switch. What they do comes before what those of the peers do at the same time. */
  readonly timers: Timers;
  /** Of the peers and of the scenario itself. */
  readonly peerTimers: Timers;
  /** For an edge in this thread. */
  readonly driver: DriverTime;
  /**
   * Lets time pass until `isOver` says so.
   * @throws when that does not come within `limitMs` of the world.
   */
  passUntil(isOver: () => boolean, movement: Movement, limitMs: number): Promise<void>;
}

export function nextTurn(): Promise<void> {
  return new Promise(resolve => {
    setImmediate(resolve);
  });
}
