/** What a vendor asks for a second of a call, and whether that leaves what rates and profits must leave. */
import type { RateLimit, RateTable, Snapshot } from '../config/snapshot.ts';
import { longestPrefix } from '../prefixes/prefix-trie.ts';
import { isFreeNumber } from '../rating/free-numbers.ts';
import { findRateRow, isLockedRow } from '../rating/rate-table.ts';
import type { RouteRequest } from './route-decision.ts';
import type { TimedSettings } from './timed-settings.ts';

/** Stand where the index of a rate table would. */
const unratedPrice = -1;
const noPrice = -2;
const lockedPrice = -3;
const asksTables = 0;

const notKnown = 0;
const isPlain = 1;
const isNotPlain = 2;

/**
 * The prices of the vendors for one call. Of the gateways of one account only the first is looked up, unless it is
 * rated by a number of its own.
 */
export class VendorPrices {
  readonly #snapshot: Snapshot;
  readonly #settings: TimedSettings;
  readonly #tables: readonly RateTable[];
  readonly #isPlain: Uint8Array;
  /** By gateway. */
  readonly #vendor: Int32Array;
  readonly #ratedByNumberSent: Uint8Array;
  /** By account: what stands for its prices whatever the number is, or `asksTables`. */
  readonly #always: Int32Array;
  /** By account: its private table, or -1. */
  readonly #privateTable: Int32Array;
  /** By account: the last call it was looked up for, and what was found. */
  readonly #foundFor: Float64Array;
  readonly #foundTable: Int32Array;
  readonly #foundRow: Int32Array;
  readonly #foundPrice: Float64Array;
  #call = 0;
  #request: RouteRequest | null = null;
  #isFree = false;
  /** Of the price that was looked up last: a rate table or one of the above, and a row of it. */
  #table = noPrice;
  #row = -1;
  /** 10⁻¹⁰ currency units; 0 where nothing is charged. Only for a price that is known. */
  perSecond = 0;

