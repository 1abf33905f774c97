/** What came of the calls that one side was played with: of all, by customer, by vendor's gateway, and by reason. */
import type { EndReason } from '../cdr/record.ts';
import { type Money, money, noMoney } from '../rating/money.ts';
import { addFigures, countCall, countRecorded, type Figures, isRefused, noFigures } from './figures.ts';
import type { LinesInUse } from './lines-in-use.ts';
import type { ReplayedCall } from './player.ts';
import { type Level, levels } from './vendor-model.ts';

export interface VendorFigures {
  attempts: number;
  answered: number;
  talkMs: number;
  /** What the calls that it carried earned and cost. */
  revenue: Money;
  cost: Money;
  peakLines: number;
}

export interface SideFigures {
  readonly all: Figures;
  /** By account; the empty name is for calls of nobody who is known. */
  readonly customers: Map<string, Figures>;
  readonly vendors: Map<string, VendorFigures>;
  readonly reasons: Map<EndReason, number>;
  /** Attempts by where the behaviour of the gateway was from. */
  readonly levels: Record<Level, number>;
  readonly peaks: {
    calls: number;
    readonly customers: Map<string, number>;
    readonly mappingGateways: Map<string, number>;
  };
  /** As the records have it, for the calls that were played. */
  readonly recorded: Figures;
  /** Calls that ended as recorded: answered or not; and of those that both times were answered, by the same gateway. */
  readonly agreement: { result: number; carrier: number; bothAnswered: number };
}

export function noSideFigures(): SideFigures {
  return {
    all: noFigures(),
    customers: new Map(),
    vendors: new Map(),
    reasons: new Map(),
    levels: Object.fromEntries(levels.map(level => [level, 0])) as Record<Level, number>,
    peaks: { calls: 0, customers: new Map(), mappingGateways: new Map() },
    recorded: noFigures(),
    agreement: { result: 0, carrier: 0, bothAnswered: 0 },
  };
}

export function tallyCall(figures: SideFigures, { record, arrival, levels: from }: ReplayedCall): void {
  const { customerAccount, customerCharge, vendorCharge, endReason, attempts, answeredAtMs } = record;
  const revenue = customerCharge?.amount ?? noMoney;
  const cost = vendorCharge?.amount ?? noMoney;
  countCall(figures.all, record, revenue, cost);
  countCall(of(figures.customers, customerAccount ?? '', noFigures), record, revenue, cost);
  figures.reasons.set(endReason, (figures.reasons.get(endReason) ?? 0) + 1);
  for (const { gateway, outcome } of attempts) {
    const vendor = of(figures.vendors, gateway, noVendor);
    vendor.attempts++;
    if (outcome !== 'answered') continue;
    vendor.answered++;
    vendor.talkMs += record.endedAtMs - (answeredAtMs ?? record.endedAtMs);
    vendor.revenue = money(vendor.revenue + revenue);
    vendor.cost = money(vendor.cost + cost);
  }
  for (const level of from) figures.levels[level]++;
  countRecorded(figures.recorded, arrival.recorded);
  const { recorded } = arrival;
  const isAnswered = answeredAtMs !== null;
  if (isAnswered === (recorded.answeredAtMs !== null) && isRefused(record) === isRefused(recorded)) {
    figures.agreement.result++;
  }
  if (!isAnswered || recorded.answeredAtMs === null) return;
  figures.agreement.bothAnswered++;
  if (record.routingGateway === recorded.routingGateway) figures.agreement.carrier++;
}

/** Once all calls are over. */
export function tallyLines({ peaks, vendors }: SideFigures, lines: LinesInUse): void {
  peaks.calls = Math.max(peaks.calls, lines.calls.peak);
  for (const [name, { peak }] of lines.customers) raise(peaks.customers, name, peak);
  for (const [name, { peak }] of lines.mappingGateways) raise(peaks.mappingGateways, name, peak);
  for (const [name, { peak }] of lines.routingGateways) {
    const vendor = of(vendors, name, noVendor);
    vendor.peakLines = Math.max(vendor.peakLines, peak);
  }
}

/** The figures of one part after those of the parts before it. */
export function addSide(to: SideFigures, more: SideFigures): void {
  addFigures(to.all, more.all);
  addFigures(to.recorded, more.recorded);
  for (const [name, figures] of more.customers) addFigures(of(to.customers, name, noFigures), figures);
  for (const [name, figures] of more.vendors) addVendor(of(to.vendors, name, noVendor), figures);
  for (const [reason, calls] of more.reasons) to.reasons.set(reason, (to.reasons.get(reason) ?? 0) + calls);
  for (const level of levels) to.levels[level] += more.levels[level];
  to.peaks.calls = Math.max(to.peaks.calls, more.peaks.calls);
  for (const [name, peak] of more.peaks.customers) raise(to.peaks.customers, name, peak);
  for (const [name, peak] of more.peaks.mappingGateways) raise(to.peaks.mappingGateways, name, peak);
  to.agreement.result += more.agreement.result;
  to.agreement.carrier += more.agreement.carrier;
  to.agreement.bothAnswered += more.agreement.bothAnswered;
}

export function noVendor(): VendorFigures {
  return { attempts: 0, answered: 0, talkMs: 0, revenue: noMoney, cost: noMoney, peakLines: 0 };
}

function addVendor(to: VendorFigures, more: VendorFigures): void {
  to.attempts += more.attempts;
  to.answered += more.answered;
  to.talkMs += more.talkMs;
  to.revenue = money(to.revenue + more.revenue);
  to.cost = money(to.cost + more.cost);
  to.peakLines = Math.max(to.peakLines, more.peakLines);
}

function of<Value>(map: Map<string, Value>, name: string, make: () => Value): Value {
  let value = map.get(name);
  if (value === undefined) {
    value = make();
    map.set(name, value);
  }
  return value;
}

function raise(peaks: Map<string, number>, name: string, peak: number): void {
  peaks.set(name, Math.max(peaks.get(name) ?? 0, peak));
}
