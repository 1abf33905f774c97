/**
 * Looks at a followed branch again and again: on a timer, when somebody pokes, and when an operator asks. While the
 * remote is away it waits longer each time, and not in step with all the other switches.
 */
import type { Logger } from '../../diagnostics/logger.ts';
import type { Clock, Timers } from '../clock.ts';
import { messageOf } from '../performer.ts';
import type { Candidate, Look } from './git-source.ts';

export interface FollowerOptions {
  readonly look: () => Promise<Look>;
  readonly onCandidate: (candidate: Candidate) => void;
  readonly intervalMs: number;
  readonly log: Logger;
  readonly clock: Clock;
  readonly timers: Timers;
  /** From 0 to below 1. */
  readonly random: () => number;
}

export interface FollowerStatus {
  readonly head: string | null;
  readonly lastFetchAtMs: number | null;
  readonly lastSuccessAtMs: number | null;
  readonly lastError: string | null;
  readonly failures: number;
  readonly nextFetchAtMs: number | null;
  /** By the source, before anything was loaded. */
  readonly refused: { readonly commit: string; readonly reason: string } | null;
}

/** However long the remote is away. */
export const longestWaitMs = 15 * 60_000;
/** Pokes that come faster than this are one. */
export const pokeGapMs = 2000;

export class Follower {
  readonly counters = { fetches: 0, failures: 0, refused: 0, pokes: 0 };
  readonly #options: FollowerOptions;
  #status: FollowerStatus = {
    head: null,
    lastFetchAtMs: null,
    lastSuccessAtMs: null,
    lastError: null,
    failures: 0,
    nextFetchAtMs: null,
    refused: null,
  };
  #turn: Promise<unknown> = Promise.resolve();
  /** A look that has not begun: whoever asks meanwhile shares it. */
  #waiting: Promise<string | null> | null = null;
  #cancel = (): void => {};
  #closed = false;

  constructor(options: FollowerOptions) {
    this.#options = options;
  }

  status(): FollowerStatus {
    return this.#status;
  }

  /** The first look comes at once. */
  start(): void {
    this.#schedule(0);
  }

  /** Looks soon, however often it is said. */
  poke(): void {
    this.counters.pokes += 1;
    const { lastFetchAtMs, nextFetchAtMs } = this.#status;
    const nowMs = this.#options.clock();
    const atMs = Math.max(nowMs, (lastFetchAtMs ?? nowMs - pokeGapMs) + pokeGapMs);
    if (nextFetchAtMs !== null && nextFetchAtMs <= atMs) return;
    this.#schedule(atMs - nowMs);
  }

  /** Looks at once; resolves to what kept it from seeing the branch, or null. */
  lookNow(): Promise<string | null> {
    if (this.#waiting !== null) return this.#waiting;
    const look = this.#turn.then(() => {
      this.#waiting = null;
      return this.#closed ? null : this.#look();
    });
    this.#waiting = look;
    this.#turn = look;
    return look;
  }

  /** Resolves when a look that is under way has ended; none begins any more. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#cancel();
    await this.#turn;
  }

  #schedule(delayMs: number): void {
    this.#cancel();
    if (this.#closed) return;
    this.#status = { ...this.#status, nextFetchAtMs: this.#options.clock() + delayMs };
    this.#cancel = this.#options.timers.after(delayMs, () => void this.lookNow());
  }

  async #look(): Promise<string | null> {
    const { look, clock } = this.#options;
    this.#cancel();
    this.counters.fetches += 1;
    this.#status = { ...this.#status, lastFetchAtMs: clock(), nextFetchAtMs: null };
    let error: string | null = null;
    try {
      this.#saw(await look());
    } catch (thrown) {
      if (this.#closed) return null;
      error = messageOf(thrown);
      this.#failed(error);
    }
    // A poke that came meanwhile has its own time already.
    if (this.#status.nextFetchAtMs === null) this.#schedule(this.#waitMs());
    return error;
  }

  #saw(seen: Look): void {
    const { clock, log, onCandidate } = this.#options;
    const { failures, refused } = this.#status;
    if (failures > 0) log.info('The repository answers again', { failures });
    const refusal = seen.outcome === 'refused' ? { commit: seen.head, reason: seen.reason } : null;
    this.#status = {
      ...this.#status,
      head: seen.head,
      lastSuccessAtMs: clock(),
      lastError: null,
      failures: 0,
      refused: refusal,
    };
    if (seen.outcome === 'new') onCandidate(seen.candidate);
    if (refusal === null || (refusal.commit === refused?.commit && refusal.reason === refused.reason)) return;
    this.counters.refused += 1;
    log.error('A commit is refused; the old configuration goes on serving', refusal);
  }

  #failed(error: string): void {
    const { log } = this.#options;
    const isSaid = error === this.#status.lastError;
    this.counters.failures += 1;
    this.#status = { ...this.#status, lastError: error, failures: this.#status.failures + 1 };
    if (isSaid) return;
    log.warn('The repository cannot be followed at the moment', {
      error,
    });
  }

  #waitMs(): number {
    const { intervalMs, random } = this.#options;
    const { failures } = this.#status;
    const doubled = intervalMs * 2 ** Math.min(Math.max(failures - 1, 0), 20);
    const wholeMs = Math.min(doubled, Math.max(intervalMs, longestWaitMs));
    // A tenth of it is chance, so that switches that were started together do not ask together.
    return Math.round(wholeMs * (0.9 + 0.2 * random()));
  }
}
