import { Worker } from 'node:worker_threads';
import { DEFAULT_RESEND_INTERVALS_MS } from './edge-core.ts';
import type { EdgeListen, FromWorker, ToWorker, WorkerOptions } from './protocol.ts';

export type { EdgeListen } from './protocol.ts';

export interface EdgeOptions {
  /** SIP listeners; port 0 is any free port. */
  readonly listen: readonly EdgeListen[];
  /** Where clients connect; 127.0.0.1 and any free port by default. */
  readonly control?: { readonly address: string; readonly port: number };
  /** Clients must authenticate with it; nothing but authentication is accepted before. */
  readonly secret: string;
  /** SS_SIP_RESEND_INTERVAL: milliseconds between transmissions over UDP; 0.5, 1, 2 and seven times 4 s by default. */
  readonly resendIntervalsMs?: readonly number[];
}

export interface Edge {
  readonly control: { readonly address: string; readonly port: number };
  /** The listeners with the ports they really have. */
  readonly listening: readonly EdgeListen[];
  /**
   * The sources (addresses or CIDR blocks) that the configuration names. Others get no automatic answer, neither 100
   * nor errors, and more than a few requests a second of theirs are dropped and counted; a client may still answer
   * them. null, the default, means that everybody is known.
   */
  setKnownSources(sources: readonly string[] | null): void;
  /** Counts since the start, and current sizes; the names are in docs/edge.md. */
  counters(): Promise<Readonly<Record<string, number>>>;
  /** Closes all sockets. Calls in progress are not ended: their client does that before. */
  close(): Promise<void>;
  /** Resolves, with the reason, when the edge's thread has died by itself. */
  readonly failed: Promise<Error>;
}

/**
 * Starts a SIP server in a thread of its own, to which drachtio-srf connects as to a drachtio-server.
 * Rejects with an Error whose message names the listener that could not be opened, why, and what to do about it.
 */
export function startEdge(options: EdgeOptions): Promise<Edge> {
  const { listen, secret } = options;
  if (listen.length === 0) return Promise.reject(new Error('the edge needs at least one SIP listener'));
  if (secret === '' || /[|\r\n]/.test(secret)) {
    return Promise.reject(new Error('the edge needs a control secret without "|" and line ends'));
  }
  const workerData: WorkerOptions = {
    listen,
    secret,
    control: options.control ?? { address: '127.0.0.1', port: 0 },
    resendIntervalsMs: options.resendIntervalsMs ?? DEFAULT_RESEND_INTERVALS_MS,
  };
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./worker.js', import.meta.url), { workerData, name: 'sip-edge' });
    const onEarlyExit = (code: number): void =>
      reject(new Error(`the SIP edge ended with code ${code} at its start`));
    worker.once('error', reject);
    worker.once('exit', onEarlyExit);
    worker.once('message', (message: FromWorker) => {
      if (message.kind === 'ready') {
        worker.removeListener('exit', onEarlyExit);
        worker.removeListener('error', reject);
        resolve(new RunningEdge(worker, message.control, message.listening));
        return;
      }
      reject(
        new Error(
          message.kind === 'failed' ? message.message : `unexpected ${message.kind} from the SIP edge`,
        ),
      );
    });
  });
}

class RunningEdge implements Edge {
  readonly control: { readonly address: string; readonly port: number };
  readonly listening: readonly EdgeListen[];
  readonly failed: Promise<Error>;
  readonly #worker: Worker;
  readonly #waiting = new Map<number, (values: Readonly<Record<string, number>>) => void>();
  #nextId = 1;
  #closing: Promise<void> | null = null;
  #last: Readonly<Record<string, number>> = {};
  #gone = false;

  constructor(
    worker: Worker,
    control: { readonly address: string; readonly port: number },
    listening: readonly EdgeListen[],
  ) {
    this.#worker = worker;
    this.control = control;
    this.listening = listening;
    worker.on('message', (message: FromWorker) => this.#onMessage(message));
    this.failed = new Promise(resolve => {
      worker.once('error', error => resolve(error instanceof Error ? error : new Error(String(error))));
      worker.once('exit', code => {
        this.#gone = true;
        this.#release();
        if (this.#closing === null) resolve(new Error(`the SIP edge ended with code ${code}`));
      });
    });
  }

  setKnownSources(sources: readonly string[] | null): void {
    this.#tell({ kind: 'sources', sources });
  }

  counters(): Promise<Readonly<Record<string, number>>> {
    if (this.#gone) return Promise.resolve(this.#last);
    return new Promise(resolve => {
      const id = this.#nextId++;
      this.#waiting.set(id, resolve);
      this.#tell({ kind: 'counters', id });
    });
  }

  close(): Promise<void> {
    if (this.#gone) return Promise.resolve();
    if (this.#closing === null) {
      this.#closing = new Promise(resolve => this.#worker.once('exit', () => resolve()));
      this.#tell({ kind: 'close' });
    }
    return this.#closing;
  }

  #onMessage(message: FromWorker): void {
    if (message.kind === 'counters') {
      this.#last = message.values;
      this.#waiting.get(message.id)?.(message.values);
      this.#waiting.delete(message.id);
    }
  }

  /** Nobody will answer any more: whoever still waits gets the last values. */
  #release(): void {
    for (const resolve of this.#waiting.values()) resolve(this.#last);
    this.#waiting.clear();
  }

  #tell(message: ToWorker): void {
    this.#worker.postMessage(message);
  }
}
