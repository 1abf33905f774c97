import type { CallLevel, RateTable, Source } from '../config/snapshot.ts';
import { PrefixTrieBuilder } from '../prefixes/prefix-trie-builder.ts';
import { callLevels } from './rate-table.ts';
import { areExtrasInRange, RowExtrasBuilder } from './row-extras-builder.ts';
import { copied, shared } from './shared-columns.ts';
import type { RowStage } from './stages.ts';

/** One row as it comes from a deck. The builder copies what it needs, so one object can serve for all rows. */
export interface RateRow {
  readonly prefix: string;
  /** Price per unit in 10⁻¹⁰ currency units, a safe integer, not negative. */
  readonly rate: number;
  /** At least 1. */
  readonly unitSeconds: number;
  /** At least 1. */
  readonly firstIncrementSeconds: number;
  /** At least 1. */
  readonly nextIncrementSeconds: number;
  /** 10⁻¹⁰ currency units, a safe integer, not negative. */
  readonly connectFee: number;
  readonly locked: boolean;
  /** Absent says nothing. */
  readonly level?: CallLevel | null;
  /** ms since 1970 UTC; -Infinity when always. */
  readonly effectiveFromMs: number;
  /** ms since 1970 UTC, exclusive and after the start; Infinity when open. */
  readonly effectiveUntilMs: number;
  /** Counts from 1. */
  readonly line: number;
  /** From 0; absent takes SERVER_BILLING_FREE_TIME. */
  readonly freeSeconds?: number | null;
  /** In their order; absent is none. */
  readonly stages?: readonly RowStage[];
}

export interface RateTableIdentity {
  readonly index: number;
  readonly name: string;
  readonly source: Source;
  /** The file whose lines the rows name. */
  readonly rowFile: string;
}

/** Collects the rows of one rate table and lays them out in columns. */
export class RateTableBuilder {
  #rowCount = 0;
  readonly #prefixes: PrefixTrieBuilder;
  #rate: Float64Array;
  #unitSeconds: Uint32Array;
  #firstIncrementSeconds: Uint32Array;
  #nextIncrementSeconds: Uint32Array;
  #connectFee: Float64Array;
  #locked: Uint8Array;
  #effectiveFromMs: Float64Array;
  #effectiveUntilMs: Float64Array;
  /** Empty as long as no row has one. */
  #level = new Uint8Array(0);
  #nextRow: Int32Array;
  #line: Uint32Array;
  readonly #extras = new RowExtrasBuilder();

  /** `expectedRows` only sizes the first allocation. */
  constructor(expectedRows: number = 64) {
    const capacity = Math.max(16, Math.ceil(expectedRows));
    this.#prefixes = new PrefixTrieBuilder(capacity);
    this.#rate = new Float64Array(capacity);
    this.#unitSeconds = new Uint32Array(capacity);
    this.#firstIncrementSeconds = new Uint32Array(capacity);
    this.#nextIncrementSeconds = new Uint32Array(capacity);
    this.#connectFee = new Float64Array(capacity);
    this.#locked = new Uint8Array(capacity);
    this.#effectiveFromMs = new Float64Array(capacity);
    this.#effectiveUntilMs = new Float64Array(capacity);
    this.#nextRow = new Int32Array(capacity);
    this.#line = new Uint32Array(capacity);
  }

  get rowCount(): number {
    return this.#rowCount;
  }

  /**
   * Adds a row and returns null. When a row of the same prefix is in effect during any of the same time, adds
   * nothing and returns that row's line. Throws when a value is out of the range its field names.
   */
  add(row: RateRow): number | null {
    assertRow(row);
    const added = this.#rowCount;
    const head = this.#prefixes.set(row.prefix, added);
    let previous = -1;
    let next = head;
    // The chain stands newest first and its periods never overlap, so the neighbours are all there is to check.
    while (next >= 0 && this.#effectiveFromMs[next]! >= row.effectiveUntilMs) {
      previous = next;
      next = this.#nextRow[next]!;
    }
    if (next >= 0 && this.#effectiveUntilMs[next]! > row.effectiveFromMs) {
      this.#prefixes.set(row.prefix, head);
      return this.#line[next]!;
    }
    if (previous >= 0) {
      this.#prefixes.set(row.prefix, head);
      this.#nextRow[previous] = added;
    }
    this.#append(row, next);
    return null;
  }

