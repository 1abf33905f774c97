/** Which column of a deck holds which value, from the rate table's `columns` and the deck's header. */
import type { Place } from '../../diagnostics/diagnostic.ts';
import type { Findings } from '../findings.ts';
import { shortened } from '../schema/findings.ts';
import { didYouMean } from '../schema/suggest.ts';
import { headerHint } from './deck-hints.ts';
import type { Fields } from './fields.ts';
import { hinted } from './values.ts';

export const columnNames = [
  'prefix',
  'rate',
  'unit',
  'increments',
  'firstIncrement',
  'nextIncrement',
  'connectFee',
  'stages',
  'freeSeconds',
  'level',
  'locked',
  'effectiveFrom',
  'effectiveUntil',
] as const;

export type ColumnName = (typeof columnNames)[number];

/** Position in the record by value, from 0; -1 when the deck has no such column. */
export type DeckColumns = Readonly<Record<ColumnName, number>>;

/** The header wanted for each value that is read. */
export function headersWanted(deck: Fields): Readonly<Partial<Record<ColumnName, string>>> {
  const columns = deck.within('columns');
  const wanted: Partial<Record<ColumnName, string>> = {};
  for (const name of columnNames) {
    const header = columns.text(name);
    if (header !== null) wanted[name] = header;
  }
  return wanted;
}

/** null, with findings, when a column that is asked for is not there exactly once. */
export function findColumns(
  deck: Fields,
  header: readonly string[],
  headerPlace: Place,
  findings: Findings,
): DeckColumns | null {
  const found = Object.fromEntries(columnNames.map(name => [name, -1])) as Record<ColumnName, number>;
  let complete = true;
  for (const [name, wanted] of Object.entries(headersWanted(deck)) as [ColumnName, string][]) {
    const first = header.indexOf(wanted);
    if (first >= 0 && !header.includes(wanted, first + 1)) {
      found[name] = first;
      continue;
    }
    complete = false;
    const place = deck.within('columns').has(name) ? deck.place('columns', name) : deck.place('file');
    const problem =
      first >= 0
        ? `the deck has more than one column "${shortened(wanted)}"`
        : `the deck has no column "${shortened(wanted)}"${didYouMean(wanted, header)}`;
    const related = [{ ...headerPlace, message: `its columns are ${listed(header)}` }];
    const hint = headerHint(header, deck.text('delimiter') ?? ',');
    findings.add('C4405', place, `${problem} for ${name}`, { related, ...hinted(hint) });
  }
  return complete ? found : null;
}

function listed(header: readonly string[]): string {
  const shown = header.slice(0, 12).map(name => `"${shortened(name)}"`);
  return `${shown.join(', ')}${header.length > shown.length ? ', …' : ''}`;
}
