/** Of a call that names the same deadline again and again: how long that is looked at. */
import type { Call } from './call.ts';

/** A call that names a deadline again when it was served so often at that time would keep the switch from everything else. */
const mostFiresAtOnce = 1000;

export class DeadlinePatience {
  #call: Call | null = null;
  #dueMs = Number.NEGATIVE_INFINITY;
  #times = 0;

  /** The deadline of the call is about to be served. Throws when it does not let go of it. */
  serve(call: Call, dueMs: number): void {
    if (this.#call !== call || this.#dueMs !== dueMs) this.#times = 0;
    this.#call = call;
    this.#dueMs = dueMs;
    if (++this.#times > mostFiresAtOnce) {
      throw new Error(`the call does not let go of its deadline ${dueMs}`);
    }
  }
}
