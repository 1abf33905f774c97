import { Worker } from 'node:worker_threads';
import type { Snapshot } from '../config/snapshot.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';

export interface LoadedConfiguration {
  readonly diagnostics: readonly Diagnostic[];
  /** null when there is an error among the diagnostics. */
  readonly snapshot: Snapshot | null;
}

/** A directory that takes longer (a named pipe in it, a dead network mount) is given up. */
const loadTimeoutMs = 120_000;

/** Rejects when the worker dies or takes too long; what is wrong with the files stands in the diagnostics. */
export function loadOffThread(directory: string): Promise<LoadedConfiguration> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./config-worker.js', import.meta.url), { workerData: directory });
    const timeout = setTimeout(() => {
      reject(new Error(`loading the configuration took more than ${loadTimeoutMs / 1000} s`));
      void worker.terminate();
    }, loadTimeoutMs);
    worker.once('message', (loaded: LoadedConfiguration) => resolve(loaded));
    worker.once('error', reject);
    worker.once('exit', code => {
      clearTimeout(timeout);
      reject(new Error(`the thread that loads the configuration ended with ${code}`));
    });
  });
}
