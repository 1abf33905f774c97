/**
 * What is told of a difference where nothing is left to chance: by the numbers of the outcomes, and as a whole once
 * somebody asks. A large change makes hundreds of thousands of differences with dozens of attempts each.
 */
import { type Money, money } from '../../rating/money.ts';
import type { Answer, Loss, MarginChange } from '../known-facts.ts';
import type { ChangeKind, Outcome } from '../plan.ts';
import { type AttemptNumbers, missingPrice } from './attempt-numbers.ts';
import { kindsOf, severity } from './kinds.ts';
import { marginTexts } from './margin-texts.ts';
import type { Outcomes } from './outcomes.ts';

/** What there is to tell of both sides. */
export interface Told {
  readonly before: readonly Outcome[];
  readonly after: readonly Outcome[];
  /** The most severe first. */
  readonly kinds: readonly ChangeKind[];
}

export function toldOutcomes(before: readonly Outcome[], after: readonly Outcome[]): Told {
  return { before, after, kinds: kindsOf(before, after) };
}

/** One outcome of a side, and what 60 s come to there. */
interface ToldSide {
  readonly outcome: number;
  readonly chance: string | null;
  readonly charges: (price: number) => Money;
}

/** Of one comparison: room to work in. */
export class Teller {
  readonly outcomes: Outcomes;
  readonly numbers: AttemptNumbers;
  readonly #kinds = new Map<number, readonly ChangeKind[]>();
  /** By gateway, of the old side. */
  readonly #attempts: number[] = [];
  readonly #ranks: number[] = [];
  readonly #losing: boolean[] = [];
  readonly #seenIn: number[] = [];
  #told = 0;
  #lastWords: { readonly of: Told; readonly words: readonly [Outcome[], Outcome[]] } | null = null;

  constructor(outcomes: Outcomes, numbers: AttemptNumbers) {
    this.outcomes = outcomes;
    this.numbers = numbers;
  }

  /** Who asks for one side mostly asks for the other one, too. */
  wordsOf(told: Told, before: ToldSide, after: ToldSide): readonly [Outcome[], Outcome[]] {
    if (this.#lastWords?.of !== told) {
      this.#lastWords = { of: told, words: [[this.#outcome(before)], [this.#outcome(after)]] };
    }
    return this.#lastWords.words;
  }

  /** As `kindsOf` has it. */
  kindsOf(before: ToldSide, after: ToldSide): readonly ChangeKind[] {
    const { outcomes } = this;
    const [was, is] = [outcomes.refusalOf(before.outcome), outcomes.refusalOf(after.outcome)];
    let kinds = 0;
    if (was === null && is !== null) kinds |= bits.unroutable;
    else if (was !== null && is === null) kinds |= bits.routable;
    else if (was !== is) kinds |= bits.refusal;
    const isRepriced = outcomes.priceOf(before.outcome) !== outcomes.priceOf(after.outcome);
    if (isRepriced && was === null && is === null) kinds |= bits.customerRate;
    this.#noteBefore(before);
    kinds |= this.#compareAttempts(before, after, is === null);
    return this.#listed(kinds);
  }

