/** The attempts of calls on one side, put together once for all calls that are tried alike: customers mostly differ in what they pay. */
import { type Price, type Pricing, priceFor } from '../../call/prices.ts';
import type { MappingGateway, RoutingGateway, Snapshot } from '../../config/snapshot.ts';
import { ruleFor } from '../../routing/dial-plan/rewrite.ts';
import { dialPlansAt } from '../../routing/number-steps.ts';
import { prepareAttempt } from '../../routing/prepare-attempt.ts';
import type { PreparedNumbers } from '../../routing/prepare-numbers.ts';
import type { RouteCandidate } from '../../routing/route-decision.ts';
import { composed, isRandomRule, type Rewritten, rewrittenBy, shortened } from '../space/symbolic-plan.ts';
import type { AttemptNumbers, CarriedAttempt, Sent } from './attempt-numbers.ts';
import { Ranks } from './ranks.ts';
import type { RowPlaces } from './row-places.ts';
import { callerSent, choicesOf, forwardingSent, mayBeUnusable } from './sent.ts';
import { VendorPriceNumbers } from './vendor-price-numbers.ts';

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

/** All that are tried for a call. */
export interface AttemptList {
  /** Equal for lists of which the same is told, on whatever side. */
  readonly number: number;
  readonly length: number;
  /** `place` in the order, from 0. As this side has it. */
  gatewayAt(place: number): RoutingGateway;
  /** The row that the price stands in, as `RowPlaces` of the side numbers it. */
  rowAt(place: number): number;
}

export const emptyList: AttemptList = {
  number: 0,
  length: 0,
  gatewayAt: noAttempt,
  rowAt: noAttempt,
};

function noAttempt(place: number): never {
  throw new RangeError(`no attempt ${place} of none`);
}

class TriedList implements AttemptList {
  readonly number: number;
  readonly tried: Tried;
  /** Those of `tried` that are sent anything, in their order. */
  readonly #carriers: readonly RouteCandidate[];
  readonly #rows: Int32Array;
  readonly #gateways: readonly RoutingGateway[];

  constructor(
    tried: Tried,
    carriers: readonly RouteCandidate[],
    rows: Int32Array,
    number: number,
    gateways: readonly RoutingGateway[],
  ) {
    this.tried = tried;
    this.#carriers = carriers;
    this.#rows = rows;
    this.number = number;
    this.#gateways = gateways;
  }

  get length(): number {
    return this.#carriers.length;
  }

  gatewayAt(place: number): RoutingGateway {
    return this.#gateways[this.#carriers[place]!.gateway]!;
  }

  rowAt(place: number): number {
    return this.#rows[place]!;
  }
}

/** Of gateways that get the numbers as they are. */
interface Sending extends Sent {
  /** By gateway, twice: behind each normal route the protect route. One more than the kind; 0 where it is not known yet. */
  readonly kinds: Int32Array;
}

interface Found {
  readonly candidate: RouteCandidate;
  readonly number: number;
  readonly rank: number;
  readonly row: number;
}

/** Lists of which the calls are remembered; beyond, all are forgotten. */
const mostKnown = 50_000;
/** Draws after which one that can be sent has come up, where there are such. */
const mostDraws = 4_096;
/** Ways in which callers and customers try one number. */
const mostWays = 32;
/** In place of the number of an attempt. */
const notSent = -1;

export class Attempts {
  readonly #snapshot: Snapshot;
  readonly #atMs: number;
  readonly #numbers: AttemptNumbers;
  readonly #places: RowPlaces;
  readonly #prices: VendorPriceNumbers;
  readonly #ranks: Ranks;
  /** By routing gateway: 1 for those that get the numbers as they are. */
  readonly #sendsAsIs: Uint8Array;
  /** By the number as dialled. */
  readonly #lists = new Map<string, TriedList[]>();
  #known = 0;
  /** Some gateway's numbers are left to chance. */
  readonly #drawsNumbers: boolean;
  readonly #sendings = new Map<string, Sending>();
  #lastSending: Sending | null = null;

  constructor(snapshot: Snapshot, atMs: number, numbers: AttemptNumbers) {
    this.#snapshot = snapshot;
    this.#atMs = atMs;
    this.#numbers = numbers;
    this.#places = numbers.placesOf(snapshot);
    this.#prices = new VendorPriceNumbers(snapshot, atMs, numbers);
    this.#ranks = new Ranks(snapshot, atMs);
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
    if (tried.candidates.length === 0) return emptyList;
    const known = this.#lists.get(tried.dialled);
    const same = known?.find(one => isTriedAlike(one.tried, tried));
    if (same !== undefined) return same;
    const list = this.#newList(tried);
    this.#remember(list, known);
    return list;
  }

  #remember(list: TriedList, known: TriedList[] | undefined): void {
    const { dialled } = list.tried;
    if (this.#known++ >= mostKnown) {
      this.#lists.clear();
      this.#known = 1;
      this.#lists.set(dialled, [list]);
      return;
    }
    if (known === undefined) this.#lists.set(dialled, [list]);
    else if (known.length < mostWays) known.push(list);
    else known[this.#known % mostWays] = list;
  }

