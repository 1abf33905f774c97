/** A thread that plays one side: it is asked for one thing after the other. */
import { Worker } from 'node:worker_threads';
import type { Part } from '../../replay/parts.ts';
import type { Learned, PartResult } from '../../replay/play-part.ts';
import type { LearnedBehaviour } from '../../replay/vendor-model.ts';
import { StoreError } from '../../store/store-error.ts';
import type { ReplayReply, ReplayRequest, ReplayThreadData } from './protocol.ts';

export class SideThread {
  readonly #worker: Worker;
  readonly #tell: (calls: number) => void;
  #hasEnded = false;

  /** `tell` hears of every call that was worked on. */
  constructor(data: ReplayThreadData, tell: (calls: number) => void) {
    this.#tell = tell;
    this.#worker = new Worker(new URL('./replay-worker.js', import.meta.url), {
      workerData: data,
      name: 'replay',
      // Calls live shorter than what is young by default, and what got old takes long to be tidied away.
      resourceLimits: { maxYoungGenerationSizeMb: 128 },
    });
    this.#worker.once('exit', () => {
      this.#hasEnded = true;
    });
    // Whoever asks the thread hears of it.
    this.#worker.on('error', () => {});
  }

  /** @throws StoreError */
  async learn(): Promise<Learned> {
    const reply = await this.#ask({ kind: 'learn' });
    if (reply.kind !== 'learned') throw new Error(`the thread says ${reply.kind}`);
    return reply.learned;
  }

  know(behaviour: LearnedBehaviour): void {
    this.#worker.postMessage({ kind: 'know', behaviour } satisfies ReplayRequest);
  }

  /** @throws StoreError */
  async play(part: Part): Promise<PartResult> {
    const reply = await this.#ask({ kind: 'play', part });
    if (reply.kind !== 'played') throw new Error(`the thread says ${reply.kind}`);
    return reply.result;
  }

  /** Once it has left the database. */
  async end(): Promise<void> {
    if (this.#hasEnded) return;
    const exit = new Promise(resolve => this.#worker.once('exit', resolve));
    this.#worker.postMessage({ kind: 'stop' } satisfies ReplayRequest);
    await exit;
  }

  #ask(request: ReplayRequest): Promise<Exclude<ReplayReply, { readonly kind: 'progress' | 'failed' }>> {
    return new Promise((resolve, reject) => {
      const worker = this.#worker;
      const leave = (): void => {
        worker.off('message', onMessage);
        worker.off('error', onError);
        worker.off('exit', onExit);
      };
      const onMessage = (reply: ReplayReply): void => {
        if (reply.kind === 'progress') {
          this.#tell(reply.calls);
          return;
        }
        leave();
        if (reply.kind !== 'failed') resolve(reply);
        else if (reply.hint === null) reject(new Error(reply.message));
        else reject(new StoreError(reply.message, reply.hint));
      };
      const onError = (error: Error): void => {
        leave();
        reject(error);
      };
      const onExit = (): void => onError(new Error('the thread of the replay has ended'));
      worker.on('message', onMessage);
      worker.on('error', onError);
      worker.on('exit', onExit);
      worker.postMessage(request);
    });
  }
}
