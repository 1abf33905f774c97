/**
 * Carries out what the switch wants, as the live one's performer, SIP adapter and store do, after the referee has had
 * a look at it.
 */

import type {
  ForgetCallOutput,
  SendOptionsOutput,
  SwitchOutput,
  WriteCdrOutput,
} from '../../call/outputs.ts';
import type { OpenCall } from '../../cdr/open-call.ts';
import type { Snapshot } from '../../config/snapshot.ts';
import type { ActiveCall, Leg } from './active-call.ts';
import type { Books } from './books.ts';
import type { Callers } from './callers.ts';
import type { Gateways } from './gateways.ts';
import { gatewaysOf, type Limits } from './limits.ts';
import { checkRecord, checkUnrecorded } from './record-check.ts';
import type { Referee } from './referee.ts';
import type { Usage } from './usage.ts';
import type { Violations } from './violations.ts';

export interface PerformerParts {
  readonly violations: Violations;
  readonly referee: Referee;
  readonly callers: Callers;
  readonly gateways: Gateways;
  readonly books: Books;
  /** Whether the call has begun at any time. */
  readonly hasBegun: (callId: string) => boolean;
  readonly askGateway: (output: SendOptionsOutput) => void;
  /** The call is over, and nobody needs it any more. */
  readonly onEnd: (call: ActiveCall) => void;
}

type CallOutput = Exclude<SwitchOutput, { readonly type: 'sendOptions' | 'gatewayAvailability' }>;

export class Performer {
  /** By their ids, from the INVITE to the end. */
  readonly calls: Map<string, ActiveCall> = new Map();
  limits: Limits;
  /** What is tried on a share of the calls; null when all go by the same configuration. */
  candidate: Snapshot | null = null;
  /** Calls with a journal row, now and at most. */
  callsUp = 0;
  peakCalls = 0;
  readonly #parts: PerformerParts;
  #rejected: ActiveCall[] = [];

  constructor(parts: PerformerParts, limits: Limits) {
    this.#parts = parts;
    this.limits = limits;
  }

  perform(output: SwitchOutput, nowMs: number): void {
    if (output.type === 'gatewayAvailability') return;
    if (output.type === 'sendOptions') {
      this.#parts.askGateway(output);
      return;
    }
    const callId = callIdOf(output);
    const call = this.calls.get(callId);
    if (call === undefined) this.#parts.referee.strayed(output.type, callId, this.#parts.hasBegun(callId));
    else this.#performOn(call, output, nowMs);
  }

  /** What has happened ends every call that is up. */
  mustEndAll(): void {
    for (const call of this.calls.values()) call.mustEnd = true;
  }

  /** All outputs of one input are carried out: a call that was rejected and left no row is over. */
  settle(nowMs: number): void {
    if (this.#rejected.length === 0) return;
    const rejected = this.#rejected;
    this.#rejected = [];
    for (const call of rejected) {
      if (call.isOver || call.row !== null) continue;
      checkUnrecorded(call, this.candidate, this.#parts.violations);
      this.#end(call, nowMs);
    }
  }

  /** The call has its record, made after a kill when `lastAliveMs` is given. */
  record(
    call: ActiveCall,
    { cdr, ledger }: Omit<WriteCdrOutput, 'type'>,
    nowMs: number,
    lastAliveMs: number | null,
  ): void {
    const { violations, books } = this.#parts;
    checkRecord(call, cdr, ledger, nowMs, lastAliveMs, violations);
    books.charge(cdr.callId, ledger);
    call.record = cdr;
    this.#end(call, nowMs);
  }

  /** The switch has lost the call by a bug of its own: it is ended without a record. */
  drop(call: ActiveCall, nowMs: number): void {
    for (const leg of call.legs) leg.state = 'ended';
    call.callerState = 'ended';
    this.#end(call, nowMs);
  }

  /** The attempt is over; its lines are free. */
  giveBack(leg: Leg): void {
    giveAll(leg.held);
    leg.held = [];
  }

  #performOn(call: ActiveCall, output: CallOutput, nowMs: number): void {
    const { referee, callers, gateways } = this.#parts;
    switch (output.type) {
      case 'journal':
        this.#journal(call, output.call, nowMs);
        break;
      case 'dialLeg': {
        referee.dial(call, output);
        const leg = gateways.dial(call, output);
        const gateway = gatewaysOf(call.snapshot).routing.get(output.gateway);
        if (gateway !== undefined) leg.held = this.limits.tryAt(call.snapshot, gateway, nowMs, call.callId);
        break;
      }
      case 'releaseLeg': {
        referee.release(call, output);
        const leg = call.legs[output.leg];
        if (leg === undefined) break;
        gateways.release(leg);
        this.giveBack(leg);
        break;
      }
      case 'relayProvisional':
        referee.relay(call, output);
        callers.relay(call, output);
        break;
      case 'answer': {
        referee.answer(call, output);
        const leg = call.legs[output.leg];
        if (leg !== undefined) leg.wasConnected = true;
        callers.answer(call);
        break;
      }
      case 'reject':
        referee.reject(call, output);
        callers.reject(call, output);
        this.#rejected.push(call);
        break;
      case 'hangUp': {
        referee.hangUp(call, output);
        if (output.side === 'caller') callers.bye(call, output);
        else if (call.answeredLeg !== null) gateways.bye(call.answeredLeg);
        break;
      }
      case 'writeCdr':
        this.record(call, output, nowMs, null);
        break;
      case 'forgetCall':
        this.#forget(call, output, nowMs);
        break;
    }
  }

  #journal(call: ActiveCall, row: OpenCall, nowMs: number): void {
    this.#parts.referee.journal(call, row);
    if (call.row === null) {
      if (row.snapshotHash === this.candidate?.hash) call.snapshot = this.candidate;
      call.held = this.limits.letIn(call.snapshot, row, nowMs);
      this.callsUp++;
      if (this.callsUp > this.peakCalls) this.peakCalls = this.callsUp;
    }
    call.row = row;
  }

  #forget(call: ActiveCall, { callId }: ForgetCallOutput, nowMs: number): void {
    const { violations } = this.#parts;
    if (call.row === null) {
      violations.add('forgottenUnjournaled', 'The call is forgotten, and was never in the journal.', callId);
    }
    checkUnrecorded(call, null, violations);
    this.#end(call, nowMs);
  }

  #end(call: ActiveCall, nowMs: number): void {
    this.#parts.referee.ended(call);
    call.isOver = true;
    call.endedAtMs = nowMs;
    call.dueMs = Number.POSITIVE_INFINITY;
    if (call.row !== null) this.callsUp--;
    for (const leg of call.legs) this.giveBack(leg);
    giveAll(call.held);
    this.calls.delete(call.callId);
    this.#parts.onEnd(call);
  }
}

function giveAll(usages: readonly Usage[]): void {
  for (const usage of usages) usage.give();
}

function callIdOf(output: CallOutput): string {
  if (output.type === 'journal') return output.call.callId;
  return output.type === 'writeCdr' ? output.cdr.callId : output.callId;
}
