/**
 * Plays calls that were recorded once more, in virtual time, with the very switch that runs live: callers and gateways
 * are those of the simulator. Calls come in the order of their beginnings, however many there are; only those that are
 * up are in memory.
 */
import type { CallInput, SwitchInput } from '../call/inputs.ts';
import type { SwitchOutput } from '../call/outputs.ts';
import { Switch } from '../call/switch.ts';
import type { CallDetailRecord } from '../cdr/record.ts';
import type { Snapshot } from '../config/snapshot.ts';
import { type Money, money, moneyPerCurrencyUnit } from '../rating/money.ts';
import { nothingSpecial } from '../sim/record/plain-scenario.ts';
import type { ScenarioCall } from '../sim/scenario/scenario.ts';
import { ActiveCall, type Leg } from '../sim/world/active-call.ts';
import { Callers } from '../sim/world/callers.ts';
import { EventHeap } from '../sim/world/event-heap.ts';
import { Gateways } from '../sim/world/gateways.ts';
import type { OptionsAnswer, Surroundings } from '../sim/world/surroundings.ts';
import { type Arrival, seedOf } from './arrival.ts';
import { LinesInUse } from './lines-in-use.ts';
import type { Level, VendorModel } from './vendor-model.ts';

/** A call that has ended. */
export interface ReplayedCall {
  readonly arrival: Arrival;
  /** As it was given with the arrival. */
  readonly place: number;
  readonly record: CallDetailRecord;
  /** Where the behaviour of each gateway that was tried was from. */
  readonly levels: readonly Level[];
}

export interface PlayerOptions {
  readonly model: VendorModel;
  /** Decides what chance decides. */
  readonly seed: number;
  /** Calls come so much later than they were recorded (ms). */
  readonly laterMs: number;
  /** Takes each call when it has ended. */
  readonly take: (call: ReplayedCall) => void;
}

/** What every account has: nobody runs out of money. */
const plenty: Money = money(1_000_000_000n * moneyPerCurrencyUnit);
/** Without time passing the switch is woken so often; more is a deadline that it never lets go of. */
const mostTicksAtOnce = 100_000;

interface Replaying {
  readonly call: ActiveCall;
  readonly arrival: Arrival;
  readonly place: number;
  readonly levels: Level[];
}

export class Player implements Surroundings {
  nowMs = Number.NEGATIVE_INFINITY;
  readonly trace = null;
  readonly lines: LinesInUse = new LinesInUse();
  readonly #options: PlayerOptions;
  readonly #snapshot: Snapshot;
  readonly #core: Switch;
  readonly #events = new EventHeap<ActiveCall | Leg | OptionsAnswer>();
  readonly #calls = new Map<string, Replaying>();
  readonly #callers: Callers;
  readonly #gateways: Gateways;
  #ticksAtOnce = 0;

