/** How far a replay has come: on a terminal a bar that is redrawn, elsewhere nothing. */
import type { Io } from '../io.ts';
import { formatDuration } from '../table.ts';

const againMs = 200;
const barCells = 24;
/** Before that the time that is left is a guess. */
const guessMs = 1500;

export class ReplayProgress {
  readonly #io: Io;
  readonly #now: () => number;
  readonly #startMs: number;
  #all = 0;
  /** Worked on, and of those the ones of an earlier run. */
  #done = 0;
  #before = 0;
  #what = '';
  #nextMs = 0;
  #isShown = false;

  /** `now` is a clock in ms. */
  constructor(io: Io, now: () => number) {
    this.#io = io;
    this.#now = now;
    this.#startMs = now();
  }

  /** So many calls are to be worked on: each for learning, and for each side. */
  expect(calls: number): void {
    this.#all = calls;
  }

  /** An earlier run has done this. */
  skip(calls: number): void {
    this.#before += calls;
    this.#done += calls;
  }

  doing(what: string): void {
    this.#what = what;
  }

  add(calls: number): void {
    this.#done += calls;
    if (!this.#io.colour) return;
    const nowMs = this.#now();
    if (nowMs < this.#nextMs) return;
    this.#nextMs = nowMs + againMs;
    this.#isShown = true;
    this.#io.err(`\r\u001b[K${this.#text(nowMs - this.#startMs)}`);
  }

  /** Leaves nothing on the terminal. */
  clear(): void {
    if (this.#isShown) this.#io.err('\r\u001b[K');
    this.#isShown = false;
  }

  #text(elapsedMs: number): string {
    const share = this.#all === 0 ? 1 : Math.min(1, this.#done / this.#all);
    const filled = Math.floor(share * barCells);
    const bar = '█'.repeat(filled) + '░'.repeat(barCells - filled);
    const worked = this.#done - this.#before;
    const perSecond = elapsedMs === 0 ? 0 : (worked / elapsedMs) * 1000;
    const leftSeconds = perSecond === 0 ? 0 : Math.ceil(Math.max(0, this.#all - this.#done) / perSecond);
    const left = elapsedMs < guessMs ? '' : `, ${formatDuration(leftSeconds)} left`;
    const rate = `${Math.round(perSecond).toLocaleString('en-US')} calls/s`;
    return `${bar} ${Math.floor(share * 100)} %  ${this.#what}, ${rate}${left}`;
  }
}
