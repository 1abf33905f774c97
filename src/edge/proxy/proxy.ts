import { DIALOG_IDLE_MS, type Peer } from '../context.ts';
import { replyFailed } from '../control/reports.ts';
import { type Core, freshBranch } from '../core.ts';
import { ownResponse } from '../message/compose.ts';
import { leadingNumber, tagOf, uriOf } from '../message/fields.ts';
import { H, wireName } from '../message/header-names.ts';
import { normalised, type SipMessage } from '../message/message.ts';
import { splitList } from '../message/text.ts';
import { parseUri } from '../message/uri.ts';
import type { ClientTransaction, ClientUser } from '../transaction/client-transaction.ts';
import type { ServerTransaction } from '../transaction/server-transaction.ts';
import { cancelPendingInvite, hopRequest } from '../user-agent/invite-out.ts';
import { resolveHop } from '../user-agent/next-hop.ts';
import { ProxyCall, type ProxyOrder } from './proxy-call.ts';

const MAX_PROXIED_DIALOGS = 10_000;

/** A client hands a request it was told of on to other places. */
export function proxyRequest(core: Core, order: ProxyOrder): void {
  const server = core.servers.byId(order.transactionId);
  if (server === undefined || server.state !== 'proceeding' || server.request === null) {
    replyFailed(core, order.client, order.frameId, `Unknown transaction id: ${order.transactionId}`);
    return;
  }
  const call = new ProxyCall(core.context, server, order, {
    launch: (proxy, target) => launch(core, proxy, target),
    cancel: branch => {
      if (branch.canCancel) cancelPendingInvite(core, branch, '');
    },
    finish: (proxy, text, status) => {
      proxy.server.final(status, text);
    },
  });
  server.proxy = call;
  call.begin();
}

function launch(core: Core, call: ProxyCall, target: string): void {
  const request = call.request;
  if (leadingNumber(request.first(H.maxForwards) || '70') <= 0) {
    call.targetFailed(null, ownResponse(call.server, 483, ''), 483);
    return;
  }
  const uri = uriOf(target);
  resolveHop(core.context, uri, null, peer => {
    if (peer === null || core.clients.isFull) {
      call.targetFailed(null, ownResponse(call.server, 503, ''), 503);
      return;
    }
    const branch = freshBranch(core);
    const text = forwarded(request, uri, branch, peer, call.order.recordRoute, call.order.headers);
    const transaction = core.clients.add(outgoing(core, request, text, branch, peer), core.proxyUser);
    transaction.proxy = call;
    call.started(transaction);
    transaction.start();
  });
}

function outgoing(core: Core, request: SipMessage, text: string, branch: string, peer: Peer) {
  return {
    method: request.method,
    branch,
    text,
    peer,
    resendIntervalsMs: core.context.resendIntervalsMs,
    client: 0,
    dialog: null,
    dialogId: '',
    callId: request.first(H.callId),
    cseqNumber: leadingNumber(request.first(H.cseq)),
  };
}

/** The request with our Via on top, one hop less to go, and our Record-Route when we stay in the dialog. */
function forwarded(
  request: SipMessage,
  uri: string,
  branch: string,
  peer: Peer,
  recordRoute: boolean,
  extra: SipMessage | null,
): string {
  const { listener } = peer;
  let text = `${request.method} ${uri} SIP/2.0\r\nVia: SIP/2.0/${listener.transport.toUpperCase()} ${listener.hostPort};rport;branch=${branch}\r\n`;
  if (recordRoute) {
    text += `Record-Route: <sip:${listener.hostPort};${listener.transport === 'tcp' ? 'transport=tcp;' : ''}lr>\r\n`;
  }
  const hops = request.has(H.maxForwards) ? leadingNumber(request.first(H.maxForwards)) : 70;
  text += `Max-Forwards: ${Math.max(0, hops - 1)}\r\n`;
  let routeSeen = false;
  for (let i = 0; i < request.ids.length; i++) {
    const id = request.ids[i]!;
    if (id === H.maxForwards || id === H.contentLength || id === H.privateToClient) continue;
    let value = request.valueAt(i);
    if (id === H.route && !routeSeen) {
      routeSeen = true;
      value = splitList(value).slice(1).join(', ');
      if (value === '') continue;
    }
    text += `${request.nameAt(i)}: ${value}\r\n`;
  }
  if (extra !== null) text += extraHeaders(extra);
  return `${text}Content-Length: ${request.body.length}\r\n\r\n${request.body}`;
}

function extraHeaders(extra: SipMessage): string {
  let text = '';
  for (let i = 0; i < extra.ids.length; i++) {
    if (extra.ids[i] === H.other) text += `${wireName(extra.nameAt(i))}: ${extra.valueAt(i)}\r\n`;
  }
  return text;
}

/** The response without our Via, as it goes on towards the caller. */
function backwards(message: SipMessage, server: ServerTransaction): string {
  let text = `SIP/2.0 ${message.status} ${message.reason}\r\n${server.vias}`;
  for (let i = 0; i < message.ids.length; i++) {
    const id = message.ids[i]!;
    if (id === H.via || id === H.contentLength || id === H.privateToClient) continue;
    text += `${message.nameAt(i)}: ${message.valueAt(i)}\r\n`;
  }
  return `${text}Content-Length: ${message.body.length}\r\n\r\n${message.body}`;
}

