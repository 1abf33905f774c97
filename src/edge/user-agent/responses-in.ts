import type { Peer } from '../context.ts';
import { reportOwnResponse, reportResponse } from '../control/reports.ts';
import type { Core } from '../core.ts';
import { type Dialog, learnTarget, routeSet } from '../dialog/dialog.ts';
import { hangUp } from '../dialog/hang-up.ts';
import { armSession, expireSoon, refreshAgain } from '../dialog/session-timer.ts';
import { parseCSeq, parseVia, tagOf } from '../message/fields.ts';
import { H } from '../message/header-names.ts';
import { normalised, parseMessage, type SipMessage } from '../message/message.ts';
import { detach } from '../message/text.ts';
import { onProxyResponse } from '../proxy/proxy.ts';
import type { ClientTransaction, ClientUser } from '../transaction/client-transaction.ts';
import { acknowledge, afterInviteFailed, hopRequest, onInviteResponse, releaseAnswer } from './invite-out.ts';

/** A response from the network. */
export function onResponse(core: Core, message: SipMessage, source: Peer): void {
  const { counters } = core.context;
  const via = message.problem === '' ? parseVia(message.first(H.via)) : null;
  const cseq = parseCSeq(message.first(H.cseq));
  if (via === null || cseq === null || message.first(H.to) === '' || message.first(H.from) === '') {
    counters.add('malformed_dropped');
    return;
  }
  const transaction = core.clients.find(via.branch, cseq.method);
  if (transaction === undefined) {
    counters.add('responses_stray');
    const isOurs = via.branch.startsWith(core.branchPrefix) && cseq.method === 'INVITE';
    // An answer to an INVITE that was given up: somebody has picked up and hears nothing.
    const isAnswer = message.status >= 200 && message.status < 300;
    if (isOurs && isAnswer && core.sources.isKnown(source.address)) releaseAnswer(core, message, source);
    return;
  }
  // A branch is no secret to the peer it was sent to, and this says what another peer answered.
  if (transaction.callId !== message.first(H.callId) || transaction.cseqNumber !== cseq.number) {
    counters.add('responses_forged');
    return;
  }
  counters.add('responses_received');
  if (transaction.user === core.proxyUser) onProxyResponse(core, transaction, message, source);
  else if (transaction.user === core.ownUser) onOwnResponse(core, transaction, message, source);
  else if (transaction.isInvite) onInviteResponse(core, transaction, message, source);
  else onRequestResponse(core, transaction, message, source);
}

/** A response to a request of a client's, other than INVITE. */
function onRequestResponse(
  core: Core,
  transaction: ClientTransaction,
  message: SipMessage,
  source: Peer,
): void {
  const { status } = message;
  if (status < 200) {
    transaction.provisional();
    if (status > 100) reportResponse(core, transaction, source, normalised(message));
    return;
  }
  if (!transaction.final(status)) return;
  const { dialog } = transaction;
  if (dialog !== null && dialog.state !== 'ended') afterRequest(core, dialog, transaction, message, source);
  reportResponse(core, transaction, source, normalised(message));
}

function afterRequest(
  core: Core,
  dialog: Dialog,
  transaction: ClientTransaction,
  message: SipMessage,
  source: Peer,
): void {
  const { status } = message;
  const succeeded = status < 300;
  switch (transaction.method) {
    case 'BYE':
      // A challenge leaves the dialog alive: the client sends the BYE again with credentials.
      if (status !== 401 && status !== 407) core.dialogs.remove(dialog);
      else expireSoon(core, dialog);
      break;
    case 'UPDATE':
      if (!succeeded) break;
      learnTarget(dialog, message, source);
      armSession(core, dialog, message, false);
      break;
    case 'SUBSCRIBE':
      if (dialog.state !== 'early') break;
      if (!succeeded) {
        core.dialogs.remove(dialog);
        break;
      }
      dialog.state = 'confirmed';
      dialog.remote = detach(message.first(H.to));
      dialog.remoteTag = detach(tagOf(dialog.remote));
      dialog.routes = routeSet(message, true);
      learnTarget(dialog, message, source);
      break;
    case 'NOTIFY':
      if (dialog.method === 'SUBSCRIBE' && transaction.endsSubscription) core.dialogs.remove(dialog);
      break;
    default:
      break;
  }
}

