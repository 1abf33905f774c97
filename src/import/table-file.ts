/** The rate table that a deck belongs to: read as the switch reads it, or written when there is none yet. */
import { existsSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { Findings } from '../config/findings.ts';
import { defaultLimits } from '../config/limits.ts';
import { readDeck } from '../config/parse/deck.ts';
import { columnNames, headersWanted } from '../config/parse/deck-columns.ts';
import { Fields } from '../config/parse/fields.ts';
import { parseDefaults } from '../config/parse/rate-values.ts';
import { decodeText } from '../config/read/file.ts';
import { readYaml } from '../config/read/yaml.ts';
import { shapeOf } from '../config/resolve/shape.ts';
import { checkSchema } from '../config/schema/check.ts';
import { inReadingOrder } from '../diagnostics/collect.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { type RateRow, RateTableBuilder } from '../rating/rate-table-builder.ts';
import type { OldRow } from './compare.ts';
import type { DeckColumn, WrittenColumn } from './deck-text.ts';
import { meaningOfHeader } from './headers.ts';
import type { Problems } from './problems.ts';

export interface TableFile {
  /** Relative to the configuration directory, as are all paths here. */
  readonly path: string;
  readonly deckPath: string;
  readonly text: string;
  readonly fields: Fields;
  readonly delimiter: string;
  /** Headers by column, as the table names them. */
  readonly headers: ReadonlyMap<DeckColumn, string>;
  readonly defaults: ReturnType<typeof parseDefaults>;
}

export function tablePath(name: string): string {
  return `rates/${name}.yaml`;
}

/** null without problems when there is no such table. */
export function readTableFile(directory: string, name: string, problems: Problems): TableFile | null {
  const path = tablePath(name);
  if (!existsSync(join(directory, path))) return null;
  const decoded = decodeText(readFileSync(join(directory, path)), path);
  if ('problem' in decoded) return refuse(decoded.problem, problems);
  const table = tableOf(decoded.text, path);
  if ('code' in table) return refuse(table, problems);
  const written = table.fields.within('deck').text('file') ?? '';
  if (posix.isAbsolute(written) || /^\.\.(?:\/|$)/.test(table.deckPath)) {
    return problems.refuse(`${path} names a deck outside of the configuration directory`);
  }
  if (table.headers.size > 0) return table;
  return problems.refuse(
    `${path} has its rows in itself; remove it, or import into another table with --table`,
  );
}

/** A rate table from its text; `headers` is empty when it has no deck. */
export function tableOf(text: string, path: string): TableFile | Diagnostic {
  const { root, diagnostics } = readYaml(text, path, defaultLimits);
  const wrong = root === null ? [] : checkSchema('rate-table', root, 10).diagnostics;
  const findings = new Findings();
  findings.take([...diagnostics, ...wrong].filter(({ severity }) => severity === 'error'));
  const [worst] = inReadingOrder(findings.all);
  if (worst !== undefined || root === null) {
    return (
      worst ?? {
        code: '',
        severity: 'error',
        place: { file: path, line: 1, column: 1 },
        message: 'the file is empty',
      }
    );
  }
  const fields = new Fields(root, shapeOf('rate-table'));
  const deck = fields.within('deck');
  const file = deck.text('file');
  const wanted = headersWanted(deck);
  const headers = new Map(Object.entries(wanted) as [DeckColumn, string][]);
  return {
    ...{ path, text, fields, delimiter: deck.text('delimiter') ?? ',' },
    deckPath: posix.join(posix.dirname(path), file ?? ''),
    headers: file === null ? new Map() : headers,
    defaults: parseDefaults(fields, findings),
  };
}

function refuse({ place, message }: Diagnostic, problems: Problems): null {
  return problems.refuse(`${place.file}:${place.line}:${place.column} ${message}`);
}

/** Keeps the rows that the loader reads. */
class Collector extends RateTableBuilder {
  readonly rows: OldRow[] = [];

  override add(row: RateRow): number | null {
    const { prefix, rate, unitSeconds, effectiveFromMs } = row;
    const steps = { firstSeconds: row.firstIncrementSeconds, nextSeconds: row.nextIncrementSeconds };
    this.rows.push({ prefix, rate, unitSeconds, ...steps, fromMs: effectiveFromMs });
    return super.add(row);
  }
}

/** The rows of a deck as the switch reads them. */
export function rowsOf(table: TableFile, text: string): readonly OldRow[] {
  const collector = new Collector();
  load(table, text, collector);
  return collector.rows;
}

/** What keeps the switch from reading a deck. */
export function loadErrors(table: TableFile, text: string): readonly Diagnostic[] {
  return load(table, text, new RateTableBuilder());
}

function load(table: TableFile, text: string, builder: RateTableBuilder): readonly Diagnostic[] {
  const findings = new Findings();
  const { deckPath: file, delimiter, defaults } = table;
  const deck = { text, file, delimiter, fields: table.fields.within('deck'), defaults };
  readDeck(deck, builder, defaultLimits.findingsPerDeck, findings);
  return findings.all.filter(({ severity }) => severity === 'error');
}

/** The text of the deck that the table names, or null when there is none that can be read. */
export function deckOf(directory: string, table: TableFile): string | null {
  try {
    const decoded = decodeText(readFileSync(join(directory, table.deckPath)), table.deckPath);
    return 'text' in decoded ? decoded.text : null;
  } catch {
    return null;
  }
}

/** The header under which the deck has kept the names of destinations, which the switch does not read. */
export function destinationHeader(deck: string | null, delimiter: string): string {
  const headers = (deck ?? '')
    .split('\n', 1)[0]!
    .split(delimiter)
    .map(header => header.trim());
  return headers.find(header => meaningOfHeader(header).known?.column === 'destination') ?? 'destination';
}

/** `schema` is what switch.yaml names for editors, or null. */
export function newTableText(
  name: string,
  columns: readonly WrittenColumn[],
  unitSeconds: number,
  schema: string | null,
): string {
  // The order of the schema, which is that of `class4 fmt`.
  const named = columnNames.filter(
    column => column !== 'prefix' && column !== 'rate' && columns.includes(column as WrittenColumn),
  );
  const lines = [
    ...(schema === null ? [] : [`# yaml-language-server: $schema=${schema}`]),
    'deck:',
    `  file: ${name}.csv`,
    ...(named.length === 0 ? [] : ['  columns:', ...named.map(column => `    ${column}: ${column}`)]),
    ...(unitSeconds === 60 ? [] : ['defaults:', `  unit: ${unitSeconds}`]),
  ];
  return `${lines.join('\n')}\n`;
}

/** Where the editor finds the schema of a rate table, told by the line of switch.yaml that says so for itself. */
export function schemaBeside(switchText: string): string | null {
  const reference = /^# yaml-language-server: \$schema=(\S*)switch\.schema\.json/m.exec(switchText)?.[1];
  if (reference === undefined) return null;
  const folder = /^(?:[a-z]+:|\/)/.test(reference) ? reference : posix.join('..', reference, '/');
  return `${folder}rate-table.schema.json`;
}
