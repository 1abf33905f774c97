/** Goes through all prefixes of a configuration at once: routes, filters for callees, and the rates of both sides. */
import { type MergedPrefix, walkMerged } from '../../../prefixes/merged-walk.ts';
import type { PrefixTrie } from '../../../prefixes/prefix-trie.ts';
import { isPrefixText, PrefixTrieBuilder } from '../../../prefixes/prefix-trie-builder.ts';
import { rowInEffect } from '../../../rating/rate-table.ts';
import type { RateTable } from '../../snapshot.ts';
import { freePrefixes, type Network } from './network.ts';
import { Reach } from './reach.ts';

/** What is different at a prefix from the one around it. */
export interface Change {
  readonly prefix: string;
  /** Every number with the prefix has a longer one somewhere, so that nothing is decided here. */
  readonly covered: boolean;
  /** Other routes, or other callers. */
  readonly routes: boolean;
  /** Where in the `pathEntries` of Reach the routes with this very prefix begin; -1 when there are none. */
  readonly ownRoutes: number;
  /** Price lists that have another row than around. */
  readonly lists: readonly number[];
}

export interface NetworkVisitor {
  /** The price lists of vendors whose prices it asks for. Of others it learns only through who can be reached. */
  readonly lists?: readonly number[];
  enter(reach: Reach, change: Change): void;
  /** After everything that begins with the prefix, before what changed there is taken back. */
  leave(reach: Reach, prefix: () => string): void;
}

type TrieRole = { readonly kind: 'routes' | 'filters' | 'free' } | TableRole;

interface TableRole {
  readonly kind: 'table';
  readonly table: number;
  /** The price lists that it belongs to, each with the place of the customers who pay by it, or -1. */
  readonly lists: readonly { readonly list: number; readonly payers: number }[];
  /** Every row counts now, which saves looking at each: the rows of a deck lie far apart in memory. */
  readonly allInEffect: boolean;
}

export function walkNetwork(network: Network, visitors: readonly NetworkVisitor[]): void {
  const { trie: filters, byValue } = filterTrie(network);
  const tries: PrefixTrie[] = [network.snapshot.routes.trie, filters, freeTrie(network)];
  const roles: TrieRole[] = [{ kind: 'routes' }, { kind: 'filters' }, { kind: 'free' }];
  const reach = new Reach(network);
  const lists = new Set([...reach.decidingLists, ...visitors.flatMap(visitor => visitor.lists ?? [])]);
  for (const role of tablesOf(network, lists)) {
    tries.push(network.snapshot.rateTables[role.table]!.prefixes);
    roles.push(role);
  }
  const walk = new NetworkWalk(reach, roles, byValue, visitors);
  walkMerged(tries, walk);
}

class ChangeAt implements Change {
  readonly covered: boolean;
  readonly routes: boolean;
  readonly ownRoutes: number;
  readonly lists: readonly number[];
  readonly #at: MergedPrefix;

  constructor(at: MergedPrefix, routes: boolean, ownRoutes: number, lists: readonly number[]) {
    this.#at = at;
    this.covered = at.covered;
    this.routes = routes;
    this.ownRoutes = ownRoutes;
    this.lists = lists;
  }

  /** Made only for what is told, since that is little of what is visited. */
  get prefix(): string {
    return this.#at.prefix;
  }
}

class NetworkWalk {
  readonly #network: Network;
  readonly #roles: readonly TrieRole[];
  readonly #filtersByValue: readonly (readonly number[])[];
  readonly #visitors: readonly NetworkVisitor[];
  readonly #reach: Reach;
  /** For each prefix on the way, whether it has routes. */
  readonly #withRoutes: boolean[] = [];
  /** Of the lists of the table that is being entered. */
  readonly #hadPrice: boolean[] = [];
  #left: MergedPrefix | null = null;
  readonly #prefixLeft = () => this.#left?.prefix ?? '';

  constructor(
    reach: Reach,
    roles: readonly TrieRole[],
    filtersByValue: readonly (readonly number[])[],
    visitors: readonly NetworkVisitor[],
  ) {
    this.#network = reach.network;
    this.#roles = roles;
    this.#filtersByValue = filtersByValue;
    this.#visitors = visitors;
    this.#reach = reach;
  }

