/** What a vendor asks for a second of a call, and whether that leaves what rates and profits must leave. */
import type { RateLimit, RateTable, Snapshot } from '../config/snapshot.ts';
import { freeNumberTest } from '../rating/free-numbers.ts';
import { findRateRow, isLockedRow } from '../rating/rate-table.ts';
import type { RouteRequest } from './route-decision.ts';
import type { TimedSettings } from './timed-settings.ts';
import { priceWidth, timedPrice } from './vendor-price-index-builder.ts';
import { noPriceNumber, VendorPriceRuns } from './vendor-price-runs.ts';

/** What is known of a price. */
const missing = 0;
const locked = 1;
const charged = 2;
const nothingCharged = 3;

/** By account: what holds for every number, or that its rate tables are asked. */
const asksTables = 0xff;

/**
 * The prices of the vendors for one call. Of the gateways of one account only the first is looked up, unless it is
 * rated by a number of its own.
 */
export class VendorPrices {
  readonly #isFree: (number: string) => boolean;
  readonly #settings: TimedSettings;
  readonly #tables: readonly RateTable[];
  /** By gateway. */
  readonly #vendor: Int32Array;
  readonly #ratedByNumberSent: Uint8Array;
  /** By account. */
  readonly #always: Uint8Array;
  /** By account: its private table, or -1. */
  readonly #privateTable: Int32Array;
  /** null without an index. */
  readonly #runs: VendorPriceRuns | null;
  readonly #pricesOfRuns: Float64Array;
  /** By rate table: its place in the index, or -1. */
  readonly #placeOf: Int32Array;
  /** The last call whose number the runs were asked for. */
  #runsAskedIn = 0;
  /** By account, and behind them the price for a number sent: the last call it was looked up for, and what was found. */
  readonly #foundFor: Float64Array;
  readonly #found: Uint8Array;
  readonly #amount: Float64Array;
  readonly #seconds: Float64Array;
  /**
   * 10⁻¹⁰ currency units, by what `lookUp` returns; 0 where nothing is charged. Only for a price that is known. It is
   * read from here because a call that returns a number with a fraction may need memory for it.
   */
  readonly perSecond: Float64Array;
  /** Where the price that was looked up last stands in these. */
  #at = 0;
  #call = 0;
  #request: RouteRequest | null = null;
  /** The call of which it is known whether its number is free. */
  #judged = 0;
  #isFreeCall = false;

