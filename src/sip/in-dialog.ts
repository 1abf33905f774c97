/** Requests inside a call's dialogs: taken ourselves, or relayed to the other side with its response coming back. */
import {
  type Call,
  type CalleeLeg,
  type CallerSide,
  type Exchange,
  endSide,
  type Side,
  type SipContext,
} from './call.ts';
import { sendPrack } from './callee-leg.ts';
import type { SipMessage, SipRequest, SipResponse } from './drachtio-srf.ts';
import { dialogLost, dialogOver, receiveBye } from './hang-up.ts';
import {
  allowLine,
  allowLineFor,
  bodyOf,
  hasSdp,
  line,
  noBody,
  safePhrase,
  unknownRequirements,
} from './headers.ts';
import { maxForwardsOf, receiveInitialAck, refuse } from './inbound-call.ts';
import { isIntervalTooSmall, minSessionSeconds, sessionTimerLines } from './session-timer.ts';
import { phraseOf, statusTowardsOther } from './status.ts';

/** Headers that give a relayed request its meaning, by method. */
const meaningfulHeaders: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  INFO: [['info-package', 'Info-Package']],
  NOTIFY: [
    ['event', 'Event'],
    ['o', 'Event'],
    ['subscription-state', 'Subscription-State'],
  ],
};

function cseqNumber(message: SipMessage): number {
  return Number.parseInt(message.headers['cseq'] ?? '', 10);
}

/** A request in the dialog of one side. */
export function receiveInDialog(context: SipContext, side: Side, request: SipRequest): void {
  const { method } = request.msg;
  if (side.role === 'callee' && request.source === 'network') {
    context.heardGateways.heard((side as CalleeLeg).gateway);
  }
  const unknown = method === 'ACK' || method === 'BYE' ? '' : unknownRequirements(request.msg);
  if (unknown !== '') {
    refuseInDialog(context, request, 420, line('Unsupported', unknown));
    return;
  }
  switch (method) {
    case 'ACK':
      receiveAck(context, side, request.msg);
      break;
    case 'BYE':
      receiveBye(context, side, request);
      break;
    case 'INVITE':
    case 'UPDATE':
    case 'INFO':
    case 'MESSAGE':
    case 'NOTIFY':
      relay(context, side, request);
      break;
    case 'PRACK':
      receivePrack(context, side, request);
      break;
    case 'OPTIONS':
      context.link.respond(request, 200, 'OK', `${allowLine}Accept: application/sdp\r\n`, '');
      break;
    default:
      refuseInDialog(context, request, 405, allowLine);
  }
}

function refuseInDialog(context: SipContext, request: SipRequest, status: number, headerLines = ''): void {
  context.counters.requestsRefused++;
  refuse(context, request, status, headerLines);
}

/** ACK of our 200: the first one, or that of a relayed re-INVITE, told apart by CSeq. */
function receiveAck(context: SipContext, side: Side, ack: SipMessage): void {
  const number = cseqNumber(ack);
  const exchange = side.call.exchanges?.find(
    each => each.from === side && each.phase === 'answered' && cseqNumber(each.request.msg) === number,
  );
  if (exchange !== undefined) {
    if (exchange.isLateOffer) context.link.ack(exchange.to.dialogId, bodyOf(ack));
    finish(exchange);
    return;
  }
  if (side.role !== 'caller' || side.state !== 'confirmed' || side.isAcknowledged) return;
  receiveInitialAck(context, side as CallerSide, ack);
}

/** The caller's PRACK: with the answer to a late offer it goes on to the callee, else it ends here. */
function receivePrack(context: SipContext, side: Side, request: SipRequest): void {
  const withSdp = hasSdp(request.msg);
  const caller = side.role === 'caller' ? (side as CallerSide) : null;
  const waiting = caller?.awaitsPrack ?? null;
  if (caller === null || waiting === null || !withSdp) {
    // A new offer in PRACK would need the callee's, which had its own PRACK already.
    if (withSdp) refuseInDialog(context, request, 488);
    else context.link.respond(request, 200, 'OK', '', '');
    return;
  }
  caller.awaitsPrack = null;
  sendPrack(context, waiting.leg, waiting.rack, bodyOf(request.msg), response => {
    if (response === null) {
      refuse(context, request, 500);
      return;
    }
    const body = bodyOf(response.msg);
    const { status } = response.msg;
    context.link.respond(request, status, phraseOf(status), body.headers, body.text);
  });
}

