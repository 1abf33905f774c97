/** One call at a scripted gateway: it plays its part and finds fault with whatever RFC 3261 does not allow. */
import type { Timers } from '../../../src/live/clock.ts';
import type { BehaviourStep, CallBehaviour } from '../../../src/sim/scenario/behaviour.ts';
import { phraseOf } from '../../../src/sim/world/phrases.ts';
import { Dialog } from './dialog.ts';
import type { Endpoint, SocketAddress } from './endpoint.ts';
import { type Message, responseText, sessionDescription } from './message.ts';
import { Resending } from './resending.ts';
import type { Watcher } from './watcher.ts';

export interface LegOptions {
  readonly gateway: string;
  readonly endpoint: Endpoint;
  readonly timers: Timers;
  readonly clock: () => number;
  readonly watcher: Watcher;
}

type State = 'trying' | 'failed' | 'answered' | 'over';

export class GatewayLeg {
  readonly #options: LegOptions;
  readonly #invite: Message;
  readonly #from: SocketAddress;
  readonly #behaviour: CallBehaviour;
  readonly #toTag: string;
  readonly #cancels: (() => void)[] = [];
  #state: State = 'trying';
  #lastResponse = '';
  #finalAtMs = 0;
  #final: Resending | null = null;
  #acks = 0;
  #wasCancelled = false;
  #isDead = false;
  #isOrphan = false;
  #dialog: Dialog | null = null;
  #pending = 0;

  constructor(
    options: LegOptions,
    invite: Message,
    from: SocketAddress,
    behaviour: CallBehaviour,
    toTag: string,
  ) {
    this.#options = options;
    this.#invite = invite;
    this.#from = from;
    this.#behaviour = behaviour;
    this.#toTag = toTag;
    if (behaviour.reaction === 'script') this.#play(0);
  }

