/** What the process itself is doing: for operators who ask why something is slow, and for monitoring. */
import type { Switch } from '../call/switch.ts';
import type { EventLoopWatch } from './event-loop.ts';
import type { LoadingThread } from './loading-thread.ts';
import type { ProcessReport } from './operations.ts';

export interface ProcessParts {
  readonly eventLoop: EventLoopWatch;
  readonly loading: Pick<LoadingThread, 'lastLoad'>;
  /** How long it took to put the last snapshot into service; null when none was since the start. */
  readonly lastApplyMs: () => number | null;
}

export function processReport(parts: ProcessParts, core: Pick<Switch, 'oldSnapshots'>): ProcessReport {
  const { rss, heapUsed, external, arrayBuffers } = memoryUsage();
  const load = parts.loading.lastLoad;
  const applyMs = parts.lastApplyMs();
  return {
    eventLoop: parts.eventLoop.figures(),
    memory: {
      residentBytes: rss,
      heapUsedBytes: heapUsed,
      externalBytes: external,
      arrayBufferBytes: arrayBuffers,
    },
    lastLoad:
      load === null
        ? null
        : {
            readMs: tenths(load.readMs),
            compileMs: tenths(load.compileMs),
            handOverMs: tenths(load.handOverMs),
            handOverTurnMs: tenths(load.handOverTurnMs),
            newParts: load.newParts,
          },
    lastApplyMs: applyMs === null ? null : tenths(applyMs),
    oldSnapshots: core.oldSnapshots(),
  };
}

let looked: { readonly atMs: number; readonly usage: NodeJS.MemoryUsage } | null = null;

/** Asking the system costs a millisecond or more while other threads take memory, and somebody may ask all the time. */
function memoryUsage(): NodeJS.MemoryUsage {
  const nowMs = performance.now();
  if (looked === null || nowMs - looked.atMs > 1000) looked = { atMs: nowMs, usage: process.memoryUsage() };
  return looked.usage;
}

function tenths(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10;
}
