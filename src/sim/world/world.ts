/**
 * A world around the very switch that runs live: a clock that jumps from one event to the next, callers, gateways, a
 * store, and a referee that watches what the switch asks of them. It plays one scenario, once.
 */
import { nothingIsSo } from '../../call/given-state.ts';
import type { CallInput, SwitchInput } from '../../call/inputs.ts';
import { closeInterrupted } from '../../call/interrupted.ts';
import type { SendOptionsOutput, SwitchOutput } from '../../call/outputs.ts';
import { Switch } from '../../call/switch.ts';
import type { Snapshot } from '../../config/snapshot.ts';
import type { Played, PlayedCall } from '../scenario/played.ts';
import type { Scenario, ScenarioEvent } from '../scenario/scenario.ts';
import { ActiveCall, type Leg } from './active-call.ts';
import { Books } from './books.ts';
import { Callers } from './callers.ts';
import { callSeed, numberInBurst } from './chance.ts';
import { changedSnapshot } from './changed-snapshot.ts';
import { checkNothingLeft, checkQuiet } from './end-check.ts';
import { Gateways } from './gateways.ts';
import { Heartbeat } from './heartbeat.ts';
import { Limits } from './limits.ts';
import { giveUp, patienceMs } from './patience.ts';
import { Performer } from './performer.ts';
import type { PlayOptions, SimulatedCore } from './play-options.ts';
import { playedOf } from './played-result.ts';
import { Referee } from './referee.ts';
import { Sharing } from './sharing.ts';
import type { OptionsAnswer, Surroundings } from './surroundings.ts';
import { type Burst, Timeline, type WorldEvent } from './timeline.ts';
import { TimerRemarks } from './timer-remarks.ts';
import { Trace } from './trace.ts';
import { Violations } from './violations.ts';

/** Our SIP server waits so long for the answer to an OPTIONS (timer F of RFC 3261). */
const optionsLifeMs = 32_000;
/** Without time passing the switch is woken so often; more is a deadline that it never lets go of. */
const mostTicksAtOnce = 100_000;
/** What more calls would take of the memory is no test of a switch any more. */
const mostCallsAtOnce = 100_000;

export class World implements Surroundings {
  nowMs: number;
  steadyMs: number;
  /** How far the clock of the switch was put ahead of the steady one. */
  #aheadMs = 0;
  readonly trace: Trace | null;
  readonly #scenario: Scenario;
  readonly #options: PlayOptions;
  readonly #seed: number;
  readonly #events: Timeline;
  readonly #violations: Violations;
  readonly #referee: Referee;
  readonly #callers: Callers;
  readonly #gateways: Gateways;
  readonly #books: Books;
  readonly #performer: Performer;
  readonly #remarks: TimerRemarks | null;
  #heartbeat: Heartbeat;
  #core: SimulatedCore;
  readonly #firstSnapshot: Snapshot;
  #snapshot: Snapshot;
  /** Counts the starts of the switch and of its SIP server. */
  #process = 0;
  readonly #played: PlayedCall[][];
  readonly #sharing = new Sharing();
  #ticksAtOnce = 0;
  #isBroken = false;
  #isCrowded = false;

  constructor(snapshot: Snapshot, scenario: Scenario, options: PlayOptions) {
    const tell = (): number => this.nowMs;
    this.nowMs = scenario.startMs;
    this.steadyMs = scenario.startMs;
    this.#scenario = scenario;
    this.#options = options;
    this.#seed = options.seed ?? scenario.seed;
    this.#firstSnapshot = snapshot;
    this.#snapshot = snapshot;
    this.trace = Trace.of(options.trace, tell);
    this.#remarks = this.trace === null ? null : new TimerRemarks(this.trace);
    this.#violations = new Violations(tell);
    this.#referee = new Referee(this.#violations);
    this.#callers = new Callers(this);
    this.#gateways = new Gateways(this, scenario.gateways, scenario.otherGateways);
    this.#books = new Books(snapshot, scenario.given.balances, this.#violations);
    this.#heartbeat = new Heartbeat(scenario.startMs);
    this.#events = new Timeline(scenario, options.reloads ?? []);
    this.#played = scenario.calls.map(() => []);
    this.#performer = new Performer(
      {
        violations: this.#violations,
        referee: this.#referee,
        callers: this.#callers,
        gateways: this.#gateways,
        books: this.#books,
        hasBegun: callId => this.#events.hasBegun(callId),
        askGateway: output => this.#askGateway(output),
        onEnd: call => this.#keep(call),
      },
      new Limits(snapshot, scenario.given, this.#violations),
    );
    this.#core = this.#newCore({ snapshot, balances: scenario.given.balances, given: scenario.given });
  }

