/** One part of a replay on one side, and what is learned of the vendors before. */
import { endReasons } from '../cdr/record.ts';
import type { Snapshot } from '../config/snapshot.ts';
import type { PastPage } from '../store/past-calls.ts';
import { arrivalOf } from './arrival.ts';
import { isRefused } from './figures.ts';
import type { Part } from './parts.ts';
import { Player, type ReplayedCall } from './player.ts';
import { noSideFigures, type SideFigures, tallyCall, tallyLines } from './side-tally.ts';
import { type LearnedBehaviour, VendorModel } from './vendor-model.ts';

/** What came of each call of a part, in the order of the calls. */
export interface CallResults {
  /** `answeredFlag`, `refusedFlag` and the position of the reason among all; `notPlayed` where there is no call. */
  readonly results: Uint8Array;
  /** The gateway that carried it: position in `gateways`. */
  readonly carriers: Uint16Array;
  readonly gateways: readonly string[];
  /** In the database. */
  readonly rowIds: Float64Array;
}

export interface PartResult {
  readonly figures: SideFigures;
  readonly calls: CallResults;
}

export interface Learned {
  readonly behaviour: LearnedBehaviour;
  readonly calls: number;
  /** Rows that hold no call that could be played. */
  readonly unreadable: number;
}

export const answeredFlag = 0x80;
export const refusedFlag = 0x40;
export const reasonBits = 0x3f;
export const notPlayed = 0xff;

/** Calls between two words of how far it has come. */
const callsAtOnce = 1000;

const reasonNumbers = new Map<string, number>(endReasons.map((reason, number) => [reason, number]));

export async function learnVendors(
  pages: AsyncIterable<PastPage>,
  tell: (calls: number) => void,
): Promise<Learned> {
  const model = new VendorModel();
  let [calls, unreadable] = [0, 0];
  for await (const page of pages) {
    unreadable += page.unreadable;
    for (const call of page.calls) {
      const arrival = arrivalOf(call);
      if (arrival === null) unreadable++;
      else {
        calls++;
        model.learn(arrival);
      }
    }
    tell(page.calls.length + page.unreadable);
  }
  return { behaviour: model.learned, calls, unreadable };
}

export interface PartOptions {
  readonly model: VendorModel;
  readonly seed: number;
  /** Calls come so much later than they were recorded (ms). */
  readonly laterMs: number;
  /** So many more calls were played. */
  readonly tell: (calls: number) => void;
}

/** `pages` are those from the beginning of the part's warm-up to its end. */
export async function playPart(
  pages: AsyncIterable<PastPage>,
  part: Part,
  snapshot: Snapshot,
  { model, seed, laterMs, tell }: PartOptions,
): Promise<PartResult> {
  const figures = noSideFigures();
  const results = new ResultsBuilder(part.calls);
  const take = (call: ReplayedCall): void => {
    if (call.place < 0) return;
    tallyCall(figures, call);
    results.take(call);
  };
  const player = new Player(snapshot, { model, seed, laterMs, take });
  let untold = 0;
  for await (const page of pages) {
    untold += page.unreadable;
    for (const call of page.calls) {
      const arrival = arrivalOf(call);
      if (arrival !== null)
        player.arrive(arrival, results.place(call.startedAtMs >= part.sinceMs, call.rowId));
      if (++untold < callsAtOnce) continue;
      tell(untold);
      untold = 0;
    }
  }
  player.finish();
  tell(untold);
  tallyLines(figures, player.lines);
  return { figures, calls: results.built() };
}

class ResultsBuilder {
  readonly #results: Uint8Array;
  readonly #carriers: Uint16Array;
  readonly #rowIds: Float64Array;
  readonly #gateways = new Map<string, number>();
  #next = 0;

  constructor(calls: number) {
    this.#results = new Uint8Array(calls).fill(notPlayed);
    this.#carriers = new Uint16Array(calls);
    this.#rowIds = new Float64Array(calls);
  }

  /** The place of the next call; -1 for one that is not counted. */
  place(isCounted: boolean, rowId: number): number {
    if (!isCounted) return -1;
    const place = this.#next++;
    this.#rowIds[place] = rowId;
    return place;
  }

  take({ place, record }: ReplayedCall): void {
    const { answeredAtMs, endReason, routingGateway } = record;
    const isAnswered = answeredAtMs !== null;
    const flags = (isAnswered ? answeredFlag : 0) | (isRefused(record) ? refusedFlag : 0);
    this.#results[place] = flags | reasonNumbers.get(endReason)!;
    if (isAnswered && routingGateway !== null) this.#carriers[place] = this.#numberOf(routingGateway);
  }

  built(): CallResults {
    const calls = this.#next;
    return {
      results: this.#results.slice(0, calls),
      carriers: this.#carriers.slice(0, calls),
      gateways: [...this.#gateways.keys()],
      rowIds: this.#rowIds.slice(0, calls),
    };
  }

  #numberOf(gateway: string): number {
    let number = this.#gateways.get(gateway);
    if (number === undefined) {
      number = this.#gateways.size;
      this.#gateways.set(gateway, number);
    }
    return number;
  }
}
