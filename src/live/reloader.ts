/**
 * Hot reload. Everything that can fail happens first (wait until the files are quiet, read, validate, compile); then
 * one assignment. A set of files that moved while it was read is never applied, whatever it looked like.
 */
import type { Snapshot, SwitchSettings } from '../config/snapshot.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Logger } from '../diagnostics/logger.ts';
import type { Clock, Timers } from './clock.ts';
import type { LoadedConfiguration } from './loading-thread.ts';
import { messageOf } from './performer.ts';

export interface ReloaderOptions {
  readonly load: () => Promise<LoadedConfiguration>;
  readonly fingerprint: () => Promise<string>;
  readonly isGitBusy: () => boolean;
  /** The snapshot that the switch was started with. */
  readonly initial: Snapshot;
  readonly apply: (snapshot: Snapshot) => void;
  readonly log: Logger;
  readonly clock: Clock;
  readonly timers: Timers;
}

export interface ReloadReport {
  /** `moving`: the files did not keep still long enough to be trusted. */
  readonly outcome: 'applied' | 'unchanged' | 'refused' | 'moving';
  /** Hash of the snapshot that serves now. */
  readonly hash: string;
  readonly diagnostics: readonly Diagnostic[];
  /** Keys of switch.yaml that differ from those the switch was started with and need a restart. */
  readonly restartNeeded: readonly string[];
  readonly atMs: number;
}

export interface ReloadStatus {
  readonly applied: number;
  readonly unchanged: number;
  readonly refused: number;
  /** The last time the directory was found good; the start counts. */
  readonly lastGoodAtMs: number;
  readonly lastRefusedAtMs: number | null;
  /** Of the last reading. */
  readonly diagnostics: readonly Diagnostic[];
  readonly restartNeeded: readonly string[];
}

/** Files count as quiet when nothing changed for this long. */
export const quietMs = 250;
/** A lock of git that outlives this on quiet files belongs to a commit waiting in an editor, or to a dead git. */
export const gitPatienceMs = 30_000;
/** Files that keep changing for this long are worth a word. */
const restlessMs = 10_000;
/** How often a forced reload tries again while the files move. */
const forcedTries = 20;

export class Reloader {
  readonly #options: ReloaderOptions;
  readonly #boot: SwitchSettings;
  #current: Snapshot;
  #changedAtMs = 0;
  #following: Promise<void> | null = null;
  /** Reloads one after the other. */
  #turn: Promise<unknown> = Promise.resolve();
  /** What the directory looked like when it was last read. */
  #seen: string | null = null;
  /** A forced reload that has not begun: whoever asks meanwhile shares it. */
  #forced: Promise<ReloadReport> | null = null;
  #complaint = '';
  #closed = false;
  #status: ReloadStatus;

