/** Where in a vendor's file the header stands, what is between the fields, and which column holds what. */
import { CsvScanner } from '../config/read/csv-scanner.ts';
import { didYouMean } from '../config/schema/suggest.ts';
import { meaningOfHeader } from './headers.ts';
import { columnOptions, type ImportOptions, type SourceColumn, sourceColumns } from './options.ts';
import { type Problems, quoted } from './problems.ts';

export interface Layout {
  readonly delimiter: string;
  /** null when the file has no header. */
  readonly headerLine: number | null;
  /** Line from which rows are read. */
  readonly firstLine: number;
  readonly headers: readonly string[];
  /** Fields of the header; Infinity when there is none. */
  readonly fieldCount: number;
  /** Position from 0; -1 when the file has no such column. */
  readonly columns: Readonly<Record<SourceColumn, number>>;
  /** Codes and signs in the headers of prices. */
  readonly currencies: readonly string[];
  readonly unitSeconds: 1 | 60 | null;
  readonly hundredths: boolean;
}

/** Above the header a vendor's letterhead may stand, but no more than this. */
const searchedRecords = 100;
const delimiters = [',', ';', '\t', '|'];

interface Candidate {
  readonly delimiter: string;
  readonly line: number;
  readonly headers: readonly string[];
  readonly chosen: Chosen;
  readonly score: number;
}

interface Chosen {
  readonly columns: Record<SourceColumn, number>;
  readonly problems: readonly string[];
}

/** null, with problems, when the columns of prefix and price are not to be found. */
export function findLayout(text: string, options: ImportOptions, problems: Problems): Layout | null {
  // Excel's own way of telling.
  const told = /^sep=(.)\r?(?:\n|$)/i.exec(text)?.[1];
  const given = options.delimiter ?? told;
  const possible = given === undefined ? delimiters : [given];
  if (!options.header) return withoutHeader(text, possible, options, told === undefined ? 1 : 2, problems);
  const candidates = possible.flatMap(delimiter => headersIn(text, delimiter, options));
  const usable = candidates.filter(({ chosen: { columns } }) => hasPrefixAndRate(columns));
  const best = usable.sort((a, b) => b.score - a.score || a.line - b.line)[0];
  if (best === undefined) return noHeader(candidates, options, problems);
  if (best.chosen.problems.length > 0) {
    for (const problem of best.chosen.problems) problems.refuse(problem);
    return null;
  }
  return layoutOf(best, problems);
}

function hasPrefixAndRate(columns: Readonly<Record<SourceColumn, number>>): boolean {
  return columns.prefix >= 0 && columns.rate >= 0;
}

function headersIn(text: string, delimiter: string, options: ImportOptions): readonly Candidate[] {
  const scanner = new CsvScanner(text, delimiter);
  const found: Candidate[] = [];
  for (let record = 0; record < searchedRecords && scanner.next(); record++) {
    if (scanner.problem !== null || scanner.fieldCount < 2) continue;
    const headers = Array.from({ length: scanner.fieldCount }, (_, index) => scanner.field(index));
    const chosen = chooseColumns(headers, options);
    const score = sourceColumns.filter(column => chosen.columns[column] >= 0).length;
    if (score > 0) found.push({ delimiter, line: scanner.line, headers, chosen, score });
  }
  return found;
}

function chooseColumns(headers: readonly string[], options: ImportOptions): Chosen {
  const columns = Object.fromEntries(sourceColumns.map(column => [column, -1])) as Record<
    SourceColumn,
    number
  >;
  const problems: string[] = [];
  const meanings = headers.map(header =>
    options.ignoredColumns.some(ignored => same(ignored, header)) ? null : meaningOfHeader(header).known,
  );
  for (const column of sourceColumns) {
    const wanted = options.columns[column];
    if (wanted !== undefined) {
      columns[column] = positionOf(wanted, headers);
      if (columns[column] < 0) {
        problems.push(
          `there is no column ${quoted(wanted)}${didYouMean(wanted, headers)} for --${columnOptions[column]}`,
        );
      }
      continue;
    }
    const ranked = meanings.flatMap((known, index) =>
      known?.column === column ? [{ index, rank: known.rank }] : [],
    );
    const clearest = Math.min(...ranked.map(({ rank }) => rank));
    const fitting = ranked.filter(({ rank }) => rank === clearest);
    if (fitting.length > 1) {
      const names = fitting.map(({ index }) => `${quoted(headers[index]!)} (${index + 1})`).join(' and ');
      problems.push(
        `the columns ${names} may both be meant; say --${columnOptions[column]} or --ignore-columns`,
      );
    }
    columns[column] = fitting[0]?.index ?? -1;
  }
  const vague = options.columns.prefix === undefined && (meanings[columns.prefix]?.rank ?? 0) > 0;
  const unclear = joinCountryAndArea(columns, vague, options);
  return { columns, problems: unclear === null ? problems : [...problems, unclear] };
}

