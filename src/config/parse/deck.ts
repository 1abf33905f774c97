/** A CSV deck → the rows of a rate table. A million rows are usual, so a row costs no object and no regular expression. */

import type { Code } from '../../diagnostics/codes.ts';
import type { Details } from '../../diagnostics/collect.ts';
import { isPrefixText } from '../../prefixes/prefix-text.ts';
import { parseRate } from '../../rating/decimal.ts';
import type { RateRow, RateTableBuilder } from '../../rating/rate-table-builder.ts';
import { parseStages, type RowStage } from '../../rating/stages.ts';
import type { Findings } from '../findings.ts';
import { CsvScanner } from '../read/csv-scanner.ts';
import { grouped, withLineFeeds } from '../read/file.ts';
import { shortened } from '../schema/findings.ts';
import { incrementsHint, numberHint, prefixHint, priceHint, timeHint } from '../schema/value-hints.ts';
import type { CallLevel } from '../snapshot.ts';
import { type ColumnName, type DeckColumns, findColumns } from './deck-columns.ts';
import { malformedHint, rowHint } from './deck-hints.ts';
import type { Fields } from './fields.ts';
import {
  type Increments,
  parseIncrements,
  parseLevel,
  parseLock,
  parseSeconds,
  type RowDefaults,
} from './rate-values.ts';
import { parseTime } from './time.ts';
import { hinted, notAPrice, notATime } from './values.ts';

export interface Deck {
  readonly text: string;
  /** Relative to the configuration directory. */
  readonly file: string;
  readonly delimiter: string;
  /** The `deck` of the rate table, for its columns. */
  readonly fields: Fields;
  readonly defaults: RowDefaults;
}

/** Adds the rows of the deck; at most `findingsLimit` findings are listed. */
export function readDeck(
  deck: Deck,
  builder: RateTableBuilder,
  findingsLimit: number,
  findings: Findings,
): void {
  const scanner = new CsvScanner(withLineFeeds(deck.text), deck.delimiter);
  if (!scanner.next()) {
    findings.add('C4408', { file: deck.file, line: 1, column: 1 }, 'the deck is empty');
    return;
  }
  const header = Array.from({ length: scanner.fieldCount }, (_, i) => scanner.field(i));
  const headerPlace = { file: deck.file, line: scanner.line, column: 1 };
  if (scanner.problem !== null) {
    findings.add('C4406', headerPlace, 'the quotes of the header do not match');
    return;
  }
  const columns = findColumns(deck.fields, header, headerPlace, findings);
  if (columns === null) return;
  new DeckReader(deck, scanner, columns, header, findingsLimit, findings).read(builder);
}

type WritableRow = { -readonly [K in keyof RateRow]: RateRow[K] };

/** Decks repeat the same few texts in a column, so the last one is remembered. */
interface Remembered<T> {
  text: string;
  /** null when `text` means nothing. */
  value: T | null;
  /** The value of an empty field, and of the column when there is none. */
  readonly otherwise: T;
}

function rememberedAs<T>(otherwise: T): Remembered<T> {
  return { text: '', value: otherwise, otherwise };
}

/** In the place of a level that neither the row nor the table says. */
const openToAll = 'open';

/** In the place of free seconds that neither the row nor the table says. */
const unsaid = -1;

const largestUnitSeconds = 86_400;
const largestIncrementSeconds = 999_999;

function parseFreeSeconds(text: string): number | null {
  return text === '0' ? 0 : parseSeconds(text, largestUnitSeconds);
}

class DeckReader {
  readonly #deck: Deck;
  readonly #scanner: CsvScanner;
  readonly #columns: DeckColumns;
  readonly #header: readonly string[];
  readonly #fieldCount: number;
  readonly #findingsLimit: number;
  readonly #findings: Findings;
  readonly #connectFee: Remembered<number>;
  readonly #increments: Remembered<Increments>;
  readonly #stages: Remembered<readonly RowStage[]>;
  readonly #freeSeconds: Remembered<number>;
  readonly #level: Remembered<CallLevel | typeof openToAll>;
  readonly #locked: Remembered<boolean> = rememberedAs(false);
  readonly #from: Remembered<number> = rememberedAs(-Infinity);
  readonly #until: Remembered<number> = rememberedAs(Infinity);
  readonly #row: WritableRow;
  /** Columns that few decks have are not asked for a million times. */
  readonly #hasCharges: boolean;
  readonly #hasSeconds: boolean;
  #problems = 0;
  #records = 0;