  /** The finished table, in new memory of exactly its size. */
  build(identity: RateTableIdentity): RateTable {
    const count = this.#rowCount;
    return {
      index: identity.index,
      name: identity.name,
      source: identity.source,
      prefixes: this.#prefixes.build(),
      rowCount: count,
      rate: shared(this.#rate, count, Float64Array),
      unitSeconds: shared(this.#unitSeconds, count, Uint32Array),
      firstIncrementSeconds: shared(this.#firstIncrementSeconds, count, Uint32Array),
      nextIncrementSeconds: shared(this.#nextIncrementSeconds, count, Uint32Array),
      connectFee: shared(this.#connectFee, count, Float64Array),
      locked: shared(this.#locked, count, Uint8Array),
      effectiveFromMs: shared(this.#effectiveFromMs, count, Float64Array),
      effectiveUntilMs: shared(this.#effectiveUntilMs, count, Float64Array),
      level: this.#buildLevel(),
      nextRow: shared(this.#nextRow, count, Int32Array),
      line: shared(this.#line, count, Uint32Array),
      extras: this.#extras.build(count),
      rowFile: identity.rowFile,
    };
  }

  #append(row: RateRow, next: number): void {
    if (this.#rowCount === this.#rate.length) this.#grow(this.#rowCount * 2);
    const added = this.#rowCount++;
    this.#rate[added] = row.rate;
    this.#unitSeconds[added] = row.unitSeconds;
    this.#firstIncrementSeconds[added] = row.firstIncrementSeconds;
    this.#nextIncrementSeconds[added] = row.nextIncrementSeconds;
    this.#connectFee[added] = row.connectFee;
    this.#locked[added] = row.locked ? 1 : 0;
    this.#effectiveFromMs[added] = row.effectiveFromMs;
    this.#effectiveUntilMs[added] = row.effectiveUntilMs;
    this.#nextRow[added] = next;
    this.#line[added] = row.line;
    if (row.level != null) this.#setLevel(added, row.level);
    this.#extras.set(added, row.freeSeconds ?? null, row.stages ?? noRowStages);
  }

  /** Hardly any table has levels, so the column begins with the first of them. */
  #setLevel(row: number, level: CallLevel): void {
    if (row >= this.#level.length) {
      this.#level = copied(this.#level, new Uint8Array(Math.max(64, (row + 1) * 2)));
    }
    this.#level[row] = callLevels.indexOf(level) + 1;
  }

  #buildLevel(): Uint8Array {
    const count = this.#level.length === 0 ? 0 : this.#rowCount;
    const level = this.#level.length < count ? copied(this.#level, new Uint8Array(count)) : this.#level;
    return shared(level, count, Uint8Array);
  }

  #grow(capacity: number): void {
    this.#rate = copied(this.#rate, new Float64Array(capacity));
    this.#unitSeconds = copied(this.#unitSeconds, new Uint32Array(capacity));
    this.#firstIncrementSeconds = copied(this.#firstIncrementSeconds, new Uint32Array(capacity));
    this.#nextIncrementSeconds = copied(this.#nextIncrementSeconds, new Uint32Array(capacity));
    this.#connectFee = copied(this.#connectFee, new Float64Array(capacity));
    this.#locked = copied(this.#locked, new Uint8Array(capacity));
    this.#effectiveFromMs = copied(this.#effectiveFromMs, new Float64Array(capacity));
    this.#effectiveUntilMs = copied(this.#effectiveUntilMs, new Float64Array(capacity));
    this.#nextRow = copied(this.#nextRow, new Int32Array(capacity));
    this.#line = copied(this.#line, new Uint32Array(capacity));
  }
}

const noRowStages: readonly RowStage[] = [];

function assertRow(row: RateRow): void {
  const inRange =
    Number.isSafeInteger(row.rate) &&
    row.rate >= 0 &&
    Number.isSafeInteger(row.connectFee) &&
    row.connectFee >= 0 &&
    isPositive32(row.unitSeconds) &&
    isPositive32(row.firstIncrementSeconds) &&
    isPositive32(row.nextIncrementSeconds) &&
    row.effectiveFromMs < row.effectiveUntilMs &&
    isPositive32(row.line) &&
    areExtrasInRange(row.freeSeconds ?? null, row.stages ?? noRowStages);
  if (!inRange) throw new RangeError(`rate row out of range: ${JSON.stringify(row)}`);
}

function isPositive32(value: number): boolean {
  return value >>> 0 === value && value > 0;
}
