/** A switch in virtual time, with a referee that knows what neither SIP nor the store would stand for. */
import * as assert from 'uvu/assert';
import type { InviteInput, LegFailedInput, SwitchInput } from '../../src/call/inputs.ts';
import type { SwitchOutput } from '../../src/call/outputs.ts';
import type { AccountSummary, GatewaySummary } from '../../src/call/summaries.ts';
import { Switch } from '../../src/call/switch.ts';
import type { LedgerCharge } from '../../src/cdr/open-call.ts';
import type { CallDetailRecord } from '../../src/cdr/record.ts';
import type { Snapshot } from '../../src/config/snapshot.ts';
import { type Money, money, noMoney, parseMoney } from '../../src/rating/money.ts';

export const startMs = 1_700_000_000_000;

type WithoutTime<Input> = Input extends unknown ? Omit<Input, 'atMs'> : never;
export type TimelessInput = WithoutTime<SwitchInput>;

interface Seen {
  readonly legs: Set<number>;
  readonly released: Map<number, number>;
  journaled: number;
  answered: boolean;
  finalToCaller: boolean;
  recorded: boolean;
}

/** Amount in decimal text. */
export function amount(text: string): Money {
  const parsed = parseMoney(text);
  if (parsed === null) throw new Error(`no amount: ${text}`);
  return parsed;
}

export class World {
  readonly core: Switch;
  nowMs: number = startMs;
  readonly outputs: SwitchOutput[] = [];
  readonly cdrs: CallDetailRecord[] = [];
  readonly ledger: LedgerCharge[] = [];
  readonly #seen = new Map<string, Seen>();

  constructor(snapshot: Snapshot, balances: Readonly<Record<string, string>> = {}) {
    const entries = Object.entries(balances).map(([name, text]) => [name, amount(text)] as const);
    this.core = new Switch({ snapshot, balances: new Map(entries) });
  }

  /** Gives one input at the current time and returns what it caused. */
  give(input: TimelessInput): readonly SwitchOutput[] {
    const outputs = this.core.handle({ ...input, atMs: this.nowMs } as SwitchInput);
    for (const output of outputs) this.#watch(output);
    this.outputs.push(...outputs);
    return outputs;
  }

  /** Lets time pass, with a tick at every deadline on the way. */
  pass(ms: number): readonly SwitchOutput[] {
    const untilMs = this.nowMs + ms;
    const outputs: SwitchOutput[] = [];
    for (;;) {
      const dueMs = this.core.nextDeadlineMs();
      if (dueMs === null || dueMs > untilMs) break;
      this.nowMs = dueMs;
      outputs.push(...this.give({ type: 'tick' }));
    }
    this.nowMs = untilMs;
    return outputs;
  }

  invite(given: Partial<InviteInput> = {}): readonly SwitchOutput[] {
    return this.give({
      type: 'invite',
      callId: 'call',
      source: { address: '192.0.2.1', port: 5060, transport: 'udp' },
      caller: '12025550100',
      callee: '442079460000',
      forwarding: null,
      seed: 1,
      sipCallId: 'sip-call-id',
      timerCapable: true,
      ...given,
    });
  }

  trying(leg: number, callId: string = 'call'): readonly SwitchOutput[] {
    return this.give({ type: 'legTrying', callId, leg });
  }

  provisional(status: number, leg: number, hasSdp: boolean = false): readonly SwitchOutput[] {
    return this.give({ type: 'legProvisional', callId: 'call', leg, status, reason: 'Provisional', hasSdp });
  }

  answered(leg: number, callId: string = 'call'): readonly SwitchOutput[] {
    return this.give({ type: 'legAnswered', callId, leg });
  }

  failed(status: number, leg: number, given: Partial<LegFailedInput> = {}): readonly SwitchOutput[] {
    return this.give({
      type: 'legFailed',
      callId: 'call',
      leg,
      status,
      reason: `Reason ${status}`,
      origin: 'gateway',
      retryAfterSeconds: null,
      ...given,
    });
  }

  cancel(callId: string = 'call'): readonly SwitchOutput[] {
    return this.give({ type: 'callerCancel', callId });
  }

  hangup(by: 'caller' | 'callee' = 'caller', callId: string = 'call'): readonly SwitchOutput[] {
    return this.give({ type: 'hangup', callId, by });
  }

  /** The record of the only call, or of the one named. */
  cdr(callId: string = 'call'): CallDetailRecord {
    const found = this.cdrs.filter(cdr => cdr.callId === callId);
    assert.is(found.length, 1, `${callId} has ${found.length} records`);
    return found[0]!;
  }

  dialled(callId: string = 'call'): readonly string[] {
    return this.outputs.flatMap(output =>
      output.type === 'dialLeg' && output.callId === callId ? [output.gateway] : [],
    );
  }

  account(name: string): AccountSummary {
    const found = this.core.accounts().find(account => account.name === name);
    if (found === undefined) throw new Error(`no account ${name}`);
    return found;
  }

