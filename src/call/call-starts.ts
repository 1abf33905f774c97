/**
 * The times at which calls began, as far back as a call rate needs them: exactly the newest `calls` of them. A call
 * may begin when the one that many calls ago lies a whole period back. So no period of that length, wherever it is
 * laid, ever sees more calls than the rate allows, which a bucket of tokens cannot promise: a full one lets twice
 * as many through within one period.
 *
 * Asking and noting take constant time. A gateway without a rate keeps nothing; one with a rate keeps 8 bytes for
 * each call of it, and grows to that only as calls come. The rate is told with every question, because calls that
 * began before a reload still ask by the rate of their own snapshot; the starts that are known count under a new
 * rate as under the old one.
 */
import type { CallRate } from '../config/snapshot.ts';

const firstSize = 16;
const nothing = new Float64Array(0);

export class CallStarts {
  /** A ring: ms since 1970 UTC, in no falling order from the oldest on. */
  #times: Float64Array = nothing;
  /** How many of its places are filled. */
  #count = 0;
  /** The place of the next start, which is the oldest one's when the ring is full. */
  #next = 0;

  /** Whether the rate allows one more call at `nowMs` (ms since 1970 UTC, never before the last start). */
  allows({ calls, perSeconds }: CallRate, nowMs: number): boolean {
    return this.#count < calls || nowMs - this.#timeAt(calls) >= perSeconds * 1000;
  }

  /** A call begins. */
  note({ calls }: CallRate, nowMs: number): void {
    if (this.#count === this.#times.length && this.#count < calls) this.#grow(calls);
    this.#times[this.#next] = nowMs;
    this.#next = this.#next + 1 === this.#times.length ? 0 : this.#next + 1;
    if (this.#count < this.#times.length) this.#count++;
  }

  /** How many calls count against the rate at `nowMs`. */
  within({ perSeconds }: CallRate, nowMs: number): number {
    let counted = 0;
    let most = this.#count;
    while (counted < most) {
      const middle = Math.ceil((counted + most) / 2);
      if (nowMs - this.#timeAt(middle) < perSeconds * 1000) counted = middle;
      else most = middle - 1;
    }
    return counted;
  }

  /** The start `ago` calls back; 1 is the newest. */
  #timeAt(ago: number): number {
    const place = this.#next - ago;
    return this.#times[place < 0 ? place + this.#times.length : place]!;
  }

  /** The ring is full, so its oldest start is at the next place. */
  #grow(calls: number): void {
    const times = new Float64Array(Math.min(calls, Math.max(firstSize, this.#count * 2)));
    times.set(this.#times.subarray(this.#next));
    times.set(this.#times.subarray(0, this.#next), this.#count - this.#next);
    this.#times = times;
    this.#next = this.#count;
  }
}
