/**
 * A directory of files as the source of configurations. It is read when it has been quiet for a moment, or when that moment
 * does not come. A set of files that never was there together is never handed on, whatever it looked like.
 */
import type { Logger } from '../../diagnostics/logger.ts';
import type { Clock, Timers } from '../clock.ts';
import type { ChangesSeen } from '../file-changes.ts';
import type { LoadedConfiguration } from '../loading-thread.ts';
import { messageOf } from '../performer.ts';
import { Restlessness, restlessMs } from './restlessness.ts';
import type { ConfigurationSource, Reading } from './source.ts';

export interface DirectorySourceOptions {
  readonly load: () => Promise<LoadedConfiguration>;
  /** While somebody writes. */
  readonly loadSteadily: () => Promise<LoadedConfiguration>;
  readonly fingerprint: () => Promise<string>;
  /** Which files changed since this was asked last. */
  readonly changesSeen: () => Promise<ChangesSeen>;
  readonly isGitBusy: () => boolean;
  readonly log: Logger;
  readonly clock: Clock;
  readonly timers: Timers;
}

/** Files count as quiet when nothing changed for this long. */
export const quietMs = 250;
/** A lock of git that outlives this on quiet files belongs to a commit waiting in an editor, or to a dead git. */
export const gitPatienceMs = 30_000;
/** Between two readings of files that keep changing. */
export const restlessPauseMs = 1000;

export class DirectorySource implements ConfigurationSource {
  readonly #options: DirectorySourceOptions;
  #changedAtMs = 0;
  #changes = 0;
  #changedPath: string | null = null;
  #listener = (): void => {};
  readonly #restlessness = new Restlessness();
  #triedAtMs = 0;
  #saidRestless = false;
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
    this.#restlessness.noteChange(this.#changedAtMs);
    this.#changes += 1;
    this.#listener();
  }

  async rest(): Promise<void> {
    const { clock, isGitBusy, log } = this.#options;
    while (!this.#closed) {
      const quietForMs = clock() - this.#changedAtMs;
      if (quietForMs >= quietMs && !isGitBusy()) return;
      if (quietForMs >= gitPatienceMs) {
        log.warn('The index of git stays locked; the configuration is read all the same');
        return;
      }
      if (quietForMs < quietMs && this.#isRestless()) {
        this.#sayRestless();
        if (clock() - this.#triedAtMs >= restlessPauseMs && !this.#isCheckoutLikely()) return;
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
    if (this.#isRestless() && this.#options.clock() - this.#changedAtMs < quietMs)
      return this.#readRestless();
    const before = await this.#options.fingerprint();
    if (forced && this.#isCheckoutUnderWay()) return { outcome: 'moving' };
    if (!forced && before === this.#seen) {
      this.#settle();
      return { outcome: 'unread' };
    }
    const loaded = await this.#options.load();
    if ((await this.#options.fingerprint()) !== before) {
      this.#restlessness.noteChange(this.#options.clock());
      if (!forced) this.#changedAtMs = this.#options.clock();
      return { outcome: 'moving' };
    }
    this.#seen = before;
    this.#settle();
    return readingOf(loaded);
  }

  /** Of files that keep changing: what they were at one moment. */
  async #readRestless(): Promise<Reading> {
    const { clock, changesSeen, loadSteadily, log } = this.#options;
    this.#triedAtMs = clock();
    if (this.#isCheckoutLikely()) return { outcome: 'moving' };
    if (!this.#restlessness.mayRead(await changesSeen(), clock())) return { outcome: 'moving' };
    const { areSteady = true, ...loaded } = await loadSteadily();
    const isTrusted = this.#restlessness.isTrusted(await changesSeen(), areSteady, clock());
    if (!isTrusted) return { outcome: 'moving' };
    log.info('The configuration was read although it keeps changing', this.#changedFile());
    this.#restlessness.readAt(clock());
    this.#seen = null;
    return readingOf(loaded);
  }

  async close(): Promise<void> {
    this.#closed = true;
  }

  /** So long that waiting for a quiet moment would be waiting for ever. */
  #isRestless(): boolean {
    return this.#restlessness.lastsMs(this.#options.clock()) >= restlessMs;
  }

  #settle(): void {
    this.#restlessness.end();
    this.#saidRestless = false;
  }

  /** A checkout changes many files, and none of them for long. */
  #isCheckoutLikely(): boolean {
    const { clock, isGitBusy } = this.#options;
    return isGitBusy() && this.#restlessness.lastsMs(clock()) < restlessMs + gitPatienceMs;
  }

  #sayRestless(): void {
    if (this.#saidRestless) return;
    this.#saidRestless = true;
    this.#options.log.warn(
      'The configuration keeps changing; it is read when it has been quiet for a moment, or else when one file at most changes meanwhile',
      this.#changedFile(),
    );
  }

  #changedFile(): { readonly file?: string } {
    return this.#changedPath === null ? {} : { file: this.#changedPath };
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

function readingOf({ snapshot, diagnostics }: LoadedConfiguration): Reading {
  if (snapshot === null) return { outcome: 'refused', diagnostics, failure: null };
  return { outcome: 'good', candidate: { snapshot, diagnostics, cause: 'edit', by: 'class4' } };
}
