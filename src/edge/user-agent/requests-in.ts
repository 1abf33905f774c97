import { freshToken, MAX_VIAS, type Peer } from '../context.ts';
import { reportCdr, reportNewRequest, reportRequest } from '../control/reports.ts';
import type { Core } from '../core.ts';
import { type Dialog, dialogIdOf } from '../dialog/dialog.ts';
import { dialogRefusal, unansweredInvite } from '../dialog/dialog-refusal.ts';
import { touch } from '../dialog/session-timer.ts';
import { ownResponse, type ResponseBase, stableTag, withTag } from '../message/compose.ts';
import {
  isPlainCallId,
  isPlainTag,
  leadingNumber,
  parseCSeq,
  parseRAck,
  parseVia,
  tagOf,
  uriOf,
  type Via,
} from '../message/fields.ts';
import { H } from '../message/header-names.ts';
import { normalised, type SipMessage } from '../message/message.ts';
import { parseUri } from '../message/uri.ts';
import { isViaSane, responsePeer, responseVias, serverKey } from '../message/via.ts';
import { forwardInDialog, isProxied, onProxyAck, onProxyCancel } from '../proxy/proxy.ts';
import type { ServerTransaction } from '../transaction/server-transaction.ts';

/** Methods that never begin anything: outside a dialog they are strays. */
const ONLY_IN_DIALOG = new Set(['BYE', 'UPDATE', 'PRACK']);
/** Methods of the SIP extensions that a client may want; others are unknown here. */
const KNOWN = new Set([
  'INVITE',
  'REGISTER',
  'OPTIONS',
  'MESSAGE',
  'INFO',
  'NOTIFY',
  'SUBSCRIBE',
  'PUBLISH',
  'REFER',
]);

/** Requests outside calls that may wait for the client at once: a flood of OPTIONS must not hold calls up. */
const MAX_STAND_ALONE = 1000;

/** What every handler needs of a request. */
interface Incoming {
  readonly message: SipMessage;
  readonly source: Peer;
  readonly via: Via;
  readonly key: string;
  readonly callId: string;
  readonly fromTag: string;
  readonly toTag: string;
  readonly cseq: number;
}

/** A request from the network. */
export function onRequest(core: Core, message: SipMessage, source: Peer): void {
  const { counters } = core.context;
  const via = parseVia(message.first(H.via));
  if (via === null || !isViaSane(message, MAX_VIAS)) {
    counters.add('malformed_dropped');
    return;
  }
  const key = serverKey(message, via, message.method);
  if (message.method === 'ACK') {
    onAck(core, message, source, key);
    return;
  }
  const existing = core.servers.find(key);
  if (existing !== undefined) {
    existing.retransmitted();
    return;
  }
  const cseq = parseCSeq(message.first(H.cseq));
  const incoming: Incoming = {
    message,
    source,
    via,
    key,
    callId: message.first(H.callId),
    fromTag: tagOf(message.first(H.from)),
    toTag: tagOf(message.first(H.to)),
    cseq: cseq?.number ?? -1,
  };
  const problem = problemOf(incoming, cseq?.method ?? '');
  if (problem !== '') {
    counters.add('malformed_refused');
    const status = message.problem === '' ? 400 : message.problemStatus;
    refuse(core, incoming, status, '', status === 505 ? '' : problem);
    return;
  }
  counters.add('requests_received');
  if (message.method === 'CANCEL') onCancel(core, incoming);
  else if (incoming.toTag !== '') onTagged(core, incoming);
  else onNew(core, incoming);
}

/** Why a request must be answered 400, or ''. */
function problemOf(incoming: Incoming, cseqMethod: string): string {
  const { message } = incoming;
  if (message.problem !== '') return message.problem;
  if (incoming.cseq < 0) return 'Missing or malformed CSeq';
  if (cseqMethod !== message.method) return 'CSeq method does not match';
  if (incoming.callId === '') return 'Missing Call-ID';
  if (!isPlainCallId(incoming.callId)) return 'Malformed Call-ID';
  if (!isPlainTag(incoming.fromTag)) return 'Malformed From tag';
  if (!isAddressHeader(message.first(H.from))) return 'Missing or malformed From';
  if (!isAddressHeader(message.first(H.to))) return 'Missing or malformed To';
  for (const id of [H.from, H.to, H.callId, H.cseq]) {
    if (message.count(id) > 1) return 'A header that must be single is repeated';
  }
  if (message.method !== 'INVITE') return '';
  if (incoming.fromTag === '') return 'Missing From tag';
  const contact = message.first(H.contact);
  if (contact === '') return incoming.toTag === '' ? 'Missing Contact' : '';
  return parseUri(uriOf(contact)) === null ? 'Malformed Contact' : '';
}

