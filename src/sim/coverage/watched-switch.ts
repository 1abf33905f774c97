/** A switch that is watched while it serves calls: it does what it would do, and what decided is noted. */

import type { CallFault } from '../../call/call-fault.ts';
import { unavailableUntil } from '../../call/hunting.ts';
import type { InviteInput, LegFailedInput, LegProvisionalInput, SwitchInput } from '../../call/inputs.ts';
import type { SwitchOutput } from '../../call/outputs.ts';
import type { Switch } from '../../call/switch.ts';
import { callerTalkLimitSeconds, talkLimitSeconds } from '../../call/talk-limit.ts';
import { callProceedingTimeoutReason } from '../../call/timers.ts';
import type { CallDetailRecord, CdrCharge } from '../../cdr/record.ts';
import type { Account, RoutingGateway } from '../../config/snapshot.ts';
import { chargeFor } from '../../rating/charge.ts';
import { parseRate } from '../../rating/decimal.ts';
import type { Rate } from '../../rating/rate-table.ts';
import { prepareAttempt } from '../../routing/prepare-attempt.ts';
import { routingPeriodAt } from '../../routing/timed-settings.ts';
import type { SimulatedCore } from '../world/play-options.ts';
import { type Arrival, type ArrivedCall, noteArrival } from './arrival.ts';
import type { Parts } from './parts.ts';

interface Leg {
  readonly gateway: RoutingGateway;
  rang: boolean;
  sdpSeen: boolean;
  unreachable: boolean;
}

interface WatchedCall extends Arrival {
  readonly legs: Leg[];
}

/** So many calls of one switch are looked at with every gateway that is left out, and then one of so many. */
const alwaysExplained = 2000;
const explainedOneIn = 16;
/** After a call that ended like none before it, so many are looked at again. */
const explainedAfterNews = 32;

export class WatchedSwitch implements SimulatedCore {
  readonly #parts: Parts;
  readonly #core: SimulatedCore;
  readonly #calls = new Map<string, WatchedCall>();
  readonly #outcomes = new Set<string>();
  #invites = 0;
  #explainUntil = alwaysExplained;

  constructor(parts: Parts, core: SimulatedCore) {
    this.#parts = parts;
    this.#core = core;
  }

  get view(): Switch['view'] {
    return this.#core.view;
  }

  get draining(): boolean {
    return this.#core.draining;
  }

  calls(): ReturnType<Switch['calls']> {
    return this.#core.calls();
  }

  nextDeadlineMs(): number | null {
    return this.#core.nextDeadlineMs();
  }

  takeFaults(): readonly CallFault[] {
    return this.#core.takeFaults();
  }

  handle(input: SwitchInput): readonly SwitchOutput[] {
    if (input.type !== 'invite') return this.#watched(input);
    // What is due happens first, as it does in the switch: the call then meets what it leaves.
    const dueMs = this.#core.nextDeadlineMs() ?? Number.POSITIVE_INFINITY;
    const due = dueMs <= input.atMs ? this.#watched({ type: 'tick', atMs: input.atMs }) : [];
    this.#arrives(input);
    const outputs = this.#watched(input);
    return due.length === 0 ? outputs : [...due, ...outputs];
  }

