/** What becomes of a call, as text that is equal exactly when it is the same for callers, customers and vendors, and as a plan has it. */
import type { Price } from '../../call/prices.ts';
import type { RateTable, RoutingGateway, Snapshot } from '../../config/snapshot.ts';
import { exampleCharge, marginPercent } from '../../explain/prices.ts';
import { formatRate } from '../../rating/decimal.ts';
import { type Money, money, moneyText, noMoney } from '../../rating/money.ts';
import { formatStages } from '../../rating/stages.ts';
import type { Outcome, PlannedAttempt, PlannedRate, SentNumbers } from '../plan.ts';
import type { CarriedAttempt, ServedCall, ServedCalls } from './side-calls.ts';

/** Of one comparison: a large network has the same prices and numbers in very many outcomes, which share them. */
export class Outcomes {
  readonly #attempts = new Map<string, number>();
  /** Most attempts are told by their gateway and what its vendor asks: numbers of such gateways. */
  readonly #plain = new Map<RoutingGateway, number>();
  readonly #plainByText = new Map<string, number>();
  readonly #rows = new Map<RateTable, Int32Array>();
  readonly #priceNumbers = new Map<string, number>();
  readonly #prices = new Map<string, PlannedRate>();
  readonly #planned = new Map<string, PlannedAttempt>();
  readonly #sent = new Map<string, SentNumbers>();
  readonly #charges = new WeakMap<RateTable, Map<number, Money>>();

  /** Equal for equal outcomes, on whatever side; without what people read alone. */
  keyOfCalls({ calls }: Pick<ServedCalls, 'calls'>): string {
    if (calls.length === 1) return this.keyOfCall(calls[0]!);
    return [...new Set(calls.map(call => this.keyOfCall(call)))].sort().join('\n');
  }

  keyOfCall({ refusal, price, attempts }: ServedCall): string {
    let key = `${refusal ?? ''}|${keyOfPrice(price)}|`;
    let rank = 0;
    for (const attempt of attempts) {
      key += `${attempt.rank === rank ? '&' : ','}${this.#textOf(attempt)}`;
      rank = attempt.rank;
    }
    return key;
  }

