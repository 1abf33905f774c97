/**
 * Hot reload. Everything that can fail happens first (wait until the source is at rest, read, validate, compile); what
 * is good is offered to whoever decides what serves.
 */
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { Logger } from '../../diagnostics/logger.ts';
import type { Clock, Timers } from '../clock.ts';
import { OperationError } from '../operations.ts';
import { quietMs } from './directory-source.ts';
import type { HoldStatus, Request } from './hold-state.ts';
import { Readings, type ReadingsStatus } from './readings.ts';
import { type DecisionReport, notHeld, type OfferOutcome, type ServingVersion } from './serving-version.ts';
import type { Candidate, ConfigurationSource, Reading } from './source.ts';

export interface ReloaderOptions {
  readonly source: ConfigurationSource;
  readonly serving: ServingVersion;
  /** Of what the source had at the start; null when that was not read, or is broken. */
  readonly sourceHash: string | null;
  readonly log: Logger;
  readonly clock: Clock;
  readonly timers: Timers;
}

export interface ReloadReport {
  /** `moving`: the files did not keep still long enough to be trusted. */
  readonly outcome: OfferOutcome | 'refused' | 'moving';
  /** Hash of the snapshot that serves now. */
  readonly hash: string;
  readonly diagnostics: readonly Diagnostic[];
  /** Why it could not be read at all; null when the diagnostics say what is wrong, and when nothing is. */
  readonly failure: string | null;
  /** Keys of switch.yaml that differ from those the switch was started with and need a restart. */
  readonly restartNeeded: readonly string[];
  readonly hold: HoldStatus | null;
  /** Of what the source has; null when it is broken or was not read. */
  readonly sourceHash: string | null;
  readonly atMs: number;
}

export interface ResumeReport {
  /** `refused` and `moving`: the hold stays. */
  readonly outcome: 'resumed' | 'refused' | 'moving';
  readonly diagnostics: readonly Diagnostic[];
  /** As that of a reload. */
  readonly failure: string | null;
  /** null unless it was resumed. */
  readonly decision: DecisionReport | null;
}

export interface ReloadStatus extends ReadingsStatus {
  readonly restartNeeded: readonly string[];
}

/** How often a forced reload tries again while the files move. */
const forcedTries = 20;

export class Reloader {
  readonly #options: ReloaderOptions;
  readonly #readings: Readings;
  #following: Promise<void> | null = null;
  /** Reloads one after the other. */
  #turn: Promise<unknown> = Promise.resolve();
  /** A forced reload that has not begun: whoever asks meanwhile shares it. */
  #forced: Promise<ReloadReport> | null = null;
  #closed = false;

  constructor(options: ReloaderOptions) {
    this.#options = options;
    this.#readings = new Readings(options.log, options.clock, options.sourceHash);
    options.source.onChange(() => this.#noticeChange());
  }

  status(): ReloadStatus {
    return { ...this.#readings.status(), restartNeeded: this.#options.serving.restartNeeded };
  }

  /** Reads the source now, whether or not a change was noticed. */
  reloadNow(): Promise<ReloadReport> {
    this.#forced ??= this.#inTurn(async () => {
      this.#forced = null;
      return this.#take(await this.#readForced());
    });
    return this.#forced;
  }

  /**
   * Ends the hold of a rollback with what the source has now, when that is good.
   * @throws OperationError when nothing is held, or the hold is another one when the source was read
   */
  resume(request: Request): Promise<ResumeReport> {
    return this.#inTurn(async () => {
      const { serving } = this.#options;
      const held = serving.currentHold;
      if (held === null) throw notHeld();
      const reading = await this.#readForced();
      if (reading.outcome !== 'good') {
        const { outcome, diagnostics, failure } = await this.#take(reading);
        return {
          outcome: outcome === 'refused' ? 'refused' : 'moving',
          diagnostics,
          failure,
          decision: null,
        };
      }
      const decision = await serving.resume(reading.candidate, held, request);
      this.#readings.noteGood(decision.to === decision.from ? 'unchanged' : 'applied', reading.candidate);
      return { outcome: 'resumed', diagnostics: reading.candidate.diagnostics, failure: null, decision };
    });
  }

  /** Resolves when a reload that is under way has ended; none begins any more. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#options.source.close();
    await this.#turn.catch(() => {});
  }

  #noticeChange(): void {
    if (this.#closed) return;
    this.#following ??= this.#follow().finally(() => {
      this.#following = null;
    });
  }

  async #follow(): Promise<void> {
    const { source } = this.#options;
    for (;;) {
      await source.rest();
      if (this.#closed) return;
      const { changes } = source;
      const { outcome } = await this.#inTurn(async () => this.#take(await source.read(false)));
      if (outcome !== 'moving' && source.changes === changes) return;
    }
  }

  async #readForced(): Promise<Reading> {
    for (let tries = 1; ; tries += 1) {
      const reading = await this.#options.source.read(true);
      if (reading.outcome !== 'moving' || tries === forcedTries || this.#closed) return reading;
      await this.#wait(quietMs);
    }
  }

  async #take(reading: Reading): Promise<ReloadReport> {
    switch (reading.outcome) {
      case 'unread':
        return this.#report('unchanged', this.#readings.status().diagnostics);
      case 'moving':
        return this.#report('moving', []);
      case 'refused':
        this.#readings.noteRefused(reading.diagnostics, reading.failure, this.#options.serving.current.hash);
        return this.#report('refused', reading.diagnostics, reading.failure);
      case 'good':
        return this.#offer(reading.candidate);
    }
  }

  async #offer(candidate: Candidate): Promise<ReloadReport> {
    const { serving, log } = this.#options;
    let outcome: OfferOutcome;
    try {
      outcome = await serving.offer(candidate);
    } catch (error) {
      if (!(error instanceof OperationError)) throw error;
      return this.#take({ outcome: 'refused', diagnostics: candidate.diagnostics, failure: error.message });
    }
    if (outcome === 'unchanged' && this.#readings.areBroken) {
      log.info('The configuration is good again, and the same as the one that serves', {
        hash: candidate.snapshot.hash,
      });
    }
    this.#readings.noteGood(outcome, candidate);
    return this.#report(outcome, candidate.diagnostics);
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => {});
    return result;
  }

  #report(
    outcome: ReloadReport['outcome'],
    diagnostics: readonly Diagnostic[],
    failure: string | null = null,
  ): ReloadReport {
    const { serving, clock } = this.#options;
    const { restartNeeded, current, hold } = serving;
    const { sourceHash } = this.#readings.status();
    return {
      outcome,
      hash: current.hash,
      diagnostics,
      failure,
      restartNeeded,
      hold,
      sourceHash,
      atMs: clock(),
    };
  }

  #wait(milliseconds: number): Promise<void> {
    return new Promise(resolve => {
      this.#options.timers.after(milliseconds, resolve);
    });
  }
}
