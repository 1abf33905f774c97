import { type Context, freshToken, type Listener, type Peer } from '../context.ts';
import { replyFailed, replyRequestSent, reportCdr } from '../control/reports.ts';
import { type Core, freshBranch } from '../core.ts';
import { type Dialog, dialogIdOf } from '../dialog/dialog.ts';
import {
  type DialogRequest,
  dialogHeaders,
  dialogHop,
  dialogPeer,
  dialogRequestText,
} from '../dialog/in-dialog.ts';
import {
  clientHeaders,
  contactFor,
  hopsLeft,
  identityHost,
  replaceLocalhost,
  tail,
  withTag,
} from '../message/compose.ts';
import { parseCSeq, parseRAck, tagOf, uriOf } from '../message/fields.ts';
import { H } from '../message/header-names.ts';
import type { SipMessage } from '../message/message.ts';
import { resendList } from '../message/private-headers.ts';
import { detach } from '../message/text.ts';
import { cancelPendingInvite, sendClientAck } from './invite-out.ts';
import { resolveHop } from './next-hop.ts';

const NO_DIALOG = 'Server error: unable to find dialog for dialog id provided';

/** A request as a client's frame gives it. */
export interface ClientRequest {
  readonly client: number;
  readonly frameId: string;
  readonly dialogId: string;
  readonly routeUrl: string;
  readonly message: SipMessage;
}

/** Sends a client's request: in the dialog it names, else outside dialogs. */
export function sendClientRequest(core: Core, request: ClientRequest): void {
  const { client, frameId, message } = request;
  const intervals = core.control.get(client)?.extended === true ? resendList(message) : undefined;
  if (intervals === null) {
    replyFailed(
      core,
      client,
      frameId,
      'X-Class4-Resend-Ms must be 1 to 16 numbers of milliseconds from 1 to 60000',
    );
    return;
  }
  if (core.clients.isFull) {
    replyFailed(core, client, frameId, 'too many transactions');
    return;
  }
  const list = intervals ?? core.context.resendIntervalsMs;
  if (request.dialogId !== '') {
    const dialog = core.dialogs.get(request.dialogId);
    if (dialog === undefined) replyFailed(core, client, frameId, NO_DIALOG);
    else sendInDialog(core, dialog, request, list);
    return;
  }
  const callId = message.first(H.callId);
  const live =
    callId === '' ? undefined : core.dialogs.confirmedByCallId(callId, tagOf(message.first(H.from)));
  if (live !== undefined) sendInDialog(core, live, request, list);
  else sendOutOfDialog(core, request, list);
}

function sendInDialog(core: Core, dialog: Dialog, request: ClientRequest, list: readonly number[]): void {
  const { client, frameId, message } = request;
  const { method } = message;
  if (method === 'ACK') {
    sendClientAck(core, dialog, request);
    return;
  }
  // An answer of an RFC 2543 peer may have no tag (RFC 3261 §12.1.2); its call must end like any other.
  if (dialog.remoteTag === '' && dialog.state === 'early') {
    replyFailed(core, client, frameId, `${method} not sent: the dialog is not yet established`);
    return;
  }
  if (method === 'INVITE' && dialog.clientInvite !== null) {
    replyFailed(core, client, frameId, 'INVITE not sent: another INVITE is pending in this dialog');
    return;
  }
  if (method === 'BYE') beforeBye(core, dialog);
  // Whoever drives the dialog now is who its requests are for: the owner may have reconnected.
  dialog.client = client;
  dialog.localCseq++;
  const inDialog = inDialogRequest(dialog, message);
  dialogPeer(core, dialog, dialogHop(dialog, inDialog), (peer, problem) => {
    if (peer === null) {
      replyFailed(core, client, frameId, problem);
      return;
    }
    const branch = freshBranch(core);
    const text = dialogRequestText(dialog, inDialog, branch, peer);
    const transaction = core.clients.add(
      {
        method,
        branch,
        text,
        peer,
        resendIntervalsMs: list,
        client,
        dialog,
        dialogId: dialog.id,
        callId: dialog.callId,
        cseqNumber: inDialog.cseq,
      },
      core.requestUser,
    );
    if (method === 'INVITE') {
      dialog.clientInvite = transaction;
      rememberOffer(dialog, message, peer.listener);
    }
    if (method === 'NOTIFY') {
      transaction.endsSubscription = message
        .first(H.subscriptionState)
        .toLowerCase()
        .startsWith('terminated');
    }
    replyRequestSent(core, client, frameId, peer, transaction.id, text);
    transaction.start();
    if (method === 'BYE') reportCdr(core, 'stop', 'application', text, 'normal-release');
  });
}

function inDialogRequest(dialog: Dialog, message: SipMessage): DialogRequest {
  const base: DialogRequest = {
    method: message.method,
    uri: message.uri === 'sip:placeholder' || message.method === 'PRACK' ? '' : message.uri,
    cseq: dialog.localCseq,
    headers: dialogHeaders(dialog, message),
    body: message.body,
    maxForwards: hopsLeft(message),
  };
  if (message.method !== 'PRACK') return base;
  const rack = parseRAck(message.first(H.rack));
  const fork = dialog.earlyForks?.find(each => each.rseq === rack?.rseq);
  if (fork === undefined) return base;
  return { ...base, remote: fork.remote, target: fork.target, routes: fork.routes };
}

