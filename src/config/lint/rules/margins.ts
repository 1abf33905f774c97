/** C4520, C4521: what customers pay against what vendors charge, over all prices of both sides. */
import type { LintContext, LintFinding } from '../finding.ts';
import { Largest } from '../network/extreme.ts';
import type { Network } from '../network/network.ts';
import type { Reach } from '../network/reach.ts';
import type { Change, NetworkVisitor } from '../network/walk-network.ts';
import { comparePerSecond, isCoarser } from './compare-rates.ts';
import { mayBeCoarser, mayLose, PriceExtremes } from './price-extremes.ts';
import { RatePairs } from './rate-pairs.ts';

interface Side {
  /** Place among the payers or the vendors. */
  readonly place: number;
  readonly list: number;
}

/**
 * Compares, wherever a price changes or other routes begin, the rows of each customers' table with those of each vendor
 * that a gateway leads to. Whose dearest price lies below every customer's cheapest one, as it is with most vendors,
 * is left out from the beginning; and as long as the dearest vendor here is cheaper than the cheapest customer,
 * nothing has to be compared.
 */
export class Margins implements NetworkVisitor {
  readonly lists: readonly number[];
  readonly #snapshot: LintContext['snapshot'];
  readonly #customers: readonly Side[];
  readonly #vendors: readonly Side[];
  readonly #customersByList: ReadonlyMap<number, readonly Side[]>;
  readonly #vendorsByList: ReadonlyMap<number, readonly Side[]>;
  /** Price per second, first and next increment. Of customers the smallest counts, so theirs are negated. */
  readonly #customerBounds: readonly Largest[];
  readonly #vendorBounds: readonly Largest[];
  /** By price list: 1 when customers pay by it, or vendors are paid by it. */
  readonly #isCustomers: Uint8Array;
  readonly #isVendors: Uint8Array;
  /** Some vendor somewhere has longer increments than some customer; otherwise nobody need look at them again. */
  readonly #incrementsDiffer: boolean;
  readonly #marks: number[] = [];
  /** For each prefix on the way, whether what changed there was left to its longer prefixes to look at. */
  readonly #postponed: boolean[] = [];
  readonly #losses: RatePairs;
  readonly #coarser: RatePairs;

