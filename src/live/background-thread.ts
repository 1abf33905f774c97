/** Threads whose work no call waits for. */
import { getPriority, setPriority } from 'node:os';

/**
 * About a third of the share of a processor that the threads of calls get when there is not enough for all. With a smaller
 * one calls came later and not sooner: docs/performance.md has the figures.
 */
const niceness = 5;
const nicenessMax = 19;

/** The thread that calls it, once, stands back behind those that calls wait for, where the system can do that. */
export function standBack(): void {
  // Linux alone has a priority for each thread; elsewhere the whole process would stand back.
  if (process.platform !== 'linux') return;
  try {
    setPriority(0, Math.min(nicenessMax, getPriority(0) + niceness));
  } catch {
    // It works as well without.
  }
}
