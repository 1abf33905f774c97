/** Gives a CSV deck its canonical order: by prefix, then by the time from which a row counts. */
import { parseTime } from '../parse/time.ts';
import { CsvScanner } from '../read/csv-scanner.ts';

export interface DeckToFormat {
  readonly text: string;
  readonly delimiter: string;
  /** Positions of the columns, from 0; -1 when the deck has none. */
  readonly prefix: number;
  readonly effectiveFrom: number;
}

export type FormattedDeck =
  | { readonly text: string }
  /** A row that the columns cannot be told of; `line` from 1. */
  | { readonly line: number; readonly problem: string };

/**
 * The header as it stands, then the rows in order. Fields keep their text, quotes stand only where they must, lines
 * end in LF and there are no empty ones. A deck with a malformed row is not touched.
 */
export function formatDeck(deck: DeckToFormat): FormattedDeck {
  const text = deck.text.includes('\r') ? deck.text.replace(/\r\n?/g, '\n') : deck.text;
  const scanner = new CsvScanner(text, deck.delimiter);
  if (!scanner.next()) return { text: '' };
  const writer = new RecordWriter(text, scanner, deck.delimiter);
  const header = writer.record();
  const fieldCount = scanner.fieldCount;
  const rows = new Rows();
  if (scanner.problem !== null)
    return { line: scanner.line, problem: 'the quotes of the header do not match' };
  while (scanner.next()) {
    const problem = malformed(scanner, fieldCount);
    if (problem !== null) return { line: scanner.line, problem };
    const from = deck.effectiveFrom < 0 ? '' : scanner.field(deck.effectiveFrom);
    rows.add(scanner.field(deck.prefix), from, writer.record());
  }
  return { text: rows.inOrder(header) };
}

/** Why the fields of a row cannot be told apart, or null. */
function malformed({ problem, fieldCount }: CsvScanner, wanted: number): string | null {
  if (problem !== null) return 'the quotes of this row do not match';
  if (fieldCount === wanted) return null;
  return `the row has ${fieldCount} fields and the header has ${wanted}`;
}

class RecordWriter {
  readonly #text: string;
  readonly #scanner: CsvScanner;
  readonly #delimiter: string;

  constructor(text: string, scanner: CsvScanner, delimiter: string) {
    this.#text = text;
    this.#scanner = scanner;
    this.#delimiter = delimiter;
  }

  /** The record that the scanner stands at, without a line end. */
  record(): string {
    const written = this.#text.slice(this.#scanner.recordStart, this.#scanner.recordEnd);
    if (!written.includes('"')) return written;
    const fields = Array.from({ length: this.#scanner.fieldCount }, (_, i) => this.#field(i));
    return fields.join(this.#delimiter);
  }

  #field(index: number): string {
    const value = this.#scanner.rawField(index);
    if (!value.includes('"') && !value.includes(this.#delimiter) && !value.includes('\n')) return value;
    return `"${value.replaceAll('"', '""')}"`;
  }
}

/** A million rows are usual, so what they are ordered by is made once for each. */
class Rows {
  readonly #prefixes: string[] = [];
  readonly #froms: string[] = [];
  readonly #records: string[] = [];
  #isOrdered = true;

  add(prefix: string, from: string, record: string): void {
    const last = this.#records.length - 1;
    this.#prefixes.push(prefix);
    this.#froms.push(from);
    this.#records.push(record);
    if (last >= 0 && this.#isOrdered && this.#compare(last, last + 1) > 0) this.#isOrdered = false;
  }

  inOrder(header: string): string {
    const records = this.#records;
    if (this.#isOrdered) return `${[header, ...inPieces(records)].join('\n')}\n`;
    const order = Uint32Array.from(records, (_, i) => i).sort((a, b) => this.#compare(a, b) || a - b);
    const sorted = Array.from(order, i => records[i]!);
    return `${[header, ...inPieces(sorted)].join('\n')}\n`;
  }

  #compare(a: number, b: number): number {
    const [first, second] = [this.#prefixes[a]!, this.#prefixes[b]!];
    if (first !== second) return first < second ? -1 : 1;
    const [from, other] = [this.#froms[a]!, this.#froms[b]!];
    if (from === other) return 0;
    const [fromMs, otherMs] = [instantOf(from), instantOf(other)];
    return fromMs === otherMs ? 0 : fromMs < otherMs ? -1 : 1;
  }
}

/** A function takes only so many arguments, and a million records would be too many to spread. */
function inPieces(records: readonly string[]): string[] {
  const pieces: string[] = [];
  for (let at = 0; at < records.length; at += 10_000) pieces.push(records.slice(at, at + 10_000).join('\n'));
  return pieces;
}

function instantOf(text: string): number {
  return text === '' ? Number.NEGATIVE_INFINITY : (parseTime(text) ?? Number.POSITIVE_INFINITY);
}