  constructor(snapshot: Snapshot, settings: TimedSettings) {
    this.#snapshot = snapshot;
    this.#settings = settings;
    const { accounts, routingGateways } = snapshot;
    this.#tables = snapshot.rateTables;
    this.#isPlain = new Uint8Array(snapshot.rateTables.length);
    this.#vendor = Int32Array.from(routingGateways, ({ clearingAccount }) => clearingAccount);
    this.#ratedByNumberSent = Uint8Array.from(routingGateways, gateway => (gateway.rateByNumberSent ? 1 : 0));
    this.#always = Int32Array.from(accounts, ({ unrated, rateTable }) => {
      if (unrated) return unratedPrice;
      return rateTable === null ? noPrice : asksTables;
    });
    this.#privateTable = Int32Array.from(accounts, ({ privateRateTable }) => privateRateTable ?? -1);
    this.#foundFor = new Float64Array(snapshot.accounts.length);
    this.#foundTable = new Int32Array(snapshot.accounts.length);
    this.#foundRow = new Int32Array(snapshot.accounts.length);
    this.#foundPrice = new Float64Array(snapshot.accounts.length);
  }

  /** All that follows is about this call. The settings stand at its time. */
  begin(request: RouteRequest): void {
    this.#call++;
    this.#request = request;
    const { freeNumbers } = this.#snapshot.parameters;
    this.#isFree = freeNumbers.length > 0 && isFreeNumber(freeNumbers, request.calleeToRate);
  }

  /** Looks up what the vendor of this gateway asks; the other methods tell of it. */
  lookUp(gateway: number): void {
    const vendor = this.#vendor[gateway]!;
    const { calleeToRate, numberSentToRate } = this.#request!;
    if (this.#ratedByNumberSent[gateway] === 1 && numberSentToRate !== null) {
      const number = numberSentToRate(gateway);
      this.#find(vendor, number, isFreeNumber(this.#snapshot.parameters.freeNumbers, number));
      return;
    }
    if (this.#foundFor[vendor] === this.#call) {
      this.#table = this.#foundTable[vendor]!;
      this.#row = this.#foundRow[vendor]!;
      this.perSecond = this.#foundPrice[vendor]!;
      return;
    }
    this.#find(vendor, calleeToRate, this.#isFree);
    this.#foundFor[vendor] = this.#call;
    this.#foundTable[vendor] = this.#table;
    this.#foundRow[vendor] = this.#row;
    this.#foundPrice[vendor] = this.perSecond;
  }

  /** The vendor has no rate for the number. */
  get isMissing(): boolean {
    return this.#table === noPrice;
  }

  /** The rate of the vendor for the number is locked. */
  get isLocked(): boolean {
    return this.#table === lockedPrice;
  }

  /** There is a price, and be it none because nothing is charged. */
  get isKnown(): boolean {
    return this.#table >= unratedPrice;
  }

  /** Not above the limit. Only for a price that is known. */
  isWithin(limit: RateLimit): boolean {
    return isAtMost(this.#amount, this.#seconds, limit, 0);
  }

  /**
   * Leaves at least so many percent of what the customer pays; negative percentages allow a loss. Only for a price
   * that is known.
   */
  leaves(percent: number, customerRate: RateLimit): boolean {
    return isAtMost(this.#amount, this.#seconds, customerRate, percent);
  }

  get #amount(): number {
    return this.#table < 0 ? 0 : this.#snapshot.rateTables[this.#table]!.rate[this.#row]!;
  }

  get #seconds(): number {
    return this.#table < 0 ? 1 : this.#snapshot.rateTables[this.#table]!.unitSeconds[this.#row]!;
  }

  #find(account: number, number: string, isFree: boolean): void {
    const { atMs } = this.#request!;
    this.#row = -1;
    this.perSecond = 0;
    this.#table = isFree ? unratedPrice : this.#always[account]!;
    if (this.#table !== asksTables) return;
    let index = this.#privateTable[account]!;
    let row = index < 0 ? -1 : this.#rowIn(index, number, atMs);
    if (row < 0) {
      index = this.#settings.rateTable[account]!;
      row = this.#rowIn(index, number, atMs);
    }
    this.#table = noPrice;
    if (row < 0) return;
    const table = this.#tables[index]!;
    this.#table = this.#isPlain[index] === isPlain || !isLockedRow(table, row) ? index : lockedPrice;
    this.#row = row;
    this.perSecond = table.rate[row]! / table.unitSeconds[row]!;
  }

  /** The row that prices the number, or -1. Of a plain table nothing but its prefixes is read. */
  #rowIn(index: number, number: string, atMs: number): number {
    const table = this.#tables[index]!;
    let plain = this.#isPlain[index]!;
    if (plain === notKnown) {
      plain = plainness(table);
      this.#isPlain[index] = plain;
    }
    return plain === isPlain ? longestPrefix(table.prefixes, number) : findRateRow(table, number, atMs);
  }
}

/** Whether every row of the table always counts and none is locked, as in most price lists. */
function plainness({ rowCount, effectiveFromMs, effectiveUntilMs, locked }: RateTable): number {
  for (let row = 0; row < rowCount; row++) {
    const always =
      effectiveFromMs[row] === Number.NEGATIVE_INFINITY && effectiveUntilMs[row] === Number.POSITIVE_INFINITY;
    if (!always || locked[row] === 1) return isNotPlain;
  }
  return isPlain;
}

/** Percentages count to a millionth of one. */
const percentScale = 1_000_000;

/** Doubles settle what is farther apart than this; what is nearer is worth exact arithmetic. */
const nearness = 1e-12;

/** Whether amount/seconds ≤ limit × (100 − percent) / 100, exactly. */
function isAtMost(amount: number, seconds: number, limit: RateLimit, percent: number): boolean {
  const left = amount * limit.seconds * 100;
  const right = limit.amount * seconds * (100 - percent);
  if (Math.abs(left - right) > nearness * Math.max(Math.abs(left), Math.abs(right))) return left < right;
  const share = BigInt(100 * percentScale) - BigInt(Math.round(percent * percentScale));
  return (
    BigInt(amount) * BigInt(limit.seconds) * BigInt(100 * percentScale) <=
    BigInt(limit.amount) * BigInt(seconds) * share
  );
}
