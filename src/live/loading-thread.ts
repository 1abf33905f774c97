/**
 * Loads the configuration in a thread of its own, so that a million rate rows hold up no call, and writes what it loaded
 * to the history there, where it needs not be copied.
 */
import { type MessagePort, Worker } from 'node:worker_threads';
import { openSnapshotLine, type SnapshotLine } from '../config/handover/port.ts';
import { type SentArrays, type SentSnapshot, SnapshotSender } from '../config/handover/sender.ts';
import { inTurns, turnsOfThread } from '../config/handover/turns.ts';
import type { Checkout } from '../config/load.ts';
import type { Snapshot } from '../config/snapshot.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { VersionCommit } from '../history/history.ts';
import { HistoryError } from '../history/history-error.ts';
import type { Keeping } from '../history/switch-history.ts';
import type { KeptBlobs } from '../history/version-keeper.ts';
import type { ChangesSeen } from './file-changes.ts';
import { RecentVersions } from './recent-versions.ts';

export interface LoadedConfiguration {
  readonly diagnostics: readonly Diagnostic[];
  /** null when there is an error among the diagnostics. */
  readonly snapshot: Snapshot | null;
  /** false when it was asked for, and a file would not stand still for the moment that reading it takes. */
  readonly areSteady?: boolean;
}

/** What a load took, in milliseconds of the wall clock. */
export interface LoadFigures {
  /** Finding the files, and reading and checking those that were touched. */
  readonly readMs: number;
  /** Making the Snapshot of them, and the indexes of it. */
  readonly compileMs: number;
  /** Taking it apart in one thread and putting it together in the other. */
  readonly handOverMs: number;
  /** The longest that this held the event loop of the main thread. */
  readonly handOverTurnMs: number;
  /** Parts that were new to the main thread. */
  readonly newParts: number;
}

export type LoadingRequest =
  | { readonly kind: 'fingerprint' }
  | { readonly kind: 'changes' }
  | { readonly kind: 'load'; readonly checkout: Checkout | null; readonly steadily: boolean }
  /** `sent` is for a thread that did not load the version itself, and knows no files of it. */
  | {
      readonly kind: 'keep';
      readonly hash: string;
      readonly sent: SentSnapshot | null;
      readonly into: string;
    };

/** Belongs to the Snapshot of the next request, and has no reply. */
export interface ArraysMessage {
  readonly kind: 'arrays';
  readonly arrays: SentArrays;
}

export interface LoadReply {
  readonly kind: 'loaded';
  readonly diagnostics: readonly Diagnostic[];
  readonly snapshot: SentSnapshot | null;
  readonly areSteady: boolean;
  readonly figures: Pick<LoadFigures, 'readMs' | 'compileMs'> & { readonly sendMs: number };
}

/** What the thread is started with. */
export interface LoadingThreadData {
  readonly directory: string;
  readonly snapshots: MessagePort;
}

interface Running {
  readonly worker: Worker;
  readonly line: SnapshotLine;
  /** Of this line: what comes by another one shares nothing with them. */
  readonly recent: RecentVersions;
}

export type KeepReply =
  | { readonly kind: 'kept'; readonly blobs: KeptBlobs; readonly commit: VersionCommit | null }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'failed'; readonly problem: string };

const whatIsDone = { fingerprint: 'looking at', changes: 'looking at', load: 'loading', keep: 'keeping' };

const nothingHandedOver = { handOverMs: 0, handOverTurnMs: 0, newParts: 0 };

/** A directory that takes longer (a named pipe in it, a dead network mount) is given up. */
const loadTimeoutMs = 120_000;

/**
 * The thread stays, because it remembers what it made of each file: after an edit it reads one file and not all.
 * One that died or was given up is followed by a new one at the next load.
 */
export class LoadingThread implements Keeping {
  readonly #directory: string;
  #running: Running | null = null;
  /** One load after the other: the thread can do no more. */
  #turn: Promise<unknown> = Promise.resolve();

  #lastLoad: LoadFigures | null = null;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** null before the first load has ended. */
  get lastLoad(): LoadFigures | null {
    return this.#lastLoad;
  }

  /** A version that was loaded not long ago, and is in memory still; null for others. */
  recall(hash: string): Snapshot | null {
    return this.#running?.recent.find(hash) ?? null;
  }

  /** Rejects when the thread dies or takes too long; what is wrong with the files stands in the diagnostics. */
  async load(checkout: Checkout | null = null): Promise<LoadedConfiguration> {
    return this.#load({ kind: 'load', checkout, steadily: false });
  }

