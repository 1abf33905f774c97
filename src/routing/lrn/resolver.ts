/**
 * Local number portability of North America: which switch a number belongs to now (its location routing number, LRN),
 * and in which state. Pure look-ups in a compiled table.
 */
import type { LrnTable, Source } from '../../config/snapshot.ts';

export interface LrnAnswer {
  /** Ten digits; of a number that is not ported it is the number itself. */
  readonly lrn: string;
  /** Of the exchange of the LRN; null when the table does not tell. */
  readonly state: string | null;
  /** The row that answered. */
  readonly source: Source;
}

/**
 * Where the core asks for LRNs. Synchronous and pure: the answer to one question never changes within a Snapshot, so
 * a call may be computed again. A resolver that asks another machine belongs in front of the core, which then gets
 * the answer with the call's INVITE.
 */
export interface LrnResolver {
  /** Null when `table` knows neither the number nor its exchange, or the text is no number of North America. */
  resolve(table: LrnTable, number: string): LrnAnswer | null;
  /** The state of the number's own exchange, wherever it was ported; null when the table does not tell. */
  stateOf(table: LrnTable, number: string): string | null;
}

/** Ten digits, with the country code 1 before them or not. */
const northAmerican = /^(?:\+?1)?([2-9]\d{2}[2-9]\d{6})$/;

/** The embedded resolver: the rows of the Snapshot's own tables. */
export const tableResolver: LrnResolver = {
  resolve(table, number) {
    const digits = northAmerican.exec(number)?.[1];
    if (digits === undefined) return null;
    const own = rowOf(table, Number(digits));
    const row = own >= 0 ? own : rowOf(table, Number(digits.slice(0, 6)));
    if (row < 0) return null;
    const ported = table.lrns[row]!;
    const lrn = ported === 0 ? digits : String(ported);
    const source = { file: table.rowFile, line: table.line[row]!, column: 1 };
    return { lrn, state: stateOfExchange(table, lrn), source };
  },

  stateOf(table, number) {
    const digits = northAmerican.exec(number)?.[1];
    return digits === undefined ? null : stateOfExchange(table, digits);
  },
};

function stateOfExchange(table: LrnTable, digits: string): string | null {
  const row = rowOf(table, Number(digits.slice(0, 6)));
  const state = row < 0 ? 0 : table.states[row]!;
  return state === 0 ? null : table.stateNames[state - 1]!;
}

/** By binary search; -1 when the table has no such row. */
function rowOf({ numbers }: LrnTable, number: number): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (numbers[middle]! < number) low = middle + 1;
    else high = middle;
  }
  return numbers[low] === number ? low : -1;
}
