const quote = 0x22;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const space = 0x20;
const tab = 0x09;

export type CsvProblem =
  /** A quoted field is still open at the end of the file. */
  | 'unclosed'
  /** Something stands between the closing quote of a field and the next delimiter. */
  | 'trailing';

/**
 * Reads comma-separated values (RFC 4180) record by record without making an object for any of them: a million
 * rows are scanned once, and only the fields that are asked for become strings. Lines end in LF or CRLF, empty
 * lines are passed over, and blanks around a value do not count.
 */
export class CsvScanner {
  readonly #text: string;
  readonly #delimiter: number;
  #at = 0;
  #nextLine = 1;
  #line = 0;
  #recordStart = 0;
  #fieldCount = 0;
  #starts = new Int32Array(64);
  #ends = new Int32Array(64);
  /** 1 for a quoted field with doubled quotes in it. */
  #doubled = new Uint8Array(64);
  #problem: CsvProblem | null = null;

  /** `delimiter` is one character. */
  constructor(text: string, delimiter: string) {
    this.#text = text;
    this.#delimiter = delimiter.charCodeAt(0);
  }

  /** Line of the record's beginning, from 1. */
  get line(): number {
    return this.#line;
  }

  /** Where the record begins in the text. */
  get recordStart(): number {
    return this.#recordStart;
  }

  /** Where the record ends, without its line end. */
  get recordEnd(): number {
    const end =
      this.#text.charCodeAt(this.#at - 1) === lineFeed ? this.#at - 1 : Math.min(this.#at, this.#text.length);
    return this.#text.charCodeAt(end - 1) === carriageReturn ? end - 1 : end;
  }

  get fieldCount(): number {
    return this.#fieldCount;
  }

  /** What is wrong with the quotes of this record; its fields are not to be used then. */
  get problem(): CsvProblem | null {
    return this.#problem;
  }

  /** Goes to the next record; false at the end. */
  next(): boolean {
    const text = this.#text;
    const length = text.length;
    for (;;) {
      if (this.#at >= length) return false;
      const character = text.charCodeAt(this.#at);
      if (character === lineFeed) this.#nextLine++;
      else if (character !== carriageReturn) break;
      this.#at++;
    }
    this.#line = this.#nextLine;
    this.#recordStart = this.#at;
    this.#fieldCount = 0;
    this.#problem = null;
    while (this.#scanField()) {
      // Each turn takes one field.
    }
    return true;
  }

  /** The value of a field of this record, from 0. */
  field(index: number): string {
    const text = this.#text;
    let start = this.#starts[index]!;
    let end = this.#ends[index]!;
    while (start < end && isBlank(text.charCodeAt(start))) start++;
    while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
    const value = text.slice(start, end);
    return this.#doubled[index] === 1 ? value.replaceAll('""', '"') : value;
  }

  /** As `field`, with the blanks around it. */
  rawField(index: number): string {
    const value = this.#text.slice(this.#starts[index]!, this.#ends[index]!);
    return this.#doubled[index] === 1 ? value.replaceAll('""', '"') : value;
  }

  /**
   * Whether a field, from 0, has this value, as `field` would give it. Makes no string of the field, and is false
   * for every one with doubled quotes.
   */
  holds(index: number, value: string): boolean {
    const text = this.#text;
    const end = this.#ends[index]!;
    let at = this.#starts[index]!;
    while (at < end && isBlank(text.charCodeAt(at))) at++;
    if (end - at < value.length || this.#doubled[index] === 1) return false;
    for (let i = 0; i < value.length; i++) {
      if (text.charCodeAt(at++) !== value.charCodeAt(i)) return false;
    }
    while (at < end && isBlank(text.charCodeAt(at))) at++;
    return at === end;
  }

  /** Column of a field in its first line, from 1; of the whole record when there is no such field. */
  columnOf(index: number): number {
    if (index >= this.#fieldCount) return 1;
    const start = this.#starts[index]!;
    const lineStart = this.#text.lastIndexOf('\n', start - 1) + 1;
    return start - Math.max(lineStart, this.#recordStart) + 1;
  }

  /** Takes one field and what ends it; false when that was the end of the record. */
  #scanField(): boolean {
    const text = this.#text;
    let at = this.#at;
    if (text.charCodeAt(at) === quote) return this.#scanQuoted();
    const start = at;
    const length = text.length;
    const delimiter = this.#delimiter;
    let character = -1;
    for (; at < length; at++) {
      character = text.charCodeAt(at);
      if (character === delimiter || character === lineFeed) break;
    }
    if (at < length && character === delimiter) {
      this.#push(start, at, 0);
      this.#at = at + 1;
      return true;
    }
    const end = at > start && text.charCodeAt(at - 1) === carriageReturn ? at - 1 : at;
    this.#push(start, end, 0);
    this.#nextLine++;
    this.#at = at + 1;
    return false;
  }

  #scanQuoted(): boolean {
    const text = this.#text;
    const start = this.#at + 1;
    let doubled: 0 | 1 = 0;
    let close = start;
    for (;;) {
      close = text.indexOf('"', close);
      if (close < 0) return this.#fail('unclosed', start);
      if (text.charCodeAt(close + 1) !== quote) break;
      doubled = 1;
      close += 2;
    }
    this.#nextLine += countLineFeeds(text, start, close);
    this.#push(start, close, doubled);
    let after = close + 1;
    if (after < text.length && text.charCodeAt(after) === this.#delimiter) {
      this.#at = after + 1;
      return true;
    }
    if (text.charCodeAt(after) === carriageReturn) after++;
    if (after >= text.length || text.charCodeAt(after) === lineFeed) {
      this.#nextLine++;
      this.#at = after + 1;
      return false;
    }
    return this.#fail('trailing', start);
  }

  /** A quote that never ends swallows the rest of the file; anything else spoils only its own line. */
  #fail(problem: CsvProblem, start: number): false {
    this.#problem = problem;
    if (problem === 'unclosed') {
      this.#push(start, start, 0);
      this.#at = this.#text.length;
      return false;
    }
    const end = this.#text.indexOf('\n', this.#ends[this.#fieldCount - 1]!);
    this.#nextLine++;
    this.#at = end < 0 ? this.#text.length : end + 1;
    return false;
  }

  #push(start: number, end: number, doubled: 0 | 1): void {
    const index = this.#fieldCount++;
    if (index === this.#starts.length) this.#grow(index * 2);
    this.#starts[index] = start;
    this.#ends[index] = end;
    this.#doubled[index] = doubled;
  }

  #grow(length: number): void {
    const [starts, ends, doubled] = [new Int32Array(length), new Int32Array(length), new Uint8Array(length)];
    starts.set(this.#starts);
    ends.set(this.#ends);
    doubled.set(this.#doubled);
    this.#starts = starts;
    this.#ends = ends;
    this.#doubled = doubled;
  }
}

function isBlank(character: number): boolean {
  return character === space || character === tab;
}

function countLineFeeds(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = text.indexOf('\n', from); at >= 0 && at < to; at = text.indexOf('\n', at + 1)) count++;
  return count;
}
