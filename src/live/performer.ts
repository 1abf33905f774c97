/**
 * Carries out what the call core wants: SIP through the port, records through the store. It holds back an answer
 * until the call's journal row is durable, so that a switch killed a moment later still knows the call it connected.
 */
import type {
  AnswerOutput,
  GatewayAvailabilityOutput,
  HangUpOutput,
  SipOutput,
  SwitchOutput,
  WriteCdrOutput,
} from '../call/outputs.ts';
import type { OpenCall } from '../cdr/open-call.ts';
import type { Logger } from '../diagnostics/logger.ts';
import type { SipPort } from '../sip/port.ts';
import type { Store } from '../store/store.ts';
import type { Clock } from './clock.ts';

export interface PerformerOptions {
  readonly sip: Pick<SipPort, 'perform'>;
  readonly store: Pick<Store, 'journal' | 'finishCall' | 'forgetCall' | 'health'>;
  readonly log: Logger;
  readonly clock: Clock;
  /** Told whenever a call has ended or a record has become durable. */
  readonly onProgress: () => void;
}

interface OpenCallState {
  /** The newest journal row while it is not durable yet. */
  journaling: Promise<void> | null;
  withheld: { readonly answer: AnswerOutput; readonly sinceMs: number } | null;
}

/**
 * A disk that does not take the row for this long must not keep two people waiting: the call is answered, and its row
 * stays in the store's queue.
 */
export const answerDelayMaxMs = 2000;

export class Performer {
  readonly #options: PerformerOptions;
  readonly #open = new Map<string, OpenCallState>();
  readonly #withholding = new Set<OpenCallState>();
  #recordsPending = 0;
  #answeredUnjournaled = 0;
  #recordsRefused = 0;

  constructor(options: PerformerOptions) {
    this.#options = options;
  }

  /** Calls that were admitted and have not ended. */
  get openCalls(): number {
    return this.#open.size;
  }

  /** Ended calls whose record is not durable yet. */
  get recordsPending(): number {
    return this.#recordsPending;
  }

  counters(): Readonly<Record<string, number>> {
    return {
      'engine.answeredUnjournaled': this.#answeredUnjournaled,
      'engine.recordsRefused': this.#recordsRefused,
    };
  }

  perform(output: SwitchOutput): void {
    switch (output.type) {
      case 'journal': {
        this.#journal(output.call);
        break;
      }
      case 'writeCdr': {
        this.#finish(output);
        break;
      }
      case 'forgetCall': {
        this.#forget(output.callId);
        break;
      }
      case 'answer': {
        this.#answer(output);
        break;
      }
      case 'hangUp': {
        this.#hangUp(output);
        break;
      }
      case 'gatewayAvailability': {
        this.#tellAvailability(output);
        break;
      }
      default: {
        this.#sip(output);
      }
    }
  }

  /** Answers calls whose journal row is overdue. */
  releaseOverdueAnswers(): void {
    const nowMs = this.#options.clock();
    for (const state of this.#withholding) {
      if (nowMs - state.withheld!.sinceMs < answerDelayMaxMs) continue;
      this.#answeredUnjournaled += 1;
      this.#release(state);
    }
  }

  /** The core forgot the call after a fault of ours: so do we. Its journal row stays for the next start. */
  forget(callId: string): void {
    if (this.#close(callId)) this.#options.onProgress();
  }

  /** Returns whether the call was open. */
  #close(callId: string): boolean {
    const state = this.#open.get(callId);
    if (state === undefined) return false;
    this.#open.delete(callId);
    this.#withholding.delete(state);
    state.withheld = null;
    return true;
  }

  #journal(call: OpenCall): void {
    let state = this.#open.get(call.callId);
    if (state === undefined) {
      state = { journaling: null, withheld: null };
      this.#open.set(call.callId, state);
    }
    const owner = state;
    const written = this.#options.store.journal(call);
    owner.journaling = written;
    written
      .catch((error: unknown) => {
        this.#options.log.error('A call could not be noted in the journal', {
          callId: call.callId,
          error: messageOf(error),
        });
      })
      .finally(() => {
        if (owner.journaling !== written) return;
        owner.journaling = null;
        if (owner.withheld !== null) this.#release(owner);
      });
  }

  #answer(output: AnswerOutput): void {
    const state = this.#open.get(output.callId);
    if (state === undefined || state.journaling === null) {
      this.#sip(output);
      return;
    }
    // A disk that refuses is known not to take the row in time: nobody is kept waiting, or charged, for nothing.
    if (this.#options.store.health().lastError !== null) {
      this.#answeredUnjournaled += 1;
      this.#sip(output);
      return;
    }
    state.withheld = { answer: output, sinceMs: this.#options.clock() };
    this.#withholding.add(state);
  }

  #release(state: OpenCallState): void {
    const { answer } = state.withheld!;
    state.withheld = null;
    this.#withholding.delete(state);
    this.#sip(answer);
  }

  /** A call that ends while its answer is held back was never answered on the wire. */
  #hangUp(output: HangUpOutput): void {
    const withheld = this.#open.get(output.callId)?.withheld ?? null;
    const { callId } = output;
    if (withheld === null) this.#sip(output);
    else if (output.side === 'callee') this.#sip({ type: 'releaseLeg', callId, leg: withheld.answer.leg });
    else this.#sip({ type: 'reject', callId, status: 480, reason: 'Temporarily Unavailable', silent: false });
  }

  #finish({ cdr, ledger }: WriteCdrOutput): void {
    this.#close(cdr.callId);
    this.#recordsPending += 1;
    this.#options.store
      .finishCall(cdr, ledger)
      .catch((error: unknown) => {
        this.#recordsRefused += 1;
        this.#options.log.error('A call record was refused by the store; it stands in this line', {
          error: messageOf(error),
          record: recordJson(cdr, ledger),
        });
      })
      .finally(() => {
        this.#recordsPending -= 1;
        this.#options.onProgress();
      });
  }

  /** A row that stays behind is closed as Interrupted at the next start, which costs nobody anything. */
  #forget(callId: string): void {
    this.#close(callId);
    this.#recordsPending += 1;
    this.#options.store
      .forgetCall(callId)
      .catch((error: unknown) => {
        this.#options.log.error('A call could not be taken out of the journal', {
          callId,
          error: messageOf(error),
        });
      })
      .finally(() => {
        this.#recordsPending -= 1;
        this.#options.onProgress();
      });
  }

  #tellAvailability({ gateway, online, status, offlineMs }: GatewayAvailabilityOutput): void {
    const { log } = this.#options;
    if (online) log.info('A gateway is online again', { gateway, status, offlineMs });
    else log.warn('A gateway is offline: it does not answer OPTIONS as it should', { gateway, status });
  }

  #sip(output: SipOutput): void {
    this.#options.sip.perform(output);
  }
}

/** A record for the log, when the log is the last place it can go. */
export function recordJson(...parts: readonly unknown[]): string {
  return JSON.stringify(parts, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value));
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
