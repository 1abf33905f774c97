import { freshToken } from '../context.ts';
import { replyFailed, replyResponseSent, reportCdr } from '../control/reports.ts';
import type { Core } from '../core.ts';
import { type Dialog, dialogIdOf, learnTarget, routeSet } from '../dialog/dialog.ts';
import { armSession } from '../dialog/session-timer.ts';
import { clientHeaders, contactFor, tail, withTag } from '../message/compose.ts';
import { hasOption, tagOf, uriOf } from '../message/fields.ts';
import { H } from '../message/header-names.ts';
import type { SipMessage } from '../message/message.ts';
import { asksForFork, asksForSilence } from '../message/private-headers.ts';
import { detach } from '../message/text.ts';
import type { ServerTransaction } from '../transaction/server-transaction.ts';

const UNKNOWN = 'Response not sent due to unknown transaction';

/** A client answers a request that it was told of. */
export function answerRequest(
  core: Core,
  client: number,
  frameId: string,
  transactionId: string,
  message: SipMessage,
): void {
  const transaction = core.servers.byId(transactionId);
  if (transaction === undefined || transaction.state !== 'proceeding' || transaction.heldAnswer !== '') {
    replyFailed(core, client, frameId, UNKNOWN);
    return;
  }
  if (asksForSilence(message) && core.control.get(client)?.extended === true) {
    const text = composeAnswer(transaction, message, '', false);
    const dialog = transaction.dialog;
    transaction.silence();
    core.context.counters.add('requests_silenced');
    if (dialog !== null && dialog.state === 'early') core.dialogs.remove(dialog);
    replyResponseSent(core, client, frameId, transaction.peer, transaction.id, '', text);
    return;
  }
  if (asksForFork(message) && core.control.get(client)?.extended === true) fork(core, transaction);
  chooseTag(core, transaction, message);
  sendAnswer(core, client, frameId, transaction, message);
}

/**
 * What follows is another callee's: a session description must not change within one early dialog (RFC 3261 §13.2.1),
 * so the caller sees a new one, as behind a proxy that forks.
 */
function fork(core: Core, transaction: ServerTransaction): void {
  if (!transaction.isInvite || transaction.toTag === '' || tagOf(transaction.to) !== '') return;
  const { dialog } = transaction;
  transaction.toTag = freshToken(core.context);
  if (dialog === null) return;
  dialog.fork(withTag(transaction.to, transaction.toTag));
  dialog.remoteCseq = transaction.cseqNumber;
}

