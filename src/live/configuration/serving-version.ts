/**
 * Decides which configuration serves, and is the one place that puts it into service. Each decision is written to the
 * history first, so that a switch that is killed comes back with it, and then applied; when the disk does not take it
 * in time it is applied all the same, and goes on being written.
 */

import { restartKeys } from '../../config/restart-keys.ts';
import type { Snapshot, SwitchSettings } from '../../config/snapshot.ts';
import type { Logger } from '../../diagnostics/logger.ts';
import type { History, Hold, NewActivation } from '../../history/history.ts';
import { HistoryError } from '../../history/history-error.ts';
import type { Clock, Timers } from '../clock.ts';
import { OperationError } from '../operations.ts';
import { messageOf } from '../performer.ts';
import { type GivenUp, type RolloutSurroundings, Rollouts } from '../rollout/rollouts.ts';
import { type Decision, DecisionRecorder, type Recording } from './decision-recorder.ts';
import { HoldState, type HoldStatus, type Request } from './hold-state.ts';
import { prepareOrRefuse } from './prepare.ts';
import type { Candidate } from './source.ts';
import { namedVersion, previousVersion, type RestoredVersion } from './versions.ts';

export interface ServingVersionOptions {
  readonly history: History;
  /** The snapshot that the switch was started with. */
  readonly initial: Snapshot;
  /** What the switch was started with where that is not what `initial` says. */
  readonly boot?: SwitchSettings;
  /** The hold that the switch was started in. */
  readonly hold?: Hold | null;
  /** A version that is in memory still; null for others, which come from the history. */
  readonly recall?: (hash: string) => Snapshot | null;
  /** Gets ready what calls will need of it, while they use another one; nothing when it is left out. */
  readonly prepare?: (snapshot: Snapshot) => Promise<void>;
  /** New calls use it when this returns. */
  readonly apply: (snapshot: Snapshot) => void;
  /** Absent where every change serves all calls at once. */
  readonly trying?: Pick<RolloutSurroundings, 'tryOut' | 'takeCompared'>;
  /** The change that was given up last, before the switch was started. */
  readonly givenUp?: GivenUp | null;
  readonly log: Logger;
  readonly clock: Clock;
  readonly timers: Timers;
}

/** `held`: it is good, and serves when somebody resumes. */
/** `trying`: on a share of the calls. `givenUp`: it was tried, and is not tried again as it is. */
export type OfferOutcome = 'applied' | 'unchanged' | 'held' | 'trying' | 'givenUp';

export interface Rollback extends Request {
  readonly reason: string;
  /** Number, beginning of the hash, or `previous`; null is `previous`, too. */
  readonly version: string | null;
}

export interface DecisionReport {
  /** What served before. */
  readonly from: string;
  /** What serves now. */
  readonly to: string;
  /** False: it would not survive a restart yet. */
  readonly durable: boolean;
  /** Why the disk refuses. */
  readonly problem: string | null;
  readonly restartNeeded: readonly string[];
}

export interface DecisionsStatus {
  /** Decisions that are not durable yet. */
  readonly pending: number;
  readonly lastError: string | null;
}

/** New calls wait for the disk no longer than this, whatever was decided. */
export const editPatienceMs = 500;
export const rollbackPatienceMs = 300;
/** The operator is told no later than this that the disk does not take the decision. */
export const answerPatienceMs = 5000;
const closePatienceMs = 2000;

export class ServingVersion {
  readonly #options: ServingVersionOptions;
  readonly #boot: SwitchSettings;
  readonly #recorder: DecisionRecorder;
  #current: Snapshot;
  #hold: HoldState | null;
  /** Decisions one after the other. */
  #turn: Promise<unknown> = Promise.resolve();
  /** What was told to be held, so that it is told once. */
  #saidHeld: string | null = null;
  #closed = false;
  /** null where nothing is ever tried. */
  readonly rollouts: Rollouts | null;

  constructor(options: ServingVersionOptions) {
    const { initial, boot, hold } = options;
    this.#options = options;
    this.#current = initial;
    this.#boot = boot ?? initial.switch;
    this.#hold = hold == null ? null : new HoldState(hold, null);
    this.#recorder = new DecisionRecorder(options);
    this.rollouts = this.#rolloutsOf(options);
  }

  get current(): Snapshot {
    return this.#current;
  }

  get hold(): HoldStatus | null {
    return this.#hold?.status() ?? null;
  }

  /** Always the same object while one hold lasts. */
  get currentHold(): Hold | null {
    return this.#hold?.hold ?? null;
  }

