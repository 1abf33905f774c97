/** How many calls a gateway or an account has, and how fast they come, against its limits. */
import type { CallRate } from '../config/snapshot.ts';
import { CallStarts } from './call-starts.ts';

/** null is no limit. */
export interface CallLimits {
  /** Largest number of calls at once. */
  readonly lines: number | null;
  readonly callRate: CallRate | null;
}

/** Lives by name and survives every change of the snapshot, so the limits come with each question. */
export class CallCapacity {
  readonly name: string;
  /** Calls that are up or being tried. */
  active = 0;
  /** Until then (ms since 1970 UTC) its calls count against a call rate. */
  countsUntilMs = 0;
  readonly #starts = new CallStarts();

  constructor(name: string) {
    this.name = name;
  }

  /** Without a limit they are full only when infinitely many are in use, which a scenario may give. */
  linesFull({ lines }: Pick<CallLimits, 'lines'>): boolean {
    return this.active >= (lines ?? Number.POSITIVE_INFINITY);
  }

  /** `nowMs` is ms since 1970 UTC. */
  callRateReached({ callRate }: CallLimits, nowMs: number): boolean {
    return callRate !== null && !this.#starts.allows(callRate, nowMs);
  }

  /** So many calls count against the call rate; 0 without one. */
  callsInPeriod({ callRate }: CallLimits, nowMs: number): number {
    return callRate === null ? 0 : this.#starts.within(callRate, nowMs);
  }

  /** One more call. */
  take({ callRate }: CallLimits, nowMs: number): void {
    this.active++;
    if (callRate === null) return;
    this.#starts.note(callRate, nowMs);
    this.countsUntilMs = nowMs + callRate.perSeconds * 1000;
  }

  /** The call is over. */
  give(): void {
    if (this.active === 0) throw new Error(`${this.name} gave back a line it had not`);
    this.active--;
  }
}
