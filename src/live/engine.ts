/**
 * Drives the call core: gives each input its time, carries out the outputs in order, keeps one timer for the next
 * deadline, and contains our own bugs to the call they happen in.
 */
import { randomInt } from 'node:crypto';
import type { SwitchInput } from '../call/inputs.ts';
import type { SwitchOutput } from '../call/outputs.ts';
import type { Logger } from '../diagnostics/logger.ts';
import type { SipInput, SipPort } from '../sip/port.ts';
import type { Store } from '../store/store.ts';
import type { Clock, Timers } from './clock.ts';
import { messageOf, Performer } from './performer.ts';

/** What the engine needs of the switch of all calls (call/switch.ts). */
export interface CallCore {
  handle(input: SwitchInput): readonly SwitchOutput[];
  nextDeadlineMs(): number | null;
  /** Bugs that the core itself contained in single calls. */
  takeFaults(): readonly { readonly callId: string; readonly error: unknown; readonly ended: boolean }[];
}

export interface EngineOptions {
  readonly core: CallCore;
  readonly sip: Pick<SipPort, 'perform'>;
  readonly store: Pick<Store, 'journal' | 'finishCall' | 'forgetCall' | 'heartbeat' | 'health'>;
  readonly log: Logger;
  readonly clock: Clock;
  readonly timers: Timers;
  /** A random whole number from 0 below 2⁵³ for each call; the system's own randomness when it is left out. */
  readonly newSeed?: () => number;
  /** New calls are refused while more writes than this wait (SERVER_MAX_CDR_PENDING_LIST_LENGTH). */
  readonly pendingWritesMax?: number;
}

type WithoutTime<Input> = Input extends unknown ? Omit<Input, 'atMs'> : never;
/** An input before the engine has added its time. */
export type TimelessInput = WithoutTime<SwitchInput>;

/** The largest bound that randomInt takes. */
const seedsBelow = 2 ** 48 - 1;

export const defaultPendingWritesMax = 100_000;
const heartbeatMs = 1000;
/** After a fault while firing timers the core may name the same deadline again; it is not asked faster than this. */
const afterFaultMs = 1000;
/** Leg numbers that are released, blindly, for a call that the core can no longer end in order. */
const legsReleasedAfterFault = 32;

export class Engine {
  readonly #options: EngineOptions;
  readonly #performer: Performer;
  readonly #newSeed: () => number;
  #armedForMs = Number.POSITIVE_INFINITY;
  #cancelDeadline: (() => void) | null = null;
  #notBeforeMs = 0;
  #cancelHeartbeat: (() => void) | null = null;
  #heartbeatUnderWay = false;
  #idleListeners: (() => void)[] = [];
  #faults = 0;
  #refusedOverload = 0;
  #overloaded = false;

  constructor(options: EngineOptions) {
    this.#options = options;
    this.#newSeed = options.newSeed ?? (() => randomInt(seedsBelow));
    this.#performer = new Performer({ ...options, onProgress: () => this.#tellIdle() });
  }

  get openCalls(): number {
    return this.#performer.openCalls;
  }

  get recordsPending(): number {
    return this.#performer.recordsPending;
  }

  counters(): Readonly<Record<string, number>> {
    return {
      'engine.faults': this.#faults,
      'engine.refusedOverload': this.#refusedOverload,
      ...this.#performer.counters(),
    };
  }

