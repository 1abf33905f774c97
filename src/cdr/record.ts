/**
 * The call detail record: what became of one call, with every attempt, who ended it and why, and the money.
 * Pure data. Times are ms since 1970 UTC; money is in units of 10⁻⁸ (rating/money.ts).
 */
import type { Money } from '../rating/money.ts';

/** Stable names, never numbers. docs/end-reasons.md explains each with its usual SIP code. */
export const endReasons = [
  'NoAvailableRouter',
  'AllGatewayBusy',
  'GatewayTimeout',
  'InviteTimeout',
  'GatewayUnreachable',
  'AccountBalanceNotEnough',
  'NoSuchRate',
  'AccountLocked',
  'AccountExpired',
  'IllegalCall',
  'InvalidNumber',
  'LrnQueryFailed',
  'NumberNotAllowed',
  'NoCallPermission',
  'GatewayLocked',
  'LineLimit',
  'CallRateLimit',
  'CallerHangup',
  'CalleeHangup',
  'CallerCancel',
  'CalleeBusy',
  'Rejected',
  'MaxCallDuration',
  'CreditExhausted',
  'ForcedRelease',
  'Interrupted',
  'Shutdown',
] as const;

export type EndReason = (typeof endReasons)[number];

export type EndedBy = 'caller' | 'callee' | 'switch';

/** One gateway that was tried. */
export interface CdrAttempt {
  readonly gateway: string;
  /** The numbers as they were sent to the gateway; `forwarding` is absent when none was. */
  readonly caller: string;
  readonly callee: string;
  readonly forwarding?: string;
  /** `host:port;transport` it was sent to. */
  readonly address: string;
  /** When the INVITE left. */
  readonly startedAtMs: number;
  /** From the INVITE to the end of the attempt, or to the answer. */
  readonly delayMs: number;
  /** From the INVITE to the first provisional above 100, if one came: post-dial delay of this leg. */
  readonly ringDelayMs: number | null;
  /** The final SIP status; 408 for a timeout of ours, 487 for an attempt we took back. */
  readonly status: number;
  /** What the gateway really said, where the mapping gateway had it replaced by `status`; otherwise absent. */
  readonly receivedStatus?: number;
  /** The SIP reason phrase as received, or which timeout it was. */
  readonly reason: string;
  readonly outcome: 'answered' | 'failed' | 'timeout' | 'released';
}

/** One side's money, with the rate row that made it. */
export interface CdrCharge {
  readonly account: string;
  readonly rateTable: string;
  /** Prefix of the rate row. */
  readonly prefix: string;
  /** `file:line` of the rate row. */
  readonly rateSource: string;
  /** Decimal text: price per unit. */
  readonly rate: string;
  readonly unitSeconds: number;
  readonly firstIncrementSeconds: number;
  readonly nextIncrementSeconds: number;
  /** Decimal text: charged once; absent when nothing was. */
  readonly connectFee?: string;
  /** Seconds at the beginning that were not rated; absent when none were. */
  readonly freeSeconds?: number;
  /** Fixed fees before the ordinary rate as `seconds:fee`, with semicolons between them; absent without stages. */
  readonly stages?: string;
  readonly billedSeconds: number;
  readonly amount: Money;
}

export interface CallDetailRecord {
  readonly callId: string;
  readonly snapshotHash: string;
  readonly snapshotCommit: string | null;
  /** null when the source matched no mapping gateway. */
  readonly mappingGateway: string | null;
  readonly customerAccount: string | null;
  readonly routingGateway: string | null;
  readonly vendorAccount: string | null;
  /** `address:port;transport` the INVITE came from. */
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
  /** The Call-ID of the caller's dialog, for searching traces. */
  readonly sipCallId: string;
  readonly startedAtMs: number;
  /** From the caller's INVITE to the first ringing or progress we relayed. */
  readonly postDialDelayMs: number | null;
  readonly answeredAtMs: number | null;
  readonly endedAtMs: number;
  /** Answer to end, rounded to whole seconds by SERVER_BILLING_HOLD_TIME_PRECISION. */
  readonly talkSeconds: number;
  readonly endedBy: EndedBy;
  readonly endReason: EndReason;
  /** The SIP status the caller got (200 when answered). */
  readonly status: number;
  readonly attempts: readonly CdrAttempt[];
  /** null when nothing was to be charged: not answered, unrated, or unknown source. */
  readonly customerCharge: CdrCharge | null;
  readonly vendorCharge: CdrCharge | null;
  /** Customer charge minus vendor cost. */
  readonly profit: Money;
}