  gateway(name: string): GatewaySummary {
    const found = this.core.gateways().find(gateway => gateway.name === name);
    if (found === undefined) throw new Error(`no gateway ${name}`);
    return found;
  }

  counter(name: string): number | undefined {
    return this.core.counters()[name];
  }

  activeLines(name: string): number {
    return this.gateway(name).activeLines;
  }

  charged(account: string): Money {
    return this.ledger
      .filter(line => line.account === account)
      .reduce((sum, line) => money(sum + line.amount), noMoney);
  }

  /** What must hold as soon as no call is up. */
  assertQuiet(): void {
    assert.equal(this.core.calls(), []);
    assert.is(this.core.nextDeadlineMs(), null);
    for (const { name, activeLines } of this.core.gateways()) assert.is(activeLines, 0, `lines of ${name}`);
    for (const { name, held, activeLines } of this.core.accounts()) {
      assert.is(held, noMoney, `hold of ${name}`);
      assert.is(activeLines, 0, `lines of ${name}`);
    }
    for (const [callId, seen] of this.#seen) assert.ok(seen.recorded, `${callId} has no record`);
  }

  #watch(output: SwitchOutput): void {
    if (output.type === 'writeCdr') {
      this.#watchRecord(output.cdr, output.ledger);
      return;
    }
    if (output.type === 'forgetCall') {
      this.#watchForgotten(output.callId);
      return;
    }
    if (output.type === 'sendOptions' || output.type === 'gatewayAvailability') return;
    const callId = output.type === 'journal' ? output.call.callId : output.callId;
    const seen = this.#seenOf(callId);
    if (output.type === 'releaseLeg') {
      const times = (seen.released.get(output.leg) ?? 0) + 1;
      assert.ok(seen.legs.has(output.leg), `leg ${output.leg} was released before it was dialled`);
      assert.ok(times <= 2, `leg ${output.leg} was released ${times} times`);
      seen.released.set(output.leg, times);
      return;
    }
    assert.not.ok(seen.recorded, `${output.type} after the record of ${callId}`);
    this.#watchCall(output, seen);
  }

  #watchCall(
    output: Exclude<
      SwitchOutput,
      { readonly type: 'writeCdr' | 'forgetCall' | 'releaseLeg' | 'sendOptions' | 'gatewayAvailability' }
    >,
    seen: Seen,
  ): void {
    const { type } = output;
    if (type === 'journal') {
      seen.journaled++;
      return;
    }
    if (type === 'dialLeg') {
      assert.ok(seen.journaled > 0, 'dialled before the journal');
      assert.not.ok(seen.finalToCaller, 'dialled after a final response');
      assert.is(output.leg, seen.legs.size, 'legs count from 0');
      seen.legs.add(output.leg);
    } else if (type === 'relayProvisional') {
      assert.not.ok(seen.finalToCaller, 'a provisional after a final response');
      assert.ok(seen.legs.has(output.leg));
    } else if (type === 'answer') {
      assert.not.ok(seen.finalToCaller, 'two final responses');
      assert.not.ok(seen.released.has(output.leg), 'a released leg was answered');
      assert.is(seen.journaled, 2, 'answered before its journal row');
      seen.answered = true;
      seen.finalToCaller = true;
    } else if (type === 'reject') {
      assert.not.ok(seen.finalToCaller, 'two final responses');
      seen.finalToCaller = true;
    } else {
      assert.ok(seen.answered, 'hung up without an answer');
    }
  }

  #watchRecord(cdr: CallDetailRecord, ledger: readonly LedgerCharge[]): void {
    const seen = this.#seenOf(cdr.callId);
    assert.not.ok(seen.recorded, `two records of ${cdr.callId}`);
    assert.is(cdr.attempts.length, seen.legs.size);
    assert.is(cdr.answeredAtMs !== null, seen.answered);
    assert.ok(cdr.endedAtMs >= cdr.startedAtMs);
    assert.is(new Set(ledger.map(({ account }) => account)).size, ledger.length);
    seen.recorded = true;
    this.cdrs.push(cdr);
    this.ledger.push(...ledger);
  }

  #watchForgotten(callId: string): void {
    const seen = this.#seenOf(callId);
    assert.not.ok(seen.recorded, `${callId} is forgotten after its record`);
    assert.ok(seen.journaled > 0, `${callId} is forgotten but was never journaled`);
    assert.not.ok(seen.answered, `${callId} was answered and leaves no record`);
    seen.recorded = true;
  }

  #seenOf(callId: string): Seen {
    let seen = this.#seen.get(callId);
    if (seen === undefined) {
      seen = {
        legs: new Set(),
        released: new Map(),
        journaled: 0,
        answered: false,
        finalToCaller: false,
        recorded: false,
      };
      this.#seen.set(callId, seen);
    }
    return seen;
  }
}

/** The types of outputs, to compare a sequence at a glance. */
export function types(outputs: readonly SwitchOutput[]): readonly string[] {
  return outputs.map(({ type }) => type);
}
