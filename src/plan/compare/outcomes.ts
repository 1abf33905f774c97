/** What becomes of a call as a plan has it, and numbers that are equal exactly when it is the same for callers, customers and vendors. */
import type { Snapshot } from '../../config/snapshot.ts';
import { exampleSeconds } from '../../explain/prices.ts';
import { chargeFor } from '../../rating/charge.ts';
import { formatRate } from '../../rating/decimal.ts';
import { type Money, noMoney } from '../../rating/money.ts';
import { formatStages } from '../../rating/stages.ts';
import type { Outcome, PlannedAttempt, PlannedRate, SentNumbers } from '../plan.ts';
import { type AttemptNumbers, missingPrice, noPrice } from './attempt-numbers.ts';
import { marginTexts } from './margin-texts.ts';
import { NumberPairs } from './number-pairs.ts';
import type { ServedCall } from './side-calls.ts';

type Calls = readonly Pick<ServedCall, 'refusal' | 'price' | 'list' | 'chance'>[];

const unknownMargin = { margin: null, marginPercent: null };

/** Of one comparison: a large network has the same prices and numbers in very many outcomes, which share them. */
export class Outcomes {
  readonly #numbers: AttemptNumbers;
  readonly #refusals: (string | null)[] = [null];
  /** Refusals, by their numbers, and prices. */
  readonly #answers = new NumberPairs();
  /** Answers and lists. */
  readonly #outcomes = new NumberPairs();
  /** Of several outcomes that chance may come to, by their numbers: from -1 down. */
  readonly #several = new Map<string, number>();
  readonly #rates: (PlannedRate | undefined)[] = [];
  readonly #sent: (SentNumbers | undefined)[] = [];
  /** By the precision of fees, then by price. */
  readonly #charges = new Map<number, (Money | undefined)[]>();

  constructor(numbers: AttemptNumbers) {
    this.#numbers = numbers;
  }

  /** Equal for equal outcomes, on whatever side; without what people read alone. */
  numberOfCalls(calls: Calls): number {
    if (calls.length === 1) return this.numberOfCall(calls[0]!);
    const numbers = [...new Set(calls.map(call => this.numberOfCall(call)))].sort((a, b) => a - b);
    if (numbers.length === 1) return numbers[0]!;
    const key = numbers.join();
    const known = this.#several.get(key);
    if (known !== undefined) return known;
    const number = -1 - this.#several.size;
    this.#several.set(key, number);
    return number;
  }

  numberOfCall({ refusal, price, list }: Calls[number]): number {
    let ofRefusal = 0;
    if (refusal !== null) {
      ofRefusal = this.#refusals.indexOf(refusal);
      if (ofRefusal < 0) ofRefusal = this.#refusals.push(refusal) - 1;
    }
    return this.#outcomes.of(this.#answers.of(ofRefusal, this.#numbers.ofPrice(price)), list.number);
  }

  /** Of the number of one outcome. */
  refusalOf(outcome: number): string | null {
    return this.#refusals[this.#answers.first(this.#outcomes.first(outcome))]!;
  }

  /** The number of the price, or what stands in its place. */
  priceOf(outcome: number): number {
    return this.#answers.second(this.#outcomes.first(outcome));
  }

  listOf(outcome: number): number {
    return this.#outcomes.second(outcome);
  }

