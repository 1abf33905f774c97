/** Notices that the configuration directory changed. */
import type { Logger } from '../diagnostics/logger.ts';
import type { Timers } from './clock.ts';
import { fingerprint } from './config-files.ts';
import { messageOf } from './performer.ts';
import { type ListeningCallbacks, listenInThread } from './watch-thread.ts';

export interface WatchOptions {
  readonly directory: string;
  /** `path` is relative to the directory, where the system tells which one it is. */
  readonly onChange: (path: string | null) => void;
  readonly log: Logger;
  readonly timers: Timers;
  /** Of the directory, for whoever must not be held up by looking at it. */
  readonly fingerprint?: () => Promise<string>;
  /** What the system tells of; a test brings its own. */
  readonly listen?: Listen;
}

export interface Watching {
  /** The system tells of no changes any more: the files are only looked at. */
  readonly polling: boolean;
  close(): Promise<void>;
}

export type Listen = (directory: string, callbacks: ListeningCallbacks) => Listening;

export interface Listening {
  close(): Promise<void>;
}

/**
 * Some file systems tell nothing (network mounts) and some replace a directory behind a link (Kubernetes), so the
 * files are also looked at this often.
 */
export const pollMs = 5000;
/** When nobody tells of changes any more. */
export const pollAloneMs = 2000;

/** Rejects when the files cannot be looked at; then nothing is left open. */
export async function watchConfiguration(options: WatchOptions): Promise<Watching> {
  const watching = new ConfigurationWatch(options);
  await watching.start();
  return watching;
}

class ConfigurationWatch implements Watching {
  readonly #options: WatchOptions;
  #listening: Listening | null = null;
  #known = '';
  /** Somebody told of a change since the files were looked at last. */
  #told = false;
  #wasReadyEarly = false;
  #polling = false;
  #closed = false;
  #cancel = (): void => {};

  constructor(options: WatchOptions) {
    this.#options = options;
  }

  get polling(): boolean {
    return this.#polling;
  }

  async start(): Promise<void> {
    this.#listen();
    try {
      this.#known = await this.#fingerprint();
    } catch (error) {
      await this.close();
      throw error;
    }
    // The look may have begun before the system was listened to, and a change between the two was seen by neither.
    if (this.#wasReadyEarly) void this.#lookBack();
    this.#schedule();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#cancel();
    await this.#listening?.close();
  }

  #fingerprint(): Promise<string> {
    const { directory, fingerprint: look = () => fingerprint(directory) } = this.#options;
    return look();
  }

  #listen(): void {
    const { directory, onChange, listen = listenInThread } = this.#options;
    try {
      this.#listening = listen(directory, {
        onReady: () => void this.#lookBack(),
        onChange: path => {
          this.#told = true;
          if (!this.#closed) onChange(path);
        },
        onError: error => this.#pollAlone(error),
      });
    } catch (error) {
      this.#pollAlone(error);
    }
  }

  /** Said once, although each of thousands of files that cannot be watched is an error. */
  #pollAlone(error: unknown): void {
    if (this.#polling || this.#closed) return;
    this.#polling = true;
    this.#options.log.warn(
      `The system tells of no changes of the configuration directory; the files are looked at every ${pollAloneMs / 1000} s until a restart`,
      { error: messageOf(error), ...hintFor(error) },
    );
    this.#letGo();
    this.#schedule();
  }

  #letGo(): void {
    const listening = this.#listening;
    this.#listening = null;
    // Whatever it says now, it is not listened to any more.
    listening?.close().catch(() => undefined);
  }

  #schedule(): void {
    this.#cancel();
    if (this.#closed) return;
    this.#cancel = this.#options.timers.after(this.#polling ? pollAloneMs : pollMs, () => void this.#look());
  }

  /** What changed before the system was listened to, it does not tell of. */
  async #lookBack(): Promise<void> {
    // Before the first look there is nothing to compare with.
    if (this.#known === '') {
      this.#wasReadyEarly = true;
      return;
    }
    const seen = await this.#fingerprint().catch(() => this.#known);
    if (this.#closed || seen === this.#known) return;
    this.#known = seen;
    this.#options.onChange(null);
  }

  async #look(): Promise<void> {
    const { onChange } = this.#options;
    // Who cannot look says nothing: the next look tells.
    const seen = await this.#fingerprint().catch(() => this.#known);
    if (this.#closed) return;
    if (seen !== this.#known) {
      this.#known = seen;
      // It listens to a directory that is no longer the one of this name, or to one of which nothing is told.
      if (!this.#told && !this.#polling) {
        this.#letGo();
        this.#listen();
      }
      onChange(null);
    }
    this.#told = false;
    this.#schedule();
  }
}

/** What the limits of inotify are called. */
function hintFor(error: unknown): { readonly hint?: string } {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC') return { hint: 'raise fs.inotify.max_user_watches (sysctl)' };
  if (code === 'EMFILE') {
    return { hint: 'raise fs.inotify.max_user_instances (sysctl), or the limit of open files' };
  }
  return {};
}
