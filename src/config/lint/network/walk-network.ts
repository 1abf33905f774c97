/** Goes through all prefixes of a configuration at once: routes, filters for callees, and the rates of both sides. */
import { type MergedPrefix, walkMerged } from '../../../prefixes/merged-walk.ts';
import type { PrefixTrie } from '../../../prefixes/prefix-trie.ts';
import { PrefixTrieBuilder } from '../../../prefixes/prefix-trie-builder.ts';
import { rowInEffect } from '../../../rating/rate-table.ts';
import type { Network } from './network.ts';
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
  /** Rate tables that have another row than around. */
  readonly tables: readonly number[];
}

export interface NetworkVisitor {
  enter(reach: Reach, change: Change): void;
  /** After everything that begins with the prefix, before what changed there is taken back. */
  leave(reach: Reach, prefix: () => string): void;
}

type TrieRole = { readonly kind: 'routes' } | { readonly kind: 'filters' } | TableRole;

interface TableRole {
  readonly kind: 'table';
  readonly table: number;
  /** The place among the customers' tables, or -1. */
  readonly customer: number;
}

export function walkNetwork(network: Network, visitors: readonly NetworkVisitor[]): void {
  const { trie: filters, byValue } = filterTrie(network);
  const tries: PrefixTrie[] = [network.snapshot.routes.trie, filters];
  const roles: TrieRole[] = [{ kind: 'routes' }, { kind: 'filters' }];
  for (const [table, customer] of tablesOf(network)) {
    tries.push(network.snapshot.rateTables[table]!.prefixes);
    roles.push({ kind: 'table', table, customer });
  }
  const walk = new NetworkWalk(network, roles, byValue, visitors);
  walkMerged(tries, walk);
}

class NetworkWalk {
  readonly #network: Network;
  readonly #roles: readonly TrieRole[];
  readonly #filtersByValue: readonly (readonly number[])[];
  readonly #visitors: readonly NetworkVisitor[];
  readonly #reach: Reach;
  /** For each prefix on the way, whether it has routes. */
  readonly #withRoutes: boolean[] = [];

  constructor(
    network: Network,
    roles: readonly TrieRole[],
    filtersByValue: readonly (readonly number[])[],
    visitors: readonly NetworkVisitor[],
  ) {
    this.#network = network;
    this.#roles = roles;
    this.#filtersByValue = filtersByValue;
    this.#visitors = visitors;
    this.#reach = new Reach(network);
  }

  enter(at: MergedPrefix): void {
    const reach = this.#reach;
    reach.mark();
    const tables: number[] = [];
    const repriced: number[] = [];
    let head = -1;
    let routes = false;
    for (let i = 0; i < at.count; i++) {
      const role = this.#roles[at.tries[i]!]!;
      const value = at.values[i]!;
      if (role.kind === 'table') {
        if (this.#enterTable(role, value, repriced)) tables.push(role.table);
        continue;
      }
      routes = true;
      if (role.kind === 'routes') head = value;
      else for (const filter of this.#filtersByValue[value]!) reach.applyFilter(filter);
    }
    const ownRoutes = head < 0 ? -1 : reach.pathEntries.length;
    for (const table of repriced) reach.ratesChanged(table);
    if (head >= 0) reach.enterRoutes(head);
    this.#withRoutes.push(head >= 0);
    const change: Change = {
      get prefix() {
        return at.prefix;
      },
      covered: at.covered,
      routes: routes || repriced.length > 0,
      ownRoutes,
      tables,
    };
    for (const visitor of this.#visitors) visitor.enter(reach, change);
  }

  leave(at: MergedPrefix): void {
    for (const visitor of this.#visitors) visitor.leave(this.#reach, () => at.prefix);
    if (this.#withRoutes.pop() === true) this.#reach.leaveRoutes();
    this.#reach.undo();
  }

  /** Whether another row counts from here on. */
  #enterTable(role: TableRole, first: number, repriced: number[]): boolean {
    const reach = this.#reach;
    const row = rowInEffect(this.#network.snapshot.rateTables[role.table]!, first, this.#network.nowMs);
    if (row < 0) return false;
    const before = reach.priceOf(role.table) >= 0;
    reach.setRow(role.table, row);
    const after = reach.priceOf(role.table) >= 0;
    if (before === after) return true;
    repriced.push(role.table);
    if (role.customer >= 0) reach.setSold(role.customer, after);
    return true;
  }
}

/** The rate tables of customers and vendors, each once. */
function tablesOf(network: Network): Map<number, number> {
  const tables = new Map<number, number>();
  for (const account of network.vendors) {
    const { rateTable, unrated } = network.snapshot.accounts[account]!;
    if (rateTable !== null && !unrated) tables.set(rateTable, -1);
  }
  for (const [customer, { table }] of network.customerTables.entries()) {
    if (table !== null) tables.set(table, customer);
  }
  return tables;
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
