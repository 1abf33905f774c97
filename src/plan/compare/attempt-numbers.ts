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

/** Of one comparison, for both sides. */
export class AttemptNumbers {
  readonly #attempts = new Map<string, number>();
  readonly #lists = new Map<string, number>();
  readonly #prices = new Map<string, number>();
  /** By table and row, one more than the number; 0 where it is not known yet. */
  readonly #rows = new Map<RateTable, Int32Array>();
  readonly #gateways = new Map<string, number>();
  readonly #orders = new Map<string, number>();
  readonly none: AttemptList = this.list([], [], []);

  list(
    attempts: readonly CarriedAttempt[],
    ranks: readonly number[],
    numbers: readonly number[],
  ): AttemptList {
    const gateways = attempts.map(({ gateway, protect }) =>
      numberIn(this.#gateways, protect ? `${gateway.name} protect` : gateway.name),
    );
    const number = numberIn(this.#lists, textOf(ranks, numbers));
    return { attempts, ranks, numbers, number, order: numberIn(this.#orders, textOf(ranks, gateways)) };
  }

  ofAttempt(attempt: CarriedAttempt): number {
    const { gateway, vendor, protect, price, priceMissing } = attempt;
    const paid = priceMissing ? 'none' : this.ofPrice(price);
    const key = `${gateway.name} ${vendor.name} ${protect} ${paid} ${keyOfSent(attempt)}`;
    return numberIn(this.#attempts, key);
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

function textOf(ranks: readonly number[], numbers: readonly number[]): string {
  let text = '';
  for (let i = 0; i < numbers.length; i++) {
    text += `${i > 0 && ranks[i] === ranks[i - 1] ? '&' : ','}${numbers[i]!}`;
  }
  return text;
}

function numberIn(numbers: Map<string, number>, key: string): number {
  const known = numbers.get(key);
  if (known !== undefined) return known;
  numbers.set(key, numbers.size);
  return numbers.size - 1;
}

export function keyOfSent({ callee, choices, caller, forwarding }: CarriedAttempt): string {
  const chance = choices.length === 0 ? '' : `?${choices.join()}`;
  return `${callee.drop}${callee.whole ? '!' : '+'}${callee.put}${chance} ${caller} ${forwarding ?? '-'}`;
}

function keyOfPrice({ table, row, rate }: Price): string {
  const stages = rate.stages.length === 0 ? '' : formatStages(rate.stages);
  return `${table.rate[row]!}/${rate.unitSeconds}/${rate.firstIncrementSeconds}/${rate.nextIncrementSeconds}/${table.connectFee[row]!}/${rate.freeSeconds}/${stages}`;
}
