/** The attempts of calls on one side, put together once for all calls that are tried alike: customers mostly differ in what they pay. */
import { type Price, type Pricing, priceFor } from '../../call/prices.ts';
import type { Account, MappingGateway, RateTable, RoutingGateway, Snapshot } from '../../config/snapshot.ts';
import { isUnrated, rateTablesAt } from '../../rating/account-rate.ts';
import { findRateRow, isLockedRow } from '../../rating/rate-table.ts';
import { ruleFor } from '../../routing/dial-plan/rewrite.ts';
import { dialPlansAt } from '../../routing/number-steps.ts';
import { prepareAttempt } from '../../routing/prepare-attempt.ts';
import type { PreparedNumbers } from '../../routing/prepare-numbers.ts';
import type { RouteCandidate } from '../../routing/route-decision.ts';
import { composed, isRandomRule, type Rewritten, rewrittenBy, shortened } from '../space/symbolic-plan.ts';
import type { AttemptList, AttemptNumbers, CarriedAttempt } from './attempt-numbers.ts';
import { Ranks } from './ranks.ts';
import { callerSent, choicesOf, forwardingSent, mayBeUnusable } from './sent.ts';

/** All that the attempts of a call follow from. */
export interface Tried {
  readonly mapping: MappingGateway;
  readonly candidates: readonly RouteCandidate[];
  readonly prepared: PreparedNumbers;
  /** The number as dialled, and what has been made of it before it is sent anywhere. */
  readonly dialled: string;
  readonly toSend: Rewritten;
  readonly seed: number;
  /** `seed` is one of some with which the call is looked at; else it is only looked at what chance may come to. */
  readonly isSampled: boolean;
}

interface Known {
  readonly tried: Tried;
  readonly list: AttemptList;
}

interface Numbered {
  readonly attempt: CarriedAttempt;
  readonly number: number;
}

/** Of gateways that get the numbers as they are. */
interface Sending extends Pick<CarriedAttempt, 'callee' | 'caller' | 'forwarding'> {
  /** By gateway, twice: behind each normal route the protect route. By what the vendor asks. */
  readonly known: (Map<Pricing, Numbered> | undefined)[];
}

const unrated: Pricing = { kind: 'unrated' };
const missing: Pricing = { kind: 'missing' };

/** Lists of which the calls are remembered; beyond, all are forgotten. */
const mostKnown = 50_000;
/** Draws after which one that can be sent has come up, where there are such. */
const mostDraws = 4_096;
/** Ways in which callers and customers try one number. */
const mostWays = 32;

export class Attempts {
  readonly #snapshot: Snapshot;
  readonly #atMs: number;
  readonly #numbers: AttemptNumbers;
  /** By routing gateway: 1 for those that get the numbers as they are. */
  readonly #sendsAsIs: Uint8Array;
  /** By the number as dialled. */
  readonly #lists = new Map<string, Known[]>();
  #known = 0;
  /** Some gateway's numbers are left to chance. */
  readonly #drawsNumbers: boolean;
  readonly #sendings = new Map<string, Sending>();
  /** What each vendor asks for the number that was asked about last. */
  readonly #pricings = new Map<Account, Pricing>();
  #priced = '';
  readonly #tables = new Map<Account, readonly RateTable[]>();
  readonly #pricesOf = new Map<RateTable, Map<number, Pricing>>();

  constructor(snapshot: Snapshot, atMs: number, numbers: AttemptNumbers) {
    this.#snapshot = snapshot;
    this.#atMs = atMs;
    this.#numbers = numbers;
    this.#sendsAsIs = Uint8Array.from(snapshot.routingGateways, each => (sendsAsIs(each) ? 1 : 0));
    this.#drawsNumbers = snapshot.routingGateways.some(drawsNumbers);
  }

