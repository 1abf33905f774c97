/**
 * Loaded into a switch that is measured, with `node --expose-gc --import`: tells whoever started it how long its event
 * loop was held, to the millisecond, and what memory it has once everything that nobody needs is gone.
 */
import { openSync, readSync } from 'node:fs';
import { monitorEventLoopDelay, PerformanceObserver } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';

export type ProbeRequest = 'reset' | 'loop' | 'memory';

export interface LoopFigures {
  readonly longestMs: number;
  readonly p99Ms: number;
  /**
   * The most of its own time that the main thread took from one look at the clock to the next. Unlike the others it
   * does not grow when other processes have the processors.
   */
  readonly longestCpuMs: number;
  /** Of these, how long the longest collection of garbage took. */
  readonly longestCollectionMs: number;
}

export interface MemoryFigures {
  readonly residentMiB: number;
  readonly heapMiB: number;
  readonly arrayBuffersMiB: number;
}

const resolutionMs = 1;

function listen(): void {
  const delays = monitorEventLoopDelay({ resolution: resolutionMs });
  delays.enable();
  let longestCollectionMs = 0;
  new PerformanceObserver(list => {
    for (const { duration } of list.getEntries())
      longestCollectionMs = Math.max(longestCollectionMs, duration);
  }).observe({ entryTypes: ['gc'] });
  const turns = new TurnWatch();
  process.on('message', (request: ProbeRequest) => {
    if (request === 'memory') {
      process.send!(memory());
      return;
    }
    const milliseconds = (ns: number) => Math.max(0, Math.round(ns / 1e5 - resolutionMs * 10) / 10);
    const figures = {
      longestMs: milliseconds(delays.max),
      p99Ms: milliseconds(delays.percentile(99)),
      longestCpuMs: turns.take(),
      longestCollectionMs: Math.round(longestCollectionMs * 10) / 10,
    };
    delays.reset();
    longestCollectionMs = 0;
    process.send!(request === 'loop' ? figures : {});
  });
  process.channel!.unref();
}

/** Looks about once a millisecond at the processor time of the main thread. */
class TurnWatch {
  readonly #file = openSync(`/proc/self/task/${process.pid}/schedstat`, 'r');
  readonly #text = Buffer.alloc(128);
  #lastNs = 0;
  #longestNs = 0;

  constructor() {
    this.#lastNs = this.#spentNs();
    setInterval(() => this.#look(), resolutionMs).unref();
  }

  take(): number {
    const longestNs = this.#longestNs;
    this.#longestNs = 0;
    return Math.round(longestNs / 1e5) / 10;
  }

  #look(): void {
    const spentNs = this.#spentNs();
    this.#longestNs = Math.max(this.#longestNs, spentNs - this.#lastNs);
    this.#lastNs = spentNs;
  }

  #spentNs(): number {
    const length = readSync(this.#file, this.#text, 0, this.#text.length, 0);
    return Number.parseInt(this.#text.toString('latin1', 0, length), 10);
  }
}

function memory(): MemoryFigures {
  for (let round = 0; round < 3; round++) globalThis.gc?.();
  const { rss, heapUsed, arrayBuffers } = process.memoryUsage();
  const mebibytes = (bytes: number) => Math.round(bytes / 2 ** 20);
  return {
    residentMiB: mebibytes(rss),
    heapMiB: mebibytes(heapUsed),
    arrayBuffersMiB: mebibytes(arrayBuffers),
  };
}

if (isMainThread && process.send !== undefined) listen();