  /** Nothing more will come of it by itself, and it waits for nothing. */
  get isQuiet(): boolean {
    if (this.#isOrphan || this.#isDead || this.#behaviour.reaction !== 'script') return true;
    if (this.#state === 'over') return this.#dialog === null || this.#dialog.isQuiet;
    return this.#state === 'trying' && (this.#pending === 0 || this.#wasCancelled);
  }

  /** The switch was killed, and with it this dialog: nobody will ask for anything in it. */
  orphan(): void {
    this.#isOrphan = true;
    this.#stop();
  }

  receive(message: Message): void {
    // Whatever the dying sockets of a killed switch still say.
    if (this.#isOrphan) return;
    if (this.#isDead || this.#behaviour.reaction !== 'script') {
      const isWrong = message.method === 'CANCEL' && !this.#isDead;
      if (isWrong) this.#violate('cancelTooEarly', 'CANCEL before any response (RFC 3261 §9.1)');
      return;
    }
    if (message.status !== null) this.#dialog?.receiveResponse(message);
    else if (message.method === 'INVITE') this.#receiveInvite(message);
    else if (message.method === 'ACK') this.#receiveAck(message);
    else if (message.method === 'CANCEL') this.#receiveCancel(message);
    else if (message.method === 'BYE') this.#receiveBye(message);
    else if (this.#dialog?.isUp !== true) this.#refuse(message, 481, 'requestWithoutDialog');
    else this.#options.endpoint.send(responseText(message, 200, 'OK', this.#toTag), this.#from);
  }

  /** What is still missing when everything is over. */
  finish(): void {
    if (this.#isOrphan || this.#isDead) return;
    const isFinal = this.#state !== 'trying';
    if (isFinal && this.#acks === 0)
      this.#violate('ackMissing', `no ACK of ${this.#lastResponse.slice(8, 40)}`);
    if (this.#state === 'answered') this.#violate('legLeaked', 'answered, and never ended by BYE');
    if (this.#state === 'trying' && this.#lastResponse !== '' && !this.#wasCancelled) {
      this.#violate('legLeaked', 'neither answered nor failed, and never cancelled');
    }
  }

  #play(place: number): void {
    const step = this.#behaviour.steps[place];
    if (step === undefined) return;
    this.#later(step.afterMs, () => {
      if (this.#state !== 'trying') return;
      this.#take(step);
      this.#play(place + 1);
    });
  }

  #take(step: BehaviourStep): void {
    if (step.kind === 'answer') this.#answer();
    else if (step.kind === 'provisional') {
      const body = step.sdp ? sessionDescription(this.#options.endpoint.local.address) : '';
      this.#respond(step.status, phraseOf(step.status), [this.#contact()], body);
    } else {
      const lines = step.contact === null ? [] : [`Contact: <${step.contact}>`];
      if (step.retryAfterSeconds !== null) lines.push(`Retry-After: ${step.retryAfterSeconds}`);
      this.#fail(step.status, step.reason ?? phraseOf(step.status), lines);
    }
  }

  #answer(): void {
    const { behaviour, options } = { behaviour: this.#behaviour, options: this.#options };
    this.#state = 'answered';
    this.#finalAtMs = options.clock();
    const body = sessionDescription(options.endpoint.local.address);
    this.#final = new Resending(
      options.timers,
      () => this.#respond(200, 'OK', [this.#contact(), 'Allow: INVITE, ACK, CANCEL, BYE, UPDATE'], body),
      () => this.#violate('ackMissing', 'no ACK of the 200 in 32 s'),
    );
    this.#dialog = Dialog.ofCallee(options, this.#invite, this.#from, this.#toTag);
    const { hangUpAfterMs, diesAfterMs } = behaviour;
    if (hangUpAfterMs !== null) this.#later(hangUpAfterMs, () => this.#hangUp());
    if (diesAfterMs !== null) this.#later(diesAfterMs, () => this.#die());
  }

  #fail(status: number, phrase: string, lines: readonly string[]): void {
    this.#state = 'failed';
    this.#finalAtMs = this.#options.clock();
    this.#final = new Resending(
      this.#options.timers,
      () => this.#respond(status, phrase, lines, ''),
      () => this.#violate('ackMissing', `no ACK of the ${status} in 32 s`),
    );
  }

  #hangUp(): void {
    if (this.#state !== 'answered') return;
    this.#state = 'over';
    this.#dialog?.hangUp();
  }

  #die(): void {
    if (this.#state !== 'answered') return;
    this.#isDead = true;
    this.#stop();
  }

  #receiveInvite(message: Message): void {
    if (message.branch === this.#invite.branch && message.cseq === this.#invite.cseq) {
      if (this.#lastResponse === '') return;
      this.#violateInTime('inviteRepeated', 'INVITE once more after a response');
      this.#options.endpoint.send(this.#lastResponse, this.#from);
    } else if (message.toTag !== '') this.#refuse(message, 488, 'unexpectedReInvite');
    else this.#refuse(message, 482, 'secondInvite');
  }

  #receiveAck(ack: Message): void {
    if (this.#state === 'trying') {
      this.#violate('ackWithoutFinal', 'ACK before the final response');
      return;
    }
    const answered = this.#dialog !== null;
    const sameBranch = ack.branch === this.#invite.branch;
    if (sameBranch === answered) {
      this.#violate(
        'ackBranch',
        answered ? 'ACK of a 2xx in the branch of the INVITE' : 'ACK of a failure in a branch of its own',
      );
    }
    if (ack.cseq !== this.#invite.cseq) this.#violate('ackCseq', `ACK with CSeq ${ack.cseq}`);
    if (ack.toTag !== this.#toTag) this.#violate('ackTag', `ACK to the tag ${ack.toTag}`);
    if (this.#acks === 0 && (this.#final?.repeats ?? 0) > 0) {
      this.#violateInTime('ackLate', 'the final response had to be sent again before its ACK came');
    }
    this.#acks++;
    // Each transmission of the final response may be acknowledged, and no more than that (RFC 3261 §13.2.2.4, §17.1.1.3).
    if (this.#acks > 1 + (this.#final?.repeats ?? 0))
      this.#violate('twoAcks', 'a second ACK of one response');
    this.#final?.stop();
    if (this.#state === 'failed') this.#state = 'over';
  }

  #receiveCancel(cancel: Message): void {
    if (cancel.branch !== this.#invite.branch || cancel.cseq !== this.#invite.cseq) {
      this.#refuse(cancel, 481, 'cancelUnmatched');
      return;
    }
    if (this.#lastResponse === '')
      this.#violate('cancelTooEarly', 'CANCEL before any response (RFC 3261 §9.1)');
    if (this.#state !== 'trying') {
      // It may have left before our final response came; not in a world where that takes no time at all.
      const lateMs = this.#options.clock() - this.#finalAtMs;
      if (this.#acks > 0) this.#violate('cancelAfterFinal', `CANCEL ${lateMs} ms after the final response`);
    }
    const { onCancel } = this.#behaviour;
    if (onCancel === 'ignores') return;
    this.#options.endpoint.send(responseText(cancel, 200, 'OK', this.#toTag), this.#from);
    if (this.#state !== 'trying' || this.#wasCancelled) return;
    this.#wasCancelled = true;
    this.#stop();
    if (onCancel === 'answers') this.#answer();
    else this.#fail(487, phraseOf(487), []);
  }

  #receiveBye(bye: Message): void {
    const { endpoint } = this.#options;
    if (this.#dialog === null) {
      this.#refuse(bye, 481, 'byeWithoutDialog');
      return;
    }
    if (this.#acks === 0) this.#violate('byeBeforeAck', 'BYE before the ACK of the 200');
    if (!this.#dialog.takesBye(bye)) return;
    endpoint.send(responseText(bye, 200, 'OK', this.#toTag), this.#from);
    this.#state = 'over';
    this.#stop();
  }

  #refuse(request: Message, status: number, invariant: string): void {
    this.#violate(invariant, `${request.startLine} was not to be expected`);
    this.#options.endpoint.send(responseText(request, status, phraseOf(status), this.#toTag), this.#from);
  }

  #respond(status: number, phrase: string, lines: readonly string[], body: string): void {
    this.#lastResponse = responseText(this.#invite, status, phrase, this.#toTag, lines, body);
    this.#options.endpoint.send(this.#lastResponse, this.#from);
  }

  #contact(): string {
    const { address, port } = this.#options.endpoint.local;
    return `Contact: <sip:${this.#options.gateway}@${address}:${port}>`;
  }

  #later(afterMs: number, work: () => void): void {
    this.#pending++;
    this.#cancels.push(
      this.#options.timers.after(afterMs, () => {
        this.#pending--;
        work();
      }),
    );
  }

  #stop(): void {
    for (const cancel of this.#cancels) cancel();
    this.#cancels.length = 0;
    this.#pending = 0;
    this.#final?.stop();
  }

  #violateInTime(invariant: string, detail: string): void {
    const { watcher, gateway } = this.#options;
    watcher.violateInTime(invariant, `${gateway}: ${detail}`, this.#invite.callId);
  }

  #violate(invariant: string, detail: string): void {
    this.#options.watcher.violate(invariant, `${this.#options.gateway}: ${detail}`, this.#invite.callId);
  }
}
