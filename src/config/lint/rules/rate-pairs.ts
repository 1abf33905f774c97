/** Rows of customers' tables that something is wrong with against one vendor, collected pair by pair. */
import type { Snapshot } from '../../snapshot.ts';
import { counted, type LintContext, type LintFinding, type LintItem } from '../finding.ts';
import type { Network } from '../network/network.ts';
import { increments, perMinute } from './compare-rates.ts';

/** The worst place of one customer's row. */
interface Case {
  readonly row: number;
  readonly vendorRow: number;
  readonly weight: number;
  readonly prefix: string;
}

interface Pair {
  readonly customer: number;
  readonly vendor: number;
  /** One bit for each row of the customers' table. */
  readonly rows: Uint32Array;
  count: number;
  /** By row. All of a table whose rows stand in YAML, where each can be silenced; the worst few of a deck. */
  readonly cases: Map<number, Case>;
}

/** So many vendors of one table are told apart; a reader who has that many problems needs no longer list. */
const vendorsListed = 8;
const casesKept = 4;

export class RatePairs {
  readonly #snapshot: Snapshot;
  readonly #network: Network;
  readonly #pairs = new Map<number, Pair>();

  constructor({ snapshot }: LintContext, network: Network) {
    this.#snapshot = snapshot;
    this.#network = network;
  }

  /** `customer` and `vendor` are places in the network; the heavier a case the more it matters. */
  add(
    customer: number,
    vendor: number,
    row: number,
    vendorRow: number,
    weight: number,
    at: { readonly prefix: string },
  ): void {
    const key = customer * this.#network.vendors.length + vendor;
    const table = this.#snapshot.rateTables[this.#network.customerTables[customer]!.table!]!;
    let pair = this.#pairs.get(key);
    if (pair === undefined) {
      const rows = new Uint32Array((table.rowCount + 31) >> 5);
      pair = { customer, vendor, rows, count: 0, cases: new Map() };
      this.#pairs.set(key, pair);
    }
    const bit = 1 << (row & 31);
    if ((pair.rows[row >> 5]! & bit) === 0) {
      pair.rows[row >> 5]! |= bit;
      pair.count++;
    }
    const known = pair.cases.get(row);
    if (known !== undefined && known.weight >= weight) return;
    const inYaml = table.rowFile === table.source.file;
    if (known === undefined && !inYaml && pair.cases.size >= casesKept) {
      const lightest = [...pair.cases.values()].reduce((a, b) => (b.weight < a.weight ? b : a));
      if (lightest.weight >= weight) return;
      pair.cases.delete(lightest.row);
    }
    pair.cases.set(row, { row, vendorRow, weight, prefix: at.prefix });
  }

  findings(code: 'C4520' | 'C4521'): LintFinding[] {
    const byCustomer = new Map<number, Pair[]>();
    for (const pair of this.#pairs.values()) {
      const others = byCustomer.get(pair.customer);
      if (others === undefined) byCustomer.set(pair.customer, [pair]);
      else others.push(pair);
    }
    return [...byCustomer.values()].flatMap(pairs => {
      pairs.sort((a, b) => worst(b) - worst(a) || b.count - a.count || a.vendor - b.vendor);
      const more = pairs.length - vendorsListed;
      return pairs
        .slice(0, vendorsListed)
        .map((pair, place) => this.#finding(code, pair, more > 0 && place === vendorsListed - 1 ? more : 0));
    });
  }

  #finding(code: 'C4520' | 'C4521', pair: Pair, moreVendors: number): LintFinding {
    const vendor = this.#snapshot.accounts[this.#network.vendors[pair.vendor]!]!;
    const customers = this.#snapshot.rateTables[this.#network.customerTables[pair.customer]!.table!]!;
    const vendors = this.#snapshot.rateTables[vendor.rateTable!]!;
    const shown = code === 'C4520' ? perMinute : increments;
    const items = [...pair.cases.values()]
      .sort((a, b) => b.weight - a.weight || a.row - b.row)
      .map(({ row, vendorRow, prefix }): LintItem => {
        const [ours, theirs] = [shown(customers, row), shown(vendors, vendorRow)];
        const fee = vendors.connectFee[vendorRow]! > customers.connectFee[row]! ? ' (and a connect fee)' : '';
        const note = code === 'C4520' ? fee : '';
        const related = { file: vendors.rowFile, line: vendors.line[vendorRow]!, column: 1 };
        return {
          place: { file: customers.rowFile, line: customers.line[row]!, column: 1 },
          label: `"${prefix}" ${ours} against ${theirs}${note}`,
          related: [{ ...related, message: `what "${vendor.name}" charges` }],
        };
      });
    const others =
      moreVendors === 0 ? '' : `; so it is with ${counted(moreVendors, 'vendor', 'vendors')} more`;
    return {
      code,
      items,
      unlisted: pair.count - items.length,
      say: (labels, count) =>
        code === 'C4520'
          ? `${counted(count, 'rate is', 'rates are')} below what "${vendor.name}" charges for a minute: ${labels}${others}`
          : `${counted(count, 'rate is', 'rates are')} billed in shorter steps than "${vendor.name}" bills us: ${labels}${others}`,
    };
  }
}

function worst(pair: Pair): number {
  let weight = 0;
  for (const each of pair.cases.values()) if (each.weight > weight) weight = each.weight;
  return weight;
}
