import type { LrnTable, Source } from '../../config/snapshot.ts';

/** One row as it is written. */
export interface WrittenLrnRow {
  /** Ten digits, or the six of an area code and exchange. */
  readonly number: string;
  /** Ten digits; empty when the number is not ported. */
  readonly lrn: string;
  /** Where the exchange lies, such as `NY`; empty when it is not known. Only for rows of six digits. */
  readonly state: string;
  readonly line: number;
}

export type LrnRowProblem =
  | { readonly kind: 'number' | 'lrn' | 'stateOfNumber' | 'tooManyStates' }
  /** The number has a row already, on that line. */
  | { readonly kind: 'duplicate'; readonly firstLine: number };

/** An area code and an exchange begin with 2 to 9 (ATIS NPA and CO code assignment guidelines). */
const numberPattern = /^[2-9]\d{2}[2-9]\d{2}(?:\d{4})?$/;
const lrnPattern = /^[2-9]\d{2}[2-9]\d{6}$/;

/** States are kept in 16 bits; North America has far fewer. */
const maxStates = 1000;

/** Collects rows in any order and lays them out in columns. */
export class LrnTableBuilder {
  readonly #rowOf = new Map<number, number>();
  readonly #stateIds = new Map<string, number>();
  #numbers: Float64Array;
  #lrns: Float64Array;
  #states: Uint16Array;
  #lines: Uint32Array;
  #rowCount = 0;

  /** `expectedRows` only sizes the first allocation. */
  constructor(expectedRows: number = 64) {
    const capacity = Math.max(16, Math.ceil(expectedRows));
    this.#numbers = new Float64Array(capacity);
    this.#lrns = new Float64Array(capacity);
    this.#states = new Uint16Array(capacity);
    this.#lines = new Uint32Array(capacity);
  }

  get rowCount(): number {
    return this.#rowCount;
  }

  /** Adds a row and returns null, or adds nothing and returns what is wrong with it. */
  add({ number, lrn, state, line }: WrittenLrnRow): LrnRowProblem | null {
    if (!numberPattern.test(number)) return { kind: 'number' };
    if (lrn !== '' && !lrnPattern.test(lrn)) return { kind: 'lrn' };
    if (state !== '' && number.length !== 6) return { kind: 'stateOfNumber' };
    const key = Number(number);
    const known = this.#rowOf.get(key);
    if (known !== undefined) return { kind: 'duplicate', firstLine: this.#lines[known]! };
    const stateId = this.#stateId(state);
    if (stateId > maxStates) return { kind: 'tooManyStates' };
    const row = this.#rowCount;
    if (row === this.#numbers.length) this.#grow(row * 2);
    this.#rowCount = row + 1;
    this.#rowOf.set(key, row);
    this.#numbers[row] = key;
    this.#lrns[row] = Number(lrn);
    this.#states[row] = stateId;
    this.#lines[row] = line;
    return null;
  }

  /** The finished table, in new shared memory of exactly its size. */
  build(index: number, name: string, source: Source, rowFile: string): LrnTable {
    const count = this.#rowCount;
    const numbers = new Float64Array(new SharedArrayBuffer(count * 8));
    const lrns = new Float64Array(new SharedArrayBuffer(count * 8));
    const states = new Uint16Array(new SharedArrayBuffer(count * 2));
    const line = new Uint32Array(new SharedArrayBuffer(count * 4));
    numbers.set(this.#numbers.subarray(0, count));
    numbers.sort();
    for (let place = 0; place < count; place++) {
      const row = this.#rowOf.get(numbers[place]!)!;
      lrns[place] = this.#lrns[row]!;
      states[place] = this.#states[row]!;
      line[place] = this.#lines[row]!;
    }
    const stateNames = [...this.#stateIds.keys()];
    return { index, name, source, rowCount: count, numbers, lrns, states, stateNames, line, rowFile };
  }

  /** 0 for none. A name beyond `maxStates` is not kept. */
  #stateId(state: string): number {
    if (state === '') return 0;
    const known = this.#stateIds.get(state);
    if (known !== undefined) return known;
    const id = this.#stateIds.size + 1;
    if (id <= maxStates) this.#stateIds.set(state, id);
    return id;
  }

  #grow(capacity: number): void {
    const numbers = new Float64Array(capacity);
    const lrns = new Float64Array(capacity);
    const states = new Uint16Array(capacity);
    const lines = new Uint32Array(capacity);
    numbers.set(this.#numbers);
    lrns.set(this.#lrns);
    states.set(this.#states);
    lines.set(this.#lines);
    this.#numbers = numbers;
    this.#lrns = lrns;
    this.#states = states;
    this.#lines = lines;
  }
}
