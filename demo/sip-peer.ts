/**
 * Just enough SIP over a UDP socket to play a vendor's gateway or a customer's PBX on the loopback interface, where
 * nothing is lost: no timers, no retransmissions of its own.
 */
import { createSocket, type Socket } from 'node:dgram';

const address = '127.0.0.1';

export interface Message {
  readonly startLine: string;
  /** Status of a response, null for a request. */
  readonly status: number | null;
  /** Method of the request, or of the request that is answered. */
  readonly method: string;
  readonly callId: string;
  readonly port: number;
  /** All values of a header, in order. */
  headers(name: string): readonly string[];
  /** The first value, or the empty string. */
  header(name: string): string;
}

export const mediaOffer = [
  'v=0',
  `o=demo 1 1 IN IP4 ${address}`,
  's=-',
  `c=IN IP4 ${address}`,
  't=0 0',
  'm=audio 40000 RTP/AVP 0',
  '',
].join('\r\n');

export class SipPeer {
  readonly name: string;
  readonly #socket: Socket;
  #listener: (message: Message) => void = () => {};

  private constructor(name: string, socket: Socket) {
    this.name = name;
    this.#socket = socket;
    socket.on('message', (bytes, from) => {
      const message = parse(bytes.toString('utf8'), from.port);
      if (message !== null) this.#listener(message);
    });
    socket.on('error', () => {});
  }

  static async open(name: string): Promise<SipPeer> {
    const socket = createSocket('udp4');
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.bind(0, address, resolve);
    });
    return new SipPeer(name, socket);
  }

  get port(): number {
    return this.#socket.address().port;
  }

  onMessage(listener: (message: Message) => void): void {
    this.#listener = listener;
  }

  send(lines: readonly string[], body: string, port: number): void {
    const type = body === '' ? [] : ['Content-Type: application/sdp'];
    const head = [...lines, ...type, `Content-Length: ${Buffer.byteLength(body)}`, '', ''].join('\r\n');
    this.#socket.send(head + body, port, address);
  }

  /** Answers a request the way RFC 3261 section 8.2.6 asks for. */
  respond(request: Message, status: string, toTag: string, body = ''): void {
    const to = request.header('to');
    const lines = [
      `SIP/2.0 ${status}`,
      ...request.headers('via').map(value => `Via: ${value}`),
      ...request.headers('record-route').map(value => `Record-Route: ${value}`),
      `From: ${request.header('from')}`,
      `To: ${to.includes(';tag=') ? to : `${to};tag=${toTag}`}`,
      `Call-ID: ${request.callId}`,
      `CSeq: ${request.header('cseq')}`,
      `Contact: <sip:${this.name}@${address}:${this.port}>`,
    ];
    this.send(lines, body, request.port);
  }

  close(): Promise<void> {
    return new Promise(resolve => {
      this.#socket.close(resolve);
    });
  }
}

/** The URI between angle brackets, or the whole value. */
export function uriOf(value: string): string {
  return /<([^>]+)>/.exec(value)?.[1] ?? value;
}

function parse(text: string, port: number): Message | null {
  const [startLine, ...lines] = text.split('\r\n\r\n')[0]!.split('\r\n');
  if (startLine === undefined || startLine.trim() === '') return null;
  const fields = lines.map(line => {
    const colon = line.indexOf(':');
    return { name: line.slice(0, colon).trim().toLowerCase(), value: line.slice(colon + 1).trim() };
  });
  const headers = (name: string) => fields.filter(field => field.name === name).map(({ value }) => value);
  const header = (name: string) => headers(name)[0] ?? '';
  const status = /^SIP\/2\.0 (\d{3})/.exec(startLine)?.[1];
  return {
    startLine,
    status: status === undefined ? null : Number(status),
    method: header('cseq').split(' ')[1] ?? '',
    callId: header('call-id'),
    port,
    headers,
    header,
  };
}