/** A response to a proxied request. */
export function onProxyResponse(
  core: Core,
  transaction: ClientTransaction,
  message: SipMessage,
  source: Peer,
): void {
  const { status } = message;
  const call = transaction.proxy;
  if (call === null) {
    onForwardedResponse(transaction, message);
    return;
  }
  if (status < 200) {
    if (!transaction.isInvite || transaction.canCancel) {
      transaction.provisional();
      const held = transaction.heldCancel;
      if (held !== null) cancelPendingInvite(core, transaction, '');
      call.heard();
      if (status > 100) call.server.provisional(backwards(message, call.server));
    }
    return;
  }
  const text = backwards(message, call.server);
  if (status < 300) {
    if (transaction.state === 'accepted') {
      // A retransmitted answer: the caller's ACK is not ours to send.
      core.context.wire.send(call.server.peer, text);
      return;
    }
    if (!transaction.final(status)) return;
    call.report(source, normalised(message));
    call.answered(transaction);
    call.server.final(status, text);
    call.server.handOver();
    if (call.order.recordRoute && transaction.isInvite) rememberProxied(core, message);
    call.done();
    return;
  }
  if (transaction.state === 'completed') {
    transaction.repeatAck();
    return;
  }
  if (transaction.isInvite) {
    transaction.sendAck(hopRequest(transaction.text, 'ACK', message.first(H.to), ''), transaction.peer);
  }
  if (!transaction.final(status)) return;
  call.report(source, normalised(message));
  call.targetFailed(transaction, text, status, status < 400 ? splitList(message.all(H.contact)) : []);
}

/** A response to a request that passed through us in a dialog we stay in. */
function onForwardedResponse(transaction: ClientTransaction, message: SipMessage): void {
  const { status } = message;
  const server = transaction.forwardedFor;
  if (server === null) return;
  if (status < 200) {
    transaction.provisional();
    if (status > 100) server.provisional(backwards(message, server));
    return;
  }
  if (transaction.isInvite && status >= 300) {
    if (transaction.state === 'completed') transaction.repeatAck();
    else transaction.sendAck(hopRequest(transaction.text, 'ACK', message.first(H.to), ''), transaction.peer);
  }
  if (!transaction.final(status)) return;
  server.final(status, backwards(message, server));
  if (status < 300) server.handOver();
}

/** What becomes of proxied requests that nobody answered. */
export function proxyUser(): ClientUser {
  return {
    onFailed(transaction, status) {
      const server = transaction.proxy?.server ?? transaction.forwardedFor;
      if (server === null) return;
      const text = ownResponse(server, status, '');
      if (transaction.proxy !== null) transaction.proxy.targetFailed(transaction, text, status);
      else server.final(status, text);
    },
    onAnswerAbandoned() {
      // The ACK goes from end to end.
    },
  };
}

/** The caller gave up: every branch is cancelled, and its 487 comes back through us. True when the INVITE is proxied. */
export function onProxyCancel(invite: ServerTransaction): boolean {
  if (invite.proxy === null) return false;
  invite.proxy.cancelAll();
  return true;
}

function dialogKey(callId: string, one: string, other: string): string {
  return one < other ? `${callId}|${one}|${other}` : `${callId}|${other}|${one}`;
}

function keyOf(message: SipMessage): string {
  return dialogKey(message.first(H.callId), tagOf(message.first(H.from)), tagOf(message.first(H.to)));
}

function rememberProxied(core: Core, answer: SipMessage): void {
  for (const [key, until] of core.proxied) {
    if (core.proxied.size < MAX_PROXIED_DIALOGS && until > core.context.now) break;
    core.proxied.delete(key);
  }
  core.proxied.set(keyOf(answer), core.context.now + DIALOG_IDLE_MS);
}

/** True for a request in a dialog that we proxied and stayed in. Nothing else is ever passed on: this is no relay. */
export function isProxied(core: Core, message: SipMessage): boolean {
  if (core.proxied.size === 0 || !message.has(H.route)) return false;
  if (!core.proxied.has(keyOf(message))) return false;
  const top = splitList(message.first(H.route))[0];
  const uri = top === undefined ? null : parseUri(uriOf(top));
  if (uri === null) return false;
  return core.context.listeners.some(
    listener => listener.hostPort === `${uri.host}:${uri.port === 0 ? 5060 : uri.port}`,
  );
}

function nextHopOf(message: SipMessage): string {
  const routes = splitList(message.all(H.route));
  return routes[1] === undefined ? message.uri : uriOf(routes[1]);
}

/** Passes a request in a proxied dialog on. */
export function forwardInDialog(core: Core, server: ServerTransaction, message: SipMessage): void {
  if (message.has(H.maxForwards) && leadingNumber(message.first(H.maxForwards)) === 0) {
    server.final(483, ownResponse(server, 483, ''));
    return;
  }
  resolveHop(core.context, nextHopOf(message), null, peer => {
    if (peer === null || core.clients.isFull) {
      server.final(503, ownResponse(server, 503, ''));
      return;
    }
    const branch = freshBranch(core);
    const text = forwarded(message, message.uri, branch, peer, false, null);
    const transaction = core.clients.add(outgoing(core, message, text, branch, peer), core.proxyUser);
    transaction.forwardedFor = server;
    if (message.method === 'BYE') core.proxied.delete(keyOf(message));
    transaction.start();
  });
}

/** Passes an ACK on, which belongs to no transaction; true when it was one of a proxied dialog. */
export function onProxyAck(core: Core, message: SipMessage): boolean {
  if (message.problem !== '' || !isProxied(core, message)) return false;
  resolveHop(core.context, nextHopOf(message), null, peer => {
    if (peer === null) return;
    core.context.wire.send(peer, forwarded(message, message.uri, freshBranch(core), peer, false, null));
  });
  return true;
}
