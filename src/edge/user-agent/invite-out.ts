import type { Peer } from '../context.ts';
import { replyFailed, replyRequestSent, reportCdr, reportResponse } from '../control/reports.ts';
import { type Core, freshBranch } from '../core.ts';
import { type Dialog, learnTarget, requestRoute, routeSet } from '../dialog/dialog.ts';
import { hangUp } from '../dialog/hang-up.ts';
import { type DialogRequest, dialogHop, dialogPeer, dialogRequestText } from '../dialog/in-dialog.ts';
import { armSession } from '../dialog/session-timer.ts';
import { clientHeaders, tail } from '../message/compose.ts';
import { hasOption, leadingNumber, tagOf, uriOf } from '../message/fields.ts';
import { H } from '../message/header-names.ts';
import { normalised, parseMessage, type SipMessage } from '../message/message.ts';
import { detach } from '../message/text.ts';
import type { ClientTransaction } from '../transaction/client-transaction.ts';
import { resolveHop } from './next-hop.ts';
import type { ClientRequest } from './requests-out.ts';

const MAX_FORKS = 16;

/** The request that CANCELs or acknowledges `invite` hop by hop: same branch, same route (RFC 3261 §9.1, §17.1.1.3). */
export function hopRequest(invite: string, method: 'CANCEL' | 'ACK', to: string, extra: string): string {
  const message = parseMessage(invite);
  if (message === null) throw new Error('an INVITE of our own does not parse');
  const route = message.first(H.route);
  const number = leadingNumber(message.first(H.cseq));
  const routeLine = route === '' ? '' : `Route: ${route}\r\n`;
  return `${method} ${message.uri} SIP/2.0\r\nVia: ${message.first(H.via)}\r\n${routeLine}Max-Forwards: 70\r\nFrom: ${message.first(H.from)}\r\nTo: ${to === '' ? message.first(H.to) : to}\r\nCall-ID: ${message.first(H.callId)}\r\nCSeq: ${number} ${method}\r\n${extra}Content-Length: 0\r\n\r\n`;
}

/** Sends a CANCEL now, or as soon as the first provisional response is here (RFC 3261 §9.1). Gives back its text. */
export function cancelPendingInvite(core: Core, invite: ClientTransaction, extra: string): string {
  const text = hopRequest(invite.text, 'CANCEL', '', extra);
  if (invite.cancelled) return text;
  if (invite.state === 'calling') {
    invite.heldCancel = text;
    return text;
  }
  sendCancel(core, invite, text);
  return text;
}

function sendCancel(core: Core, invite: ClientTransaction, text: string): void {
  invite.cancelSent();
  core.clients
    .add(
      {
        method: 'CANCEL',
        branch: invite.branch,
        text,
        peer: invite.peer,
        resendIntervalsMs: core.context.resendIntervalsMs,
        client: 0,
        dialog: null,
        dialogId: '',
        callId: invite.callId,
        cseqNumber: invite.cseqNumber,
      },
      core.ownUser,
    )
    .start();
}

/** A client cancels the INVITE it sent. */
export function cancelForClient(
  core: Core,
  client: number,
  frameId: string,
  id: string,
  message: SipMessage,
): void {
  const invite = core.clients.byId(id);
  if (invite === undefined || !invite.canCancel) {
    replyFailed(core, client, frameId, `unable to cancel unknown transaction id: ${id}`);
    return;
  }
  const text = cancelPendingInvite(core, invite, clientHeaders(message, invite.peer.listener));
  replyRequestSent(core, client, frameId, invite.peer, invite.id, text);
}

/** A response to an INVITE that a client sent. */
export function onInviteResponse(
  core: Core,
  invite: ClientTransaction,
  message: SipMessage,
  source: Peer,
): void {
  if (message.status < 200) onProvisional(core, invite, message, source);
  else if (message.status < 300) onAnswer(core, invite, message, source);
  else onFailure(core, invite, message, source);
}

function onProvisional(core: Core, invite: ClientTransaction, message: SipMessage, source: Peer): void {
  if (!invite.canCancel) return;
  invite.provisional();
  const held = invite.heldCancel;
  if (held !== null) sendCancel(core, invite, held);
  if (message.status === 100) {
    // drachtio-srf takes any response to a request with credentials as the verdict on them, so a 100 to such a
    // request would let it answer the next challenge again and again.
    if (core.control.get(invite.client)?.extended === true && !carriesCredentials(invite.text)) {
      reportResponse(core, invite, source, normalised(message));
    }
    return;
  }
  const { dialog } = invite;
  const tag = tagOf(message.first(H.to));
  if (isRepeatedReliable(invite, message, tag)) {
    core.context.counters.add('reliable_provisionals_repeated');
    return;
  }
  if (dialog !== null && dialog.state === 'early' && tag !== '') {
    learnPeer(dialog, message, source, tag);
    if (message.has(H.rseq)) rememberFork(dialog, message);
  }
  reportResponse(core, invite, source, normalised(message));
}

