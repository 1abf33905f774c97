/** The files in rates/: rows in the file itself, or a CSV deck beside it. */
import { RateTableBuilder } from '../../rating/rate-table-builder.ts';
import { rowsDigest } from '../compile/rows-digest.ts';
import type { Findings } from '../findings.ts';
import type { Limits } from '../limits.ts';
import type { ParsedRateTable } from '../parsed.ts';
import type { CallLevel } from '../snapshot.ts';
import { readDeck } from './deck.ts';
import type { Fields } from './fields.ts';
import { type NamingFile, readNamedFile } from './named-file.ts';
import {
  type Increments,
  parseDefaults,
  parseIncrements,
  parseStageList,
  type RowDefaults,
} from './rate-values.ts';
import { parseRateField, parseTimeField } from './values.ts';

/** So much of a deck tells how long its rows are, to size the tables before they are filled. */
const sampleCharacters = 64 * 1024;

export interface RateTableFile extends NamingFile {
  readonly name: string;
  readonly fields: Fields;
  /** Something in the file was wrong and has been taken out. */
  readonly incomplete: boolean;
}

export function parseRateTable(file: RateTableFile, limits: Limits, findings: Findings): ParsedRateTable {
  const { name, fields } = file;
  const unusable = { name, place: fields.place(), table: null, meaning: null };
  if (fields.has('rows') && fields.has('deck')) {
    const related = [{ ...fields.keyPlace('rows'), message: 'the rows' }];
    findings.add('C4307', fields.keyPlace('deck'), 'a rate table has either rows or a deck', { related });
    return unusable;
  }
  const defaults = parseDefaults(fields, findings);
  if (fields.has('deck')) {
    // What was taken out may have named the columns or the delimiter: each row would be blamed for it.
    if (file.incomplete) return unusable;
    return parseDeck(file, defaults, limits, findings) ?? unusable;
  }
  if (fields.has('rows')) return parseRows(file, defaults, findings);
  if (!file.incomplete) findings.add('C4408', fields.place(), 'the table has neither rows nor a deck');
  return unusable;
}

function parseRows(file: RateTableFile, defaults: RowDefaults, findings: Findings): ParsedRateTable {
  const { name, fields } = file;
  const place = fields.place();
  const entries = fields.entries('rows');
  const builder = new RateTableBuilder(entries.length);
  const meaning: unknown[] = [];
  const places = new Map(entries.map(entry => [entry.place().line, entry.place()]));
  for (const entry of entries) {
    const row = parseRow(entry, defaults, findings);
    if (row === null) continue;
    const line = builder.add(row);
    if (line !== null) {
      const related = [{ ...places.get(line)!, message: 'the first rate for it' }];
      const message = `the prefix "${row.prefix}" has a rate already for the same time`;
      findings.add('C4404', entry.place(), message, { related });
    }
    meaning.push({ ...row, line: 0 });
  }
  const table = builder.build({ index: 0, name, source: place, rowFile: place.file });
  return { name, place, table, meaning };
}

function parseRow(fields: Fields, defaults: RowDefaults, findings: Findings) {
  const prefix = fields.text('prefix');
  const rate = parseRateField(fields, 'rate', findings);
  const increments: Increments = parseIncrements(fields.text('increments') ?? '') ?? defaults.increments;
  const connectFee = parseRateField(fields, 'connectFee', findings);
  const effectiveFromMs = parseTimeField(fields, 'effectiveFrom', 'C4403', findings) ?? -Infinity;
  const effectiveUntilMs = parseTimeField(fields, 'effectiveUntil', 'C4403', findings) ?? Infinity;
  if (effectiveFromMs >= effectiveUntilMs) {
    const related = [{ ...fields.place('effectiveFrom'), message: 'the row begins here' }];
    const message = 'effectiveUntil must be later than effectiveFrom';
    findings.add('C4403', fields.place('effectiveUntil'), message, { related });
    return null;
  }
  if (prefix === null || rate === null) return null;
  return {
    prefix,
    rate,
    unitSeconds: fields.number('unit') ?? defaults.unitSeconds,
    firstIncrementSeconds: increments.firstSeconds,
    nextIncrementSeconds: increments.nextSeconds,
    connectFee: connectFee ?? defaults.connectFee,
    stages: parseStageList(fields, findings) ?? defaults.stages,
    freeSeconds: fields.number('freeSeconds') ?? defaults.freeSeconds,
    level: (fields.text('level') as CallLevel | null) ?? defaults.level,
    locked: fields.boolean('locked'),
    effectiveFromMs,
    effectiveUntilMs,
    line: fields.place().line,
  };
}

function parseDeck(
  file: RateTableFile,
  defaults: RowDefaults,
  limits: Limits,
  findings: Findings,
): ParsedRateTable | null {
  const { name, fields } = file;
  const place = fields.place();
  const deck = fields.within('deck');
  const written = deck.textAt('file');
  if (written === null || contradictoryColumns(deck, findings)) return null;
  const read = readNamedFile(written, 'deck', file, limits, findings);
  if (read === null) return null;
  const { text, path } = read;
  const delimiter = deck.text('delimiter')!;
  const builder = new RateTableBuilder(expectedRows(text));
  readDeck(
    { text, file: path, delimiter, fields: deck, defaults },
    builder,
    limits.findingsPerDeck,
    findings,
  );
  const table = builder.build({ index: 0, name, source: place, rowFile: path });
  return { name, place, table, meaning: rowsDigest(table) };
}

/** A little more than there will be, as tables that have to grow are copied. */
function expectedRows(text: string): number {
  const sampled = Math.min(text.length, sampleCharacters);
  let lines = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < sampled; at = text.indexOf('\n', at + 1)) lines++;
  return Math.ceil((text.length / Math.max(1, sampled)) * lines * 1.05);
}

function contradictoryColumns(deck: Fields, findings: Findings): boolean {
  const columns = deck.within('columns');
  const single = ['firstIncrement', 'nextIncrement'].find(name => columns.has(name));
  if (!columns.has('increments') || single === undefined) return false;
  const related = [{ ...columns.keyPlace('increments'), message: 'increments is one column here' }];
  findings.add('C4307', columns.keyPlace(single), 'increments stand in one column or in two, not both', {
    related,
  });
  return true;
}