  constructor(options: ReloaderOptions) {
    this.#options = options;
    this.#current = options.initial;
    this.#boot = options.initial.switch;
    this.#status = {
      applied: 0,
      unchanged: 0,
      refused: 0,
      lastGoodAtMs: options.clock(),
      lastRefusedAtMs: null,
      diagnostics: [],
      restartNeeded: [],
    };
  }

  status(): ReloadStatus {
    return this.#status;
  }

  /** Something in the directory changed, perhaps not for the last time. */
  noticeChange(): void {
    this.#changedAtMs = this.#options.clock();
    if (this.#closed) return;
    this.#following ??= this.#follow().finally(() => {
      this.#following = null;
    });
  }

  /** Reads the directory now, whether or not a change was noticed. */
  reloadNow(): Promise<ReloadReport> {
    this.#forced ??= this.#inTurn(async () => {
      this.#forced = null;
      for (let tries = 1; ; tries += 1) {
        const report = await this.#attempt(true);
        if (report.outcome !== 'moving' || tries === forcedTries || this.#closed) return report;
        await this.#wait(quietMs);
      }
    });
    return this.#forced;
  }

  /** Resolves when a reload that is under way has ended; none begins any more. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#turn.catch(() => {});
  }

  async #follow(): Promise<void> {
    for (;;) {
      await this.#quiet();
      if (this.#closed) return;
      const readFromMs = this.#changedAtMs;
      const { outcome } = await this.#inTurn(() => this.#attempt(false));
      if (outcome === 'moving') this.#changedAtMs = this.#options.clock();
      else if (this.#changedAtMs === readFromMs) return;
    }
  }

  async #quiet(): Promise<void> {
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
        log.warn('The configuration keeps changing; it is read when it has been quiet for a moment');
      }
      await this.#wait(quietForMs < quietMs ? quietMs - quietForMs : quietMs);
    }
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => {});
    return result;
  }

  async #attempt(forced: boolean): Promise<ReloadReport> {
    const before = await this.#options.fingerprint();
    if (forced && this.#isCheckoutUnderWay()) return this.#report('moving', []);
    if (!forced && before === this.#seen) return this.#report('unchanged', this.#status.diagnostics);
    let loaded: LoadedConfiguration;
    try {
      loaded = await this.#options.load();
    } catch (error) {
      return this.#refuse([], messageOf(error));
    }
    if ((await this.#options.fingerprint()) !== before) return this.#report('moving', []);
    this.#seen = before;
    if (loaded.snapshot === null) return this.#refuse(loaded.diagnostics, null);
    return this.#accept(loaded.snapshot, loaded.diagnostics);
  }

  /** A lock of git on files that have long been quiet belongs to nobody who writes them. */
  #isCheckoutUnderWay(): boolean {
    const { clock, isGitBusy } = this.#options;
    return clock() - this.#changedAtMs < gitPatienceMs && isGitBusy();
  }

  #accept(snapshot: Snapshot, diagnostics: readonly Diagnostic[]): ReloadReport {
    const { log, clock, apply } = this.#options;
    const wasBroken = this.#complaint !== '' && this.#status.diagnostics.some(isError);
    const changed = snapshot.hash !== this.#current.hash;
    const previousHash = this.#current.hash;
    // Files that were committed after they were edited mean the same, and records are to name the commit.
    if (changed || snapshot.commit !== this.#current.commit) {
      apply(snapshot);
      this.#current = snapshot;
    }
    this.#status = {
      ...this.#status,
      applied: this.#status.applied + (changed ? 1 : 0),
      unchanged: this.#status.unchanged + (changed ? 0 : 1),
      lastGoodAtMs: clock(),
      diagnostics,
      restartNeeded: restartKeys(this.#boot, snapshot.switch),
    };
    if (changed) {
      log.info('The configuration was reloaded; new calls use it', { hash: snapshot.hash, previousHash });
    } else if (wasBroken) {
      log.info('The configuration is good again, and the same as the one that serves', {
        hash: snapshot.hash,
      });
    }
    if (changed && this.#status.restartNeeded.length > 0) {
      log.warn('These settings take effect after a restart only', {
        settings: this.#status.restartNeeded.join(', '),
      });
    }
    this.#complain(diagnostics, null);
    return this.#report(changed ? 'applied' : 'unchanged', diagnostics);
  }

  #refuse(diagnostics: readonly Diagnostic[], failure: string | null): ReloadReport {
    const refusedAtMs = this.#options.clock();
    this.#status = {
      ...this.#status,
      refused: this.#status.refused + 1,
      lastRefusedAtMs: refusedAtMs,
      diagnostics,
    };
    this.#complain(diagnostics, failure);
    return this.#report('refused', diagnostics);
  }

  /** Says what is wrong once, and again only when something else is wrong. */
  #complain(diagnostics: readonly Diagnostic[], failure: string | null): void {
    const complaint = JSON.stringify([failure, diagnostics]);
    const changed = complaint !== this.#complaint;
    this.#complaint = diagnostics.length === 0 && failure === null ? '' : complaint;
    if (!changed || this.#complaint === '') return;
    const { log } = this.#options;
    const errors = diagnostics.filter(isError).length;
    if (failure !== null || errors > 0) {
      log.error('The changed configuration is refused; the old one goes on serving', {
        errors,
        hash: this.#current.hash,
        ...(failure === null ? {} : { failure }),
      });
    }
    logDiagnostics(log, diagnostics);
  }

  #report(outcome: ReloadReport['outcome'], diagnostics: readonly Diagnostic[]): ReloadReport {
    const { restartNeeded } = this.#status;
    return { outcome, hash: this.#current.hash, diagnostics, restartNeeded, atMs: this.#options.clock() };
  }

  #wait(milliseconds: number): Promise<void> {
    return new Promise(resolve => {
      this.#options.timers.after(milliseconds, resolve);
    });
  }
}

function isError(diagnostic: Diagnostic): boolean {
  return diagnostic.severity === 'error';
}

const diagnosticsLoggedMax = 50;

export function logDiagnostics(log: Logger, diagnostics: readonly Diagnostic[]): void {
  for (const { code, severity, place, message, hint } of diagnostics.slice(0, diagnosticsLoggedMax)) {
    const at = `${place.file}:${place.line}:${place.column}`;
    const fields = { at, code, problem: message, ...(hint === undefined ? {} : { hint }) };
    if (severity === 'error') log.error('Configuration error', fields);
    else log.warn('Configuration warning', fields);
  }
  if (diagnostics.length > diagnosticsLoggedMax) {
    log.warn('More findings are shown by `class4 validate`', {
      more: diagnostics.length - diagnosticsLoggedMax,
    });
  }
}

/** Keys that are read once, at the start. */
export function restartKeys(boot: SwitchSettings, next: SwitchSettings): readonly string[] {
  const values: readonly (readonly [string, unknown, unknown])[] = [
    ['sip.listen', boot.sip.listen, next.sip.listen],
    ['sip.server', boot.sip.server, next.sip.server],
    ['store.path', boot.store.path, next.store.path],
  ];
  return values
    .filter(([, before, after]) => JSON.stringify(before) !== JSON.stringify(after))
    .map(([key]) => key);
}
