/** C4522: what customers have a price for and no gateway carries. */
import { counted, type LintContext, type LintFinding, type LintItem } from '../finding.ts';
import type { Network } from '../network/network.ts';
import type { Reach } from '../network/reach.ts';
import type { Change, NetworkVisitor } from '../network/walk-network.ts';

const decided = 1;
const carried = 2;
const itemsKept = 4;

interface Uncarried {
  readonly items: LintItem[];
  count: number;
}

/** Watches for which rows of customers' tables any of their numbers can be carried for anyone charged by the table. */
export class UncarriedRates implements NetworkVisitor {
  readonly #context: LintContext;
  /** By customers' table, by row. */
  readonly #rows: readonly Uint8Array[];
  readonly #customerOf: ReadonlyMap<number, number>;
  /** For each prefix on the way: whether it left something to its longer prefixes, and what rows it began. */
  readonly #levels: { readonly postponed: boolean; readonly tables: readonly number[] }[] = [];
  readonly #uncarried = new Map<number, Uncarried>();

  constructor(context: LintContext, network: Network) {
    this.#context = context;
    const { rateTables } = context.snapshot;
    this.#rows = network.customerTables.map(({ table }) =>
      table === null ? new Uint8Array() : new Uint8Array(rateTables[table]!.rowCount),
    );
    this.#customerOf = new Map(
      network.customerTables.flatMap(({ table }, customer) => (table === null ? [] : [[table, customer]])),
    );
  }

  enter(reach: Reach, change: Change): void {
    const everything = change.routes || this.#levels.at(-1)?.postponed === true;
    const postponed = change.covered && (everything || change.tables.length > 0);
    this.#levels.push({ postponed, tables: change.tables });
    if (change.covered) return;
    for (const table of everything ? this.#customerOf.keys() : change.tables) this.#look(reach, table);
  }

  leave(reach: Reach, prefix: () => string): void {
    for (const table of this.#levels.pop()!.tables) {
      const customer = this.#customerOf.get(table);
      if (customer === undefined) continue;
      const row = reach.priceOf(table);
      if (row >= 0 && this.#rows[customer]![row] === decided) this.#add(table, row, prefix());
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

  #look(reach: Reach, table: number): void {
    const customer = this.#customerOf.get(table);
    if (customer === undefined) return;
    const row = reach.priceOf(table);
    if (row < 0) return;
    const rows = this.#rows[customer]!;
    if ((rows[row]! & carried) !== 0) return;
    rows[row] = reach.tableReachesAny(customer) ? carried : decided;
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
