/** What vendors ask for a number, told by the numbers of prices: hundreds of vendors are asked about each number. */
import type { RateTable, Snapshot } from '../../config/snapshot.ts';
import { rateTablesAt } from '../../rating/account-rate.ts';
import { freeNumberTest } from '../../rating/free-numbers.ts';
import { findRateRow, isLockedRow } from '../../rating/rate-table.ts';
import { type AttemptNumbers, missingPrice, noPrice } from './attempt-numbers.ts';
import { noRow, type RowPlaces } from './row-places.ts';

/** One that is asked for the price, with the numbers of its rows. */
interface Deck {
  readonly table: RateTable;
  readonly rows: Int32Array;
  /** The number of its first row, as `RowPlaces` has it. */
  readonly first: number;
}

/** As `priceFor` has it, of one side at one time. */
export class VendorPriceNumbers {
  readonly #snapshot: Snapshot;
  readonly #atMs: number;
  readonly #numbers: AttemptNumbers;
  readonly #isFreeNumber: (callee: string) => boolean;
  /** By account; none for those whose calls have no price. */
  readonly #decks: (readonly Deck[] | undefined)[] = [];
  /** By account: the number, and for which of the callees it was looked up. */
  readonly #prices: Int32Array;
  readonly #askedFor: Int32Array;
  readonly #perSecond: Float64Array;
  readonly #rows: Int32Array;
  readonly #places: RowPlaces;
  #callee = '';
  #asked = 0;
  #isFree = false;
  /** What the account asks that was asked about last: of a second, 0 where it asks nothing or that is not known. */
  perSecond = 0;
  /** And by which row. */
  row = noRow;

  constructor(snapshot: Snapshot, atMs: number, numbers: AttemptNumbers) {
    this.#snapshot = snapshot;
    this.#atMs = atMs;
    this.#numbers = numbers;
    this.#isFreeNumber = freeNumberTest(snapshot.parameters.freeNumbers);
    const accounts = snapshot.accounts.length;
    this.#prices = new Int32Array(accounts);
    this.#askedFor = new Int32Array(accounts);
    this.#perSecond = new Float64Array(accounts);
    this.#rows = new Int32Array(accounts);
    this.#places = numbers.placesOf(snapshot);
  }

  /** For all accounts that are asked about from now on. */
  begin(callee: string): void {
    if (this.#asked > 0 && callee === this.#callee) return;
    this.#callee = callee;
    this.#asked++;
    this.#isFree = this.#isFreeNumber(callee);
  }

  /** The number of the price, or what stands in its place. `account` is an index. */
  of(account: number): number {
    if (this.#askedFor[account] !== this.#asked) {
      this.#askedFor[account] = this.#asked;
      this.perSecond = 0;
      this.row = noRow;
      this.#prices[account] = this.#isFree ? noPrice : this.#find(account);
      this.#perSecond[account] = this.perSecond;
      this.#rows[account] = this.row;
    }
    this.perSecond = this.#perSecond[account]!;
    this.row = this.#rows[account]!;
    return this.#prices[account]!;
  }

  #find(account: number): number {
    const decks = this.#decks[account] ?? this.#decksOf(account);
    if (decks.length === 0) return noPrice;
    for (const { table, rows, first } of decks) {
      const row = findRateRow(table, this.#callee, this.#atMs);
      if (row < 0) continue;
      if (isLockedRow(table, row)) return missingPrice;
      this.perSecond = table.rate[row]! / table.unitSeconds[row]!;
      this.row = first + row;
      const known = rows[row]!;
      const { freeSeconds } = this.#snapshot.parameters;
      return known > 0 ? known - 1 : this.#numbers.ofRow(table, row, freeSeconds, rows);
    }
    return missingPrice;
  }

  #decksOf(index: number): readonly Deck[] {
    const account = this.#snapshot.accounts[index]!;
    const { freeSeconds } = this.#snapshot.parameters;
    const tables =
      account.unrated || account.rateTable === null ? [] : rateTablesAt(this.#snapshot, account, this.#atMs);
    const decks = tables.map(table => ({
      table,
      rows: this.#numbers.rowsOf(table, freeSeconds),
      first: this.#places.firstOf(table),
    }));
    this.#decks[index] = decks;
    return decks;
  }
}
