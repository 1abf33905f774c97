/** An edge in virtual time: what it sends is kept, what it is told comes from the test, and no socket exists. */
import type { Listener, Peer, Target, Wire } from '../../src/edge/context.ts';
import { DEFAULT_RESEND_INTERVALS_MS, EdgeCore } from '../../src/edge/edge-core.ts';
import { parseCSeq, tagOf } from '../../src/edge/message/fields.ts';
import { H } from '../../src/edge/message/header-names.ts';
import { parseMessage, type SipMessage } from '../../src/edge/message/message.ts';

export const SECRET = 'cymru';

export function listener(transport: 'udp' | 'tcp', address: string, port: number, index: number): Listener {
  const family = address.includes(':') ? 6 : 4;
  const hostPort = family === 6 ? `[${address}]:${port}` : `${address}:${port}`;
  return { index, transport, family, bound: address, address, port, hostPort };
}

export const UDP = listener('udp', '10.0.0.1', 5060, 0);
export const TCP = listener('tcp', '10.0.0.1', 5060, 1);
export const UDP6 = listener('udp', '2001:db8::1', 5060, 2);

/** A peer on the caller's side and one on the callee's. */
export const ALICE: Peer = { listener: UDP, address: '10.0.0.7', port: 5060, connection: 0 };
export const BOB: Peer = { listener: UDP, address: '10.0.0.9', port: 5060, connection: 0 };

export interface Sent {
  readonly to: Peer;
  readonly text: string;
  readonly message: SipMessage;
  readonly at: number;
}

/** A frame as a client receives it. */
export interface Frame {
  readonly meta: readonly string[];
  readonly text: string;
  readonly message: SipMessage | null;
}

export class World {
  now = 1000;
  readonly core: EdgeCore;
  readonly sent: Sent[] = [];
  readonly frames: Frame[] = [];
  readonly framesOf = new Map<number, Frame[]>();
  readonly closedClients: number[] = [];
  readonly openConnections = new Set<number>();
  readonly names = new Map<string, Target | null>();
  readonly lookups: { host: string; done: (target: Target | null) => void }[] = [];
  #random = 0;
  #frameId = 0;
  #clients = 0;

  constructor(resendIntervalsMs: readonly number[] = DEFAULT_RESEND_INTERVALS_MS) {
    const wire: Wire = {
      send: (to, text) => {
        const message = parseMessage(text);
        if (message === null || message.problem !== '') throw new Error(`the edge sent nonsense: ${text}`);
        this.sent.push({ to, text, message, at: this.now });
      },
      isOpen: connection => this.openConnections.has(connection),
      control: (client, payload) => {
        const lineEnd = payload.indexOf('\r\n');
        const text = lineEnd < 0 ? '' : payload.slice(lineEnd + 2);
        const frame = {
          meta: (lineEnd < 0 ? payload : payload.slice(0, lineEnd)).split('|'),
          text,
          message: text === '' ? null : parseMessage(text),
        };
        this.frames.push(frame);
        const own = this.framesOf.get(client) ?? [];
        own.push(frame);
        this.framesOf.set(client, own);
      },
      closeControl: client => this.closedClients.push(client),
      lookup: (host, _port, _transport, _family, done) => {
        const known = this.names.get(host);
        if (known !== undefined) done(known);
        else this.lookups.push({ host, done });
      },
      timeOfDay: () => '12:00:00.000000',
      random: () => `r${String(++this.#random).padStart(11, '0')}`,
    };
    this.core = new EdgeCore({
      secret: SECRET,
      listeners: [UDP, TCP, UDP6],
      resendIntervalsMs,
      wire,
      now: this.now,
    });
  }

  /** A connected, authenticated client that wants these methods. */
  client(methods: readonly string[] = ['invite'], tags = ''): number {
    const id = ++this.#clients;
    this.core.connected(id);
    this.frame(id, `authenticate|${SECRET}|${tags}`);
    for (const method of methods) this.frame(id, `route|${method}`);
    this.frames.length = 0;
    this.framesOf.delete(id);
    return id;
  }

  /** Sends a frame of a client's and gives the id under which it is answered. */
  frame(client: number, rest: string): string {
    const id = `f${++this.#frameId}`;
    this.core.frame(client, `${id}|${rest}`, this.now);
    return id;
  }

  receive(text: string, from: Peer = ALICE): void {
    this.core.receive(from, text, this.now);
  }

  /** Lets time pass in the driver's steps. */
  advance(ms: number): void {
    const end = this.now + ms;
    while (this.now < end) {
      this.now = Math.min(end, this.now + 10);
      this.core.tick(this.now);
    }
  }

  /** What was sent since the last call. */
  takeSent(): Sent[] {
    return this.sent.splice(0);
  }

  /** What clients were told since the last call. */
  takeFrames(): Frame[] {
    return this.frames.splice(0);
  }

  /** The reply to a frame. */
  replyTo(id: string): readonly string[] {
    const found = this.frames.find(frame => frame.meta[1] === 'response' && frame.meta[2] === id);
    if (found === undefined) throw new Error(`no reply to ${id}`);
    return found.meta;
  }

  count(name: string): number {
    return this.core.counters()[name] ?? 0;
  }
}

export interface Parts {
  readonly method?: string;
  readonly uri?: string;
  readonly callId?: string;
  readonly fromTag?: string;
  readonly toTag?: string;
  readonly cseq?: number;
  readonly branch?: string;
  readonly via?: string;
  readonly contact?: string;
  readonly headers?: string;
  readonly body?: string;
}

