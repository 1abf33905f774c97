/**
 * All calls of one switch. Synchronous and deterministic: the same inputs yield the same outputs. Time comes with
 * the inputs; whoever drives the switch sends a `tick` at `nextDeadlineMs()`.
 */
import type { LedgerCharge } from '../cdr/open-call.ts';
import { type EndReason, endReasons } from '../cdr/record.ts';
import type { Snapshot } from '../config/snapshot.ts';
import { type Money, money } from '../rating/money.ts';
import { sourceText } from './addresses.ts';
import { admit } from './admission.ts';
import { authorise, type Rejection } from './authorise.ts';
import { Call } from './call.ts';
import type { CallSurroundings } from './call-facts.ts';
import type { CallFault } from './call-fault.ts';
import { closeCall, isRecorded, refusedCall } from './call-record.ts';
import { type Canary, placeCall } from './canary.ts';
import { type ComparedCall, ComparedCalls, type ComparedSoFar } from './compared-calls.ts';
import { DeadlinePatience } from './deadline-patience.ts';
import { Deadlines } from './deadlines.ts';
import { causeOf, type EndCause } from './end-cause.ts';
import { type SnapshotView, SwitchState } from './gateway-state.ts';
import { GatewayWatch } from './gateway-watch.ts';
import type { Circumstances } from './given-state.ts';
import type { CallInput, InviteInput, SnapshotInput, SwitchInput } from './inputs.ts';
import { LateLegs } from './late-legs.ts';
import type { SwitchOutput } from './outputs.ts';
import {
  type AccountSummary,
  accountSummaries,
  type CallRateSummary,
  type CallSummary,
  callRateSummary,
  callSummary,
  type GatewaySummary,
  gatewaySummaries,
  type QualitySummary,
  qualitySummaries,
} from './summaries.ts';
import { callerTalkLimitSeconds } from './talk-limit.ts';
import { type OldSnapshots, oldSnapshots, viewsInUse } from './views-in-use.ts';

export interface SwitchOptions {
  readonly snapshot: Snapshot;
  /** By name; an account that is missing has nothing. */
  readonly balances: ReadonlyMap<string, Money>;
  /** For a switch that begins in the middle of a day; nothing of all that when it is left out. */
  readonly given?: Circumstances;
}

