/** The thread that reads versions back and sweeps the disk. It waits for no reading of a configuration. */
import { Worker } from 'node:worker_threads';
import type { VersionFile } from './history.ts';
import { HistoryError } from './history-error.ts';
import type { Restored, VersionBlobs } from './restore.ts';
import type { KeptForm } from './version-keeper.ts';

export type HistoryRequest =
  | { readonly kind: 'restore'; readonly version: VersionBlobs }
  /** Writes the compiled form of the version that was last restored from its files; null when it was another one. */
  | { readonly kind: 'keepForm'; readonly hash: string }
  /** Which program can read the compiled forms that are made now. */
  | { readonly kind: 'program' }
  | { readonly kind: 'files'; readonly list: string }
  | { readonly kind: 'file'; readonly list: string; readonly path: string }
  /** Removes what none of these lead to. */
  | { readonly kind: 'sweep'; readonly roots: readonly string[] };

export interface HistoryAnswers {
  readonly restore: Restored;
  readonly keepForm: KeptForm | null;
  readonly program: string;
  readonly files: readonly VersionFile[];
  readonly file: Uint8Array | null;
  readonly sweep: { readonly removed: number };
}

export type HistoryReply =
  | { readonly id: number; readonly answer: unknown }
  | { readonly id: number; readonly problem: string; readonly hint: string | null };

interface Waiting {
  resolve(answer: unknown): void;
  reject(error: Error): void;
}

/** Long enough for whoever restored a version to have its compiled form written. */
const idleMs = 10_000;

export class HistoryThread {
  readonly #directory: string;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | null = null;
  #asked = 0;
  #idle: NodeJS.Timeout | null = null;

  /** `directory` is where the blobs are. */
  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Rejects with a HistoryError, or when the thread dies. */
  ask<Kind extends HistoryRequest['kind']>(
    request: Extract<HistoryRequest, { readonly kind: Kind }>,
  ): Promise<HistoryAnswers[Kind]> {
    const worker = this.#start();
    this.#asked += 1;
    const id = this.#asked;
    if (this.#idle !== null) clearTimeout(this.#idle);
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve: answer => resolve(answer as HistoryAnswers[Kind]), reject });
      worker.ref();
      worker.postMessage({ id, request });
    });
  }

  async close(): Promise<void> {
    if (this.#idle !== null) clearTimeout(this.#idle);
    const worker = this.#worker;
    this.#worker = null;
    await worker?.terminate();
  }

  #start(): Worker {
    if (this.#worker !== null) return this.#worker;
    const worker = new Worker(new URL('./history-worker.js', import.meta.url), {
      workerData: this.#directory,
    });
    worker.on('message', (reply: HistoryReply) => this.#settle(reply));
    worker.on('error', error => this.#failAll(worker, error));
    worker.on('exit', code =>
      this.#failAll(worker, new Error(`the thread that reads the history ended with ${code}`)),
    );
    this.#worker = worker;
    return worker;
  }

  #settle(reply: HistoryReply): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if (this.#waiting.size === 0) this.#rest();
    if ('problem' in reply) waiting?.reject(new HistoryError(reply.problem, reply.hint));
    else waiting?.resolve(reply.answer);
  }

  /** A thread that nobody needs must not keep the memory of what it restored, nor the process. */
  #rest(): void {
    const worker = this.#worker;
    worker?.unref();
    this.#idle = setTimeout(() => {
      if (this.#worker === worker) this.#worker = null;
      void worker?.terminate();
    }, idleMs);
    this.#idle.unref();
  }

  #failAll(worker: Worker, error: Error): void {
    if (this.#worker === worker) this.#worker = null;
    else if (this.#worker !== null) return;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}
