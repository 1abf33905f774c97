/** The causes of one difference, and prices as causes, which very many differences have in common. */
import type { Cause, Place } from '../plan.ts';
import { NumberPairs } from './number-pairs.ts';
import type { RowPlaces } from './row-places.ts';

/** So many are told of each difference. */
const mostCauses = 8;

/** One of each two places: what was found last for them, in the order in which they were found first. */
export class FoundCauses {
  readonly found: Cause[] = [];
  /** Of each what its rows are, as `PriceCauses` numbers them; -1 for other causes. */
  readonly #rows: number[] = [];

  add(cause: Cause, rows: number = -1): void {
    const known = this.found.findIndex(
      one => isSamePlace(one.before, cause.before) && isSamePlace(one.after, cause.after),
    );
    if (known >= 0) this.found[known] = cause;
    else if (this.found.length < mostCauses) {
      this.found.push(cause);
      this.#rows.push(rows);
    }
  }

  /** Whether a cause of these rows would be told. */
  takes(rows: number): boolean {
    return this.found.length < mostCauses || this.#rows.includes(rows);
  }
}

function isSamePlace(a: Place | null, b: Place | null): boolean {
  if (a === b) return true;
  return a !== null && b !== null && a.line === b.line && a.file === b.file;
}

/** Of one comparison. Rows are told by the numbers that each side has for them. */
export class PriceCauses {
  readonly #before: RowPlaces;
  readonly #after: RowPlaces;
  /** By the number of a gateway, its name. */
  readonly #nameOf: (gateway: number) => string;
  readonly #rows = new NumberPairs();
  /** Rows, and of whom: one more than the number of a gateway, 0 for the customer. */
  readonly #pairs = new NumberPairs();
  readonly #causes: Cause[] = [];

  constructor(before: RowPlaces, after: RowPlaces, nameOf: (gateway: number) => string) {
    this.#before = before;
    this.#after = after;
    this.#nameOf = nameOf;
  }

  addOfCustomer(before: number, after: number, causes: FoundCauses): void {
    this.#add(0, before, after, causes);
  }

  addOfVendor(gateway: number, before: number, after: number, causes: FoundCauses): void {
    this.#add(gateway + 1, before, after, causes);
  }

  #add(whose: number, before: number, after: number, causes: FoundCauses): void {
    const rows = this.#rows.of(before, after);
    if (!causes.takes(rows)) return;
    const pair = this.#pairs.of(rows, whose);
    if (pair === this.#causes.length) {
      const what = whose === 0 ? 'what the customer pays' : `what ${this.#nameOf(whose - 1)} costs`;
      this.#causes.push({ what, before: this.#before.placeOf(before), after: this.#after.placeOf(after) });
    }
    const cause = this.#causes[pair]!;
    if (cause.before !== null || cause.after !== null) causes.add(cause, rows);
  }
}