  #watched(input: SwitchInput): readonly SwitchOutput[] {
    if (input.type === 'legProvisional') this.#heard(input);
    else if (input.type === 'legFailed') this.#failed(input);
    const outputs = this.#core.handle(input);
    const over: string[] = [];
    for (const output of outputs) this.#note(output, input.atMs, over);
    for (const callId of over) this.#calls.delete(callId);
    return outputs;
  }

  #arrives(invite: InviteInput): void {
    // Calls of another configuration say nothing about this one.
    if (this.#core.view.snapshot !== this.#parts.snapshot || this.#calls.has(invite.callId)) return;
    const place = this.#invites++;
    const explain = place < this.#explainUntil || place % explainedOneIn === 0;
    const arrival = noteArrival(this.#parts, this.#core, invite, explain);
    if (arrival !== null) this.#calls.set(invite.callId, { ...arrival, legs: [] });
  }

  #heard({ callId, leg, status, hasSdp }: LegProvisionalInput): void {
    const heard = this.#calls.get(callId)?.legs[leg];
    if (heard === undefined) return;
    if (status === 180) heard.rang = true;
    if (hasSdp) heard.sdpSeen = true;
  }

  #failed({ callId, leg, status, origin, retryAfterSeconds, atMs }: LegFailedInput): void {
    const failed = this.#calls.get(callId)?.legs[leg];
    if (failed === undefined) return;
    failed.unreachable = origin === 'unreachable';
    const untilMs = origin === 'gateway' ? unavailableUntil(status, retryAfterSeconds, atMs) : null;
    if (untilMs !== null) this.#parts.failures.retryAfter();
  }

  #note(output: SwitchOutput, atMs: number, over: string[]): void {
    switch (output.type) {
      case 'dialLeg':
        this.#dialled(output.callId, output.gateway, atMs);
        break;
      case 'answer':
        this.#answered(output.callId, output.leg);
        break;
      case 'writeCdr':
        this.#recorded(output.cdr);
        over.push(output.cdr.callId);
        break;
      case 'reject':
      case 'forgetCall':
        over.push(output.callId);
        break;
      default:
    }
  }

  #dialled(callId: string, name: string, atMs: number): void {
    const call = this.#calls.get(callId);
    if (call?.call == null) return;
    const gateway = this.#parts.gatewayNamed.get(name)!;
    call.legs.push({ gateway, rang: false, sdpSeen: false, unreachable: false });
    this.#noteAttempt(call.call, gateway, atMs);
  }

  #noteAttempt(call: ArrivedCall, gateway: RoutingGateway, atMs: number): void {
    const { snapshot, participants, prefixes, numbers, calendars } = this.#parts;
    const period = routingPeriodAt(snapshot, gateway.index, atMs);
    participants.tried(gateway);
    calendars.gateway('routing', gateway, atMs);
    calendars.account(snapshot.accounts[gateway.clearingAccount]!, atMs);
    const matchedLength = call.matchedLengths.get(gateway.index);
    if (matchedLength !== undefined) {
      prefixes.tried(gateway.index, call.numbers.calleeToRoute.slice(0, matchedLength));
    }
    numbers.passed(gateway, period, call.ruled);
    const { steps } = prepareAttempt(snapshot, gateway, call.numbers, call.invite.seed, atMs, true);
    for (const step of steps) {
      if (step.stage === 'dialPlan') numbers.dialPlanStep(gateway, period, step);
    }
  }

  #answered(callId: string, leg: number): void {
    const call = this.#calls.get(callId);
    const answering = call?.legs[leg];
    if (call === undefined || answering === undefined) return;
    const { accounts } = this.#parts.snapshot;
    const { gateway } = answering;
    const parties = [accounts[call.gateway.account]!, accounts[gateway.clearingAccount]!];
    this.#parts.participants.answered(gateway, parties);
  }

  #recorded(cdr: CallDetailRecord): void {
    this.#noteOutcome(cdr);
    const call = this.#calls.get(cdr.callId);
    if (call === undefined) return;
    const { failures, limits, rates } = this.#parts;
    for (const [place, attempt] of cdr.attempts.entries()) {
      const leg = call.legs[place];
      if (leg === undefined) continue;
      failures.attempt(call.gateway, leg.gateway, attempt, leg, leg.unreachable);
      if (attempt.reason === callProceedingTimeoutReason) limits.patienceEnded(call.gateway);
    }
    if (cdr.customerCharge !== null) rates.charged(cdr.customerCharge, cdr.talkSeconds);
    if (cdr.vendorCharge !== null) rates.charged(cdr.vendorCharge, cdr.talkSeconds);
    if (cdr.endReason === 'MaxCallDuration') this.#durationReached(call);
    if (cdr.endReason === 'CreditExhausted') this.#creditUsedUp(call, cdr);
  }

  #noteOutcome({ mappingGateway, endReason, attempts }: CallDetailRecord): void {
    if (this.#invites < alwaysExplained) return;
    const tried = attempts.map(({ gateway, status }) => `${gateway} ${status}`);
    const outcome = `${mappingGateway} ${endReason} ${tried.join()}`;
    if (this.#outcomes.has(outcome)) return;
    this.#outcomes.add(outcome);
    this.#explainUntil = this.#invites + explainedAfterNews;
  }

  #durationReached({ gateway, call, legs }: WatchedCall): void {
    const answering = legs.at(-1)?.gateway;
    if (answering === undefined || call === null) return;
    const { snapshot, limits } = this.#parts;
    const { parameters, accounts } = snapshot;
    const customer = accounts[gateway.account]!;
    const vendor = accounts[answering.clearingAccount]!;
    const { timerCapable } = call.invite;
    const callerLimit = callerTalkLimitSeconds(parameters, customer, gateway, timerCapable);
    const seconds = talkLimitSeconds(callerLimit, answering, vendor);
    limits.durationReached(seconds, gateway, customer, answering, vendor);
  }

  #creditUsedUp({ gateway, legs }: WatchedCall, { customerCharge, vendorCharge }: CallDetailRecord): void {
    const { snapshot } = this.#parts;
    const answering = legs.at(-1)?.gateway;
    if (answering === undefined || this.#core.view.snapshot !== snapshot) return;
    this.#noteCredit(snapshot.accounts[gateway.account]!, customerCharge);
    if (!snapshot.parameters.verifyVendorCredit) return;
    this.#noteCredit(snapshot.accounts[answering.clearingAccount]!, vendorCharge);
  }

  /** The side whose money does not pay for another increment is the one that has used its credit up. */
  #noteCredit({ index, overdraftLimit }: Account, charge: CdrCharge | null): void {
    if (charge === null) return;
    const { limits, snapshot } = this.#parts;
    const rate: Rate = {
      ratePerUnit: BigInt(parseRate(charge.rate)!),
      unitSeconds: charge.unitSeconds,
      firstIncrementSeconds: charge.nextIncrementSeconds,
      nextIncrementSeconds: charge.nextIncrementSeconds,
      connectFee: 0n,
      freeSeconds: 0,
      stages: [],
    };
    const { amount } = chargeFor(rate, rate.nextIncrementSeconds, snapshot.parameters.feePrecision);
    if (this.#core.view.accounts[index]!.free(overdraftLimit) < amount) limits.creditUsedUp(index);
  }
}
