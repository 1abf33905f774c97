/**
 * Loads the configuration in a thread of its own, so that a million rate rows hold up no call, and writes what it loaded
 * to the history there, where it needs not be copied.
 */
import { Worker } from 'node:worker_threads';
import type { Checkout } from '../config/load.ts';
import type { Snapshot } from '../config/snapshot.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { VersionCommit } from '../history/history.ts';
import { HistoryError } from '../history/history-error.ts';
import type { Keeping } from '../history/switch-history.ts';
import type { KeptBlobs } from '../history/version-keeper.ts';

export interface LoadedConfiguration {
  readonly diagnostics: readonly Diagnostic[];
  /** null when there is an error among the diagnostics. */
  readonly snapshot: Snapshot | null;
}

export type LoadingRequest =
  | { readonly kind: 'load'; readonly checkout: Checkout | null }
  /** `snapshot` is for a thread that did not load the version itself: it takes a copy, and knows no files. */
  | {
      readonly kind: 'keep';
      readonly hash: string;
      readonly snapshot: Snapshot | null;
      readonly into: string;
    };

export interface LoadReply extends LoadedConfiguration {
  readonly kind: 'loaded';
}

export type KeepReply =
  | { readonly kind: 'kept'; readonly blobs: KeptBlobs; readonly commit: VersionCommit | null }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'failed'; readonly problem: string };

/** A directory that takes longer (a named pipe in it, a dead network mount) is given up. */
const loadTimeoutMs = 120_000;

/**
 * The thread stays, because it remembers what it made of each file: after an edit it reads one file and not all.
 * One that died or was given up is followed by a new one at the next load.
 */
export class LoadingThread implements Keeping {
  readonly #directory: string;
  #worker: Worker | null = null;
  /** One load after the other: the thread can do no more. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Rejects when the thread dies or takes too long; what is wrong with the files stands in the diagnostics. */
  async load(checkout: Checkout | null = null): Promise<LoadedConfiguration> {
    return this.#ask<LoadReply>({ kind: 'load', checkout });
  }

  /** As `Keeping`. What was loaded last can be kept with its files; other versions in their compiled form only. */
  async keep(snapshot: Snapshot, into: string): ReturnType<Keeping['keep']> {
    const { hash } = snapshot;
    const first = await this.#ask<KeepReply>({ kind: 'keep', hash, snapshot: null, into });
    const reply =
      first.kind === 'unknown' ? await this.#ask<KeepReply>({ kind: 'keep', hash, snapshot, into }) : first;
    if (reply.kind === 'kept') return reply;
    throw new HistoryError(
      `the version ${hash.slice(0, 12)} cannot be kept: ${reply.kind === 'failed' ? reply.problem : 'it is not known'}`,
      `check the disk, and the permissions of ${into}`,
    );
  }

  /** Ends the thread; a load that is under way rejects. */
  async close(): Promise<void> {
    const worker = this.#worker;
    this.#worker = null;
    await worker?.terminate();
  }

  #ask<Reply>(request: LoadingRequest): Promise<Reply> {
    const reply = this.#turn.then(() => this.#post<Reply>(request));
    this.#turn = reply.catch(() => undefined);
    return reply;
  }

  #post<Reply>(request: LoadingRequest): Promise<Reply> {
    const worker = this.#start();
    const what = request.kind === 'load' ? 'loading the configuration' : 'keeping the configuration';
    return new Promise<Reply>((resolve, reject) => {
      const giveUp = (error: Error) => {
        this.#worker = null;
        void worker.terminate();
        finish();
        reject(error);
      };
      const timeout = setTimeout(
        () => giveUp(new Error(`${what} took more than ${loadTimeoutMs / 1000} s`)),
        loadTimeoutMs,
      );
      const onMessage = (reply: Reply) => {
        finish();
        resolve(reply);
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
      worker.postMessage(request);
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
