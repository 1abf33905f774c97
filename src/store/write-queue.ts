/**
 * Write-behind with group commit. While one batch is being committed the next one gathers; under load batches
 * start at least `commitIntervalMs` apart, because each commit has a price of its own (a trip to SQLite's thread, a
 * sync of the disk) that many rows can share. A write after a quiet moment is committed at once.
 *
 * When the disk is full or the database locked, nothing is dropped: the batch stays at the head of the queue and
 * is tried again, later and later. A write that can never succeed (its data breaks the schema: a bug of ours) is
 * found by halving the batch and refused alone.
 */
import type { Write } from './batch.ts';
import { sqliteCode } from './database.ts';

export interface WriteQueueOptions {
  /** Makes the writes durable together, or none of them. */
  readonly commit: (writes: readonly Write[]) => Promise<void>;
  /** Told once when writing begins to fail, and once when it works again. */
  readonly onTrouble: (error: unknown) => void;
  readonly onRecovered: () => void;
  readonly wait: (milliseconds: number) => Promise<void>;
  /** Milliseconds of any origin. */
  readonly now: () => number;
}

interface Waiting {
  readonly write: Write;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

const commitIntervalMs = 10;
const batchSizeMax = 2000;
const retryFirstMs = 100;
const retryLongestMs = 5000;

/** The data itself is refused; trying again cannot help. */
const permanentCodes = new Set(['SQLITE_CONSTRAINT', 'SQLITE_MISMATCH', 'SQLITE_TOOBIG', 'SQLITE_RANGE']);

export class WriteQueue {
  readonly #options: WriteQueueOptions;
  readonly #waiting: Waiting[] = [];
  #running: Promise<void> | null = null;
  #batchSize = batchSizeMax;
  #retryMs = retryFirstMs;
  #lastError: unknown = null;
  #closing = false;

  constructor(options: WriteQueueOptions) {
    this.#options = options;
  }

  /** Resolves once the write is durable; rejects only when its data can never be stored. */
  add(write: Write): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ write, resolve, reject });
      this.#running ??= this.#run();
    });
  }

  get pending(): number {
    return this.#waiting.length;
  }

  /** Why writing fails at the moment; null when it works. */
  get lastError(): unknown {
    return this.#lastError;
  }

  /** What is not durable yet, oldest first. */
  unwritten(): readonly Write[] {
    return this.#waiting.map(({ write }) => write);
  }

  /** Resolves when nothing is waiting any more, without the pauses that gather a batch. */
  async drained(): Promise<void> {
    this.#closing = true;
    while (this.#running !== null) await this.#running;
  }

  async #run(): Promise<void> {
    // What the caller queues in the same turn belongs into the first batch.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const startedAt = this.#options.now();
      await this.#commitSome();
      if (this.#waiting.length === 0 || this.#closing || this.#lastError !== null) continue;
      const restMs = startedAt + commitIntervalMs - this.#options.now();
      if (restMs > 0) await this.#options.wait(restMs);
    }
    this.#running = null;
  }

  async #commitSome(): Promise<void> {
    const batch = this.#waiting.slice(0, this.#batchSize);
    try {
      await this.#options.commit(batch.map(({ write }) => write));
    } catch (error) {
      await this.#failed(batch, error);
      return;
    }
    this.#waiting.splice(0, batch.length);
    this.#recovered();
    for (const { resolve } of batch) resolve();
  }

  async #failed(batch: readonly Waiting[], error: unknown): Promise<void> {
    if (isPermanent(error)) {
      this.#batchSize = Math.ceil(batch.length / 2);
      if (batch.length > 1) return;
      this.#waiting.shift();
      batch[0]!.reject(error);
      return;
    }
    if (this.#lastError === null) this.#options.onTrouble(error);
    this.#lastError = error;
    await this.#options.wait(this.#retryMs);
    this.#retryMs = Math.min(this.#retryMs * 2, retryLongestMs);
  }

  #recovered(): void {
    this.#batchSize = Math.min(this.#batchSize * 2, batchSizeMax);
    this.#retryMs = retryFirstMs;
    if (this.#lastError === null) return;
    this.#lastError = null;
    this.#options.onRecovered();
  }
}

function isPermanent(error: unknown): boolean {
  if (error instanceof RangeError || error instanceof TypeError) return true;
  const code = sqliteCode(error);
  return code !== null && permanentCodes.has(code);
}
