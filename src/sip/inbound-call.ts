/** The caller's side until the call is answered: a new INVITE, what goes back for it, its CANCEL and its ACK. */
import type { Transport } from '../config/snapshot.ts';
import { calleeNumber, escapeUser, parseNameAddress, parseUri, plainNumber, tagOf } from './address.ts';
import { Call, type CalleeLeg, type CallerSide, endSide, type SipContext } from './call.ts';
import { acknowledge } from './callee-leg.ts';
import type { SipMessage, SipRequest } from './drachtio-srf.ts';
import { forwardingNumber } from './forwarding.ts';
import { sendHangUp, settleExchanges } from './hang-up.ts';
import {
  allowLine,
  allowLineFor,
  type Body,
  bodyOf,
  detach,
  hasSdp,
  hasToken,
  line,
  noBody,
  printable,
  reasonLine,
  safePhrase,
  unknownRequirements,
} from './headers.ts';
import { isIntervalTooSmall, isTimerCapable, minSessionSeconds, sessionTimerLines } from './session-timer.ts';
import { phraseOf } from './status.ts';

const defaultMaxForwards = 70;

/** Max-Forwards as received (RFC 3261 §8.1.1.6); what is not a number counts as absent. */
export function maxForwardsOf(message: SipMessage): number {
  const value = message.headers['max-forwards'];
  if (value === undefined || !/^\s*\d{1,3}\s*$/.test(value)) return defaultMaxForwards;
  return Number(value);
}

function serverLine(context: SipContext): string {
  return context.userAgent === '' ? '' : line('Server', context.userAgent);
}

/** Answers a request with a failure of our own. */
export function refuse(context: SipContext, request: SipRequest, status: number, headerLines = ''): void {
  context.link.respond(request, status, phraseOf(status), serverLine(context) + headerLines, '');
}

/** How the SIP server names the dialog that this INVITE begins. */
function callerDialogId(message: SipMessage): string {
  return `${message.headers['call-id'] ?? ''};from-tag=${tagOf(message.headers['from'] ?? '')}`;
}

/** What makes an INVITE impossible whoever sent it; null when nothing does. */
function objection(
  context: SipContext,
  message: SipMessage,
  scheme: string,
): readonly [number, string] | null {
  if (scheme !== 'sip' && scheme !== 'tel') return [416, ''];
  if (maxForwardsOf(message) <= 1) return [483, ''];
  const unknown = unknownRequirements(message);
  if (unknown !== '') return [420, line('Unsupported', unknown)];
  if (isIntervalTooSmall(message)) return [422, line('Min-SE', String(minSessionSeconds))];
  if (context.dialogs.has(callerDialogId(message))) return [482, ''];
  return null;
}

/** A new INVITE outside any dialog. */
export function receiveInvite(context: SipContext, request: SipRequest): void {
  context.counters.invitesReceived++;
  const { msg } = request;
  const target = parseUri(msg.uri);
  const problem = objection(context, msg, target.scheme);
  if (problem !== null) {
    context.counters.invitesRefused++;
    refuse(context, request, problem[0], problem[1]);
    return;
  }
  const number = calleeNumber(target);
  const callee = number === null ? null : detach(printable(number));
  const forwarding = forwardingNumber(msg);
  const call = rememberCall(context, request, callee ?? '');
  context.deliver({
    type: 'invite',
    callId: call.id,
    source: {
      address: detach((request.source_address ?? '').replace(/^\[|\]$/g, '')),
      port: request.source_port,
      transport: transportOf(request),
    },
    caller: detach(printable(plainNumber(parseNameAddress(msg.headers['from'] ?? '').user))),
    callee,
    forwarding: forwarding === null ? null : detach(forwarding),
    sipCallId: detach(printable(msg.headers['call-id'] ?? '')),
    timerCapable: isTimerCapable(msg),
  });
}

function transportOf(request: SipRequest): Transport {
  return request.protocol?.toLowerCase() === 'tcp' ? 'tcp' : 'udp';
}

function rememberCall(context: SipContext, request: SipRequest, callee: string): Call {
  const { headers } = request.msg;
  const requiresReliable = hasToken(headers['require'], '100rel');
  const call = new Call(context.newCallId(), {
    role: 'caller',
    dialogId: callerDialogId(request.msg),
    state: 'early',
    isAcknowledged: false,
    contactUser: escapeUser(callee),
    pendingHangUp: null,
    reasonLine: '',
    isHungUp: false,
    invite: request,
    isLateOffer: !hasSdp(request.msg),
    requiresReliable,
    supportsReliable: requiresReliable || hasToken(headers['supported'], '100rel'),
    isRinging: false,
    earlySdpFrom: '',
    awaitsPrack: null,
  });
  context.calls.set(call.id, call);
  context.dialogs.set(call.caller.dialogId, call.caller);
  return call;
}

/** CANCEL of a call that is not answered: the SIP server has answered it and the INVITE. */
export function receiveCancel(context: SipContext, cancel: SipMessage): void {
  const caller = context.dialogs.get(callerDialogId(cancel));
  if (caller === undefined || caller.role !== 'caller') return;
  caller.reasonLine = reasonLine(cancel.headers['reason']);
  callerGone(context, caller.call);
}

