/** One attempt of a call: the leg to one gateway, its stage, and what the record will say of it. */
import type { CdrAttempt } from '../cdr/record.ts';
import type { RoutingGateway } from '../config/snapshot.ts';
import type { CallNumbers } from '../routing/number-steps.ts';
import { addressText, isSameAddress } from './addresses.ts';
import { giveBack, type Lease } from './admission.ts';
import type { AttemptFailure, AttemptProgress } from './hunting.ts';
import { isEffective } from './quality/quality-window.ts';
import type { GatewayQuality } from './quality/route-quality.ts';
import {
  type AttemptStage,
  callerCancelledReason,
  inviteVisited,
  movesTo,
  timeoutReasons,
  type VisitedStages,
  visit,
} from './timers.ts';

export class Attempt implements AttemptProgress {
  readonly leg: number;
  readonly gateway: RoutingGateway;
  /** With a number of the gateway's caller pool, where it has one. */
  readonly sent: CallNumbers;
  readonly startedAtMs: number;
  /** What the attempt has reserved: the gateway's line and the vendor's credit. */
  readonly lease: Lease;
  /** The prefix of the gateway that routing found for the number. */
  readonly routePrefix: string;
  stage: AttemptStage = 'invite';
  rang = false;
  sdpSeen = false;
  /** Released before its final response: a 2xx may still cross the CANCEL (RFC 3261 §9.1). */
  awaitsFinal = false;
  #visited: VisitedStages = inviteVisited;
  #ringDelayMs: number | null = null;
  #receivedStatus: number | null = null;
  #responded = false;
  #end: Pick<CdrAttempt, 'delayMs' | 'status' | 'reason' | 'outcome'> | null = null;

  constructor(
    leg: number,
    gateway: RoutingGateway,
    sent: CallNumbers,
    startedAtMs: number,
    lease: Lease,
    routePrefix: string,
  ) {
    this.leg = leg;
    this.gateway = gateway;
    this.sent = sent;
    this.startedAtMs = startedAtMs;
    this.lease = lease;
    this.routePrefix = routePrefix;
  }

  /** Notes a provisional response. Returns whether the attempt entered another stage. */
  heard(announced: AttemptStage, hasSdp: boolean, nowMs: number): boolean {
    if (announced !== 'trying') {
      this.#ringDelayMs ??= nowMs - this.startedAtMs;
      this.#heardStatus(180, nowMs);
    }
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
    else {
      this.#heardStatus(failure.receivedStatus ?? failure.status, nowMs);
      this.finish('failed', failure.status, failure.reason, nowMs, failure.receivedStatus);
    }
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
    if (outcome === 'answered') this.#heardStatus(status, nowMs);
    if (outcome !== 'released' || reason === callerCancelledReason) this.#noteQuality(nowMs);
  }

  /** The call that was answered at `answeredAtMs` is over. */
  callEnded(answeredAtMs: number, nowMs: number): void {
    this.#measured?.callEnded(this.routePrefix, nowMs - answeredAtMs, nowMs);
    giveBack(this.lease);
  }

  /** The gateway asks to be left alone until then (ms since 1970 UTC). */
  askedForRest(untilMs: number): void {
    if (this.#isAtWatchedAddress) this.lease.gateway.unavailableUntilMs = untilMs;
  }

  /**
   * Two snapshots may have a gateway at different addresses. What the other one does tells nothing of the one that is
   * watched, and a candidate with a wrong address must not take the gateway from the calls that do not go by it.
   */
  get #isAtWatchedAddress(): boolean {
    const { watchedAddress } = this.lease.gateway;
    return watchedAddress === null || isSameAddress(this.gateway.address, watchedAddress);
  }

  get #measured(): GatewayQuality | null {
    return this.#isAtWatchedAddress ? this.lease.gateway.quality : null;
  }

  /** The gateway has given a response beyond 100 Trying. */
  #heardStatus(status: number, nowMs: number): void {
    this.#responded = true;
    const { offline, checks, name } = this.lease.gateway;
    if (offline) checks?.answeredInvite(name, this.gateway.address, status, nowMs);
  }

  #noteQuality(nowMs: number): void {
    const quality = this.#measured;
    if (quality === null || this.#end === null) return;
    const { outcome } = this.#end;
    const status = this.#receivedStatus ?? this.#end.status;
    const answered = outcome === 'answered';
    quality.attemptEnded(
      this.routePrefix,
      {
        answered,
        reached: answered || this.rang || this.sdpSeen,
        responded: this.#responded,
        effective:
          answered || isEffective(outcome === 'failed' && this.#responded ? status : null, this.rang),
        postDialDelayMs: this.postDialDelayMs,
      },
      nowMs,
    );
  }

  /** null while it is under way. */
  get outcome(): CdrAttempt['outcome'] | null {
    return this.#end?.outcome ?? null;
  }

  /** To ringing or progress, or to an answer without; null when there was none of them so far. */
  get postDialDelayMs(): number | null {
    return this.#ringDelayMs ?? (this.outcome === 'answered' ? this.#end!.delayMs : null);
  }

  record(): CdrAttempt {
    if (this.#end === null) throw new Error(`attempt ${this.leg} at ${this.gateway.name} has not ended`);
    const record: CdrAttempt = {
      gateway: this.gateway.name,
      caller: this.sent.caller,
      callee: this.sent.callee,
      ...(this.sent.forwarding === null ? {} : { forwarding: this.sent.forwarding }),
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
