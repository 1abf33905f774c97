/** What came of the calls by which a candidate is compared with the stable snapshot, until somebody takes it. */
import type { EndReason } from '../cdr/record.ts';
import type { Call } from './call.ts';
import type { Canary, Comparison } from './canary.ts';

/**
 * What came of a call that was compared: told when it is answered, or else when it has ended, or has rung for long
 * enough. What is never answered would be known last: without a limit a candidate whose calls ring in vain looks well.
 */
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

export interface ComparedSoFar {
  /** ms since 1970 UTC */
  readonly nowMs: number;
  /** A call that was not answered so long after the INVITE counts as one that never is. */
  readonly answerWithinMs: number;
  /** The rest is for the next asking. */
  readonly most: number;
}

export class ComparedCalls {
  /** Came while too many waited: they are not compared. */
  dropped = 0;
  #canary: Canary | null = null;
  #waiting: ComparedCall[] = [];
  /** In the order in which they began. */
  readonly #undecided = new Set<Call>();

  /** Calls of an earlier rollout tell nothing of this one. */
  begin(canary: Canary | null): void {
    this.#canary = canary;
    this.#waiting = [];
    this.#undecided.clear();
  }

  /** Since the last asking, in the order in which it showed what came of them. */
  take({ nowMs, answerWithinMs, most }: ComparedSoFar): readonly ComparedCall[] {
    for (const call of this.#undecided) {
      if (nowMs - call.facts.startedAtMs < answerWithinMs) break;
      this.#undecided.delete(call);
      this.#tell(call, null);
    }
    return this.#waiting.splice(0, most);
  }

  began(call: Call): void {
    const { comparison } = call.facts;
    if (comparison !== null && comparison.canary === this.#canary) this.#undecided.add(call);
  }

  /** A gateway has answered, at `nowMs` (ms since 1970 UTC). */
  answered(call: Call, nowMs: number): void {
    if (this.#undecided.delete(call)) this.#tell(call, nowMs - call.facts.startedAtMs);
  }

  /** What there was to tell of an answered call was told before. */
  ended(call: Call, reason: EndReason): void {
    if (!this.#undecided.delete(call)) return;
    if (call.attempts.length === 0) this.refused(call.facts.comparison, reason);
    else this.#tell(call, null);
  }

  refused(comparison: Comparison | null, reason: EndReason): void {
    if (this.#wants(comparison)) this.#waiting.push(refused(comparison, reason));
  }

  #tell(call: Call, answerDelayMs: number | null): void {
    const { comparison } = call.facts;
    if (call.attempts.length === 0 || !this.#wants(comparison)) return;
    this.#waiting.push(attempted(comparison, call, answerDelayMs));
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
  const first = call.attempts[0]!;
  return {
    ...comparison,
    answered: answerDelayMs !== null,
    postDialDelayMs: call.postDialDelayMs ?? answerDelayMs,
    firstGateway: first.gateway.name,
    firstAnswered: first.outcome === 'answered',
    firstDelayMs: first.postDialDelayMs,
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
