/**
 * A directory of files as the source of configurations. It is read when it has been quiet for a moment, and a set of
 * files that moved while it was read is never handed on, whatever it looked like.
 */
import type { Logger } from '../../diagnostics/logger.ts';
import type { Clock, Timers } from '../clock.ts';
import type { LoadedConfiguration } from '../loading-thread.ts';
import { messageOf } from '../performer.ts';
import type { ConfigurationSource, Reading } from './source.ts';

export interface DirectorySourceOptions {
  readonly load: () => Promise<LoadedConfiguration>;
  readonly fingerprint: () => Promise<string>;
  readonly isGitBusy: () => boolean;
  readonly log: Logger;
  readonly clock: Clock;
  readonly timers: Timers;
}

/** Files count as quiet when nothing changed for this long. */
export const quietMs = 250;
/** A lock of git that outlives this on quiet files belongs to a commit waiting in an editor, or to a dead git. */
export const gitPatienceMs = 30_000;
/** Files that keep changing for this long are worth a word. */
const restlessMs = 10_000;

export class DirectorySource implements ConfigurationSource {
  readonly #options: DirectorySourceOptions;
  #changedAtMs = 0;
  #changes = 0;
  #changedPath: string | null = null;
  #listener = (): void => {};
  /** What the directory looked like when it was last read. */
  #seen: string | null = null;
  #closed = false;

  constructor(options: DirectorySourceOptions) {
    this.#options = options;
  }

  get changes(): number {
    return this.#changes;
  }

  onChange(listener: () => void): void {
    this.#listener = listener;
  }

  /** Something in the directory changed, perhaps not for the last time. `path` is what, when that is known. */
  noticeChange(path: string | null = null): void {
    if (this.#closed) return;
    this.#changedPath = path ?? this.#changedPath;
    this.#changedAtMs = this.#options.clock();
    this.#changes += 1;
    this.#listener();
  }

  async rest(): Promise<void> {
    const { clock, isGitBusy, log } = this.#options;
    const sinceMs = clock();
    for (let said = false; !this.#closed; ) {
      const quietForMs = clock() - this.#changedAtMs;
      if (quietForMs >= quietMs && !isGitBusy()) return;
      if (quietForMs >= gitPatienceMs) {
        log.warn('The index of git stays locked; the configuration is read all the same');
        return;
      }
      if (!said && clock() - sinceMs >= restlessMs) {
        said = true;
        log.warn('The configuration keeps changing; it is read when it has been quiet for a moment', {
          ...(this.#changedPath === null ? {} : { file: this.#changedPath }),
        });
      }
      await this.#wait(quietForMs < quietMs ? quietMs - quietForMs : quietMs);
    }
  }

  async read(forced: boolean): Promise<Reading> {
    try {
      return await this.#read(forced);
    } catch (error) {
      // The thread that looks and loads died, or was given up: the next reading has another one.
      return { outcome: 'refused', diagnostics: [], failure: messageOf(error) };
    }
  }

  async #read(forced: boolean): Promise<Reading> {
    const before = await this.#options.fingerprint();
    if (forced && this.#isCheckoutUnderWay()) return { outcome: 'moving' };
    if (!forced && before === this.#seen) return { outcome: 'unread' };
    const { snapshot, diagnostics } = await this.#options.load();
    if ((await this.#options.fingerprint()) !== before) {
      if (!forced) this.#changedAtMs = this.#options.clock();
      return { outcome: 'moving' };
    }
    this.#seen = before;
    if (snapshot === null) return { outcome: 'refused', diagnostics, failure: null };
    return { outcome: 'good', candidate: { snapshot, diagnostics, cause: 'edit', by: 'class4' } };
  }

  async close(): Promise<void> {
    this.#closed = true;
  }

  /** A lock of git on files that have long been quiet belongs to nobody who writes them. */
  #isCheckoutUnderWay(): boolean {
    const { clock, isGitBusy } = this.#options;
    return clock() - this.#changedAtMs < gitPatienceMs && isGitBusy();
  }

  #wait(milliseconds: number): Promise<void> {
    return new Promise(resolve => {
      this.#options.timers.after(milliseconds, resolve);
    });
  }
}
