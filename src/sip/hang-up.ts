/** The end of an answered call: BYE in and out, and what becomes of requests that were under way. */

import { type Call, type CalleeLeg, type CallerSide, endSide, type Side, type SipContext } from './call.ts';
import { acknowledge } from './callee-leg.ts';
import type { SipRequest } from './drachtio-srf.ts';
import { noBody, reasonLine } from './headers.ts';
import { callerGone, rejectCaller } from './inbound-call.ts';
import { phraseOf } from './status.ts';

const normalClearing = 16;
/** Q.850 causes for the reasons that are not a normal clearing. */
const causes: Readonly<Record<string, number>> = {
  SessionTimeout: 102,
  NoMedia: 102,
  Interrupted: 41,
  Shutdown: 41,
};

/**
 * Reason of a BYE of ours: what the other side gave for its own, else the Q.850 cause. The reason's name goes to the
 * caller alone, who may know that his credit is used up; a vendor may not.
 */
function hangUpReason(side: Side, reason: string): string {
  const { caller, answeredLeg } = side.call;
  const other = side.role === 'callee' ? caller : answeredLeg;
  if (other !== null && other.reasonLine !== '') return other.reasonLine;
  const text = side.role === 'caller' && /^\w+$/.test(reason) ? `;text="${reason}"` : '';
  return `Reason: Q.850;cause=${causes[reason] ?? normalClearing}${text}\r\n`;
}

/**
 * Ends the dialog of one side. Towards the caller a BYE waits for the ACK of our 200 (RFC 3261 §15); if that never
 * comes, the SIP server ends the dialog itself and says so.
 */
export function sendHangUp(context: SipContext, side: Side, reason: string): void {
  if (side.state === 'ended' || side.isHungUp) return;
  if (side.role === 'caller') {
    if (side.state === 'early') {
      rejectCaller(context, side.call, 480, '', false);
      return;
    }
    if (!side.isAcknowledged) {
      side.pendingHangUp = reason;
      return;
    }
  } else acknowledge(context, side as CalleeLeg, noBody);
  side.isHungUp = true;
  side.pendingHangUp = null;
  settleExchanges(context, side.call);
  context.counters.hangUpsSent++;
  const end = (): void => endSide(context, side);
  context.link.request('BYE', 'sip:placeholder', hangUpReason(side, reason), '', side.dialogId, {
    onResponse: response => {
      if (response.msg.status >= 200) end();
    },
    onRefused: end,
  });
}

/** BYE from one side, or from the SIP server on its behalf when the ACK was lost or the session timer ran out. */
export function receiveBye(context: SipContext, side: Side, request: SipRequest): void {
  const isCallee = side.role === 'callee';
  if (isCallee && side.state === 'early') {
    context.link.respond(request, 481, phraseOf(481), '', '');
    return;
  }
  context.link.respond(request, 200, 'OK', '', '');
  side.reasonLine = reasonLine(request.msg.headers['reason']);
  if (side.role === 'caller' && side.state === 'early') {
    // RFC 3261 §15 lets a caller end an early dialog so; its INVITE still needs an answer.
    const { invite } = side as CallerSide;
    if (invite !== null) context.link.respond(invite, 487, phraseOf(487), '', '');
    callerGone(context, side.call);
    return;
  }
  dialogOver(context, side);
}

/** The dialog of a side is gone without a BYE of ours; the core hears of it unless it asked for the end itself. */
export function dialogOver(context: SipContext, side: Side): void {
  if (side.state === 'ended') return;
  const isExpected = side.isHungUp || side.pendingHangUp !== null || isReleased(side);
  settleExchanges(context, side.call);
  endSide(context, side);
  if (!isExpected) context.deliver({ type: 'hangup', callId: side.call.id, by: side.role });
}

/** A request in the dialog found it gone, or found nobody (RFC 3261 §12.2.1.2): BYE it and tell the core. */
export function dialogLost(context: SipContext, side: Side): void {
  if (side.state === 'ended' || side.isHungUp || side.pendingHangUp !== null) return;
  sendHangUp(context, side, '');
  context.deliver({ type: 'hangup', callId: side.call.id, by: side.role });
}

function isReleased(side: Side): boolean {
  return side.role === 'callee' && (side as CalleeLeg).isReleased;
}

/** Answers what is still unanswered between the sides, because one of them is going (RFC 3261 §15.1.2). */
export function settleExchanges(context: SipContext, call: Call): void {
  const { exchanges } = call;
  if (exchanges === null) return;
  call.exchanges = null;
  for (const exchange of exchanges) {
    if (exchange.phase === 'asked') {
      const status = exchange.request.msg.method === 'INVITE' ? 487 : 481;
      context.link.respond(exchange.request, status, phraseOf(status), '', '');
    } else if (exchange.isLateOffer && exchange.to.state === 'confirmed') {
      context.link.ack(exchange.to.dialogId, noBody);
    }
    exchange.phase = 'over';
  }
}
