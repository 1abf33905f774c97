/**
 * Everything that can happen to the switch, as data. Each input carries its time (`atMs`, ms since 1970 UTC,
 * never running backwards), so the core needs no clock. A `leg` counts a call's attempts from 0.
 */
import type { Snapshot, Transport } from '../config/snapshot.ts';
import type { Money } from '../rating/money.ts';

export interface SourceAddress {
  /** IPv4 or IPv6 literal without brackets. */
  readonly address: string;
  readonly port: number;
  readonly transport: Transport;
}

/** A new INVITE outside any dialog. `callId` is ours: unique over restarts, chosen by the driver. */
export interface InviteInput {
  readonly type: 'invite';
  readonly atMs: number;
  readonly callId: string;
  readonly source: SourceAddress;
  /** User part of From, as received; empty when there is none. */
  readonly caller: string;
  /** User part of the Request-URI, as received; null when there is none or it is no number. */
  readonly callee: string | null;
  /** The number that forwarded the call (Diversion, History-Info), as received; null when none did. */
  readonly forwarding: string | null;
  /** Decides all that is random in this call: a whole number from 0 below 2⁵³, random for each call. */
  readonly seed: number;
  /** The SIP Call-ID of the caller's dialog. */
  readonly sipCallId: string;
  /** The caller supports session timers: `Session-Expires` or `Supported: timer` was there (RFC 4028). */
  readonly timerCapable: boolean;
}

/** 100 Trying from a gateway: it heard us (only where the SIP server passes it up). */
export interface LegTryingInput {
  readonly type: 'legTrying';
  readonly atMs: number;
  readonly callId: string;
  readonly leg: number;
}

/** A provisional response above 100. */
export interface LegProvisionalInput {
  readonly type: 'legProvisional';
  readonly atMs: number;
  readonly callId: string;
  readonly leg: number;
  /** 101–199 */
  readonly status: number;
  readonly reason: string;
  readonly hasSdp: boolean;
}

/** A 2xx. It may come for a leg that was already released: the core then says `releaseLeg` again or nothing. */
export interface LegAnsweredInput {
  readonly type: 'legAnswered';
  readonly atMs: number;
  readonly callId: string;
  readonly leg: number;
}

/** A final failure of an attempt. */
export interface LegFailedInput {
  readonly type: 'legFailed';
  readonly atMs: number;
  readonly callId: string;
  readonly leg: number;
  /** 300–699 as received; 408 when the SIP server gave up resending, 503 when it could not send. */
  readonly status: number;
  readonly reason: string;
  /** The gateway itself said this; `timeout` and `unreachable` were made by our own SIP server. */
  readonly origin: 'gateway' | 'timeout' | 'unreachable';
  /** Retry-After of a 503, seconds. */
  readonly retryAfterSeconds: number | null;
}

/** CANCEL from the caller, or its transport went away, before our 200 was sent to it. */
export interface CallerCancelInput {
  readonly type: 'callerCancel';
  readonly atMs: number;
  readonly callId: string;
}

/** BYE, or the loss of a dialog (no ACK, 481 to a request in the dialog), on one side of an answered call. */
export interface HangupInput {
  readonly type: 'hangup';
  readonly atMs: number;
  readonly callId: string;
  readonly by: 'caller' | 'callee';
}

/** An operator ends a call. */
export interface ForcedReleaseInput {
  readonly type: 'forcedRelease';
  readonly atMs: number;
  readonly callId: string;
}

/** What became of an OPTIONS that the switch had sent (`sendOptions`). */
export interface OptionsResultInput {
  readonly type: 'optionsResult';
  readonly atMs: number;
  readonly gateway: string;
  /** The number of the request. */
  readonly request: number;
  /**
   * `response`: the gateway said `status`. `timeout`: the SIP server gave up waiting. `unreachable`: it could not send.
   * `notSent`: there is no SIP server, so that nothing follows for the gateway.
   */
  readonly outcome: 'response' | 'timeout' | 'unreachable' | 'notSent';
  /** 200–699; null but for `response`. */
  readonly status: number | null;
}

/** The SIP server behind us went away with every dialog: calls in progress end as Interrupted. */
export interface SipServerLostInput {
  readonly type: 'sipServerLost';
  readonly atMs: number;
}

/** Time passed: fire what is due. */
export interface TickInput {
  readonly type: 'tick';
  readonly atMs: number;
}

/**
 * New calls use this snapshot from now on; calls in progress keep theirs. With a share it is a candidate that is tried
 * beside the one that serves, in place of an earlier candidate; the next snapshot without a share, which may be either
 * of the two, serves all new calls and ends that.
 */
export interface SnapshotInput {
  readonly type: 'snapshot';
  readonly atMs: number;
  readonly snapshot: Snapshot;
  /** Of all new calls, more than 0 and less than 100, by a stable hash of customer and called number; absent for all. */
  readonly sharePercent?: number;
}

/** The store has recorded a payment (positive) or a correction (negative). */
export interface PaymentInput {
  readonly type: 'payment';
  readonly atMs: number;
  readonly account: string;
  readonly amount: Money;
}

/** No new calls from now on (503 to them). */
export interface DrainInput {
  readonly type: 'drain';
  readonly atMs: number;
}

/** End every call that is still up, as Shutdown. */
export interface ShutdownInput {
  readonly type: 'shutdown';
  readonly atMs: number;
}

export type CallInput =
  | LegTryingInput
  | LegProvisionalInput
  | LegAnsweredInput
  | LegFailedInput
  | CallerCancelInput
  | HangupInput
  | ForcedReleaseInput;

export type SwitchInput =
  | InviteInput
  | CallInput
  | OptionsResultInput
  | SipServerLostInput
  | TickInput
  | SnapshotInput
  | PaymentInput
  | DrainInput
  | ShutdownInput;
