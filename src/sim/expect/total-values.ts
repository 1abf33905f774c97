/** What was seen of all calls of a scenario together, by subject. */
import { type Money, money, noMoney } from '../../rating/money.ts';
import type { TotalSubject } from '../scenario/matcher.ts';
import type { Played, PlayedCall } from '../scenario/played.ts';
import { answeredBy, type CallResult, postDialDelayMs, resultOf, talkMs } from './call-values.ts';
import type { Observed } from './observed.ts';

/** What is added up over the calls, once, however much is expected of it. */
export interface Totals {
  readonly calls: number;
  readonly results: Readonly<Record<CallResult, number>>;
  readonly reasons: ReadonlyMap<string, number>;
  readonly talkMs: number;
  /** Of answered calls; `postDialCount` is how many of them had a response before. */
  readonly postDialMs: number;
  readonly postDialCount: number;
  readonly profit: Money;
  /** By account, whichever side it is on. */
  readonly charged: ReadonlyMap<string, Money>;
  readonly attempts: number;
  readonly attemptsOf: ReadonlyMap<string, number>;
  readonly answeredOf: ReadonlyMap<string, number>;
}

/** Adds up calls as they end, so that nobody has to keep them. */
export class TotalsCounter {
  readonly #results = { answered: 0, refused: 0, failed: 0, cancelled: 0 };
  readonly #reasons = new Map<string, number>();
  readonly #charged = new Map<string, Money>();
  readonly #attemptsOf = new Map<string, number>();
  readonly #answeredOf = new Map<string, number>();
  #calls = 0;
  #talkMs = 0;
  #postDialMs = 0;
  #postDialCount = 0;
  #attempts = 0;
  #profit = 0n;

  take(call: PlayedCall): void {
    const result = resultOf(call);
    this.#calls++;
    this.#results[result]++;
    this.#attempts += call.attempts.length;
    for (const { gateway } of call.attempts) count(this.#attemptsOf, gateway);
    if (result === 'answered') this.#takeAnswered(call);
    const { record } = call;
    if (record === null) return;
    count(this.#reasons, record.endReason);
    this.#profit += record.profit;
    for (const charge of [record.customerCharge, record.vendorCharge]) {
      if (charge === null) continue;
      const before = this.#charged.get(charge.account) ?? noMoney;
      this.#charged.set(charge.account, money(before + charge.amount));
    }
  }

  #takeAnswered(call: PlayedCall): void {
    count(this.#answeredOf, answeredBy(call));
    this.#talkMs += talkMs(call) ?? 0;
    const delayMs = postDialDelayMs(call);
    if (delayMs === null) return;
    this.#postDialCount++;
    this.#postDialMs += delayMs;
  }

  totals(): Totals {
    return {
      calls: this.#calls,
      results: this.#results,
      reasons: this.#reasons,
      talkMs: this.#talkMs,
      postDialMs: this.#postDialMs,
      postDialCount: this.#postDialCount,
      profit: money(this.#profit),
      charged: this.#charged,
      attempts: this.#attempts,
      attemptsOf: this.#attemptsOf,
      answeredOf: this.#answeredOf,
    };
  }
}

function count(counts: Map<string, number>, name: string | null): void {
  if (name !== null) counts.set(name, (counts.get(name) ?? 0) + 1);
}

/** `of` is what the subject leaves open, see `TotalSubject`. */
export function observeTotal(
  played: Played,
  totals: Totals,
  subject: TotalSubject,
  of: string | null,
): Observed {
  const { results } = totals;
  const name = of ?? '';
  switch (subject) {
    case 'calls':
      return { unit: 'count', value: totals.calls };
    case 'answered':
    case 'refused':
    case 'failed':
    case 'cancelled':
      return { unit: 'count', value: results[subject] };
    case 'reasons':
      return { unit: 'count', value: totals.reasons.get(name) ?? 0 };
    case 'answerSeizureRatio':
      return { unit: 'percent', value: percentOf(results.answered, totals.calls) };
    case 'averageCallDuration':
      return { unit: 'duration', value: average(totals.talkMs, results.answered) };
    case 'averagePostDialDelay':
      return { unit: 'duration', value: average(totals.postDialMs, totals.postDialCount) };
    case 'peakCalls':
      return { unit: 'count', value: played.peakCalls };
    case 'profit':
      return { unit: 'money', value: totals.profit };
    case 'balance':
      return { unit: 'money', value: played.balances.get(name) ?? null };
    case 'lowestBalance':
      return { unit: 'money', value: played.lowestBalances.get(name) ?? null };
    case 'charged':
      return { unit: 'money', value: totals.charged.get(name) ?? noMoney };
    case 'gatewayAttempts':
      return { unit: 'count', value: totals.attemptsOf.get(name) ?? 0 };
    case 'gatewayAnswered':
      return { unit: 'count', value: totals.answeredOf.get(name) ?? 0 };
    case 'gatewayPeakLines':
      return { unit: 'count', value: played.gatewayPeakLines.get(name) ?? 0 };
    case 'gatewayShare':
      return { unit: 'percent', value: percentOf(totals.attemptsOf.get(name) ?? 0, totals.attempts) };
  }
}

/** null of nothing. */
export function percentOf(part: number, whole: number): number | null {
  return whole === 0 ? null : (part * 100) / whole;
}

function average(sum: number, over: number): number | null {
  return over === 0 ? null : sum / over;
}
