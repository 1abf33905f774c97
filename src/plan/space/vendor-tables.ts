/**
 * The tables by which vendors rate a number: those of the gateways that have a prefix of it, at one time. Where hundreds
 * of vendors have a row for a number and few of them carry it, the rows of the others tell nothing apart.
 */
import type { Account, RateTable, Snapshot } from '../../config/snapshot.ts';
import { longestPrefix, matchingPrefixes, maxMatches } from '../../prefixes/prefix-trie.ts';
import { rateTablesAt } from '../../rating/account-rate.ts';
import { nextEntry } from '../../routing/route-table.ts';
import { TrieUnion } from './trie-union.ts';

/** What rows tell apart behind a beginning. */
export interface RowsAt {
  /** The characters by which rows go on. */
  readonly symbols: string;
  /** Whether there is a row of this very beginning. */
  readonly ends: boolean;
}

/** Of all numbers that have the same prefixes in the route table. */
interface Candidates {
  readonly tables: TrieUnion;
  /** Customers ask for the same beginnings one after the other. */
  readonly known: Map<string, RowsAt>;
}

const noEntry = -1;

export class VendorTables {
  readonly #snapshot: Snapshot;
  readonly #atMs: number;
  /** By the first entry of the longest prefix: shorter ones of a number follow from it. */
  readonly #candidates = new Map<number, Candidates>();
  readonly #every: Candidates;
  readonly #bySent: Candidates;
  readonly #entries = new Int32Array(maxMatches);
  readonly #lengths = new Int32Array(maxMatches);

  constructor(snapshot: Snapshot, atMs: number) {
    this.#snapshot = snapshot;
    this.#atMs = atMs;
    const { routingGateways } = snapshot;
    this.#every = this.#of(routingGateways.map(({ index }) => index));
    this.#bySent = this.#of(routingGateways.filter(each => each.rateByNumberSent).map(({ index }) => index));
  }

  /** `rated` is the beginning of what is rated when `routed` is routed. */
  rowsAt(routed: string, rated: string): RowsAt {
    return rowsOf(this.#candidatesOf(routed), rated);
  }

  /** Whatever number is routed. */
  rowsOfEvery(rated: string): RowsAt {
    return rowsOf(this.#every, rated);
  }

  /** Of the vendors that rate by the number that they are sent. */
  rowsBySent(rated: string): RowsAt {
    return rowsOf(this.#bySent, rated);
  }

  #candidatesOf(routed: string): Candidates {
    const { routes } = this.#snapshot;
    const entry = longestPrefix(routes.trie, routed);
    const known = this.#candidates.get(entry);
    if (known !== undefined) return known;
    const candidates = this.#of(entry === noEntry ? [] : this.#gatewaysOf(routed));
    this.#candidates.set(entry, candidates);
    return candidates;
  }

  #gatewaysOf(routed: string): number[] {
    const { routes } = this.#snapshot;
    const gateways: number[] = [];
    const count = matchingPrefixes(routes.trie, routed, this.#entries, this.#lengths);
    for (let match = 0; match < count; match++) {
      for (let entry = this.#entries[match]!; entry >= 0; entry = nextEntry(routes, entry)) {
        gateways.push(routes.gateway[entry]!);
      }
    }
    return gateways;
  }

  #of(gateways: readonly number[]): Candidates {
    const { accounts, routingGateways } = this.#snapshot;
    const vendors = new Set(gateways.map(gateway => accounts[routingGateways[gateway]!.clearingAccount]!));
    const tables = new Set([...vendors].flatMap(vendor => tablesAt(this.#snapshot, vendor, this.#atMs)));
    return { tables: new TrieUnion([...tables].map(({ prefixes }) => prefixes)), known: new Map() };
  }
}

/** Those that price calls of the account at this time; none when its calls have no price. */
export function tablesAt(snapshot: Snapshot, account: Account, atMs: number): readonly RateTable[] {
  return account.unrated || account.rateTable === null ? [] : rateTablesAt(snapshot, account, atMs);
}

function rowsOf({ tables, known }: Candidates, rated: string): RowsAt {
  const same = known.get(rated);
  if (same !== undefined) return same;
  const rows = { symbols: tables.symbolsAfter(rated), ends: tables.has(rated) };
  known.set(rated, rows);
  return rows;
}
