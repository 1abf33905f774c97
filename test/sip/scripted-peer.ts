/** A SIP endpoint whose every message a test writes itself: a UDP socket, a queue of what came, and short forms. */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

const patienceMs = 4_000;

export interface Message {
  readonly raw: string;
  readonly startLine: string;
  /** Method of a request, '' for a response. */
  readonly method: string;
  /** Status of a response, 0 for a request. */
  readonly status: number;
  readonly body: string;
  /** The first header of that name, '' when absent. */
  header(name: string): string;
  all(name: string): readonly string[];
}

export function parse(raw: string): Message {
  const end = raw.indexOf('\r\n\r\n');
  const lines = raw.slice(0, end).split('\r\n');
  const startLine = lines[0] ?? '';
  const all = (name: string): string[] =>
    lines
      .slice(1)
      .filter(each => each.toLowerCase().startsWith(`${name.toLowerCase()}:`))
      .map(each => each.slice(name.length + 1).trim());
  const isResponse = startLine.startsWith('SIP/2.0 ');
  return {
    raw,
    startLine,
    method: isResponse ? '' : (startLine.split(' ')[0] ?? ''),
    status: isResponse ? Number(startLine.split(' ')[1]) : 0,
    body: raw.slice(end + 4),
    header: name => all(name)[0] ?? '',
    all,
  };
}

export interface Extra {
  readonly headers?: readonly string[];
  readonly body?: string;
  readonly contentType?: string;
}

let serial = 0;

function tail(extra: Extra): string {
  const body = extra.body ?? '';
  const type = body === '' ? [] : [`Content-Type: ${extra.contentType ?? 'application/sdp'}`];
  return [...(extra.headers ?? []), ...type, `Content-Length: ${Buffer.byteLength(body)}`, '', body].join(
    '\r\n',
  );
}

export class ScriptedPeer {
  readonly name: string;
  readonly address: string;
  readonly port: number;
  /** Every message that ever came, as it was. */
  readonly heard: string[] = [];
  readonly #socket: Socket;
  readonly #queue: Message[] = [];
  #waiting: (() => void) | null = null;

  private constructor(name: string, socket: Socket) {
    this.name = name;
    this.#socket = socket;
    const bound = socket.address();
    this.address = bound.address;
    this.port = bound.port;
    socket.on('message', data => {
      const raw = data.toString('utf8');
      // Keep-alives and probes of the edge hold no message.
      if (raw.trim() === '') return;
      this.heard.push(raw);
      this.#queue.push(parse(raw));
      this.#waiting?.();
    });
  }

  static async start(name: string, address: string, port: number): Promise<ScriptedPeer> {
    const socket = createSocket('udp4');
    socket.bind(port, address);
    await once(socket, 'listening');
    return new ScriptedPeer(name, socket);
  }