  /** Gateways, by index, that chance leaves out now and then: what they are to be sent cannot be sent. */
  keptOutByChance({ candidates, prepared }: Omit<Tried, 'isSampled'>): readonly number[] {
    if (!this.#drawsNumbers) return [];
    const toSend = { ...prepared.billing, callee: prepared.calleeToSend };
    return candidates
      .map(({ gateway }) => gateway)
      .filter(index => {
        const gateway = this.#snapshot.routingGateways[index]!;
        if (!drawsNumbers(gateway)) return false;
        const plans = dialPlansAt(this.#snapshot, gateway, this.#atMs);
        return mayBeUnusable(plans, toSend, gateway.callerPool !== null);
      });
  }

  listOf(tried: Tried): AttemptList {
    if (tried.candidates.length === 0) return this.#numbers.none;
    const known = this.#lists.get(tried.dialled);
    const same = known?.find(one => isTriedAlike(one.tried, tried));
    if (same !== undefined) return same.list;
    const list = this.#newList(tried);
    this.#remember({ tried, list }, known);
    return list;
  }

  #remember(one: Known, known: Known[] | undefined): void {
    if (this.#known++ >= mostKnown) {
      this.#lists.clear();
      this.#known = 1;
      this.#lists.set(one.tried.dialled, [one]);
      return;
    }
    if (known === undefined) this.#lists.set(one.tried.dialled, [one]);
    else if (known.length < mostWays) known.push(one);
    else known[this.#known % mostWays] = one;
  }

  #newList(tried: Tried): AttemptList {
    const ranks = new Ranks(this.#snapshot, tried.mapping, this.#atMs);
    const sending = this.#sendingOf(tried);
    const found: (Numbered & { readonly rank: number })[] = [];
    for (const candidate of tried.candidates) {
      const one =
        this.#sendsAsIs[candidate.gateway] === 1
          ? this.#sentAsIs(candidate, tried, sending)
          : this.#rewritten(candidate, tried);
      if (one === null) continue;
      found.push({ ...one, rank: ranks.of(candidate, one.attempt.price) });
    }
    if (ranks.byQuality) found.sort((a, b) => a.rank - b.rank || byName(a.attempt, b.attempt));
    return this.#numbers.list(
      found.map(({ attempt }) => attempt),
      found.map(({ rank }) => rank),
      found.map(({ number }) => number),
    );
  }

  #sendingOf({ toSend, prepared }: Tried): Sending {
    const { caller, forwarding } = prepared.billing;
    const key = JSON.stringify([toSend, caller, forwarding]);
    const known = this.#sendings.get(key);
    if (known !== undefined) return known;
    const sending = { callee: toSend, caller, forwarding, known: [] };
    this.#sendings.set(key, sending);
    return sending;
  }

