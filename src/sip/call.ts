/** What the adapter remembers of a call: one caller side, its attempts, and what is under way between them. */

import type { SipCounters } from './counters.ts';
import type { SipMessage, SipRequest, SipResponse } from './drachtio-srf.ts';
import type { HeardGateways } from './heard-gateways.ts';
import type { SipInput } from './port.ts';
import type { SrfLink, Transaction } from './srf-link.ts';

/**
 * `early` has no final response yet, `confirmed` has a 2xx, `ended` has no dialog any more: nothing can be sent to
 * it and nothing is expected from it.
 */
export type SideState = 'early' | 'confirmed' | 'ended';

/** A request inside the dialog that one side sent and the other side is asked. */
export interface Exchange {
  readonly request: SipRequest;
  readonly from: Side;
  readonly to: Side;
  /** It negotiates media: no second one may run beside it (RFC 3261 §14, RFC 3311 §5.2). */
  readonly isOffer: boolean;
  /** A re-INVITE without offer: its answer comes in the ACK. */
  readonly isLateOffer: boolean;
  transaction: Transaction | null;
  /** `answered` is a re-INVITE whose 2xx went back and whose ACK has not come. */
  phase: 'asked' | 'answered' | 'over';
}

/** One dialog of a call, seen from us. */
export interface Side {
  readonly role: 'caller' | 'callee';
  readonly call: Call;
  /** How the SIP server names the dialog; '' until it has told. */
  dialogId: string;
  state: SideState;
  /** The ACK of its 2xx has gone out (callee) or come in (caller). */
  isAcknowledged: boolean;
  /** User part of our Contact on this side. */
  readonly contactUser: string;
  /** Why it is to be hung up, while a BYE must wait for the caller's ACK; null otherwise. */
  pendingHangUp: string | null;
  /** Reason of the BYE or CANCEL that came from this side, as lines for the other. */
  reasonLine: string;
  /** Our BYE is out. */
  isHungUp: boolean;
}

export interface CallerSide extends Side {
  readonly role: 'caller';
  /** Its INVITE, until that has its final response: an answered call must not keep messages for its whole life. */
  invite: SipRequest | null;
  /** The INVITE came without an offer. */
  readonly isLateOffer: boolean;
  /** RFC 3262: it demands reliable provisional responses, or at least knows them. */
  readonly requiresReliable: boolean;
  readonly supportsReliable: boolean;
  /** A provisional response above 100 went out, so the caller has an early dialog. */
  isRinging: boolean;
  /** Whose session description is in the caller's early dialog: leg and To tag of the callee; '' while there is none. */
  earlySdpFrom: string;
  /** A reliable provisional response of this leg whose offer waits for the caller's PRACK. */
  awaitsPrack: { readonly leg: CalleeLeg; readonly rack: string } | null;
}

export interface CalleeLeg extends Side {
  readonly role: 'callee';
  readonly number: number;
  /** Name of the routing gateway. */
  readonly gateway: string;
  transaction: Transaction | null;
  /** The core wants nothing more of it. */
  isReleased: boolean;
  /** A provisional response above 100 has come, so there is an early dialog. */
  isRinging: boolean;
  /** The latest provisional response above 100, until the answer. */
  provisional: SipResponse | null;
  /** The latest reliable provisional response with SDP: after its PRACK the callee need not repeat it in the 2xx. */
  reliableSdp: SipMessage | null;
  /** Its 2xx, until the caller was answered with it. */
  answer: SipResponse | null;
  /** Offer and answer have been exchanged before the 2xx, by PRACK. */
  isNegotiated: boolean;
}

export class Call {
  readonly id: string;
  readonly caller: CallerSide;
  /** Attempts that have not ended. */
  readonly legs: CalleeLeg[] = [];
  /** The leg whose 2xx the core heard of; it may have ended before the caller could be answered with it. */
  connectedLeg: CalleeLeg | null = null;
  /** The leg that the caller was answered with. */
  answeredLeg: CalleeLeg | null = null;
  /** In-dialog requests under way; null for the usual none. */
  exchanges: Exchange[] | null = null;
  /** Reason of the latest failed attempt, as a line for the caller; '' when it gave none. */
  failureReasonLine = '';

  constructor(id: string, caller: Omit<CallerSide, 'call'>) {
    this.id = id;
    this.caller = { ...caller, call: this };
  }
}

/** What every part of the adapter works with. */
export interface SipContext {
  readonly link: SrfLink;
  readonly calls: Map<string, Call>;
  /** Every dialog by the SIP server's name for it. */
  readonly dialogs: Map<string, Side>;
  readonly counters: SipCounters;
  readonly newCallId: () => string;
  readonly heardGateways: HeardGateways;
  /** `User-Agent` of our requests and `Server` of our responses, as a header line without its name; '' for none. */
  readonly userAgent: string;
  /** The embedded edge is behind: its private headers may be used. */
  hasExtensions: boolean;
  deliver(input: SipInput): void;
}

/** The dialog of a side is over. The call is forgotten with its last side. */
export function endSide(context: SipContext, side: Side): void {
  if (side.state === 'ended') return;
  side.state = 'ended';
  side.pendingHangUp = null;
  if (side.role === 'caller') (side as CallerSide).invite = null;
  if (context.dialogs.get(side.dialogId) === side) context.dialogs.delete(side.dialogId);
  const { call } = side;
  if (side.role === 'callee') {
    const index = call.legs.indexOf(side as CalleeLeg);
    if (index >= 0) call.legs.splice(index, 1);
  }
  if (call.caller.state === 'ended' && call.legs.length === 0) context.calls.delete(call.id);
}
