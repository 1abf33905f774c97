/** What came of many calls, in numbers that can be added up. Plain data, so that a thread can give it to another one. */
import type { CallDetailRecord } from '../cdr/record.ts';
import { type Money, money, noMoney } from '../rating/money.ts';
import type { PastCall } from '../store/past-calls.ts';

export interface Figures {
  calls: number;
  answered: number;
  /** Turned away without that any gateway was asked. */
  refused: number;
  talkMs: number;
  /** Calls that rang or progressed, and how long all of them together took to. */
  rang: number;
  postDialDelayMs: number;
  revenue: Money;
  cost: Money;
}

export function noFigures(): Figures {
  const counts = { calls: 0, answered: 0, refused: 0, talkMs: 0, rang: 0, postDialDelayMs: 0 };
  return { ...counts, revenue: noMoney, cost: noMoney };
}

export function addFigures(to: Figures, more: Figures): void {
  to.calls += more.calls;
  to.answered += more.answered;
  to.refused += more.refused;
  to.talkMs += more.talkMs;
  to.rang += more.rang;
  to.postDialDelayMs += more.postDialDelayMs;
  to.revenue = money(to.revenue + more.revenue);
  to.cost = money(to.cost + more.cost);
}

type Counted = Pick<
  CallDetailRecord,
  'answeredAtMs' | 'endedAtMs' | 'endReason' | 'attempts' | 'postDialDelayMs'
>;

export function countCall(to: Figures, call: Counted, revenue: Money, cost: Money): void {
  to.calls++;
  if (isRefused(call)) to.refused++;
  if (call.answeredAtMs !== null) {
    to.answered++;
    to.talkMs += Math.max(0, call.endedAtMs - call.answeredAtMs);
  }
  if (call.postDialDelayMs !== null) {
    to.rang++;
    to.postDialDelayMs += call.postDialDelayMs;
  }
  // Most calls cost nothing, and adding bigints takes memory.
  if (revenue !== noMoney) to.revenue = money(to.revenue + revenue);
  if (cost !== noMoney) to.cost = money(to.cost + cost);
}

export function countRecorded(to: Figures, call: PastCall): void {
  countCall(to, call, call.customerAmount, call.vendorAmount);
}

/** A caller who gives up before anything was tried was not turned away. */
export function isRefused({
  attempts,
  answeredAtMs,
  endReason,
}: Pick<Counted, 'attempts' | 'answeredAtMs' | 'endReason'>): boolean {
  return attempts.length === 0 && answeredAtMs === null && endReason !== 'CallerCancel';
}
