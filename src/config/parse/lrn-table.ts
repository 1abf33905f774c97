/** The files in lrn/: which numbers of North America are ported, from a CSV file. */
import { createHash } from 'node:crypto';
import type { Code } from '../../diagnostics/codes.ts';
import type { Place, RelatedPlace } from '../../diagnostics/diagnostic.ts';
import { type LrnRowProblem, LrnTableBuilder } from '../../routing/lrn/lrn-table-builder.ts';
import type { Findings } from '../findings.ts';
import type { Limits } from '../limits.ts';
import type { ParsedLrnTable } from '../parsed-routing.ts';
import { CsvScanner } from '../read/csv-scanner.ts';
import { grouped, withLineFeeds } from '../read/file.ts';
import { shortened } from '../schema/findings.ts';
import { didYouMean } from '../schema/suggest.ts';
import type { LrnTable } from '../snapshot.ts';
import type { Fields } from './fields.ts';
import { type NamingFile, readNamedFile } from './named-file.ts';

/** Bytes of an ordinary row, to size the tables before they are filled. */
const usualRowBytes = 22;

export interface LrnTableFile extends NamingFile {
  readonly name: string;
  readonly fields: Fields;
  /** Something in the file was wrong and has been taken out. */
  readonly incomplete: boolean;
}

/** Positions in the record; `state` is -1 when there is no such column. */
interface Columns {
  readonly number: number;
  readonly lrn: number;
  readonly state: number;
}

export function parseLrnTable(file: LrnTableFile, limits: Limits, findings: Findings): ParsedLrnTable {
  const { name, fields } = file;
  const place = fields.place();
  const unusable = { name, place, table: null, meaning: null };
  const written = fields.textAt('file');
  // What was taken out may have named the columns or the delimiter: each row would be blamed for it.
  if (written === null || file.incomplete) return unusable;
  const read = readNamedFile(written, 'table of ported numbers', file, limits, findings);
  if (read === null) return unusable;
  const builder = new LrnTableBuilder(Math.ceil(read.bytes / usualRowBytes));
  const scanner = new CsvScanner(withLineFeeds(read.text), fields.text('delimiter')!);
  new RowReader(scanner, read.path, limits.findingsPerDeck, findings).read(fields, builder);
  if (builder.rowCount === 0) return unusable;
  const table = builder.build(0, name, place, read.path);
  return { name, place, table, meaning: digestOf(table) };
}

class RowReader {
  readonly #scanner: CsvScanner;
  readonly #file: string;
  readonly #limit: number;
  readonly #findings: Findings;
  #problems = 0;

  constructor(scanner: CsvScanner, file: string, limit: number, findings: Findings) {
    this.#scanner = scanner;
    this.#file = file;
    this.#limit = limit;
    this.#findings = findings;
  }

  read(fields: Fields, builder: LrnTableBuilder): void {
    const scanner = this.#scanner;
    const top = { file: this.#file, line: 1, column: 1 };
    if (!scanner.next()) {
      this.#findings.add('C4408', top, 'the table of ported numbers is empty');
      return;
    }
    const header = Array.from({ length: scanner.fieldCount }, (_, i) => scanner.field(i));
    const columns = findColumns(fields, header, { ...top, line: scanner.line }, this.#findings);
    if (columns === null) return;
    let rows = 0;
    while (scanner.next()) {
      rows++;
      this.#addRow(builder, columns, header.length);
    }
    if (rows === 0) this.#findings.add('C4408', top, 'the table of ported numbers has a header but no rows');
    const unlisted = this.#problems - this.#limit;
    if (unlisted > 0) {
      const message = `… and ${grouped(unlisted)} more problems in this table of ${grouped(rows)} rows`;
      this.#findings.add('C4407', { ...top, line: scanner.line }, message);
    }
  }

  #addRow(builder: LrnTableBuilder, columns: Columns, fieldCount: number): void {
    const scanner = this.#scanner;
    if (scanner.problem !== null || scanner.fieldCount !== fieldCount) {
      const count = `the row has ${grouped(scanner.fieldCount)} fields and the header has ${grouped(fieldCount)}`;
      this.#report('C4406', 1, scanner.problem === null ? count : 'the quotes of this row do not match');
      return;
    }
    const number = scanner.field(columns.number);
    const lrn = scanner.field(columns.lrn);
    const state = columns.state < 0 ? '' : scanner.field(columns.state);
    const problem = builder.add({ number, lrn, state, line: scanner.line });
    if (problem !== null) this.#complain(problem, { number, lrn, state }, columns);
  }

  #complain(problem: LrnRowProblem, row: Readonly<Record<keyof Columns, string>>, columns: Columns): void {
    if (problem.kind === 'duplicate') {
      const related = [{ file: this.#file, line: problem.firstLine, column: 1, message: 'the first row' }];
      const column = this.#scanner.columnOf(columns.number);
      this.#report('C4421', column, `the number ${row.number} has a row already`, related);
      return;
    }
    const messages = {
      number: `number must be ten digits of North America, or the six of an exchange, without country code, not "${shortened(row.number)}"`,
      lrn: `lrn must be ten digits of North America, or empty, not "${shortened(row.lrn)}"`,
      stateOfNumber: `only an exchange of six digits has a state, and ${row.number} has ten`,
      tooManyStates: `"${shortened(row.state)}" is one state too many: there are not so many in North America`,
    };
    const field = problem.kind === 'number' || problem.kind === 'lrn' ? problem.kind : 'state';
    this.#report('C4420', this.#scanner.columnOf(columns[field]), messages[problem.kind]);
  }

  #report(code: Code, column: number, message: string, related: readonly RelatedPlace[] = []): void {
    this.#problems++;
    if (this.#problems > this.#limit) return;
    this.#findings.add(code, { file: this.#file, line: this.#scanner.line, column }, message, { related });
  }
}

/** null, with findings, when a column that is needed is not there exactly once. */
function findColumns(
  fields: Fields,
  header: readonly string[],
  headerPlace: Place,
  findings: Findings,
): Columns | null {
  const columns = fields.within('columns');
  let complete = true;
  const find = (name: keyof Columns, wanted: string): number => {
    const first = header.indexOf(wanted);
    if (first >= 0 && !header.includes(wanted, first + 1)) return first;
    complete = false;
    const place = columns.has(name) ? columns.place(name) : fields.place('file');
    const problem =
      first >= 0
        ? `the table has more than one column "${shortened(wanted)}"`
        : `the table has no column "${shortened(wanted)}"${didYouMean(wanted, header)}`;
    const shown = header.slice(0, 12).map(one => `"${shortened(one)}"`);
    const related = [{ ...headerPlace, message: `its columns are ${shown.join(', ')}` }];
    findings.add('C4405', place, `${problem} for ${name}`, { related });
    return -1;
  };
  const number = find('number', columns.text('number')!);
  const lrn = find('lrn', columns.text('lrn')!);
  // Tables of numbers alone have no states.
  const state =
    columns.has('state') || header.includes('state') ? find('state', columns.text('state') ?? 'state') : -1;
  return complete ? { number, lrn, state } : null;
}

function digestOf({ numbers, lrns, states, stateNames }: LrnTable): string {
  // The order in which states were met says nothing.
  const sorted = [...stateNames].sort();
  const ranks = Uint16Array.from(['', ...stateNames], name => sorted.indexOf(name) + 1);
  const ranked = states.map(state => ranks[state]!);
  return createHash('sha256').update(numbers).update(lrns).update(sorted.join()).update(ranked).digest('hex');
}
