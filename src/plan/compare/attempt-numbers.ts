/**
 * Numbers for what is told of attempts, so that outcomes can be compared without their texts: equal exactly where the
 * same is told, on whatever side.
 */
import type { Price } from '../../call/prices.ts';
import type { Account, RateTable, RoutingGateway, Snapshot } from '../../config/snapshot.ts';
import { type Rate, rateOfRow } from '../../rating/rate-table.ts';
import { formatStages } from '../../rating/stages.ts';
import type { Rewritten } from '../space/symbolic-plan.ts';
import { AttemptLists } from './attempt-lists.ts';
import { NumberPairs } from './number-pairs.ts';
import { RowPlaces } from './row-places.ts';

/** What a gateway is sent. */
export interface Sent {
  readonly callee: Rewritten;
  readonly choices: readonly string[];
  readonly caller: string;
  readonly forwarding: string | null;
}

export interface CarriedAttempt extends Sent {
  readonly gateway: RoutingGateway;
  readonly vendor: Account;
  readonly protect: boolean;
  readonly price: Price | null;
  readonly priceMissing: boolean;
}

/** A gateway in one role. */
export interface Asked {
  readonly gateway: string;
  /** The vendor's. */
  readonly account: string;
  readonly protect: boolean;
  /** Equal for equal gateways, whatever their role. */
  readonly number: number;
}

/** Where a price stands, on the side where it was met first. */
interface PriceRow {
  readonly table: RateTable;
  readonly row: number;
  readonly freeSeconds: number;
}

/** In place of the number of a price. */
export const noPrice = -1;
export const missingPrice = -2;

/** Of one comparison, for both sides. */
export class AttemptNumbers {
  readonly lists = new AttemptLists();
  readonly asked: Asked[] = [];
  readonly sent: Sent[] = [];
  readonly #prices: PriceRow[] = [];
  readonly #gateways = new Map<string, number>();
  readonly #gatewayNames: string[] = [];
  readonly #askedByName = new Map<string, number>();
  /** A gateway is cleared by one account. By its role. */
  readonly #askedOf = [new Map<RoutingGateway, number>(), new Map<RoutingGateway, number>()] as const;
  readonly #sentByKey = new Map<string, number>();
  #lastSent: { readonly sent: Sent; readonly number: number } | null = null;
  /** Who is asked and what is sent. */
  readonly #kinds = new NumberPairs();
  /** The kind, and by what price. */
  readonly #attempts = new NumberPairs();
  /** By free seconds, table and row, one more than the number; 0 where it is not known yet. */
  readonly #rows = new Map<number, Map<RateTable, Int32Array>>();
  /** By all that a price says but its rate, then by that. */
  readonly #byShape = new Map<string, Map<number, number>>();
  #lastShape: { readonly of: Omit<Rate, 'ratePerUnit'>; readonly byRate: Map<number, number> } | null = null;

