/** The way of one call through its gateways: what was tried, what comes next, and what the failures amount to. */
import { type AttemptNumbers, prepareAttempt } from '../routing/prepare-attempt.ts';
import type { RouteCandidate, RouteDecision } from '../routing/select-route.ts';
import type { Lease, ReserveAttempt } from './admission.ts';
import { Attempt } from './attempt.ts';
import type { CallFacts } from './call-facts.ts';
import { Candidates } from './candidates.ts';
import { causeOf, causeOfHunt, type EndCause } from './end-cause.ts';
import { type AttemptFailure, type GatewayResponse, stopRuleFor } from './hunting.ts';
import { type Price, priceFor } from './prices.ts';
import { talkLimitSeconds } from './talk-limit.ts';

/** The gateway to try next, with what must be reserved for it. */
export interface Choice {
  readonly candidate: RouteCandidate;
  readonly numbers: AttemptNumbers;
  /** What we owe the vendor; null when it is unrated, or has no rate and needs none. */
  readonly vendorPrice: Price | null;
  readonly limitSeconds: number;
  readonly request: ReserveAttempt;
}

const nowhere = new Candidates({ attempts: [], normalCount: 0 });

export class Hunt {
  readonly attempts: Attempt[] = [];
  readonly #facts: CallFacts;
  #candidates: Candidates = nowhere;
  /** Somebody could have been asked, were it not for what the switch is doing now. */
  #someBusy = false;
  #lastFailure: AttemptFailure | null = null;
  #lastResponse: GatewayResponse | null = null;

  constructor(facts: CallFacts) {
    this.#facts = facts;
  }

  begin(decision: RouteDecision): void {
    this.#candidates = new Candidates(decision);
    this.#someBusy = decision.someBusy;
  }

  /** The next gateway to ask for, or null when none is left or SS_GATEWAY_SWITCH_LIMIT is reached. */
  next(nowMs: number): Choice | null {
    const { view, gateway: from, startedAtMs } = this.#facts;
    const { gatewaySwitchLimit } = view.snapshot.parameters;
    if (gatewaySwitchLimit !== null && this.attempts.length >= gatewaySwitchLimit) return null;
    const delayMs = from.protectRouteDelayMs;
    const protectDelayPassed = delayMs > 0 && nowMs - startedAtMs >= delayMs;
    for (;;) {
      const candidate = this.#candidates.next(protectDelayPassed);
      if (candidate === null) return null;
      const choice = this.#choiceOf(candidate, nowMs);
      if (choice === null) continue;
      this.#someBusy = true;
      return choice;
    }
  }

  /** The gateway's line and credit are reserved. */
  attempt(choice: Choice, lease: Lease, nowMs: number): Attempt {
    const { numbers } = this.#facts;
    const { candidate, request } = choice;
    const { sent } = choice.numbers;
    const attempt = new Attempt(
      this.attempts.length,
      request.gateway,
      lease.callerNumber === null ? sent : { ...sent, caller: lease.callerNumber },
      nowMs,
      lease,
      numbers.calleeToRoute.slice(0, candidate.matchedLength),
    );
    this.#candidates.tried(candidate);
    this.attempts.push(attempt);
    return attempt;
  }

  /** Takes in how an attempt ended. Returns whether to go on with the next gateway. */
  failed(attempt: Attempt, failure: AttemptFailure): boolean {
    this.#lastFailure = failure;
    if (failure.kind === 'response') this.#lastResponse = failure;
    return stopRuleFor(failure, attempt, attempt.gateway) === null;
  }

  /** A gateway has answered: the others are of no interest for the rest of a call that may be long. */
  over(): void {
    this.#candidates = nowhere;
  }

  /** Why nobody answered. Without any attempt, everyone who could have been asked was busy, or nobody could. */
  cause(): EndCause {
    if (this.#lastFailure === null) return causeOf(this.#someBusy ? 'AllGatewayBusy' : 'NoAvailableRouter');
    return causeOfHunt(this.#lastFailure, this.#lastResponse);
  }

  /** A released leg has its final response. Returns whether it was still waited for. */
  settleReleased(leg: number): boolean {
    const attempt = this.attempts[leg];
    if (attempt?.awaitsFinal !== true) return false;
    attempt.awaitsFinal = false;
    return true;
  }

  /** Released legs that may still be answered. */
  releasedLegs(): number[] {
    return this.attempts.filter(({ awaitsFinal }) => awaitsFinal).map(({ leg }) => leg);
  }

  /**
   * Null when a number cannot be sent there, or the rate that the gateway must have is gone since the route was
   * selected.
   */
  #choiceOf(candidate: RouteCandidate, nowMs: number): Choice | null {
    const { view, callerLimitSeconds, seed } = this.#facts;
    const { parameters, routingGateways, accounts } = view.snapshot;
    const gateway = routingGateways[candidate.gateway]!;
    const vendor = accounts[gateway.clearingAccount]!;
    const numbers = prepareAttempt(view.snapshot, gateway, this.#facts.numbers, seed, nowMs);
    if (numbers.kind === 'invalid') return null;
    const pricing = priceFor(view.snapshot, vendor, numbers.calleeToRate, nowMs);
    if (pricing.kind === 'missing' && gateway.checkRate) return null;
    const vendorPrice = pricing.kind === 'rated' ? pricing : null;
    const limitSeconds = talkLimitSeconds(callerLimitSeconds, gateway, vendor);
    const rate = parameters.verifyVendorCredit && vendorPrice !== null ? vendorPrice.rate : null;
    const seconds = Math.min(parameters.creditHoldStepSeconds, limitSeconds);
    const request: ReserveAttempt = { type: 'reserve', what: 'attempt', gateway, rate, seconds, seed };
    return { candidate, numbers, vendorPrice, limitSeconds, request };
  }
}