/** True for a value that has something an address parser can work on. */
function isAddressHeader(value: string): boolean {
  return value !== '' && value.charCodeAt(0) !== 59 && uriOf(value) !== '';
}

/** Answers a request that belongs to nothing; unknown sources get no answer at all. */
function refuse(core: Core, incoming: Incoming, status: number, extra = '', reason = ''): void {
  if (core.sources.isKnown(incoming.source.address)) answerStateless(core, incoming, status, extra, reason);
  else core.context.counters.add('unknown_source_silenced');
}

/** Answers without keeping a transaction (RFC 3261 §8.2.7). */
function answerStateless(
  core: Core,
  incoming: Incoming,
  status: number,
  extra: string,
  reason: string,
): void {
  const { message, source, via } = incoming;
  const base: ResponseBase = {
    vias: responseVias(message, via, source),
    from: message.first(H.from),
    to: message.first(H.to),
    callId: incoming.callId,
    cseq: message.first(H.cseq),
  };
  if (base.from === '' || base.to === '' || base.callId === '' || base.cseq === '') {
    core.context.counters.add('malformed_dropped');
    return;
  }
  core.context.counters.add(`refused_${status}`);
  const text = ownResponse(base, status, stableTag(core.branchPrefix + incoming.key), extra, reason);
  core.context.wire.send(responsePeer(via, source), text);
}

function onNew(core: Core, incoming: Incoming): void {
  const { message, source } = incoming;
  const { method } = message;
  const { context } = core;
  const known = core.sources.isKnown(source.address);
  if (!known && !core.sources.admit(source.address, context.now)) {
    context.counters.add('unknown_source_limited');
    return;
  }
  // An INVITE goes up because a refused call is recorded; whatever else a stranger tries is none of the client's business.
  if (!known && method !== 'INVITE') {
    context.counters.add('unknown_source_silenced');
    return;
  }
  if (ONLY_IN_DIALOG.has(method)) {
    refuse(core, incoming, 481);
    return;
  }
  if (
    message.has(H.maxForwards) &&
    method !== 'OPTIONS' &&
    leadingNumber(message.first(H.maxForwards)) === 0
  ) {
    refuse(core, incoming, 483);
    return;
  }
  if (method !== 'INVITE' && core.servers.standAlone >= MAX_STAND_ALONE) {
    context.counters.add('transactions_refused');
    refuse(core, incoming, 503);
    return;
  }
  const client = core.control.pick(method.toLowerCase());
  if (client === 0) {
    const allow = KNOWN.has(method)
      ? ''
      : `Allow: ${['ACK', 'BYE', 'CANCEL', ...core.control.methods()].join(', ')}\r\n`;
    refuse(core, incoming, allow === '' ? 503 : 405, allow);
    return;
  }
  if (method === 'INVITE' && core.dialogs.get(dialogIdOf(incoming.callId, incoming.fromTag)) !== undefined) {
    // The same request over two paths, or a call of ours that came back (RFC 3261 §8.2.2.2).
    refuse(core, incoming, 482);
    return;
  }
  const transaction = core.servers.add(incoming.key, message, incoming.via, source);
  if (transaction === undefined) {
    context.counters.add('transactions_refused');
    refuse(core, incoming, 503);
    return;
  }
  transaction.client = client;
  if (method !== 'INVITE') core.servers.awaitAnswer(transaction);
  const text = normalised(message);
  if (method === 'INVITE') {
    if (known) transaction.provisional(ownResponse(transaction, 100, ''));
    reportCdr(core, 'attempt', 'network', text);
  }
  reportNewRequest(core, client, transaction.id, source, text);
}