  close(): Promise<void> {
    return new Promise(resolve => this.#socket.close(() => resolve()));
  }

  get contact(): string {
    return `<sip:${this.name}@${this.address}:${this.port}>`;
  }

  send(raw: string | Buffer, to: { readonly address: string; readonly port: number }): void {
    this.#socket.send(raw, to.port, to.address);
  }

  /** The next message of that kind: a method, a status, or a status with the method of its CSeq (`200 BYE`). */
  async next(kind: string): Promise<Message> {
    const deadline = Date.now() + patienceMs;
    for (;;) {
      const index = this.#queue.findIndex(each => matches(each, kind));
      if (index >= 0) return this.#queue.splice(index, 1)[0]!;
      const left = deadline - Date.now();
      if (left <= 0) {
        throw new Error(
          `${this.name} waited for ${kind}; unread: ${this.#queue.map(each => each.startLine).join(' | ')}`,
        );
      }
      await new Promise<void>(resolve => {
        const timer = setTimeout(resolve, left);
        this.#waiting = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  /** Drops what was not read. */
  forget(): void {
    this.#queue.length = 0;
  }

  /** How many unread messages of that kind have come so far. */
  count(kind: string): number {
    return this.#queue.filter(each => matches(each, kind)).length;
  }

  /** Answers a request; `tag` goes into To unless it has one. */
  respond(request: Message, status: number, reason: string, tag: string, extra: Extra = {}): void {
    const to = request.header('To');
    const via = request.all('Via').map(each => `Via: ${each}`);
    const head = [
      `SIP/2.0 ${status} ${reason}`,
      ...via,
      `From: ${request.header('From')}`,
      `To: ${to.includes('tag=') || status === 100 ? to : `${to};tag=${tag}`}`,
      `Call-ID: ${request.header('Call-ID')}`,
      `CSeq: ${request.header('CSeq')}`,
      `Contact: ${this.contact}`,
      'User-Agent: peer-of-the-test/1.0',
    ].join('\r\n');
    this.send(`${head}\r\n${tail(extra)}`, viaTarget(request));
  }
}

function matches(message: Message, kind: string): boolean {
  const [first, method] = kind.split(' ');
  if (message.method !== '') return message.method === first;
  return (
    String(message.status) === first && (method === undefined || message.header('CSeq').endsWith(method))
  );
}

function viaTarget(request: Message): { address: string; port: number } {
  const found = /^SIP\/2\.0\/UDP ([^:;\s]+):(\d+)/.exec(request.header('Via'));
  return { address: found?.[1] ?? '', port: Number(found?.[2]) };
}

/** One dialog of a scripted peer, as it sees it. */
export class PeerDialog {
  readonly peer: ScriptedPeer;
  readonly callId: string;
  readonly local: string;
  remote: string;
  target: string;
  cseq: number;
  #lastInvite: { raw: string; branch: string; cseq: number } | null = null;
  readonly #switchAt: { readonly address: string; readonly port: number };

  constructor(
    peer: ScriptedPeer,
    switchAt: { readonly address: string; readonly port: number },
    identity: { callId: string; local: string; remote: string; target: string; cseq: number },
  ) {
    this.peer = peer;
    this.#switchAt = switchAt;
    this.callId = identity.callId;
    this.local = identity.local;
    this.remote = identity.remote;
    this.target = identity.target;
    this.cseq = identity.cseq;
  }

  /** The dialog that a request from the switch begins at this peer. */
  static ofRequest(peer: ScriptedPeer, request: Message, tag: string): PeerDialog {
    const target = /<([^>]+)>/.exec(request.header('Contact'))?.[1] ?? '';
    const [address, port] = target.replace(/^sip:([^@]*@)?/, '').split(/[:;]/);
    return new PeerDialog(
      peer,
      { address: address ?? '', port: Number(port) },
      {
        callId: request.header('Call-ID'),
        local: `${request.header('To')};tag=${tag}`,
        remote: request.header('From'),
        target,
        cseq: 100,
      },
    );
  }

  /** Sends a request; INVITE and UPDATE get a Contact. Returns its text, to be sent again. */
  send(method: string, extra: Extra = {}): string {
    this.cseq++;
    const branch = `z9hG4bK-peer-${++serial}`;
    const raw = this.#text(method, this.cseq, branch, extra);
    if (method === 'INVITE') this.#lastInvite = { raw, branch, cseq: this.cseq };
    this.peer.send(raw, this.#switchAt);
    return raw;
  }

  #text(method: string, cseq: number, branch: string, extra: Extra): string {
    const { peer } = this;
    const head = [
      `${method} ${this.target} SIP/2.0`,
      `Via: SIP/2.0/UDP ${peer.address}:${peer.port};branch=${branch}`,
      `From: ${this.local}`,
      `To: ${this.remote}`,
      `Call-ID: ${this.callId}`,
      `CSeq: ${cseq} ${method}`,
      `Contact: ${peer.contact}`,
      'User-Agent: peer-of-the-test/1.0',
      ...(extra.headers?.some(each => each.startsWith('Max-Forwards')) ? [] : ['Max-Forwards: 70']),
    ].join('\r\n');
    return `${head}\r\n${tail(extra)}`;
  }

  /** The dialog is established by this response. */
  learn(response: Message): void {
    this.remote = response.header('To');
    const contact = /<([^>]+)>/.exec(response.header('Contact'))?.[1];
    if (contact !== undefined) this.target = contact;
  }

  /** ACK of a 2xx to the latest INVITE. */
  ack(extra: Extra = {}): void {
    const cseq = this.#lastInvite?.cseq ?? this.cseq;
    this.peer.send(this.#text('ACK', cseq, `z9hG4bK-peer-${++serial}`, extra), this.#switchAt);
  }

  /** CANCEL of the latest INVITE. */
  cancel(extra: Extra = {}): void {
    const invite = this.#lastInvite!;
    const uri = invite.raw.slice(7, invite.raw.indexOf(' SIP/2.0'));
    const text = this.#text('CANCEL', invite.cseq, invite.branch, extra);
    const to = /\r\nTo: (.*)\r\n/.exec(invite.raw)?.[1] ?? this.remote;
    const plain = text.replace(/^CANCEL \S+/, `CANCEL ${uri}`).replace(/\r\nTo: .*\r\n/, `\r\nTo: ${to}\r\n`);
    this.peer.send(plain, this.#switchAt);
  }
}

/** A caller's dialog before its INVITE. */
export function newDialog(
  peer: ScriptedPeer,
  switchAt: { readonly address: string; readonly port: number },
  callee: string,
): PeerDialog {
  const id = ++serial;
  return new PeerDialog(peer, switchAt, {
    callId: `call-${id}-of-${peer.name}@${peer.address}`,
    local: `"The caller" <sip:12025550100@${peer.address}>;tag=from-${peer.name}-${id}`,
    remote: `<sip:${callee}@${switchAt.address}>`,
    target: `sip:${callee}@${switchAt.address}:${switchAt.port}`,
    cseq: 0,
  });
}

export function sdp(address: string, port: number, version = 1): string {
  return `v=0\r\no=- 1 ${version} IN IP4 ${address}\r\ns=-\r\nc=IN IP4 ${address}\r\nt=0 0\r\nm=audio ${port} RTP/AVP 8\r\n`;
}