/**
 * The number is in one column or in two; a column of whole prefixes wins. "Code" beside "Country Code" may be either, so
 * that is asked.
 */
function joinCountryAndArea(
  columns: Record<SourceColumn, number>,
  prefixIsVague: boolean,
  options: ImportOptions,
): string | null {
  const { prefix, country, area } = columns;
  const asked = options.columns.country !== undefined || options.columns.area !== undefined;
  if (country >= 0 && area >= 0 && (prefix < 0 || asked || prefixIsVague)) {
    columns.prefix = area;
    return null;
  }
  if (country >= 0 && prefix >= 0 && options.columns.country !== undefined) {
    columns.area = prefix;
    return null;
  }
  columns.country = -1;
  columns.area = -1;
  if (prefix < 0) columns.prefix = country;
  if (prefix < 0 || country < 0 || !prefixIsVague) return null;
  return 'whether the columns of the country code and of the code belong together is unclear; say --area-column (joined to the country code) or --prefix-column (a whole prefix)';
}

function positionOf(wanted: string, headers: readonly string[]): number {
  const exact = headers.findIndex(header => same(header, wanted));
  if (exact >= 0) return exact;
  const position = /^[1-9]\d{0,2}$/.test(wanted) ? Number(wanted) - 1 : -1;
  return position < headers.length ? position : -1;
}

function same(a: string, b: string): boolean {
  return a.trim().toLowerCase() === b.trim().toLowerCase();
}

function noHeader(candidates: readonly Candidate[], options: ImportOptions, problems: Problems): null {
  const likely = [...candidates].sort((a, b) => b.score - a.score)[0];
  if (likely === undefined) {
    return problems.refuse(
      `no header is known among the first ${searchedRecords} lines; name the columns with --prefix-column and --rate-column, or say --no-header and their positions`,
    );
  }
  for (const problem of likely.chosen.problems) problems.refuse(problem);
  if (likely.chosen.problems.length > 0 && Object.keys(options.columns).length > 0) return null;
  const { columns } = likely.chosen;
  const missing = (['prefix', 'rate'] as const).filter(column => columns[column] < 0);
  const shown = likely.headers.map(header => quoted(header)).join(', ');
  return problems.refuse(
    `line ${likely.line} looks like the header, but none of its columns is known as the ${missing.join(' or the ')}: ${shown}; say ${missing.map(column => `--${columnOptions[column]}`).join(' and ')}`,
  );
}

function layoutOf(best: Candidate, problems: Problems): Layout {
  const { columns } = best.chosen;
  const priced = [columns.rate, columns.connectFee].filter(index => index >= 0);
  const meanings = priced.map(index => meaningOfHeader(best.headers[index]!));
  const used = new Set(Object.values(columns));
  const unread = best.headers.filter((header, index) => header !== '' && !used.has(index));
  if (unread.length > 0) problems.notice(`columns that are not read: ${unread.map(quoted).join(', ')}`);
  return {
    delimiter: best.delimiter,
    headerLine: best.line,
    firstLine: best.line + 1,
    headers: best.headers,
    fieldCount: best.headers.length,
    columns,
    currencies: meanings.flatMap(({ currencies }) => currencies),
    unitSeconds: meaningOfHeader(best.headers[columns.rate]!).unitSeconds,
    hundredths: meanings.some(({ hundredths }) => hundredths),
  };
}

function withoutHeader(
  text: string,
  possible: readonly string[],
  options: ImportOptions,
  firstLine: number,
  problems: Problems,
): Layout | null {
  const columns = Object.fromEntries(sourceColumns.map(column => [column, -1])) as Record<
    SourceColumn,
    number
  >;
  for (const [column, position] of Object.entries(options.columns) as [SourceColumn, string][]) {
    if (!/^[1-9]\d{0,2}$/.test(position)) {
      return problems.refuse(
        `without a header, --${columnOptions[column]} must be a position from 1, not ${quoted(position)}`,
      );
    }
    columns[column] = Number(position) - 1;
  }
  joinCountryAndArea(columns, false, options);
  if (!hasPrefixAndRate(columns)) {
    return problems.refuse('without a header, say --prefix-column and --rate-column as positions from 1');
  }
  const needed = Math.max(...Object.values(columns)) + 1;
  const delimiter = possible.find(candidate => hasFields(text, candidate, needed));
  if (delimiter === undefined) {
    return problems.refuse(`no line has ${needed} fields; say --delimiter, or other positions`);
  }
  const header = null;
  return {
    ...{
      delimiter,
      headerLine: header,
      firstLine,
      headers: [],
      fieldCount: Number.POSITIVE_INFINITY,
      columns,
    },
    ...{ currencies: [], unitSeconds: null, hundredths: false },
  };
}

function hasFields(text: string, delimiter: string, needed: number): boolean {
  const scanner = new CsvScanner(text, delimiter);
  for (let record = 0; record < searchedRecords && scanner.next(); record++) {
    if (scanner.problem === null && scanner.fieldCount >= needed) return true;
  }
  return false;
}
