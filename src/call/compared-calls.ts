/** What came of the calls by which a candidate is compared with the stable snapshot, until somebody takes it. */
import type { EndReason } from '../cdr/record.ts';
import type { Call } from './call.ts';
import type { Canary, Comparison } from './canary.ts';

/** What came of a call that was compared: told when it is answered, or else when it has ended. */
export interface ComparedCall extends Omit<Comparison, 'canary'> {
  readonly answered: boolean;
  /** From the INVITE to the first ringing or progress, or to an answer without; null when there was none of them. */
  readonly postDialDelayMs: number | null;
  /** The gateway that was tried first; null when none was. */
  readonly firstGateway: string | null;
  /** What came of that attempt alone. */
  readonly firstAnswered: boolean;
  readonly firstDelayMs: number | null;
  /** Why the switch let it go without any attempt; otherwise null. */
  readonly refusedAs: EndReason | null;
}

/** A driver that is alive takes them every second. */
const waitingMax = 100_000;

export class ComparedCalls {
  /** Came while too many waited: they are not compared. */
  dropped = 0;
  #canary: Canary | null = null;
  #waiting: ComparedCall[] = [];

  /** Calls of an earlier rollout tell nothing of this one. */
  begin(canary: Canary | null): void {
    this.#canary = canary;
    this.#waiting = [];
  }

  /** Since the last asking, in the order in which it showed what came of them. */
  take(): readonly ComparedCall[] {
    if (this.#waiting.length === 0) return this.#waiting;
    const compared = this.#waiting;
    this.#waiting = [];
    return compared;
  }

  /** A gateway has answered, at `nowMs` (ms since 1970 UTC). */
  answered(call: Call, nowMs: number): void {
    const { comparison, startedAtMs } = call.facts;
    if (this.#wants(comparison)) this.#waiting.push(attempted(comparison, call, nowMs - startedAtMs));
  }

  /** What there was to tell of an answered call was told before. */
  ended(call: Call, reason: EndReason): void {
    const { comparison } = call.facts;
    if (call.answeredAtMs !== null || !this.#wants(comparison)) return;
    this.#waiting.push(
      call.attempts.length === 0 ? refused(comparison, reason) : attempted(comparison, call, null),
    );
  }

  refused(comparison: Comparison | null, reason: EndReason): void {
    if (this.#wants(comparison)) this.#waiting.push(refused(comparison, reason));
  }

  #wants(comparison: Comparison | null): comparison is Comparison {
    if (comparison === null || comparison.canary !== this.#canary) return false;
    if (this.#waiting.length < waitingMax) return true;
    this.dropped++;
    return false;
  }
}

function attempted(
  { canary: _, ...comparison }: Comparison,
  call: Call,
  answerDelayMs: number | null,
): ComparedCall {
  const first = call.attempts[0]!.record();
  const firstAnswered = first.outcome === 'answered';
  return {
    ...comparison,
    answered: answerDelayMs !== null,
    postDialDelayMs: call.postDialDelayMs ?? answerDelayMs,
    firstGateway: first.gateway,
    firstAnswered,
    firstDelayMs: first.ringDelayMs ?? (firstAnswered ? first.delayMs : null),
    refusedAs: null,
  };
}

function refused({ canary: _, ...comparison }: Comparison, reason: EndReason): ComparedCall {
  return {
    ...comparison,
    answered: false,
    postDialDelayMs: null,
    firstGateway: null,
    firstAnswered: false,
    firstDelayMs: null,
    refusedAs: reason,
  };
}