/** A BYE ends what is still going on in the dialog: our own INVITE first (RFC 3261 §15). */
function beforeBye(core: Core, dialog: Dialog): void {
  const pending = dialog.clientInvite;
  if (pending?.canCancel === true) cancelPendingInvite(core, pending, '');
  if (dialog.state === 'confirmed') dialog.state = 'ending';
  dialog.session = null;
}

function rememberOffer(dialog: Dialog, message: SipMessage, listener: Listener): void {
  const { body } = message;
  if (body !== '') dialog.localBody = detach(body);
  const contact = message.first(H.contact);
  if (contact !== '' || dialog.localContact === '') {
    dialog.localContact = detach(contactFor(contact, listener));
  }
}

function sendOutOfDialog(core: Core, request: ClientRequest, list: readonly number[]): void {
  const { client, frameId, message } = request;
  if (message.method === 'ACK' || message.method === 'PRACK') {
    replyFailed(core, client, frameId, NO_DIALOG);
    return;
  }
  const hop = request.routeUrl === '' ? message.uri : uriOf(request.routeUrl);
  resolveHop(core.context, hop, null, (peer, problem) => {
    if (peer === null) replyFailed(core, client, frameId, problem);
    else dispatch(core, request, peer, list);
  });
}

interface Identity {
  readonly from: string;
  readonly fromTag: string;
  readonly to: string;
  readonly callId: string;
  readonly cseq: number;
}

/** The client's own From tag, Call-ID and CSeq where it gives them (a digest retry does), else fresh ones. */
function identityOf(context: Context, message: SipMessage, listener: Listener): Identity {
  const host = identityHost(listener);
  const givenFrom = message.first(H.from);
  const plainFrom = givenFrom === '' ? `<sip:${listener.hostPort}>` : replaceLocalhost(givenFrom, host);
  const from = tagOf(plainFrom) === '' ? withTag(plainFrom, freshToken(context)) : plainFrom;
  const givenTo = message.first(H.to);
  const to = givenTo === '' ? `<${message.uri}>` : replaceLocalhost(givenTo, host);
  const callId = message.first(H.callId);
  return {
    from,
    fromTag: tagOf(from),
    to,
    callId: callId === '' || /\s/.test(callId) ? freshToken(context) : callId,
    cseq: parseCSeq(message.first(H.cseq))?.number ?? 1,
  };
}

function dispatch(core: Core, request: ClientRequest, peer: Peer, list: readonly number[]): void {
  const { client, frameId, message } = request;
  const { method } = message;
  const { listener } = peer;
  const identity = identityOf(core.context, message, listener);
  const branch = freshBranch(core);
  const contact = message.all(H.contact);
  const forms = method === 'INVITE' || method === 'SUBSCRIBE';
  const needsContact = forms || method === 'REFER' || contact !== '';
  const contactValue = needsContact ? contactFor(contact, listener) : '';
  const contactLine = needsContact ? `Contact: ${contactValue}\r\n` : '';
  const protocol = listener.transport === 'tcp' ? 'TCP' : 'UDP';
  const text = `${method} ${message.uri} SIP/2.0\r\nVia: SIP/2.0/${protocol} ${listener.hostPort};rport;branch=${branch}\r\nMax-Forwards: ${hopsLeft(message)}\r\nFrom: ${identity.from}\r\nTo: ${identity.to}\r\nCall-ID: ${identity.callId}\r\nCSeq: ${identity.cseq} ${method}\r\n${contactLine}${clientHeaders(message, listener)}${tail(message.body)}`;
  let dialog: Dialog | null = null;
  if (forms) {
    dialog = earlyDialog(core, client, message, peer, identity) ?? null;
    if (dialog === null) {
      replyFailed(
        core,
        client,
        frameId,
        'INVITE not sent: too many dialogs, or this Call-ID and From tag are in use',
      );
      return;
    }
    dialog.localContact = detach(contactValue);
    dialog.localBody = detach(message.body);
  }
  const transaction = core.clients.add(
    {
      method,
      branch,
      text,
      peer,
      resendIntervalsMs: list,
      client,
      dialog,
      dialogId: dialog === null ? '' : dialog.id,
      callId: identity.callId,
      cseqNumber: identity.cseq,
    },
    core.requestUser,
  );
  if (dialog !== null && method === 'INVITE') dialog.clientInvite = transaction;
  replyRequestSent(core, client, frameId, peer, transaction.id, text);
  if (method === 'INVITE') reportCdr(core, 'attempt', 'application', text);
  transaction.start();
}

function earlyDialog(
  core: Core,
  client: number,
  message: SipMessage,
  peer: Peer,
  identity: Identity,
): Dialog | undefined {
  return core.dialogs.add({
    id: dialogIdOf(identity.callId, identity.fromTag),
    callId: identity.callId,
    isServer: false,
    method: message.method,
    client,
    local: identity.from,
    remote: identity.to,
    localCseq: identity.cseq,
    target: message.uri,
    source: peer,
  });
}
