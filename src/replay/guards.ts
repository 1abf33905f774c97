/** What a replay must not show for a change to go on. */
import { type Money, noMoney, parseMoney } from '../rating/money.ts';
import type { FiguresReport, ReplayReport } from './report.ts';

export const guardedFigures = ['completion', 'margin', 'refused'] as const;
export type GuardedFigure = (typeof guardedFigures)[number];

/** More than so much (percent) is too much. */
export interface ReplayGuard {
  readonly figure: GuardedFigure;
  readonly limitPercent: number;
}

export interface GuardFinding {
  readonly guard: GuardedFigure;
  readonly limitPercent: number;
  readonly message: string;
}

/** `completion`, `margin:2.5%`; null for anything else. */
export function guardOf(text: string): ReplayGuard | null {
  const [, name, percent] = /^([a-z]+)(?::(\d{1,3}(?:\.\d+)?)%?)?$/.exec(text) ?? [];
  const figure = guardedFigures.find(one => one === name);
  if (figure === undefined) return null;
  const limitPercent = Number(percent ?? 0);
  return limitPercent > 100 ? null : { figure, limitPercent };
}

export function checkGuards(
  report: Omit<ReplayReport, 'guards'>,
  guards: readonly ReplayGuard[],
): readonly GuardFinding[] {
  return guards.flatMap(({ figure, limitPercent }) => {
    const message = checks[figure](report, limitPercent);
    return message === null ? [] : [{ guard: figure, limitPercent, message }];
  });
}

/** By how many points of 100 completion changes. Both sides are played with the same calls. */
export function pointsOf(before: FiguresReport, after: FiguresReport): number {
  return ((after.answered - before.answered) / before.calls) * 100;
}

type Check = (report: Omit<ReplayReport, 'guards'>, limitPercent: number) => string | null;

const checks: Readonly<Record<GuardedFigure, Check>> = {
  completion: ({ before, after, calls }, limitPercent) => {
    if (calls === 0) return null;
    const fallen = -pointsOf(before, after);
    if (fallen <= limitPercent) return null;
    return `completion falls by ${points(fallen)} points, and ${limitPercent} are allowed`;
  },
  margin: ({ before, after }, limitPercent) => {
    if (before.currency !== after.currency) return 'margins in two currencies cannot be compared';
    const [old, now] = [amountOf(before.margin), amountOf(after.margin)];
    const most = (magnitude(old) * BigInt(Math.round(limitPercent * 1e6))) / 100_000_000n;
    if (old - now <= most) return null;
    return `the margin falls from ${before.margin} to ${after.margin} ${after.currency}, and ${limitPercent} % of it are allowed`;
  },
  refused: ({ refusedNow, calls }, limitPercent) => {
    const refused = refusedNow.reduce((sum, { calls: many }) => sum + many, 0);
    if (refused === 0 || (refused / calls) * 100 <= limitPercent) return null;
    return `${refused.toLocaleString('en-US')} calls are refused that were not, which is ${points((refused / calls) * 100)} % of all, and ${limitPercent} % are allowed`;
  },
};

function points(percent: number): string {
  return percent < 0.005 ? 'less than 0.01' : percent.toFixed(2);
}

function amountOf(text: string): Money {
  return parseMoney(text) ?? noMoney;
}

function magnitude(amount: bigint): bigint {
  return amount < 0n ? -amount : amount;
}
