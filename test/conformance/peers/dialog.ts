/** A confirmed dialog at a peer: sends its BYE and judges the other side's (RFC 3261 §12, §15). */
import type { Timers } from '../../../src/live/clock.ts';
import type { Endpoint, SocketAddress } from './endpoint.ts';
import { type Message, messageText, uriOf } from './message.ts';
import { Resending } from './resending.ts';
import type { Watcher } from './watcher.ts';

interface DialogOptions {
  readonly endpoint: Endpoint;
  readonly timers: Timers;
  readonly watcher: Watcher;
}

interface Ends {
  readonly callId: string;
  /** From and To as they stand in our own requests. */
  readonly local: string;
  readonly remote: string;
  readonly target: string;
  readonly route: readonly string[];
  readonly localTag: string;
  readonly remoteTag: string;
  readonly cseq: number;
}

export class Dialog {
  readonly #options: DialogOptions;
  readonly #ends: Ends;
  readonly #to: SocketAddress;
  #bye: Resending | null = null;
  #byeAnswered = false;
  #remoteByeCseq: number | null = null;

  private constructor(options: DialogOptions, ends: Ends, to: SocketAddress) {
    this.#options = options;
    this.#ends = ends;
    this.#to = to;
  }

  static ofCallee(options: DialogOptions, invite: Message, to: SocketAddress, toTag: string): Dialog {
    const ends: Ends = {
      callId: invite.callId,
      local: `${invite.header('To')};tag=${toTag}`,
      remote: invite.header('From'),
      target: uriOf(invite.header('Contact')),
      route: invite.all('Record-Route'),
      localTag: toTag,
      remoteTag: invite.fromTag,
      cseq: 1,
    };
    return new Dialog(options, ends, to);
  }

  static ofCaller(options: DialogOptions, answer: Message, to: SocketAddress): Dialog {
    const ends: Ends = {
      callId: answer.callId,
      local: answer.header('From'),
      remote: answer.header('To'),
      target: uriOf(answer.header('Contact')),
      route: answer.all('Record-Route').toReversed(),
      localTag: answer.fromTag,
      remoteTag: answer.toTag,
      cseq: answer.cseq + 1,
    };
    return new Dialog(options, ends, to);
  }

  get isUp(): boolean {
    return this.#bye === null && this.#remoteByeCseq === null;
  }

  get isQuiet(): boolean {
    return this.#bye === null || this.#bye.isOver;
  }

  stop(): void {
    this.#bye?.stop();
  }

  ack(cseq: number): void {
    this.#send('ACK', cseq, `ack${cseq}`);
  }

  hangUp(): void {
    if (!this.isUp) return;
    const send = (): void => this.#send('BYE', this.#ends.cseq, 'bye');
    this.#bye = new Resending(this.#options.timers, send, () => {
      this.#violate('byeUnanswered', 'no answer to BYE in 32 s');
    });
  }

  receiveResponse(response: Message): void {
    const isOfBye = response.method === 'BYE' && this.#bye !== null && response.cseq === this.#ends.cseq;
    if (!isOfBye) {
      this.#violate('strayResponse', `${response.startLine} to ${response.method} ${response.cseq}`);
      return;
    }
    if (response.status! < 200) return;
    this.#bye?.stop();
    if (this.#bye!.repeats > 0) this.#violateInTime('byeAnsweredLate', 'BYE had to be sent again');
    const isExpected = response.status === 200 || this.#remoteByeCseq !== null;
    if (!isExpected && !this.#byeAnswered)
      this.#violate('byeRefused', `BYE was answered ${response.startLine}`);
    this.#byeAnswered = true;
  }

  /** False, with a violation, when the BYE is not one of this dialog; a repeated one is taken again. */
  takesBye(bye: Message): boolean {
    const { localTag, remoteTag } = this.#ends;
    if (bye.toTag !== localTag || bye.fromTag !== remoteTag) {
      this.#violate('byeWithoutDialog', `BYE with the tags ${bye.fromTag} and ${bye.toTag}`);
      return false;
    }
    if (this.#remoteByeCseq !== null && this.#remoteByeCseq !== bye.cseq) {
      this.#violate('twoByes', 'a second BYE in a dialog that is over');
      return false;
    }
    if (this.#remoteByeCseq !== null) this.#violateInTime('byeRepeated', 'BYE once more after its answer');
    if (this.#byeAnswered) this.#violate('byeAfterBye', 'BYE after our own was answered');
    this.#remoteByeCseq = bye.cseq;
    return true;
  }

  #send(method: 'ACK' | 'BYE', cseq: number, branch: string): void {
    const { callId, local, remote, target, route, localTag } = this.#ends;
    const { address, port } = this.#options.endpoint.local;
    this.#options.endpoint.send(
      messageText(
        [
          `${method} ${target} SIP/2.0`,
          `Via: SIP/2.0/UDP ${address}:${port};branch=z9hG4bK${localTag}${branch}`,
          ...route.map(value => `Route: ${value}`),
          `From: ${local}`,
          `To: ${remote}`,
          `Call-ID: ${callId}`,
          `CSeq: ${cseq} ${method}`,
          'Max-Forwards: 70',
        ],
        '',
      ),
      this.#to,
    );
  }

  #violateInTime(invariant: string, detail: string): void {
    this.#options.watcher.violateInTime(invariant, detail, this.#ends.callId);
  }

  #violate(invariant: string, detail: string): void {
    this.#options.watcher.violate(invariant, detail, this.#ends.callId);
  }
}