  /** What 60 s come to, for the number of a price or what stands in its place. */
  chargesOf({ parameters }: Snapshot): (price: number) => Money {
    const { feePrecision } = parameters;
    let charges = this.#charges.get(feePrecision);
    if (charges === undefined) {
      charges = [];
      this.#charges.set(feePrecision, charges);
    }
    const known = charges;
    return price => {
      if (price < 0) return noMoney;
      let charge = known[price];
      if (charge === undefined) {
        charge = chargeFor(this.#numbers.rate(price), exampleSeconds, feePrecision).amount;
        keep(known, price, charge);
      }
      return charge;
    };
  }

  /** Of one side's calls, each once, in a stable order. */
  ofCalls(snapshot: Snapshot, calls: Calls): Outcome[] {
    const charges = this.chargesOf(snapshot);
    if (calls.length === 1) return [this.outcome(this.numberOfCall(calls[0]!), calls[0]!.chance, charges)];
    const byNumber = new Map<number, (string | null)[]>();
    for (const call of calls) {
      const number = this.numberOfCall(call);
      const known = byNumber.get(number);
      if (known === undefined) byNumber.set(number, [call.chance]);
      else known.push(call.chance);
    }
    return [...byNumber]
      .map(([number, chances]) => this.outcome(number, chanceText(chances), charges))
      .map(outcome => ({ outcome, text: JSON.stringify(outcome) }))
      .sort((a, b) => (a.text < b.text ? -1 : 1))
      .map(({ outcome }) => outcome);
  }

  /** What the customer sees of it. */
  answer(number: number): Pick<Outcome, 'refusal' | 'rate'> {
    return { refusal: this.refusalOf(number), rate: this.#rateOf(this.priceOf(number)) };
  }

  outcome(number: number, chance: string | null, charges: (price: number) => Money): Outcome {
    const price = this.priceOf(number);
    const { lists } = this.#numbers;
    const list = this.listOf(number);
    const charge = charges(price);
    const attempts: PlannedAttempt[] = [];
    let rank = 0;
    for (let place = 0; place < lists.lengthOf(list); place++) {
      if (lists.beginsRankAt(list, place)) rank++;
      attempts.push(this.#attempt(lists.attemptAt(list, place), rank, charge, charges));
    }
    return { refusal: this.refusalOf(number), rate: this.#rateOf(price), attempts, chance };
  }

  #attempt(attempt: number, rank: number, charge: Money, charges: (price: number) => Money): PlannedAttempt {
    const { gateway, account, protect } = this.#numbers.asked[this.#numbers.whoOf(attempt)]!;
    const price = this.#numbers.priceOf(attempt);
    const rateMissing = price === missingPrice;
    const left = rateMissing ? unknownMargin : marginTexts(charge, charges(price));
    return {
      gateway,
      account,
      protect,
      rank,
      rate: this.#rateOf(price),
      rateMissing,
      sent: this.#sentOf(this.#numbers.sentOf(attempt)),
      margin: left.margin,
      marginPercent: left.marginPercent,
    };
  }

  #rateOf(price: number): PlannedRate | null {
    if (price === noPrice || price === missingPrice) return null;
    const known = this.#rates[price];
    if (known !== undefined) return known;
    const rate = this.#numbers.rate(price);
    const planned = {
      rate: formatRate(rate.ratePerUnit),
      unitSeconds: rate.unitSeconds,
      increments: `${rate.firstIncrementSeconds}/${rate.nextIncrementSeconds}`,
      connectFee: formatRate(rate.connectFee),
      freeSeconds: rate.freeSeconds,
      stages: formatStages(rate.stages),
    };
    keep(this.#rates, price, planned);
    return planned;
  }

  #sentOf(number: number): SentNumbers {
    const known = this.#sent[number];
    if (known !== undefined) return known;
    const { callee, choices, caller, forwarding } = this.#numbers.sent[number]!;
    const { drop, put, whole } = callee;
    const sent = { callee: { drop, put, whole, choices }, caller, forwarding };
    keep(this.#sent, number, sent);
    return sent;
  }
}

function chanceText(all: readonly (string | null)[]): string | null {
  const chances = [...new Set(all)].filter(chance => chance !== null);
  return chances.length === 0 ? null : chances.sort().join('; ');
}

/** Without holes, which would make the list slow. */
function keep<Item>(items: (Item | undefined)[], index: number, item: Item): void {
  while (items.length < index) items.push(undefined);
  items[index] = item;
}
