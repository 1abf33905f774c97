/**
 * Everything the switch wants done, as data, in the order it must be done. The core says what; the SIP adapter
 * and the store know how. Outputs never fail into the core: what goes wrong comes back as an input.
 */
import type { LedgerCharge, OpenCall } from '../cdr/open-call.ts';
import type { CallDetailRecord } from '../cdr/record.ts';
import type { HostPort } from '../config/snapshot.ts';

/** Send an INVITE to a gateway. */
export interface DialLegOutput {
  readonly type: 'dialLeg';
  readonly callId: string;
  readonly leg: number;
  readonly gateway: string;
  readonly address: HostPort;
  /** Empty for a caller who does not tell. */
  readonly caller: string;
  readonly callee: string;
  /** The number that forwarded the call; null when none did. */
  readonly forwarding: string | null;
  /** Waits between retransmissions, from SS_SIP_RESEND_INTERVAL of the call's snapshot. */
  readonly resendIntervalsMs: readonly number[];
}

/**
 * We want nothing more of this leg. Before its final response: CANCEL it (and ACK + BYE a 2xx that crosses the
 * CANCEL). When its 2xx is already here: ACK and BYE. After a failure: nothing to do.
 */
export interface ReleaseLegOutput {
  readonly type: 'releaseLeg';
  readonly callId: string;
  readonly leg: number;
}

/** Pass the leg's latest provisional response with its body to the caller. */
export interface RelayProvisionalOutput {
  readonly type: 'relayProvisional';
  readonly callId: string;
  readonly leg: number;
  readonly status: number;
  readonly reason: string;
}

/**
 * Answer the caller with the leg's 2xx, once the journal entry before it is durable. From then on both sides
 * are one call.
 */
export interface AnswerOutput {
  readonly type: 'answer';
  readonly callId: string;
  readonly leg: number;
}

/** Final failure response to the caller. */
export interface RejectOutput {
  readonly type: 'reject';
  readonly callId: string;
  readonly status: number;
  /** The reason phrase; empty for the usual one of the status. */
  readonly reason: string;
  /** Answer nothing at all (SS_REPLY_UNAUTHORIZED off). */
  readonly silent: boolean;
}

/** End the dialog of that side of an answered call (BYE). */
export interface HangUpOutput {
  readonly type: 'hangUp';
  readonly callId: string;
  readonly side: 'caller' | 'callee';
  readonly reason: string;
}

/** Ask a gateway by OPTIONS, outside of any dialog, whether it is there; `optionsResult` tells what became of it. */
export interface SendOptionsOutput {
  readonly type: 'sendOptions';
  readonly gateway: string;
  /** Different for each one sent. */
  readonly request: number;
  readonly address: HostPort;
}

/** A gateway has gone offline or is online again, for the log. */
export interface GatewayAvailabilityOutput {
  readonly type: 'gatewayAvailability';
  readonly gateway: string;
  readonly online: boolean;
  /** What it said; null when it said nothing, or is asked no more. */
  readonly status: number | null;
  /** How long it was offline; 0 when it has just gone. */
  readonly offlineMs: number;
}

/**
 * Write (or overwrite) the journal row of a call in progress. Given when a call is admitted, and again when a
 * gateway answers, right before `answer`.
 */
export interface JournalOutput {
  readonly type: 'journal';
  readonly call: OpenCall;
}

/** The call is over: its record, its ledger lines and the end of its journal row, in one transaction. */
export interface WriteCdrOutput {
  readonly type: 'writeCdr';
  readonly cdr: CallDetailRecord;
  readonly ledger: readonly LedgerCharge[];
}

/**
 * The call is over and leaves no record, as SERVER_BILLING_RECORD_ZERO_HOLD_TIME or
 * SERVER_BILLING_RECORD_SERVER_HANG_UP want it: nobody answered, no money is in it, and only its journal row must go.
 */
export interface ForgetCallOutput {
  readonly type: 'forgetCall';
  readonly callId: string;
}

export type SipOutput =
  | DialLegOutput
  | ReleaseLegOutput
  | RelayProvisionalOutput
  | AnswerOutput
  | RejectOutput
  | HangUpOutput
  | SendOptionsOutput;

export type SwitchOutput =
  | SipOutput
  | GatewayAvailabilityOutput
  | JournalOutput
  | WriteCdrOutput
  | ForgetCallOutput;
