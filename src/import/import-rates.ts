/** A vendor's price list → the deck and the rate table of a configuration, or everything that is in the way. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultLimits } from '../config/limits.ts';
import { readYaml } from '../config/read/yaml.ts';
import { type Conversion, exact } from './amounts.ts';
import { type Changes, compare, type Defaults, suspicion } from './compare.ts';
import { columnsNeeded, type DeckColumn, deckText, writtenColumns } from './deck-text.ts';
import { decode, type Encoding } from './decode.ts';
import { findLayout, type Layout } from './layout.ts';
import { type ImportOptions, type SourceColumn, sourceColumns } from './options.ts';
import { Problems } from './problems.ts';
import { type ReadRows, readRows } from './read-rows.ts';
import type { ImportedRow } from './rows.ts';
import { settle } from './settle.ts';
import { type Survey, settleCurrency, survey } from './survey.ts';
import {
  deckOf,
  destinationHeader,
  loadErrors,
  newTableText,
  readTableFile,
  rowsOf,
  schemaBeside,
  type TableFile,
  tableOf,
  tablePath,
} from './table-file.ts';

export interface ImportRequest {
  readonly bytes: Buffer;
  /** The configuration directory. */
  readonly directory: string;
  readonly table: string;
  /** The table whose deck the new prices are compared with. */
  readonly against: string;
  readonly jumpPercent: number;
  /** Accept changes that look like a mistake. */
  readonly force: boolean;
  readonly options: ImportOptions;
}

/** A file to write, relative to the configuration directory. */
export interface NewFile {
  readonly path: string;
  readonly text: string;
}

export interface Source {
  readonly encoding: Encoding;
  readonly delimiter: string;
  readonly headerLine: number | null;
  /** Header, or position where there is none, by what was read from it. */
  readonly columns: Readonly<Partial<Record<SourceColumn, string>>>;
  readonly decimal: 'comma' | 'point';
  readonly dateOrder: string;
  readonly currency: string | null;
}

export interface ImportOutcome {
  readonly source: Source | null;
  readonly read: ReadRows | null;
  /** Rows of the new deck. */
  readonly rows: number;
  readonly problems: Problems;
  readonly changes: Changes | null;
  /** Nothing when the import is refused; files that would stay as they are are left out. */
  readonly files: readonly NewFile[];
  readonly refused: boolean;
}

/** Told which step is under way, and how many records it has been through. */
export type Progress = (step: string, records: number) => void;

/** Reads everything and writes nothing. */
export function importRates(request: ImportRequest, progress: Progress): ImportOutcome {
  const problems = new Problems();
  const refused = { source: null, read: null, rows: 0, problems, changes: null, files: [], refused: true };
  const decoded = decode(request.bytes);
  if ('problem' in decoded) {
    problems.refuse(decoded.problem);
    return refused;
  }
  const { text, encoding } = decoded;
  if (encoding === 'Windows-1252') {
    problems.notice('the file is not UTF-8; it was read as Windows-1252, which matters only to names');
  }
  const configuration = readConfiguration(request, problems);
  const layout = configuration === null ? null : findLayout(text, request.options, problems);
  if (configuration === null || layout === null) return refused;
  const surveyed = survey(text, layout, request.options, problems, done => progress('looking through', done));
  if (surveyed === null) return refused;
  const source = sourceOf(encoding, layout, surveyed, null);
  const money = settleCurrency(
    surveyed.currencyMarks,
    layout,
    request.options,
    configuration.currency,
    problems,
  );
  if (money === null) return { ...refused, source };
  const units = unitsOf(request.options, layout, configuration.table, problems);
  const reading = {
    ...{ text, layout, survey: surveyed, options: request.options },
    ...conversionsOf(request.options, units, problems),
  };
  const read = readRows(reading, problems, done => progress('reading', done));
  const withSource = { ...refused, source: { ...source, currency: money.currency }, read };
  const badRows = problems.all.length > 0;
  const rows = settle(read.rows, request.options, problems);
  const unreadable = problems.all.some(({ kind }) => kind === 'file');
  if (rows === null || unreadable || (badRows && !request.options.skipBadRows)) return withSource;
  if (rows.length === 0) {
    problems.refuse('the file has no rows with a prefix and a price');
    return withSource;
  }
  progress('comparing and checking', rows.length);
  return { ...withSource, ...conclude(request, configuration, units, rows, problems) };
}

