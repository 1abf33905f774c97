import type { SwitchOutput } from '../../call/outputs.ts';
import type { CallSummary } from '../../call/summaries.ts';
import { type CallTimer, timeoutReasons } from '../../call/timers.ts';
import type { Trace } from './trace.ts';

const remarks: Readonly<Record<CallTimer, string>> = {
  ...timeoutReasons,
  callProceeding: 'the caller has waited long enough for ringing',
  maxDuration: 'the longest talk is over',
  credit: 'the credit is used up',
};

/** Says in a story which timer made the switch do what it does next. */
export class TimerRemarks {
  readonly #trace: Trace;
  readonly #due = new Map<string, CallTimer>();

  constructor(trace: Trace) {
    this.#trace = trace;
  }

  /** The switch is about to be told that it is `nowMs` (ms since 1970 UTC). */
  before(calls: readonly CallSummary[], nowMs: number): void {
    this.#due.clear();
    for (const { callId, deadline } of calls) {
      if (deadline !== null && deadline.atMs <= nowMs) this.#due.set(callId, deadline.timer);
    }
  }

  /** The switch wants something. */
  wanted(output: SwitchOutput): void {
    const { type } = output;
    if (type !== 'releaseLeg' && type !== 'hangUp' && type !== 'reject') return;
    const timer = this.#due.get(output.callId);
    if (timer === undefined) return;
    this.#due.delete(output.callId);
    this.#trace.remark(output.callId, remarks[timer]);
  }

  after(): void {
    this.#due.clear();
  }
}
