/** The rows of a vendor's file, each either read exactly or reported. */
import { type Conversion, convert, plainAmount } from './amounts.ts';
import { withoutCurrency } from './currencies.ts';
import { isNoDate, type Moment, readMoment } from './dates.ts';
import { readIncrements, readSeconds } from './increments.ts';
import type { Layout } from './layout.ts';
import type { ImportOptions, SourceColumn } from './options.ts';
import { readPrefixes, unclearGrouping } from './prefixes.ts';
import { type Problems, quoted } from './problems.ts';
import { type Progress, Records } from './records.ts';
import type { ImportedRow } from './rows.ts';
import { readStatus } from './statuses.ts';
import type { Survey } from './survey.ts';

export interface SkippedRow {
  readonly line: number;
  readonly fields: readonly string[];
}

export interface ReadRows {
  readonly rows: ImportedRow[];
  /** Records below the header, notes left out. */
  readonly read: number;
  readonly skipped: readonly SkippedRow[];
}

export interface Reading {
  readonly text: string;
  readonly layout: Layout;
  readonly survey: Survey;
  readonly options: ImportOptions;
  readonly rateConversion: Conversion;
  readonly feeConversion: Conversion;
  /** In 10⁻¹⁰ currency units per unit of the table. */
  readonly maxRate: number;
}

export function readRows(reading: Reading, problems: Problems, progress: Progress): ReadRows {
  return new RowReader(reading, problems).read(progress);
}

const dayMs = 86_400_000;
/** Distinct texts that are remembered; decks repeat a few thousand prices. */
const remembered = 100_000;

type Amount = number | { readonly problem: string };

interface Period {
  readonly fromMs: number;
  readonly untilMs: number;
}

interface Steps {
  readonly firstSeconds: number;
  readonly nextSeconds: number;
}

class RowReader {
  readonly #reading: Reading;
  readonly #problems: Problems;
  readonly #records: Records;
  #progress: Progress = () => {};
  readonly #otherwise: Steps;
  readonly #rates = new Map<string, Amount>();
  readonly #fees = new Map<string, Amount>();
  readonly #moments = new Map<string, Moment | null>();

  constructor(reading: Reading, problems: Problems) {
    this.#reading = reading;
    this.#problems = problems;
    const { increments } = reading.options;
    const nothing = { firstSeconds: 0, nextSeconds: 0 };
    this.#otherwise = increments === null ? nothing : (readIncrements(increments) ?? nothing);
    this.#records = new Records(reading.text, reading.layout, done => this.#progress(done));
  }

  read(progress: Progress): ReadRows {
    this.#progress = progress;
    const rows: ImportedRow[] = [];
    const skipped: SkippedRow[] = [];
    let read = 0;
    const records = this.#records;
    while (records.next()) {
      const malformed = records.malformed;
      if (malformed === null && records.isNote) {
        this.#problems.notice('lines without a prefix or a price, taken as notes', records.line);
        continue;
      }
      read++;
      if (records.isCutOff) {
        this.#problems.refuse(`the quoted field that begins in line ${records.line} never ends`);
        break;
      }
      if (malformed !== null) this.#problems.add('row', records.line, malformed);
      const good = malformed === null && this.#readRecord(rows);
      if (!good) skipped.push({ line: records.line, fields: records.fields });
    }
    return { rows, read, skipped };
  }