interface Configuration {
  readonly currency: string;
  /** For the first line of a new table. */
  readonly schema: string | null;
  readonly table: TableFile | null;
  readonly against: TableFile | null;
}

/**
 * Reads only what the import needs: an account may name the table that is only now imported, so the configuration as a
 * whole need not be good.
 */
function readConfiguration(request: ImportRequest, problems: Problems): Configuration | null {
  const { directory, table: name, against: otherName } = request;
  let switchText: string;
  try {
    switchText = readFileSync(join(directory, 'switch.yaml'), 'utf8');
  } catch {
    return problems.refuse(`there is no switch.yaml in ${directory}; say --config DIR`);
  }
  const root = readYaml(switchText, 'switch.yaml', defaultLimits).root;
  const currency = (root?.children?.get('currency')?.node.value ?? null) as unknown;
  if (typeof currency !== 'string') return problems.refuse('switch.yaml does not say the currency');
  const table = readTableFile(directory, name, problems);
  const against = otherName === name ? table : readTableFile(directory, otherName, problems);
  if (otherName !== name && against === null)
    problems.refuse(`there is no ${tablePath(otherName)} to compare with`);
  if (problems.all.length > 0) return null;
  return { currency, schema: schemaBeside(switchText), table, against };
}

function sourceOf(encoding: Encoding, layout: Layout, surveyed: Survey, currency: string | null): Source {
  const columns: Partial<Record<SourceColumn, string>> = {};
  for (const column of sourceColumns) {
    const index = layout.columns[column];
    if (index >= 0) columns[column] = layout.headers[index] ?? String(index + 1);
  }
  const { delimiter, headerLine } = layout;
  return {
    encoding,
    delimiter,
    headerLine,
    columns,
    decimal: surveyed.decimal,
    dateOrder: surveyed.dateOrder,
    currency,
  };
}

interface Units {
  /** Seconds that a price of the file is for. */
  readonly source: number;
  /** Seconds that a price of the deck is for. */
  readonly target: number;
}

/** A table that is there keeps its unit; a new one takes the unit of the file, so that prices stay as they are. */
function unitsOf(options: ImportOptions, layout: Layout, table: TableFile | null, problems: Problems): Units {
  const source = options.unitSeconds ?? layout.unitSeconds ?? 60;
  const target = table === null || table.headers.has('unit') ? source : table.defaults.unitSeconds;
  if (source !== target) {
    problems.notice(`prices per ${source} s were turned into prices per ${target} s, the unit of the table`);
  }
  return { source, target };
}

function conversionsOf(
  options: ImportOptions,
  units: Units,
  problems: Problems,
): { readonly rateConversion: Conversion; readonly feeConversion: Conversion; readonly maxRate: number } {
  const { roundTo, maxRate } = options;
  const exchangeRate = options.exchangeRate === null ? null : exact(options.exchangeRate);
  if (options.exchangeRate !== null && (exchangeRate === null || exchangeRate.digits === 0n)) {
    problems.refuse(`--exchange-rate must be a plain decimal above 0, not "${options.exchangeRate}"`);
  }
  return {
    rateConversion: { exchangeRate, times: units.target, per: units.source, roundTo },
    feeConversion: { exchangeRate, times: 1, per: 1, roundTo },
    maxRate: (maxRate * units.target) / 60,
  };
}