function carriesCredentials(text: string): boolean {
  return text.includes('\r\nAuthorization:') || text.includes('\r\nProxy-Authorization:');
}

/** Retransmitted or out-of-order reliable responses are not passed on (RFC 3262 §4). */
function isRepeatedReliable(invite: ClientTransaction, message: SipMessage, tag: string): boolean {
  if (!message.has(H.rseq) || !hasOption(message.all(H.require), '100rel')) return false;
  const rseq = leadingNumber(message.first(H.rseq));
  if (rseq < 0) return true;
  if (invite.rseqs === null) invite.rseqs = new Map();
  const last = invite.rseqs.get(tag);
  if (last === undefined ? invite.rseqs.size >= MAX_FORKS : rseq !== last + 1) return true;
  invite.rseqs.set(detach(tag), rseq);
  return false;
}

function learnPeer(dialog: Dialog, message: SipMessage, source: Peer, tag: string): void {
  dialog.remote = detach(message.first(H.to));
  dialog.remoteTag = detach(tag);
  dialog.routes = routeSet(message, true);
  learnTarget(dialog, message, source);
}

function rememberFork(dialog: Dialog, message: SipMessage): void {
  if (dialog.earlyForks === null) dialog.earlyForks = [];
  if (dialog.earlyForks.length >= MAX_FORKS) dialog.earlyForks.shift();
  dialog.earlyForks.push({
    rseq: leadingNumber(message.first(H.rseq)),
    remote: dialog.remote,
    target: dialog.target,
    routes: dialog.routes,
  });
}

function onAnswer(core: Core, invite: ClientTransaction, message: SipMessage, source: Peer): void {
  const tag = tagOf(message.first(H.to));
  if (invite.state === 'accepted') {
    if (tag === invite.answeredTag) invite.repeatAck();
    else releaseFork(core, invite, message, source, tag);
    return;
  }
  const wasCancelled = invite.cancelled || invite.heldCancel !== null;
  const credentials = credentialLines(invite.text);
  if (!invite.final(message.status)) return;
  invite.answeredTag = tag;
  invite.credentials = credentials;
  const { dialog } = invite;
  if (dialog === null || dialog.state === 'ended') {
    releaseFork(core, invite, message, source, tag);
    return;
  }
  if (dialog.state === 'early') {
    dialog.state = 'confirmed';
    learnPeer(dialog, message, source, tag);
    dialog.earlyForks = null;
    reportCdr(core, 'start', 'network', normalised(message), 'uac');
  } else learnTarget(dialog, message, source);
  dialog.byeAfterAck = wasCancelled;
  armSession(core, dialog, message, false);
  reportResponse(core, invite, source, normalised(message));
}

/** The credentials of the INVITE, which its ACK repeats (RFC 3261 §13.2.2.4). */
function credentialLines(text: string): string {
  if (!carriesCredentials(text)) return '';
  const message = parseMessage(text);
  if (message === null) return '';
  const authorization = message.first(H.authorization);
  const proxyAuthorization = message.first(H.proxyAuthorization);
  return (
    (authorization === '' ? '' : `Authorization: ${authorization}\r\n`) +
    (proxyAuthorization === '' ? '' : `Proxy-Authorization: ${proxyAuthorization}\r\n`)
  );
}

function onFailure(core: Core, invite: ClientTransaction, message: SipMessage, source: Peer): void {
  if (invite.state === 'completed') {
    invite.repeatAck();
    return;
  }
  if (!invite.canCancel) return;
  invite.sendAck(hopRequest(invite.text, 'ACK', message.first(H.to), ''), invite.peer);
  invite.final(message.status);
  afterInviteFailed(core, invite);
  const text = normalised(message);
  reportResponse(core, invite, source, text);
  if (invite.dialog?.state === 'ended') {
    reportCdr(core, 'stop', 'network', text, message.status === 487 ? 'call-canceled' : 'call-rejected');
  }
}

