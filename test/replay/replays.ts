/** Recorded calls played once more, without a database. */
import type { CallDetailRecord } from '../../src/cdr/record.ts';
import type { Snapshot } from '../../src/config/snapshot.ts';
import { noMoney } from '../../src/rating/money.ts';
import { type Arrival, arrivalOf } from '../../src/replay/arrival.ts';
import { Player, type ReplayedCall } from '../../src/replay/player.ts';
import { VendorModel } from '../../src/replay/vendor-model.ts';
import type { PastCall, PastPage } from '../../src/store/past-calls.ts';

/** As the database would give it. */
export function pastCall(record: CallDetailRecord, rowId: number): PastCall {
  return {
    ...record,
    rowId,
    customerAmount: record.customerCharge?.amount ?? noMoney,
    vendorAmount: record.vendorCharge?.amount ?? noMoney,
  };
}

/** In the order in which they came. */
export function pastCalls(records: readonly CallDetailRecord[]): readonly PastCall[] {
  return records
    .map(pastCall)
    .sort((one, other) => one.startedAtMs - other.startedAtMs || one.rowId - other.rowId);
}

export function arrivalsOf(records: readonly CallDetailRecord[]): readonly Arrival[] {
  return pastCalls(records).map(call => arrivalOf(call)!);
}

export async function* pagesOf(calls: readonly PastCall[], size = 100): AsyncGenerator<PastPage> {
  for (let at = 0; at < calls.length; at += size) {
    yield { calls: calls.slice(at, at + size), unreadable: 0 };
  }
}

export interface ReplayOptions {
  readonly seed?: number;
  readonly laterMs?: number;
  /** What is learned from; by default the calls themselves. */
  readonly learnedFrom?: readonly CallDetailRecord[];
}

/** By the ids of the calls. */
export function replayed(
  snapshot: Snapshot,
  records: readonly CallDetailRecord[],
  { seed = 1, laterMs = 0, learnedFrom = records }: ReplayOptions = {},
): ReadonlyMap<string, ReplayedCall> {
  const model = new VendorModel();
  for (const arrival of arrivalsOf(learnedFrom)) model.learn(arrival);
  const calls = new Map<string, ReplayedCall>();
  const player = new Player(snapshot, {
    model,
    seed,
    laterMs,
    take: call => calls.set(call.record.callId, call),
  });
  for (const [place, arrival] of arrivalsOf(records).entries()) player.arrive(arrival, place);
  player.finish();
  return calls;
}