  play(): Played {
    // As in the live switch, the first questions to gateways have their times from the start on.
    this.#handle({ type: 'tick', atMs: this.nowMs });
    const patience = patienceMs(this.#snapshot);
    while (this.#goesOn() && this.#step(this.#events.lastPlannedMs + patience));
    this.#endWhatIsLeft();
    const endedAtMs = this.nowMs;
    this.#tellTheRest();
    if (!this.#isBroken && !this.#isCrowded) {
      checkQuiet(this.#core.view, this.#performer.limits, this.#books, this.#violations);
      checkNothingLeft(this.#core, [this.#snapshot, this.#performer.candidate], this.#violations);
    }
    return playedOf({
      scenario: this.#scenario,
      seed: this.#seed,
      calls: this.#played,
      accounts: this.#snapshot.accounts,
      books: this.#books,
      limits: this.#performer.limits,
      peakCalls: this.#performer.peakCalls,
      endedAtMs,
      mostCallsAtOnce: this.#isCrowded ? mostCallsAtOnce : null,
      violations: this.#violations.found,
      trace: this.trace?.events ?? null,
    });
  }

  schedule(who: ActiveCall | Leg, atMs: number): void {
    who.dueMs = atMs;
    if (atMs !== Number.POSITIVE_INFINITY) this.#events.await(atMs, who);
  }

  give(input: CallInput): void {
    const leg = 'leg' in input ? this.#performer.calls.get(input.callId)?.legs[input.leg] : undefined;
    if (leg !== undefined && input.type === 'legFailed') this.#performer.giveBack(leg);
    this.#handle(input);
    if (leg !== undefined && input.type === 'legAnswered' && !this.#isBroken) this.#referee.answered(leg);
  }

  #newCore(options: ConstructorParameters<typeof Switch>[0]): SimulatedCore {
    return this.#options.newCore?.(options) ?? new Switch(options);
  }

  #goesOn(): boolean {
    return !this.#isBroken && !this.#isCrowded && (this.#events.toCome > 0 || this.#performer.calls.size > 0);
  }

  /** Lets the next thing happen, in the switch before the world; false when nothing does before `untilMs`. */
  #step(untilMs: number): boolean {
    const eventMs = this.#events.nextMs;
    const deadlineMs = this.#core.nextDeadlineMs() ?? Number.POSITIVE_INFINITY;
    const nextMs = Math.min(eventMs, deadlineMs - this.#aheadMs);
    if (nextMs > untilMs || nextMs === Number.POSITIVE_INFINITY) return false;
    if (deadlineMs - this.#aheadMs <= eventMs) return this.#tick(deadlineMs);
    this.#moveTo(eventMs);
    this.#ticksAtOnce = 0;
    this.#happen(this.#events.take());
    return true;
  }

  #moveTo(steadyMs: number): void {
    this.steadyMs = steadyMs;
    this.nowMs = Math.max(this.nowMs, steadyMs + this.#aheadMs);
  }

  /** After the clock has jumped, each deadline on the way still has its own time, as it has for the switch. */
  #tick(deadlineMs: number): boolean {
    if (deadlineMs > this.nowMs) {
      this.steadyMs = Math.max(this.steadyMs, deadlineMs - this.#aheadMs);
      this.nowMs = deadlineMs;
      this.#ticksAtOnce = 0;
    }
    if (++this.#ticksAtOnce > mostTicksAtOnce) {
      this.#violations.add('deadlineStuck', 'The switch names the same deadline again and again.');
      this.#isBroken = true;
      return false;
    }
    this.#remarks?.before(this.#core.calls(), this.nowMs);
    this.#handle({ type: 'tick', atMs: this.nowMs });
    this.#remarks?.after();
    return true;
  }

  #happen(event: WorldEvent): void {
    switch (event.kind) {
      case 'burst':
        this.#begin(event);
        break;
      case 'caller':
        if (event.dueMs === this.steadyMs) this.#callers.due(event);
        break;
      case 'gateway':
        if (event.dueMs === this.steadyMs) this.#gateways.due(event);
        break;
      case 'options':
        if (event.process === this.#process) this.#handle({ ...event.result, atMs: this.nowMs });
        break;
      case 'snapshot':
        this.#events.toCome--;
        this.#reload(event.snapshot, event.sharePercent);
        break;
      default:
        this.#events.toCome--;
        this.#takeEvent(event);
    }
  }

  #takeEvent(event: ScenarioEvent): void {
    const atMs = this.nowMs;
    switch (event.kind) {
      case 'payment':
        this.#books.pay(event.account, event.amount);
        this.#handle({ type: 'payment', atMs, account: event.account, amount: event.amount });
        break;
      case 'behaviour':
        this.#gateways.behave(event.gateway, event.behaviour);
        break;
      case 'releaseCalls':
        this.#performer.mustEndAll();
        for (const callId of [...this.#performer.calls.keys()])
          this.give({ type: 'forcedRelease', atMs, callId });
        break;
      case 'restart':
        this.#restart();
        break;
      case 'reload':
        this.#reload(changedSnapshot(this.#firstSnapshot, event.change));
        break;
      case 'clockStep':
        this.#aheadMs += event.stepMs;
        break;
      case 'sipServerLost':
        this.#loseDialogs('the SIP server is lost');
        this.#handle({ type: 'sipServerLost', atMs });
        break;
      case 'drain':
        this.#handle({ type: 'drain', atMs });
        break;
      case 'shutdown':
        this.#performer.mustEndAll();
        this.#handle({ type: 'shutdown', atMs });
        break;
    }
  }

  /** All calls of the burst that are due; the others come later. */
  #begin(burst: Burst): void {
    do {
      this.#isCrowded = this.#performer.calls.size >= mostCallsAtOnce;
      if (this.#isCrowded) return;
      this.#invite(burst);
    } while (this.#events.hasMoreNow(burst, this.steadyMs));
  }

  #invite(burst: Burst): void {
    const { call: of, callIndex, next: burstIndex } = burst;
    const atMs = this.nowMs;
    const callId = this.#events.callIdOf(burst);
    const caller = numberInBurst(of.caller, burstIndex);
    const callee = of.callee === null ? null : numberInBurst(of.callee, burstIndex);
    const seed = callSeed(this.#seed, callIndex, burstIndex);
    const place = { callIndex, burstIndex, callId };
    const call = new ActiveCall(of, place, { caller, callee }, seed, atMs, this.#snapshot);
    this.#performer.calls.set(callId, call);
    this.#callers.begin(call);
    const { source, forwarding, timerCapable } = of;
    const numbers = { caller, callee, forwarding };
    const invite = {
      type: 'invite',
      atMs,
      callId,
      source,
      ...numbers,
      seed,
      sipCallId: callId,
      timerCapable,
    } as const;
    if (this.#options.onInvite !== undefined) {
      this.#handle({ type: 'tick', atMs });
      this.#options.onInvite(this.#core, invite);
    }
    this.#handle(invite);
    if (!this.#isBroken) this.#referee.invited(call);
  }

  #handle(input: SwitchInput): void {
    if (this.#isBroken) return;
    const performer = this.#performer;
    this.#heartbeat.advance(this.nowMs, performer.callsUp);
    let outputs: readonly SwitchOutput[];
    try {
      outputs = this.#core.handle(input);
    } catch (error) {
      this.#violations.add('coreThrew', `The switch failed at ${input.type}: ${String(error)}`);
      this.#isBroken = true;
      return;
    }
    for (const output of outputs) {
      this.#remarks?.wanted(output);
      performer.perform(output, this.nowMs);
    }
    performer.settle(this.nowMs);
    if (performer.callsUp > 0) this.#heartbeat.callIsUp(this.nowMs);
    for (const { callId, error, ended } of this.#core.takeFaults()) {
      this.#violations.add('coreFault', `A call failed by a bug of the switch: ${String(error)}`, callId);
      const call = performer.calls.get(callId);
      if (!ended && call !== undefined) performer.drop(call, this.nowMs);
    }
  }

  #reload(snapshot: Snapshot, sharePercent?: number): void {
    const isTried = sharePercent !== undefined;
    this.#performer.candidate = isTried ? snapshot : null;
    if (!isTried) this.#snapshot = snapshot;
    this.#books.use(snapshot);
    this.#performer.limits.use(this.#snapshot);
    this.#handle({ type: 'snapshot', atMs: this.nowMs, snapshot, ...(isTried ? { sharePercent } : {}) });
  }

  /**
   * Killed and started again at once. What the switch knew is gone but for its store: the calls in the journal are
   * closed, and of what was given only the money is left.
   */
  #restart(): void {
    const lastAliveMs = this.#heartbeat.advance(this.nowMs, this.#performer.callsUp);
    this.#loseDialogs('the switch is killed');
    for (const call of [...this.#performer.calls.values()]) {
      if (call.row === null) this.#performer.drop(call, this.nowMs);
      else this.#performer.record(call, closeInterrupted(call.row, lastAliveMs), this.nowMs, lastAliveMs);
    }
    this.#performer.limits = this.#performer.limits.restarted(
      new Limits(this.#snapshot, nothingIsSo, this.#violations),
    );
    this.#performer.candidate = null;
    this.#heartbeat = new Heartbeat(this.nowMs);
    this.#core = this.#newCore({ snapshot: this.#snapshot, balances: new Map(this.#books.balances) });
    this.#handle({ type: 'tick', atMs: this.nowMs });
  }

  /** Nobody outside hears anything more of the calls that are up. */
  #loseDialogs(why: string): void {
    this.#process++;
    this.#performer.mustEndAll();
    for (const call of this.#performer.calls.values()) {
      this.trace?.remark(call.callId, why);
      this.#callers.lose(call);
      for (const leg of call.legs) this.#gateways.lose(leg);
    }
  }

  #askGateway({ gateway, request }: SendOptionsOutput): void {
    const status = this.#gateways.behaviourOf(gateway).optionsStatus;
    const answer = status === null ? { outcome: 'timeout', status } : { outcome: 'response', status };
    const result = { type: 'optionsResult', gateway, request, ...answer } as OptionsAnswer['result'];
    const atMs = status === null ? this.steadyMs + optionsLifeMs : this.steadyMs;
    this.#events.add(atMs, { kind: 'options', result, process: this.#process });
  }

  #keep(call: ActiveCall): void {
    const { onCall } = this.#options;
    const { callIndex, burstIndex, record } = call;
    if (onCall !== undefined) onCall(call.played(record));
    else {
      const kept = record === null ? null : this.#sharing.record(record);
      this.#played[callIndex]![burstIndex] = call.played(kept);
    }
  }

  /** Calls that nobody ends would never have a record: they are ended as an operator would who gives up on them. */
  #endWhatIsLeft(): void {
    const { calls } = this.#performer;
    if (calls.size > 0 && !this.#isBroken && !this.#isCrowded) {
      for (const call of calls.values()) giveUp(call, this.#violations);
      this.#handle({ type: 'shutdown', atMs: this.nowMs });
    }
    for (const call of [...calls.values()]) {
      if (!this.#isBroken && !this.#isCrowded)
        this.#violations.add('callLost', 'The shutdown did not end the call.', call.callId);
      this.#performer.drop(call, this.nowMs);
    }
  }

  /** What still happens between gateways and the SIP server, which the switch hears nothing of. */
  #tellTheRest(): void {
    if (this.trace === null) return;
    while (this.#events.size > 0) {
      const atMs = this.#events.nextMs;
      const event = this.#events.take();
      if (event.kind !== 'gateway' || event.dueMs !== atMs || !event.isReleased) continue;
      this.#moveTo(atMs);
      this.#gateways.due(event);
    }
  }
}
