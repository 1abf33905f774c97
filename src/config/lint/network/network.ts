/**
 * Who may use what at one moment, in the form in which the rules of lint can ask it of a whole carrier.
 *
 * Customers that are alike for routing (the same rate table, the same gateways allowed, the same filter for callees)
 * are one *class*. Sets of classes are bits in words; those of one rate table have words of their own, so that a
 * question about the table is a question about its words.
 */
import type { Account, MappingGateway, NumberFilter, Snapshot } from '../../snapshot.ts';

/** A rate table by which customers are charged, with the words of its classes. */
export interface CustomerTable {
  /** Index into the Snapshot's rate tables; null for customers who are charged nothing. */
  readonly table: number | null;
  readonly firstWord: number;
  /** Exclusive. */
  readonly lastWord: number;
}

/** A filter for callees, with the classes that have it. */
export interface ClassFilter {
  readonly filter: Exclude<NumberFilter, { kind: 'any' }>;
  /** One bit for each class. */
  readonly classes: Int32Array;
}

export interface Network {
  readonly snapshot: Snapshot;
  readonly nowMs: number;
  /** Words of a set of classes. */
  readonly words: number;
  readonly customerTables: readonly CustomerTable[];
  readonly filters: readonly ClassFilter[];
  /** The classes that are there at all. */
  readonly everybody: Int32Array;
  /** Accounts of the vendors of any gateway; a vendor's place here is its *column*. */
  readonly vendors: readonly number[];
  /** By routing gateway. */
  readonly vendorOf: Int32Array;
  /** By routing gateway, `words` words each: the classes that may use it. */
  readonly allowed: Int32Array;
}

export function networkOf(snapshot: Snapshot, nowMs: number): Network {
  const classes = classesOf(snapshot, nowMs);
  const { words, customerTables } = layOut(classes);
  const vendors = [...new Set(snapshot.routingGateways.map(({ clearingAccount }) => clearingAccount))];
  const columns = new Map(vendors.map((account, column) => [account, column]));
  const allowed = new Int32Array(snapshot.routingGateways.length * words);
  const everybody = new Int32Array(words);
  const filters = new Map<string, ClassFilter>();
  for (const each of classes) {
    const bit = 1 << (each.number & 31);
    const word = each.number >> 5;
    everybody[word]! |= bit;
    for (const [gateway, may] of each.gateways.entries()) {
      if (may === 1) allowed[gateway * words + word]! |= bit;
    }
    if (each.filter.kind === 'any') continue;
    let known = filters.get(each.filterKey);
    if (known === undefined) {
      known = { filter: each.filter, classes: new Int32Array(words) };
      filters.set(each.filterKey, known);
    }
    known.classes[word]! |= bit;
  }
  return {
    snapshot,
    nowMs,
    words,
    customerTables,
    filters: [...filters.values()],
    everybody,
    vendors,
    vendorOf: Int32Array.from(
      snapshot.routingGateways,
      ({ clearingAccount }) => columns.get(clearingAccount)!,
    ),
    allowed,
  };
}

/** Neither locked nor past its last day. */
export function isOpenAccount(account: Account, nowMs: number): boolean {
  return !account.locked && (account.validUntilMs === null || nowMs < account.validUntilMs);
}

interface CustomerClass {
  /** Its bit; given when the classes are laid out. */
  number: number;
  readonly table: number | null;
  readonly filter: NumberFilter;
  readonly filterKey: string;
  /** By routing gateway: 1 when it may be used. */
  readonly gateways: Uint8Array;
}

function classesOf(snapshot: Snapshot, nowMs: number): CustomerClass[] {
  const open = Uint8Array.from(snapshot.routingGateways, ({ locked, clearingAccount }) =>
    !locked && isOpenAccount(snapshot.accounts[clearingAccount]!, nowMs) ? 1 : 0,
  );
  const picky = snapshot.routingGateways.flatMap(({ index, mappingGateways: filter }) =>
    filter.kind === 'any' ? [] : [{ index, allows: filter.kind === 'allow', names: new Set(filter.indexes) }],
  );
  const classes = new Map<string, CustomerClass>();
  for (const gateway of snapshot.mappingGateways) {
    const account = snapshot.accounts[gateway.account]!;
    if (gateway.locked || !isOpenAccount(account, nowMs)) continue;
    const gateways = gatewaysFor(gateway, open);
    for (const { index, allows, names } of picky) {
      if (names.has(gateway.index) !== allows) gateways[index] = 0;
    }
    const table = account.unrated ? null : account.rateTable;
    const filter = gateway.calleePrefixes;
    const filterKey = filter.kind === 'any' ? '' : `${filter.kind} ${[...filter.prefixes].sort().join(' ')}`;
    const key = `${table}\n${filterKey}\n${Buffer.from(gateways).toString('latin1')}`;
    if (!classes.has(key)) classes.set(key, { number: 0, table, filter, filterKey, gateways });
  }
  return [...classes.values()];
}

function gatewaysFor({ routingGateways: filter }: MappingGateway, open: Uint8Array): Uint8Array {
  if (filter.kind === 'any') return open.slice();
  const gateways = filter.kind === 'deny' ? open.slice() : new Uint8Array(open.length);
  for (const index of filter.indexes) gateways[index] = filter.kind === 'deny' ? 0 : open[index]!;
  return gateways;
}

/** Numbers the classes so that those of each table begin in a word of their own. */
function layOut(classes: readonly CustomerClass[]): { words: number; customerTables: CustomerTable[] } {
  const byTable = new Map<number | null, CustomerClass[]>();
  for (const each of classes) {
    const others = byTable.get(each.table);
    if (others === undefined) byTable.set(each.table, [each]);
    else others.push(each);
  }
  const customerTables: CustomerTable[] = [];
  let words = 0;
  for (const [table, members] of byTable) {
    const firstWord = words;
    for (const [place, each] of members.entries()) each.number = firstWord * 32 + place;
    words += Math.ceil(members.length / 32);
    customerTables.push({ table, firstWord, lastWord: words });
  }
  return { words, customerTables };
}
