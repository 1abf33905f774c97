/** Which rows of rate tables decided, and which of their stages. Tables have millions of rows, so rows are columns. */
import type { CdrCharge } from '../../cdr/record.ts';
import type { RateTable, Snapshot } from '../../config/snapshot.ts';
import { walkMerged } from '../../prefixes/merged-walk.ts';
import { longestMatch } from '../../prefixes/prefix-trie.ts';
import { rateOfRow } from '../../rating/rate-table.ts';
import type { Elements, ElementVisitor } from './elements.ts';

export interface RateTableCoverage {
  readonly table: string;
  /** Where the rows stand. */
  readonly file: string;
  readonly rows: number;
  readonly covered: number;
}

// Filled by one search and read before it returns; never seen from outside.
const matchValue = new Int32Array(1);
const matchLength = new Int32Array(1);

export class RateCoverage {
  readonly #snapshot: Snapshot;
  readonly #elements: Elements;
  /** By table; null until one of its rows is covered. */
  readonly #hits: (Uint32Array | null)[];
  readonly #tableOf: ReadonlyMap<string, RateTable>;

  constructor(snapshot: Snapshot, elements: Elements) {
    this.#snapshot = snapshot;
    this.#elements = elements;
    this.#hits = snapshot.rateTables.map(() => null);
    this.#tableOf = new Map(snapshot.rateTables.map(table => [table.name, table]));
    for (const table of snapshot.rateTables) {
      elements.define(tableKey(table), 'rateTable', table.name, table.source);
      this.#defineStages(table);
    }
  }

  /** The row turned a call away, or kept a vendor out. */
  decided(table: RateTable, row: number): void {
    const hits = this.#hits[table.index] ?? new Uint32Array(table.rowCount);
    this.#hits[table.index] = hits;
    hits[row]!++;
    this.#elements.hit(tableKey(table));
  }

  /** A call of so much talk was charged; the charge may be nothing. */
  charged({ rateTable, prefix, rateSource }: CdrCharge, talkSeconds: number): void {
    const table = this.#tableOf.get(rateTable);
    if (table === undefined) throw new Error(`no rate table ${rateTable} charged the call`);
    const line = Number(rateSource.slice(rateSource.lastIndexOf(':') + 1));
    const row = rowOf(table, prefix, line);
    this.decided(table, row);
    this.#stagesReached(table, row, talkSeconds);
  }

  tables(): RateTableCoverage[] {
    return this.#snapshot.rateTables.map(({ index, name, rowFile, rowCount }) => {
      const hits = this.#hits[index] ?? null;
      const covered = hits === null ? 0 : hits.reduce((sum, count) => sum + (count > 0 ? 1 : 0), 0);
      return { table: name, file: rowFile, rows: rowCount, covered };
    });
  }

  /** Every row of every table, table by table. */
  visitRows(each: ElementVisitor): void {
    for (const table of this.#snapshot.rateTables) {
      const hits = this.#hits[table.index] ?? null;
      walkMerged([table.prefixes], {
        enter: ({ prefix, values }) => {
          for (let row = values[0]!; row >= 0; row = table.nextRow[row]!) {
            const source = { file: table.rowFile, line: table.line[row]!, column: 1 };
            const name = `${table.name}: ${prefix === '' ? '(any)' : prefix}`;
            each({ kind: 'rateRow', name, source, hits: hits?.[row] ?? 0 });
          }
        },
        leave: () => {},
      });
    }
  }

  /** Rows with the same stages and free seconds share them, and the first of them shows where. */
  #defineStages(table: RateTable): void {
    const { ofRow } = table.extras;
    const known = new Set<number>();
    for (let row = 0; row < ofRow.length; row++) {
      const combination = ofRow[row]!;
      if (combination === 0 || known.has(combination)) continue;
      known.add(combination);
      const { freeSeconds, stages } = rateOfRow(table, row, this.#snapshot.parameters.freeSeconds);
      const source = { file: table.rowFile, line: table.line[row]!, column: 1 };
      let from = freeSeconds;
      for (const [place, { seconds }] of stages.entries()) {
        const name = `${table.name}: seconds ${from + 1} to ${from + seconds}`;
        this.#elements.define(stageKey(table, combination, place), 'rateStage', name, source);
        from += seconds;
      }
    }
  }

  #stagesReached(table: RateTable, row: number, talkSeconds: number): void {
    const combination = table.extras.ofRow[row] ?? 0;
    if (combination === 0) return;
    const { freeSeconds, stages } = rateOfRow(table, row, this.#snapshot.parameters.freeSeconds);
    let from = freeSeconds;
    for (const [place, { seconds }] of stages.entries()) {
      if (talkSeconds <= from) return;
      this.#elements.hit(stageKey(table, combination, place));
      from += seconds;
    }
  }
}

function tableKey({ index }: RateTable): string {
  return `rateTable ${index}`;
}

function stageKey({ index }: RateTable, combination: number, place: number): string {
  return `rateStage ${index} ${combination} ${place}`;
}

function rowOf(table: RateTable, prefix: string, line: number): number {
  const found = longestMatch(table.prefixes, prefix, matchValue, matchLength);
  if (found && matchLength[0] === prefix.length) {
    for (let row = matchValue[0]!; row >= 0; row = table.nextRow[row]!) {
      if (table.line[row] === line) return row;
    }
  }
  throw new Error(`${table.name} has no row for ${prefix} on line ${line}`);
}
