/** The thread that reads versions back and sweeps the disk. It waits for no reading of a configuration. */
import { type MessagePort, Worker } from 'node:worker_threads';
import { openSnapshotLine, type SnapshotLine } from '../config/handover/port.ts';
import type { SentSnapshot } from '../config/handover/sender.ts';
import type { Snapshot } from '../config/snapshot.ts';
import type { VersionFile } from './history.ts';
import { HistoryError } from './history-error.ts';
import type { VersionBlobs } from './restore.ts';
import type { SizedVersion, Surplus } from './sizes.ts';
import type { KeptForm } from './version-keeper.ts';

export type HistoryRequest =
  | { readonly kind: 'restore'; readonly version: VersionBlobs }
  /** Writes the compiled form of the version that was last restored from its files; null when it was another one. */
  | { readonly kind: 'keepForm'; readonly hash: string }
  /** Which program can read the compiled forms that are made now. */
  | { readonly kind: 'program' }
  | { readonly kind: 'files'; readonly list: string }
  | { readonly kind: 'file'; readonly list: string; readonly path: string }
  /** What has to go for the rest to fit; see `surplusOf`. */
  | { readonly kind: 'surplus'; readonly versions: readonly SizedVersion[]; readonly bytesMax: number }
  /** Removes what none of these lead to. */
  | { readonly kind: 'sweep'; readonly roots: readonly string[] };

export interface HistoryAnswers {
  /** `compiledBecause` as that of `Restored`. */
  readonly restore: { readonly snapshot: Snapshot; readonly compiledBecause: string | null };
  readonly keepForm: KeptForm | null;
  readonly program: string;
  readonly files: readonly VersionFile[];
  readonly file: Uint8Array | null;
  readonly surplus: Surplus;
  readonly sweep: { readonly removed: number };
}

export type HistoryReply =
  /** `sent` is the snapshot of the answer, which comes in parts; null for answers without one. */
  | { readonly id: number; readonly answer: unknown; readonly sent: SentSnapshot | null }
  | { readonly id: number; readonly problem: string; readonly hint: string | null };

/** What the thread is started with. */
export interface HistoryThreadData {
  readonly directory: string;
  readonly snapshots: MessagePort;
}

interface Running {
  readonly worker: Worker;
  readonly line: SnapshotLine;
  /** It holds what it made of a version. */
  hasRestored: boolean;
}

interface Waiting {
  resolve(answer: unknown): void;
  reject(error: Error): void;
}

/** Long enough for whoever restored a version to have its compiled form written. */
const idleMs = 10_000;

export class HistoryThread {
  readonly #directory: string;
  readonly #waiting = new Map<number, Waiting>();
  #running: Running | null = null;
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
    const running = this.#start();
    const { worker } = running;
    running.hasRestored ||= request.kind === 'restore';
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
    const running = this.#running;
    this.#running = null;
    running?.line.close();
    await running?.worker.terminate();
  }

  #start(): Running {
    if (this.#running !== null) return this.#running;
    const line = openSnapshotLine();
    const worker = new Worker(new URL('./history-worker.js', import.meta.url), {
      workerData: { directory: this.#directory, snapshots: line.sendersPort } satisfies HistoryThreadData,
      transferList: [line.sendersPort],
    });
    const running = { worker, line, hasRestored: false };
    worker.on('message', (reply: HistoryReply) => void this.#settle(running, reply));
    worker.on('error', error => this.#failAll(running, error));
    worker.on('exit', code =>
      this.#failAll(running, new Error(`the thread that reads the history ended with ${code}`)),
    );
    this.#running = running;
    return running;
  }

  async #settle({ line }: Running, reply: HistoryReply): Promise<void> {
    const finish = (settle: (waiting: Waiting) => void) => {
      const waiting = this.#waiting.get(reply.id);
      this.#waiting.delete(reply.id);
      if (this.#waiting.size === 0) this.#rest();
      if (waiting !== undefined) settle(waiting);
    };
    if ('problem' in reply) {
      return finish(({ reject }) => reject(new HistoryError(reply.problem, reply.hint)));
    }
    const { answer, sent } = reply;
    if (sent === null) return finish(({ resolve }) => resolve(answer));
    try {
      const { snapshot } = await line.receiver.receive(sent);
      finish(({ resolve }) => resolve({ ...(answer as object), snapshot }));
    } catch (error) {
      finish(({ reject }) => reject(error as Error));
    }
  }

  /**
   * A thread that nobody asks must not keep the memory of what it restored, nor the process. Another one takes its place:
   * whoever goes back to a version is not to wait until a thread has started.
   */
  #rest(): void {
    const running = this.#running;
    running?.worker.unref();
    if (running?.hasRestored !== true) return;
    this.#idle = setTimeout(() => {
      if (this.#running !== running) return;
      this.#running = null;
      running.line.close();
      void running.worker.terminate();
      this.#start().worker.unref();
    }, idleMs);
    this.#idle.unref();
  }

  #failAll(running: Running, error: Error): void {
    running.line.close();
    if (this.#running === running) this.#running = null;
    else if (this.#running !== null) return;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}
