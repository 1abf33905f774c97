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
      return true;
    }
    return false;
  }

  /** Why the fields of this record cannot be trusted; null when they can. */
  get malformed(): string | null {
    const { problem, fieldCount } = this.#scanner;
    if (problem === 'unclosed') return 'a quoted field never ends, so the rest of the file cannot be read';
    if (problem === 'trailing') return 'something stands behind the closing quote of a field';
    for (let index = this.#layout.fieldCount; index < fieldCount; index++) {
      if (this.#scanner.field(index) !== '') {
        return `the row has ${fieldCount} fields and the header has ${this.#layout.fieldCount}: is a name with a ${this.#layout.delimiter === '\t' ? 'tab' : `"${this.#layout.delimiter}"`} in it not quoted?`;
      }
    }
    return null;
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
