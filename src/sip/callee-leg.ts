/** One attempt: the INVITE to a gateway and what comes back for it until it is answered, failed or given up. */
import type { DialLegOutput } from '../call/outputs.ts';
import { escapeUser, uriHost } from './address.ts';
import { type Call, type CalleeLeg, endSide, type SipContext } from './call.ts';
import type { SipMessage, SipResponse } from './drachtio-srf.ts';
import { diversionLine } from './forwarding.ts';
import { sendHangUp } from './hang-up.ts';
import {
  allowLineFor,
  type Body,
  bodyOf,
  detach,
  hasSdp,
  line,
  noBody,
  printable,
  reasonLine,
  retryAfterSeconds,
} from './headers.ts';
import { maxForwardsOf } from './inbound-call.ts';

/** From for a caller without number (RFC 3323 §4.1.1.3). */
const anonymousFrom = '"Anonymous" <sip:anonymous@anonymous.invalid>';

/** The embedded edge takes waits between transmissions in this header, which never reaches the wire. */
function resendLine(context: SipContext, intervalsMs: readonly number[]): string {
  return context.hasExtensions ? `X-Class4-Resend-Ms: ${intervalsMs.join(',')}\r\n` : '';
}

/**
 * The INVITE's headers. Via, Call-ID, CSeq and tags are the SIP server's; it also puts its own address where
 * `@localhost` stands. Of the caller's headers only what stands here goes on.
 */
function inviteLines(
  context: SipContext,
  call: Call,
  msg: SipMessage,
  output: DialLegOutput,
  body: Body,
): string {
  const user = escapeUser(output.caller);
  const isAnonymous = user === '' || user.toLowerCase() === 'anonymous';
  const from = isAnonymous ? anonymousFrom : `<sip:${user}@localhost>`;
  const privacy = msg.headers['privacy'];
  return (
    `From: ${from}\r\n` +
    `To: <sip:${escapeUser(output.callee)}@${uriHost(output.address.host)}>\r\n` +
    `Contact: <sip:${isAnonymous ? 'anonymous' : user}@localhost>\r\n` +
    `Max-Forwards: ${maxForwardsOf(msg) - 1}\r\n` +
    diversionLine(output.forwarding, output.address.host) +
    allowLineFor(msg.headers['allow']) +
    (call.caller.supportsReliable ? 'Supported: 100rel\r\n' : '') +
    (privacy === undefined ? '' : line('Privacy', privacy)) +
    (context.userAgent === '' ? '' : line('User-Agent', context.userAgent)) +
    resendLine(context, output.resendIntervalsMs) +
    body.headers
  );
}

/** Sends an INVITE to a gateway. */
export function dialLeg(context: SipContext, call: Call, output: DialLegOutput): void {
  const offer = call.caller.invite?.msg;
  if (offer === undefined) return;
  const body = bodyOf(offer);
  const { host, port, transport } = output.address;
  const tcp = transport === 'tcp' ? ';transport=tcp' : '';
  const uri = `sip:${escapeUser(output.callee)}@${uriHost(host)}:${port}${tcp}`;
  const leg: CalleeLeg = {
    role: 'callee',
    call,
    number: output.leg,
    gateway: output.gateway,
    dialogId: '',
    state: 'early',
    isAcknowledged: false,
    contactUser: escapeUser(output.caller),
    pendingHangUp: null,
    reasonLine: '',
    isHungUp: false,
    transaction: null,
    isReleased: false,
    isRinging: false,
    provisional: null,
    reliableSdp: null,
    answer: null,
    isNegotiated: false,
  };
  call.legs.push(leg);
  context.counters.invitesSent++;
  leg.transaction = context.link.request(
    'INVITE',
    uri,
    inviteLines(context, call, offer, output, body),
    body.text,
    '',
    {
      onResponse: response => receiveResponse(context, leg, response),
      onRefused: reason => receiveRefusal(context, leg, reason),
    },
  );
  if (!context.hasExtensions && context.heardGateways.isAlive(leg.gateway)) assumeTrying(context, leg);
}

/**
 * A server that keeps 100 Trying to itself would have every attempt look like one that nobody heard; for a gateway
 * known to be alive the trying timeout is the right one. Told after this turn, as every input is.
 */
function assumeTrying(context: SipContext, leg: CalleeLeg): void {
  queueMicrotask(() => {
    if (leg.state !== 'early' || leg.isReleased) return;
    context.deliver({ type: 'legTrying', callId: leg.call.id, leg: leg.number });
  });
}

function receiveResponse(context: SipContext, leg: CalleeLeg, response: SipResponse): void {
  if (leg.state === 'ended') return;
  if (leg.dialogId === '' && response.stackDialogId) {
    leg.dialogId = detach(response.stackDialogId);
    context.dialogs.set(leg.dialogId, leg);
  }
  if (response.source_address) context.heardGateways.heard(leg.gateway);
  const { status } = response.msg;
  if (status < 200) receiveProvisional(context, leg, response);
  else if (status < 300) receiveAnswer(context, leg, response);
  else receiveFailure(context, leg, response);
}

