import type { Peer } from '../context.ts';
import { type Core, freshBranch } from '../core.ts';
import { clientHeaders, contactFor, tail } from '../message/compose.ts';
import { H } from '../message/header-names.ts';
import type { SipMessage } from '../message/message.ts';
import type { ClientUser } from '../transaction/client-transaction.ts';
import { resolveHop } from '../user-agent/next-hop.ts';
import { type Dialog, requestRoute } from './dialog.ts';

/** The parts of a request in a dialog that differ from one to the next. */
export interface DialogRequest {
  readonly method: string;
  /** A Request-URI other than the remote target, '' for the remote target. */
  readonly uri: string;
  readonly cseq: number;
  /** Complete header lines beside those the dialog gives. */
  readonly headers: string;
  readonly body: string;
  /** 70 when absent. */
  readonly maxForwards?: number;
  /** To value, route set and target of an early fork; the dialog's own when absent. */
  readonly remote?: string;
  readonly target?: string;
  readonly routes?: readonly string[];
}

/**
 * Where requests of the dialog go; `done` is called at once unless a name must be looked up. A BYE whose way cannot be
 * found goes where the peer's messages come from: the call must end, and the client must hear of it.
 */
export function dialogPeer(
  core: Core,
  dialog: Dialog,
  hop: string,
  done: (peer: Peer | null, problem: string) => void,
): void {
  const { source } = dialog;
  if (dialog.routes.length === 0) {
    const connected = source.connection !== 0 && core.context.wire.isOpen(source.connection);
    if (connected || (dialog.toSource && source.listener.transport === 'udp')) {
      done(source, '');
      return;
    }
  }
  resolveHop(core.context, hop, source.listener, (peer, problem) => {
    if (peer === null && dialog.state === 'ending') done(source, '');
    else done(peer, problem);
  });
}

/** The text of a request in the dialog. */
export function dialogRequestText(
  dialog: Dialog,
  request: DialogRequest,
  branch: string,
  peer: Peer,
): string {
  const target = request.uri === '' ? (request.target ?? dialog.target) : request.uri;
  const route = requestRoute(target, request.routes ?? dialog.routes);
  const { listener } = peer;
  const via = `SIP/2.0/${listener.transport === 'tcp' ? 'TCP' : 'UDP'} ${listener.hostPort};rport;branch=${branch}`;
  return `${request.method} ${route.uri} SIP/2.0\r\nVia: ${via}\r\n${route.lines}Max-Forwards: ${request.maxForwards ?? 70}\r\nFrom: ${dialog.local}\r\nTo: ${request.remote ?? dialog.remote}\r\nCall-ID: ${dialog.callId}\r\nCSeq: ${request.cseq} ${request.method}\r\n${request.headers}${tail(request.body)}`;
}

/** The first place a request of the dialog passes. */
export function dialogHop(dialog: Dialog, request: DialogRequest): string {
  const target = request.uri === '' ? (request.target ?? dialog.target) : request.uri;
  return requestRoute(target, request.routes ?? dialog.routes).hop;
}

/** Requests that refresh the remote target and so must name a Contact (RFC 3261 §12.2, RFC 3311, RFC 6665, RFC 3515). */
function carriesContact(method: string): boolean {
  return (
    method === 'INVITE' ||
    method === 'UPDATE' ||
    method === 'SUBSCRIBE' ||
    method === 'NOTIFY' ||
    method === 'REFER'
  );
}

/** The client's headers of a request in the dialog, with a Contact where one belongs. */
export function dialogHeaders(dialog: Dialog, message: SipMessage): string {
  const { listener } = dialog.source;
  const given = message.all(H.contact);
  let lines = '';
  if (given !== '') lines = `Contact: ${contactFor(given, listener)}\r\n`;
  else if (carriesContact(message.method)) {
    lines = `Contact: ${dialog.localContact === '' ? contactFor('', listener) : dialog.localContact}\r\n`;
  }
  return lines + clientHeaders(message, listener);
}

/** Sends a request of the edge's own in the dialog. `sent` gets the text and where it went. */
export function sendOwnRequest(
  core: Core,
  dialog: Dialog,
  method: string,
  headers: string,
  body: string,
  user: ClientUser,
  sent: (text: string, peer: Peer) => void,
): void {
  dialog.localCseq++;
  const request: DialogRequest = { method, uri: '', cseq: dialog.localCseq, headers, body };
  dialogPeer(core, dialog, dialogHop(dialog, request), peer => {
    if (peer === null) {
      core.context.counters.add('own_requests_unroutable');
      if (method === 'BYE') core.dialogs.remove(dialog);
      return;
    }
    const branch = freshBranch(core);
    const text = dialogRequestText(dialog, request, branch, peer);
    const transaction = core.clients.add(
      {
        method,
        branch,
        text,
        peer,
        resendIntervalsMs: core.context.resendIntervalsMs,
        client: 0,
        dialog,
        dialogId: dialog.id,
        callId: dialog.callId,
        cseqNumber: request.cseq,
      },
      user,
    );
    if (method === 'INVITE') dialog.clientInvite = transaction;
    sent(text, peer);
    transaction.start();
  });
}
