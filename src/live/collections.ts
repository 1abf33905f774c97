/** How a switch collects its garbage. */
import { setFlagsFromString } from 'node:v8';

/**
 * By default V8 shares out the work of a collection among helper threads, for which the thread that collects waits.
 * Where other processes or the loading thread have the processors, a helper that has begun gets no processor for tens of
 * milliseconds, and so long no call is heard: on two processors with a load of 12, collections that took the main thread
 * 10 ms of its own time held it for up to 45 ms with helpers, and for up to 14 ms without. The garbage of a switch is little
 * enough for one thread.
 *
 * What goes on beside the running program (marking, sweeping) stays as it is, and parallel marking with it, without which
 * V8 stops at an assertion.
 */
const onTheThreadAlone = [
  '--no-parallel-scavenge',
  '--no-parallel-compaction',
  '--no-parallel-pointer-update',
  '--no-concurrent-array-buffer-sweeping',
];

/**
 * For the whole process, so it is for a switch that begins, before it has threads. V8 reads these at each collection; a name
 * that it lacks it reports on the error output, and goes on.
 */
export function collectWithoutHelpers(): void {
  for (const flag of onTheThreadAlone) setFlagsFromString(flag);
}