/** A request as a peer would send it. */
export function request(parts: Parts = {}): string {
  const method = parts.method ?? 'INVITE';
  const body = parts.body ?? '';
  const toTag = parts.toTag === undefined || parts.toTag === '' ? '' : `;tag=${parts.toTag}`;
  const contact = parts.contact ?? 'Contact: <sip:alice@10.0.0.7:5060>\r\n';
  const via = parts.via ?? `SIP/2.0/UDP 10.0.0.7:5060;branch=z9hG4bK-${parts.branch ?? 'a1'}`;
  return `${method} ${parts.uri ?? 'sip:4420@10.0.0.1'} SIP/2.0\r\nVia: ${via}\r\nMax-Forwards: 70\r\nFrom: "Alice" <sip:alice@10.0.0.7>;tag=${parts.fromTag ?? 'at'}\r\nTo: <sip:4420@10.0.0.1>${toTag}\r\nCall-ID: ${parts.callId ?? 'call-1'}\r\nCSeq: ${parts.cseq ?? 1} ${method}\r\n${contact}${parts.headers ?? ''}Content-Length: ${body.length}\r\n\r\n${body}`;
}

/** A response of a peer to a request that the edge sent. */
export function response(
  to: Sent,
  status: number,
  reason: string,
  toTag: string,
  headers = '',
  body = '',
): string {
  const { message } = to;
  const given = message.first(H.to);
  const tag = toTag === '' || tagOf(given) !== '' ? '' : `;tag=${toTag}`;
  return `SIP/2.0 ${status} ${reason}\r\nVia: ${message.first(H.via)}\r\nFrom: ${message.first(H.from)}\r\nTo: ${given}${tag}\r\nCall-ID: ${message.first(H.callId)}\r\nCSeq: ${message.first(H.cseq)}\r\n${headers}Content-Length: ${body.length}\r\n\r\n${body}`;
}

export const BOB_CONTACT = 'Contact: <sip:bob@10.0.0.9:5060>\r\n';

/** An INVITE as drachtio-srf words it. */
export function clientInvite(headers = '', body = 'v=0\r\n', uri = 'sip:4420@10.0.0.9'): string {
  return `INVITE ${uri} SIP/2.0\r\nfrom: sip:4411@localhost\r\ncontact: sip:4411@localhost\r\n${headers}Content-Length: ${body.length}\r\n\r\n${body}`;
}

/** A response as drachtio-srf words it. */
export function clientResponse(status: number, reason: string, headers = '', body = ''): string {
  return `SIP/2.0 ${status} ${reason}\r\n${headers}Content-Length: ${body.length}\r\n\r\n${body}`;
}

/** A request of a client's in a dialog. */
export function clientRequest(method: string, headers = '', body = ''): string {
  return `${method} sip:placeholder SIP/2.0\r\n${headers}Content-Length: ${body.length}\r\n\r\n${body}`;
}

/** An INVITE has come in and the client knows it: gives its transaction id. */
export function incomingCall(world: World, parts: Parts = {}): string {
  world.receive(request(parts));
  const frame = world.frames.find(each => each.message?.method === 'INVITE' && each.meta[1] === 'sip');
  if (frame === undefined) throw new Error('the INVITE did not reach the client');
  world.frames.length = 0;
  return frame.meta[8]!;
}

/** An incoming call that is answered and acknowledged; gives the dialog id and our tag. */
export function establishedIncoming(
  world: World,
  client: number,
  parts: Parts = {},
): { id: string; tag: string } {
  const transaction = incomingCall(world, parts);
  world.frame(client, `sip|${transaction}|\r\n${clientResponse(200, 'OK', '', 'v=0\r\n')}`);
  const answer = world.takeSent().at(-1)!;
  const tag = tagOf(answer.message.first(H.to));
  world.receive(request({ ...parts, method: 'ACK', toTag: tag, branch: 'ack1', body: '', headers: '' }));
  world.frames.length = 0;
  return { id: `${parts.callId ?? 'call-1'};from-tag=${parts.fromTag ?? 'at'}`, tag };
}

/** An outgoing INVITE: gives what went out and the ids that the client was told. */
export function outgoingCall(
  world: World,
  client: number,
  headers = '',
): { sent: Sent; transaction: string; dialog: string } {
  const id = world.frame(client, `sip||\r\n${clientInvite(headers)}`);
  const reply = world.replyTo(id);
  const sent = world.takeSent()[0]!;
  const dialog = `${sent.message.first(H.callId)};from-tag=${tagOf(sent.message.first(H.from))}`;
  world.frames.length = 0;
  return { sent, transaction: reply[10]!, dialog };
}

/** An outgoing call that was answered and acknowledged. */
export function establishedOutgoing(
  world: World,
  client: number,
  answerHeaders = '',
): { sent: Sent; dialog: string; ack: Sent } {
  const call = outgoingCall(world, client);
  world.receive(response(call.sent, 200, 'OK', 'bt', BOB_CONTACT + answerHeaders, 'v=0\r\n'), BOB);
  world.frame(client, `sip||${call.dialog}\r\n${clientRequest('ACK')}`);
  const ack = world.takeSent()[0]!;
  world.frames.length = 0;
  return { sent: call.sent, dialog: call.dialog, ack };
}

/** `200 INVITE` or `BYE`: what a sent message is, for short expectations. */
export function summary(sent: readonly Sent[]): string[] {
  return sent.map(({ message }) =>
    message.isRequest
      ? message.method
      : `${message.status} ${parseCSeq(message.first(H.cseq))?.method ?? ''}`,
  );
}