  /** Of all that is equal about an attempt but for its rank. */
  #textOf(attempt: CarriedAttempt): string {
    if (!isPlain(attempt)) return `${this.#numberOfText(attempt)}`;
    const { gateway, vendor, protect } = attempt;
    let plain = this.#plain.get(gateway);
    if (plain === undefined) {
      const key = `${gateway.name} ${vendor.name} ${protect}`;
      plain = this.#plainByText.get(key) ?? this.#plainByText.size;
      this.#plainByText.set(key, plain);
      this.#plain.set(gateway, plain);
    }
    const { price, priceMissing } = attempt;
    if (price === null) return `${plain}${priceMissing ? '.none' : '.free'}`;
    return `${plain}.${this.#numberOfPrice(price)}`;
  }

  #numberOfPrice(price: Price): number {
    const { table, row } = price;
    let rows = this.#rows.get(table);
    if (rows === undefined) {
      rows = new Int32Array(table.rowCount).fill(-1);
      this.#rows.set(table, rows);
    }
    const known = rows[row]!;
    if (known >= 0) return known;
    const key = keyOfPrice(price);
    const number = this.#priceNumbers.get(key) ?? this.#priceNumbers.size;
    this.#priceNumbers.set(key, number);
    rows[row] = number;
    return number;
  }

  #numberOfText(attempt: CarriedAttempt): number {
    const { gateway, vendor, protect, price, priceMissing } = attempt;
    const paid = priceMissing ? 'none' : keyOfPrice(price);
    const key = `${gateway.name} ${vendor.name} ${protect} ${paid} ${keyOfSent(attempt)}`;
    const known = this.#attempts.get(key);
    if (known !== undefined) return known;
    const number = this.#attempts.size;
    this.#attempts.set(key, number);
    return number;
  }

  /** Each once, in a stable order. */
  of(snapshot: Snapshot, { calls }: ServedCalls): Outcome[] {
    if (calls.length === 1) return [this.#outcome(snapshot, calls[0]!, calls)];
    const byKey = new Map<string, ServedCall[]>();
    for (const call of calls) {
      const key = this.keyOfCall(call);
      const known = byKey.get(key);
      if (known === undefined) byKey.set(key, [call]);
      else known.push(call);
    }
    return [...byKey.values()]
      .map(same => this.#outcome(snapshot, same[0]!, same))
      .map(outcome => ({ outcome, text: JSON.stringify(outcome) }))
      .sort((a, b) => (a.text < b.text ? -1 : 1))
      .map(({ outcome }) => outcome);
  }

  #outcome(snapshot: Snapshot, call: ServedCall, same: readonly ServedCall[]): Outcome {
    const chances = [...new Set(same.map(({ chance }) => chance))].filter(chance => chance !== null);
    const charge = this.#chargeOf(snapshot, call.price);
    return {
      refusal: call.refusal,
      rate: this.#rateOf(call.price),
      attempts: call.attempts.map(attempt => this.#attempt(snapshot, charge, attempt)),
      chance: chances.length === 0 ? null : chances.sort().join('; '),
    };
  }

  #attempt(snapshot: Snapshot, charge: Money, attempt: CarriedAttempt): PlannedAttempt {
    const key = `${this.#textOf(attempt)} ${attempt.rank} ${charge}`;
    const known = this.#planned.get(key);
    if (known !== undefined) return known;
    const planned = this.#newAttempt(snapshot, charge, attempt);
    this.#planned.set(key, planned);
    return planned;
  }

  #newAttempt(snapshot: Snapshot, charge: Money, attempt: CarriedAttempt): PlannedAttempt {
    const { gateway, vendor, protect, rank, price, priceMissing } = attempt;
    const margin = money(charge - this.#chargeOf(snapshot, price));
    return {
      gateway: gateway.name,
      account: vendor.name,
      protect,
      rank,
      rate: this.#rateOf(price),
      rateMissing: priceMissing,
      sent: this.#sentOf(attempt),
      margin: priceMissing ? null : moneyText(margin),
      marginPercent: priceMissing ? null : marginPercent(margin, charge),
    };
  }

  #chargeOf(snapshot: Snapshot, price: Price | null): Money {
    if (price === null) return noMoney;
    const charges = this.#charges.get(price.table) ?? new Map<number, Money>();
    this.#charges.set(price.table, charges);
    const known = charges.get(price.row);
    if (known !== undefined) return known;
    const charge = exampleCharge(snapshot, price);
    charges.set(price.row, charge);
    return charge;
  }

  #rateOf(price: Price | null): PlannedRate | null {
    if (price === null) return null;
    const key = keyOfPrice(price);
    const known = this.#prices.get(key);
    if (known !== undefined) return known;
    const { rate } = price;
    const planned = {
      rate: formatRate(rate.ratePerUnit),
      unitSeconds: rate.unitSeconds,
      increments: `${rate.firstIncrementSeconds}/${rate.nextIncrementSeconds}`,
      connectFee: formatRate(rate.connectFee),
      freeSeconds: rate.freeSeconds,
      stages: formatStages(rate.stages),
    };
    this.#prices.set(key, planned);
    return planned;
  }

  #sentOf(attempt: CarriedAttempt): SentNumbers {
    const key = keyOfSent(attempt);
    const known = this.#sent.get(key);
    if (known !== undefined) return known;
    const { callee, choices, caller, forwarding } = attempt;
    const sent = { callee: { ...callee, choices }, caller, forwarding };
    this.#sent.set(key, sent);
    return sent;
  }
}

/** It is sent the number as dialled by a caller who does not tell one. */
function isPlain({ callee, choices, caller, forwarding }: CarriedAttempt): boolean {
  const isUntouched = callee.drop === 0 && callee.put === '' && !callee.whole;
  return isUntouched && choices.length === 0 && caller === '' && forwarding === null;
}

function keyOfSent({ callee, choices, caller, forwarding }: CarriedAttempt): string {
  const chance = choices.length === 0 ? '' : `?${choices.join()}`;
  return `${callee.drop}${callee.whole ? '!' : '+'}${callee.put}${chance} ${caller} ${forwarding ?? '-'}`;
}

function keyOfPrice(price: Price | null): string {
  if (price === null) return '';
  const { table, row, rate } = price;
  const stages = rate.stages.length === 0 ? '' : formatStages(rate.stages);
  return `${table.rate[row]!}/${rate.unitSeconds}/${rate.firstIncrementSeconds}/${rate.nextIncrementSeconds}/${table.connectFee[row]!}/${rate.freeSeconds}/${stages}`;
}