  /** Adds the rows of the current record; false, with a problem, when it cannot be used. */
  #readRecord(rows: ImportedRow[]): boolean {
    const records = this.#records;
    const { line } = records;
    const prefixes = this.#prefixes();
    // Each is looked at, so that one run shows all that is wrong with a row.
    const rate = this.#rate();
    const fee = this.#fee();
    const steps = this.#steps();
    const period = this.#period();
    const status = this.#status();
    if (prefixes === null || rate === null || fee === null) return false;
    if (steps === null || period === null || status === null) return false;
    if (status === 'dropped') return true;
    const destination = records.field('destination').replace(/[\r\n\t]+/g, ' ');
    if (prefixes.length > 1) this.#problems.notice('lists and ranges of prefixes were written out', line);
    const { firstSeconds, nextSeconds } = steps;
    const { fromMs, untilMs } = period;
    const locked = status === 'locked';
    // One literal with every value: a million rows are usual, and copies of copies cost more than the reading.
    for (const prefix of prefixes) {
      rows.push({
        prefix,
        rate,
        firstSeconds,
        nextSeconds,
        connectFee: fee,
        locked,
        fromMs,
        untilMs,
        destination,
        line,
      });
    }
    return true;
  }

  #prefixes(): readonly string[] | null {
    const records = this.#records;
    const { layout, options } = this.#reading;
    const joined = layout.columns.country >= 0;
    const country = joined ? records.field('country').replace(/^\+|^00|[\s()-]/g, '') : '';
    const cell = records.field('prefix');
    if (joined && !/^[1-9]\d{0,3}$/.test(country)) {
      return this.#bad('prefix', `the country code ${quoted(records.field('country'))} is no number`);
    }
    if (joined && cell === '') return [country];
    const unclear = joined ? null : unclearGrouping(cell);
    if (unclear !== null) return this.#bad('prefix', unclear);
    const read = readPrefixes(cell, options.hyphen);
    if ('problem' in read) return this.#bad('prefix', read.problem);
    return joined ? read.prefixes.map(prefix => country + prefix) : read.prefixes;
  }

  #rate(): number | null {
    const text = this.#records.field('rate');
    if (text === '') return this.#bad('rate', 'the price is empty');
    const rate = this.#amount('rate', this.#reading.rateConversion, this.#rates);
    if (rate === null) return null;
    if (rate === 0 && !this.#reading.options.allowZero) {
      return this.#bad('rate', 'the price is zero; say --allow-zero if calls there are free');
    }
    if (rate > this.#reading.maxRate) {
      return this.#bad(
        'rate',
        `${quoted(text)} is more than a minute can cost; say --max-rate if it is right`,
      );
    }
    return rate;
  }

  #fee(): number | null {
    const text = this.#records.field('connectFee');
    if (text === '' || /^-+$/.test(text)) return -1;
    return this.#amount('connectFee', this.#reading.feeConversion, this.#fees);
  }

  #amount(column: 'rate' | 'connectFee', conversion: Conversion, known: Map<string, Amount>): number | null {
    const text = this.#records.field(column);
    let amount = known.get(text);
    if (amount === undefined) {
      amount = this.#readAmount(text, conversion);
      if (known.size < remembered) known.set(text, amount);
    }
    return typeof amount === 'number' ? amount : this.#bad('rate', amount.problem);
  }

  #readAmount(text: string, conversion: Conversion): Amount {
    const { decimal } = this.#reading.survey;
    const bare = withoutCurrency(text).amount;
    if (/^-?\d+(?:[.,]\d+)?[eE][+-]?\d+$/.test(bare)) {
      return { problem: `${quoted(text)} was rounded by a spreadsheet; export the column as a plain number` };
    }
    const plain = plainAmount(bare, decimal);
    if (plain === null) return { problem: `${quoted(text)} is no price with a decimal ${decimal}` };
    if (plain.startsWith('-')) return { problem: `the price ${quoted(text)} is negative` };
    const converted = convert(plain, conversion);
    if ('problem' in converted) return converted;
    if (converted.rounded) {
      this.#problems.notice(
        `prices were rounded half up to ${conversion.roundTo ?? 10} decimals`,
        this.#records.line,
      );
    }
    return converted.rate;
  }

  #steps(): Steps | null {
    const first = this.#seconds('firstIncrement');
    const next = this.#seconds('nextIncrement');
    if (first === null || next === null) return null;
    const text = this.#records.field('increments');
    const both = text === '' ? null : readIncrements(text);
    if (text !== '' && both === null) {
      return this.#bad('increments', `${quoted(text)} is not first/next in seconds, such as 60/60 or 30/6`);
    }
    // A minimum beside a single increment: the one is the first, the other the next.
    const firstSeconds = first === 0 ? (both?.firstSeconds ?? next) : first;
    const nextSeconds = next === 0 ? (both?.nextSeconds ?? first) : next;
    if (both !== null && (first !== 0 || next !== 0) && both.firstSeconds !== both.nextSeconds) {
      const agree = (first === 0 || first === both.firstSeconds) && (next === 0 || next === both.nextSeconds);
      if (!agree)
        return this.#bad('increments', `the increments ${quoted(text)} contradict the other columns`);
    }
    return firstSeconds === 0 ? this.#otherwise : { firstSeconds, nextSeconds };
  }

  /** 0 when the field is empty; null, with a problem, when it is not seconds. */
  #seconds(column: 'firstIncrement' | 'nextIncrement'): number | null {
    const text = this.#records.field(column);
    if (text === '') return 0;
    const seconds = readSeconds(text);
    return seconds ?? this.#bad('increments', `${quoted(text)} is not a whole number of seconds from 1`);
  }

  #period(): Period | null {
    const from = this.#moment('effectiveFrom');
    const until = this.#moment('effectiveUntil');
    if (from === null || until === null) return null;
    const fromMs = from === 'none' ? -Infinity : from.ms;
    const lastDay = until !== 'none' && until.wholeDay && this.#reading.options.untilIsLastDay;
    const untilMs = until === 'none' ? Infinity : until.ms + (lastDay ? dayMs : 0);
    if (fromMs < untilMs) return { fromMs, untilMs };
    return this.#bad('date', `the price ends (${this.#records.field('effectiveUntil')}) before it begins`);
  }

  #moment(column: SourceColumn): Moment | 'none' | null {
    const text = this.#records.field(column);
    if (isNoDate(text)) return 'none';
    let moment = this.#moments.get(text);
    if (moment === undefined) {
      const { survey, options } = this.#reading;
      moment = readMoment(text, survey.dateOrder, options.zoneMinutes ?? 0);
      if (this.#moments.size < remembered) this.#moments.set(text, moment);
    }
    if (moment === null) return this.#bad('date', `${quoted(text)} is no date${excelDay(text)}`);
    this.#noticeMoment(moment, column);
    return moment;
  }

  #noticeMoment(moment: Moment, column: SourceColumn): void {
    const { options } = this.#reading;
    if (moment.zoneless && options.zoneMinutes === null) {
      this.#problems.notice('times without a zone were taken as UTC; --time-zone says otherwise');
    }
    if (moment.cut) this.#problems.notice('times were cut to the millisecond');
    if (column === 'effectiveUntil' && moment.wholeDay && !options.untilIsLastDay) {
      this.#problems.notice(
        'an end date is the first day on which the price does not count; --last-day makes it the last on which it does',
      );
    }
  }

  #status(): 'offered' | 'locked' | 'dropped' | null {
    const text = this.#records.field('status');
    const status = text === '' ? 'offered' : readStatus(text);
    if (status === null) {
      return this.#bad(
        'status',
        `the status ${quoted(text)} is not known; say --ignore-columns if it says nothing`,
      );
    }
    if (status !== 'withdrawn') return status;
    const { withdrawn } = this.#reading.options;
    if (withdrawn === null) {
      const say =
        'say --withdrawn lock (calls are refused) or --withdrawn drop (a shorter prefix may carry them)';
      return this.#bad('status', `the status ${quoted(text)} withdraws the prefix; ${say}`);
    }
    const done = withdrawn === 'drop' ? 'left out' : 'locked';
    this.#problems.notice(`withdrawn prefixes were ${done}`, this.#records.line);
    return withdrawn === 'drop' ? 'dropped' : 'locked';
  }

  #bad(kind: 'prefix' | 'rate' | 'increments' | 'date' | 'status', message: string): null {
    return this.#problems.add(kind, this.#records.line, message);
  }
}

function excelDay(text: string): string {
  return /^\d{5}$/.test(text) ? ' (a spreadsheet counts days this way; format the column as a date)' : '';
}
