/**
 * When the switch was last known to be alive, as the live one notes it in its store: at its start, and every second
 * while calls are up. After a kill the talk of calls that were up is charged until then.
 */
const beatMs = 1000;

export class Heartbeat {
  #lastMs: number;
  #nextMs: number = Number.POSITIVE_INFINITY;

  /** `nowMs` is when the switch starts (ms since 1970 UTC). */
  constructor(nowMs: number) {
    this.#lastMs = nowMs;
  }

  /** Time has come to `nowMs` with so many calls up since the last asking. Returns the latest beat. */
  advance(nowMs: number, calls: number): number {
    if (this.#nextMs <= nowMs) {
      const beats = calls > 0 ? Math.floor((nowMs - this.#nextMs) / beatMs) : 0;
      this.#lastMs = this.#nextMs + beats * beatMs;
      this.#nextMs = calls > 0 ? this.#lastMs + beatMs : Number.POSITIVE_INFINITY;
    }
    return this.#lastMs;
  }

  /** A call is up. */
  callIsUp(nowMs: number): void {
    if (this.#nextMs === Number.POSITIVE_INFINITY) this.#nextMs = nowMs + beatMs;
  }
}