/** The side that a request goes on to; null when there is none (any more). */
function peerOf(side: Side): Side | null {
  const { call } = side;
  if (side.role === 'caller') return call.answeredLeg ?? call.legs.find(leg => !leg.isReleased) ?? null;
  if (call.answeredLeg !== null) return call.answeredLeg === side ? call.caller : null;
  return (side as CalleeLeg).isReleased ? null : call.caller;
}

/** An early dialog exists only once a provisional response has told its tag. */
function hasDialog(side: Side): boolean {
  if (side.state === 'confirmed') return true;
  return (side as CallerSide | CalleeLeg).isRinging;
}

/** Why an offer cannot go on now, as a status; 0 when it can. */
function offerConflict(call: Call, side: Side, isInvite: boolean): number {
  const { caller, answeredLeg } = call;
  if (answeredLeg === null) {
    if (isInvite) return side.role === 'caller' ? 500 : 491;
  } else {
    // RFC 3261 §14.1: no INVITE while the first one is under way in either direction.
    if (side.role === 'callee' && !caller.isAcknowledged) return 491;
    if (side.role === 'caller' && !answeredLeg.isAcknowledged) return 491;
  }
  const rival = call.exchanges?.find(each => each.isOffer);
  if (rival === undefined) return 0;
  return rival.from === side ? 500 : 491;
}

/** A wait of up to ten seconds, as RFC 3261 §14.2 and RFC 3311 §5.2 ask. */
function retryAfterLine(): string {
  return `Retry-After: ${Math.floor(Math.random() * 11)}\r\n`;
}

/** What keeps a request from the other side, answered here; true when it was. */
function isStopped(context: SipContext, side: Side, peer: Side | null, request: SipRequest): boolean {
  const { msg } = request;
  if (peer === null || peer.state === 'ended' || peer.isHungUp) {
    refuseInDialog(context, request, 481);
    return true;
  }
  if (maxForwardsOf(msg) <= 1) {
    refuseInDialog(context, request, 483);
    return true;
  }
  const isInvite = msg.method === 'INVITE';
  if ((isInvite || msg.method === 'UPDATE') && isIntervalTooSmall(msg)) {
    refuseInDialog(context, request, 422, line('Min-SE', String(minSessionSeconds)));
    return true;
  }
  const conflict =
    isInvite || (msg.method === 'UPDATE' && hasSdp(msg)) ? offerConflict(side.call, side, isInvite) : 0;
  if (conflict !== 0) {
    context.counters.glare++;
    refuseInDialog(context, request, conflict, conflict === 500 ? retryAfterLine() : '');
    return true;
  }
  if (!hasDialog(peer)) {
    refuseInDialog(context, request, 500, retryAfterLine());
    return true;
  }
  return false;
}

function relayedLines(peer: Side, msg: SipMessage, bodyLines: string): string {
  let lines = `Max-Forwards: ${maxForwardsOf(msg) - 1}\r\n`;
  if (msg.method === 'INVITE' || msg.method === 'UPDATE') {
    const user = peer.contactUser === '' ? 'anonymous' : peer.contactUser;
    lines += `Contact: <sip:${user}@localhost>\r\n${allowLineFor(msg.headers['allow'])}`;
  }
  for (const [key, name] of meaningfulHeaders[msg.method] ?? []) {
    const value = msg.headers[key];
    if (value !== undefined) lines += line(name, value);
  }
  return lines + bodyLines;
}

function relay(context: SipContext, side: Side, request: SipRequest): void {
  const peer = peerOf(side);
  if (isStopped(context, side, peer, request) || peer === null) return;
  const { msg } = request;
  const withSdp = hasSdp(msg);
  const exchange: Exchange = {
    request,
    from: side,
    to: peer,
    isOffer: msg.method === 'INVITE' || (msg.method === 'UPDATE' && withSdp),
    isLateOffer: msg.method === 'INVITE' && !withSdp,
    transaction: null,
    phase: 'asked',
  };
  const { call } = side;
  if (call.exchanges === null) call.exchanges = [exchange];
  else call.exchanges.push(exchange);
  context.counters.requestsRelayed++;
  const body = bodyOf(msg);
  const lines = relayedLines(peer, msg, body.headers);
  exchange.transaction = context.link.request(
    msg.method,
    'sip:placeholder',
    lines,
    body.text,
    peer.dialogId,
    {
      onResponse: response => receiveRelayed(context, exchange, response),
      onRefused: reason => relayRefused(context, exchange, reason),
    },
  );
}

