/** Whole calls through a back-to-back user agent over a network that loses, doubles, delays and reorders, in virtual time. */
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseCSeq, tagOf } from '../../src/edge/message/fields.ts';
import { H } from '../../src/edge/message/header-names.ts';
import { parseMessage, type SipMessage } from '../../src/edge/message/message.ts';
import {
  ALICE,
  BOB,
  clientInvite,
  clientRequest,
  clientResponse,
  type Frame,
  request,
  World,
} from './world.ts';

const test = suite('edge/lossy');

interface Plan {
  readonly lossPercent: number;
  readonly seed: number;
  readonly callee: 'answers' | 'refuses' | 'rings' | 'silent';
  readonly cancelAtMs: number;
  readonly whoHangsUp: 'caller' | 'callee' | 'client';
  readonly talkMs: number;
}

/** A small generator, so that a failing case repeats. */
function numbers(seed: number): () => number {
  let state = seed >>> 0 || 1;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

class Run {
  readonly world = new World();
  readonly client: number;
  readonly plan: Plan;
  readonly random: () => number;
  readonly queue: { at: number; act: () => void }[] = [];
  callerFinal = 0;
  callerAnswered = false;
  callerOver = false;
  #toTag = '';
  #transaction = '';
  #outgoing = '';
  #outgoingDialog = '';
  #incomingDialog = '';
  #answerFrame = '';
  #answerAcked = false;
  #byeAnswered = false;
  #calleeInvite: SipMessage | null = null;

  constructor(plan: Plan) {
    this.plan = plan;
    this.random = numbers(plan.seed);
    this.client = this.world.client();
  }

  at(delayMs: number, act: () => void): void {
    this.queue.push({ at: this.world.now + delayMs, act });
  }

  /** Carries a datagram, or not, or twice. */
  carry(act: () => void): void {
    const copies = this.random() * 100 < this.plan.lossPercent ? 0 : this.random() < 0.1 ? 2 : 1;
    for (let i = 0; i < copies; i++) this.at(1 + this.random() * 60, act);
  }

  /** Says something until `heard`, as a transaction of a peer's would. */
  repeat(text: () => string, from: typeof ALICE, heard: () => boolean, wait = 500): void {
    if (heard() || wait > 32_000) return;
    this.carry(() => this.world.receive(text(), from));
    this.at(wait, () => this.repeat(text, from, heard, wait * 2));
  }

  go(): void {
    const invite = request({ body: 'v=0\r\n' });
    let provisional = false;
    this.repeat(
      () => invite,
      ALICE,
      () => provisional || this.callerFinal > 0,
    );
    this.onCaller = message => {
      if (parseCSeq(message.first(H.cseq))?.method === 'INVITE') provisional = true;
    };
    if (this.plan.cancelAtMs > 0) {
      this.at(this.plan.cancelAtMs, () => {
        if (this.callerFinal > 0 || !provisional) return;
        this.repeat(
          () => request({ method: 'CANCEL' }),
          ALICE,
          () => this.callerFinal > 0,
        );
      });
    }
    for (let step = 0; step < 30_000 && (step < 20_000 || this.queue.length > 0); step++) this.step();
  }

  onCaller: (message: SipMessage) => void = () => undefined;

  step(): void {
    const { world } = this;
    const due = this.queue.filter(each => each.at <= world.now);
    for (const each of due) this.queue.splice(this.queue.indexOf(each), 1);
    for (const each of due) each.act();
    for (const frame of world.takeFrames()) this.atClient(frame);
    for (const { to, text } of world.takeSent()) {
      const message = parseMessage(text)!;
      this.carry(() => (to.address === ALICE.address ? this.atCaller(message) : this.atCallee(message)));
    }
    world.advance(10);
  }

  atCaller(message: SipMessage): void {
    if (message.isRequest) {
      this.callerOver = true;
      this.answer(message, 200, 'OK', ALICE);
      return;
    }
    this.onCaller(message);
    const method = parseCSeq(message.first(H.cseq))?.method;
    if (method === 'BYE') this.#byeAnswered = true;
    if (method !== 'INVITE' || message.status < 200) return;
    this.callerFinal = message.status;
    this.#toTag = tagOf(message.first(H.to));
    const answered = message.status < 300;
    const ack = request({ method: 'ACK', toTag: this.#toTag, branch: answered ? 'ack' : 'a1', contact: '' });
    this.carry(() => this.world.receive(ack));
    if (!answered || this.callerAnswered) return;
    this.callerAnswered = true;
    if (this.plan.whoHangsUp !== 'caller') return;
    this.at(this.plan.talkMs, () => {
      const bye = request({ method: 'BYE', toTag: this.#toTag, cseq: 2, branch: 'bye', contact: '' });
      this.repeat(
        () => bye,
        ALICE,
        () => this.#byeAnswered || this.callerOver,
      );
    });
  }

  answer(to: SipMessage, status: number, reason: string, from: typeof ALICE, rest = ''): void {
    const given = to.first(H.to);
    const tag = tagOf(given) === '' ? ';tag=bt' : '';
    const text = `SIP/2.0 ${status} ${reason}\r\nVia: ${to.first(H.via)}\r\nFrom: ${to.first(H.from)}\r\nTo: ${given}${tag}\r\nCall-ID: ${to.first(H.callId)}\r\nCSeq: ${to.first(H.cseq)}\r\n${rest}Content-Length: 0\r\n\r\n`;
    this.carry(() => this.world.receive(text, from));
  }

  atCallee(message: SipMessage): void {
    const { callee } = this.plan;
    if (callee === 'silent') return;
    if (!message.isRequest) return;
    if (message.method === 'ACK') this.#answerAcked = true;
    else if (message.method === 'INVITE') this.#calleeRings(message);
    else if (message.method === 'CANCEL') {
      this.answer(message, 200, 'OK', BOB);
      if (this.#calleeInvite !== null && !this.#answerAcked)
        this.answer(this.#calleeInvite, 487, 'Request Terminated', BOB);
    } else this.answer(message, 200, 'OK', BOB);
  }

  #calleeRings(invite: SipMessage): void {
    const first = this.#calleeInvite === null;
    this.#calleeInvite = invite;
    this.answer(invite, 180, 'Ringing', BOB, 'Contact: <sip:bob@10.0.0.9:5060>\r\n');
    if (!first || this.plan.callee === 'rings') return;
    const [status, reason] = this.plan.callee === 'answers' ? [200, 'OK'] : [486, 'Busy Here'];
    const again = (wait: number): void => {
      if (this.#answerAcked || wait > 16_000) return;
      this.answer(invite, status!, String(reason), BOB, 'Contact: <sip:bob@10.0.0.9:5060>\r\n');
      this.at(wait, () => again(Math.min(4000, wait * 2) + 1));
    };
    this.at(300, () => again(500));
  }

  /** A plain back-to-back user agent. */
  atClient(frame: Frame): void {
    const { message, meta } = frame;
    const { world, client } = this;
    if (meta[1] === 'response') this.#onReply(frame);
    if (message === null) return;
    if (meta[1] === 'response') {
      if (message.method === 'INVITE') {
        this.#outgoing = meta[10]!;
        this.#outgoingDialog = `${message.first(H.callId)};from-tag=${tagOf(message.first(H.from))}`;
      }
      return;
    }
    if (message.method === 'INVITE') {
      this.#transaction = meta[8]!;
      this.#incomingDialog = 'call-1;from-tag=at';
      world.frame(client, `sip||\r\n${clientInvite()}`);
    } else if (message.method === 'CANCEL') {
      world.frame(client, `sip|${this.#outgoing}|\r\nCANCEL sip:x SIP/2.0\r\nContent-Length: 0\r\n\r\n`);
    } else if (message.method === 'BYE') this.#clientHears(meta);
    else if (!message.isRequest) this.#clientHearsResponse(message);
  }

  /** The caller's CANCEL crossed the answer: the callee talks to nobody. */
  #onReply({ meta }: Frame): void {
    if (meta[2] !== this.#answerFrame || meta[3] === 'OK') return;
    this.world.frame(this.client, `sip||${this.#outgoingDialog}\r\n${clientRequest('BYE')}`);
  }

  #clientHears(meta: readonly string[]): void {
    if (meta[8] !== 'unsolicited')
      this.world.frame(this.client, `sip|${meta[8]}|\r\n${clientResponse(200, 'OK')}`);
    const other = meta[9] === this.#incomingDialog ? this.#outgoingDialog : this.#incomingDialog;
    this.world.frame(this.client, `sip||${other}\r\n${clientRequest('BYE')}`);
  }

  #clientHearsResponse(message: SipMessage): void {
    const { world, client, plan } = this;
    const { status } = message;
    if (parseCSeq(message.first(H.cseq))?.method !== 'INVITE') return;
    if (status >= 200) world.frame(client, `sip||${this.#outgoingDialog}\r\n${clientRequest('ACK')}`);
    const id = world.frame(client, `sip|${this.#transaction}|\r\n${clientResponse(status, 'Any')}`);
    if (status >= 200 && status < 300) this.#answerFrame = id;
    if (status !== 200) return;
    if (plan.whoHangsUp === 'caller') return;
    this.at(plan.talkMs, () => {
      for (const dialog of [this.#outgoingDialog, this.#incomingDialog]) {
        world.frame(client, `sip||${dialog}\r\n${clientRequest('BYE')}`);
      }
    });
  }
}

const plans: fc.Arbitrary<Plan> = fc.record({
  lossPercent: fc.constantFrom(0, 10, 30, 60),
  seed: fc.integer({ min: 1, max: 1_000_000 }),
  callee: fc.constantFrom('answers', 'answers', 'refuses', 'rings', 'silent'),
  cancelAtMs: fc.constantFrom(0, 0, 100, 310, 340, 400, 1500, 9000),
  whoHangsUp: fc.constantFrom('caller', 'callee', 'client'),
  talkMs: fc.constantFrom(0, 20, 600, 5000),
});

test('whatever the network does, every call ends and nothing of it is left', () => {
  fc.assert(
    fc.property(plans, plan => {
      const run = new Run(plan);
      run.go();
      const { world } = run;
      // What still rings has nobody to give it up: the caller of a call that is never answered waits for ever.
      const isRinging = plan.callee === 'rings' && run.callerFinal === 0;
      const isTalking = run.callerAnswered && plan.whoHangsUp === 'caller' && plan.lossPercent > 30;
      if (isRinging || isTalking) return;
      world.advance(80_000);
      world.advance(80_000);
      const left = ['dialogs', 'server_transactions', 'client_transactions'].map(name => world.count(name));
      assert.equal(left, [0, 0, 0], JSON.stringify({ plan, counters: world.core.counters() }));
      assert.is(world.count('timers'), 0);
      if (plan.lossPercent === 0) assert.ok(run.callerFinal >= 200, JSON.stringify(plan));
    }),
    { numRuns: 150 },
  );
});

test.run();
