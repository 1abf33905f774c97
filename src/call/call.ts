/**
 * One call, from the moment it may begin to its record.
 *
 *   arriving ──reserved──▶ choosing ──reserved──▶ attempting ──legAnswered──▶ answered ──▶ ended
 *       │                   │ ▲  ▲                 │  │  ▲                     │  ▲          ▲
 *       │ refused           │ └──┘ refused         │  └──┘ provisional         └──┘ credit   │
 *       │                   │    (next candidate)  │ failed, timed out: choosing            │
 *       └───────────────────┴── none left, stop ───┴── cancel, release, shutdown ───────────┘
 *
 * arriving    asked for a line of the mapping gateway and the first credit hold
 * choosing    asked for a line of the next candidate and its vendor's credit
 * attempting  one leg is out; its stage (invite, trying, progress, progressSdp, ringing) has a deadline
 * answered    both sides talk; the deadline is the longest talk allowed or the end of the held money
 * ended       the record is written, everything reserved is given back
 *
 * Requests are answered before the next input, so inputs meet a call only while it is attempting or answered.
 */
import type { LedgerCharge, OpenCall } from '../cdr/open-call.ts';
import type { EndReason } from '../cdr/record.ts';
import { selectRoute } from '../routing/select-route.ts';
import { giveBack, type Lease, type ReserveReply, type ReserveRequest } from './admission.ts';
import type { Attempt } from './attempt.ts';
import { type CallFacts, type CallSurroundings, openCallOf, recordedOpenCall } from './call-facts.ts';
import { closeCall, isRecorded } from './call-record.ts';
import { type Answered, type Attempting, arriving, type Choosing, ended, type State } from './call-state.ts';
import type { Timed } from './deadlines.ts';
import { causeOf, causeOfRefusal, type EndCause } from './end-cause.ts';
import { type Choice, Hunt } from './hunt.ts';
import { type AttemptFailure, responseOf, unavailableUntil } from './hunting.ts';
import type { CallInput, LegFailedInput, LegProvisionalInput } from './inputs.ts';
import { routeRequestOf } from './route-request.ts';
import { answer, dialLeg, hangUp, reject, relayProvisional, releaseLeg } from './signals.ts';
import { beginTalk } from './talk.ts';
import {
  type AttemptStage,
  type CallTimer,
  callerCancelledReason,
  callProceedingTimeoutReason,
  isHeardByCaller,
  stageOf,
  stageTimeoutMs,
} from './timers.ts';

export class Call implements Timed {
  deadlineMs: number = Number.POSITIVE_INFINITY;
  heapIndex: number = -1;
  readonly sequence: number;
  readonly facts: CallFacts;
  /** What the call is waiting for; whoever admits takes it and answers with `reply`. */
  request: ReserveRequest | null;
  postDialDelayMs: number | null = null;
  readonly #around: CallSurroundings<Call>;
  readonly #hunt: Hunt;
  #state: State = arriving;
  #open: OpenCall;
  #lease: Lease | null = null;
  /** When the caller has waited too long for ringing or early media; Infinity once it came, or without a limit. */
  #proceedingEndMs: number;

  constructor(sequence: number, facts: CallFacts, around: CallSurroundings<Call>) {
    this.sequence = sequence;
    this.facts = facts;
    this.#around = around;
    this.#open = openCallOf(facts);
    this.#hunt = new Hunt(facts);
    this.#proceedingEndMs =
      facts.startedAtMs + (facts.gateway.callProceedingTimeoutMs ?? Number.POSITIVE_INFINITY);
    const { creditHoldStepSeconds } = facts.view.snapshot.parameters;
    this.request = {
      type: 'reserve',
      what: 'call',
      gateway: facts.gateway,
      rate: facts.price?.rate ?? null,
      seconds: Math.min(creditHoldStepSeconds, facts.callerLimitSeconds),
    };
  }

  get state(): State['in'] {
    return this.#state.in;
  }

  get attempts(): readonly Attempt[] {
    return this.#hunt.attempts;
  }

  get answeredAtMs(): number | null {
    return this.#open.answeredAtMs;
  }

