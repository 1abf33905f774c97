/** Numbers for all rows of all rate tables of one side, and where they stand. */
import type { RateTable, Snapshot } from '../../config/snapshot.ts';
import type { Place } from '../plan.ts';

/** In place of the number of a row. */
export const noRow = -1;

export class RowPlaces {
  readonly #tables: readonly RateTable[];
  /** By table, the number of its first row. */
  readonly #firsts: readonly number[];
  readonly #firstOf: ReadonlyMap<RateTable, number>;

  constructor({ rateTables }: Snapshot) {
    let first = 0;
    this.#tables = rateTables;
    this.#firsts = rateTables.map(({ rowCount }) => {
      first += rowCount;
      return first - rowCount;
    });
    this.#firstOf = new Map(rateTables.map((table, i) => [table, this.#firsts[i]!]));
  }

  firstOf(table: RateTable): number {
    return this.#firstOf.get(table)!;
  }

  numberOf(price: { readonly table: RateTable; readonly row: number } | null): number {
    return price === null ? noRow : this.firstOf(price.table) + price.row;
  }

  placeOf(number: number): Place | null {
    if (number === noRow) return null;
    let [low, high] = [0, this.#firsts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#firsts[middle]! <= number) low = middle;
      else high = middle - 1;
    }
    const { rowFile, line } = this.#tables[low]!;
    return { file: rowFile, line: line[number - this.#firsts[low]!]! };
  }
}
