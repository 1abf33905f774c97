/** C4522: what customers have a price for and no gateway carries. */
import { rateTablesOf } from '../../../rating/account-rate.ts';
import { counted, type LintContext, type LintFinding, type LintItem } from '../finding.ts';
import type { Network } from '../network/network.ts';
import type { Reach } from '../network/reach.ts';
import { paysForNumberRouted } from '../network/scope.ts';
import type { Change, NetworkVisitor } from '../network/walk-network.ts';

/** What is known of a row: nothing, that it prices numbers, that some of them are carried, or that it was reported. */
const decided = 1;
const carried = 2;
const told = 3;

const itemsKept = 4;

interface Uncarried {
  readonly items: LintItem[];
  count: number;
}

/** Watches for which rows of customers' tables any of their numbers can be carried for anyone charged by the table. */
export class UncarriedRates implements NetworkVisitor {
  readonly #context: LintContext;
  /** By rate table, by row. */
  readonly #rows: ReadonlyMap<number, Uint8Array>;
  /** By price list: who pays by it. */
  readonly #payersOf: ReadonlyMap<number, number>;
  /** For each prefix on the way: whether it left something to its longer prefixes, and the lists that changed. */
  readonly #levels: { readonly postponed: boolean; readonly lists: readonly number[] }[] = [];
  readonly #uncarried = new Map<number, Uncarried>();
  /** Tables that nothing is said of. */
  readonly #unsure: ReadonlySet<number>;

  constructor(context: LintContext, network: Network) {
    this.#context = context;
    this.#payersOf = new Map(
      network.payers.flatMap(({ list }, payers) => (list === null ? [] : [[list, payers]])),
    );
    // What such a customer pays for says nothing about where the call is routed.
    this.#unsure = new Set(
      context.snapshot.mappingGateways
        .filter(gateway => !paysForNumberRouted(gateway, context.snapshot))
        .flatMap(({ account }) => rateTablesOf(context.snapshot.accounts[account]!)),
    );
    const tables = [...this.#payersOf.keys()].flatMap(list => network.lists[list]!);
    this.#rows = new Map(
      tables.map(table => [table, new Uint8Array(context.snapshot.rateTables[table]!.rowCount)]),
    );
  }

  enter(reach: Reach, change: Change): void {
    const everything = change.routes || this.#levels.at(-1)?.postponed === true;
    const postponed = change.covered && (everything || change.lists.length > 0);
    this.#levels.push({ postponed, lists: change.lists });
    if (change.covered) return;
    for (const list of everything ? this.#payersOf.keys() : change.lists) this.#look(reach, list);
  }

  leave(reach: Reach, prefix: () => string): void {
    for (const list of this.#levels.pop()!.lists) {
      if (!this.#payersOf.has(list)) continue;
      const row = reach.priceOf(list);
      if (row < 0) continue;
      const table = reach.tableOf(list);
      const rows = this.#rows.get(table)!;
      if (rows[row] !== decided || this.#unsure.has(table)) continue;
      rows[row] = told;
      this.#add(table, row, prefix());
    }
  }

  findings(): LintFinding[] {
    return [...this.#uncarried].map(([table, { items, count }]) => ({
      code: 'C4522',
      items: items.sort((a, b) => a.place.line - b.place.line),
      unlisted: count - items.length,
      say: (labels, all) =>
        `no gateway carries the numbers of ${counted(all, 'rate', 'rates')} of "${this.#context.snapshot.rateTables[table]!.name}": ${labels}`,
    }));
  }

  #look(reach: Reach, list: number): void {
    const payers = this.#payersOf.get(list);
    if (payers === undefined) return;
    const row = reach.priceOf(list);
    if (row < 0) return;
    const rows = this.#rows.get(reach.tableOf(list))!;
    if (rows[row] !== carried) rows[row] = reach.payersReachAny(payers) ? carried : decided;
  }

  #add(table: number, row: number, prefix: string): void {
    const { rowFile, source, line } = this.#context.snapshot.rateTables[table]!;
    let uncarried = this.#uncarried.get(table);
    if (uncarried === undefined) {
      uncarried = { items: [], count: 0 };
      this.#uncarried.set(table, uncarried);
    }
    uncarried.count++;
    if (rowFile !== source.file && uncarried.items.length >= itemsKept) return;
    uncarried.items.push({ place: { file: rowFile, line: line[row]!, column: 1 }, label: `"${prefix}"` });
  }
}
