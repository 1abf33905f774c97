/** A vendor's gateway that does as it is told. */
import { type Message, mediaOffer, SipPeer, uriOf } from './sip-peer.ts';

export type Behaviour =
  | { readonly does: 'answer' }
  /** The rest of the status line: `503 Service Unavailable`. */
  | { readonly does: 'refuse'; readonly status: string }
  | { readonly does: 'stay silent' };

const ringingMs = 150;
const answerMs = 400;

export class Vendor {
  behaviour: Behaviour = { does: 'answer' };
  readonly name: string;
  readonly #peer: SipPeer;
  /** The INVITE of each call it knows, by Call-ID, for hanging up and for absorbing retransmissions. */
  readonly #calls = new Map<string, { readonly invite: Message; readonly timers: NodeJS.Timeout[] }>();

  private constructor(peer: SipPeer) {
    this.name = peer.name;
    this.#peer = peer;
    peer.onMessage(message => this.#hear(message));
  }

  static async open(name: string): Promise<Vendor> {
    return new Vendor(await SipPeer.open(name));
  }

  get port(): number {
    return this.#peer.port;
  }

  /** Hangs up every call it has. */
  hangUp(): void {
    for (const [callId, { invite }] of this.#calls) {
      this.#peer.send(
        [
          `BYE ${uriOf(invite.header('contact'))} SIP/2.0`,
          `Via: SIP/2.0/UDP 127.0.0.1:${this.port};branch=z9hG4bK${this.name}bye${callId.slice(0, 8)}`,
          ...invite.headers('record-route').map(value => `Route: ${value}`),
          `From: ${invite.header('to')};tag=${this.name}`,
          `To: ${invite.header('from')}`,
          `Call-ID: ${callId}`,
          'CSeq: 1 BYE',
          'Max-Forwards: 70',
        ],
        '',
        invite.port,
      );
    }
    this.#calls.clear();
  }

  async close(): Promise<void> {
    for (const { timers } of this.#calls.values()) for (const timer of timers) clearTimeout(timer);
    await this.#peer.close();
  }

  #hear(message: Message): void {
    if (message.status !== null || this.behaviour.does === 'stay silent') return;
    if (message.method === 'INVITE') this.#invited(message);
    if (message.method === 'CANCEL') this.#cancelled(message);
    if (message.method === 'BYE') {
      this.#calls.delete(message.callId);
      this.#peer.respond(message, '200 OK', this.name);
    }
  }

  #invited(invite: Message): void {
    if (this.#calls.has(invite.callId)) return;
    if (this.behaviour.does === 'refuse') {
      this.#peer.respond(invite, this.behaviour.status, this.name);
      return;
    }
    const later = (delayMs: number, status: string, body: string) =>
      setTimeout(() => this.#peer.respond(invite, status, this.name, body), delayMs);
    const timers = [later(ringingMs, '180 Ringing', ''), later(answerMs, '200 OK', mediaOffer)];
    this.#peer.respond(invite, '100 Trying', this.name);
    this.#calls.set(invite.callId, { invite, timers });
  }

  #cancelled(cancel: Message): void {
    const call = this.#calls.get(cancel.callId);
    this.#peer.respond(cancel, '200 OK', this.name);
    if (call === undefined) return;
    for (const timer of call.timers) clearTimeout(timer);
    this.#calls.delete(cancel.callId);
    this.#peer.respond(call.invite, '487 Request Terminated', this.name);
  }
}
