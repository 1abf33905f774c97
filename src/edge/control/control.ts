import { createHash, timingSafeEqual } from 'node:crypto';
import type { Core } from '../core.ts';
import { H } from '../message/header-names.ts';
import { parseMessage, type SipMessage } from '../message/message.ts';
import { proxyRequest } from '../proxy/proxy.ts';
import { answerRequest } from '../user-agent/answers.ts';
import { cancelForClient } from '../user-agent/invite-out.ts';
import { sendClientRequest } from '../user-agent/requests-out.ts';
import { type ControlClient, EXTENSION_TAG } from './control-clients.ts';
import { type ClientFrame, parseFrame } from './control-frames.ts';
import { replyFailed } from './reports.ts';

/** Told to every client at authentication; drachtio-srf reads the number to know what the server can do. */
const VERSION = 'v0.9.10';
const EXTENDED_VERSION = `${VERSION}-class4.1`;

/** The form in which a secret is kept and compared. */
export function digestOf(secret: string): Buffer {
  return createHash('sha256').update(secret, 'utf8').digest();
}

/** One frame payload from a control client. */
export function onFrame(core: Core, clientId: number, payload: string): void {
  const client = core.control.get(clientId);
  if (client === undefined) return;
  const frame = parseFrame(payload);
  if (!client.authenticated && frame.type !== 'authenticate') {
    refuseClient(core, client, frame, 'not authenticated');
    return;
  }
  switch (frame.type) {
    case 'sip':
      onSip(core, client, frame);
      break;
    case 'ping':
      reply(core, client, frame, 'OK|pong');
      break;
    case 'route':
      core.control.route(client, (frame.fields[0] ?? '').toLowerCase());
      reply(core, client, frame, 'OK');
      break;
    case 'remove_route':
      core.control.unroute(client, (frame.fields[0] ?? '').toLowerCase());
      reply(core, client, frame, 'OK');
      break;
    case 'proxy':
      onProxy(core, client, frame);
      break;
    case 'authenticate':
      authenticate(core, client, frame);
      break;
    default:
      refuseClient(core, client, frame, 'Unknown message type');
  }
}

function reply(core: Core, client: ControlClient, frame: ClientFrame, text: string): void {
  core.context.wire.control(client.id, `${core.context.nextId()}|response|${frame.id}|${text}`);
}

function refuseClient(core: Core, client: ControlClient, frame: ClientFrame, reason: string): void {
  core.context.counters.add('clients_refused');
  reply(core, client, frame, `NO|${reason}`);
  core.context.wire.closeControl(client.id);
}

function authenticate(core: Core, client: ControlClient, frame: ClientFrame): void {
  const secret = Buffer.from(frame.fields[0] ?? '', 'latin1').toString('utf8');
  if (!timingSafeEqual(digestOf(secret), core.secretDigest)) {
    refuseClient(core, client, frame, 'incorrect secret');
    return;
  }
  client.authenticated = true;
  client.extended = (frame.fields[1] ?? '').split(',').includes(EXTENSION_TAG);
  const bound: string[] = [];
  const local: string[] = [];
  for (const listener of core.context.listeners) {
    bound.push(`${listener.transport}/${listener.hostPort}`);
    local.push(`${listener.transport}/${listener.hostPort}`);
  }
  const version = client.extended ? EXTENDED_VERSION : VERSION;
  reply(core, client, frame, `OK|${bound.join(',')}|${version}|${local.join(',')}`);
}

/** Why a client's SIP message cannot be used, or ''. */
function problemOf(message: SipMessage): string {
  if (message.problem !== '') return message.problem;
  for (const id of [H.from, H.to, H.callId, H.cseq, H.contentLength]) {
    if (message.count(id) > 1) return 'a header that must be single is repeated';
  }
  const bodyLength = message.bodyEnd - message.bodyStart;
  if (bodyLength === 0) return '';
  // An empty line within a header value would make what follows it the body. The client wrote how long it meant the
  // body to be, in characters or in octets.
  const length = Number(message.first(H.contentLength) || -1);
  if (length === bodyLength) return '';
  const characters = Buffer.from(message.body, 'latin1').toString('utf8').length;
  return length === characters ? '' : 'Content-Length does not match the body';
}

function onSip(core: Core, client: ControlClient, frame: ClientFrame): void {
  const message = parseMessage(frame.sip, true);
  const problem = message === null ? 'not a SIP message' : problemOf(message);
  if (message === null || problem !== '') {
    replyFailed(core, client.id, frame.id, `malformed message: ${problem}`);
    return;
  }
  const [transactionId = '', dialogId = '', routeUrl = ''] = frame.fields;
  if (!message.isRequest) {
    if (transactionId === '') replyFailed(core, client.id, frame.id, 'transaction id missing');
    else answerRequest(core, client.id, frame.id, transactionId, message);
    return;
  }
  if (message.method === 'CANCEL') {
    cancelForClient(core, client.id, frame.id, transactionId, message);
    return;
  }
  sendClientRequest(core, { client: client.id, frameId: frame.id, dialogId, routeUrl, message });
}

function onProxy(core: Core, client: ControlClient, frame: ClientFrame): void {
  const { fields } = frame;
  if (fields.length < 8) {
    replyFailed(core, client.id, frame.id, 'Invalid proxy request: not enough information provided');
    return;
  }
  proxyRequest(core, {
    client: client.id,
    frameId: frame.id,
    transactionId: fields[0] ?? '',
    recordRoute: fields[1] === 'remainInDialog',
    fullResponse: fields[2] === 'fullResponse',
    followRedirects: fields[3] === 'followRedirects',
    simultaneous: fields[4] === 'simultaneous',
    provisionalTimeoutMs: durationMs(fields[5] ?? ''),
    finalTimeoutMs: durationMs(fields[6] ?? ''),
    destinations: fields.slice(7).filter(each => each !== ''),
    headers: parseMessage(frame.sip, true),
  });
}

/** `2s` or `1500ms`; 0 for anything else. */
function durationMs(text: string): number {
  const match = /^(\d{1,6})(ms|s)$/.exec(text);
  if (match === null) return 0;
  return Number(match[1]) * (match[2] === 's' ? 1000 : 1);
}
