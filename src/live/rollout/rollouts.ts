/**
 * Tries a change on a share of the calls, and decides what becomes of it: given up when its calls fare worse than the
 * others, for all calls when its time has come. The call core divides the calls, src/rollout compares them.
 */
import type { ComparedCall, ComparedSoFar } from '../../call/compared-calls.ts';
import type { RolloutSettings, Snapshot } from '../../config/snapshot.ts';
import type { Logger } from '../../diagnostics/logger.ts';
import type { ActivationCause } from '../../history/history.ts';
import { Course, type CourseStatus, type Decision } from '../../rollout/course.ts';
import { evidenceTexts } from '../../rollout/evidence-text.ts';
import type { Clock, Timers } from '../clock.ts';
import type { Candidate } from '../configuration/source.ts';
import { OperationError } from '../operations.ts';

/** What rollouts do to the switch, and need of it. */
export interface RolloutSurroundings {
  /** A share of the new calls uses it when this returns, in place of an earlier candidate. */
  readonly tryOut: (candidate: Snapshot, sharePercent: number) => void;
  /** All new calls use it when this returns. */
  readonly serve: (snapshot: Snapshot) => void;
  readonly takeCompared: (so: ComparedSoFar) => readonly ComparedCall[];
  readonly record: (decision: RolloutDecision) => DurableDecision;
  /** Keeps what is known of a version that is in the history already. */
  readonly keep: (snapshot: Snapshot) => void;
  /** Decisions about what serves come one after the other. */
  readonly inTurn: <Result>(work: () => Promise<Result>) => Promise<Result>;
  readonly log: Logger;
  readonly clock: Clock;
  readonly timers: Timers;
}

/** A decision that is being written. */
export interface DurableDecision {
  /** Resolves when it is durable, or when the milliseconds have passed. */
  durableWithin(milliseconds: number): Promise<boolean>;
}

export interface RolloutDecision {
  readonly keep: Snapshot | null;
  readonly hash: string;
  readonly cause: ActivationCause;
  readonly by: string;
  readonly reason: string | null;
  readonly sharePercent: number;
}

export interface RolloutRequest {
  readonly by: string;
  readonly reason: string | null;
  /** The beginning of the hash of the change that is meant; null is whatever is being tried. */
  readonly version?: string | null;
}

/** A change that was given up: it is not tried again until the files change, or an operator asks. */
export interface GivenUp {
  readonly hash: string;
  readonly by: string;
  readonly reason: string;
}

/** Hashes of what served before, and of what serves now; of an abort, the candidate is the former. */
export interface RolloutResult {
  readonly from: string;
  readonly to: string;
}

export interface RolloutStatus extends CourseStatus {
  readonly hash: string;
  readonly commit: string | null;
  readonly settings: RolloutSettings;
  readonly beganAtMs: number;
}

/** What became of rollouts since the start. */
export type RolloutCounters = {
  readonly begun: number;
  /** By themselves, when their time was over; with a doubt, see `Decision`. */
  readonly promoted: number;
  readonly promotedWithDoubt: number;
  readonly promotedByHand: number;
  /** Because the change was worse. */
  readonly aborted: number;
  readonly abortedByHand: number;
  /** The files were again those of the stable version. */
  readonly withdrawn: number;
  /** Another change took their place. */
  readonly replaced: number;
  /** Somebody rolled back or resumed. */
  readonly overruled: number;
};

type Outcome = Exclude<keyof RolloutCounters, 'begun'>;

interface Trial {
  readonly stable: Snapshot;
  candidate: Candidate;
  readonly settings: RolloutSettings;
  readonly beganAtMs: number;
  readonly course: Course;
}

/** Calls are compared in small portions, so that nothing holds up the calls that come. */
const takeEveryMs = 200;
/** Takes the judge a few milliseconds at most; 1500 calls a second can be compared. */
const takenAtOnce = 300;
/** Hardly anybody answers later; in a short rollout all must be known in its time. */
const answerWithinMs = 60_000;
const decideEveryMs = 2000;
/** New calls wait for the disk no longer than this. */
const patienceMs = 500;
const ourselves = 'class4';

