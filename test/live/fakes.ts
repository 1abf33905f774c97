/** A clock, timers, a SIP port, a store and a log that do only what a test tells them. */
import type { SipOutput } from '../../src/call/outputs.ts';
import type { LedgerCharge, OpenCall } from '../../src/cdr/open-call.ts';
import type { CallDetailRecord } from '../../src/cdr/record.ts';
import type { LogFields, Logger } from '../../src/diagnostics/logger.ts';
import type { Clock, Timers } from '../../src/live/clock.ts';

export class FakeTime implements Timers {
  nowMs = Date.UTC(2026, 0, 15, 12, 0, 0);
  readonly clock: Clock = () => this.nowMs;
  #due: { readonly atMs: number; readonly work: () => void }[] = [];

  after(milliseconds: number, work: () => void): () => void {
    const timer = { atMs: this.nowMs + Math.max(milliseconds, 0), work };
    this.#due.push(timer);
    return () => {
      this.#due = this.#due.filter(other => other !== timer);
    };
  }

  get timerCount(): number {
    return this.#due.length;
  }

  /** Moves on, firing in order what falls due, and lets promises settle in between. */
  async pass(milliseconds: number): Promise<void> {
    const untilMs = this.nowMs + milliseconds;
    await settle();
    for (;;) {
      const next = this.#due.filter(({ atMs }) => atMs <= untilMs).sort((a, b) => a.atMs - b.atMs)[0];
      if (next === undefined) break;
      this.#due = this.#due.filter(other => other !== next);
      this.nowMs = Math.max(this.nowMs, next.atMs);
      next.work();
      await settle();
    }
    this.nowMs = untilMs;
  }
}

/** Lets everything happen that waits for nothing but its turn. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise(resolve => setImmediate(resolve));
}

export class FakeSip {
  readonly outputs: SipOutput[] = [];
  perform(output: SipOutput): void {
    this.outputs.push(output);
  }

  /** `type` or `type:side` of what was performed since the last look. */
  take(): readonly string[] {
    return this.outputs.splice(0).map(output => {
      if (output.type === 'hangUp') return `hangUp:${output.side}`;
      return output.type === 'reject' ? `reject:${output.status}` : output.type;
    });
  }
}

interface Deferred {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

function deferred(): Deferred {
  let resolve!: () => void;
  let reject!: (error: Error) => void;
  const promise = new Promise<void>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

/** Writes become durable when the test says so, or at once when `holding` is off. */
export class FakeStore {
  holding = false;
  pendingWrites = 0;
  readonly journaled: OpenCall[] = [];
  readonly finished: { readonly cdr: CallDetailRecord; readonly ledger: readonly LedgerCharge[] }[] = [];
  readonly forgotten: string[] = [];
  readonly heartbeats: number[] = [];
  readonly #held: Deferred[] = [];

  journal(call: OpenCall): Promise<void> {
    this.journaled.push(call);
    return this.#write();
  }

  finishCall(cdr: CallDetailRecord, ledger: readonly LedgerCharge[]): Promise<void> {
    this.finished.push({ cdr, ledger });
    return this.#write();
  }

  forgetCall(callId: string): Promise<void> {
    this.forgotten.push(callId);
    return this.#write();
  }

  heartbeat(atMs: number): Promise<void> {
    this.heartbeats.push(atMs);
    return Promise.resolve();
  }

  health(): { readonly pendingWrites: number; readonly lastError: string | null } {
    return { pendingWrites: this.pendingWrites, lastError: null };
  }

  async makeDurable(): Promise<void> {
    for (const write of this.#held.splice(0)) write.resolve();
    await settle();
  }

  async refuse(message: string): Promise<void> {
    for (const write of this.#held.splice(0)) write.reject(new Error(message));
    await settle();
  }

  #write(): Promise<void> {
    if (!this.holding) return Promise.resolve();
    const write = deferred();
    this.#held.push(write);
    return write.promise;
  }
}

export class FakeLog implements Logger {
  readonly lines: string[] = [];
  info = (message: string, fields?: LogFields) => this.#note('info', message, fields);
  warn = (message: string, fields?: LogFields) => this.#note('warn', message, fields);
  error = (message: string, fields?: LogFields) => this.#note('error', message, fields);

  #note(level: string, message: string, fields: LogFields = {}): void {
    this.lines.push(
      [level, message, ...Object.entries(fields).map(([key, value]) => `${key}=${value}`)].join(' '),
    );
  }
}