  /** Names the timer behind `deadlineMs`; null when none runs. */
  get timer(): CallTimer | null {
    if (this.#state.in === 'attempting') {
      return this.deadlineMs === this.#proceedingEndMs ? 'callProceeding' : this.#state.attempt.stage;
    }
    if (this.#state.in !== 'answered' || this.heapIndex < 0) return null;
    return this.deadlineMs === this.#state.talk.endMs ? 'maxDuration' : 'credit';
  }

  /** The answer to `request`. */
  reply(reply: ReserveReply, nowMs: number): void {
    if (this.request === null) throw new Error(`call ${this.facts.callId} asked for nothing`);
    this.request = null;
    const state = this.#state;
    if (state.in === 'arriving') this.#whileArriving(reply, nowMs);
    else if (state.in === 'choosing') this.#whileChoosing(state, reply, nowMs);
    else if (state.in === 'answered') this.#whileTalking(state, reply, nowMs);
    else throw new Error(`call ${this.facts.callId} asked for something while ${state.in}`);
  }

  handle(input: CallInput, nowMs: number): void {
    const state = this.#state;
    if (input.type === 'forcedRelease') this.release('ForcedRelease', nowMs);
    else if (state.in === 'attempting') this.#whileAttempting(state, input, nowMs);
    else if (state.in === 'answered') this.#whileAnswered(state, input, nowMs);
    else throw new Error(`call ${this.facts.callId} got ${input.type} while ${state.in}`);
  }

  /** The deadline has come. `nowMs` is the deadline itself, however late the driver is. */
  fire(nowMs: number): void {
    const state = this.#state;
    if (state.in === 'attempting') this.#attemptTimedOut(state.attempt, nowMs);
    else if (state.in === 'answered') this.#talkDeadline(state, nowMs);
    else throw new Error(`call ${this.facts.callId} has a deadline while ${state.in}`);
  }

  /** The switch itself ends the call, whatever it is doing. */
  release(reason: 'ForcedRelease' | 'Shutdown', nowMs: number): void {
    if (this.#state.in === 'answered') {
      this.#switchHangsUp(reason, nowMs);
      return;
    }
    if (this.#state.in === 'attempting') this.#takeBack(this.#state.attempt, reason, nowMs);
    this.#rejectWith(causeOf(reason), nowMs);
  }

  /** A bug keeps the call from being ended in order: what it has reserved is given back, and nothing else happens. */
  abandon(): void {
    const { lease } = this.#hunt.attempts.at(-1) ?? { lease: null };
    for (const one of [this.#lease, lease]) if (one !== null && !one.isGivenBack) giveBack(one);
  }

  /** The SIP server is gone with both dialogs: there is nobody left to tell. */
  interrupt(nowMs: number): void {
    if (this.#state.in === 'attempting' && !this.#state.attempt.lease.isGivenBack) {
      this.#state.attempt.finish('released', 487, 'Interrupted', nowMs);
      giveBack(this.#state.attempt.lease);
    }
    this.#close(causeOf('Interrupted'), nowMs);
  }

  #whileArriving(reply: ReserveReply, nowMs: number): void {
    if (reply.type === 'refused') {
      this.#rejectWith(causeOfRefusal(reply.because), nowMs);
      return;
    }
    this.#lease = reply.lease;
    const { view } = this.facts;
    const decision = selectRoute(view.snapshot, view, routeRequestOf(this.facts, nowMs));
    if (decision.attempts.length === 0) {
      this.#rejectWith(causeOf(decision.someBusy ? 'AllGatewayBusy' : 'NoAvailableRouter'), nowMs);
      return;
    }
    this.#hunt.begin(decision);
    this.#chooseNext(nowMs);
  }

  #whileChoosing({ choice }: Choosing, reply: ReserveReply, nowMs: number): void {
    if (reply.type === 'refused') this.#chooseNext(nowMs);
    else this.#dial(choice, reply.lease!, nowMs);
  }

  #whileAttempting(state: Attempting, input: CallInput, nowMs: number): void {
    const { attempt } = state;
    if ('leg' in input && input.leg !== attempt.leg) {
      this.#otherLeg(input);
      return;
    }
    switch (input.type) {
      case 'legTrying':
        this.#heard(attempt, 'trying', false, nowMs);
        break;
      case 'legProvisional':
        this.#relay(attempt, input, nowMs);
        break;
      case 'legAnswered':
        this.#answer(state, nowMs);
        break;
      case 'legFailed':
        this.#attemptFailed(attempt, input, nowMs);
        break;
      case 'callerCancel':
        this.#cancelled(attempt, nowMs);
        break;
      case 'hangup':
        // A caller may give up an early dialog with BYE; a callee must not (RFC 3261 §15).
        if (input.by === 'caller') this.#cancelled(attempt, nowMs);
        break;
    }
  }

  #whileAnswered(state: Answered, input: CallInput, nowMs: number): void {
    if ('leg' in input) {
      if (input.leg !== state.attempt.leg) this.#otherLeg(input);
      return;
    }
    switch (input.type) {
      case 'callerCancel':
        this.#cancelledAtTheAnswer(nowMs);
        break;
      case 'hangup':
        this.#hungUpBy(input.by, nowMs);
        break;
    }
  }

  /** Leaves a request for the next gateway behind, or ends the call when none is left. */
  #chooseNext(nowMs: number): void {
    const choice = this.#hunt.next(nowMs);
    if (choice === null) {
      this.#rejectWith(this.#hunt.cause(), nowMs);
      return;
    }
    this.#state = { in: 'choosing', choice };
    this.request = choice.request;
  }

