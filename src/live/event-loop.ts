/** How long the event loop of the main thread was held lately: for that long no message was heard and no timer rang. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Timers } from './clock.ts';

/** Of the last minute, in ms; what is shorter than the resolution of 5 ms does not show. */
export interface EventLoopFigures {
  readonly longestMs: number;
  /** 99 of 100 looks at the clock came within this; of the ten seconds in which that was worst. */
  readonly p99Ms: number;
}

/** The monitor's own timer, which each measurement holds besides the delay. Half a percent of a core. */
const resolutionMs = 5;
const sliceMs = 10_000;
const slices = 6;

export class EventLoopWatch {
  readonly #monitor = monitorEventLoopDelay({ resolution: resolutionMs });
  readonly #timers: Timers;
  #cancel: () => void = () => {};
  #past: readonly EventLoopFigures[] = [];

  constructor(timers: Timers) {
    this.#timers = timers;
    this.#monitor.enable();
    this.#next();
  }

  figures(): EventLoopFigures {
    const all = [...this.#past, this.#slice()];
    return {
      longestMs: Math.max(...all.map(({ longestMs }) => longestMs)),
      p99Ms: Math.max(...all.map(({ p99Ms }) => p99Ms)),
    };
  }

  stop(): void {
    this.#cancel();
    this.#monitor.disable();
  }

  #next(): void {
    this.#cancel = this.#timers.after(sliceMs, () => {
      this.#past = [...this.#past, this.#slice()].slice(1 - slices);
      this.#monitor.reset();
      this.#next();
    });
  }

  #slice(): EventLoopFigures {
    if (this.#monitor.count === 0) return { longestMs: 0, p99Ms: 0 };
    return { longestMs: delay(this.#monitor.max), p99Ms: delay(this.#monitor.percentile(99)) };
  }
}

/** ns with the monitor's own timer → ms without it, to a tenth. */
function delay(measuredNs: number): number {
  return Math.max(0, Math.round(measuredNs / 1e5 - resolutionMs * 10) / 10);
}
