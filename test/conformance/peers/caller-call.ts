/** One call of a scripted customer, judged as strictly as it is played. */
import type { Timers } from '../../../src/live/clock.ts';
import type { ScenarioCall } from '../../../src/sim/scenario/scenario.ts';
import { Dialog } from './dialog.ts';
import type { Endpoint, SocketAddress } from './endpoint.ts';
import {
  escapedUser,
  type Message,
  messageText,
  responseText,
  sessionDescription,
  uriOf,
} from './message.ts';
import { Resending } from './resending.ts';
import type { Watcher } from './watcher.ts';

export interface CallerOptions {
  readonly endpoint: Endpoint;
  readonly to: SocketAddress;
  readonly timers: Timers;
  readonly clock: () => number;
  readonly watcher: Watcher;
}

export interface PlacedCall {
  readonly call: ScenarioCall;
  readonly sipCallId: string;
  readonly caller: string;
  readonly callee: string | null;
}

export class CallerCall {
  readonly placed: PlacedCall;
  readonly startedAtMs: number;
  firstResponseAtMs: number | null = null;
  finalStatus: number | null = null;
  finalReason: string | null = null;
  answeredAtMs: number | null = null;
  endedAtMs: number | null = null;
  readonly #options: CallerOptions;
  readonly #invite: Resending;
  readonly #cancels: (() => void)[] = [];
  #cancel: Resending | null = null;
  #wantsCancel = false;
  #wasHeard = false;
  #final: Message | null = null;
  #dialog: Dialog | null = null;
  #reInviteAnswer: Resending | null = null;
  #isOrphan = false;

  constructor(options: CallerOptions, placed: PlacedCall) {
    this.#options = options;
    this.placed = placed;
    this.startedAtMs = options.clock();
    const text = this.#inviteText();
    const send = (): void => options.endpoint.send(text, options.to);
    this.#invite = new Resending(options.timers, send, () => this.#end(), Number.POSITIVE_INFINITY);
    const { cancelAfterMs } = placed.call;
    if (cancelAfterMs !== null) this.#later(cancelAfterMs, () => this.#giveUp());
  }

  get isOver(): boolean {
    return this.endedAtMs !== null;
  }

