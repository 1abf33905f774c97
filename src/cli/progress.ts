/** How far work has come, on a terminal, when it takes longer than a person likes to wait without a word. */
import type { Io } from './io.ts';

const patienceMs = 1000;
const againMs = 200;
/** The clock is looked at once for so many calls. */
const callsAtOnce = 500;

export class Progress {
  readonly #io: Io;
  readonly #now: () => number;
  readonly #what: string;
  #nextMs: number;
  #calls = 0;
  #index = 0;
  #count = 0;
  #isShown = false;

  /** `now` is a clock in ms, `what` the name of what is played one after the other. */
  constructor(io: Io, now: () => number, what: string = 'scenario') {
    this.#io = io;
    this.#now = now;
    this.#what = what;
    this.#nextMs = now() + patienceMs;
  }

  /** The one at this index (from 0) of so many is next; `calls` where they are counted elsewhere. */
  at(index: number, count: number, calls: number = this.#calls): void {
    this.#index = index;
    this.#count = count;
    this.#calls = calls;
    this.#look();
  }

  /** A call has ended. */
  call(): void {
    this.#calls++;
    if (this.#calls % callsAtOnce === 0) this.#look();
  }

  /** Leaves nothing on the terminal. */
  done(): void {
    if (this.#isShown) this.#io.err('\r\u001b[K');
    this.#isShown = false;
  }

  #look(): void {
    if (!this.#io.colour) return;
    const nowMs = this.#now();
    if (nowMs < this.#nextMs) return;
    this.#nextMs = nowMs + againMs;
    this.#isShown = true;
    const calls = this.#calls.toLocaleString('en-US');
    this.#io.err(`\r\u001b[K${this.#what} ${this.#index + 1} of ${this.#count}, ${calls} calls`);
  }
}
