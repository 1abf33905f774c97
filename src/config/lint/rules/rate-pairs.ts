/** Rows of customers' tables that something is wrong with against one vendor, collected pair by pair. */
import type { RateTable, Snapshot } from '../../snapshot.ts';
import { counted, type LintContext, type LintFinding, type LintItem } from '../finding.ts';
import type { Network } from '../network/network.ts';
import { increments, perMinute } from './compare-rates.ts';

/** A row that a customer pays by, and one that a vendor is paid by. */
export interface RowPair {
  readonly ours: RateTable;
  readonly row: number;
  readonly theirs: RateTable;
  readonly vendorRow: number;
}

/** The worst place of one customer's row. */
interface Case extends RowPair {
  readonly weight: number;
  readonly prefix: string;
}

interface Pair {
  readonly payers: number;
  readonly vendor: number;
  /** By rate table: one bit for each row. */
  readonly rows: Map<number, Uint32Array>;
  count: number;
  /** By row. All of a table whose rows stand in YAML, where each can be silenced; the worst few of decks. */
  readonly cases: Map<string, Case>;
}

type PairCode = 'C4520' | 'C4521';

/** So many vendors of one price list are told apart; a reader who has that many problems needs no longer list. */
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

  /** `payers` and `vendor` are places in the network; the heavier a case the more it matters. */
  add(
    { payers, vendor }: { readonly payers: number; readonly vendor: number },
    rows: RowPair,
    weight: number,
    at: { readonly prefix: string },
  ): void {
    const key = payers * this.#network.vendors.length + vendor;
    let pair = this.#pairs.get(key);
    if (pair === undefined) {
      pair = { payers, vendor, rows: new Map(), count: 0, cases: new Map() };
      this.#pairs.set(key, pair);
    }
    count(pair, rows);
    const place = `${rows.ours.index} ${rows.row}`;
    const known = pair.cases.get(place);
    if (known !== undefined && known.weight >= weight) return;
    if (known === undefined && !isInYaml(rows.ours) && pair.cases.size >= casesKept) {
      const [lightest, itsPlace] = lightestOf(pair);
      if (lightest.weight >= weight) return;
      if (!isInYaml(lightest.ours)) pair.cases.delete(itsPlace);
    }
    pair.cases.set(place, { ...rows, weight, prefix: at.prefix });
  }

  findings(code: PairCode): LintFinding[] {
    const byPayers = new Map<number, Pair[]>();
    for (const pair of this.#pairs.values()) {
      const others = byPayers.get(pair.payers);
      if (others === undefined) byPayers.set(pair.payers, [pair]);
      else others.push(pair);
    }
    return [...byPayers.values()].flatMap(pairs => {
      pairs.sort((a, b) => worst(b) - worst(a) || b.count - a.count || a.vendor - b.vendor);
      const more = pairs.length - vendorsListed;
      return pairs
        .slice(0, vendorsListed)
        .map((pair, place) => this.#finding(code, pair, place === vendorsListed - 1 ? more : 0));
    });
  }

  #finding(code: PairCode, pair: Pair, moreVendors: number): LintFinding {
    const { name } = this.#snapshot.accounts[this.#network.vendors[pair.vendor]!]!;
    const items = [...pair.cases.values()]
      .sort((a, b) => b.weight - a.weight || a.row - b.row)
      .map(each => itemOf(code, each, name));
    const others = moreVendors > 0 ? `; so it is with ${counted(moreVendors, 'vendor', 'vendors')} more` : '';
    return {
      code,
      items,
      unlisted: pair.count - items.length,
      say: (labels, all) =>
        code === 'C4520'
          ? `${counted(all, 'rate is', 'rates are')} below what "${name}" charges for a minute: ${labels}${others}`
          : `${counted(all, 'rate is', 'rates are')} billed in shorter steps than "${name}" bills us: ${labels}${others}`,
    };
  }
}

function itemOf(code: PairCode, each: Case, vendor: string): LintItem {
  const { ours, row, theirs, vendorRow, prefix } = each;
  const shown = code === 'C4520' ? perMinute : increments;
  const hasFee = code === 'C4520' && theirs.connectFee[vendorRow]! > ours.connectFee[row]!;
  const related = { file: theirs.rowFile, line: theirs.line[vendorRow]!, column: 1 };
  return {
    place: { file: ours.rowFile, line: ours.line[row]!, column: 1 },
    label: `"${prefix}" ${shown(ours, row)} against ${shown(theirs, vendorRow)}${hasFee ? ' (and a connect fee)' : ''}`,
    related: [{ ...related, message: `what "${vendor}" charges` }],
  };
}

function worst({ cases }: Pair): number {
  let weight = 0;
  for (const each of cases.values()) if (each.weight > weight) weight = each.weight;
  return weight;
}

function count(pair: Pair, { ours, row }: RowPair): void {
  let rows = pair.rows.get(ours.index);
  if (rows === undefined) {
    rows = new Uint32Array((ours.rowCount + 31) >> 5);
    pair.rows.set(ours.index, rows);
  }
  const bit = 1 << (row & 31);
  if ((rows[row >> 5]! & bit) !== 0) return;
  rows[row >> 5]! |= bit;
  pair.count++;
}

function lightestOf({ cases }: Pair): readonly [Case, string] {
  const [first, ...others] = cases;
  const [place, lightest] = others.reduce((a, b) => (b[1].weight < a[1].weight ? b : a), first!);
  return [lightest, place];
}

function isInYaml({ rowFile, source }: RateTable): boolean {
  return rowFile === source.file;
}