  constructor(snapshot: Snapshot, options: PlayerOptions) {
    this.#options = options;
    this.#snapshot = recordingAll(snapshot);
    this.#core = new Switch({
      snapshot: this.#snapshot,
      balances: new Map(snapshot.accounts.map(({ name }) => [name, plenty])),
    });
    this.#callers = new Callers(this);
    this.#gateways = new Gateways(this, new Map(), { rules: [], optionsStatus: 200 }, (call, { gateway }) => {
      const replaying = this.#calls.get(call.callId)!;
      const { behaviour, level } = options.model.behaviourFor(replaying.arrival, gateway, call.seed);
      replaying.levels.push(level);
      return behaviour;
    });
  }

  /** The clock of the switch is never set. */
  get steadyMs(): number {
    return this.nowMs;
  }

  /** The next call comes, no earlier than the one before; all that happens until then has happened. */
  arrive(arrival: Arrival, placeOfCall: number): void {
    const { recorded, source, callee } = arrival;
    const { callId, caller, forwarding } = recorded;
    const comesMs = recorded.startedAtMs + this.#options.laterMs;
    this.#advance(comesMs);
    const atMs = Math.max(this.nowMs, comesMs);
    this.nowMs = atMs;
    const seed = seedOf(callId, this.#options.seed);
    const hangUpAfterMs = arrival.calleeHangsUp ? null : this.#options.model.talkMsFor(arrival, seed);
    const call = new ActiveCall(
      scenarioCall(arrival, hangUpAfterMs),
      { callIndex: 0, burstIndex: 0, callId },
      { caller, callee },
      seed,
      atMs,
      this.#snapshot,
    );
    this.#calls.set(callId, { call, arrival, place: placeOfCall, levels: [] });
    this.#callers.begin(call);
    this.#handle({
      type: 'invite',
      atMs,
      callId,
      source,
      caller,
      callee,
      forwarding,
      seed,
      sipCallId: callId,
      timerCapable: true,
    });
  }

  /** All calls go on to their ends. @throws when one never ends */
  finish(): void {
    while (this.#calls.size > 0) {
      const nextMs = this.#nextMs();
      if (nextMs === Number.POSITIVE_INFINITY) throw new Error('a call never ends');
      this.#advance(nextMs);
    }
  }

  schedule(who: ActiveCall | Leg, atMs: number): void {
    who.dueMs = atMs;
    if (atMs !== Number.POSITIVE_INFINITY) this.#events.add(atMs, who);
  }

  give(input: CallInput): void {
    if (input.type === 'legFailed') this.lines.leave(this.#calls.get(input.callId)?.call.legs[input.leg]);
    this.#handle(input);
  }

  #nextMs(): number {
    return Math.min(this.#events.nextMs, this.#core.nextDeadlineMs() ?? Number.POSITIVE_INFINITY);
  }

  /** Lets everything happen that is due until then, in the switch before the world. */
  #advance(untilMs: number): void {
    for (;;) {
      const eventMs = this.#events.nextMs;
      const deadlineMs = this.#core.nextDeadlineMs() ?? Number.POSITIVE_INFINITY;
      if (Math.min(eventMs, deadlineMs) > untilMs) return;
      if (deadlineMs <= eventMs) this.#tick(deadlineMs);
      else this.#happen(eventMs);
    }
  }

  #tick(deadlineMs: number): void {
    if (deadlineMs > this.nowMs) {
      this.nowMs = deadlineMs;
      this.#ticksAtOnce = 0;
    }
    if (++this.#ticksAtOnce > mostTicksAtOnce)
      throw new Error('the switch names the same deadline again and again');
    this.#handle({ type: 'tick', atMs: this.nowMs });
  }

  #happen(atMs: number): void {
    this.nowMs = Math.max(this.nowMs, atMs);
    this.#ticksAtOnce = 0;
    const event = this.#events.take();
    if (event.kind === 'options') this.#handle({ ...event.result, atMs: this.nowMs });
    else if (event.dueMs !== atMs) return;
    else if (event.kind === 'caller') this.#callers.due(event);
    else this.#gateways.due(event);
  }

  #handle(input: SwitchInput): void {
    for (const output of this.#core.handle(input)) this.#perform(output);
    const [fault] = this.#core.takeFaults();
    if (fault !== undefined)
      throw new Error(`the call ${fault.callId} failed by a bug of the switch`, { cause: fault.error });
  }

  #perform(output: SwitchOutput): void {
    if (output.type === 'gatewayAvailability') return;
    if (output.type === 'sendOptions') {
      // Whether a gateway was there is not in the records of calls.
      const { gateway, request } = output;
      const result = {
        type: 'optionsResult',
        gateway,
        request,
        outcome: 'response',
        status: 200,
      } as const;
      this.#events.add(this.nowMs, { kind: 'options', result, process: 0 });
      return;
    }
    const callId = output.type === 'journal' ? output.call.callId : idOf(output);
    const replaying = this.#calls.get(callId);
    // A 2xx that nobody waits for any more is released after the end of its call.
    if (replaying === undefined) return;
    this.#performOn(replaying, output);
  }

  #performOn(replaying: Replaying, output: Exclude<SwitchOutput, { readonly gateway: string }> | Dial): void {
    const { call } = replaying;
    switch (output.type) {
      case 'journal':
        if (call.row === null) this.lines.enter(output.call.mappingGateway, output.call.customerAccount);
        call.row = output.call;
        break;
      case 'dialLeg':
        this.lines.tryAt(this.#gateways.dial(call, output));
        break;
      case 'releaseLeg': {
        const leg = call.legs[output.leg];
        if (leg !== undefined) this.#gateways.release(leg);
        this.lines.leave(leg);
        break;
      }
      case 'relayProvisional':
        this.#callers.relay(call, output);
        break;
      case 'answer': {
        const leg = call.legs[output.leg];
        if (leg !== undefined) leg.wasConnected = true;
        this.#callers.answer(call);
        break;
      }
      case 'reject':
        this.#callers.reject(call, output);
        break;
      case 'hangUp':
        if (output.side === 'caller') this.#callers.bye(call, output);
        else if (call.answeredLeg !== null) this.#gateways.bye(call.answeredLeg);
        break;
      case 'writeCdr':
        this.#end(replaying, output.cdr);
        break;
      case 'forgetCall':
        throw new Error(`the call ${call.callId} leaves no record`);
    }
  }

  #end({ call, arrival, place: placeOfCall, levels }: Replaying, record: CallDetailRecord): void {
    call.isOver = true;
    call.dueMs = Number.POSITIVE_INFINITY;
    for (const leg of call.legs) {
      this.lines.leave(leg);
      leg.dueMs = Number.POSITIVE_INFINITY;
    }
    if (call.row !== null) this.lines.exit(call.row.mappingGateway, call.row.customerAccount);
    this.#calls.delete(call.callId);
    this.#options.take({ arrival, place: placeOfCall, record, levels });
  }
}

type Dial = Extract<SwitchOutput, { readonly type: 'dialLeg' }>;

function idOf(
  output: Exclude<SwitchOutput, { readonly type: 'journal' | 'sendOptions' | 'gatewayAvailability' }>,
): string {
  return output.type === 'writeCdr' ? output.cdr.callId : output.callId;
}

/** Written out, since this is made for each of millions of calls. */
function scenarioCall(
  { recorded: { caller, forwarding }, source, callee, cancelAfterMs }: Arrival,
  hangUpAfterMs: number | null,
): ScenarioCall {
  return {
    place: nothingSpecial.place,
    name: null,
    via: null,
    source,
    caller,
    callee,
    forwarding,
    atMs: 0,
    // A caller whose call was longer than what is allowed without session timers had them.
    timerCapable: true,
    hangUpAfterMs,
    cancelAfterMs,
    count: 1,
    intervalMs: 0,
    expect: nothingSpecial.expect,
  };
}

/** What is recorded changes nothing of what happens, and here every call has to say what became of it. */
function recordingAll(snapshot: Snapshot): Snapshot {
  const all = { recordUnanswered: true, recordServerHangUp: true, recordIllegalCalls: true };
  return { ...snapshot, parameters: { ...snapshot.parameters, ...all } };
}
