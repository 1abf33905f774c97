import type { CallRate } from '../../config/snapshot.ts';

/** Forgotten starts are cut off when they are so many. */
const mostForgotten = 1024;

/** How much of a gateway, a group or an account is in use, counted by what the switch was seen to do. */
export class Usage {
  readonly name: string;
  active: number;
  peak: number;
  #starts: number[] = [];
  #first = 0;

  /** `held` is what others hold to the end. */
  constructor(name: string, held: number = 0) {
    this.name = name;
    this.active = held;
    this.peak = Number.isFinite(held) ? held : 0;
  }

  take(): void {
    this.active++;
    if (this.active > this.peak && this.active !== Number.POSITIVE_INFINITY) this.peak = this.active;
  }

  give(): void {
    this.active--;
  }

  /** How many calls began in the period of the rate that ends at `nowMs`; notes one more. */
  startsBefore({ perSeconds }: CallRate, nowMs: number): number {
    const starts = this.#starts;
    while (this.#first < starts.length && nowMs - starts[this.#first]! >= perSeconds * 1000) this.#first++;
    const before = starts.length - this.#first;
    if (this.#first > mostForgotten) {
      this.#starts = starts.slice(this.#first);
      this.#first = 0;
    }
    this.#starts.push(nowMs);
    return before;
  }

  forgetStarts(): void {
    this.#starts = [];
    this.#first = 0;
  }
}
