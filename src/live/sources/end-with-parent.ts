/**
 * Loaded into a process that works for a switch (`node --import end-with-parent.js?PID`): it ends when the switch was killed, and is the one that the
 * system ends first when memory runs out.
 */
import { writeFileSync } from 'node:fs';
import { isMainThread, Worker, workerData } from 'node:worker_threads';

const lookMs = 1000;

if (isMainThread) {
  try {
    writeFileSync('/proc/self/oom_score_adj', '1000');
  } catch {
    // Linux alone has it.
  }
  const { search } = new URL(import.meta.url);
  // The work holds the main thread from beginning to end.
  new Worker(new URL(import.meta.url), { execArgv: [], workerData: Number(search.slice(1)) }).unref();
} else {
  // It may have been killed before this began.
  const parent = workerData as number;
  setInterval(() => {
    if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL');
  }, lookMs);
}