  constructor(context: LintContext, network: Network) {
    const { snapshot } = context;
    this.#snapshot = snapshot;
    const customers = network.payers.flatMap(({ list }, place) => (list === null ? [] : [{ place, list }]));
    const vendors = [...network.vendorLists].flatMap((list, place) => (list < 0 ? [] : [{ place, list }]));
    const extremes = new PriceExtremes(network);
    const lowest = extremes.lowest(customers);
    const highest = extremes.highest(vendors);
    this.#customers = customers.filter(side => mayLose(extremes.lowest([side]), highest));
    this.#vendors = vendors.filter(side => mayLose(lowest, extremes.highest([side])));
    this.lists = [...this.#customers, ...this.#vendors].map(({ list }) => list);
    this.#customersByList = byList(this.#customers);
    this.#vendorsByList = byList(this.#vendors);
    const lists = network.lists.length;
    this.#isCustomers = new Uint8Array(lists).map((_, list) => (this.#customersByList.has(list) ? 1 : 0));
    this.#isVendors = new Uint8Array(lists).map((_, list) => (this.#vendorsByList.has(list) ? 1 : 0));
    this.#customerBounds = [new Largest(lists), new Largest(lists), new Largest(lists)];
    this.#vendorBounds = [new Largest(lists), new Largest(lists), new Largest(lists)];
    this.#incrementsDiffer = mayBeCoarser(lowest, highest);
    this.#losses = new RatePairs(context, network);
    this.#coarser = new RatePairs(context, network);
  }

  enter(reach: Reach, change: Change): void {
    if (this.#vendors.length === 0) return;
    for (const bound of this.#customerBounds) this.#marks.push(bound.mark);
    for (const bound of this.#vendorBounds) this.#marks.push(bound.mark);
    for (const list of change.lists) this.#bound(reach, list);
    const everything = change.routes || this.#postponed.at(-1) === true;
    this.#postponed.push(change.covered && (everything || change.lists.length > 0));
    if (change.covered || !this.#mayFind()) return;
    if (everything) {
      for (const customer of this.#customers) this.#compareWithVendors(reach, customer, change);
      return;
    }
    for (const list of change.lists) {
      for (const customer of this.#customersByList.get(list) ?? []) {
        this.#compareWithVendors(reach, customer, change);
      }
      for (const vendor of this.#vendorsByList.get(list) ?? []) {
        for (const customer of this.#customers) this.#compare(reach, customer, vendor, change);
      }
    }
  }

  leave(): void {
    if (this.#vendors.length === 0) return;
    this.#postponed.pop();
    for (let i = this.#vendorBounds.length - 1; i >= 0; i--) this.#vendorBounds[i]!.undo(this.#marks.pop()!);
    for (let i = this.#customerBounds.length - 1; i >= 0; i--)
      this.#customerBounds[i]!.undo(this.#marks.pop()!);
  }

  findings(): LintFinding[] {
    return [...this.#losses.findings('C4520'), ...this.#coarser.findings('C4521')];
  }

  #bound(reach: Reach, list: number): void {
    const row = reach.priceOf(list);
    if (row < 0) {
      for (let i = 0; i < 3; i++) this.#setBound(i, list, -Infinity, -Infinity);
      return;
    }
    const table = this.#snapshot.rateTables[reach.tableOf(list)]!;
    const perSecond = table.rate[row]! / table.unitSeconds[row]!;
    this.#setBound(0, list, perSecond, -perSecond);
    if (!this.#incrementsDiffer) return;
    const [first, next] = [table.firstIncrementSeconds[row]!, table.nextIncrementSeconds[row]!];
    this.#setBound(1, list, first, -first);
    this.#setBound(2, list, next, -next);
  }

  #setBound(which: number, list: number, owed: number, paid: number): void {
    if (this.#isVendors[list] === 1) this.#vendorBounds[which]!.set(list, owed);
    if (this.#isCustomers[list] === 1) this.#customerBounds[which]!.set(list, paid);
  }

  #mayFind(): boolean {
    for (let i = 0; i < 3; i++) {
      if (this.#vendorBounds[i]!.value > -this.#customerBounds[i]!.value) return true;
    }
    return false;
  }

  #compareWithVendors(reach: Reach, customer: Side, change: Change): void {
    if (reach.priceOf(customer.list) < 0) return;
    for (const vendor of this.#vendors) this.#compare(reach, customer, vendor, change);
  }

  #compare(reach: Reach, customer: Side, vendor: Side, change: Change): void {
    const paid = reach.priceOf(customer.list);
    const owed = reach.priceOf(vendor.list);
    if (paid < 0 || owed < 0) return;
    const customerTable = this.#snapshot.rateTables[reach.tableOf(customer.list)]!;
    const vendorTable = this.#snapshot.rateTables[reach.tableOf(vendor.list)]!;
    const loss = comparePerSecond(vendorTable, owed, customerTable, paid);
    const coarser = isCoarser(vendorTable, owed, customerTable, paid);
    if ((loss <= 0 && !coarser) || !reach.payersReach(customer.place, vendor.place)) return;
    const pair = { payers: customer.place, vendor: vendor.place };
    const rows = { ours: customerTable, row: paid, theirs: vendorTable, vendorRow: owed };
    if (loss > 0) this.#losses.add(pair, rows, loss, change);
    if (coarser) {
      const seconds = vendorTable.firstIncrementSeconds[owed]! + vendorTable.nextIncrementSeconds[owed]!;
      this.#coarser.add(pair, rows, seconds, change);
    }
  }
}

function byList(sides: readonly Side[]): ReadonlyMap<number, readonly Side[]> {
  const found = new Map<number, Side[]>();
  for (const side of sides) {
    const others = found.get(side.list);
    if (others === undefined) found.set(side.list, [side]);
    else others.push(side);
  }
  return found;
}