/** The To tag is the client's, else one of our own; whichever came first stays (RFC 3261 §8.2.6.2). */
function chooseTag(core: Core, transaction: ServerTransaction, message: SipMessage): void {
  if (message.status === 100 || transaction.toTag !== '') return;
  const inDialog = tagOf(transaction.to);
  if (inDialog !== '') {
    transaction.toTag = inDialog;
    return;
  }
  const wanted = tagOf(message.first(H.to));
  transaction.toTag = /^[A-Za-z0-9\-.!%*_+`'~]+$/.test(wanted) ? wanted : freshToken(core.context);
}

function sendAnswer(
  core: Core,
  client: number,
  frameId: string,
  transaction: ServerTransaction,
  message: SipMessage,
): void {
  const { status } = message;
  const { request } = transaction;
  const reliable = wantsReliable(transaction, message);
  const dialog =
    status > 100 && status < 300 ? dialogFor(core, client, transaction, status) : transaction.dialog;
  if (dialog === undefined) {
    replyFailed(core, client, frameId, 'too many dialogs');
    return;
  }
  if (reliable && transaction.isReliableQueueFull) {
    core.context.counters.add('reliable_provisionals_unsent');
    replyFailed(core, client, frameId, 'too many reliable provisional responses wait for their PRACK');
    return;
  }
  let rseqLine = '';
  if (reliable) {
    transaction.lastRseq = transaction.lastRseq === 0 ? firstRseq(core) : transaction.lastRseq + 1;
    rseqLine = `RSeq: ${transaction.lastRseq}\r\n`;
  }
  const text = composeAnswer(transaction, message, rseqLine, !reliable);
  const dialogId = dialog === null ? initialDialogId(transaction) : dialog.id;
  if (dialog !== null) rememberSent(dialog, transaction, message, request);
  if (status < 200) {
    if (reliable)
      transaction.reliableProvisional(text, transaction.lastRseq, message.bodyEnd > message.bodyStart);
    else if (status > 100 || transaction.lastResponse === '') transaction.provisional(text);
  } else if (status < 300 && transaction.answerMustWait) transaction.heldAnswer = text;
  else transaction.final(status, text);
  replyResponseSent(core, client, frameId, transaction.peer, transaction.id, dialogId, text);
  if (status >= 200) afterFinal(core, transaction, dialog, message, text);
}

/** The dialog id that goes with an answer to an INVITE outside dialogs that made no dialog. */
function initialDialogId(transaction: ServerTransaction): string {
  return transaction.isInvite ? dialogIdOf(transaction.callId, tagOf(transaction.from)) : '';
}

function firstRseq(core: Core): number {
  // Anything from 1 to 2^31 - 1 (RFC 3262 §3); low enough never to reach the end.
  return 1 + (Number.parseInt(core.context.wire.random().slice(0, 4), 36) % 100_000);
}

function wantsReliable(transaction: ServerTransaction, message: SipMessage): boolean {
  if (message.status <= 100 || message.status >= 200 || !transaction.isInvite) return false;
  if (!hasOption(message.all(H.require), '100rel')) return false;
  const { request } = transaction;
  if (request === null) return false;
  return hasOption(request.all(H.supported), '100rel') || hasOption(request.all(H.require), '100rel');
}

/** The dialog of this answer, made if it makes one; undefined when there is no room for it. */
function dialogFor(
  core: Core,
  client: number,
  transaction: ServerTransaction,
  status: number,
): Dialog | null | undefined {
  const { request } = transaction;
  if (transaction.dialog !== null || request === null || tagOf(transaction.to) !== '')
    return transaction.dialog;
  const forms = transaction.isInvite || (transaction.method === 'SUBSCRIBE' && status >= 200);
  if (!forms) return null;
  const dialog = core.dialogs.add({
    id: dialogIdOf(transaction.callId, tagOf(transaction.from)),
    callId: transaction.callId,
    isServer: true,
    method: transaction.method,
    client,
    local: withTag(transaction.to, transaction.toTag),
    remote: transaction.from,
    localCseq: 0,
    target: uriOf(request.first(H.contact)),
    source: transaction.source,
  });
  if (dialog === undefined) return undefined;
  dialog.remoteCseq = transaction.cseqNumber;
  dialog.routes = routeSet(request, false);
  learnTarget(dialog, request, transaction.source);
  if (transaction.isInvite) dialog.serverInvite = transaction;
  transaction.dialog = dialog;
  return dialog;
}

function composeAnswer(
  transaction: ServerTransaction,
  message: SipMessage,
  rseqLine: string,
  dropReliable: boolean,
): string {
  const { status } = message;
  const { listener } = transaction.source;
  let headers = '';
  if (status > 100 && status < 300 && transaction.request !== null) {
    const forms = transaction.isInvite || transaction.method === 'SUBSCRIBE';
    if (forms && transaction.request.has(H.recordRoute)) {
      headers += `Record-Route: ${transaction.request.all(H.recordRoute)}\r\n`;
    }
  }
  const contact = message.all(H.contact);
  if (contact !== '' || needsContact(transaction, status))
    headers += `Contact: ${contactFor(contact, listener)}\r\n`;
  let own = clientHeaders(message, listener);
  // The peer did not offer reliable provisional responses, so this one goes out as a plain one.
  if (dropReliable && status < 200 && message.has(H.require))
    own = own.replace(/^Require: *100rel *\r\n/im, '');
  const reason = message.reason === '' ? 'OK' : message.reason;
  return `SIP/2.0 ${status} ${reason}\r\n${transaction.vias}From: ${transaction.from}\r\nTo: ${withTag(transaction.to, transaction.toTag)}\r\nCall-ID: ${transaction.callId}\r\nCSeq: ${transaction.cseq}\r\n${headers}${rseqLine}${own}${tail(message.body)}`;
}

function needsContact(transaction: ServerTransaction, status: number): boolean {
  if (status <= 100 || status >= 300) return false;
  if (transaction.isInvite) return true;
  if (status < 200) return false;
  const { method } = transaction;
  return method === 'SUBSCRIBE' || method === 'UPDATE' || method === 'NOTIFY' || method === 'REFER';
}

/** What later requests of the dialog will need to know of this answer. */
function rememberSent(
  dialog: Dialog,
  transaction: ServerTransaction,
  message: SipMessage,
  request: SipMessage | null,
): void {
  const { status } = message;
  if (status < 200 || status >= 300) return;
  const { method } = transaction;
  if (method !== 'INVITE' && method !== 'UPDATE') {
    if (method === 'SUBSCRIBE') dialog.state = 'confirmed';
    return;
  }
  if (dialog.state === 'early') dialog.state = 'confirmed';
  if (request !== null) learnTarget(dialog, request, transaction.source);
  const body = message.body;
  if (body !== '') dialog.localBody = detach(body);
  dialog.localContact = detach(contactFor(message.first(H.contact), transaction.source.listener));
}

function afterFinal(
  core: Core,
  transaction: ServerTransaction,
  dialog: Dialog | null,
  message: SipMessage,
  text: string,
): void {
  const { status } = message;
  const { method } = transaction;
  if (status >= 300) {
    if (transaction.isInvite) {
      if (dialog !== null) {
        if (dialog.serverInvite === transaction) dialog.serverInvite = null;
        if (dialog.state === 'early') core.dialogs.remove(dialog);
      }
      if (tagOf(transaction.to) === '') reportCdr(core, 'stop', 'application', text, 'call-rejected');
    }
    if (method !== 'BYE') return;
  }
  if (dialog === null) return;
  if (method === 'BYE') core.dialogs.remove(dialog);
  else if (method === 'INVITE' || method === 'UPDATE') {
    armSession(core, dialog, message, true);
    if (transaction.isInvite && tagOf(transaction.to) === '')
      reportCdr(core, 'start', 'application', text, 'uas');
  } else if (method === 'NOTIFY' && dialog.method === 'SUBSCRIBE' && dialog.state === 'ending') {
    core.dialogs.remove(dialog);
  }
}