/** Lays out the deck, compares it, and has the loader read it before anybody sees it. */
function conclude(
  request: ImportRequest,
  configuration: Configuration,
  units: Units,
  rows: readonly ImportedRow[],
  problems: Problems,
): Pick<ImportOutcome, 'rows' | 'changes' | 'files' | 'refused'> {
  const refused = { rows: rows.length, changes: null, files: [], refused: true };
  const { directory } = request;
  if (rows.every(({ firstSeconds }) => firstSeconds === 0)) {
    problems.notice(
      'the file does not say increments; the default of the table counts (60/60 unless it says otherwise)',
    );
  }
  const oldDeck = configuration.table === null ? null : deckOf(directory, configuration.table);
  const table = configuration.table ?? newTable(request, configuration, units, rows);
  const headers = headersOf(table, oldDeck, rows, problems);
  if (headers === null) return refused;
  const text = deckText(rows, { delimiter: table.delimiter, headers, unitSeconds: units.source });
  const errors = loadErrors(table, text);
  if (errors.length > 0) {
    for (const { place, message } of errors) {
      problems.refuse(`the switch could not load the deck: ${place.file}:${place.line} ${message}`);
    }
    return refused;
  }
  const changes = changesOf(request, configuration, table, units, rows);
  const doubt = changes === null ? null : suspicion(changes, request.jumpPercent);
  if (doubt !== null && !request.force) {
    problems.refuse(
      `${doubt}: is it the right file, column, decimal sign, unit and currency? If so, say --force`,
    );
    return { ...refused, changes };
  }
  const files = [
    ...(text === oldDeck ? [] : [{ path: table.deckPath, text }]),
    ...(configuration.table === null ? [{ path: table.path, text: table.text }] : []),
  ];
  return { rows: rows.length, changes, files, refused: false };
}

function newTable(
  request: ImportRequest,
  configuration: Configuration,
  units: Units,
  rows: readonly ImportedRow[],
): TableFile {
  const needed = columnsNeeded(rows);
  const columns = writtenColumns.filter(column => needed.has(column));
  const text = newTableText(request.table, columns, units.target, configuration.schema);
  const table = tableOf(text, tablePath(request.table));
  if ('code' in table) throw new Error(`a new rate table has an error: ${table.message}`);
  return table;
}

/** Headers in the order of the deck; null, with problems, when the table does not read what the rows say. */
function headersOf(
  table: TableFile,
  oldDeck: string | null,
  rows: readonly ImportedRow[],
  problems: Problems,
): ReadonlyMap<DeckColumn, string> | null {
  const needed = columnsNeeded(rows);
  const split = table.headers.has('firstIncrement') && table.headers.has('nextIncrement');
  let complete = true;
  const headers = new Map<DeckColumn, string>();
  for (const column of writtenColumns) {
    const header = table.headers.get(column);
    if (header !== undefined) headers.set(column, header);
    else if (column === 'destination' && needed.has(column)) {
      headers.set(column, destinationHeader(oldDeck, table.delimiter));
    } else if (needed.has(column) && !(column === 'increments' && split)) {
      complete = false;
      problems.refuse(
        `the file has ${column}, which ${table.path} does not read; add "${column}: ${column}" to its deck.columns`,
      );
    }
  }
  for (const [column, header] of table.headers) {
    if (headers.has(column)) continue;
    headers.set(column, header);
    problems.notice(
      `${table.path} reads ${column} from the deck, which a price list does not have: it stays empty`,
    );
  }
  return complete ? headers : null;
}

function changesOf(
  request: ImportRequest,
  configuration: Configuration,
  table: TableFile,
  units: Units,
  rows: readonly ImportedRow[],
): Changes | null {
  const { against } = configuration;
  const oldText = against === null ? null : deckOf(request.directory, against);
  if (against === null || oldText === null) return null;
  const { firstSeconds, nextSeconds } = table.defaults.increments;
  const defaults: Defaults = { unitSeconds: units.target, firstSeconds, nextSeconds };
  return compare(rowsOf(against, oldText), rows, defaults, request.jumpPercent);
}
