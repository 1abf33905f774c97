/** Numbers for what is told of attempts, so that outcomes can be compared without their texts: equal exactly where it is the same. */
import type { Price } from '../../call/prices.ts';
import type { Account, RateTable, RoutingGateway } from '../../config/snapshot.ts';
import { formatStages } from '../../rating/stages.ts';
import type { Rewritten } from '../space/symbolic-plan.ts';

export interface CarriedAttempt {
  readonly gateway: RoutingGateway;
  readonly vendor: Account;
  readonly protect: boolean;
  readonly price: Price | null;
  readonly priceMissing: boolean;
  readonly callee: Rewritten;
  readonly choices: readonly string[];
  readonly caller: string;
  readonly forwarding: string | null;
}

/** All that are tried for a call. */
export interface AttemptList {
  readonly attempts: readonly CarriedAttempt[];
  /** By attempt, from 0: those of the same rank stand in an order that is different from call to call. */
  readonly ranks: readonly number[];
  /** By attempt: equal for those of which the same is told, on whatever side, but for their ranks. */
  readonly numbers: readonly number[];
  /** Equal for lists of which the same is told, on whatever side. */
  readonly number: number;
  /** Equal for lists of the same gateways in the same order, with the same protect routes, on whatever side. */
  readonly order: number;
}

/** Products of these with what they are counted by are safe integers. */
const mostSent = 2 ** 32;
const mostPrices = 2 ** 26;

interface NumberedList {
  readonly ranks: readonly number[];
  readonly numbers: readonly number[];
  readonly number: number;
  /** Another list of the same hash. */
  readonly next: NumberedList | undefined;
}

/** Numbers for lists, equal for equal ones; of ranks only counts which are alike. */
class NumberedLists {
  readonly #byHash = new Map<number, NumberedList>();
  #count = 0;

  of(ranks: readonly number[], numbers: readonly number[]): number {
    let hash = 0;
    for (let i = 0; i < numbers.length; i++) {
      hash = Math.imul(hash ^ numbers[i]!, 0x9e3779b1);
      hash ^= hash >>> 15;
    }
    hash &= 0x3fffffff;
    const first = this.#byHash.get(hash);
    for (let known = first; known !== undefined; known = known.next) {
      if (isListedAlike(known, ranks, numbers)) return known.number;
    }
    this.#byHash.set(hash, { ranks, numbers, number: this.#count, next: first });
    return this.#count++;
  }
}

function isListedAlike(known: NumberedList, ranks: readonly number[], numbers: readonly number[]): boolean {
  if (known.numbers.length !== numbers.length) return false;
  for (let i = 0; i < numbers.length; i++) {
    if (known.numbers[i] !== numbers[i]) return false;
    if (i > 0 && (known.ranks[i] === known.ranks[i - 1]) !== (ranks[i] === ranks[i - 1])) return false;
  }
  return true;
}

class NumberedAttempts implements AttemptList {
  readonly attempts: readonly CarriedAttempt[];
  readonly ranks: readonly number[];
  readonly numbers: readonly number[];
  readonly number: number;
  readonly #orderOf: (list: AttemptList) => number;
  #order = -1;

  constructor(
    attempts: readonly CarriedAttempt[],
    ranks: readonly number[],
    numbers: readonly number[],
    number: number,
    orderOf: (list: AttemptList) => number,
  ) {
    this.attempts = attempts;
    this.ranks = ranks;
    this.numbers = numbers;
    this.number = number;
    this.#orderOf = orderOf;
  }

