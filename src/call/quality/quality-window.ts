/**
 * What happened within a sliding window, in slices of time. Only slices in which something happened are kept, in a
 * ring that grows to as many as the window has; each is a row of plain counts. Noting takes constant time: a slice is
 * added to the sum as it fills and taken off once, when it leaves the window.
 */
import { delayClassesMs, delayClassOf, highPercentile, percentileOf } from './post-dial-delay.ts';

/** How an attempt ended, as far as quality goes; docs/quality.md has the words. */
export interface AttemptQuality {
  readonly answered: boolean;
  /** The called side was reached: it rang, was heard, or answered. */
  readonly reached: boolean;
  /** The gateway said anything beyond 100 Trying. */
  readonly responded: boolean;
  /** The network did its part, whether or not anybody wanted to talk. */
  readonly effective: boolean;
  /** From the INVITE to the first response beyond 100 Trying (ms); null without one. */
  readonly postDialDelayMs: number | null;
}

const calledPartyStatuses: ReadonlySet<number> = new Set([480, 486, 600, 603]);

/**
 * Whether an attempt without an answer still shows that the network works: the called party was busy, away or would
 * not talk, or its phone rang until somebody gave up. `status` is what the gateway itself said; null when it ended
 * otherwise. After RFC 6076 §4.7 (Session Establishment Effectiveness Ratio) and ITU-T E.425.
 */
export function isEffective(status: number | null, rang: boolean): boolean {
  if (status !== null && calledPartyStatuses.has(status)) return true;
  return rang && (status === null || status < 500 || status >= 600);
}

/** Ratios are 0–1, null without anything to divide by. */
export interface QualityFigures {
  /** Attempts that ended. */
  readonly attempts: number;
  readonly answered: number;
  /** Answered calls that ended. */
  readonly talks: number;
  readonly answerSeizureRatio: number | null;
  readonly networkEffectivenessRatio: number | null;
  readonly responseRatio: number | null;
  readonly connectedRatio: number | null;
  readonly averageCallDurationSeconds: number | null;
  readonly postDialDelayMs: number | null;
  /** The upper edge of the class of delays (see post-dial-delay.ts) in which 95 % of them have come. */
  readonly highPostDialDelayMs: number | null;
}

/** The length of a window: so many slices of so many ms. Slice n begins n × `sliceMs` after 1970 began in UTC. */
export interface WindowShape {
  readonly sliceMs: number;
  readonly slices: number;
}

export function sliceAt({ sliceMs }: WindowShape, atMs: number): number {
  return Math.floor(atMs / sliceMs);
}

/** Counts of a row; behind them, those of the classes of delays. */
const column = { attempts: 0, answered: 1, reached: 2, responded: 3, effective: 4, talks: 5, delays: 6 };
const firstDelayClass = 7;
const columns = firstDelayClass + delayClassesMs.length;
/** Sums of a row in ms, which soon exceed 32 bits. */
const sumColumn = { talkMs: 0, delayMs: 1 };
const sumColumns = 2;
const firstRows = 2;

export class QualityWindow {
  readonly #shape: WindowShape;
  /** Of each row in the ring. */
  #slices: Float64Array;
  #counts: Uint32Array;
  #sums: Float64Array;
  #oldest = 0;
  #count = 0;
  #attempts = 0;
  #answered = 0;

  /** With room for `rows` slices before it grows. */
  constructor(shape: WindowShape, rows: number = firstRows) {
    this.#shape = shape;
    this.#slices = new Float64Array(rows);
    this.#counts = new Uint32Array(rows * columns);
    this.#sums = new Float64Array(rows * sumColumns);
  }

  /** Attempts within the window as of the last noting or `advance`. */
  get attempts(): number {
    return this.#attempts;
  }

  /** Of these, answered. */
  get answered(): number {
    return this.#answered;
  }

  /** Slices that there is room for, each about 130 bytes. */
  get capacity(): number {
    return this.#slices.length;
  }

  /** Nothing is left in the window. */
  get isEmpty(): boolean {
    return this.#count === 0;
  }

  /** Notes an attempt that ended in `slice`, which is never before the last one. */
  noteAttempt(slice: number, attempt: AttemptQuality): void {
    const row = this.#rowOf(slice);
    const at = row * columns;
    const counts = this.#counts;
    this.#attempts++;
    counts[at + column.attempts]!++;
    if (attempt.answered) {
      this.#answered++;
      counts[at + column.answered]!++;
    }
    if (attempt.reached) counts[at + column.reached]!++;
    if (attempt.responded) counts[at + column.responded]!++;
    if (attempt.effective) counts[at + column.effective]!++;
    const { postDialDelayMs } = attempt;
    if (postDialDelayMs === null) return;
    counts[at + column.delays]!++;
    counts[at + firstDelayClass + delayClassOf(postDialDelayMs)]!++;
    this.#sums[row * sumColumns + sumColumn.delayMs]! += postDialDelayMs;
  }