  get decisions(): DecisionsStatus {
    return { pending: this.#recorder.pending, lastError: this.#recorder.lastError };
  }

  /** Keys of switch.yaml in which what serves differs from what the switch was started with. */
  get restartNeeded(): readonly string[] {
    return restartKeys(this.#boot, this.#current.switch);
  }

  /** The switch takes calls. */
  begin(): void {
    const snapshot = this.#current;
    const version =
      this.#hold === null
        ? { keep: snapshot, hash: snapshot.hash }
        : { keep: null, hash: this.#hold.hold.hash, servedHash: snapshot.hash };
    this.#record({ ...version, cause: 'start', by: 'class4', reason: null });
  }

  /** A source found a good configuration. @throws OperationError, with nothing changed, when it cannot serve all the same */
  offer(candidate: Candidate): Promise<OfferOutcome> {
    return this.#inTurn(async () => {
      const { snapshot, cause, by } = candidate;
      const before = this.#current;
      if (this.#hold !== null) return this.#withhold(snapshot, this.#hold.hold);
      if (snapshot.hash !== before.hash || snapshot.commit !== before.commit) await this.#prepare(snapshot);
      const tried = (await this.rollouts?.offer(candidate, before)) ?? 'applyAtOnce';
      if (tried !== 'applyAtOnce') return tried;
      if (snapshot.hash === before.hash) {
        if (snapshot.commit !== before.commit) this.#renameCommit(snapshot);
        return 'unchanged';
      }
      const recording = this.#record({ keep: snapshot, hash: snapshot.hash, cause, by, reason: null });
      await recording.durableWithin(editPatienceMs);
      this.#serve(snapshot);
      this.#options.log.info('The configuration was reloaded; new calls use it', {
        hash: snapshot.hash,
        previousHash: before.hash,
      });
      this.#sayRestartNeeded();
      return 'applied';
    });
  }

  /**
   * Goes back to a version of the history, whatever the sources say, and holds it until somebody resumes.
   * @throws OperationError, with nothing changed
   */
  async rollback(request: Rollback): Promise<DecisionReport & { readonly hold: HoldStatus }> {
    const { recording, held, ...decided } = await this.#inTurn(() => this.#rollback(request));
    const report = await this.#answer(recording, decided);
    // Somebody else may have decided meanwhile; this is about the decision that was asked for.
    return { ...report, hold: { ...held, durable: report.durable } };
  }