  /** Only lists that are not the same on both sides are asked for it. */
  get order(): number {
    if (this.#order < 0) this.#order = this.#orderOf(this);
    return this.#order;
  }
}

/** Of one comparison, for both sides. */
export class AttemptNumbers {
  /** By kind and price. */
  readonly #attempts = new Map<number, number>();
  /** Gateways with their vendors, by name. */
  readonly #names = new Map<string, number>();
  readonly #namesOf = new Map<RoutingGateway, number>();
  readonly #sent = new Map<string, number>();
  #lastSent: { readonly attempt: CarriedAttempt; readonly number: number } | null = null;
  /** By gateway and what it is sent. */
  readonly #kinds = new Map<number, number>();
  readonly #lists = new NumberedLists();
  readonly #prices = new Map<string, number>();
  /** By table and row, one more than the number; 0 where it is not known yet. */
  readonly #rows = new Map<RateTable, Int32Array>();
  readonly #gateways = new Map<string, number>();
  readonly #orders = new NumberedLists();
  readonly #orderOf = ({ attempts, ranks }: AttemptList): number => {
    const gateways = attempts.map(({ gateway, protect }) =>
      numberIn(this.#gateways, protect ? `${gateway.name} protect` : gateway.name),
    );
    return this.#orders.of(ranks, gateways);
  };
  readonly none: AttemptList = this.list([], [], []);

  list(
    attempts: readonly CarriedAttempt[],
    ranks: readonly number[],
    numbers: readonly number[],
  ): AttemptList {
    const number = this.#lists.of(ranks, numbers);
    return new NumberedAttempts(attempts, ranks, numbers, number, this.#orderOf);
  }

  ofAttempt(attempt: CarriedAttempt): number {
    const { protect, price, priceMissing } = attempt;
    const who = 2 * this.#nameOf(attempt) + (protect ? 1 : 0);
    const kind = numberIn(this.#kinds, who * mostSent + this.#sentOf(attempt));
    const paid = priceMissing ? 0 : this.ofPrice(price) + 2;
    return numberIn(this.#attempts, kind * mostPrices + paid);
  }

  /** A gateway is cleared by one account. */
  #nameOf({ gateway, vendor }: CarriedAttempt): number {
    let number = this.#namesOf.get(gateway);
    if (number === undefined) {
      number = numberIn(this.#names, `${gateway.name} ${vendor.name}`);
      this.#namesOf.set(gateway, number);
    }
    return number;
  }

  #sentOf(attempt: CarriedAttempt): number {
    const last = this.#lastSent;
    if (last !== null && isSentAlike(last.attempt, attempt)) return last.number;
    const number = numberIn(this.#sent, keyOfSent(attempt));
    this.#lastSent = { attempt, number };
    return number;
  }

  /** -1 for no price. */
  ofPrice(price: Price | null): number {
    if (price === null) return -1;
    const { table, row } = price;
    let rows = this.#rows.get(table);
    if (rows === undefined) {
      rows = new Int32Array(table.rowCount);
      this.#rows.set(table, rows);
    }
    if (rows[row] === 0) rows[row] = numberIn(this.#prices, keyOfPrice(price)) + 1;
    return rows[row]! - 1;
  }
}

function numberIn<Key>(numbers: Map<Key, number>, key: Key): number {
  const known = numbers.get(key);
  if (known !== undefined) return known;
  numbers.set(key, numbers.size);
  return numbers.size - 1;
}

/** Told without making keys, as most attempts of a call are. */
export function isSentAlike(one: CarriedAttempt, other: CarriedAttempt): boolean {
  return (
    one.callee === other.callee &&
    one.choices.length === 0 &&
    other.choices.length === 0 &&
    one.caller === other.caller &&
    one.forwarding === other.forwarding
  );
}

export function keyOfSent({ callee, choices, caller, forwarding }: CarriedAttempt): string {
  const chance = choices.length === 0 ? '' : `?${choices.join()}`;
  return `${callee.drop}${callee.whole ? '!' : '+'}${callee.put}${chance} ${caller} ${forwarding ?? '-'}`;
}

function keyOfPrice({ table, row, rate }: Price): string {
  const stages = rate.stages.length === 0 ? '' : formatStages(rate.stages);
  return `${table.rate[row]!}/${rate.unitSeconds}/${rate.firstIncrementSeconds}/${rate.nextIncrementSeconds}/${table.connectFee[row]!}/${rate.freeSeconds}/${stages}`;
}
