/** All that is told of a replay, in the shape of its JSON, which is stable: docs/replay.md explains it. */
import type { EndReason } from '../cdr/record.ts';
import type { SideName } from '../plan/report/report.ts';
import { money, moneyText } from '../rating/money.ts';
import type { PastCall } from '../store/past-calls.ts';
import type { Comparison, Moves, ReasonCount } from './comparison.ts';
import { type Figures, noFigures } from './figures.ts';
import type { GuardFinding } from './guards.ts';
import { noVendor, type SideFigures, type VendorFigures } from './side-tally.ts';
import type { Level } from './vendor-model.ts';

/** Amounts are decimal text, in the currency of the side. */
export interface FiguresReport {
  readonly calls: number;
  readonly answered: number;
  /** Answered of all calls, 0–1; null without calls. */
  readonly completion: number | null;
  readonly refused: number;
  readonly talkSeconds: number;
  /** The mean of those that rang; null when none did. */
  readonly postDialDelayMs: number | null;
  readonly revenue: string;
  readonly cost: string;
  readonly margin: string;
}

export interface SideReport extends FiguresReport {
  readonly currency: string;
  readonly peakCalls: number;
  /** By end reason. */
  readonly reasons: Readonly<Record<string, number>>;
  /** Attempts by where the behaviour of the vendor was from. */
  readonly attempts: Readonly<Record<Level, number>>;
}

export interface CustomerReport {
  /** null for calls whose source no customer has. */
  readonly customer: string | null;
  readonly before: FiguresReport & { readonly peakLines: number };
  readonly after: FiguresReport & { readonly peakLines: number };
}

export interface VendorSideReport {
  readonly attempts: number;
  readonly answered: number;
  /** Answered of all attempts, 0–1; null without any. */
  readonly answerRatio: number | null;
  readonly talkSeconds: number;
  readonly cost: string;
  /** Of the calls that it carried. */
  readonly margin: string;
  readonly peakLines: number;
}

export interface VendorReport {
  readonly gateway: string;
  readonly before: VendorSideReport;
  readonly after: VendorSideReport;
}

export interface ExampleCall {
  readonly callId: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly source: string;
  readonly caller: string;
  readonly callee: string;
}

export interface ReasonReport {
  readonly reason: EndReason;
  readonly calls: number;
  readonly examples: readonly ExampleCall[];
}

export interface ReplayReport {
  readonly from: SideName;
  readonly to: SideName;
  readonly database: string;
  /** ISO 8601, UTC: of the first and the last call; null without any. */
  readonly since: string | null;
  readonly until: string | null;
  /** So many days later than they were recorded the calls were played. */
  readonly daysLater: number;
  readonly calls: number;
  /** Rows of the database that hold no call that could be played. */
  readonly unreadable: number;
  readonly parts: number;
  readonly seed: number;
  readonly recorded: FiguresReport;
  readonly before: SideReport;
  readonly after: SideReport;
  /** How well the old side agrees with what was recorded, 0–1; null without calls. */
  readonly fidelity: { readonly sameResult: number | null; readonly sameGateway: number | null };
  readonly moves: Moves;
  readonly refusedNow: readonly ReasonReport[];
  readonly refusedNoLonger: readonly ReasonReport[];
  readonly lost: readonly ReasonReport[];
  /** The most affected first. */
  readonly customers: readonly CustomerReport[];
  readonly vendors: readonly VendorReport[];
  readonly mappingGateways: readonly {
    readonly gateway: string;
    readonly peakLinesBefore: number;
    readonly peakLinesAfter: number;
  }[];
  readonly guards: readonly GuardFinding[];
}

export type ReplayHead = Pick<
  ReplayReport,
  'from' | 'to' | 'database' | 'since' | 'until' | 'daysLater' | 'unreadable' | 'parts' | 'seed'
> & { readonly currencies: { readonly before: string; readonly after: string } };

