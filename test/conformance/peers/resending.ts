/** A message that is sent again and again until somebody is heard (RFC 3261 §17, timers A, E and G over UDP). */
import type { Timers } from '../../../src/live/clock.ts';

const firstWaitMs = 500;
const longestWaitMs = 4000;
/** Timers B, F and H: 64 × T1. */
export const transactionLifeMs = 32_000;

export class Resending {
  readonly #timers: Timers;
  readonly #send: () => void;
  readonly #onGivenUp: () => void;
  readonly #longestWaitMs: number;
  #cancel: () => void = () => {};
  #waitedMs = 0;
  #waitMs = firstWaitMs;
  #isOver = false;
  /** How often it was sent again. */
  repeats = 0;

  /** Sends at once. An INVITE's waits double without a bound: `longestMs` tells. */
  constructor(timers: Timers, send: () => void, onGivenUp: () => void, longestMs: number = longestWaitMs) {
    this.#timers = timers;
    this.#send = send;
    this.#onGivenUp = onGivenUp;
    this.#longestWaitMs = longestMs;
    send();
    this.#wait();
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  stop(): void {
    this.#isOver = true;
    this.#cancel();
  }

  #wait(): void {
    const waitMs = Math.min(this.#waitMs, transactionLifeMs - this.#waitedMs);
    this.#cancel = this.#timers.after(waitMs, () => {
      this.#waitedMs += waitMs;
      if (this.#waitedMs >= transactionLifeMs) {
        this.#isOver = true;
        this.#onGivenUp();
        return;
      }
      this.#waitMs = Math.min(this.#waitMs * 2, this.#longestWaitMs);
      this.repeats++;
      this.#send();
      this.#wait();
    });
  }
}
