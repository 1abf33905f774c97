/** The tables of ported numbers of a Snapshot; src/routing/lrn reads and builds them. */
import type { Source } from './source.ts';

/**
 * Location routing numbers of North America, columnar, in ascending order of `numbers`. A row is for one number of ten
 * digits, or for all numbers of an area code and exchange (NPA-NXX, six digits).
 */
export interface LrnTable {
  readonly index: number;
  readonly name: string;
  readonly source: Source;
  readonly rowCount: number;
  /** Six or ten digits as an integer; none begins with 0. */
  readonly numbers: Float64Array;
  /** Ten digits as an integer; 0 when a number is not ported, and so is its own LRN. */
  readonly lrns: Float64Array;
  /** For rows of six digits, 1 + index into `stateNames`; 0 is not known. */
  readonly states: Uint16Array;
  readonly stateNames: readonly string[];
  /** Line of each row in `rowFile`. */
  readonly line: Uint32Array;
  readonly rowFile: string;
}