  get isQuiet(): boolean {
    return this.isOver && (this.#dialog?.isQuiet ?? true) && (this.#cancel?.isOver ?? true);
  }

  /** The switch was killed: the call is over for everybody, and its dialog with it. */
  orphan(): void {
    this.#isOrphan = true;
    if (!this.isOver) this.#end();
    this.#reInviteAnswer?.stop();
    this.#dialog?.stop();
  }

  /** What is still missing when everything is over. A caller who never got an answer misses nothing but that. */
  finish(): void {
    if (this.answeredAtMs !== null && !this.isOver) this.#violate('legLeaked', 'answered, and never hung up');
  }

  receive(message: Message, from: SocketAddress): void {
    // Whatever the dying sockets of a killed switch still say.
    if (this.#isOrphan) return;
    if (message.status === null) this.#receiveRequest(message, from);
    else if (message.method === 'INVITE') this.#receiveResponse(message);
    else if (message.method === 'CANCEL') {
      this.#cancel?.stop();
      if (this.#cancel !== null && this.#cancel.repeats > 0 && message.status === 200) {
        const { watcher } = this.#options;
        watcher.violateInTime('cancelAnsweredLate', 'CANCEL had to be sent again', this.placed.sipCallId);
      }
      if (this.#cancel === null) this.#violate('strayResponse', `${message.startLine} to no CANCEL`);
    } else if (this.#dialog !== null) this.#dialog.receiveResponse(message);
    else this.#violate('strayResponse', message.startLine);
  }

  #receiveResponse(response: Message): void {
    const status = response.status!;
    this.#wasHeard = true;
    if (status > 100 && response.toTag === '') this.#violate('noToTag', response.startLine);
    if (this.#final !== null) {
      this.#receiveAgain(response);
      return;
    }
    this.#invite.stop();
    if (status > 100) this.firstResponseAtMs ??= this.#options.clock();
    if (status >= 200) this.#receiveFinal(response);
    else if (this.#wantsCancel) this.#sendCancel();
  }

  #receiveAgain(response: Message): void {
    const same = response.status === this.#final?.status && response.toTag === this.#final.toTag;
    if (!same) {
      this.#violate('twoFinals', `${response.startLine} after ${this.#final?.startLine}`);
      return;
    }
    if (response.status! < 300) this.#dialog?.ack(1);
    else this.#ackFailure(response);
  }

  #receiveFinal(response: Message): void {
    const { clock, endpoint, timers, watcher, to } = this.#options;
    const status = response.status!;
    this.#final = response;
    this.finalStatus = status;
    this.finalReason = response.phrase;
    this.#cancelTimers();
    if (status >= 300) {
      this.#ackFailure(response);
      this.#end();
      return;
    }
    if (!response.body.startsWith('v=0')) this.#violate('answerWrong', 'a 200 without session description');
    if (uriOf(response.header('Contact')) === '') this.#violate('answerWrong', 'a 200 without Contact');
    this.answeredAtMs = clock();
    this.#dialog = Dialog.ofCaller({ endpoint, timers, watcher }, response, to);
    this.#dialog.ack(1);
    const { hangUpAfterMs } = this.placed.call;
    // A caller who has given up wants no answer any more (RFC 3261 §9.1).
    if (this.#wantsCancel) this.#hangUp();
    else if (hangUpAfterMs !== null) this.#later(hangUpAfterMs, () => this.#hangUp());
  }

  #receiveRequest(request: Message, from: SocketAddress): void {
    const { endpoint, timers } = this.#options;
    const ok = (lines: readonly string[], body: string): string =>
      responseText(request, 200, 'OK', '', lines, body);
    if (request.method === 'ACK') {
      this.#reInviteAnswer?.stop();
    } else if (this.#dialog === null || request.toTag === '') {
      this.#violate('requestWithoutDialog', request.startLine);
      endpoint.send(responseText(request, 481, 'Call/Transaction Does Not Exist', 'none'), from);
    } else if (request.method === 'BYE') {
      if (!this.#dialog.takesBye(request)) return;
      endpoint.send(ok([], ''), from);
      this.#reInviteAnswer?.stop();
      this.#end();
    } else if (request.method === 'INVITE' && this.placed.call.timerCapable) {
      // The SIP server refreshes the session that it was asked to refresh (RFC 4028 §7.4).
      const { address, port } = endpoint.local;
      const lines = [
        `Contact: <sip:caller@${address}:${port}>`,
        `Session-Expires: ${request.header('Session-Expires')}`,
        'Require: timer',
      ];
      const answer = ok(lines, sessionDescription(address));
      this.#reInviteAnswer?.stop();
      this.#reInviteAnswer = new Resending(
        timers,
        () => endpoint.send(answer, from),
        () => this.#violate('ackMissing', 'no ACK of the refreshed session'),
      );
    } else this.#violate('unexpectedRequest', request.startLine);
  }

  #giveUp(): void {
    if (this.#final !== null || this.isOver) return;
    this.#wantsCancel = true;
    if (this.#wasHeard) this.#sendCancel();
  }

  #sendCancel(): void {
    if (this.#cancel !== null) return;
    const text = messageText(this.#lines('CANCEL', 'invite', 1), '');
    this.#cancel = new Resending(
      this.#options.timers,
      () => this.#options.endpoint.send(text, this.#options.to),
      // Who is not answered at all is not told so here either; otherwise the missing final response is the fault.
      () => this.#end(),
    );
  }

  #hangUp(): void {
    if (this.isOver) return;
    this.#dialog?.hangUp();
    this.#end();
  }

  #end(): void {
    this.endedAtMs ??= this.#options.clock();
    this.#cancelTimers();
    this.#invite.stop();
    this.#cancel?.stop();
  }

  #cancelTimers(): void {
    for (const cancel of this.#cancels) cancel();
    this.#cancels.length = 0;
  }

  #later(afterMs: number, work: () => void): void {
    this.#cancels.push(this.#options.timers.after(afterMs, work));
  }

  #ackFailure(response: Message): void {
    const lines = this.#lines('ACK', 'invite', 1).map(line =>
      line.startsWith('To: ') ? `To: ${response.header('To')}` : line,
    );
    this.#options.endpoint.send(messageText(lines, ''), this.#options.to);
  }

  #inviteText(): string {
    const { call } = this.placed;
    const { address, port } = this.#options.endpoint.local;
    const lines = [...this.#lines('INVITE', 'invite', 1), `Contact: <sip:caller@${address}:${port}>`];
    if (call.forwarding !== null) lines.push(`Diversion: <sip:${escapedUser(call.forwarding)}@${address}>`);
    if (call.timerCapable) lines.push('Supported: timer', 'Session-Expires: 1800;refresher=uas');
    return messageText(lines, sessionDescription(address));
  }

  #lines(method: string, branch: string, cseq: number): readonly string[] {
    const { sipCallId, caller, callee } = this.placed;
    const { endpoint, to } = this.#options;
    const { address, port } = endpoint.local;
    // Without a digit it is a name, and no number.
    const target = `sip:${callee === null ? 'nobody' : escapedUser(callee)}@${to.address}:${to.port}`;
    const user = caller === '' ? '' : `${escapedUser(caller)}@`;
    return [
      `${method} ${target} SIP/2.0`,
      `Via: SIP/2.0/UDP ${address}:${port};branch=z9hG4bK${sipCallId}${branch}`,
      `From: <sip:${user}${address}>;tag=${sipCallId}`,
      `To: <${target}>`,
      `Call-ID: ${sipCallId}`,
      `CSeq: ${cseq} ${method}`,
      'Max-Forwards: 70',
    ];
  }

  #violate(invariant: string, detail: string): void {
    this.#options.watcher.violate(invariant, `caller: ${detail}`, this.placed.sipCallId);
  }
}
