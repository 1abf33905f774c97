/** The time of the clock on the wall, moved to the date of a scenario. */
import { setTimeout as wait } from 'node:timers/promises';
import type { DriverTime } from '../../../src/edge/sockets/driver.ts';
import { realTimers } from '../../../src/live/clock.ts';
import type { Movement, WorldTime } from './world-time.ts';

const lookAgainMs = 10;

export class WallTime implements WorldTime {
  readonly timers = realTimers;
  readonly peerTimers = realTimers;
  readonly #startMs: number;
  #startedAt: number | null = null;

  constructor(startMs: number) {
    this.#startMs = startMs;
  }

  /** Stands still until `begin`: a switch takes a while to start. */
  readonly clock = (): number =>
    this.#startMs + (this.#startedAt === null ? 0 : Math.floor(performance.now() - this.#startedAt));

  begin(): void {
    this.#startedAt ??= performance.now();
  }

  readonly driver: DriverTime = {
    now: () => performance.now(),
    every(milliseconds, work) {
      const ticker = setInterval(work, milliseconds);
      return () => clearInterval(ticker);
    },
  };

  async passUntil(isOver: () => boolean, movement: Movement, limitMs: number): Promise<void> {
    const startedAt = performance.now();
    while (movement.isBusy() || movement.isWriting() || !isOver()) {
      if (performance.now() - startedAt > limitMs) {
        throw new Error(`the world was not over after ${limitMs / 1000} s`);
      }
      await wait(lookAgainMs);
    }
  }
}