  constructor(
    deck: Deck,
    scanner: CsvScanner,
    columns: DeckColumns,
    header: readonly string[],
    findingsLimit: number,
    findings: Findings,
  ) {
    this.#deck = deck;
    this.#scanner = scanner;
    this.#columns = columns;
    this.#header = header;
    this.#fieldCount = header.length;
    this.#findingsLimit = findingsLimit;
    this.#findings = findings;
    this.#connectFee = rememberedAs(deck.defaults.connectFee);
    this.#increments = rememberedAs(deck.defaults.increments);
    this.#stages = rememberedAs(deck.defaults.stages);
    this.#freeSeconds = rememberedAs(deck.defaults.freeSeconds ?? unsaid);
    this.#level = rememberedAs(deck.defaults.level ?? openToAll);
    this.#hasCharges =
      columns.connectFee >= 0 || columns.stages >= 0 || columns.freeSeconds >= 0 || columns.level >= 0;
    this.#hasSeconds = columns.unit >= 0 || columns.firstIncrement >= 0 || columns.nextIncrement >= 0;
    this.#row = {
      prefix: '',
      rate: 0,
      unitSeconds: deck.defaults.unitSeconds,
      firstIncrementSeconds: deck.defaults.increments.firstSeconds,
      nextIncrementSeconds: deck.defaults.increments.nextSeconds,
      connectFee: deck.defaults.connectFee,
      stages: deck.defaults.stages,
      freeSeconds: deck.defaults.freeSeconds,
      level: deck.defaults.level,
      locked: false,
      effectiveFromMs: -Infinity,
      effectiveUntilMs: Infinity,
      line: 0,
    };
  }

  read(builder: RateTableBuilder): void {
    const scanner = this.#scanner;
    while (scanner.next()) {
      this.#records++;
      if (!this.#readRow()) continue;
      const line = builder.add(this.#row);
      if (line !== null) this.#duplicate(line);
    }
    const { file } = this.#deck;
    if (this.#records === 0) {
      this.#findings.add('C4408', { file, line: 1, column: 1 }, 'the deck has a header but no rows');
    }
    const unlisted = this.#problems - this.#findingsLimit;
    if (unlisted > 0) {
      const message = `… and ${grouped(unlisted)} more problems in this deck of ${grouped(this.#records)} rows`;
      this.#findings.add('C4407', { file, line: scanner.line, column: 1 }, message);
    }
  }

  /** Fills the row from the current record; false, with a finding, when it cannot be used. */
  #readRow(): boolean {
    const scanner = this.#scanner;
    if (scanner.problem !== null || scanner.fieldCount !== this.#fieldCount) return this.#malformed();
    const row = this.#row;
    row.line = scanner.line;
    row.prefix = scanner.field(this.#columns.prefix);
    if (row.prefix === '' || !isPrefixText(row.prefix)) return this.#badPrefix(row.prefix);
    const rateText = scanner.field(this.#columns.rate);
    const rate = parseRate(rateText);
    if (rate === null)
      return this.#bad('rate', 'C4402', notAPrice('rate', rateText), this.#priceHint(rateText));
    row.rate = rate;
    return (
      (!this.#hasCharges || this.#readFee()) && this.#readSteps() && this.#readLock() && this.#readPeriod()
    );
  }

  /** A header that stands twice fails at its price, since a word can be a prefix. */
  #priceHint(rate: string): string | undefined {
    const isHeader = rate === this.#header[this.#columns.rate];
    return isHeader ? rowHint(this.#scanner, rate, rate) : priceHint(rate);
  }

  #readFee(): boolean {
    const fee = this.#recall(this.#columns.connectFee, this.#connectFee, parseRate);
    if (fee === null) {
      const { text } = this.#connectFee;
      return this.#bad('connectFee', 'C4402', notAPrice('connectFee', text), priceHint(text));
    }
    this.#row.connectFee = fee;
    return this.#readExtras();
  }

  #readExtras(): boolean {
    const stages = this.#recall(this.#columns.stages, this.#stages, parseStages);
    if (stages === null) {
      const message = `stages must be none, or seconds:fee with semicolons between them, such as 60:0.10;30:0.05, not "${shortened(this.#stages.text)}"`;
      return this.#bad('stages', 'C4403', message);
    }
    const freeSeconds = this.#recall(this.#columns.freeSeconds, this.#freeSeconds, parseFreeSeconds);
    if (freeSeconds === null) {
      const message = `freeSeconds must be a whole number of seconds between 0 and ${largestUnitSeconds}, not "${shortened(this.#freeSeconds.text)}"`;
      return this.#bad('freeSeconds', 'C4403', message);
    }
    const level = this.#recall(this.#columns.level, this.#level, parseLevel);
    if (level === null) {
      const message = `level must be on-net, local, domestic or international, not "${shortened(this.#level.text)}"`;
      return this.#bad('level', 'C4403', message);
    }
    this.#row.level = level === openToAll ? null : level;
    this.#row.stages = stages;
    this.#row.freeSeconds = freeSeconds === unsaid ? null : freeSeconds;
    return true;
  }

  #readSteps(): boolean {
    const { defaults } = this.#deck;
    const increments = this.#recall(this.#columns.increments, this.#increments, parseIncrements);
    if (increments === null) {
      return this.#bad(
        'increments',
        'C4403',
        `increments must be first/next in seconds, such as 60/60, not "${shortened(this.#increments.text)}"`,
        incrementsHint(this.#increments.text),
      );
    }
    if (!this.#hasSeconds) {
      this.#row.firstIncrementSeconds = increments.firstSeconds;
      this.#row.nextIncrementSeconds = increments.nextSeconds;
      return true;
    }
    const unit = this.#seconds('unit', defaults.unitSeconds, largestUnitSeconds);
    const first = this.#seconds('firstIncrement', increments.firstSeconds, largestIncrementSeconds);
    const next = this.#seconds('nextIncrement', increments.nextSeconds, largestIncrementSeconds);
    if (unit === null || first === null || next === null) return false;
    this.#row.unitSeconds = unit;
    this.#row.firstIncrementSeconds = first;
    this.#row.nextIncrementSeconds = next;
    return true;
  }

  #seconds(column: ColumnName, otherwise: number, largest: number): number | null {
    const index = this.#columns[column];
    const text = index < 0 ? '' : this.#scanner.field(index);
    if (text === '') return otherwise;
    const seconds = parseSeconds(text, largest);
    if (seconds === null) {
      const message = `${column} must be a whole number of seconds between 1 and ${largest}, not "${shortened(text)}"`;
      this.#bad(column, 'C4403', message, /^[\d.]+$/.test(text) ? undefined : numberHint(text, 's'));
    }
    return seconds;
  }

  #readLock(): boolean {
    const locked = this.#recall(this.#columns.locked, this.#locked, parseLock);
    if (locked === null) {
      return this.#bad(
        'locked',
        'C4403',
        `locked must be 1, true, yes, on, 0, false, no, off or empty, not "${shortened(this.#locked.text)}"`,
      );
    }
    this.#row.locked = locked;
    return true;
  }

  #readPeriod(): boolean {
    const from = this.#time('effectiveFrom', this.#columns.effectiveFrom, this.#from);
    const until = this.#time('effectiveUntil', this.#columns.effectiveUntil, this.#until);
    if (from === null || until === null) return false;
    if (from >= until) {
      return this.#bad('effectiveUntil', 'C4403', 'effectiveUntil must be later than effectiveFrom');
    }
    this.#row.effectiveFromMs = from;
    this.#row.effectiveUntilMs = until;
    return true;
  }

  #time(column: ColumnName, index: number, remembered: Remembered<number>): number | null {
    const time = this.#recall(index, remembered, parseTime);
    if (time === null) {
      this.#bad(column, 'C4403', notATime(column, remembered.text), timeHint(remembered.text));
    }
    return time;
  }

  /** The value of a field; null, and its text in `remembered`, when `parse` cannot read it. */
  #recall<T>(index: number, remembered: Remembered<T>, parse: (text: string) => T | null): T | null {
    if (index < 0 || this.#scanner.holds(index, remembered.text)) return remembered.value;
    const text = this.#scanner.field(index);
    remembered.text = text;
    remembered.value = text === '' ? remembered.otherwise : parse(text);
    return remembered.value;
  }

  #badPrefix(prefix: string): false {
    const message =
      prefix === ''
        ? 'the prefix is empty'
        : `prefix must be at most 32 digits (with *, # and the letters of route tags), without plus sign or spaces, not "${shortened(prefix)}"`;
    return this.#bad(
      'prefix',
      'C4401',
      message,
      rowHint(this.#scanner, prefix, this.#header[this.#columns.prefix]) ?? prefixHint(prefix),
    );
  }

  #malformed(): false {
    const { problem, fieldCount, line } = this.#scanner;
    const messages = {
      unclosed: 'a quoted field of this row never ends',
      trailing: 'something stands behind the closing quote of a field',
    };
    const count = `the row has ${grouped(fieldCount)} fields and the header has ${grouped(this.#fieldCount)}`;
    const hint = malformedHint(this.#scanner, this.#fieldCount, this.#deck.delimiter);
    return this.#report('C4406', line, 1, problem === null ? count : messages[problem], hinted(hint));
  }

  #duplicate(line: number): void {
    const { file } = this.#deck;
    const related = [{ file, line, column: 1, message: 'the first rate for it' }];
    const message = `the prefix "${this.#row.prefix}" has a rate already for the same time`;
    this.#report('C4404', this.#row.line, this.#scanner.columnOf(this.#columns.prefix), message, { related });
  }

  #bad(column: ColumnName, code: Code, message: string, hint?: string): false {
    const at = this.#scanner.columnOf(this.#columns[column]);
    return this.#report(code, this.#scanner.line, at, message, hinted(hint));
  }

  #report(code: Code, line: number, column: number, message: string, details: Details): false {
    this.#problems++;
    if (this.#problems > this.#findingsLimit) return false;
    this.#findings.add(code, { file: this.#deck.file, line, column }, message, details);
    return false;
  }
}