  /** Gateways of the one that the other one does not have, in their order. */
  namesMissing(one: ToldSide, other: ToldSide): readonly string[] {
    const { numbers, outcomes } = this;
    const [list, without] = [outcomes.listOf(one.outcome), outcomes.listOf(other.outcome)];
    if (list === without || numbers.orderOf(list) === numbers.orderOf(without)) return [];
    const told = ++this.#told;
    for (let place = 0; place < numbers.lists.lengthOf(without); place++) {
      this.#seenIn[this.#gatewayAt(without, place)] = told;
    }
    const names: string[] = [];
    for (let place = 0; place < numbers.lists.lengthOf(list); place++) {
      if (this.#seenIn[this.#gatewayAt(list, place)] === told) continue;
      names.push(numbers.asked[numbers.whoOf(numbers.lists.attemptAt(list, place))]!.gateway);
    }
    return names;
  }

  /** Of the gateways that may be tried first: their middle; null when one of the prices is not known. */
  marginOf({ outcome, charges }: ToldSide): Money | null {
    const { lists } = this.numbers;
    const list = this.outcomes.listOf(outcome);
    const length = lists.lengthOf(list);
    if (length === 0 || this.outcomes.refusalOf(outcome) !== null) return money(0n);
    const charge = charges(this.outcomes.priceOf(outcome));
    let sum = 0n;
    let place = 0;
    do {
      const price = this.numbers.priceOf(lists.attemptAt(list, place));
      if (price === missingPrice) return null;
      sum += charge - charges(price);
      place++;
    } while (place < length && !lists.beginsRankAt(list, place));
    return money(sum / BigInt(place));
  }

  worstLossOf({ outcome, charges }: ToldSide): Loss | null {
    const { lists, asked } = this.numbers;
    const list = this.outcomes.listOf(outcome);
    const charge = charges(this.outcomes.priceOf(outcome));
    let [worst, highest] = [-1, charge];
    for (let place = 0; place < lists.lengthOf(list); place++) {
      const attempt = lists.attemptAt(list, place);
      const price = this.numbers.priceOf(attempt);
      if (price === missingPrice || charges(price) < highest) continue;
      if (charges(price) === highest && (worst < 0 || this.#isBefore(worst, attempt))) continue;
      highest = charges(price);
      worst = attempt;
    }
    if (worst < 0) return null;
    const { marginPercent } = marginTexts(charge, highest);
    const { gateway } = asked[this.numbers.whoOf(worst)]!;
    return { gateway, margin: money(charge - highest), marginPercent };
  }

  /** By the names of their gateways. */
  #isBefore(one: number, other: number): boolean {
    const { asked } = this.numbers;
    return asked[this.numbers.whoOf(one)]!.gateway < asked[this.numbers.whoOf(other)]!.gateway;
  }

  wayOf({ outcome, chance }: ToldSide): string {
    const refusal = this.outcomes.refusalOf(outcome);
    const way = refusal ?? this.numbers.orderOf(this.outcomes.listOf(outcome));
    return chance === null ? String(way) : `${way} ${chance}`;
  }

  #outcome({ outcome, chance, charges }: ToldSide): Outcome {
    return this.outcomes.outcome(outcome, chance, charges);
  }

  #gatewayAt(list: number, place: number): number {
    return this.numbers.asked[this.numbers.whoOf(this.numbers.lists.attemptAt(list, place))]!.number;
  }