  #dial(choice: Choice, lease: Lease, nowMs: number): void {
    const attempt = this.#hunt.attempt(choice, lease, nowMs);
    if (attempt.leg === 0) this.#around.emit({ type: 'journal', call: this.#open });
    this.#state = { in: 'attempting', choice, attempt };
    this.#around.count('attempts');
    this.#around.emit(dialLeg(this.facts, attempt));
    this.#startStage(attempt, nowMs);
  }

  #relay(attempt: Attempt, input: LegProvisionalInput, nowMs: number): void {
    const { status, reason, hasSdp } = input;
    this.#heard(attempt, stageOf(status, hasSdp), hasSdp, nowMs);
    if (status <= 100) return;
    this.postDialDelayMs ??= nowMs - this.facts.startedAtMs;
    this.#around.emit(relayProvisional(this.facts, attempt, status, reason));
  }

  #heard(attempt: Attempt, stage: AttemptStage, hasSdp: boolean, nowMs: number): void {
    if (isHeardByCaller(stage)) this.#proceedingEndMs = Number.POSITIVE_INFINITY;
    if (attempt.heard(stage, hasSdp, nowMs)) this.#startStage(attempt, nowMs);
  }

  #startStage(attempt: Attempt, nowMs: number): void {
    const stageEndMs = nowMs + stageTimeoutMs(attempt.gateway.timeouts, attempt.stage);
    this.#around.setDeadline(this, Math.min(stageEndMs, this.#proceedingEndMs));
  }

  #attemptTimedOut(attempt: Attempt, nowMs: number): void {
    const { stage } = attempt;
    this.#releaseLeg(attempt);
    if (nowMs >= this.#proceedingEndMs) {
      attempt.finish('timeout', 408, callProceedingTimeoutReason, nowMs);
      giveBack(attempt.lease);
      this.#rejectWith(causeOf('GatewayTimeout'), nowMs);
      return;
    }
    this.#attemptOver(attempt, { kind: 'timeout', stage }, nowMs);
  }

  #attemptFailed(attempt: Attempt, input: LegFailedInput, nowMs: number): void {
    const { status, reason, origin, retryAfterSeconds } = input;
    if (origin === 'timeout') {
      this.#attemptOver(attempt, { kind: 'timeout', stage: attempt.stage }, nowMs);
    } else if (origin === 'unreachable') {
      this.#attemptOver(attempt, { kind: 'unreachable', reason }, nowMs);
    } else {
      const untilMs = unavailableUntil(status, retryAfterSeconds, nowMs);
      if (untilMs !== null) attempt.askedForRest(untilMs);
      const { replaceFailedReason } = this.facts.gateway;
      this.#attemptOver(attempt, responseOf(replaceFailedReason, status, reason), nowMs);
    }
  }

  /** An attempt is over without an answer: on to the next gateway, or the end of the hunt. */
  #attemptOver(attempt: Attempt, failure: AttemptFailure, nowMs: number): void {
    attempt.fail(failure, nowMs);
    giveBack(attempt.lease);
    if (this.#hunt.failed(attempt, failure)) this.#chooseNext(nowMs);
    else this.#rejectWith(this.#hunt.cause(), nowMs);
  }

  #cancelled(attempt: Attempt, nowMs: number): void {
    this.#takeBack(attempt, callerCancelledReason, nowMs);
    this.#rejectWith(causeOf('CallerCancel'), nowMs);
  }

  #takeBack(attempt: Attempt, reason: string, nowMs: number): void {
    // Only a bug can bring an attempt here that is over already: its leg has failed or was released.
    if (attempt.lease.isGivenBack) return;
    this.#releaseLeg(attempt);
    attempt.finish('released', 487, reason, nowMs);
    giveBack(attempt.lease);
  }

  #releaseLeg(attempt: Attempt): void {
    attempt.awaitsFinal = true;
    this.#around.emit(releaseLeg(this.facts, attempt.leg));
  }

  /** Something came from a leg that is not the current one. Only a late 2xx of a released leg matters, once. */
  #otherLeg(input: CallInput & { readonly leg: number }): void {
    if (input.type !== 'legAnswered' && input.type !== 'legFailed') return;
    const wasAwaited = this.#hunt.settleReleased(input.leg);
    if (!wasAwaited || input.type === 'legFailed') return;
    this.#around.count('lateAnswers');
    this.#around.emit(releaseLeg(this.facts, input.leg));
  }

  #answer(state: Attempting, nowMs: number): void {
    const { attempt, choice } = state;
    attempt.finish('answered', 200, 'OK', nowMs);
    this.#hunt.over();
    const { open, talk } = beginTalk(this.facts, this.#open, choice, this.#lease!, attempt, nowMs);
    this.#open = open;
    this.#state = { in: 'answered', attempt, talk };
    this.#around.answered(this, nowMs);
    this.#around.emit({ type: 'journal', call: open });
    this.#around.emit(answer(this.facts, attempt));
    this.#around.setDeadline(this, talk.deadlineMs());
  }

  #talkDeadline({ talk }: Answered, nowMs: number): void {
    if (nowMs >= talk.endMs) this.#switchHangsUp('MaxCallDuration', nowMs);
    else this.request = talk.moreCredit();
  }

  #whileTalking({ talk }: Answered, reply: ReserveReply, nowMs: number): void {
    const isOver = reply.type === 'refused' && nowMs >= talk.coveredUntilMs;
    if (isOver) this.#switchHangsUp('CreditExhausted', nowMs);
    else this.#around.setDeadline(this, talk.deadlineMs());
  }

  #hungUpBy(side: 'caller' | 'callee', nowMs: number): void {
    const reason = side === 'caller' ? 'CallerHangup' : 'CalleeHangup';
    this.#around.emit(hangUp(this.facts, side === 'caller' ? 'callee' : 'caller', reason));
    this.#close(causeOf(reason), nowMs);
  }

  /**
   * The CANCEL came while our 200 was held back, so the caller got 487 and owes nothing. The callee did answer, and
   * the vendor may ask for it.
   */
  #cancelledAtTheAnswer(nowMs: number): void {
    this.#around.emit(hangUp(this.facts, 'callee', 'CallerCancel'));
    this.#open = { ...this.#open, customerRate: null };
    this.#close(causeOf('CallerCancel'), nowMs);
  }

  #switchHangsUp(reason: EndReason, nowMs: number): void {
    this.#around.emit(hangUp(this.facts, 'caller', reason));
    this.#around.emit(hangUp(this.facts, 'callee', reason));
    this.#close(causeOf(reason), nowMs);
  }

  #rejectWith(cause: EndCause, nowMs: number): void {
    this.#around.emit(reject(this.facts, cause));
    this.#close(cause, nowMs);
  }

  /** Gives back what is still reserved and writes the record. */
  #close(cause: EndCause, nowMs: number): void {
    const state = this.#state;
    // After a bug, the call may be closed a second time; what it had is given back by then.
    if (state.in === 'answered' && !state.attempt.lease.isGivenBack) {
      state.attempt.callEnded(this.#open.answeredAtMs!, nowMs);
    }
    if (this.#lease !== null && !this.#lease.isGivenBack) giveBack(this.#lease);
    const ledger = this.#record(cause, nowMs);
    this.#state = ended;
    this.#around.setDeadline(this, Number.POSITIVE_INFINITY);
    this.#around.ended(this, cause, ledger, this.#hunt.releasedLegs());
  }

  #record(cause: EndCause, nowMs: number): readonly LedgerCharge[] {
    const { callId, view } = this.facts;
    const { attempts } = this.#hunt;
    if (!isRecorded(view.snapshot.parameters, this.#open, cause)) {
      this.#around.count('unrecorded');
      // A call without an attempt was never journaled.
      if (attempts.length > 0) this.#around.emit({ type: 'forgetCall', callId });
      return [];
    }
    const { cdr, ledger } = closeCall(recordedOpenCall(this.facts, this.#open, attempts), {
      cause,
      endedAtMs: nowMs,
      postDialDelayMs: this.postDialDelayMs,
      attempts: attempts.map(attempt => attempt.record()),
    });
    this.#around.emit({ type: 'writeCdr', cdr, ledger });
    return ledger;
  }
}