export class Rollouts {
  readonly #around: RolloutSurroundings;
  #trial: Trial | null = null;
  #givenUp: GivenUp | null;
  #cancelTimer = (): void => {};
  #decideAtMs = 0;
  readonly #counters = {
    begun: 0,
    promoted: 0,
    promotedWithDoubt: 0,
    promotedByHand: 0,
    aborted: 0,
    abortedByHand: 0,
    withdrawn: 0,
    replaced: 0,
    overruled: 0,
  };

  /** `givenUp` is what the switch had given up before it was started. */
  constructor(around: RolloutSurroundings, givenUp: GivenUp | null = null) {
    this.#around = around;
    this.#givenUp = givenUp;
  }

  get isTrying(): boolean {
    return this.#trial !== null;
  }

  get givenUp(): GivenUp | null {
    return this.#givenUp;
  }

  counters(): RolloutCounters {
    return { ...this.#counters };
  }

  status(): RolloutStatus | null {
    if (this.#trial === null) return null;
    const { candidate, settings, beganAtMs, course } = this.#trial;
    const { hash, commit } = candidate.snapshot;
    return { hash, commit, settings, beganAtMs, ...course.status(this.#around.clock()) };
  }

  /**
   * In the turn of the decision: a good configuration was found while `stable` serves. `applyAtOnce` when it is nothing to
   * be tried.
   */
  async offer(
    candidate: Candidate,
    stable: Snapshot,
  ): Promise<'applyAtOnce' | 'unchanged' | 'trying' | 'givenUp'> {
    const { hash } = candidate.snapshot;
    if (hash === stable.hash) {
      const isTrying = this.isTrying;
      if (isTrying) {
        await this.#giveUp(ourselves, 'the files are again those of the version that serves', 'withdrawn');
      }
      this.#givenUp = null;
      return isTrying ? 'unchanged' : 'applyAtOnce';
    }
    if (this.#trial?.candidate.snapshot.hash === hash) {
      this.#nameCommit(this.#trial, candidate);
      return 'trying';
    }
    if (this.#givenUp?.hash === hash) return 'givenUp';
    const settings = stable.switch.rollout;
    if (settings === undefined) return 'applyAtOnce';
    await this.#begin(candidate, stable, settings);
    return 'trying';
  }

  /** @throws OperationError when nothing is tried, or another change than the one that is meant */
  promote(request: RolloutRequest): Promise<RolloutResult> {
    return this.#around.inTurn(async () => {
      const { stable, candidate } = this.#meant(request);
      await this.#promote(request, 'promotedByHand');
      return { from: stable.hash, to: candidate.snapshot.hash };
    });
  }

  /** @throws OperationError as `promote` */
  abort(request: RolloutRequest): Promise<RolloutResult> {
    const { by, reason } = request;
    return this.#around.inTurn(async () => {
      const { stable, candidate } = this.#meant(request);
      await this.#giveUp(by, reason ?? 'given up by hand', 'abortedByHand');
      return { from: candidate.snapshot.hash, to: stable.hash };
    });
  }

  /**
   * In the turn of a decision that overrules it: the stable version serves all new calls when this returns. What was given
   * up may be tried again.
   */
  end(): void {
    this.#givenUp = null;
    if (this.#trial === null) return;
    const { stable, candidate } = this.#trial;
    this.#forget('overruled');
    this.#around.serve(stable);
    this.#around.log.warn('The rollout was ended by another decision', { hash: candidate.snapshot.hash });
  }

  close(): void {
    this.#cancelTimer();
  }

  async #begin(candidate: Candidate, stable: Snapshot, settings: RolloutSettings): Promise<void> {
    const { snapshot, cause, by } = candidate;
    const { record, tryOut, clock, log } = this.#around;
    const replaced = this.#trial?.candidate.snapshot.hash;
    if (this.#trial !== null) this.#forget('replaced');
    const sharePercent = settings.canaryPercent;
    await record({
      keep: snapshot,
      hash: snapshot.hash,
      cause,
      by,
      reason: null,
      sharePercent,
    }).durableWithin(patienceMs);
    const beganAtMs = clock();
    this.#counters.begun++;
    tryOut(snapshot, sharePercent);
    this.#givenUp = null;
    this.#trial = { stable, candidate, settings, beganAtMs, course: new Course(settings, beganAtMs) };
    this.#decideAtMs = beganAtMs + decideEveryMs;
    this.#waitForCalls(this.#trial);
    log.info('The changed configuration is tried on a share of the new calls', {
      ...{ hash: snapshot.hash, serving: stable.hash, sharePercent, forSeconds: settings.forMs / 1000 },
      ...(replaced === undefined ? {} : { replaced }),
    });
  }

  /** Files that were committed while they are tried mean the same, and what serves later is to name the commit. */
  #nameCommit(trial: Trial, candidate: Candidate): void {
    if (candidate.snapshot.commit === trial.candidate.snapshot.commit) return;
    trial.candidate = candidate;
    this.#around.keep(candidate.snapshot);
  }

  #waitForCalls(trial: Trial): void {
    const { timers, clock, takeCompared, log, inTurn } = this.#around;
    this.#cancelTimer = timers.after(takeEveryMs, () => {
      const nowMs = clock();
      const withinMs = Math.min(answerWithinMs, trial.settings.forMs / 2);
      trial.course.take(takeCompared({ nowMs, answerWithinMs: withinMs, most: takenAtOnce }));
      if (nowMs >= this.#decideAtMs) {
        this.#decideAtMs = nowMs + decideEveryMs;
        const decision = trial.course.decide(nowMs);
        if (decision.kind !== 'goOn') {
          inTurn(() => this.#decided(trial, decision)).catch((error: unknown) => {
            log.error('A rollout could not be decided', { error: String(error) });
          });
        }
      }
      if (this.#trial === trial) this.#waitForCalls(trial);
    });
  }

  /** Somebody may have been faster. */
  async #decided(trial: Trial, decision: Decision): Promise<void> {
    if (this.#trial !== trial || decision.kind === 'goOn') return;
    if (decision.kind === 'promote') {
      const { doubt } = decision;
      await this.#promote(
        { by: ourselves, reason: doubt },
        doubt === null ? 'promoted' : 'promotedWithDoubt',
      );
      return;
    }
    await this.#giveUp(ourselves, evidenceTexts(decision.evidence), 'aborted');
  }

  async #promote({ by, reason }: RolloutRequest, outcome: Outcome): Promise<void> {
    const { stable, candidate } = this.#running();
    const { record, serve, log } = this.#around;
    const { hash } = candidate.snapshot;
    const figures = this.#figures();
    const decision = { keep: null, hash, cause: 'rolloutPromoted', by, reason, sharePercent: 100 } as const;
    await record(decision).durableWithin(patienceMs);
    this.#forget(outcome);
    serve(candidate.snapshot);
    const fields = { hash, previousHash: stable.hash, by, ...figures };
    if (reason === null || by !== ourselves) {
      const given = reason === null ? {} : { reason };
      log.info('The rollout is over: all new calls use the changed configuration', { ...fields, ...given });
    } else {
      const doubt = 'The rollout is over, with a doubt: all new calls use the changed configuration';
      log.warn(doubt, { ...fields, doubt: reason });
    }
  }

  /** The calls come before the disk: a switch that is killed now starts with the stable version all the same. */
  async #giveUp(by: string, reason: string, outcome: Outcome): Promise<void> {
    const { stable, candidate } = this.#running();
    const { record, serve, log } = this.#around;
    const { hash } = candidate.snapshot;
    const figures = this.#figures();
    this.#forget(outcome);
    serve(stable);
    this.#givenUp = { hash, by, reason };
    log.error('The changed configuration was taken back: no new call uses it', {
      ...{ hash, serving: stable.hash, by, reason, ...figures },
    });
    await record({
      ...{ keep: null, hash: stable.hash, cause: 'rolloutAborted', by, reason, sharePercent: 100 },
    }).durableWithin(patienceMs);
  }

  #figures(): Readonly<Record<string, number>> {
    const { stable, candidate } = this.#running().course.status(this.#around.clock());
    return { stableCalls: stable.calls, candidateCalls: candidate.calls };
  }

  /** Another change may have taken the place of the one that the operator looked at. */
  #meant({ version }: RolloutRequest): Trial {
    const trial = this.#running();
    const { hash } = trial.candidate.snapshot;
    if (version == null || (version.length >= 4 && hash.startsWith(version))) return trial;
    const problem = `${version} is not being rolled out, but ${hash}; nothing was changed`;
    throw new OperationError('wrong', problem, 'see `class4 rollout status`');
  }

  #running(): Trial {
    if (this.#trial === null) {
      throw new OperationError('wrong', 'nothing is being rolled out', 'see `class4 rollout status`');
    }
    return this.#trial;
  }

  #forget(outcome: Outcome): void {
    this.#counters[outcome]++;
    this.#cancelTimer();
    this.#trial = null;
  }
}