  /** As `load`, of a directory in which somebody writes all the time. */
  async loadSteadily(): Promise<LoadedConfiguration> {
    return this.#load({ kind: 'load', checkout: null, steadily: true });
  }

  /** As `fingerprint` of the directory, off the main thread. Rejects when the thread dies. */
  async fingerprint(): Promise<string> {
    return this.#ask<string>({ kind: 'fingerprint' });
  }

  /** Which files changed since this was asked last. Rejects when the thread dies; then nothing is known of before. */
  async changes(): Promise<ChangesSeen> {
    return this.#ask<ChangesSeen>({ kind: 'changes' });
  }

  /** As `Keeping`. What was loaded last can be kept with its files; other versions in their compiled form only. */
  async keep(snapshot: Snapshot, into: string): ReturnType<Keeping['keep']> {
    const { hash } = snapshot;
    const first = await this.#ask<KeepReply>({ kind: 'keep', hash, sent: null, into });
    const reply =
      first.kind === 'unknown' ? await this.#inTurn(() => this.#sendAndKeep(snapshot, into)) : first;
    if (reply.kind === 'kept') return reply;
    throw new HistoryError(
      `the version ${hash.slice(0, 12)} cannot be kept: ${reply.kind === 'failed' ? reply.problem : 'it is not known'}`,
      `check the disk, and the permissions of ${into}`,
    );
  }

  /** Ends the thread; a load that is under way rejects. */
  async close(): Promise<void> {
    const running = this.#running;
    this.#running = null;
    running?.line.close();
    await running?.worker.terminate();
  }

  /** Little by little: the objects of a large network are copied in tenths of a second. */
  async #sendAndKeep(snapshot: Snapshot, into: string): Promise<KeepReply> {
    const running = this.#start();
    const post = (arrays: SentArrays): void => {
      running.worker.postMessage({ kind: 'arrays', arrays } satisfies ArraysMessage);
    };
    let sent: SentSnapshot | null = null;
    function* steps(): Generator<void, void> {
      sent = yield* new SnapshotSender().sendInSteps(snapshot, post);
    }
    await inTurns(steps(), turnsOfThread);
    if (this.#running !== running) throw new Error('the thread that loads the configuration ended meanwhile');
    return this.#post<KeepReply>(running, { kind: 'keep', hash: snapshot.hash, sent, into });
  }

  #load(request: LoadingRequest): Promise<LoadedConfiguration> {
    return this.#inTurn(async () => {
      const running = this.#start();
      const reply = await this.#post<LoadReply>(running, request);
      return { ...(await this.#putTogether(running, reply)), areSteady: reply.areSteady };
    });
  }

  #ask<Reply>(request: LoadingRequest): Promise<Reply> {
    return this.#inTurn(() => this.#post<Reply>(this.#start(), request));
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => undefined);
    return result;
  }

  async #putTogether({ line, recent }: Running, reply: LoadReply): Promise<LoadedConfiguration> {
    const { diagnostics, snapshot: sent, figures } = reply;
    const { sendMs, ...ofThread } = figures;
    if (sent === null) {
      this.#lastLoad = { ...ofThread, ...nothingHandedOver };
      return { diagnostics, snapshot: null };
    }
    const beganAtMs = performance.now();
    const { snapshot, longestTurnMs, replacedBytes } = await line.receiver.receive(sent);
    recent.add(snapshot, replacedBytes);
    this.#lastLoad = {
      ...ofThread,
      handOverMs: sendMs + performance.now() - beganAtMs,
      handOverTurnMs: longestTurnMs,
      newParts: sent.kinds.length,
    };
    return { diagnostics, snapshot };
  }

  #post<Reply>(running: Running, request: LoadingRequest): Promise<Reply> {
    const { worker, line } = running;
    const what = `${whatIsDone[request.kind]} the configuration`;
    return new Promise<Reply>((resolve, reject) => {
      const giveUp = (error: Error) => {
        if (this.#running === running) this.#running = null;
        line.close();
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

  #start(): Running {
    if (this.#running !== null) return this.#running;
    const line = openSnapshotLine();
    const worker = new Worker(new URL('./config-worker.js', import.meta.url), {
      workerData: { directory: this.#directory, snapshots: line.sendersPort } satisfies LoadingThreadData,
      transferList: [line.sendersPort],
    });
    const running = { worker, line, recent: new RecentVersions() };
    // What goes wrong between two loads must not end the process: the next load starts another thread.
    worker.on('error', () => undefined);
    worker.once('exit', () => {
      line.close();
      if (this.#running === running) this.#running = null;
    });
    this.#running = running;
    return running;
  }
}