  /** Notes an answered call that ended in `slice` after so much talk. */
  noteTalk(slice: number, talkMs: number): void {
    const row = this.#rowOf(slice);
    this.#counts[row * columns + column.talks]!++;
    this.#sums[row * sumColumns + sumColumn.talkMs]! += talkMs;
  }

  /** `slice` is the newest of the window from now on. */
  advance(slice: number): void {
    const last = slice - this.#shape.slices;
    while (this.#count > 0 && this.#slices[this.#oldest]! <= last) {
      const at = this.#oldest * columns;
      this.#attempts -= this.#counts[at + column.attempts]!;
      this.#answered -= this.#counts[at + column.answered]!;
      this.#oldest = this.#oldest + 1 === this.#slices.length ? 0 : this.#oldest + 1;
      this.#count--;
    }
  }

  /** Of the window whose newest slice is `slice`; changes nothing. */
  figures(slice: number): QualityFigures {
    const counts = new Float64Array(columns);
    const sums = new Float64Array(sumColumns);
    this.#eachRow((ofRow, row) => {
      if (ofRow <= slice - this.#shape.slices) return;
      addRow(counts, 0, this.#counts, row * columns, columns);
      addRow(sums, 0, this.#sums, row * sumColumns, sumColumns);
    });
    const attempts = counts[column.attempts]!;
    const talks = counts[column.talks]!;
    return {
      attempts,
      answered: counts[column.answered]!,
      talks,
      answerSeizureRatio: ratio(counts[column.answered]!, attempts),
      networkEffectivenessRatio: ratio(counts[column.effective]!, attempts),
      responseRatio: ratio(counts[column.responded]!, attempts),
      connectedRatio: ratio(counts[column.reached]!, attempts),
      averageCallDurationSeconds: ratio(sums[sumColumn.talkMs]! / 1000, talks),
      postDialDelayMs: ratio(sums[sumColumn.delayMs]!, counts[column.delays]!),
      highPostDialDelayMs: percentileOf(counts.subarray(firstDelayClass), highPercentile),
    };
  }

  /**
   * The same past in slices of another length, or in more or fewer of them. What happened within one slice stays
   * together, in the new slice in which it began; so it leaves the window at most one old slice early, never late.
   */
  reshaped(shape: WindowShape): QualityWindow {
    const reshaped = new QualityWindow(shape, Math.max(firstRows, Math.min(this.#count, shape.slices)));
    this.#eachRow((ofRow, row) => {
      const to = reshaped.#rowOf(sliceAt(shape, ofRow * this.#shape.sliceMs));
      addRow(reshaped.#counts, to * columns, this.#counts, row * columns, columns);
      addRow(reshaped.#sums, to * sumColumns, this.#sums, row * sumColumns, sumColumns);
      reshaped.#attempts += this.#counts[row * columns + column.attempts]!;
      reshaped.#answered += this.#counts[row * columns + column.answered]!;
    });
    return reshaped;
  }

  /** Oldest first. */
  #eachRow(visit: (slice: number, row: number) => void): void {
    for (let index = 0; index < this.#count; index++) {
      const row = (this.#oldest + index) % this.#slices.length;
      visit(this.#slices[row]!, row);
    }
  }

  /** The row of a slice, which is the newest of the window from now on. */
  #rowOf(slice: number): number {
    const length = this.#slices.length;
    const newest = (this.#oldest + this.#count - 1 + length) % length;
    if (this.#count > 0 && this.#slices[newest]! >= slice) return newest;
    this.advance(slice);
    if (this.#count === length) this.#grow();
    const row = (this.#oldest + this.#count) % this.#slices.length;
    this.#count++;
    this.#slices[row] = slice;
    this.#counts.fill(0, row * columns, (row + 1) * columns);
    this.#sums.fill(0, row * sumColumns, (row + 1) * sumColumns);
    return row;
  }

  /** After `advance` at least one slice of the window is not among the rows, so there are never more than it has. */
  #grow(): void {
    const length = Math.min(this.#count * 2, Math.max(this.#shape.slices, firstRows + 1));
    const slices = new Float64Array(length);
    const counts = new Uint32Array(length * columns);
    const sums = new Float64Array(length * sumColumns);
    let to = 0;
    this.#eachRow((slice, row) => {
      slices[to] = slice;
      addRow(counts, to * columns, this.#counts, row * columns, columns);
      addRow(sums, to * sumColumns, this.#sums, row * sumColumns, sumColumns);
      to++;
    });
    this.#slices = slices;
    this.#counts = counts;
    this.#sums = sums;
    this.#oldest = 0;
  }
}

type Numbers = Uint32Array | Float64Array;

function addRow(to: Numbers, toAt: number, from: Numbers, fromAt: number, length: number): void {
  for (let index = 0; index < length; index++) to[toAt + index]! += from[fromAt + index]!;
}

function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
