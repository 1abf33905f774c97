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

/** Columns of a row. Sums of ms are floating-point numbers too: they are exact far beyond any window. */
const column = {
  attempts: 0,
  answered: 1,
  reached: 2,
  responded: 3,
  effective: 4,
  talks: 5,
  talkMs: 6,
  delays: 7,
  delayMs: 8,
};
const firstDelayClass = 9;
const columns = firstDelayClass + delayClassesMs.length;
const firstRows = 2;

export class QualityWindow {
  readonly #shape: WindowShape;
  /** Of each row in the ring. */
  #slices: Float64Array = new Float64Array(firstRows);
  #rows: Float64Array = new Float64Array(firstRows * columns);
  #oldest = 0;
  #count = 0;
  #attempts = 0;
  #answered = 0;

  constructor(shape: WindowShape) {
    this.#shape = shape;
  }

  /** Attempts within the window as of the last noting or `advance`. */
  get attempts(): number {
    return this.#attempts;
  }

  /** Of these, answered. */
  get answered(): number {
    return this.#answered;
  }

  /** Nothing is left in the window. */
  get isEmpty(): boolean {
    return this.#count === 0;
  }

  /** Notes an attempt that ended in `slice`, which is never before the last one. */
  noteAttempt(slice: number, attempt: AttemptQuality): void {
    const at = this.#rowOf(slice);
    const rows = this.#rows;
    this.#attempts++;
    rows[at + column.attempts]!++;
    if (attempt.answered) {
      this.#answered++;
      rows[at + column.answered]!++;
    }
    if (attempt.reached) rows[at + column.reached]!++;
    if (attempt.responded) rows[at + column.responded]!++;
    if (attempt.effective) rows[at + column.effective]!++;
    const { postDialDelayMs } = attempt;
    if (postDialDelayMs === null) return;
    rows[at + column.delays]!++;
    rows[at + column.delayMs]! += postDialDelayMs;
    rows[at + firstDelayClass + delayClassOf(postDialDelayMs)]!++;
  }

  /** Notes an answered call that ended in `slice` after so much talk. */
  noteTalk(slice: number, talkMs: number): void {
    const at = this.#rowOf(slice);
    this.#rows[at + column.talks]!++;
    this.#rows[at + column.talkMs]! += talkMs;
  }

  /** `slice` is the newest of the window from now on. */
  advance(slice: number): void {
    const last = slice - this.#shape.slices;
    while (this.#count > 0 && this.#slices[this.#oldest]! <= last) {
      const at = this.#oldest * columns;
      this.#attempts -= this.#rows[at + column.attempts]!;
      this.#answered -= this.#rows[at + column.answered]!;
      this.#oldest = this.#oldest + 1 === this.#slices.length ? 0 : this.#oldest + 1;
      this.#count--;
    }
  }

  /** Of the window whose newest slice is `slice`; changes nothing. */
  figures(slice: number): QualityFigures {
    const sum = new Float64Array(columns);
    this.#eachRow((ofRow, at) => {
      if (ofRow <= slice - this.#shape.slices) return;
      for (let index = 0; index < columns; index++) sum[index]! += this.#rows[at + index]!;
    });
    const attempts = sum[column.attempts]!;
    const talks = sum[column.talks]!;
    const delays = sum[column.delays]!;
    return {
      attempts,
      answered: sum[column.answered]!,
      talks,
      answerSeizureRatio: ratio(sum[column.answered]!, attempts),
      networkEffectivenessRatio: ratio(sum[column.effective]!, attempts),
      responseRatio: ratio(sum[column.responded]!, attempts),
      connectedRatio: ratio(sum[column.reached]!, attempts),
      averageCallDurationSeconds: ratio(sum[column.talkMs]! / 1000, talks),
      postDialDelayMs: ratio(sum[column.delayMs]!, delays),
      highPostDialDelayMs: percentileOf(sum.subarray(firstDelayClass), highPercentile),
    };
  }

  /**
   * The same past in slices of another length, or in more or fewer of them. What happened within one slice stays
   * together, in the new slice in which it began; so it leaves the window at most one old slice early, never late.
   */
  reshaped(shape: WindowShape): QualityWindow {
    const reshaped = new QualityWindow(shape);
    this.#eachRow((ofRow, at) => {
      const to = reshaped.#rowOf(sliceAt(shape, ofRow * this.#shape.sliceMs));
      for (let index = 0; index < columns; index++) reshaped.#rows[to + index]! += this.#rows[at + index]!;
      reshaped.#attempts += this.#rows[at + column.attempts]!;
      reshaped.#answered += this.#rows[at + column.answered]!;
    });
    return reshaped;
  }

  #eachRow(visit: (slice: number, at: number) => void): void {
    for (let index = 0; index < this.#count; index++) {
      const place = (this.#oldest + index) % this.#slices.length;
      visit(this.#slices[place]!, place * columns);
    }
  }

  /** Where the counts of a slice begin; it is the newest of the window from now on. */
  #rowOf(slice: number): number {
    const length = this.#slices.length;
    const newest = (this.#oldest + this.#count - 1 + length) % length;
    if (this.#count > 0 && this.#slices[newest]! >= slice) return newest * columns;
    this.advance(slice);
    if (this.#count === length) this.#grow();
    const place = (this.#oldest + this.#count) % this.#slices.length;
    this.#count++;
    this.#slices[place] = slice;
    this.#rows.fill(0, place * columns, (place + 1) * columns);
    return place * columns;
  }

  #grow(): void {
    const length = Math.min(this.#count * 2, Math.max(this.#shape.slices, this.#count + 1));
    const slices = new Float64Array(length);
    const rows = new Float64Array(length * columns);
    let place = 0;
    this.#eachRow((slice, at) => {
      slices[place] = slice;
      rows.set(this.#rows.subarray(at, at + columns), place * columns);
      place++;
    });
    this.#slices = slices;
    this.#rows = rows;
    this.#oldest = 0;
  }
}

function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
