/** The callers, and what the SIP adapter of the live switch makes of what they do and of what is sent to them. */
import type { HangUpOutput, RejectOutput, RelayProvisionalOutput } from '../../call/outputs.ts';
import type { ActiveCall } from './active-call.ts';
import { phraseOf } from './phrases.ts';
import type { Surroundings } from './surroundings.ts';

export class Callers {
  readonly #world: Surroundings;

  constructor(world: Surroundings) {
    this.#world = world;
  }

  /** The INVITE has gone out. */
  begin(call: ActiveCall): void {
    const { steadyMs, trace } = this.#world;
    trace?.add(call.callId, 'caller', 'switch', `INVITE ${call.callee ?? 'without a number'}`);
    const { cancelAfterMs } = call.call;
    if (cancelAfterMs !== null) this.#world.schedule(call, steadyMs + cancelAfterMs);
  }

  /** The caller gives up, or hangs up. */
  due(call: ActiveCall): void {
    if (call.callerState === 'early') this.#cancel(call);
    else if (call.callerState === 'confirmed') this.#hangUp(call);
  }

  relay(call: ActiveCall, { status, reason, leg }: RelayProvisionalOutput): void {
    if (call.callerState !== 'early') return;
    call.firstResponseAtMs ??= this.#world.nowMs;
    call.relayedAtMs ??= this.#world.nowMs;
    const sdp = call.legs[leg]?.sdpSeen === true ? ' (SDP)' : '';
    this.#world.trace?.add(call.callId, 'switch', 'caller', `${status} ${reason || phraseOf(status)}${sdp}`);
  }

  answer(call: ActiveCall): void {
    const { nowMs, steadyMs, trace } = this.#world;
    if (call.callerState !== 'early') return;
    call.callerState = 'confirmed';
    call.answeredAtMs = nowMs;
    this.#final(call, 200, 'OK');
    trace?.exchange(call.callId, 'switch', 'caller', '200 OK', 'ACK');
    const { hangUpAfterMs } = call.call;
    this.#world.schedule(call, hangUpAfterMs === null ? Number.POSITIVE_INFINITY : steadyMs + hangUpAfterMs);
  }

  reject(call: ActiveCall, { status, reason, silent }: RejectOutput): void {
    call.wasRejected = true;
    if (call.callerState !== 'early') return;
    call.callerState = 'ended';
    if (silent) {
      this.#world.trace?.remark(call.callId, 'the caller gets no answer at all');
      return;
    }
    const phrase = reason === '' ? phraseOf(status) : reason;
    this.#final(call, status, phrase);
    this.#world.trace?.exchange(call.callId, 'switch', 'caller', `${status} ${phrase}`, 'ACK');
  }

  bye(call: ActiveCall, { reason }: HangUpOutput): void {
    if (call.callerState !== 'confirmed') return;
    call.callerState = 'ended';
    this.#world.trace?.exchange(call.callId, 'switch', 'caller', `BYE (${reason})`, '200 OK');
  }

  /** The dialogs of the SIP server are gone: the caller gets nothing more, and nobody hears it. */
  lose(call: ActiveCall): void {
    call.callerState = 'ended';
    call.isCallerGone = true;
  }

  /** The SIP server answers the CANCEL and the INVITE itself, before the switch hears of it. */
  #cancel(call: ActiveCall): void {
    call.callerState = 'ended';
    call.isCallerGone = true;
    const { nowMs, trace } = this.#world;
    trace?.exchange(call.callId, 'caller', 'switch', 'CANCEL', '487 Request Terminated');
    this.#final(call, 487, 'Request Terminated');
    this.#world.give({ type: 'callerCancel', atMs: nowMs, callId: call.callId });
  }

  #hangUp(call: ActiveCall): void {
    call.callerState = 'ended';
    call.isCallerGone = true;
    const { nowMs, trace } = this.#world;
    trace?.exchange(call.callId, 'caller', 'switch', 'BYE', '200 OK');
    this.#world.give({ type: 'hangup', atMs: nowMs, callId: call.callId, by: 'caller' });
  }

  #final(call: ActiveCall, status: number, reason: string): void {
    call.finalStatus = status;
    call.finalReason = reason;
    call.firstResponseAtMs ??= this.#world.nowMs;
  }
}
