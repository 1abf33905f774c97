/**
 * Makes decisions about what serves durable, in their order. A disk that refuses keeps nothing from serving: the
 * decision is tried again until it is taken, or until another one has made it void.
 */
import type { Snapshot } from '../../config/snapshot.ts';
import type { Logger } from '../../diagnostics/logger.ts';
import type { History, NewActivation } from '../../history/history.ts';
import type { Timers } from '../clock.ts';
import { messageOf } from '../performer.ts';

export interface Decision {
  /** Kept before anything else; null when the history has the version already. */
  readonly keep: Snapshot | null;
  /** null when only something about the version that serves has to be kept. */
  readonly activation: NewActivation | null;
}

export interface Recording {
  /** True once it is durable, false once it is void; it may wait for ever. */
  readonly settled: Promise<boolean>;
  /** True once the decision is durable, false when so many milliseconds passed or the disk refused meanwhile. */
  durableWithin(milliseconds: number): Promise<boolean>;
  /** As above, but goes on waiting when the disk refuses, because it may take it at the next try. */
  durableAfterAll(milliseconds: number): Promise<boolean>;
}

export interface DecisionRecorderOptions {
  readonly history: Pick<History, 'keep' | 'activate'>;
  readonly log: Logger;
  readonly timers: Timers;
}

interface Entry {
  keep: Snapshot | null;
  readonly activation: NewActivation | null;
  /** `refused`: once at least, and it is tried again. `void`: given up, because another decision replaced it. */
  state: 'waiting' | 'refused' | 'durable' | 'void';
  readonly listeners: Set<() => void>;
}

const isSettled = (state: Entry['state']): boolean => state === 'durable' || state === 'void';

const retryFirstMs = 100;
const retryLongestMs = 5000;

export class DecisionRecorder {
  readonly #options: DecisionRecorderOptions;
  readonly #queue: Entry[] = [];
  #running: Promise<void> | null = null;
  #lastError: string | null = null;
  #retryMs = retryFirstMs;
  #wake = (): void => {};
  #closing = false;

  constructor(options: DecisionRecorderOptions) {
    this.#options = options;
  }

  /** Decisions that are not durable yet. */
  get pending(): number {
    return this.#queue.length;
  }

  /** Why the disk refuses at the moment; null when it does not. */
  get lastError(): string | null {
    return this.#lastError;
  }

  record(decision: Decision): Recording {
    const entry: Entry = { ...decision, state: 'waiting', listeners: new Set() };
    this.#queue.push(entry);
    this.#wake();
    this.#running ??= this.#run().finally(() => {
      this.#running = null;
    });
    return {
      settled: new Promise(resolve => {
        entry.listeners.add(() => {
          if (isSettled(entry.state)) resolve(entry.state === 'durable');
        });
      }),
      durableWithin: milliseconds => this.#until(entry, milliseconds, state => state !== 'waiting'),
      durableAfterAll: milliseconds => this.#until(entry, milliseconds, isSettled),
    };
  }

  /** Tries what waits once more, and says what would not survive the restart. */
  async close(limitMs: number): Promise<void> {
    this.#closing = true;
    for (const entry of this.#queue) entry.state = 'waiting';
    this.#wake();
    const last = this.#queue.at(-1);
    if (last === undefined) return;
    await this.#until(last, limitMs, state => state !== 'waiting');
    for (const entry of this.#queue) this.#sayLost('A decision is lost with this restart', entry);
  }

  async #run(): Promise<void> {
    for (let entry = this.#queue[0]; entry !== undefined; entry = this.#queue[0]) {
      const isLastTry = this.#closing;
      try {
        await this.#write(entry);
      } catch (error) {
        await this.#refused(entry, messageOf(error));
        if (isLastTry) return;
        continue;
      }
      this.#queue.shift();
      this.#recovered();
      settle(entry, 'durable');
    }
  }

  async #write(entry: Entry): Promise<void> {
    const { history } = this.#options;
    if (entry.keep !== null) {
      await history.keep(entry.keep);
      entry.keep = null;
    }
    if (entry.activation !== null) await history.activate(entry.activation);
  }

  async #refused(entry: Entry, error: string): Promise<void> {
    if (this.#lastError === null) {
      this.#options.log.error('The history cannot be written; what was decided would not survive a restart', {
        error,
        ...factsOf(entry),
      });
    }
    this.#lastError = error;
    settle(entry, 'refused');
    if (this.#dropIfVoid(entry)) return;
    await this.#rest();
  }

  /** What a later decision replaces must not stand in its way for ever. */
  #dropIfVoid(entry: Entry): boolean {
    const later = this.#queue.slice(1);
    const setsHold = entry.activation?.hold !== undefined;
    const isVoid = setsHold
      ? later.some(({ activation }) => activation?.hold !== undefined)
      : later.some(({ activation }) => activation !== null);
    if (!isVoid) return false;
    this.#queue.shift();
    settle(entry, 'void');
    this.#sayLost('A decision could not be written before another one replaced it', entry);
    return true;
  }

  #sayLost(message: string, entry: Entry): void {
    this.#options.log.error(message, { ...factsOf(entry), error: this.#lastError });
  }

  #recovered(): void {
    this.#retryMs = retryFirstMs;
    if (this.#lastError === null) return;
    this.#lastError = null;
    this.#options.log.info('The history can be written again');
  }

  /** A new decision and the end of the switch are worth a try at once. */
  #rest(): Promise<void> {
    const milliseconds = this.#retryMs;
    this.#retryMs = Math.min(this.#retryMs * 2, retryLongestMs);
    if (this.#closing) return Promise.resolve();
    return new Promise(resolve => {
      const cancel = this.#options.timers.after(milliseconds, resolve);
      this.#wake = () => {
        cancel();
        resolve();
      };
    });
  }

  #until(entry: Entry, milliseconds: number, isEnough: (state: Entry['state']) => boolean): Promise<boolean> {
    if (isEnough(entry.state)) return Promise.resolve(entry.state === 'durable');
    return new Promise(resolve => {
      const finish = (): void => {
        cancel();
        entry.listeners.delete(look);
        resolve(entry.state === 'durable');
      };
      const look = (): void => {
        if (isEnough(entry.state)) finish();
      };
      entry.listeners.add(look);
      const cancel = this.#options.timers.after(milliseconds, finish);
    });
  }
}

function settle(entry: Entry, state: Entry['state']): void {
  entry.state = state;
  for (const listener of [...entry.listeners]) listener();
}

function factsOf({ activation, keep }: Entry): Readonly<Record<string, string | null>> {
  if (activation === null) return { hash: keep?.hash ?? null };
  const { hash, cause, by, reason } = activation;
  return { hash, cause, by, ...(reason === null ? {} : { reason }) };
}