/** CANCEL of a re-INVITE: the SIP server has answered both, and the other side is to stop as well. */
export function cancelRelayed(side: Side, cancel: SipMessage): void {
  const number = cseqNumber(cancel);
  const exchange = side.call.exchanges?.find(
    each =>
      each.from === side &&
      each.phase === 'asked' &&
      each.request.msg.method === 'INVITE' &&
      cseqNumber(each.request.msg) === number,
  );
  exchange?.transaction?.cancel('');
}

function finish(exchange: Exchange): void {
  exchange.phase = 'over';
  const { call } = exchange.from;
  const remaining = call.exchanges?.filter(each => each !== exchange) ?? [];
  call.exchanges = remaining.length === 0 ? null : remaining;
}

function receiveRelayed(context: SipContext, exchange: Exchange, response: SipResponse): void {
  const { msg } = response;
  const { method } = exchange.request.msg;
  const { to } = exchange;
  if (msg.status < 200) {
    if (msg.headers['rseq'] === undefined) return;
    const rack = `${msg.headers['rseq']} ${msg.headers['cseq'] ?? '1 INVITE'}`;
    context.link.request('PRACK', 'sip:placeholder', line('RAck', rack), '', to.dialogId, {
      onResponse: () => {},
      onRefused: () => {},
    });
    return;
  }
  const isSuccess = msg.status < 300;
  if (
    method === 'INVITE' &&
    isSuccess &&
    (exchange.phase === 'over' || !exchange.isLateOffer || !hasSdp(msg))
  ) {
    context.link.ack(to.dialogId, noBody);
  }
  if (exchange.phase === 'over') return;
  if (isSuccess) relaySuccess(context, exchange, msg);
  else relayFailure(context, exchange, msg);
}

function relaySuccess(context: SipContext, exchange: Exchange, msg: SipMessage): void {
  const { request } = exchange;
  const { method } = request.msg;
  const body = bodyOf(msg);
  let lines = body.headers;
  if (method === 'INVITE' || method === 'UPDATE') {
    lines = allowLineFor(msg.headers['allow']) + sessionTimerLines(request.msg) + lines;
  }
  const status = method === 'INVITE' ? 200 : msg.status;
  if (method !== 'INVITE') {
    finish(exchange);
    context.link.respond(request, status, phraseOf(status), lines, body.text);
    return;
  }
  exchange.phase = 'answered';
  context.link.respond(request, status, phraseOf(status), lines, body.text, isSent => {
    if (isSent || exchange.phase === 'over') return;
    // Its CANCEL crossed the answer: no ACK will come to bring the answer of a late offer.
    if (exchange.isLateOffer) context.link.ack(exchange.to.dialogId, noBody);
    finish(exchange);
  });
}

/** Statuses whose Retry-After is meant for whoever sent the request. */
const retryStatuses = [480, 491, 500, 503];

function relayFailure(context: SipContext, exchange: Exchange, msg: SipMessage): void {
  const { request, to } = exchange;
  finish(exchange);
  const status = statusTowardsOther(msg.status);
  const retry = /^\s*\d{1,9}/.exec(msg.headers['retry-after'] ?? '')?.[0]?.trim();
  let lines = retry !== undefined && retryStatuses.includes(status) ? `Retry-After: ${retry}\r\n` : '';
  if (status === 405) lines += allowLineFor(msg.headers['allow']);
  context.link.respond(request, status, safePhrase(msg.reason, phraseOf(status)), lines, '');
  const isOffer = request.msg.method === 'INVITE' || request.msg.method === 'UPDATE';
  if (status === 481 || (status === 408 && isOffer)) dialogLost(context, to);
}

/** The SIP server did not send it: it knows the dialog no more, or its CANCEL found nothing. */
function relayRefused(context: SipContext, exchange: Exchange, reason: string): void {
  if (exchange.phase !== 'asked') return;
  const isDialogGone = /unable to find dialog/i.test(reason);
  finish(exchange);
  context.counters.sendFailures++;
  refuse(context, exchange.request, isDialogGone ? 481 : 500);
  if (!isDialogGone) return;
  if (exchange.to.state === 'confirmed') dialogOver(context, exchange.to);
  else endSide(context, exchange.to);
}
