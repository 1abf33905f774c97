/** A call of the world while it is up: its caller, the gateways that were asked for it, and what became of it so far. */
import type { JournalOutput } from '../../call/outputs.ts';
import type { CallDetailRecord } from '../../cdr/record.ts';
import type { Snapshot } from '../../config/snapshot.ts';
import type { CallBehaviour } from '../scenario/behaviour.ts';
import type { PlayedAttempt, PlayedCall } from '../scenario/played.ts';
import type { ScenarioCall } from '../scenario/scenario.ts';
import type { Usage } from './usage.ts';

/** `early` waits for its final response, `confirmed` talks, `ended` has no dialog with the switch any more. */
export type DialogState = 'early' | 'confirmed' | 'ended';

export class ActiveCall {
  readonly kind = 'caller';
  /** When the caller does something next (steady ms since 1970 UTC): gives up, or hangs up. */
  dueMs: number = Number.POSITIVE_INFINITY;
  readonly call: ScenarioCall;
  readonly callIndex: number;
  readonly burstIndex: number;
  readonly callId: string;
  readonly seed: number;
  readonly caller: string;
  readonly callee: string | null;
  readonly startedAtMs: number;
  /** The configuration that served when the call came, until the journal says that the call goes by a candidate. */
  snapshot: Snapshot;
  callerState: DialogState = 'early';
  /** The caller ended its dialog, or lost it with the SIP server. */
  isCallerGone = false;
  wasRejected = false;
  firstResponseAtMs: number | null = null;
  relayedAtMs: number | null = null;
  finalStatus: number | null = null;
  finalReason: string | null = null;
  answeredAtMs: number | null = null;
  endedAtMs: number | null = null;
  isOver = false;
  /** Something has happened that ends every call. */
  mustEnd = false;
  /** Nothing ever ended it. */
  isGivenUp = false;
  readonly legs: Leg[] = [];
  readonly attempts: PlayedAttempt[] = [];
  /** The newest journal row; null before the first. */
  row: JournalOutput['call'] | null = null;
  /** What it holds from its first journal row to its end. */
  held: readonly Usage[] = [];
  record: CallDetailRecord | null = null;

  constructor(
    call: ScenarioCall,
    place: { readonly callIndex: number; readonly burstIndex: number; readonly callId: string },
    numbers: { readonly caller: string; readonly callee: string | null },
    seed: number,
    startedAtMs: number,
    snapshot: Snapshot,
  ) {
    this.call = call;
    this.callIndex = place.callIndex;
    this.burstIndex = place.burstIndex;
    this.callId = place.callId;
    this.caller = numbers.caller;
    this.callee = numbers.callee;
    this.seed = seed;
    this.startedAtMs = startedAtMs;
    this.snapshot = snapshot;
  }

  /** The leg that the caller was answered with, or null. */
  get answeredLeg(): Leg | null {
    return this.legs.find(leg => leg.wasConnected) ?? null;
  }

  /** What is left of the call, with the record that is kept of it. */
  played(record: CallDetailRecord | null): PlayedCall {
    return {
      call: this.call,
      callIndex: this.callIndex,
      burstIndex: this.burstIndex,
      callId: this.callId,
      caller: this.caller,
      callee: this.callee,
      startedAtMs: this.startedAtMs,
      firstResponseAtMs: this.firstResponseAtMs,
      finalStatus: this.finalStatus,
      finalReason: this.finalReason,
      answeredAtMs: this.answeredAtMs,
      endedAtMs: this.endedAtMs,
      // A list that has grown has room for more.
      attempts: this.attempts.slice(),
      record,
      isGivenUp: this.isGivenUp,
    };
  }
}

/** One INVITE to a gateway. */
export class Leg {
  readonly kind = 'gateway';
  /** When the gateway, or our own SIP server that waits for it, does something next (steady). */
  dueMs: number = Number.POSITIVE_INFINITY;
  readonly call: ActiveCall;
  readonly number: number;
  readonly gateway: string;
  readonly behaviour: CallBehaviour;
  state: DialogState = 'early';
  /** Its latest provisional response had a session description. */
  sdpSeen = false;
  /** A provisional response of it that the switch heard of had a session description, or was a 180. */
  hadSdp = false;
  rang = false;
  /** Its failure was a response of its own. */
  wasAnsweredByGateway = false;
  /** It has said something, so that a CANCEL may go out (RFC 3261 §9.1). */
  wasHeard = false;
  /** The switch wants nothing more of it. */
  isReleased = false;
  isCancelSent = false;
  /** The caller was answered with it. */
  wasConnected = false;
  /** A BYE of the switch has ended it. */
  isHungUp = false;
  /** The step of its script that comes next, and when the one before was (steady). */
  step = 0;
  stepMs: number;
  /** When our SIP server gives the INVITE up (steady). */
  giveUpMs: number;
  answeredAtMs: number = Number.POSITIVE_INFINITY;
  /** What it holds until it is over; empty afterwards. */
  held: readonly Usage[] = [];

  constructor(
    call: ActiveCall,
    number: number,
    gateway: string,
    behaviour: CallBehaviour,
    steadyMs: number,
    giveUpMs: number,
  ) {
    this.call = call;
    this.number = number;
    this.gateway = gateway;
    this.behaviour = behaviour;
    this.stepMs = steadyMs;
    this.giveUpMs = giveUpMs;
  }
}