/** `examples` are the calls of the rows that the comparison names. */
export function reportOf(
  { currencies, ...head }: ReplayHead,
  comparison: Comparison,
  examples: readonly PastCall[],
): Omit<ReplayReport, 'guards'> {
  const { before, after, moves } = comparison;
  const calls = new Map(examples.map(call => [call.rowId, call]));
  const reasons = (counts: readonly ReasonCount[]): readonly ReasonReport[] =>
    counts.map(({ reason, calls: many, rowIds }) => ({
      reason,
      calls: many,
      examples: rowIds.flatMap(rowId => exampleOf(calls.get(rowId))),
    }));
  const { result, carrier, bothAnswered } = before.agreement;
  return {
    ...head,
    calls: before.all.calls,
    recorded: figuresReport(before.recorded),
    before: sideReport(before, currencies.before),
    after: sideReport(after, currencies.after),
    fidelity: {
      sameResult: ratio(result, before.all.calls),
      sameGateway: ratio(carrier, bothAnswered),
    },
    moves,
    refusedNow: reasons(comparison.refusedNow),
    refusedNoLonger: reasons(comparison.refusedNoLonger),
    lost: reasons(comparison.lost),
    customers: customersOf(before, after),
    vendors: vendorsOf(before, after),
    mappingGateways: namesOf(before.peaks.mappingGateways, after.peaks.mappingGateways).map(gateway => ({
      gateway,
      peakLinesBefore: before.peaks.mappingGateways.get(gateway) ?? 0,
      peakLinesAfter: after.peaks.mappingGateways.get(gateway) ?? 0,
    })),
  };
}

function exampleOf(call: PastCall | undefined): readonly ExampleCall[] {
  if (call === undefined) return [];
  const { callId, startedAtMs, sourceAddress, caller, callee } = call;
  return [{ callId, at: new Date(startedAtMs).toISOString(), source: sourceAddress, caller, callee }];
}

function figuresReport(figures: Figures): FiguresReport {
  const { calls, answered, refused, talkMs, rang, postDialDelayMs, revenue, cost } = figures;
  return {
    calls,
    answered,
    completion: ratio(answered, calls),
    refused,
    talkSeconds: Math.round(talkMs / 1000),
    postDialDelayMs: rang === 0 ? null : Math.round(postDialDelayMs / rang),
    revenue: moneyText(revenue),
    cost: moneyText(cost),
    margin: moneyText(money(revenue - cost)),
  };
}

function sideReport(side: SideFigures, currency: string): SideReport {
  return {
    currency,
    ...figuresReport(side.all),
    peakCalls: side.peaks.calls,
    reasons: Object.fromEntries(
      [...side.reasons].sort(([one, calls], [other, more]) => more - calls || (one < other ? -1 : 1)),
    ),
    attempts: side.levels,
  };
}

interface Weighed {
  readonly margin: bigint;
  readonly answered: number;
  readonly name: string;
}

function customersOf(before: SideFigures, after: SideFigures): readonly CustomerReport[] {
  const weighed = namesOf(before.customers, after.customers).map(name => {
    const [old, now] = [before.customers.get(name) ?? noFigures(), after.customers.get(name) ?? noFigures()];
    return {
      name,
      margin: now.revenue - now.cost - (old.revenue - old.cost),
      answered: now.answered - old.answered,
      report: {
        customer: name === '' ? null : name,
        before: { ...figuresReport(old), peakLines: before.peaks.customers.get(name) ?? 0 },
        after: { ...figuresReport(now), peakLines: after.peaks.customers.get(name) ?? 0 },
      },
    };
  });
  return weighed.sort(mostAffectedFirst).map(({ report }) => report);
}

function vendorsOf(before: SideFigures, after: SideFigures): readonly VendorReport[] {
  const weighed = namesOf(before.vendors, after.vendors).map(name => {
    const [old, now] = [before.vendors.get(name) ?? noVendor(), after.vendors.get(name) ?? noVendor()];
    return {
      name,
      margin: now.cost - old.cost,
      answered: now.attempts - old.attempts,
      report: { gateway: name, before: vendorSide(old), after: vendorSide(now) },
    };
  });
  return weighed.sort(mostAffectedFirst).map(({ report }) => report);
}

function vendorSide({
  attempts,
  answered,
  talkMs,
  revenue,
  cost,
  peakLines,
}: VendorFigures): VendorSideReport {
  return {
    attempts,
    answered,
    answerRatio: ratio(answered, attempts),
    talkSeconds: Math.round(talkMs / 1000),
    cost: moneyText(cost),
    margin: moneyText(money(revenue - cost)),
    peakLines,
  };
}

function mostAffectedFirst(one: Weighed, other: Weighed): number {
  const [less, more] = [absolute(one.margin), absolute(other.margin)];
  if (less !== more) return less < more ? 1 : -1;
  const calls = Math.abs(other.answered) - Math.abs(one.answered);
  return calls !== 0 ? calls : one.name < other.name ? -1 : 1;
}

function absolute(value: bigint): bigint {
  return value < 0n ? -value : value;
}

function namesOf(...maps: readonly { readonly keys: () => IterableIterator<string> }[]): readonly string[] {
  return [...new Set(maps.flatMap(map => [...map.keys()]))].sort();
}

/** To four digits behind the point. */
function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : Math.round((part / whole) * 10_000) / 10_000;
}
