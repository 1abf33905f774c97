/** Goes through the rows of a vendor's file, whose layout is known. */
import { CsvScanner } from '../config/read/csv-scanner.ts';
import type { Layout } from './layout.ts';
import type { SourceColumn } from './options.ts';

/** Told now and then how much of the work is done, from 0 to 1. */
export type Progress = (done: number) => void;

export class Records {
  readonly #scanner: CsvScanner;
  readonly #layout: Layout;
  readonly #progress: Progress;
  #count = 0;
  /** Empty fields behind the last header, as in the first row. */
  #usualSurplus: number | null = null;

  constructor(text: string, layout: Layout, progress: Progress) {
    this.#scanner = new CsvScanner(text, layout.delimiter);
    this.#layout = layout;
    this.#progress = progress;
  }

  get line(): number {
    return this.#scanner.line;
  }

  /** Goes to the next record below the header; false at the end. */
  next(): boolean {
    while (this.#scanner.next()) {
      if (this.#scanner.line < this.#layout.firstLine) continue;
      if (++this.#count % 16_384 === 0) this.#progress(this.#count);
      if (this.#usualSurplus === null && !this.isNote) {
        this.#usualSurplus = Math.max(0, this.#scanner.fieldCount - this.#layout.fieldCount);
      }
      return true;
    }
    return false;
  }

  /** A quoted field is never closed: what is left of the file cannot be told apart. */
  get isCutOff(): boolean {
    return this.#scanner.problem === 'unclosed';
  }

  /** Why the fields of this record cannot be trusted; null when they can. */
  get malformed(): string | null {
    const { problem, fieldCount } = this.#scanner;
    if (problem === 'unclosed') return 'a quoted field never ends, so the rest of the file cannot be read';
    if (problem === 'trailing') return 'something stands behind the closing quote of a field';
    const wanted = this.#layout.fieldCount;
    const surplus = fieldCount - wanted;
    if (surplus <= 0) return null;
    // A program may end every row with a delimiter; in one row only, it is a name with a delimiter in it.
    const isEmpty = Array.from({ length: surplus }, (_, i) => this.#scanner.field(wanted + i)).every(
      text => text === '',
    );
    if (isEmpty && surplus === this.#usualSurplus) return null;
    const delimiter = this.#layout.delimiter === '\t' ? 'tab' : `"${this.#layout.delimiter}"`;
    return `the row has ${fieldCount} fields and the header has ${wanted}: is a name with a ${delimiter} in it not quoted?`;
  }

  /** Empty when the file has no such column, or this record ends before it. */
  field(column: SourceColumn): string {
    const index = this.#layout.columns[column];
    return index < 0 || index >= this.#scanner.fieldCount ? '' : this.#scanner.field(index).trim();
  }

  /** All fields, for whoever reads the report. */
  get fields(): readonly string[] {
    return Array.from({ length: this.#scanner.fieldCount }, (_, index) => this.#scanner.field(index));
  }

  /** A heading between the rows, a remark below them, or the header once more: no price is lost with it. */
  get isNote(): boolean {
    const prefix = this.field('prefix');
    const rate = this.field('rate');
    const { columns, headers } = this.#layout;
    if (headers.length > 0 && prefix === headers[columns.prefix] && rate === headers[columns.rate])
      return true;
    if (rate !== '') return false;
    if (!/\d/.test(prefix)) return true;
    const filled = this.fields.filter(field => field !== '');
    return filled.length === 1 && /\p{L}{2,}/u.test(filled[0]!);
  }
}