/** A response to a request of the edge's own: a BYE, a CANCEL or a session refresh. */
function onOwnResponse(core: Core, transaction: ClientTransaction, message: SipMessage, source: Peer): void {
  const { status } = message;
  const { dialog } = transaction;
  if (status < 200) {
    transaction.provisional();
    return;
  }
  if (!transaction.isInvite) {
    if (transaction.final(status) && dialog !== null && transaction.method === 'BYE')
      core.dialogs.remove(dialog);
    return;
  }
  if (transaction.state === 'accepted' || transaction.state === 'completed') {
    transaction.repeatAck();
    return;
  }
  if (status >= 300) {
    transaction.sendAck(hopRequest(transaction.text, 'ACK', message.first(H.to), ''), transaction.peer);
    transaction.final(status);
    if (dialog === null) return;
    afterInviteFailed(core, transaction);
    // The peer has no such call any more (RFC 4028 §10).
    if (status === 481 || status === 408) hangUp(core, dialog, 'Session timer expired', true);
    // Glare and the like: a call must not end because both sides spoke at once.
    else refreshAgain(core, dialog);
    return;
  }
  transaction.final(status);
  if (dialog === null || dialog.state === 'ended') return;
  learnTarget(dialog, message, source);
  acknowledge(core, dialog, transaction, '', '', () => undefined);
  armSession(core, dialog, message, false);
}

/** What becomes of requests that clients sent and nobody answered. */
export function requestUser(core: () => Core): ClientUser {
  return {
    onFailed(transaction, status) {
      const { dialog } = transaction;
      const text = madeUpResponse(transaction.text, status);
      if (transaction.isInvite) afterInviteFailed(core(), transaction);
      else if (dialog !== null) {
        const endsDialog =
          transaction.method === 'BYE' ||
          transaction.endsSubscription ||
          (transaction.method === 'SUBSCRIBE' && dialog.state === 'early');
        if (endsDialog) core().dialogs.remove(dialog);
      }
      reportOwnResponse(core(), transaction, text);
    },
    onAnswerAbandoned(transaction) {
      const { dialog } = transaction;
      if (dialog === null || dialog.clientInvite !== transaction) return;
      acknowledge(core(), dialog, transaction, '', '', () => undefined);
      hangUp(core(), dialog, 'ACK timeout', true);
    },
  };
}

/** What becomes of the edge's own requests that nobody answered. */
export function ownUser(core: () => Core): ClientUser {
  return {
    onFailed(transaction) {
      const { dialog } = transaction;
      if (dialog === null) return;
      if (transaction.method === 'BYE') core().dialogs.remove(dialog);
      else if (transaction.isInvite) {
        afterInviteFailed(core(), transaction);
        hangUp(core(), dialog, 'Session timer expired', true);
      }
    },
    onAnswerAbandoned() {
      // The edge acknowledges its own refreshes at once.
    },
  };
}

/** The response that the edge makes when none came (RFC 3261 §8.1.3.1). */
function madeUpResponse(request: string, status: 408 | 503): string {
  const message = parseMessage(request);
  if (message === null) throw new Error('a request of our own does not parse');
  const reason = status === 408 ? 'Request Timeout' : 'Service Unavailable';
  return `SIP/2.0 ${status} ${reason}\r\nVia: ${message.first(H.via)}\r\nFrom: ${message.first(H.from)}\r\nTo: ${message.first(H.to)}\r\nCall-ID: ${message.first(H.callId)}\r\nCSeq: ${message.first(H.cseq)}\r\nContent-Length: 0\r\n\r\n`;
}
