/** Loads the configuration in a thread of its own, so that a million rate rows hold up no call. */
import { Worker } from 'node:worker_threads';
import type { Checkout } from '../config/load.ts';
import type { Snapshot } from '../config/snapshot.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';

export interface LoadedConfiguration {
  readonly diagnostics: readonly Diagnostic[];
  /** null when there is an error among the diagnostics. */
  readonly snapshot: Snapshot | null;
}

/** A directory that takes longer (a named pipe in it, a dead network mount) is given up. */
const loadTimeoutMs = 120_000;

/**
 * The thread stays, because it remembers what it made of each file: after an edit it reads one file and not all.
 * One that died or was given up is followed by a new one at the next load.
 */
export class LoadingThread {
  readonly #directory: string;
  #worker: Worker | null = null;
  /** One load after the other: the thread can do no more. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Rejects when the thread dies or takes too long; what is wrong with the files stands in the diagnostics. */
  load(checkout: Checkout | null = null): Promise<LoadedConfiguration> {
    const loaded = this.#turn.then(() => this.#load(checkout));
    this.#turn = loaded.catch(() => undefined);
    return loaded;
  }

  /** Ends the thread; a load that is under way rejects. */
  async close(): Promise<void> {
    const worker = this.#worker;
    this.#worker = null;
    await worker?.terminate();
  }

  #load(checkout: Checkout | null): Promise<LoadedConfiguration> {
    const worker = this.#start();
    return new Promise<LoadedConfiguration>((resolve, reject) => {
      const giveUp = (error: Error) => {
        this.#worker = null;
        void worker.terminate();
        finish();
        reject(error);
      };
      const timeout = setTimeout(
        () => giveUp(new Error(`loading the configuration took more than ${loadTimeoutMs / 1000} s`)),
        loadTimeoutMs,
      );
      const onMessage = (loaded: LoadedConfiguration) => {
        finish();
        resolve(loaded);
      };
      const onExit = (code: number) =>
        giveUp(new Error(`the thread that loads the configuration ended with ${code}`));
      const finish = () => {
        clearTimeout(timeout);
        worker.off('message', onMessage).off('error', giveUp).off('exit', onExit);
        worker.unref();
      };
      worker.ref();
      worker.on('message', onMessage).on('error', giveUp).on('exit', onExit);
      worker.postMessage(checkout);
    });
  }

  #start(): Worker {
    if (this.#worker !== null) return this.#worker;
    const worker = new Worker(new URL('./config-worker.js', import.meta.url), {
      workerData: this.#directory,
    });
    // What goes wrong between two loads must not end the process: the next load starts another thread.
    worker.on('error', () => undefined);
    worker.once('exit', () => {
      if (this.#worker === worker) this.#worker = null;
    });
    this.#worker = worker;
    return worker;
  }
}
