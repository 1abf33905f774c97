/** Peers whose every datagram the test sends itself, as often as it likes. */
import type { Datagrams } from './datagrams.ts';
import { type Endpoint, hostPort } from './ports.ts';

const sdp =
  'v=0\r\no=caller 1 1 IN IP4 127.0.8.21\r\ns=-\r\nc=IN IP4 127.0.8.21\r\nt=0 0\r\nm=audio 40000 RTP/AVP 0\r\n';

export class RawCaller {
  readonly callId: string;
  readonly #socket: Datagrams;
  readonly #switch: Endpoint;
  readonly #callee: string;

  constructor(socket: Datagrams, remote: Endpoint, callId: string, callee = '442079460000') {
    this.#socket = socket;
    this.#switch = remote;
    this.callId = callId;
    this.#callee = callee;
  }

  invite(): string {
    return this.#request('INVITE', `sip:${this.#callee}@${hostPort(this.#switch)}`, 1, '', sdp);
  }

  /** An ACK or BYE in the dialog that this 200 made. */
  inDialog(method: 'ACK' | 'BYE', answer: string): string {
    const target = /^Contact:.*<([^>]+)>/im.exec(answer)![1]!;
    const toTag = /^To:.*(;tag=[^;\r]+)/im.exec(answer)![1]!;
    return this.#request(method, target, method === 'ACK' ? 1 : 2, toTag, '');
  }

  async send(message: string): Promise<void> {
    await this.#socket.send(message, this.#switch);
  }

  #request(method: string, target: string, sequence: number, toTag: string, body: string): string {
    const local = hostPort(this.#socket.local);
    return [
      `${method} ${target} SIP/2.0`,
      `Via: SIP/2.0/UDP ${local};branch=z9hG4bK${this.callId}${method}`,
      `From: <sip:33142685300@${local}>;tag=raw`,
      `To: <sip:${this.#callee}@${hostPort(this.#switch)}>${toTag}`,
      `Call-ID: ${this.callId}`,
      `CSeq: ${sequence} ${method}`,
      `Contact: <sip:33142685300@${local}>`,
      'Max-Forwards: 70',
      ...(body === '' ? [] : ['Content-Type: application/sdp']),
      `Content-Length: ${body.length}`,
      '',
      body,
    ].join('\r\n');
  }
}

/** A vendor's 200 to this request; with SDP when it is an INVITE. */
export function okTo(request: string, local: Endpoint): string {
  const lines = request.split('\r\n\r\n')[0]!.split('\r\n');
  const isInvite = request.startsWith('INVITE ');
  const kept = lines.filter(line => /^(Via|From|Call-ID|CSeq|Record-Route):/i.test(line));
  const to = lines.find(line => /^To:/i.test(line))!;
  const body = isInvite ? sdp : '';
  return [
    'SIP/2.0 200 OK',
    ...kept,
    to.includes(';tag=') ? to : `${to};tag=raw`,
    `Contact: <sip:raw@${hostPort(local)}>`,
    ...(isInvite ? ['Content-Type: application/sdp'] : []),
    `Content-Length: ${body.length}`,
    '',
    body,
  ].join('\r\n');
}
