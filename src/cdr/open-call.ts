/** What stands in the journal while a call is up, and what its end adds to the ledger. Pure data. */
import type { Money } from '../rating/money.ts';
import type { CdrCharge } from './record.ts';

/** What a restarted switch must know of a call that was up when it was killed. */
export interface OpenCall {
  readonly callId: string;
  readonly snapshotHash: string;
  readonly snapshotCommit: string | null;
  readonly mappingGateway: string;
  readonly customerAccount: string;
  readonly routingGateway: string | null;
  readonly vendorAccount: string | null;
  readonly sourceAddress: string;
  /** As received, like the callee. */
  readonly caller: string;
  readonly callee: string;
  /** The number that forwarded the call, as received; null when none did. */
  readonly forwarding: string | null;
  /** After the mapping gateway's dial plans. */
  readonly billingCaller: string;
  /** The number by which the call is rated. */
  readonly billingCallee: string;
  /** What went to the routing gateway of this record; null when nothing did. */
  readonly sentCaller: string | null;
  readonly sentCallee: string | null;
  readonly sipCallId: string;
  readonly startedAtMs: number;
  readonly answeredAtMs: number | null;
  /** The rates as of the answer, enough to charge the call without its snapshot; null for an unrated side. */
  readonly customerRate: JournaledRate | null;
  readonly vendorRate: JournaledRate | null;
  readonly holdTimePrecisionMs: number;
  readonly feePrecision: number;
}

/** A rate row by value: exact decimals as text, see CdrCharge for the fields. */
export type JournaledRate = Omit<CdrCharge, 'billedSeconds' | 'amount' | 'connectFee'> & {
  readonly connectFee: string;
};

/** One line of the append-only ledger, made by a call. A call charges an account at most once. */
export interface LedgerCharge {
  readonly account: string;
  /** Negative: the account pays us (customer) or we owe it (vendor). */
  readonly amount: Money;
}