function receiveProvisional(context: SipContext, leg: CalleeLeg, response: SipResponse): void {
  const { msg } = response;
  const { call, number } = leg;
  if (msg.status === 100) {
    if (!leg.isReleased) context.deliver({ type: 'legTrying', callId: call.id, leg: number });
    return;
  }
  leg.isRinging = true;
  leg.provisional = response;
  const withSdp = hasSdp(msg);
  if (msg.headers['rseq'] !== undefined) acknowledgeProvisional(context, leg, msg, withSdp);
  if (leg.isReleased) return;
  context.deliver({
    type: 'legProvisional',
    callId: call.id,
    leg: number,
    status: msg.status,
    reason: printable(msg.reason),
    hasSdp: withSdp,
  });
}

/**
 * A reliable provisional response is acknowledged at once. When it holds the offer of a call that began without
 * one, its answer is in the caller's PRACK, and ours waits for that (RFC 3262 §5).
 */
function acknowledgeProvisional(
  context: SipContext,
  leg: CalleeLeg,
  msg: SipMessage,
  withSdp: boolean,
): void {
  const rack = `${msg.headers['rseq']} ${msg.headers['cseq'] ?? '1 INVITE'}`;
  const { caller } = leg.call;
  if (withSdp) leg.reliableSdp = msg;
  if (withSdp && caller.isLateOffer && caller.supportsReliable && !leg.isReleased && !leg.isNegotiated) {
    leg.isNegotiated = true;
    caller.awaitsPrack = { leg, rack };
    return;
  }
  sendPrack(context, leg, rack, noBody, null);
}

/** Sends PRACK; the response is told to `done`, null when none will come. */
export function sendPrack(
  context: SipContext,
  leg: CalleeLeg,
  rack: string,
  body: Body,
  done: ((response: SipResponse | null) => void) | null,
): void {
  context.link.request(
    'PRACK',
    'sip:placeholder',
    line('RAck', rack) + body.headers,
    body.text,
    leg.dialogId,
    {
      onResponse: response => {
        if (response.msg.status >= 200) done?.(response);
      },
      onRefused: () => done?.(null),
    },
  );
}

/**
 * A 2xx. One that crosses our CANCEL is acknowledged and ended at once: by the SIP server when it had taken the
 * CANCEL, else by us.
 */
function receiveAnswer(context: SipContext, leg: CalleeLeg, response: SipResponse): void {
  leg.state = 'confirmed';
  leg.answer = response;
  leg.provisional = null;
  const { caller } = leg.call;
  if (leg.isReleased) {
    context.counters.crossedAnswers++;
    if (leg.transaction?.isCancelTaken === true) {
      acknowledge(context, leg, noBody);
      endSide(context, leg);
    } else hangUpLeg(context, leg);
    return;
  }
  leg.call.connectedLeg = leg;
  if (!caller.isLateOffer || leg.isNegotiated || !hasSdp(response.msg)) acknowledge(context, leg, noBody);
  context.deliver({ type: 'legAnswered', callId: leg.call.id, leg: leg.number });
}

/** Sends the ACK of the leg's 2xx, once. */
export function acknowledge(context: SipContext, leg: CalleeLeg, body: Body): void {
  if (leg.isAcknowledged || leg.state !== 'confirmed') return;
  leg.isAcknowledged = true;
  context.link.ack(leg.dialogId, leg.call.caller.isLateOffer ? body : noBody);
}

function hangUpLeg(context: SipContext, leg: CalleeLeg): void {
  acknowledge(context, leg, noBody);
  sendHangUp(context, leg, '');
}

/** Responses the SIP server made itself name no peer: nobody answered (408), or it could not send (503). */
function originOf(response: SipResponse): 'gateway' | 'timeout' | 'unreachable' {
  if (response.source_address) return 'gateway';
  return response.msg.status === 408 ? 'timeout' : 'unreachable';
}

function receiveFailure(context: SipContext, leg: CalleeLeg, response: SipResponse): void {
  const { call, number, isReleased } = leg;
  const { msg } = response;
  endSide(context, leg);
  if (isReleased) return;
  call.failureReasonLine = reasonLine(msg.headers['reason']);
  context.deliver({
    type: 'legFailed',
    callId: call.id,
    leg: number,
    status: msg.status,
    reason: printable(msg.reason),
    origin: originOf(response),
    retryAfterSeconds: msg.status === 503 ? retryAfterSeconds(msg) : null,
  });
}

/** The SIP server would not send the INVITE, or found nothing left to cancel. */
function receiveRefusal(context: SipContext, leg: CalleeLeg, reason: string): void {
  if (leg.state !== 'early') return;
  const { call, number, isReleased } = leg;
  endSide(context, leg);
  if (isReleased) return;
  context.counters.sendFailures++;
  context.deliver({
    type: 'legFailed',
    callId: call.id,
    leg: number,
    status: 503,
    reason,
    origin: 'unreachable',
    retryAfterSeconds: null,
  });
}

/** Nothing more is wanted of this leg: CANCEL, or ACK and BYE when its 2xx is here. */
export function releaseLeg(context: SipContext, leg: CalleeLeg): void {
  if (leg.isReleased || leg.state === 'ended') return;
  leg.isReleased = true;
  const { caller } = leg.call;
  if (caller.awaitsPrack?.leg === leg) caller.awaitsPrack = null;
  if (leg.state === 'confirmed') {
    hangUpLeg(context, leg);
    return;
  }
  context.counters.cancelsSent++;
  leg.transaction?.cancel(caller.reasonLine);
}