  /** From the SIP port. */
  deliver(input: SipInput): void {
    if (input.type === 'invite' && this.#isOverloaded()) {
      this.#refusedOverload += 1;
      const { callId } = input;
      this.#options.sip.perform({
        type: 'reject',
        callId,
        status: 503,
        reason: 'Service Unavailable',
        silent: false,
      });
      return;
    }
    this.handle(input.type === 'invite' ? { ...input, seed: this.#newSeed() } : input);
  }

  /** Gives one input to the core and carries out what it wants. Returns false when the core failed. */
  handle(input: TimelessInput): boolean {
    let outputs: readonly SwitchOutput[];
    try {
      outputs = this.#options.core.handle({ ...input, atMs: this.#options.clock() } as SwitchInput);
    } catch (error) {
      this.#contain(input, error);
      return false;
    }
    this.#performAll(outputs);
    this.#reportFaults();
    this.#arm();
    if (this.openCalls > 0) this.#beat();
    return true;
  }

  /** Resolves when no call is up and every record is durable. */
  idle(): Promise<void> {
    if (this.#isIdle()) return Promise.resolve();
    return new Promise(resolve => this.#idleListeners.push(resolve));
  }

  stop(): void {
    this.#cancelDeadline?.();
    this.#cancelHeartbeat?.();
    this.#cancelDeadline = null;
    this.#cancelHeartbeat = null;
    this.#armedForMs = Number.NEGATIVE_INFINITY;
  }

  #performAll(outputs: readonly SwitchOutput[]): void {
    for (const output of outputs) {
      try {
        this.#performer.perform(output);
      } catch (error) {
        // The others still have to happen: among them may be the record of this very call.
        this.#faults += 1;
        this.#options.log.error('An output could not be carried out; this is a bug', {
          output: output.type,
          error: stackOf(error),
        });
      }
    }
  }

  /** The core ended or forgot these calls; what it forgot is ended on the wire. */
  #reportFaults(): void {
    for (const { callId, error, ended } of this.#options.core.takeFaults()) {
      this.#faults += 1;
      this.#options.log.error('A call failed by a bug, please report this line', {
        callId,
        ended,
        error: stackOf(error),
      });
      if (!ended) this.#endOnTheWire(callId);
    }
  }

  /** The core failed as a whole, yet the next input may fare better. */
  #contain(input: TimelessInput, error: unknown): void {
    this.#faults += 1;
    const callId = 'callId' in input ? input.callId : null;
    this.#options.log.error('The call core failed; this is a bug, please report this line', {
      input: input.type,
      callId,
      error: stackOf(error),
    });
    this.#notBeforeMs = this.#options.clock() + afterFaultMs;
    if (callId !== null) this.#endOnTheWire(callId);
    this.#arm();
  }

  /** The port ignores what does not fit the state of the call, so everything that could end it is tried. */
  #endOnTheWire(callId: string): void {
    this.#performer.forget(callId);
    const reason = 'Server Internal Error';
    this.#performAll([
      ...Array.from(
        { length: legsReleasedAfterFault },
        (_, leg) => ({ type: 'releaseLeg', callId, leg }) as const,
      ),
      { type: 'reject', callId, status: 500, reason, silent: false },
      { type: 'hangUp', callId, side: 'caller', reason },
      { type: 'hangUp', callId, side: 'callee', reason },
    ]);
  }

  #isOverloaded(): boolean {
    const most = this.#options.pendingWritesMax ?? defaultPendingWritesMax;
    const { pendingWrites } = this.#options.store.health();
    const overloaded = pendingWrites > most;
    if (overloaded !== this.#overloaded) {
      this.#overloaded = overloaded;
      const fields = { pendingWrites, most };
      if (overloaded) this.#options.log.error('Too many writes wait: new calls are refused', fields);
      else this.#options.log.info('New calls are taken again', fields);
    }
    return overloaded;
  }

  /** One timer: a later deadline leaves it alone, because a tick that comes early costs nothing. */
  #arm(): void {
    const deadlineMs = this.#options.core.nextDeadlineMs();
    if (deadlineMs === null) return;
    const wantedMs = Math.max(deadlineMs, this.#notBeforeMs);
    if (this.#armedForMs <= wantedMs) return;
    this.#cancelDeadline?.();
    this.#armedForMs = wantedMs;
    this.#cancelDeadline = this.#options.timers.after(wantedMs - this.#options.clock(), () => {
      this.#armedForMs = Number.POSITIVE_INFINITY;
      this.#cancelDeadline = null;
      // Whatever the core says, time has to pass between two ticks.
      this.#notBeforeMs = Math.max(this.#notBeforeMs, this.#options.clock() + 1);
      this.handle({ type: 'tick' });
    });
  }

  /** While calls are up, notes each second that we are alive: their end if we are killed. */
  #beat(): void {
    if (this.#cancelHeartbeat !== null || this.#armedForMs === Number.NEGATIVE_INFINITY) return;
    this.#cancelHeartbeat = this.#options.timers.after(heartbeatMs, () => {
      this.#cancelHeartbeat = null;
      this.#performer.releaseOverdueAnswers();
      this.#noteAlive();
      if (this.openCalls > 0) this.#beat();
    });
  }

  #noteAlive(): void {
    if (this.#heartbeatUnderWay) return;
    this.#heartbeatUnderWay = true;
    this.#options.store
      .heartbeat(this.#options.clock())
      .catch((error: unknown) => {
        this.#options.log.error('The heartbeat could not be written', { error: messageOf(error) });
      })
      .finally(() => {
        this.#heartbeatUnderWay = false;
      });
  }

  #isIdle(): boolean {
    return this.openCalls === 0 && this.recordsPending === 0;
  }

  #tellIdle(): void {
    if (this.#idleListeners.length === 0 || !this.#isIdle()) return;
    const listeners = this.#idleListeners;
    this.#idleListeners = [];
    for (const listener of listeners) listener();
  }
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