  #newList(tried: Tried): TriedList {
    const { candidates } = tried;
    const { lists } = this.#numbers;
    this.#ranks.begin(tried.mapping);
    if (this.#ranks.byQuality) return this.#listByQuality(tried);
    const sending = this.#sendingOf(tried);
    this.#prices.begin(tried.prepared.calleeToRate);
    const rows = new Int32Array(candidates.length);
    const passedOver = new Set<RouteCandidate>();
    let length = 0;
    for (const candidate of candidates) {
      const number = this.#numberOf(candidate, tried, sending);
      if (number === notSent) {
        passedOver.add(candidate);
        continue;
      }
      lists.add(number, this.#ranks.isNext(candidate, this.#prices.perSecond));
      rows[length++] = this.#prices.row;
    }
    const carriers = passedOver.size === 0 ? candidates : candidates.filter(one => !passedOver.has(one));
    return new TriedList(tried, carriers, rows, lists.finish(), this.#snapshot.routingGateways);
  }

  /** Those of the same rank by their names. */
  #listByQuality(tried: Tried): TriedList {
    const { lists } = this.#numbers;
    const sending = this.#sendingOf(tried);
    this.#prices.begin(tried.prepared.calleeToRate);
    const found: Found[] = [];
    let rank = 0;
    for (const candidate of tried.candidates) {
      const number = this.#numberOf(candidate, tried, sending);
      if (number === notSent) continue;
      if (this.#ranks.isNext(candidate, this.#prices.perSecond)) rank++;
      found.push({ candidate, number, rank, row: this.#prices.row });
    }
    const { routingGateways } = this.#snapshot;
    const nameOf = ({ candidate }: Found): string => routingGateways[candidate.gateway]!.name;
    found.sort((a, b) => a.rank - b.rank || (nameOf(a) < nameOf(b) ? -1 : 1));
    for (const [i, one] of found.entries()) lists.add(one.number, i > 0 && one.rank !== found[i - 1]!.rank);
    const carriers = found.map(({ candidate }) => candidate);
    const rows = Int32Array.from(found, ({ row }) => row);
    return new TriedList(tried, carriers, rows, lists.finish(), routingGateways);
  }

  #sendingOf({ toSend, prepared }: Tried): Sending {
    const { caller, forwarding } = prepared.billing;
    const last = this.#lastSending;
    if (last !== null && isSentAlike(last, toSend, caller, forwarding)) return last;
    const key = JSON.stringify([toSend, caller, forwarding]);
    let sending = this.#sendings.get(key);
    if (sending === undefined) {
      const kinds = new Int32Array(2 * this.#snapshot.routingGateways.length);
      sending = { callee: toSend, choices: [], caller, forwarding, kinds };
      this.#sendings.set(key, sending);
    }
    this.#lastSending = sending;
    return sending;
  }

  #numberOf(candidate: RouteCandidate, tried: Tried, sending: Sending): number {
    const { gateway, protect } = candidate;
    if (this.#sendsAsIs[gateway] === 0) return this.#numberOfRewritten(candidate, tried);
    const price = this.#prices.of(this.#snapshot.routingGateways[gateway]!.clearingAccount);
    const place = 2 * gateway + (protect ? 1 : 0);
    const kind = sending.kinds[place]! - 1;
    return this.#numbers.attemptOf(kind < 0 ? this.#kindOf(candidate, sending) : kind, price);
  }

  #kindOf({ gateway: index, protect }: RouteCandidate, sending: Sending): number {
    const gateway = this.#snapshot.routingGateways[index]!;
    const vendor = this.#snapshot.accounts[gateway.clearingAccount]!;
    const kind = this.#numbers.kindOf(gateway, vendor, protect, sending);
    sending.kinds[2 * index + (protect ? 1 : 0)] = kind + 1;
    return kind;
  }

  #numberOfRewritten(candidate: RouteCandidate, tried: Tried): number {
    const attempt = this.#rewritten(candidate, tried);
    if (attempt === null) return notSent;
    const { price } = attempt;
    this.#prices.perSecond =
      price === null ? 0 : price.table.rate[price.row]! / price.table.unitSeconds[price.row]!;
    this.#prices.row = this.#places.numberOf(price);
    return this.#numbers.numberOf(attempt);
  }

  /** null for a gateway that the hunt passes over because it cannot be sent these numbers. */
  #rewritten({ gateway: index, protect }: RouteCandidate, tried: Tried): CarriedAttempt | null {
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
    return {
      gateway,
      vendor,
      protect,
      ...paid(priceFor(snapshot, vendor, numbers.calleeToRate, this.#atMs)),
      callee: isRandom ? whole : shortened(whole, dialled),
      choices: isRandom ? choicesOf(plans.callee, prepared.calleeToSend, egress) : [],
      caller: callerSent(gateway, plans.caller, prepared.billing.caller, numbers.sent.caller),
      forwarding: forwardingSent(plans.forwarding, prepared.billing.forwarding, numbers.sent.forwarding),
    };
  }
}

function isSentAlike(
  { callee, caller, forwarding }: Sent,
  toSend: Rewritten,
  otherCaller: string,
  otherForwarding: string | null,
): boolean {
  return (
    callee.drop === toSend.drop &&
    callee.put === toSend.put &&
    callee.whole === toSend.whole &&
    callee.ofOneNumber === toSend.ofOneNumber &&
    caller === otherCaller &&
    forwarding === otherForwarding
  );
}

function paid(pricing: Pricing): { readonly price: Price | null; readonly priceMissing: boolean } {
  return { price: pricing.kind === 'rated' ? pricing : null, priceMissing: pricing.kind === 'missing' };
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
