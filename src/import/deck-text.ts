/** Rows → the text of a deck, in the columns that its rate table reads. */
import type { ColumnName } from '../config/parse/deck-columns.ts';
import { formatRate } from '../rating/decimal.ts';
import { formatMoment } from './dates.ts';
import type { ImportedRow } from './rows.ts';

export type DeckColumn = ColumnName | 'destination';

/** The columns that an import writes, in their order. */
export const writtenColumns = [
  'prefix',
  'rate',
  'unit',
  'increments',
  'firstIncrement',
  'nextIncrement',
  'connectFee',
  'effectiveFrom',
  'effectiveUntil',
  'locked',
  'destination',
] as const satisfies readonly DeckColumn[];

export type WrittenColumn = (typeof writtenColumns)[number];

/** What the rows say at all, so that a deck has no empty columns. */
export function columnsNeeded(rows: readonly ImportedRow[]): ReadonlySet<WrittenColumn> {
  const needed = new Set<WrittenColumn>(['prefix', 'rate']);
  for (const row of rows) {
    if (row.firstSeconds > 0) needed.add('increments');
    if (row.connectFee >= 0) needed.add('connectFee');
    if (row.fromMs !== -Infinity) needed.add('effectiveFrom');
    if (row.untilMs !== Infinity) needed.add('effectiveUntil');
    if (row.locked) needed.add('locked');
    if (row.destination !== '') needed.add('destination');
  }
  return needed;
}

export interface DeckForm {
  readonly delimiter: string;
  /** Headers by column, as they are to stand in the file; a column that is not written stays empty. */
  readonly headers: ReadonlyMap<DeckColumn, string>;
  readonly unitSeconds: number;
}

/** Ends in LF, as every line does. */
export function deckText(rows: readonly ImportedRow[], form: DeckForm): string {
  const columns = [...form.headers.keys()];
  const lines = [
    [...form.headers.values()].map(header => field(header, form.delimiter)).join(form.delimiter),
  ];
  const rates = new Map<number, string>();
  const moments = new Map<number, string>();
  for (const row of rows) {
    let line = '';
    for (const [index, column] of columns.entries()) {
      if (index > 0) line += form.delimiter;
      line += fieldOf(row, column, form, rates, moments);
    }
    lines.push(line);
  }
  return `${lines.join('\n')}\n`;
}

function fieldOf(
  row: ImportedRow,
  column: DeckColumn,
  form: DeckForm,
  rates: Map<number, string>,
  moments: Map<number, string>,
): string {
  switch (column) {
    case 'prefix':
      return row.prefix;
    case 'rate':
      return remembered(rates, row.rate, formatRate);
    case 'unit':
      return String(form.unitSeconds);
    case 'increments':
      return row.firstSeconds === 0 ? '' : `${row.firstSeconds}/${row.nextSeconds}`;
    case 'firstIncrement':
      return row.firstSeconds === 0 ? '' : String(row.firstSeconds);
    case 'nextIncrement':
      return row.nextSeconds === 0 ? '' : String(row.nextSeconds);
    case 'connectFee':
      return row.connectFee < 0 ? '' : remembered(rates, row.connectFee, formatRate);
    case 'effectiveFrom':
      return row.fromMs === -Infinity ? '' : remembered(moments, row.fromMs, formatMoment);
    case 'effectiveUntil':
      return row.untilMs === Infinity ? '' : remembered(moments, row.untilMs, formatMoment);
    case 'locked':
      return row.locked ? 'yes' : '';
    case 'destination':
      return field(row.destination, form.delimiter);
    default:
      return '';
  }
}

/** Decks repeat the same few values. */
function remembered(known: Map<number, string>, value: number, format: (value: number) => string): string {
  const text = known.get(value) ?? format(value);
  known.set(value, text);
  return text;
}

/** In quotes where RFC 4180 asks for them. */
export function field(text: string, delimiter: string): string {
  if (!text.includes('"') && !text.includes(delimiter) && !/[\r\n]/.test(text)) return text;
  return `"${text.replaceAll('"', '""')}"`;
}
