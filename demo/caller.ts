/** A customer's PBX that places one call after the other. */
import { type Message, mediaOffer, SipPeer, uriOf } from './sip-peer.ts';

const ownNumber = '33142685300';

export interface PlacedCall {
  /** The final status. */
  readonly status: number;
  /** The status line after the version. */
  readonly statusText: string;
  hangUp(): void;
  /** Resolves when the other side has hung up. */
  readonly hungUp: Promise<void>;
}

interface CallState {
  readonly callee: string;
  readonly finalResponse: (response: Message) => void;
  readonly hangUpHeard: () => void;
}

export class Caller {
  readonly #peer: SipPeer;
  readonly #switchPort: number;
  readonly #calls = new Map<string, CallState>();
  #placed = 0;

  private constructor(peer: SipPeer, switchPort: number) {
    this.#peer = peer;
    this.#switchPort = switchPort;
    peer.onMessage(message => this.#hear(message));
  }

  static async open(name: string, switchPort: number): Promise<Caller> {
    return new Caller(await SipPeer.open(name), switchPort);
  }

  get port(): number {
    return this.#peer.port;
  }

  close(): Promise<void> {
    return this.#peer.close();
  }

  /** Resolves with the final response; an answered call is up then. */
  async call(callee: string): Promise<PlacedCall> {
    this.#placed += 1;
    const callId = `${this.#peer.name}-${this.#placed}-${process.pid}`;
    let hangUpHeard = () => {};
    const hungUp = new Promise<void>(resolve => {
      hangUpHeard = resolve;
    });
    const response = await new Promise<Message>(finalResponse => {
      this.#calls.set(callId, { callee, finalResponse, hangUpHeard });
      this.#request('INVITE', callId, `sip:${callee}@127.0.0.1:${this.#switchPort}`, '', mediaOffer);
    });
    const status = response.status!;
    return {
      status,
      statusText: response.startLine.replace('SIP/2.0 ', ''),
      hungUp,
      hangUp: () => {
        const target = uriOf(response.header('contact'));
        this.#request('BYE', callId, target, tagOf(response.header('to')), '');
      },
    };
  }

  #hear(message: Message): void {
    const call = this.#calls.get(message.callId);
    if (call === undefined) return;
    if (message.status === null) {
      if (message.method !== 'BYE') return;
      this.#peer.respond(message, '200 OK', this.#peer.name);
      call.hangUpHeard();
      return;
    }
    if (message.status < 200 || message.method !== 'INVITE') return;
    const target =
      message.status < 300
        ? uriOf(message.header('contact'))
        : `sip:${call.callee}@127.0.0.1:${this.#switchPort}`;
    this.#request('ACK', message.callId, target, tagOf(message.header('to')), '', message.status < 300);
    call.finalResponse(message);
  }

  #request(method: string, callId: string, target: string, tag: string, body: string, separate = true): void {
    const { callee } = this.#calls.get(callId)!;
    // The ACK of a failure belongs to the transaction of the INVITE, the ACK of an answer does not.
    const branch = separate ? method : 'INVITE';
    this.#peer.send(
      [
        `${method} ${target} SIP/2.0`,
        `Via: SIP/2.0/UDP 127.0.0.1:${this.port};branch=z9hG4bK${callId}${branch}`,
        `From: <sip:${ownNumber}@127.0.0.1>;tag=${callId}`,
        `To: <sip:${callee}@127.0.0.1:${this.#switchPort}>${tag}`,
        `Call-ID: ${callId}`,
        `CSeq: ${method === 'BYE' ? 2 : 1} ${method}`,
        `Contact: <sip:${ownNumber}@127.0.0.1:${this.port}>`,
        'Max-Forwards: 70',
      ],
      body,
      this.#switchPort,
    );
  }
}

function tagOf(to: string): string {
  return /;tag=[^;]+/.exec(to)?.[0] ?? '';
}
