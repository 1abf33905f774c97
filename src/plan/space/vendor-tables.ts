/**
 * The tables by which vendors rate a number: those of the gateways that have a prefix of it, at one time. Where hundreds
 * of vendors have a row for a number and few of them carry it, the rows of the others tell nothing apart.
 */
import type { Account, RateTable, Snapshot } from '../../config/snapshot.ts';
import { longestPrefix, matchingPrefixes, maxMatches } from '../../prefixes/prefix-trie.ts';
import { rateTablesAt } from '../../rating/account-rate.ts';
import { nextEntry } from '../../routing/route-table.ts';
import { TrieUnion } from './trie-union.ts';

/** Of all numbers that have the same prefixes in the route table. */
interface Candidates {
  readonly tables: TrieUnion;
  /** Customers ask for the same beginnings one after the other. */
  readonly symbols: Map<string, string>;
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

  /** The characters by which rows go on behind `rated`, the beginning of what is rated when `routed` is routed. */
  symbolsAfter(routed: string, rated: string): string {
    return symbolsOf(this.#candidatesOf(routed), rated);
  }

  /** Whatever number is routed. */
  symbolsOfEvery(rated: string): string {
    return symbolsOf(this.#every, rated);
  }

  /** Of the vendors that rate by the number that they are sent. */
  symbolsAfterSent(rated: string): string {
    return symbolsOf(this.#bySent, rated);
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
    return { tables: new TrieUnion([...tables].map(({ prefixes }) => prefixes)), symbols: new Map() };
  }
}

/** Those that price calls of the account at this time; none when its calls have no price. */
export function tablesAt(snapshot: Snapshot, account: Account, atMs: number): readonly RateTable[] {
  return account.unrated || account.rateTable === null ? [] : rateTablesAt(snapshot, account, atMs);
}

function symbolsOf({ tables, symbols }: Candidates, rated: string): string {
  const known = symbols.get(rated);
  if (known !== undefined) return known;
  const found = tables.symbolsAfter(rated);
  symbols.set(rated, found);
  return found;
}