function onTagged(core: Core, incoming: Incoming): void {
  const { callId, fromTag, toTag } = incoming;
  const dialog =
    core.dialogs.ofRequest(callId, fromTag, toTag) ??
    (incoming.message.method === 'PRACK' ? core.dialogs.ofFormerTag(callId, fromTag, toTag) : undefined);
  if (dialog !== undefined) {
    onInDialog(core, incoming, dialog);
    return;
  }
  const { message, source } = incoming;
  if (isProxied(core, message)) {
    const transaction = core.servers.add(incoming.key, message, incoming.via, source);
    if (transaction !== undefined) forwardInDialog(core, transaction, message);
    return;
  }
  const { method } = message;
  const mayStandAlone =
    method !== 'INVITE' && KNOWN.has(method) && core.control.wanting(method.toLowerCase()).length > 0;
  if (mayStandAlone) onNew(core, incoming);
  else refuse(core, incoming, 481);
}

function onInDialog(core: Core, incoming: Incoming, dialog: Dialog): void {
  const { message, source } = incoming;
  const { method } = message;
  const refusal = dialogRefusal(dialog, message, incoming.cseq);
  if (refusal !== null) {
    // Whoever knows both tags of a dialog is no stranger, whatever its address.
    answerStateless(core, incoming, refusal.status, refusal.extra, '');
    return;
  }
  const early = unansweredInvite(dialog);
  if (method === 'BYE' && early !== null) {
    onEarlyBye(core, incoming, early);
    return;
  }
  const transaction = core.servers.add(incoming.key, message, incoming.via, source);
  if (transaction === undefined) {
    core.context.counters.add('transactions_refused');
    refuse(core, incoming, 503);
    return;
  }
  if (dialog.formerTags?.includes(incoming.toTag) !== true)
    dialog.remoteCseq = Math.max(dialog.remoteCseq, incoming.cseq);
  transaction.dialog = dialog;
  transaction.toTag = incoming.toTag;
  const text = normalised(message);
  if (method === 'INVITE') {
    dialog.serverInvite = transaction;
    transaction.provisional(ownResponse(transaction, 100, ''));
  } else if (method === 'PRACK')
    dialog.serverInvite?.provisionalAcknowledged(parseRAck(message.first(H.rack))?.rseq ?? -1);
  else if (method === 'BYE') beforeByeReport(core, dialog, text);
  else if (method === 'NOTIFY') onNotify(dialog, message, incoming);
  touch(core, dialog);
  const client = ownerOf(core, dialog);
  if (client === 0) {
    answerOrphan(core, transaction, dialog);
    return;
  }
  transaction.client = client;
  reportRequest(core, client, transaction.id, dialog.id, source, text);
}

/** The client that hears of a dialog's requests: its owner or, when that is gone, whoever takes calls now. */
function ownerOf(core: Core, dialog: Dialog): number {
  if (core.control.isAlive(dialog.client)) return dialog.client;
  const heir = core.control.pick(dialog.method.toLowerCase());
  if (heir !== 0) dialog.client = heir;
  return heir;
}

/** Nobody drives this dialog any more: a BYE is taken, anything else is not. */
function answerOrphan(core: Core, transaction: ServerTransaction, dialog: Dialog): void {
  core.context.counters.add('orphan_requests_answered');
  if (transaction.method !== 'BYE') {
    transaction.final(503, ownResponse(transaction, 503, transaction.toTag));
    return;
  }
  transaction.final(200, ownResponse(transaction, 200, transaction.toTag));
  core.dialogs.remove(dialog);
}

function beforeByeReport(core: Core, dialog: Dialog, text: string): void {
  dialog.session = null;
  if (dialog.state === 'confirmed') dialog.state = 'ending';
  dialog.serverInvite?.acknowledgeAnswer();
  reportCdr(core, 'stop', 'network', text, 'normal-release');
}

function onNotify(dialog: Dialog, message: SipMessage, incoming: Incoming): void {
  if (dialog.method !== 'SUBSCRIBE') return;
  if (dialog.remoteTag === '') {
    // A NOTIFY may overtake the 2xx to its SUBSCRIBE (RFC 6665 §4.1.2.4).
    dialog.remote = withTag(message.first(H.from), incoming.fromTag);
    dialog.remoteTag = incoming.fromTag;
  }
  if (message.first(H.subscriptionState).toLowerCase().startsWith('terminated')) dialog.state = 'ending';
}

