/** What becomes of a call as a plan has it, and keys that are equal exactly when it is the same for callers, customers and vendors. */
import type { Price } from '../../call/prices.ts';
import type { RateTable, Snapshot } from '../../config/snapshot.ts';
import { exampleCharge } from '../../explain/prices.ts';
import { formatRate } from '../../rating/decimal.ts';
import { type Money, noMoney } from '../../rating/money.ts';
import { formatStages } from '../../rating/stages.ts';
import type { Outcome, PlannedAttempt, PlannedRate, SentNumbers } from '../plan.ts';
import { type AttemptNumbers, type CarriedAttempt, isSentAlike, keyOfSent } from './attempt-numbers.ts';
import { marginTexts } from './margin-texts.ts';
import type { ServedCall, ServedCalls } from './side-calls.ts';

/** By number and rank of the attempt, with what the customer was charged for it. */
type Planned = Map<number, { readonly charge: Money; readonly attempt: PlannedAttempt }>;

const mostRanks = 65_536;
const unknownMargin = { margin: null, marginPercent: null };

/** Of one comparison: a large network has the same prices and numbers in very many outcomes, which share them. */
export class Outcomes {
  readonly #numbers: AttemptNumbers;
  /** By their numbers. */
  readonly #prices: PlannedRate[] = [];
  readonly #sent = new Map<string, SentNumbers>();
  #lastSent: { readonly attempt: CarriedAttempt; readonly sent: SentNumbers } | null = null;
  /** By the precision of fees, then by table and row. */
  readonly #charges = new Map<number, Map<RateTable, Map<number, Money>>>();

  constructor(numbers: AttemptNumbers) {
    this.#numbers = numbers;
  }

  /** Equal for equal outcomes, on whatever side; without what people read alone. */
  keyOfCalls({ calls }: Pick<ServedCalls, 'calls'>): string {
    if (calls.length === 1) return this.keyOfCall(calls[0]!);
    return [...new Set(calls.map(call => this.keyOfCall(call)))].sort().join('\n');
  }

  keyOfCall({ refusal, price, list }: ServedCall): string {
    return `${refusal ?? ''}|${this.#numbers.ofPrice(price)}|${list.number}`;
  }

  /** Of both sides, each once, in a stable order. */
  ofBoth(
    before: Snapshot,
    old: ServedCalls,
    after: Snapshot,
    now: ServedCalls,
  ): readonly [Outcome[], Outcome[]] {
    // Most attempts are the same on both sides.
    const planned: Planned = new Map();
    const outcomes = this.#of(before, old, planned);
    if (before.parameters.feePrecision !== after.parameters.feePrecision) planned.clear();
    return [outcomes, this.#of(after, now, planned)];
  }

  #of(snapshot: Snapshot, { calls }: ServedCalls, planned: Planned): Outcome[] {
    if (calls.length === 1) return [this.#outcome(snapshot, calls[0]!, calls, planned)];
    const byKey = new Map<string, ServedCall[]>();
    for (const call of calls) {
      const key = this.keyOfCall(call);
      const known = byKey.get(key);
      if (known === undefined) byKey.set(key, [call]);
      else known.push(call);
    }
    return [...byKey.values()]
      .map(same => this.#outcome(snapshot, same[0]!, same, new Map()))
      .map(outcome => ({ outcome, text: JSON.stringify(outcome) }))
      .sort((a, b) => (a.text < b.text ? -1 : 1))
      .map(({ outcome }) => outcome);
  }

  #outcome(snapshot: Snapshot, call: ServedCall, same: readonly ServedCall[], planned: Planned): Outcome {
    const chances = [...new Set(same.map(({ chance }) => chance))].filter(chance => chance !== null);
    return {
      refusal: call.refusal,
      rate: this.#rateOf(call.price),
      attempts: this.#attemptsOf(snapshot, call, planned),
      chance: chances.length === 0 ? null : chances.sort().join('; '),
    };
  }

  #attemptsOf(snapshot: Snapshot, { price, list }: ServedCall, planned: Planned): PlannedAttempt[] {
    const charge = this.#chargeOf(snapshot, price);
    return list.attempts.map((attempt, i) => {
      const rank = list.ranks[i]!;
      const key = list.numbers[i]! * mostRanks + rank;
      const known = planned.get(key);
      if (known !== undefined && known.charge === charge) return known.attempt;
      const made = this.#attempt(snapshot, charge, attempt, rank);
      planned.set(key, { charge, attempt: made });
      return made;
    });
  }

  #attempt(snapshot: Snapshot, charge: Money, attempt: CarriedAttempt, rank: number): PlannedAttempt {
    const { gateway, vendor, protect, price, priceMissing } = attempt;
    const left = priceMissing ? unknownMargin : marginTexts(charge, this.#chargeOf(snapshot, price));
    return {
      gateway: gateway.name,
      account: vendor.name,
      protect,
      rank,
      rate: this.#rateOf(price),
      rateMissing: priceMissing,
      sent: this.#sentOf(attempt),
      margin: left.margin,
      marginPercent: left.marginPercent,
    };
  }

  #chargeOf(snapshot: Snapshot, price: Price | null): Money {
    if (price === null) return noMoney;
    const charges = this.#chargesBy(snapshot.parameters.feePrecision, price.table);
    const known = charges.get(price.row);
    if (known !== undefined) return known;
    const charge = exampleCharge(snapshot, price);
    charges.set(price.row, charge);
    return charge;
  }

  #chargesBy(feePrecision: number, table: RateTable): Map<number, Money> {
    let tables = this.#charges.get(feePrecision);
    if (tables === undefined) {
      tables = new Map();
      this.#charges.set(feePrecision, tables);
    }
    let charges = tables.get(table);
    if (charges === undefined) {
      charges = new Map();
      tables.set(table, charges);
    }
    return charges;
  }

  #rateOf(price: Price | null): PlannedRate | null {
    if (price === null) return null;
    const number = this.#numbers.ofPrice(price);
    const known = this.#prices[number];
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
    this.#prices[number] = planned;
    return planned;
  }

  #sentOf(attempt: CarriedAttempt): SentNumbers {
    const last = this.#lastSent;
    if (last !== null && isSentAlike(last.attempt, attempt)) return last.sent;
    const key = keyOfSent(attempt);
    let sent = this.#sent.get(key);
    if (sent === undefined) {
      const { choices, caller, forwarding } = attempt;
      const { drop, put, whole } = attempt.callee;
      sent = { callee: { drop, put, whole, choices }, caller, forwarding };
      this.#sent.set(key, sent);
    }
    this.#lastSent = { attempt, sent };
    return sent;
  }
}