  #noteBefore({ outcome, charges }: ToldSide): void {
    const { numbers, outcomes } = this;
    const list = outcomes.listOf(outcome);
    const charge = charges(outcomes.priceOf(outcome));
    const told = ++this.#told;
    let rank = 0;
    for (let place = 0; place < numbers.lists.lengthOf(list); place++) {
      if (numbers.lists.beginsRankAt(list, place)) rank++;
      const attempt = numbers.lists.attemptAt(list, place);
      const gateway = numbers.asked[numbers.whoOf(attempt)]!.number;
      const price = numbers.priceOf(attempt);
      this.#seenIn[gateway] = told;
      this.#attempts[gateway] = attempt;
      this.#ranks[gateway] = rank;
      this.#losing[gateway] = price !== missingPrice && charges(price) > charge;
    }
  }

  /** `isCarried`: afterwards; else only losses count. */
  #compareAttempts(before: ToldSide, { outcome, charges }: ToldSide, isCarried: boolean): number {
    const { numbers, outcomes } = this;
    const list = outcomes.listOf(outcome);
    const charge = charges(outcomes.priceOf(outcome));
    let [kinds, shared, rank, lastRank, lastOldRank] = [0, 0, 0, -1, -1];
    for (let place = 0; place < numbers.lists.lengthOf(list); place++) {
      if (numbers.lists.beginsRankAt(list, place)) rank++;
      const attempt = numbers.lists.attemptAt(list, place);
      const asked = numbers.asked[numbers.whoOf(attempt)]!;
      const price = numbers.priceOf(attempt);
      const isKnown = this.#seenIn[asked.number] === this.#told;
      const isLosing = price !== missingPrice && charges(price) > charge;
      if (isLosing && !(isKnown && this.#losing[asked.number]!)) kinds |= bits.loss;
      if (!isKnown) {
        kinds |= bits.routesWon;
        continue;
      }
      shared++;
      const old = this.#attempts[asked.number]!;
      if (old !== attempt) kinds |= this.#kindsOfAttempts(old, attempt);
      const oldRank = this.#ranks[asked.number]!;
      if (lastRank >= 0 && Math.sign(oldRank - lastOldRank) !== Math.sign(rank - lastRank)) {
        kinds |= bits.reordered;
      }
      [lastRank, lastOldRank] = [rank, oldRank];
    }
    if (shared < numbers.lists.lengthOf(outcomes.listOf(before.outcome))) kinds |= bits.routesLost;
    return isCarried ? kinds : kinds & bits.loss;
  }

  /** Of the same gateway. */
  #kindsOfAttempts(old: number, now: number): number {
    const { numbers } = this;
    const [was, is] = [numbers.asked[numbers.whoOf(old)]!, numbers.asked[numbers.whoOf(now)]!];
    let kinds = 0;
    if (was.protect !== is.protect) kinds |= bits.protect;
    if (numbers.priceOf(old) !== numbers.priceOf(now) || was.account !== is.account) kinds |= bits.vendorRate;
    if (numbers.sentOf(old) !== numbers.sentOf(now)) kinds |= bits.numberSent;
    return kinds;
  }

  /** Few combinations come again and again. */
  #listed(kinds: number): readonly ChangeKind[] {
    let listed = this.#kinds.get(kinds);
    if (listed === undefined) {
      listed = severity.filter(kind => (kinds & bits[kind]) !== 0);
      this.#kinds.set(kinds, listed);
    }
    return listed;
  }
}

const bits = Object.fromEntries(severity.map((kind, place) => [kind, 1 << place])) as Readonly<
  Record<ChangeKind, number>
>;

export class ToldByNumbers implements Told {
  readonly kinds: readonly ChangeKind[];
  readonly #teller: Teller;
  readonly #old: ToldSide;
  readonly #now: ToldSide;
  #marginChange: MarginChange | null | undefined;

  constructor(teller: Teller, before: ToldSide, after: ToldSide) {
    this.#teller = teller;
    this.#old = before;
    this.#now = after;
    this.kinds = teller.kindsOf(before, after);
  }

  get before(): readonly Outcome[] {
    return this.#teller.wordsOf(this, this.#old, this.#now)[0];
  }

  get after(): readonly Outcome[] {
    return this.#teller.wordsOf(this, this.#old, this.#now)[1];
  }

  get answers(): readonly [Answer, Answer] {
    const { outcomes } = this.#teller;
    return [outcomes.answer(this.#old.outcome), outcomes.answer(this.#now.outcome)];
  }

  get wayBefore(): string {
    return this.#teller.wayOf(this.#old);
  }

  get wayAfter(): string {
    return this.#teller.wayOf(this.#now);
  }

  get lost(): readonly string[] {
    return this.#teller.namesMissing(this.#old, this.#now);
  }

  get won(): readonly string[] {
    return this.#teller.namesMissing(this.#now, this.#old);
  }

  get marginChange(): MarginChange | null {
    if (this.#marginChange === undefined) {
      const [before, after] = [this.#teller.marginOf(this.#old), this.#teller.marginOf(this.#now)];
      this.#marginChange = before === null || after === null ? null : { before, after };
    }
    return this.#marginChange;
  }

  get worstLoss(): Loss | null {
    return this.#teller.worstLossOf(this.#now);
  }
}