  constructor(snapshot: Snapshot, settings: TimedSettings) {
    const { accounts, routingGateways, rateTables } = snapshot;
    const vendorPrices = snapshot.indexes?.vendorPrices ?? null;
    this.#isFree = freeNumberTest(snapshot.parameters.freeNumbers);
    this.#settings = settings;
    this.#tables = rateTables;
    this.#vendor = Int32Array.from(routingGateways, ({ clearingAccount }) => clearingAccount);
    this.#ratedByNumberSent = Uint8Array.from(routingGateways, gateway => (gateway.rateByNumberSent ? 1 : 0));
    this.#always = Uint8Array.from(accounts, ({ unrated, rateTable }) => {
      if (unrated) return nothingCharged;
      return rateTable === null ? missing : asksTables;
    });
    this.#privateTable = Int32Array.from(accounts, ({ privateRateTable }) => privateRateTable ?? -1);
    this.#runs = vendorPrices === null ? null : new VendorPriceRuns(vendorPrices);
    this.#pricesOfRuns = vendorPrices?.prices ?? new Float64Array(0);
    this.#placeOf = new Int32Array(rateTables.length).fill(-1);
    for (const [place, table] of (vendorPrices?.tables ?? []).entries()) this.#placeOf[table] = place;
    const slots = accounts.length + 1;
    this.#foundFor = new Float64Array(slots);
    this.#found = new Uint8Array(slots);
    this.#amount = new Float64Array(slots);
    this.#seconds = new Float64Array(slots);
    this.perSecond = new Float64Array(slots);
  }

  /** All that follows is about this call. The settings stand at its time. */
  begin(request: RouteRequest): void {
    this.#call++;
    this.#request = request;
  }

  /** Looks up what the vendor of this gateway asks; the other methods tell of it. Returns its place in `perSecond`. */
  lookUp(gateway: number): number {
    const vendor = this.#vendor[gateway]!;
    if (this.#ratedByNumberSent[gateway] === 1) {
      const { numberSentToRate } = this.#request!;
      if (numberSentToRate !== null) {
        this.#findFor(vendor, numberSentToRate(gateway));
        return this.#at;
      }
    }
    this.#at = vendor;
    if (this.#foundFor[vendor] !== this.#call) {
      this.#foundFor[vendor] = this.#call;
      this.#find(vendor);
    }
    return vendor;
  }

  /** The vendor has no rate for the number. */
  get isMissing(): boolean {
    return this.#found[this.#at] === missing;
  }

  /** The rate of the vendor for the number is locked. */
  get isLocked(): boolean {
    return this.#found[this.#at] === locked;
  }

  /** There is a price, and be it none because nothing is charged. */
  get isKnown(): boolean {
    return this.#found[this.#at]! >= charged;
  }

  /** Not above the limit. Only for a price that is known. */
  isWithin(limit: RateLimit): boolean {
    return isAtMost(this.#amount[this.#at]!, this.#seconds[this.#at]!, limit, 0);
  }

  /**
   * Leaves at least so many percent of what the customer pays; negative percentages allow a loss. Only for a price
   * that is known.
   */
  leaves(percent: number, customerRate: RateLimit): boolean {
    return isAtMost(this.#amount[this.#at]!, this.#seconds[this.#at]!, customerRate, percent);
  }

  /** For the number of the call. */
  #find(account: number): void {
    if (this.#judged !== this.#call) {
      this.#judged = this.#call;
      this.#isFreeCall = this.#isFree(this.#request!.calleeToRate);
    }
    const always = this.#isFreeCall ? nothingCharged : this.#always[account]!;
    if (always !== asksTables) {
      this.#keepFree(always);
      return;
    }
    const privateTable = this.#privateTable[account]!;
    if (privateTable >= 0 && this.#takeFrom(privateTable)) return;
    if (!this.#takeFrom(this.#settings.rateTable[account]!)) this.#found[this.#at] = missing;
  }

  /** What the table has for the number of the call. Returns whether it has anything. */
  #takeFrom(table: number): boolean {
    const { calleeToRate, atMs } = this.#request!;
    const place = this.#placeOf[table]!;
    const runs = this.#runs;
    if (place < 0 || runs === null) return this.#takeRow(table, calleeToRate, atMs);
    if (this.#runsAskedIn !== this.#call) {
      this.#runsAskedIn = this.#call;
      runs.ask(calleeToRate);
    }
    const price = runs.priceOf(place);
    if (price === noPriceNumber) return false;
    if (price === timedPrice) return this.#takeRow(table, calleeToRate, atMs);
    const at = this.#at;
    const from = priceWidth * price;
    this.perSecond[at] = this.#pricesOfRuns[from]!;
    this.#amount[at] = this.#pricesOfRuns[from + 1]!;
    this.#seconds[at] = this.#pricesOfRuns[from + 2]!;
    this.#found[at] = this.#pricesOfRuns[from + 3] === 1 ? locked : charged;
    return true;
  }

  /** For a number that is sent to one gateway alone. */
  #findFor(account: number, number: string): void {
    this.#at = this.#found.length - 1;
    const always = this.#isFree(number) ? nothingCharged : this.#always[account]!;
    if (always !== asksTables) {
      this.#keepFree(always);
      return;
    }
    const { atMs } = this.#request!;
    const privateTable = this.#privateTable[account]!;
    if (privateTable >= 0 && this.#takeRow(privateTable, number, atMs)) return;
    if (!this.#takeRow(this.#settings.rateTable[account]!, number, atMs)) this.#found[this.#at] = missing;
  }

  /** As `#takeFrom`, by a walk through this table alone. */
  #takeRow(table: number, number: string, atMs: number): boolean {
    const rates = this.#tables[table]!;
    const row = findRateRow(rates, number, atMs);
    if (row < 0) return false;
    const at = this.#at;
    this.#amount[at] = rates.rate[row]!;
    this.#seconds[at] = rates.unitSeconds[row]!;
    this.perSecond[at] = rates.rate[row]! / rates.unitSeconds[row]!;
    this.#found[at] = isLockedRow(rates, row) ? locked : charged;
    return true;
  }

  #keepFree(found: number): void {
    const at = this.#at;
    this.#found[at] = found;
    this.#amount[at] = 0;
    this.#seconds[at] = 1;
    this.perSecond[at] = 0;
  }
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