  /**
   * Ends the hold with what the source has now. `held` is the hold that the operator knew of: another one stays.
   * @throws OperationError, with nothing changed
   */
  async resume({ snapshot }: Candidate, held: Hold, request: Request): Promise<DecisionReport> {
    const { recording, ...decided } = await this.#inTurn(async () => {
      if (this.#hold === null) throw notHeld();
      const { hold } = this.#hold;
      if (hold !== held) {
        const hint = 'look at `class4 status`, and resume again when that is meant';
        throw new OperationError('wrong', `${hold.by} rolled back meanwhile: ${hold.reason}`, hint);
      }
      await this.#prepare(snapshot);
      const from = this.#current.hash;
      const recording = this.#record({
        keep: snapshot,
        hash: snapshot.hash,
        cause: 'resume',
        ...request,
        hold: null,
      });
      await recording.durableWithin(editPatienceMs);
      this.rollouts?.end();
      this.#serve(snapshot);
      this.#hold = null;
      this.#options.log.info('The hold was ended; new calls use the configuration of the files', {
        ...{ from, to: snapshot.hash, by: request.by },
        ...(request.reason === null ? {} : { reason: request.reason }),
      });
      this.#sayRestartNeeded();
      return { recording, from, to: snapshot.hash };
    });
    return this.#answer(recording, decided);
  }

  /** Ends when the decision under way is applied, and what the disk does not take was named. */
  async close(): Promise<void> {
    this.#closed = true;
    this.rollouts?.close();
    await this.#turn;
    await this.#recorder.close(closePatienceMs);
  }

  async #rollback(request: Rollback): Promise<Decided & { readonly held: Hold }> {
    const { by, reason } = request;
    const { log, clock } = this.#options;
    const { hash: to, snapshot } = await this.#versionOf(request);
    // What another release compiled is held by the name that the history has it under, and serves under another one.
    const from = to === this.#hold?.hold.hash ? to : this.#current.hash;
    const hold: Hold = { hash: to, by, reason, sinceMs: clock() };
    // By the name that the history has it under: what another release compiled can have another hash in this one.
    const recording = this.#record({
      ...{ keep: null, hash: to, servedHash: snapshot.hash },
      ...{ cause: 'rollback', by, reason, hold },
    });
    await recording.durableWithin(rollbackPatienceMs);
    this.rollouts?.end();
    if (to !== from) this.#serve(snapshot);
    this.#hold = new HoldState(hold, recording);
    this.#saidHeld = null;
    const told = to === from ? 'What serves is held' : 'The configuration was rolled back; new calls use it';
    log.warn(`${told}, and changes wait for \`class4 resume\``, { from, to, by, reason });
    this.#sayRestartNeeded();
    return { recording, from, to, held: hold };
  }

  async #versionOf({ version }: Rollback): Promise<RestoredVersion> {
    const { history } = this.#options;
    const serving = { hash: this.#hold?.hold.hash ?? this.#current.hash, snapshot: this.#current };
    const isDefault = version === null || version === 'previous';
    // Of two who roll back at once, the second would take the switch forward again to what the first got rid of.
    if (isDefault && this.#hold !== null) throw heldAlready(this.#hold.hold);
    // What the night shift wants rid of is what is being tried; what served before it serves most calls still.
    if (isDefault && this.rollouts?.isTrying === true) return serving;
    try {
      if (isDefault) {
        return await previousVersion(history, this.#current.hash, hash => this.#restore(hash));
      }
      const hash = await namedVersion(history, version);
      if (hash === serving.hash || hash === this.#current.hash) return { ...serving, hash };
      return { hash, snapshot: await this.#restore(hash) };
    } catch (error) {
      throw asOperationError(error, 'the history cannot be read');
    }
  }

  async #restore(hash: string): Promise<Snapshot> {
    const { recall, history } = this.#options;
    let snapshot: Snapshot;
    try {
      snapshot = recall?.(hash) ?? (await history.restore(hash));
    } catch (error) {
      throw asOperationError(error, `the version ${hash} cannot be restored`);
    }
    await this.#prepare(snapshot);
    return snapshot;
  }

  /** @throws OperationError, with nothing changed */
  async #prepare(snapshot: Snapshot): Promise<void> {
    const { prepare, log } = this.#options;
    if (prepare !== undefined) await prepareOrRefuse(snapshot, { prepare, log });
  }

  async #answer(recording: Recording, decided: Omit<Decided, 'recording'>): Promise<DecisionReport> {
    const durable = await recording.durableAfterAll(answerPatienceMs);
    if (!durable) {
      this.#options.log.error(
        'The decision serves, but it would not survive a restart: the disk does not take it',
        {
          to: decided.to,
          error: this.#recorder.lastError,
        },
      );
    }
    const problem = durable ? null : (this.#recorder.lastError ?? 'the disk takes longer than usual');
    return { ...decided, durable, problem, restartNeeded: this.restartNeeded };
  }

  #withhold({ hash }: Snapshot, { by, reason }: Hold): OfferOutcome {
    const { log } = this.#options;
    if (hash === this.#current.hash) {
      this.#saidHeld = null;
      return 'unchanged';
    }
    if (this.#saidHeld !== hash) {
      log.warn(
        'The changed configuration is good, and not applied: a rollback is held until `class4 resume`',
        {
          ...{ hash, serving: this.#current.hash, by, reason },
        },
      );
    }
    this.#saidHeld = hash;
    return 'held';
  }

  /** Files that were committed after they were edited mean the same, and records are to name the commit. */
  #renameCommit(snapshot: Snapshot): void {
    this.#serve(snapshot);
    this.#recorder.record({ keep: snapshot, activation: null });
  }

  #record({
    keep,
    ...decided
  }: Omit<NewActivation, 'sharePercent' | 'beganAtMs'> &
    Partial<Pick<NewActivation, 'sharePercent'>> &
    Pick<Decision, 'keep'>): Recording {
    const activation = { sharePercent: 100, ...decided, beganAtMs: this.#options.clock() };
    return this.#recorder.record({ keep, activation });
  }

  #rolloutsOf({ trying, givenUp, log, clock, timers }: ServingVersionOptions): Rollouts | null {
    if (trying === undefined) return null;
    const around: RolloutSurroundings = {
      ...trying,
      serve: snapshot => {
        const before = this.#current;
        this.#serve(snapshot);
        if (snapshot !== before) this.#sayRestartNeeded();
      },
      keep: snapshot => void this.#recorder.record({ keep: snapshot, activation: null }),
      record: decision => this.#record(decision),
      inTurn: work => this.#inTurn(work),
      ...{ log, clock, timers },
    };
    return new Rollouts(around, givenUp ?? null);
  }

  #serve(snapshot: Snapshot): void {
    this.#options.apply(snapshot);
    this.#current = snapshot;
  }

  #sayRestartNeeded(): void {
    if (this.restartNeeded.length === 0) return;
    this.#options.log.warn('These settings take effect after a restart only', {
      settings: this.restartNeeded.join(', '),
    });
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#turn.then(() => {
      if (this.#closed) throw new OperationError('wrong', 'the switch is stopping');
      return work();
    });
    this.#turn = result.catch(() => {});
    return result;
  }
}

interface Decided {
  readonly recording: Recording;
  readonly from: string;
  readonly to: string;
}

export function notHeld(): OperationError {
  return new OperationError('wrong', 'nothing is held: changes of the configuration are applied', null);
}

export function heldAlready({ hash, by, reason, sinceMs }: Hold): OperationError {
  const since = new Date(sinceMs).toISOString();
  return new OperationError(
    'wrong',
    `${by} rolled back already, at ${since}, to ${hash} (${reason}); nothing was changed`,
    'name a version to go to another one (see `class4 history`), or end the hold with `class4 resume`',
  );
}

function asOperationError(error: unknown, what: string): OperationError {
  if (error instanceof OperationError) return error;
  const hint = error instanceof HistoryError ? error.hint : null;
  // What the history itself says of a version needs no introduction.
  const says = error instanceof HistoryError && !error.message.startsWith('no disk');
  return new OperationError(
    'wrong',
    `${says ? '' : `${what}: `}${messageOf(error)}; nothing was changed`,
    hint ?? 'choose another version from `class4 history`',
  );
}