  enter(at: MergedPrefix): void {
    const reach = this.#reach;
    reach.mark();
    const lists: number[] = [];
    const repriced: number[] = [];
    let head = -1;
    let routes = false;
    for (let i = 0; i < at.count; i++) {
      const role = this.#roles[at.tries[i]!]!;
      const value = at.values[i]!;
      if (role.kind === 'table') {
        this.#enterTable(role, value, lists, repriced);
        continue;
      }
      routes = true;
      if (role.kind === 'routes') head = value;
      else if (role.kind === 'free') reach.setFree();
      else for (const filter of this.#filtersByValue[value]!) reach.applyFilter(filter);
    }
    const ownRoutes = head < 0 ? -1 : reach.pathEntries.length;
    for (const list of repriced) reach.pricesChanged(list);
    if (head >= 0) reach.enterRoutes(head);
    this.#withRoutes.push(head >= 0);
    const change = new ChangeAt(at, routes || repriced.length > 0, ownRoutes, lists);
    for (const visitor of this.#visitors) visitor.enter(reach, change);
  }

  leave(at: MergedPrefix): void {
    this.#left = at;
    for (const visitor of this.#visitors) visitor.leave(this.#reach, this.#prefixLeft);
    if (this.#withRoutes.pop() === true) this.#reach.leaveRoutes();
    this.#reach.undo();
  }

  /** Adds to `lists` those in which the row now counts, and to `repriced` those that had no price before or lost it. */
  #enterTable(role: TableRole, first: number, lists: number[], repriced: number[]): void {
    const reach = this.#reach;
    const table = this.#network.snapshot.rateTables[role.table]!;
    const row = role.allInEffect ? first : rowInEffect(table, first, this.#network.nowMs);
    if (row < 0) return;
    // A million rows pass here, so nothing is allocated for one.
    const before = this.#hadPrice;
    for (let place = 0; place < role.lists.length; place++) {
      before[place] = reach.priceOf(role.lists[place]!.list) >= 0;
    }
    reach.setRow(role.table, row);
    for (let place = 0; place < role.lists.length; place++) {
      const { list, payers } = role.lists[place]!;
      if (reach.tableOf(list) !== role.table) continue;
      if (!lists.includes(list)) lists.push(list);
      const after = reach.priceOf(list) >= 0;
      if (before[place] === after) continue;
      repriced.push(list);
      if (payers >= 0) reach.setSold(payers, after);
    }
  }
}

/**
 * The rate tables of these lists, each once. Most tables of a carrier are those of vendors whose prices decide nothing,
 * and walking through them would be most of the work.
 */
function tablesOf(network: Network, wanted: ReadonlySet<number>): readonly TableRole[] {
  const payersOf = new Map(network.payers.map(({ list }, place) => [list, place]));
  const roles = new Map<number, { list: number; payers: number }[]>();
  for (const [list, tables] of network.lists.entries()) {
    if (!wanted.has(list)) continue;
    const entry = { list, payers: payersOf.get(list) ?? -1 };
    for (const table of new Set(tables)) {
      const known = roles.get(table);
      if (known === undefined) roles.set(table, [entry]);
      else known.push(entry);
    }
  }
  return [...roles].map(([table, lists]) => ({
    kind: 'table',
    table,
    lists,
    allInEffect: allInEffect(network.snapshot.rateTables[table]!, network.nowMs),
  }));
}

function allInEffect(table: RateTable, nowMs: number): boolean {
  const { effectiveFromMs, effectiveUntilMs } = table;
  for (let row = 0; row < table.rowCount; row++) {
    if (effectiveFromMs[row]! > nowMs || nowMs >= effectiveUntilMs[row]!) return false;
  }
  return true;
}

/** Behind a route tag a number has the price that it has without: whether it has one is not looked at there. */
function freeTrie({ snapshot }: Network): PrefixTrie {
  const builder = new PrefixTrieBuilder();
  for (const prefix of [...freePrefixes(snapshot), ...snapshot.parameters.routeTags])
    if (isPrefixText(prefix)) builder.set(prefix, 0);
  return builder.build();
}

/** The prefixes of all filters; the value of one is the place of its list of filters. */
function filterTrie({ filters }: Network): { trie: PrefixTrie; byValue: readonly (readonly number[])[] } {
  const builder = new PrefixTrieBuilder();
  const byValue: number[][] = [];
  for (const [filter, { filter: rule }] of filters.entries()) {
    for (const prefix of new Set(rule.prefixes)) {
      const known = builder.get(prefix);
      if (known >= 0) {
        byValue[known]!.push(filter);
        continue;
      }
      builder.set(prefix, byValue.length);
      byValue.push([filter]);
    }
  }
  return { trie: builder.build(), byValue };
}