  #sentAsIs({ gateway: index, protect }: RouteCandidate, { prepared }: Tried, sending: Sending): Numbered {
    const gateway = this.#snapshot.routingGateways[index]!;
    const vendor = this.#snapshot.accounts[gateway.clearingAccount]!;
    const pricing = this.#pricingOf(vendor, prepared.calleeToRate);
    const place = 2 * index + (protect ? 1 : 0);
    let known = sending.known[place];
    if (known === undefined) {
      known = new Map();
      sending.known[place] = known;
    }
    const same = known.get(pricing);
    if (same !== undefined) return same;
    const { callee, caller, forwarding } = sending;
    const sent = { callee, choices: [], caller, forwarding };
    const one = this.#numbered({ gateway, vendor, protect, ...paid(pricing), ...sent });
    known.set(pricing, one);
    return one;
  }

  /** null for a gateway that the hunt passes over because it cannot be sent these numbers. */
  #rewritten({ gateway: index, protect }: RouteCandidate, tried: Tried): Numbered | null {
    const snapshot = this.#snapshot;
    const { prepared, dialled, toSend, seed } = tried;
    const gateway = snapshot.routingGateways[index]!;
    const vendor = snapshot.accounts[gateway.clearingAccount]!;
    let numbers = prepareAttempt(snapshot, gateway, prepared, seed, this.#atMs);
    if (numbers.kind === 'invalid' && !tried.isSampled && this.keptOutByChance(tried).includes(index)) {
      for (let draw = 1; numbers.kind === 'invalid' && draw < mostDraws; draw++) {
        numbers = prepareAttempt(snapshot, gateway, prepared, draw, this.#atMs);
      }
    }
    if (numbers.kind === 'invalid') return null;
    const plans = dialPlansAt(snapshot, gateway, this.#atMs);
    const rule = plans.callee.rules.length === 0 ? null : ruleFor(plans.callee, prepared.calleeToSend);
    const egress = rewrittenBy(rule, prepared.calleeToSend, numbers.sent.callee);
    const isRandom = rule !== null && isRandomRule(rule);
    const whole = composed(toSend, isRandom ? { ...egress, put: '' } : egress);
    return this.#numbered({
      gateway,
      vendor,
      protect,
      ...paid(priceFor(snapshot, vendor, numbers.calleeToRate, this.#atMs)),
      callee: isRandom ? whole : shortened(whole, dialled),
      choices: isRandom ? choicesOf(plans.callee, prepared.calleeToSend, egress) : [],
      caller: callerSent(gateway, plans.caller, prepared.billing.caller, numbers.sent.caller),
      forwarding: forwardingSent(plans.forwarding, prepared.billing.forwarding, numbers.sent.forwarding),
    });
  }

  #numbered(attempt: CarriedAttempt): Numbered {
    return { attempt, number: this.#numbers.ofAttempt(attempt) };
  }

  #pricingOf(vendor: Account, number: string): Pricing {
    if (this.#priced !== number) {
      this.#priced = number;
      this.#pricings.clear();
    }
    const known = this.#pricings.get(vendor);
    if (known !== undefined) return known;
    const pricing = this.#findPricing(vendor, number);
    this.#pricings.set(vendor, pricing);
    return pricing;
  }

  /** As `priceFor`, which makes a new price each time. */
  #findPricing(vendor: Account, number: string): Pricing {
    const snapshot = this.#snapshot;
    if (isUnrated(snapshot, vendor, number)) return unrated;
    let tables = this.#tables.get(vendor);
    if (tables === undefined) {
      tables = rateTablesAt(snapshot, vendor, this.#atMs);
      this.#tables.set(vendor, tables);
    }
    for (const table of tables) {
      const row = findRateRow(table, number, this.#atMs);
      if (row >= 0) return isLockedRow(table, row) ? missing : this.#priceOfRow(table, row, vendor, number);
    }
    return missing;
  }

  #priceOfRow(table: RateTable, row: number, vendor: Account, number: string): Pricing {
    let rows = this.#pricesOf.get(table);
    if (rows === undefined) {
      rows = new Map();
      this.#pricesOf.set(table, rows);
    }
    const known = rows.get(row);
    if (known !== undefined) return known;
    const price = priceFor(this.#snapshot, vendor, number, this.#atMs);
    rows.set(row, price);
    return price;
  }
}

function paid(pricing: Pricing): { readonly price: Price | null; readonly priceMissing: boolean } {
  return { price: pricing.kind === 'rated' ? pricing : null, priceMissing: pricing.kind === 'missing' };
}

function byName(a: CarriedAttempt, b: CarriedAttempt): number {
  return a.gateway.name < b.gateway.name ? -1 : 1;
}

/** Both of the same number as dialled. */
function isTriedAlike(one: Tried, other: Tried): boolean {
  const { mapping, candidates, toSend, seed } = one;
  if (
    candidates.length !== other.candidates.length ||
    seed !== other.seed ||
    one.isSampled !== other.isSampled
  )
    return false;
  // Candidates are the same objects in every decision of a side.
  for (let i = 0; i < candidates.length; i++) if (candidates[i] !== other.candidates[i]) return false;
  return (
    mapping.firstRoutePolicy === other.mapping.firstRoutePolicy &&
    mapping.secondRoutePolicy === other.mapping.secondRoutePolicy &&
    toSend.drop === other.toSend.drop &&
    toSend.put === other.toSend.put &&
    toSend.whole === other.toSend.whole &&
    toSend.ofOneNumber === other.toSend.ofOneNumber &&
    isPreparedAlike(one.prepared, other.prepared)
  );
}

function isPreparedAlike(one: PreparedNumbers, other: PreparedNumbers): boolean {
  return (
    one.calleeToSend === other.calleeToSend &&
    one.calleeToRate === other.calleeToRate &&
    one.calleeToRoute === other.calleeToRoute &&
    one.billing.callee === other.billing.callee &&
    one.billing.caller === other.billing.caller &&
    one.billing.forwarding === other.billing.forwarding &&
    one.billingPrefix?.text === other.billingPrefix?.text &&
    one.lrn === other.lrn
  );
}

/** The gateway gets the numbers as they are, whatever the time. */
function sendsAsIs({ dialPlans, periodDialPlans, callerPool, rateByNumberSent }: RoutingGateway): boolean {
  if (callerPool !== null || rateByNumberSent) return false;
  return [dialPlans, ...periodDialPlans].every(plans =>
    [plans.callee, plans.caller, plans.forwarding].every(({ rules }) => rules.length === 0),
  );
}

function drawsNumbers({ dialPlans, periodDialPlans }: RoutingGateway): boolean {
  return [dialPlans, ...periodDialPlans].some(plans =>
    [plans.callee, plans.caller, plans.forwarding].some(({ rules }) => rules.some(isRandomRule)),
  );
}
