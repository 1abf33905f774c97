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

export function totalsOf(calls: readonly PlayedCall[]): Totals {
  const results = { answered: 0, refused: 0, failed: 0, cancelled: 0 };
  const reasons = new Map<string, number>();
  const charged = new Map<string, Money>();
  const attemptsOf = new Map<string, number>();
  const answeredOf = new Map<string, number>();
  let [talk, postDialMs, postDialCount, attempts, profit] = [0, 0, 0, 0, 0n];
  for (const call of calls) {
    const result = resultOf(call);
    results[result]++;
    attempts += call.attempts.length;
    for (const { gateway } of call.attempts) count(attemptsOf, gateway);
    if (result === 'answered') {
      count(answeredOf, answeredBy(call));
      talk += talkMs(call) ?? 0;
      const delayMs = postDialDelayMs(call);
      if (delayMs !== null) postDialCount++;
      postDialMs += delayMs ?? 0;
    }
    const { record } = call;
    if (record === null) continue;
    count(reasons, record.endReason);
    profit += record.profit;
    for (const charge of [record.customerCharge, record.vendorCharge]) {
      if (charge === null) continue;
      charged.set(charge.account, money((charged.get(charge.account) ?? noMoney) + charge.amount));
    }
  }
  return {
    calls: calls.length,
    results,
    reasons,
    talkMs: talk,
    postDialMs,
    postDialCount,
    profit: money(profit),
    charged,
    attempts,
    attemptsOf,
    answeredOf,
  };
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