  readonly #places = new Map<Snapshot, RowPlaces>();
  readonly #roleOf = (attempt: number): number => {
    const { number, protect } = this.asked[this.whoOf(attempt)]!;
    return 2 * number + (protect ? 1 : 0);
  };

  placesOf(snapshot: Snapshot): RowPlaces {
    let places = this.#places.get(snapshot);
    if (places === undefined) {
      places = new RowPlaces(snapshot);
      this.#places.set(snapshot, places);
    }
    return places;
  }

  /** By the number that gateways of its name have. */
  gatewayName(number: number): string {
    return this.#gatewayNames[number]!;
  }

  /** Of a gateway in its role with what it is sent. */
  kindOf(gateway: RoutingGateway, vendor: Account, protect: boolean, sent: Sent): number {
    return this.#kinds.of(this.#whoIs(gateway, vendor, protect), this.#sentNumber(sent));
  }

  /** `price` is the number of one, or stands in its place. */
  attemptOf(kind: number, price: number): number {
    return this.#attempts.of(kind, price);
  }

  numberOf(attempt: CarriedAttempt): number {
    const { gateway, vendor, protect, price, priceMissing } = attempt;
    const kind = this.kindOf(gateway, vendor, protect, attempt);
    return this.attemptOf(kind, priceMissing ? missingPrice : this.ofPrice(price));
  }

  /** Numbers of `asked`, of `sent` and of the price, for the number of an attempt. */
  whoOf(attempt: number): number {
    return this.#kinds.first(this.#attempts.first(attempt));
  }

  sentOf(attempt: number): number {
    return this.#kinds.second(this.#attempts.first(attempt));
  }

  priceOf(attempt: number): number {
    return this.#attempts.second(attempt);
  }

  /** Equal for lists of the same gateways in the same order, with the same protect routes. */
  orderOf(list: number): number {
    return this.lists.orderOf(list, this.#roleOf);
  }

  ofPrice(price: Price | null): number {
    if (price === null) return noPrice;
    const { table, row, rate } = price;
    const rows = this.rowsOf(table, rate.freeSeconds);
    if (rows[row] === 0) rows[row] = this.#numberRate(table, row, rate) + 1;
    return rows[row]! - 1;
  }

  /** `usualFreeSeconds` are those of the side; `rows` are `rowsOf` the table and them. */
  ofRow(table: RateTable, row: number, usualFreeSeconds: number, rows: Int32Array): number {
    if (rows[row] === 0) {
      const price = this.#numberRate(table, row, rateOfRow(table, row, usualFreeSeconds));
      rows[row] = price + 1;
    }
    return rows[row]! - 1;
  }

  /** Of rows that say nothing of free seconds, or this very number. */
  rowsOf(table: RateTable, freeSeconds: number): Int32Array {
    let tables = this.#rows.get(freeSeconds);
    if (tables === undefined) {
      tables = new Map();
      this.#rows.set(freeSeconds, tables);
    }
    let rows = tables.get(table);
    if (rows === undefined) {
      rows = new Int32Array(table.rowCount);
      tables.set(table, rows);
    }
    return rows;
  }

  rate(price: number): Rate {
    const { table, row, freeSeconds } = this.#prices[price]!;
    return rateOfRow(table, row, freeSeconds);
  }

  #whoIs(gateway: RoutingGateway, vendor: Account, protect: boolean): number {
    const known = this.#askedOf[protect ? 1 : 0].get(gateway);
    if (known !== undefined) return known;
    const key = `${gateway.name} ${vendor.name} ${protect}`;
    let number = this.#askedByName.get(key);
    if (number === undefined) {
      number = this.asked.length;
      const ofGateway = numberIn(this.#gateways, gateway.name);
      this.#gatewayNames[ofGateway] = gateway.name;
      this.asked.push({ gateway: gateway.name, account: vendor.name, protect, number: ofGateway });
      this.#askedByName.set(key, number);
    }
    this.#askedOf[protect ? 1 : 0].set(gateway, number);
    return number;
  }

  #sentNumber(sent: Sent): number {
    const last = this.#lastSent;
    if (last !== null && isSentAlike(last.sent, sent)) return last.number;
    const key = keyOfSent(sent);
    let number = this.#sentByKey.get(key);
    if (number === undefined) {
      const { callee, choices, caller, forwarding } = sent;
      number = this.sent.length;
      this.sent.push({ callee, choices, caller, forwarding });
      this.#sentByKey.set(key, number);
    }
    this.#lastSent = { sent, number };
    return number;
  }

  #numberRate(table: RateTable, row: number, rate: Rate): number {
    const byRate = this.#shapeOf(table, row, rate);
    const perUnit = table.rate[row]!;
    let number = byRate.get(perUnit);
    if (number === undefined) {
      number = this.#prices.length;
      this.#prices.push({ table, row, freeSeconds: rate.freeSeconds });
      byRate.set(perUnit, number);
    }
    return number;
  }

  #shapeOf(table: RateTable, row: number, rate: Rate): Map<number, number> {
    const last = this.#lastShape;
    if (last !== null && isShapedAlike(last.of, rate)) return last.byRate;
    const { unitSeconds, firstIncrementSeconds, nextIncrementSeconds, freeSeconds } = rate;
    const stages = rate.stages.length === 0 ? '' : formatStages(rate.stages);
    const key = `${unitSeconds}/${firstIncrementSeconds}/${nextIncrementSeconds}/${table.connectFee[row]!}/${freeSeconds}/${stages}`;
    let byRate = this.#byShape.get(key);
    if (byRate === undefined) {
      byRate = new Map();
      this.#byShape.set(key, byRate);
    }
    this.#lastShape = { of: rate, byRate };
    return byRate;
  }
}

function numberIn<Key>(numbers: Map<Key, number>, key: Key): number {
  const known = numbers.get(key);
  if (known !== undefined) return known;
  numbers.set(key, numbers.size);
  return numbers.size - 1;
}

/** Told without making keys, as most rows of a deck are. */
function isShapedAlike(one: Omit<Rate, 'ratePerUnit'>, other: Omit<Rate, 'ratePerUnit'>): boolean {
  return (
    one.stages.length === 0 &&
    other.stages.length === 0 &&
    one.unitSeconds === other.unitSeconds &&
    one.firstIncrementSeconds === other.firstIncrementSeconds &&
    one.nextIncrementSeconds === other.nextIncrementSeconds &&
    one.connectFee === other.connectFee &&
    one.freeSeconds === other.freeSeconds
  );
}

/** Told without making keys, as most attempts of a call are. */
function isSentAlike(one: Sent, other: Sent): boolean {
  return (
    one.callee === other.callee &&
    one.choices.length === 0 &&
    other.choices.length === 0 &&
    one.caller === other.caller &&
    one.forwarding === other.forwarding
  );
}

export function keyOfSent({ callee, choices, caller, forwarding }: Sent): string {
  const chance = choices.length === 0 ? '' : `?${choices.join()}`;
  return `${callee.drop}${callee.whole ? '!' : '+'}${callee.put}${chance} ${caller} ${forwarding ?? '-'}`;
}