function onCancel(core: Core, incoming: Incoming): void {
  const { message, source, via } = incoming;
  const invite = core.servers.find(serverKey(message, via, 'INVITE'));
  if (invite === undefined || invite.state === 'accepted' || isOfOtherCall(invite, incoming)) {
    refuse(core, incoming, 481);
    return;
  }
  if (invite.state === 'silent') return;
  if (invite.lastResponse === '' && !core.sources.isKnown(source.address)) {
    abandonSilently(core, invite, source, normalised(message));
    return;
  }
  if (invite.toTag === '') invite.toTag = freshToken(core.context);
  const transaction = core.servers.add(incoming.key, message, via, source);
  transaction?.final(200, ownResponse(transaction, 200, invite.toTag));
  if (invite.state !== 'proceeding') return;
  if (onProxyCancel(invite)) return;
  terminateInvite(core, invite, source, normalised(message));
}

/** A CANCEL has its INVITE's Call-ID; one that has failed and been acknowledged has forgotten its own. */
function isOfOtherCall(invite: ServerTransaction, cancel: Incoming): boolean {
  return invite.callId !== '' && invite.callId !== cancel.callId;
}

/** A stranger gives up before it heard anything: it hears nothing of that either, but the client does. */
function abandonSilently(core: Core, invite: ServerTransaction, source: Peer, cancel: string): void {
  if (invite.state !== 'proceeding') return;
  core.context.counters.add('unknown_source_silenced');
  core.context.counters.add('invites_cancelled');
  const dialogId = dialogIdOf(invite.callId, tagOf(invite.from));
  invite.silence();
  if (invite.client !== 0) reportRequest(core, invite.client, invite.id, dialogId, source, cancel);
}

/** The caller gives up: its INVITE fails with 487 and the client hears a CANCEL under the id of the INVITE. */
function terminateInvite(core: Core, invite: ServerTransaction, source: Peer, cancel: string): void {
  core.context.counters.add('invites_cancelled');
  const { client, dialog } = invite;
  const dialogId = dialog === null ? dialogIdOf(invite.callId, tagOf(invite.from)) : dialog.id;
  const terminated = ownResponse(invite, 487, invite.toTag);
  invite.final(487, terminated);
  if (dialog !== null) {
    if (dialog.serverInvite === invite) dialog.serverInvite = null;
    if (tagOf(invite.to) === '') core.dialogs.remove(dialog);
  }
  if (client !== 0) reportRequest(core, client, invite.id, dialogId, source, cancel);
  reportCdr(core, 'stop', 'network', terminated, 'call-canceled');
}

/** A BYE before the answer: to the client it is what a CANCEL is (RFC 3261 §15.1.2). */
function onEarlyBye(core: Core, incoming: Incoming, invite: ServerTransaction): void {
  const { message, source } = incoming;
  const transaction = core.servers.add(incoming.key, message, incoming.via, source);
  transaction?.final(200, ownResponse(transaction, 200, incoming.toTag));
  const cancel = `CANCEL ${message.uri} SIP/2.0\r\nVia: ${message.first(H.via)}\r\nFrom: ${invite.from}\r\nTo: ${invite.to}\r\nCall-ID: ${invite.callId}\r\nCSeq: ${invite.cseqNumber} CANCEL\r\nContent-Length: 0\r\n\r\n`;
  terminateInvite(core, invite, source, cancel);
}

function onAck(core: Core, message: SipMessage, source: Peer, key: string): void {
  const invite = core.servers.find(key);
  if (invite !== undefined && invite.state !== 'accepted') {
    invite.acknowledgeFailure();
    return;
  }
  const callId = message.first(H.callId);
  const dialog = core.dialogs.ofRequest(callId, tagOf(message.first(H.from)), tagOf(message.first(H.to)));
  const answered = dialog?.serverInvite ?? null;
  if (dialog !== undefined && answered !== null && answered.state === 'accepted') {
    if (answered.cseqNumber !== leadingNumber(message.first(H.cseq)) || message.problem !== '') return;
    answered.acknowledgeAnswer();
    dialog.serverInvite = null;
    touch(core, dialog);
    const client = ownerOf(core, dialog);
    if (client !== 0)
      reportRequest(core, client, core.context.nextId(), dialog.id, source, normalised(message));
    return;
  }
  if (dialog === undefined && onProxyAck(core, message)) return;
  core.context.counters.add(dialog === undefined ? 'acks_stray' : 'acks_repeated_by_peer');
}