export class Switch {
  readonly #state: SwitchState;
  readonly #watch: GatewayWatch;
  readonly #calls = new Map<string, Call>();
  readonly #deadlines = new Deadlines<Call>();
  readonly #patience = new DeadlinePatience();
  readonly #lateLegs = new LateLegs();
  readonly #surroundings: CallSurroundings<Call>;
  readonly #counters = {
    invites: 0,
    illegal: 0,
    rejected: 0,
    attempts: 0,
    answered: 0,
    lateAnswers: 0,
    unrecorded: 0,
    ignoredInputs: 0,
  };
  readonly #endedBy = Object.fromEntries(endReasons.map(reason => [reason, 0])) as Record<EndReason, number>;
  readonly #faults: CallFault[] = [];
  readonly #compared = new ComparedCalls();
  #outputs: SwitchOutput[] = [];
  #nowMs = Number.NEGATIVE_INFINITY;
  #sequence = 0;
  #draining = false;

  constructor(options: SwitchOptions) {
    this.#state = new SwitchState(options.snapshot, options.balances, options.given);
    this.#watch = new GatewayWatch(options.snapshot);
    this.#surroundings = {
      emit: output => {
        this.#outputs.push(output);
      },
      setDeadline: (call, deadlineMs) => this.#deadlines.set(call, deadlineMs),
      count: event => {
        this.#counters[event]++;
      },
      answered: (call, answeredAtMs) => {
        this.#counters.answered++;
        this.#compared.answered(call, answeredAtMs);
      },
      ended: (call, cause, ledger, lateLegs) => this.#forget(call, cause, ledger, lateLegs),
    };
  }

  /** The snapshot of new calls; while a candidate is tried, of those that do not go by it. */
  get snapshot(): Snapshot {
    return this.#state.view.snapshot;
  }

  /** What is tried on a share of the new calls; null when all go by the same snapshot. */
  get canary(): Canary | null {
    return this.#state.canary;
  }

  /** What new calls see of the switch; for reading. */
  get view(): SnapshotView {
    return this.#state.view;
  }

  /** No new calls are taken. */
  get draining(): boolean {
    return this.#draining;
  }

  /**
   * Takes one input and returns what must be done, in order. Whatever is due by the input's time happens first,
   * at the time it was due: a driver that is late changes nothing, except that gateways are asked (OPTIONS) only when
   * it comes. Inputs about calls or legs that are unknown or over are counted and otherwise ignored. A bug of ours that
   * shows in one call costs that call alone, see `takeFaults`; handle itself throws only on a bug outside all calls.
   */
  handle(input: SwitchInput): readonly SwitchOutput[] {
    const outputs: SwitchOutput[] = [];
    this.#outputs = outputs;
    const nowMs = Math.max(this.#nowMs, input.atMs);
    this.#nowMs = nowMs;
    this.#watch.use(this.#state, nowMs);
    this.#lateLegs.forgetExpired(nowMs);
    this.#fireDue(nowMs);
    this.#watch.quality.advance(nowMs);
    this.#take(input, nowMs);
    this.#fireDue(nowMs);
    for (const output of this.#watch.checks.takeOutputs()) outputs.push(output);
    this.#outputs = [];
    return outputs;
  }

  /** The earliest deadline of all calls and of the questions to gateways (ms since 1970 UTC), or null. */
  nextDeadlineMs(): number | null {
    const ofCallsMs = this.#deadlines.earliest()?.deadlineMs ?? null;
    const ofChecksMs = this.#watch.checks.nextDeadlineMs();
    if (ofCallsMs === null || ofChecksMs === null) return ofCallsMs ?? ofChecksMs;
    return Math.min(ofCallsMs, ofChecksMs);
  }

  /** The bugs that showed since the last asking, for the driver to shout about. */
  takeFaults(): readonly CallFault[] {
    return this.#faults.length === 0 ? [] : this.#faults.splice(0);
  }

  /** The calls since the last asking that a candidate can be compared by, in the order in which it showed. */
  takeCompared(so: ComparedSoFar): readonly ComparedCall[] {
    return this.#compared.take(so);
  }

  /** The calls in progress, oldest first. */
  calls(): readonly CallSummary[] {
    return [...this.#calls.values()].map(callSummary).filter(summary => summary !== null);
  }

  /** As of `nowMs` (ms since 1970 UTC), or of the last input when that is later. */
  gateways(nowMs: number = this.#nowMs): readonly GatewaySummary[] {
    return gatewaySummaries(this.#state, Math.max(nowMs, this.#nowMs));
  }

  oldSnapshots(): OldSnapshots {
    return oldSnapshots(this.#calls.values(), this.#state);
  }

  /** Of routing gateways and of the route prefixes that are asked for, as of `nowMs` like `gateways`. */
  quality(
    nowMs: number = this.#nowMs,
    wants: (gateway: string, prefix: string) => boolean = () => true,
  ): readonly QualitySummary[] {
    return qualitySummaries(this.#state, Math.max(nowMs, this.#nowMs), wants);
  }

  /** The accounts of the snapshot of new calls, as of `nowMs` like `gateways`. */
  accounts(nowMs: number = this.#nowMs): readonly AccountSummary[] {
    return accountSummaries(this.#state, Math.max(nowMs, this.#nowMs));
  }

  /** Of the whole switch, as of `nowMs` like `gateways`. */
  callRate(nowMs: number = this.#nowMs): CallRateSummary {
    return callRateSummary(this.#state.view, Math.max(nowMs, this.#nowMs));
  }

  /** Since the start, by stable name; `ended.<reason>` are calls by their end. */
  counters(): Readonly<Record<string, number>> {
    const { checks, quality } = this.#watch;
    const watch = { ...checks.counters(), ...quality.counters() };
    const counters: Record<string, number> = {
      ...this.#counters,
      ...watch,
      active: this.#calls.size,
      uncompared: this.#compared.dropped,
    };
    for (const reason of endReasons) counters[`ended.${reason}`] = this.#endedBy[reason];
    return counters;
  }

  #take(input: SwitchInput, nowMs: number): void {
    switch (input.type) {
      case 'invite':
        this.#invite(input, nowMs);
        break;
      case 'tick':
        break;
      case 'snapshot':
        this.#useSnapshot(input, nowMs);
        break;
      case 'payment':
        this.#book(input);
        break;
      case 'optionsResult':
        this.#watch.checks.result(input, nowMs);
        break;
      case 'drain':
        this.#draining = true;
        break;
      case 'shutdown':
        this.#draining = true;
        for (const call of [...this.#calls.values()]) {
          this.#contained(call, nowMs, () => call.release('Shutdown', nowMs));
        }
        break;
      case 'sipServerLost':
        this.#watch.checks.forgetRequests();
        for (const call of [...this.#calls.values()]) {
          this.#contained(call, nowMs, () => call.interrupt(nowMs));
        }
        break;
      default:
        this.#callInput(input, nowMs);
    }
  }

  #useSnapshot({ snapshot, sharePercent }: SnapshotInput, nowMs: number): void {
    const views = viewsInUse(this.#calls.values());
    if (sharePercent === undefined) this.#state.use(snapshot, views, nowMs);
    else this.#state.tryOut(snapshot, sharePercent, views, nowMs);
    this.#compared.begin(this.#state.canary);
    this.#watch.use(this.#state, nowMs);
  }

  #invite(invite: InviteInput, nowMs: number): void {
    if (this.#calls.has(invite.callId)) {
      this.#counters.ignoredInputs++;
      return;
    }
    this.#counters.invites++;
    const { view, comparison } = placeCall(this.#state.view, this.#state.canary, invite, nowMs);
    const authorisation = authorise(
      view.snapshot,
      invite,
      index => view.mappingGateways[index]!.carried,
      this.#draining,
      nowMs,
    );
    if (authorisation.kind === 'rejected') {
      this.#refuse(invite, view.snapshot, authorisation, nowMs);
      this.#compared.refused(comparison, authorisation.reason);
      return;
    }
    const { gateway, account, numbers, price } = authorisation;
    const call = new Call(
      ++this.#sequence,
      {
        callId: invite.callId,
        view,
        gateway,
        account,
        price,
        sourceAddress: sourceText(invite.source),
        caller: invite.caller,
        callee: numbers.access.callee,
        numbers,
        seed: invite.seed,
        sipCallId: invite.sipCallId,
        callerLimitSeconds: callerTalkLimitSeconds(
          view.snapshot.parameters,
          account,
          gateway,
          invite.timerCapable,
        ),
        startedAtMs: nowMs,
        comparison,
      },
      this.#surroundings,
    );
    this.#calls.set(invite.callId, call);
    this.#compared.began(call);
    this.#contained(call, nowMs, () => this.#admit(call, nowMs));
  }

  /** Turns an INVITE away that never becomes a call. */
  #refuse(invite: InviteInput, snapshot: Snapshot, rejection: Rejection, nowMs: number): void {
    const cause = causeOf(rejection.reason);
    const { replyUnauthorized, recordIllegalCalls } = snapshot.parameters;
    const isIllegal = cause.reason === 'IllegalCall';
    this.#counters.rejected++;
    this.#endedBy[cause.reason]++;
    if (isIllegal) this.#counters.illegal++;
    this.#outputs.push({
      type: 'reject',
      callId: invite.callId,
      status: cause.status,
      reason: cause.phrase,
      silent: isIllegal && !replyUnauthorized,
    });
    const call = refusedCall(snapshot, invite, rejection, nowMs);
    if ((isIllegal && !recordIllegalCalls) || !isRecorded(snapshot.parameters, call, cause)) {
      this.#counters.unrecorded++;
      return;
    }
    const end = { cause, endedAtMs: nowMs, postDialDelayMs: null, attempts: [] };
    this.#outputs.push({ type: 'writeCdr', ...closeCall(call, end) });
  }

  #callInput(input: CallInput, nowMs: number): void {
    const call = this.#calls.get(input.callId);
    if (call !== undefined) {
      this.#contained(call, nowMs, () => {
        call.handle(input, nowMs);
        this.#admit(call, nowMs);
      });
      return;
    }
    const { type, callId } = input;
    const isFinal = type === 'legAnswered' || type === 'legFailed';
    if (!isFinal || !this.#lateLegs.settle(callId, input.leg)) {
      this.#counters.ignoredInputs++;
    } else if (type === 'legAnswered') {
      this.#counters.lateAnswers++;
      this.#outputs.push({ type: 'releaseLeg', callId, leg: input.leg });
    }
  }

  #book({ account, amount }: LedgerCharge): void {
    const state = this.#state.account(account);
    state.balance = money(state.balance + amount);
  }

  #fireDue(nowMs: number): void {
    const { checks, quality } = this.#watch;
    for (;;) {
      const call = this.#deadlines.earliest();
      const callMs = call?.deadlineMs ?? Number.POSITIVE_INFINITY;
      const checkMs = checks.nextDeadlineMs() ?? Number.POSITIVE_INFINITY;
      if (Math.min(callMs, checkMs) > nowMs) return;
      if (call === null || checkMs <= callMs) {
        checks.fire(nowMs);
        continue;
      }
      const dueMs = call.deadlineMs;
      quality.advance(dueMs);
      this.#contained(call, dueMs, () => {
        this.#patience.serve(call, dueMs);
        call.fire(dueMs);
        this.#admit(call, dueMs);
      });
    }
  }

  /** Without this, a deadline that throws would throw again with every input, and no call would be served any more. */
  #contained(call: Call, nowMs: number, work: () => void): void {
    try {
      work();
    } catch (error) {
      const { callId } = call.facts;
      let ended = true;
      try {
        call.release('ForcedRelease', nowMs);
      } catch {
        ended = false;
        this.#calls.delete(callId);
        call.abandon();
      }
      this.#deadlines.remove(call);
      this.#faults.push({ callId, error, ended });
    }
  }

  /** Answers what a call asks for until it asks for nothing more. */
  #admit(call: Call, nowMs: number): void {
    for (let request = call.request; request !== null; request = call.request) {
      call.reply(admit(call.facts.view, request, nowMs), nowMs);
    }
  }

  #forget(call: Call, cause: EndCause, ledger: readonly LedgerCharge[], lateLegs: number[]): void {
    const { callId } = call.facts;
    this.#calls.delete(callId);
    for (const charge of ledger) this.#book(charge);
    this.#endedBy[cause.reason]++;
    if (call.attempts.length === 0) this.#counters.rejected++;
    this.#compared.ended(call, cause.reason);
    if (lateLegs.length > 0) this.#lateLegs.add(callId, lateLegs, this.#nowMs);
  }
}
