/** The files in number-lists/: numbers in the file itself, or lines of a file beside it, of which there may be a million. */
import { createHash } from 'node:crypto';
import type { Code } from '../../diagnostics/codes.ts';
import type { Place } from '../../diagnostics/diagnostic.ts';
import type { PrefixTrie } from '../../prefixes/prefix-trie.ts';
import { isPrefixText, PrefixTrieBuilder } from '../../prefixes/prefix-trie-builder.ts';
import { forEachValue, shapeOf } from '../../prefixes/trie-shape.ts';
import type { Findings } from '../findings.ts';
import type { Limits } from '../limits.ts';
import type { ParsedNumberList } from '../parsed-routing.ts';
import { grouped, withLineFeeds } from '../read/file.ts';
import { shortened } from '../schema/findings.ts';
import type { Fields } from './fields.ts';
import { type NamingFile, readNamedFile } from './named-file.ts';

export interface NumberListFile extends NamingFile {
  readonly name: string;
  readonly fields: Fields;
  /** Something in the file was wrong and has been taken out. */
  readonly incomplete: boolean;
}

/** What an entry of a list is, as bits of the value in its trie. */
const number = 1;
const prefix = 2;

/** Bytes of an ordinary line, to size the tables before they are filled. */
const usualLineBytes = 13;

export function parseNumberList(file: NumberListFile, limits: Limits, findings: Findings): ParsedNumberList {
  const { name, fields, incomplete } = file;
  const written = fields.textAt('file');
  const lines = written === null ? null : readLines(written, file, limits, findings);
  const list = new ListBuilder(Math.ceil((lines?.bytes ?? 0) / usualLineBytes), limits, findings);
  for (const { text, place } of fields.texts('numbers')) list.add(text, number, place);
  for (const { text, place } of fields.texts('prefixes')) list.add(text, prefix, place);
  if (lines !== null) list.addLines(withLineFeeds(lines.text), lines.path);
  list.finish();
  const readable = !incomplete && (written === null || lines !== null) && !list.hasProblems;
  if (list.entryCount === 0 && readable) {
    const place = written?.place ?? fields.place();
    findings.add('C4225', place, 'there is no number in the list');
  }
  const entries = list.build();
  return {
    name,
    place: fields.place(),
    entries,
    entryCount: list.entryCount,
    numberCount: list.numberCount,
    linesFile: lines?.path ?? null,
    meaning: digestOf(entries),
    incomplete: !readable,
  };
}

function readLines(
  written: { readonly text: string; readonly place: Place },
  file: NumberListFile,
  limits: Limits,
  findings: Findings,
): { readonly text: string; readonly path: string; readonly bytes: number } | null {
  // The running switch watches files of these names and no others.
  if (!/\.(?:txt|csv)$/i.test(written.text)) {
    const message = `file must be the name of a text or CSV file, ending in .txt or .csv, not "${shortened(written.text)}"`;
    findings.add('C4204', written.place, message);
    return null;
  }
  return readNamedFile(written, 'file of numbers', file, limits, findings);
}

class ListBuilder {
  readonly #trie: PrefixTrieBuilder;
  readonly #limit: number;
  readonly #findings: Findings;
  #malformed = 0;
  #repeated = 0;
  #lastPlace: Place | null = null;
  entryCount = 0;
  numberCount = 0;

  constructor(expected: number, limits: Limits, findings: Findings) {
    this.#trie = new PrefixTrieBuilder(Math.max(16, expected));
    this.#limit = limits.findingsPerDeck;
    this.#findings = findings;
  }

  get hasProblems(): boolean {
    return this.#malformed > 0;
  }

  /** `text` is a prefix text that is not empty. */
  add(text: string, kind: typeof number | typeof prefix, place: Place): void {
    if (this.#put(text, kind)) return;
    const what = kind === number ? 'number' : 'prefix';
    this.#report('C4224', ++this.#repeated, place, `the ${what} "${text}" stands in the list already`);
  }

  /** One entry on each line; a million lines are usual, so a line costs no object. */
  addLines(text: string, file: string): void {
    let line = 0;
    for (let start = 0; start < text.length; ) {
      line++;
      const feed = text.indexOf('\n', start);
      const end = feed < 0 ? text.length : feed;
      const entry = text.slice(start, end).trim();
      if (entry !== '') this.#addLine(entry, text, start, file, line);
      start = end + 1;
    }
  }

  #addLine(entry: string, text: string, start: number, file: string, line: number): void {
    const isPrefix = entry.endsWith('*');
    const digits = isPrefix ? entry.slice(0, -1) : entry;
    if (digits !== '' && isPrefixText(digits) && !digits.includes('*')) {
      if (this.#put(digits, isPrefix ? prefix : number)) return;
      const place = { file, line, column: 1 + text.indexOf(entry, start) - start };
      this.#report('C4224', ++this.#repeated, place, `"${entry}" stands in the list already`);
      return;
    }
    const place = { file, line, column: 1 + text.indexOf(entry, start) - start };
    const message = `"${shortened(entry)}" is no number: a line has 1 to 32 digits (with # and the letters of route tags), without plus sign or spaces, and an asterisk at the end for a prefix`;
    this.#report('C4223', ++this.#malformed, place, message);
  }

  /** Tells how many more there are of what was listed up to the limit. */
  finish(): void {
    const place = this.#lastPlace;
    if (place === null) return;
    const [malformed, repeated] = [this.#malformed - this.#limit, this.#repeated - this.#limit];
    if (malformed > 0) {
      this.#findings.add('C4407', place, `… and ${grouped(malformed)} more lines that are no numbers`);
    }
    if (repeated > 0) {
      this.#findings.add('C4224', place, `… and ${grouped(repeated)} more that stand in the list already`);
    }
  }

  build(): PrefixTrie {
    return this.#trie.build();
  }

  /** false when it is there already. */
  #put(text: string, kind: number): boolean {
    const before = this.#trie.set(text, kind);
    const isNew = before < 0 || (before & kind) === 0;
    if (before >= 0) this.#trie.set(text, before | kind);
    if (isNew) this.entryCount++;
    if (isNew && kind === number) this.numberCount++;
    return isNew;
  }

  #report(code: Code, count: number, place: Place, message: string): void {
    this.#lastPlace = place;
    if (count <= this.#limit) this.#findings.add(code, place, message);
  }
}

function digestOf(entries: PrefixTrie): string {
  const hash = createHash('sha256');
  hash.update(shapeOf(entries));
  const kinds = new Uint8Array(entries.prefixCount);
  let count = 0;
  forEachValue(entries, value => {
    kinds[count++] = value;
  });
  return hash.update(kinds).digest('hex');
}
