/** Both sides of a replay beside each other: their figures, and call by call what became otherwise. */
import { type EndReason, endReasons } from '../cdr/record.ts';
import { answeredFlag, notPlayed, type PartResult, reasonBits, refusedFlag } from './play-part.ts';
import { addSide, noSideFigures, type SideFigures } from './side-tally.ts';

/** Calls that a reason ended, on the side that is told of. */
export interface ReasonCount {
  readonly reason: EndReason;
  calls: number;
  /** Rows of the first ones. */
  readonly rowIds: number[];
}

export interface Moves {
  bothAnswered: number;
  /** Answered in both, by another gateway. */
  otherCarrier: number;
  onlyBefore: number;
  onlyAfter: number;
  neither: number;
}

export interface Comparison {
  readonly before: SideFigures;
  readonly after: SideFigures;
  readonly moves: Moves;
  /** Refused by the new side and not by the old one, by the reason of the new side; the most calls first. */
  readonly refusedNow: readonly ReasonCount[];
  /** Refused by the old side and not by the new one, by the reason of the old side. */
  readonly refusedNoLonger: readonly ReasonCount[];
  /** Answered on the old side, neither answered nor refused on the new one, by the reason of the new side. */
  readonly lost: readonly ReasonCount[];
}

const examplesOfReason = 3;

export class Comparer {
  readonly #before = noSideFigures();
  readonly #after = noSideFigures();
  readonly #moves: Moves = { bothAnswered: 0, otherCarrier: 0, onlyBefore: 0, onlyAfter: 0, neither: 0 };
  readonly #refusedNow = new Map<EndReason, ReasonCount>();
  readonly #refusedNoLonger = new Map<EndReason, ReasonCount>();
  readonly #lost = new Map<EndReason, ReasonCount>();

  /** The next part, on both sides. @throws when they were not played with the same calls */
  add(before: PartResult, after: PartResult): void {
    const calls = before.calls.results.length;
    if (after.calls.results.length !== calls) throw new Error('the sides were played with other calls');
    addSide(this.#before, before.figures);
    addSide(this.#after, after.figures);
    for (let place = 0; place < calls; place++) this.#compare(before, after, place);
  }

  comparison(): Comparison {
    return {
      before: this.#before,
      after: this.#after,
      moves: this.#moves,
      refusedNow: mostFirst(this.#refusedNow),
      refusedNoLonger: mostFirst(this.#refusedNoLonger),
      lost: mostFirst(this.#lost),
    };
  }

  #compare({ calls: before }: PartResult, { calls: after }: PartResult, place: number): void {
    const [old, now] = [before.results[place]!, after.results[place]!];
    if (old === notPlayed || now === notPlayed) return;
    const rowId = after.rowIds[place]!;
    const [wasAnswered, isAnswered] = [(old & answeredFlag) !== 0, (now & answeredFlag) !== 0];
    const [wasRefused, isRefused] = [(old & refusedFlag) !== 0, (now & refusedFlag) !== 0];
    if (isRefused && !wasRefused) count(this.#refusedNow, now, rowId);
    else if (wasRefused && !isRefused) count(this.#refusedNoLonger, old, rowId);
    else if (wasAnswered && !isAnswered) count(this.#lost, now, rowId);
    if (!wasAnswered || !isAnswered) {
      this.#moves[wasAnswered ? 'onlyBefore' : isAnswered ? 'onlyAfter' : 'neither']++;
      return;
    }
    this.#moves.bothAnswered++;
    if (before.gateways[before.carriers[place]!] !== after.gateways[after.carriers[place]!])
      this.#moves.otherCarrier++;
  }
}

function count(to: Map<EndReason, ReasonCount>, result: number, rowId: number): void {
  const reason = endReasons[result & reasonBits]!;
  let of = to.get(reason);
  if (of === undefined) {
    of = { reason, calls: 0, rowIds: [] };
    to.set(reason, of);
  }
  of.calls++;
  if (of.rowIds.length < examplesOfReason) of.rowIds.push(rowId);
}

function mostFirst(counts: ReadonlyMap<EndReason, ReasonCount>): readonly ReasonCount[] {
  return [...counts.values()].sort(
    (one, other) => other.calls - one.calls || (one.reason < other.reason ? -1 : 1),
  );
}