/** What a failed INVITE leaves behind: an initial one no dialog, a later one the dialog as it was. */
export function afterInviteFailed(core: Core, invite: ClientTransaction): void {
  const { dialog } = invite;
  if (dialog === null) return;
  if (dialog.clientInvite === invite) dialog.clientInvite = null;
  if (dialog.state === 'early') core.dialogs.remove(dialog);
}

/** A client acknowledges the 2xx to its INVITE; a late offer's answer is the body. */
export function sendClientAck(core: Core, dialog: Dialog, request: ClientRequest): void {
  const { client, frameId, message } = request;
  const invite = dialog.clientInvite;
  if (invite === null || invite.state !== 'accepted' || invite.ack !== '') {
    replyFailed(core, client, frameId, 'ACK not sent: no answered INVITE waits for one');
    return;
  }
  acknowledge(
    core,
    dialog,
    invite,
    clientHeaders(message, dialog.source.listener),
    message.body,
    (peer, text, problem) => {
      if (peer === null) replyFailed(core, client, frameId, problem);
      else replyRequestSent(core, client, frameId, peer, core.context.nextId(), text);
      if (dialog.byeAfterAck) {
        dialog.byeAfterAck = false;
        hangUp(core, dialog, 'CANCEL after 200 OK', false);
      }
    },
  );
  if (message.body !== '') dialog.localBody = detach(message.body);
}

/** Sends the ACK to a 2xx in its dialog (RFC 3261 §13.2.2.4). */
export function acknowledge(
  core: Core,
  dialog: Dialog,
  invite: ClientTransaction,
  headers: string,
  body: string,
  done: (peer: Peer | null, text: string, problem: string) => void,
): void {
  const ack: DialogRequest = {
    method: 'ACK',
    uri: '',
    cseq: invite.cseqNumber,
    headers: invite.credentials + headers,
    body,
  };
  dialogPeer(core, dialog, dialogHop(dialog, ack), (peer, problem) => {
    if (dialog.clientInvite === invite) dialog.clientInvite = null;
    if (peer === null) {
      done(null, '', problem);
      return;
    }
    const text = dialogRequestText(dialog, ack, freshBranch(core), peer);
    invite.sendAck(text, peer);
    done(peer, text, '');
  });
}

/**
 * Another fork answered too: it is acknowledged and hung up at once (RFC 3261 §13.2.2.4), for the client knows of one
 * answer only. The same is done with an answer to an INVITE that is long forgotten.
 */
function releaseFork(
  core: Core,
  invite: ClientTransaction,
  message: SipMessage,
  source: Peer,
  tag: string,
): void {
  if (invite.releasedTags?.includes(tag) === true) return;
  if (invite.releasedTags === null) invite.releasedTags = [];
  if (invite.releasedTags.length >= MAX_FORKS) return;
  invite.releasedTags.push(detach(tag));
  releaseAnswer(core, message, source);
}

/** Acknowledges and hangs up an answer that belongs to no call of ours any more. */
export function releaseAnswer(core: Core, message: SipMessage, source: Peer): void {
  core.context.counters.add('answers_released');
  const target = uriOf(message.first(H.contact));
  const routes = routeSet(message, true);
  const route = requestRoute(target === '' ? uriOf(message.first(H.to)) : target, routes);
  const number = leadingNumber(message.first(H.cseq));
  resolveHop(core.context, route.hop, source.listener, found => {
    const peer = found ?? source;
    const { listener } = peer;
    const compose = (method: string, cseq: number, branch: string): string =>
      `${method} ${route.uri} SIP/2.0\r\nVia: SIP/2.0/${listener.transport === 'tcp' ? 'TCP' : 'UDP'} ${listener.hostPort};rport;branch=${branch}\r\n${route.lines}Max-Forwards: 70\r\nFrom: ${message.first(H.from)}\r\nTo: ${message.first(H.to)}\r\nCall-ID: ${message.first(H.callId)}\r\nCSeq: ${cseq} ${method}\r\n${tail('')}`;
    core.context.wire.send(peer, compose('ACK', number, freshBranch(core)));
    const branch = freshBranch(core);
    const bye = compose('BYE', number + 1, branch);
    if (core.clients.isFull) return;
    core.clients
      .add(
        {
          method: 'BYE',
          branch,
          text: bye,
          peer,
          resendIntervalsMs: core.context.resendIntervalsMs,
          client: 0,
          dialog: null,
          dialogId: '',
          callId: message.first(H.callId),
          cseqNumber: number + 1,
        },
        core.ownUser,
      )
      .start();
  });
}
