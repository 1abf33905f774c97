/** A clock, timers, a SIP port, a store and a log that do only what a test tells them. */
import type { SipOutput } from '../../src/call/outputs.ts';
import type { LedgerCharge, OpenCall } from '../../src/cdr/open-call.ts';
import type { CallDetailRecord } from '../../src/cdr/record.ts';
import type { Snapshot } from '../../src/config/snapshot.ts';
import type { LogFields, Logger } from '../../src/diagnostics/logger.ts';
import type { Activation, History, Hold, NewActivation, Version } from '../../src/history/history.ts';
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
  lastError: string | null = null;
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
    return { pendingWrites: this.pendingWrites, lastError: this.lastError };
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

/** What a history keeps on disk: it outlives the switch that wrote it. */
export class FakeDisk {
  readonly kept = new Map<string, Snapshot>();
  activations: Activation[] = [];
  hold: Hold | null = null;
}

export type HistoryStep = 'keep' | 'activate' | 'restore' | 'find' | 'activations';

/** A history on a disk that a test can fill up, slow down, or cut off in the middle of a step. */
export class FakeHistory implements History {
  readonly disk: FakeDisk;
  /** What it began itself, and nothing has ended; another history on the same disk knows nothing of it. */
  readonly #open = new Set<number>();
  /** Thrown before a step takes effect, as by a full disk. */
  refusal: string | null = null;
  /** Called before and after each step takes effect; what it throws is thrown by the step. */
  around = (_step: HistoryStep, _moment: 'before' | 'after'): void | Promise<void> => {};

  constructor(disk: FakeDisk = new FakeDisk()) {
    this.disk = disk;
  }

  keep(snapshot: Snapshot): Promise<Version> {
    return this.#step('keep', () => {
      this.#write();
      this.disk.kept.set(snapshot.hash, snapshot);
      return versionOf(snapshot);
    });
  }

  activate({ hold, ...activation }: NewActivation): Promise<Activation> {
    return this.#step('activate', () => {
      this.#write();
      if (!this.disk.kept.has(activation.hash)) throw new Error(`${activation.hash} is not kept`);
      const { beganAtMs, sharePercent } = activation;
      this.disk.activations = this.disk.activations.map(earlier => {
        if (!this.#open.has(earlier.id) || (sharePercent < 100 && earlier.sharePercent === 100))
          return earlier;
        this.#open.delete(earlier.id);
        return { ...earlier, endedAtMs: beganAtMs };
      });
      const added = { ...activation, id: this.disk.activations.length + 1, endedAtMs: null };
      this.#open.add(added.id);
      this.disk.activations.push(added);
      if (hold !== undefined) this.disk.hold = hold;
      return added;
    });
  }

  hold(): Promise<Hold | null> {
    return Promise.resolve(this.disk.hold);
  }

  restore(hash: string): Promise<Snapshot> {
    return this.#step('restore', () => {
      const snapshot = this.disk.kept.get(hash);
      if (snapshot === undefined) throw new Error(`${hash} is not kept`);
      return snapshot;
    });
  }

  activations(limit: number): Promise<readonly Activation[]> {
    return this.#step('activations', () => this.disk.activations.toReversed().slice(0, limit));
  }

  find(name: string): Promise<Version | null> {
    return this.#step('find', () => {
      const numbered = this.disk.activations.find(({ id }) => String(id) === name);
      const hashes = [...this.disk.kept.keys()].filter(
        hash => hash === numbered?.hash || hash.startsWith(name),
      );
      return hashes.length === 1 ? versionOf(this.disk.kept.get(hashes[0]!)!) : null;
    });
  }

  async hashOf(name: string): Promise<string | null> {
    return (await this.find(name))?.hash ?? null;
  }

  file(): Promise<Uint8Array> {
    return Promise.reject(new Error('no files are kept'));
  }

  #write(): void {
    if (this.refusal !== null) throw new Error(this.refusal);
  }

  async #step<Result>(step: HistoryStep, work: () => Result): Promise<Result> {
    await this.around(step, 'before');
    const result = work();
    await this.around(step, 'after');
    return result;
  }
}

function versionOf({ hash }: Snapshot): Version {
  return { hash, commit: null, files: null, firstServedAtMs: 0 };
}
