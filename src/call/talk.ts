/** The talk of an answered call: how long it may last, what is held for it, and when to look at it again. */
import type { OpenCall } from '../cdr/open-call.ts';
import type { Account } from '../config/snapshot.ts';
import { coveredSeconds, type Lease, type ReserveCredit } from './admission.ts';
import type { Attempt } from './attempt.ts';
import type { CallFacts } from './call-facts.ts';
import type { SnapshotView } from './gateway-state.ts';
import type { CreditHold } from './holds.ts';
import type { Choice } from './hunt.ts';
import { isSamePrice, journaledPrice, type Price, priceFor } from './prices.ts';

/** Holds are extended at most this long before they run out, so that a late extension loses no money. */
export const longestExtensionLeadMs = 5_000;

export class Talk {
  /** When the longest talk that the settings allow is over; Infinity when they allow any. */
  readonly endMs: number;
  readonly #answeredAtMs: number;
  readonly #limitSeconds: number;
  readonly #stepSeconds: number;
  readonly #customerHold: CreditHold | null;
  readonly #vendorHold: CreditHold | null;
  /** How much talk was asked to be covered last. */
  #wantedSeconds: number;

  constructor(
    answeredAtMs: number,
    limitSeconds: number,
    stepSeconds: number,
    customerHold: CreditHold | null,
    vendorHold: CreditHold | null,
  ) {
    this.endMs = answeredAtMs + limitSeconds * 1000;
    this.#answeredAtMs = answeredAtMs;
    this.#limitSeconds = limitSeconds;
    this.#stepSeconds = stepSeconds;
    this.#customerHold = customerHold;
    this.#vendorHold = vendorHold;
    this.#wantedSeconds = Math.min(limitSeconds, stepSeconds);
  }

  /** When the held money ends; Infinity when talk costs nothing. */
  get coveredUntilMs(): number {
    return this.#answeredAtMs + this.#coveredSeconds() * 1000;
  }

  /** Asks for the next step of credit on both sides. */
  moreCredit(): ReserveCredit {
    this.#wantedSeconds = Math.min(this.#limitSeconds, this.#coveredSeconds() + this.#stepSeconds);
    return {
      type: 'reserve',
      what: 'credit',
      customerHold: this.#customerHold,
      vendorHold: this.#vendorHold,
      seconds: this.#wantedSeconds,
    };
  }

  /**
   * The end of the talk, when the credit goes so far. Otherwise the time to ask for more: some time before the
   * held money ends, or exactly then when the last request was not met in full. A request that is met reaches a
   * step further, and the lead is half a step at most, so the time is never in the past.
   */
  deadlineMs(): number {
    const { coveredUntilMs } = this;
    if (coveredUntilMs >= this.endMs) return this.endMs;
    if (this.#coveredSeconds() < this.#wantedSeconds) return coveredUntilMs;
    return coveredUntilMs - Math.min(longestExtensionLeadMs, this.#stepSeconds * 500);
  }

  #coveredSeconds(): number {
    return coveredSeconds(this.#customerHold, this.#vendorHold);
  }
}

/** What the answer of a gateway makes of a call: its journal row with the rates, and the talk. */
export function beginTalk(
  facts: CallFacts,
  open: OpenCall,
  choice: Choice,
  customer: Lease,
  attempt: Attempt,
  nowMs: number,
): { readonly open: OpenCall; readonly talk: Talk } {
  const { account, view } = facts;
  const { accounts, parameters } = view.snapshot;
  const { gateway } = choice.request;
  const vendorAccount = accounts[gateway.clearingAccount]!;
  const vendor = attempt.lease;
  const { calleeToRate } = facts.numbers;
  const vendorCallee = choice.numbers.calleeToRate;
  const customerPrice = priceAtAnswer(view, account, calleeToRate, facts.price, customer.hold, nowMs);
  const vendorPrice = priceAtAnswer(
    view,
    vendorAccount,
    vendorCallee,
    choice.vendorPrice,
    vendor.hold,
    nowMs,
  );
  const answered: OpenCall = {
    ...open,
    routingGateway: gateway.name,
    vendorAccount: vendorAccount.name,
    sentCaller: attempt.sent.caller,
    sentCallee: attempt.sent.callee,
    answeredAtMs: nowMs,
    customerRate: journaledPrice(customerPrice, calleeToRate, account),
    vendorRate: journaledPrice(vendorPrice, vendorCallee, vendorAccount),
  };
  const { limitSeconds } = choice;
  const talk = new Talk(nowMs, limitSeconds, parameters.creditHoldStepSeconds, customer.hold, vendor.hold);
  return { open: answered, talk };
}

/**
 * The price as of the answer: while the phone rang another row may have come into effect, and the hold is then
 * made over for it. Should no row be left, the one the call began with stays. Null stays null.
 */
function priceAtAnswer(
  view: SnapshotView,
  account: Account,
  callee: string,
  price: Price | null,
  hold: CreditHold | null,
  nowMs: number,
): Price | null {
  if (price === null) return null;
  const now = priceFor(view.snapshot, account, callee, nowMs);
  if (now.kind !== 'rated' || isSamePrice(now, price)) return price;
  hold?.reprice(now.rate);
  hold?.extendTo(view.snapshot.parameters.creditHoldStepSeconds);
  return now;
}
