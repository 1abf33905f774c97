/** What came of the readings of a source: counters, the findings of the last one, and each complaint said once. */
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { Logger } from '../../diagnostics/logger.ts';
import type { Clock } from '../clock.ts';
import { logDiagnostics } from './findings-log.ts';
import { errorsAmong } from './listed-findings.ts';
import type { OfferOutcome } from './serving-version.ts';
import type { Candidate } from './source.ts';

export interface ReadingsStatus {
  readonly applied: number;
  readonly unchanged: number;
  readonly refused: number;
  /** Good, and not applied because of a hold. */
  readonly held: number;
  /** Good, and begun or going on as a rollout. */
  readonly trying: number;
  /** Good, and not tried again after its rollout was aborted. */
  readonly givenUp: number;
  /** The last time the source was found good; the start counts. */
  readonly lastGoodAtMs: number;
  readonly lastRefusedAtMs: number | null;
  /** Of the last reading. */
  readonly diagnostics: readonly Diagnostic[];
  /** Hash of what the source has; null when it is broken, or was not read yet. */
  readonly sourceHash: string | null;
}

export class Readings {
  readonly #log: Logger;
  readonly #clock: Clock;
  #complaint = '';
  #status: ReadingsStatus;

  constructor(log: Logger, clock: Clock, sourceHash: string | null) {
    this.#log = log;
    this.#clock = clock;
    this.#status = {
      applied: 0,
      unchanged: 0,
      refused: 0,
      held: 0,
      trying: 0,
      givenUp: 0,
      lastGoodAtMs: clock(),
      lastRefusedAtMs: null,
      diagnostics: [],
      sourceHash,
    };
  }

  status(): ReadingsStatus {
    return this.#status;
  }

  /** The last reading found something that keeps the configuration from serving. */
  get areBroken(): boolean {
    return this.#complaint !== '' && this.#status.diagnostics.some(isError);
  }

  noteGood(outcome: OfferOutcome, { snapshot, diagnostics }: Candidate): void {
    this.#status = {
      ...this.#status,
      [outcome]: this.#status[outcome] + 1,
      lastGoodAtMs: this.#clock(),
      diagnostics,
      sourceHash: snapshot.hash,
    };
    this.#complain(diagnostics, null, '');
  }

  noteRefused(diagnostics: readonly Diagnostic[], failure: string | null, servingHash: string): void {
    this.#status = {
      ...this.#status,
      refused: this.#status.refused + 1,
      lastRefusedAtMs: this.#clock(),
      diagnostics,
      sourceHash: null,
    };
    this.#complain(diagnostics, failure, servingHash);
  }

  /** Says what is wrong once, and again only when something else is wrong. */
  #complain(diagnostics: readonly Diagnostic[], failure: string | null, servingHash: string): void {
    const complaint = JSON.stringify([failure, diagnostics]);
    const changed = complaint !== this.#complaint;
    this.#complaint = diagnostics.length === 0 && failure === null ? '' : complaint;
    if (!changed || this.#complaint === '') return;
    const errors = errorsAmong(diagnostics);
    if (failure !== null || errors > 0) {
      this.#log.error('The changed configuration is refused; the old one goes on serving', {
        errors,
        hash: servingHash,
        ...(failure === null ? {} : { failure }),
      });
    }
    logDiagnostics(this.#log, diagnostics);
  }
}

function isError(diagnostic: Diagnostic): boolean {
  return diagnostic.severity === 'error';
}
