/** One attempt of a call: the leg to one gateway, its stage, and what the record will say of it. */
import type { CdrAttempt } from '../cdr/record.ts';
import type { RoutingGateway } from '../config/snapshot.ts';
import { addressText } from './addresses.ts';
import type { Lease } from './admission.ts';
import type { AttemptFailure, AttemptProgress } from './hunting.ts';
import {
  type AttemptStage,
  inviteVisited,
  movesTo,
  timeoutReasons,
  type VisitedStages,
  visit,
} from './timers.ts';

export class Attempt implements AttemptProgress {
  readonly leg: number;
  readonly gateway: RoutingGateway;
  readonly callee: string;
  readonly startedAtMs: number;
  /** What the attempt has reserved: the gateway's line and the vendor's credit. */
  readonly lease: Lease;
  stage: AttemptStage = 'invite';
  rang = false;
  sdpSeen = false;
  /** Released before its final response: a 2xx may still cross the CANCEL (RFC 3261 §9.1). */
  awaitsFinal = false;
  #visited: VisitedStages = inviteVisited;
  #ringDelayMs: number | null = null;
  #receivedStatus: number | null = null;
  #end: Pick<CdrAttempt, 'delayMs' | 'status' | 'reason' | 'outcome'> | null = null;

  constructor(leg: number, gateway: RoutingGateway, callee: string, startedAtMs: number, lease: Lease) {
    this.leg = leg;
    this.gateway = gateway;
    this.callee = callee;
    this.startedAtMs = startedAtMs;
    this.lease = lease;
  }

  /** Notes a provisional response. Returns whether the attempt entered another stage. */
  heard(announced: AttemptStage, hasSdp: boolean, nowMs: number): boolean {
    if (announced !== 'trying') this.#ringDelayMs ??= nowMs - this.startedAtMs;
    if (announced === 'ringing') this.rang = true;
    if (hasSdp) this.sdpSeen = true;
    if (!movesTo(announced, this.stage, this.#visited)) return false;
    this.stage = announced;
    this.#visited = visit(this.#visited, announced);
    return true;
  }

  fail(failure: AttemptFailure, nowMs: number): void {
    if (failure.kind === 'timeout') this.finish('timeout', 408, timeoutReasons[failure.stage], nowMs);
    else if (failure.kind === 'unreachable') this.finish('failed', 503, failure.reason, nowMs);
    else this.finish('failed', failure.status, failure.reason, nowMs, failure.receivedStatus);
  }

  /** `receivedStatus` is what the gateway said, where `status` stands in its place. */
  finish(
    outcome: CdrAttempt['outcome'],
    status: number,
    reason: string,
    nowMs: number,
    receivedStatus: number | null = null,
  ): void {
    this.#end = { delayMs: nowMs - this.startedAtMs, status, reason, outcome };
    this.#receivedStatus = receivedStatus;
  }

  record(): CdrAttempt {
    if (this.#end === null) throw new Error(`attempt ${this.leg} at ${this.gateway.name} has not ended`);
    const record: CdrAttempt = {
      gateway: this.gateway.name,
      callee: this.callee,
      address: addressText(this.gateway.address),
      startedAtMs: this.startedAtMs,
      delayMs: this.#end.delayMs,
      ringDelayMs: this.#ringDelayMs,
      status: this.#end.status,
      reason: this.#end.reason,
      outcome: this.#end.outcome,
    };
    return this.#receivedStatus === null ? record : { ...record, receivedStatus: this.#receivedStatus };
  }
}
