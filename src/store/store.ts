/**
 * The store: call detail records, the append-only ledger, and the journal of calls in progress.
 * One implementation stands on sqlite3 (store/sqlite-store.ts).
 */
import type { LedgerCharge, OpenCall } from '../cdr/open-call.ts';
import type { CallDetailRecord } from '../cdr/record.ts';
import type { Money } from '../rating/money.ts';

export interface LedgerEntry {
  readonly id: number;
  readonly account: string;
  readonly atMs: number;
  readonly kind: 'call' | 'payment' | 'correction';
  readonly amount: Money;
  readonly callId: string | null;
  readonly note: string;
}

export interface CdrQuery {
  readonly sinceMs?: number;
  readonly untilMs?: number;
  readonly account?: string;
  /** Caller or callee starts with this. */
  readonly number?: string;
  readonly callId?: string;
  readonly endReason?: string;
  /** Newest first; default 50. */
  readonly limit?: number;
}

/** Writes are queued and committed in batches; each promise resolves once its rows are durable. */
export interface Store {
  /** The call's journal row is durable when this resolves. */
  journal(call: OpenCall): Promise<void>;
  /** Record, ledger lines and the end of the journal row, in one transaction. Repeating it changes nothing. */
  finishCall(cdr: CallDetailRecord, ledger: readonly LedgerCharge[]): Promise<void>;
  /** The end of the journal row of a call that leaves no record. */
  forgetCall(callId: string): Promise<void>;
  /** Appends a payment (positive) or correction (negative); resolves with the new balance. */
  pay(account: string, amount: Money, atMs: number, note: string): Promise<Money>;
  balance(account: string): Promise<Money>;
  balances(): Promise<ReadonlyMap<string, Money>>;
  ledger(account: string, limit: number): Promise<readonly LedgerEntry[]>;
  cdrs(query: CdrQuery): Promise<readonly CallDetailRecord[]>;
  /** Journal rows left by a switch that was killed, with the last time it was known to be alive. */
  interruptedCalls(): Promise<{ readonly calls: readonly OpenCall[]; readonly lastAliveMs: number }>;
  /**
   * Notes that the switch is alive, the end of calls that are up if it is killed next. The newest note counts, even
   * when the clock was set back between two runs.
   */
  heartbeat(atMs: number): Promise<void>;
  /** Waits until everything queued is durable, then closes. */
  close(): Promise<void>;
  /** Rows queued or retried and not yet durable; and the last error when writing fails (disk full, locked). */
  health(): { readonly pendingWrites: number; readonly lastError: string | null };
}