/** The caller gave up: before the answer that is a cancel, after it a hang-up that crossed our 200. */
export function callerGone(context: SipContext, call: Call): void {
  if (call.caller.state === 'ended') return;
  const { answeredLeg } = call;
  endSide(context, call.caller);
  if (answeredLeg === null) context.deliver({ type: 'callerCancel', callId: call.id });
  else context.deliver({ type: 'hangup', callId: call.id, by: 'caller' });
}

/**
 * Another gateway, or another branch of a gateway that forks, is heard after one whose session description the caller
 * has. Within one early dialog it must not change (RFC 3261 §13.2.1), so a further one begins. A drachtio-server
 * cannot do that: there the caller sees the description change.
 */
function forkLine(context: SipContext, caller: CallerSide, leg: CalleeLeg, msg: SipMessage): string {
  const from = `${leg.number};${tagOf(msg.headers['to'] ?? '')}`;
  const isOther = caller.earlySdpFrom !== '' && caller.earlySdpFrom !== from;
  if (isOther) caller.earlySdpFrom = '';
  if (hasSdp(msg)) caller.earlySdpFrom = from;
  return isOther && context.hasExtensions ? 'X-Class4-Fork: 1\r\n' : '';
}

/** Passes the leg's latest provisional response on, reliably where the caller demands it or its offer needs it. */
export function relayProvisional(
  context: SipContext,
  call: Call,
  leg: CalleeLeg,
  status: number,
  reason: string,
): void {
  const { caller } = call;
  const { invite } = caller;
  if (invite === null || caller.state !== 'early' || call.answeredLeg !== null) return;
  const response = leg.provisional;
  const body = response === null ? noBody : bodyOf(response.msg);
  const isOfferInResponse = leg.isNegotiated && caller.isLateOffer && body.text !== '';
  const isReliable = caller.requiresReliable || isOfferInResponse;
  let headers = serverLine(context) + body.headers;
  if (isReliable) headers += 'Require: 100rel\r\n';
  if (response !== null) headers += forkLine(context, caller, leg, response.msg);
  caller.isRinging = true;
  context.link.respond(invite, status, safePhrase(reason, phraseOf(status)), headers, body.text);
}

/**
 * Answers the caller with the leg's 2xx. A callee who hung up meanwhile changes nothing: the call is on record as
 * answered, and the core hangs up next.
 */
export function answerCaller(context: SipContext, call: Call): void {
  const leg = call.connectedLeg;
  const response = leg?.answer ?? null;
  if (leg === null || response === null || call.answeredLeg !== null) return;
  const { caller } = call;
  call.answeredLeg = leg;
  const { invite } = caller;
  if (invite === null || caller.state !== 'early') return;
  context.counters.callsAnswered++;
  const body = answerBody(leg, response.msg);
  const headers =
    serverLine(context) +
    forkLine(context, caller, leg, response.msg) +
    allowLineFor(response.msg.headers['allow']) +
    sessionTimerLines(invite.msg) +
    body.headers;
  caller.state = 'confirmed';
  caller.invite = null;
  leg.answer = null;
  leg.reliableSdp = null;
  context.link.respond(invite, 200, 'OK', headers, body.text, isSent => {
    if (!isSent) callerGone(context, call);
  });
}

/**
 * A callee whose SDP was acknowledged with PRACK may leave it out of its 2xx. A caller who got that SDP in a plain
 * provisional response still needs it in ours: only a reliable message can hold the answer (RFC 3261 §13.2.1).
 */
function answerBody(leg: CalleeLeg, answer: SipMessage): Body {
  const body = bodyOf(answer);
  const { requiresReliable, isLateOffer } = leg.call.caller;
  if (body.text !== '' || leg.reliableSdp === null || requiresReliable || isLateOffer) return body;
  return bodyOf(leg.reliableSdp);
}

/** The caller's ACK to our 200: a late offer's answer goes on to the callee, and a waiting BYE may leave. */
export function receiveInitialAck(context: SipContext, caller: CallerSide, ack: SipMessage): void {
  caller.isAcknowledged = true;
  const leg = caller.call.answeredLeg;
  if (leg !== null) acknowledge(context, leg, bodyOf(ack));
  if (caller.pendingHangUp !== null) sendHangUp(context, caller, caller.pendingHangUp);
}

/** Final failure to the caller. With a plain drachtio-server, which cannot stay silent, silence becomes 403. */
export function rejectCaller(
  context: SipContext,
  call: Call,
  status: number,
  reason: string,
  silent: boolean,
): void {
  const { caller } = call;
  const { invite } = caller;
  if (invite === null || caller.state !== 'early') return;
  if (silent) {
    const headers = context.hasExtensions ? 'X-Class4-Silent: 1\r\n' : '';
    context.link.respond(invite, 403, phraseOf(403), headers, '');
  } else {
    const phrase = safePhrase(reason, phraseOf(status));
    const headers = serverLine(context) + (status === 405 ? allowLine : '') + call.failureReasonLine;
    context.link.respond(invite, status, phrase, headers, '');
  }
  settleExchanges(context, call);
  endSide(context, caller);
}
