/**
 * Who may use what at one moment, in the form in which the rules of lint can ask it of a whole carrier.
 *
 * Customers that are alike for routing (the same prices, the same gateways allowed, the same filter for callees)
 * are one *class*. Sets of classes are bits in words; those of one price list have words of their own, so that a
 * question about the list is a question about its words.
 */
import { rateTablesAt } from '../../../rating/account-rate.ts';
import { passesGroupFilter, passesNameFilter } from '../../../routing/number-filter.ts';
import type { Account, MappingGateway, NumberFilter, RoutingGateway, Snapshot } from '../../snapshot.ts';
import { hasLastingFilter, isInScope, isRestricted, isStoppedByExpiration, type Scope } from './scope.ts';

/** Prices by which customers are charged, with the words of their classes. */
export interface Payers {
  /** Place among the price lists; null for customers who are charged nothing. */
  readonly list: number | null;
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
  /** The rate tables of accounts as they count now, by index, in the order in which they are asked for a price. */
  readonly lists: readonly (readonly number[])[];
  readonly payers: readonly Payers[];
  readonly filters: readonly ClassFilter[];
  /** The classes that are there at all. */
  readonly everybody: Int32Array;
  /** Accounts of the vendors of any gateway; a vendor's place here is its *column*. */
  readonly vendors: readonly number[];
  /** By vendor: its price list, or -1 when it is owed nothing. */
  readonly vendorLists: Int32Array;
  /** By routing gateway. */
  readonly vendorOf: Int32Array;
  /** By routing gateway, `words` words each: the classes that may use it. */
  readonly allowed: Int32Array;
  /** Likewise: the classes whose search its Expiration entries end. */
  readonly stopped: Int32Array;
}

/**
 * The prefixes that nobody pays for (SERVER_BILLING_FREE_E164S). A whole number is taken for a prefix, since nothing
 * useful is behind an emergency number.
 */
export function freePrefixes({ parameters }: Snapshot): readonly string[] {
  return parameters.freeNumbers.map(item => item.replace(/\*$/, ''));
}

/** As `scope` wants to see it; see there. */
export function networkOf(snapshot: Snapshot, nowMs: number, scope: Scope = 'possible'): Network {
  const lists = new PriceLists(snapshot, nowMs);
  const classes = classesOf(snapshot, nowMs, lists, scope);
  const { words, payers } = layOut(classes);
  const vendors = [...new Set(snapshot.routingGateways.map(({ clearingAccount }) => clearingAccount))];
  const columns = new Map(vendors.map((account, column) => [account, column]));
  const allowed = new Int32Array(snapshot.routingGateways.length * words);
  const stopped = new Int32Array(allowed.length);
  const restricted = Uint8Array.from(snapshot.routingGateways, gateway => (isRestricted(gateway) ? 1 : 0));
  const everybody = new Int32Array(words);
  const filters = new Map<string, ClassFilter>();
  for (const each of classes) {
    const bit = 1 << (each.number & 31);
    const word = each.number >> 5;
    everybody[word]! |= bit;
    for (const [gateway, may] of each.gateways.entries()) {
      if (may === 0) continue;
      if (scope !== 'certain' || restricted[gateway] === 0) allowed[gateway * words + word]! |= bit;
      const ends = scope === 'certain' || (each.stoppable && restricted[gateway] === 0);
      if (ends) stopped[gateway * words + word]! |= bit;
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
    lists: lists.all,
    payers,
    filters: [...filters.values()],
    everybody,
    vendors,
    vendorLists: Int32Array.from(vendors, account => lists.of(snapshot.accounts[account]!) ?? -1),
    vendorOf: Int32Array.from(
      snapshot.routingGateways,
      ({ clearingAccount }) => columns.get(clearingAccount)!,
    ),
    allowed,
    stopped,
  };
}

/** Neither locked nor past its last day. */
export function isOpenAccount(account: Account, nowMs: number): boolean {
  return !account.locked && (account.validUntilMs === null || nowMs < account.validUntilMs);
}

/** Every combination of rate tables that an account has, once. */
class PriceLists {
  readonly all: number[][] = [];
  readonly #snapshot: Snapshot;
  readonly #nowMs: number;
  readonly #places = new Map<string, number>();

  constructor(snapshot: Snapshot, nowMs: number) {
    this.#snapshot = snapshot;
    this.#nowMs = nowMs;
  }

  /** null for an account that pays nothing and is owed nothing. */
  of(account: Account): number | null {
    if (account.unrated || account.rateTable === null) return null;
    const tables = rateTablesAt(this.#snapshot, account, this.#nowMs).map(({ index }) => index);
    const key = tables.join(' ');
    let place = this.#places.get(key);
    if (place === undefined) {
      place = this.all.push(tables) - 1;
      this.#places.set(key, place);
    }
    return place;
  }
}

interface CustomerClass {
  /** Its bit; given when the classes are laid out. */
  number: number;
  readonly list: number | null;
  readonly filter: NumberFilter;
  readonly filterKey: string;
  /** Whether Expiration ends its searches for certain. */
  readonly stoppable: boolean;
  /** By routing gateway: 1 when it may be used. */
  readonly gateways: Uint8Array;
}

function classesOf(snapshot: Snapshot, nowMs: number, lists: PriceLists, scope: Scope): CustomerClass[] {
  const open = Uint8Array.from(snapshot.routingGateways, ({ locked, clearingAccount }) =>
    !locked && isOpenAccount(snapshot.accounts[clearingAccount]!, nowMs) ? 1 : 0,
  );
  const picky = snapshot.routingGateways.filter(
    gateway => gateway.mappingGateways.kind !== 'any' || gateway.mappingGatewayGroups.kind !== 'any',
  );
  const classes = new Map<string, CustomerClass>();
  for (const gateway of snapshot.mappingGateways) {
    const account = snapshot.accounts[gateway.account]!;
    if (gateway.locked || !isOpenAccount(account, nowMs) || !isInScope(gateway, snapshot, scope)) continue;
    const gateways = gatewaysFor(gateway, open, snapshot.routingGateways);
    for (const { index, mappingGateways, mappingGatewayGroups } of picky) {
      if (
        !passesNameFilter(mappingGateways, gateway.index) ||
        !passesGroupFilter(mappingGatewayGroups, gateway.groups)
      ) {
        gateways[index] = 0;
      }
    }
    // Behind an LRN query a customer pays for another number, and may have a price for it.
    const list = gateway.lrn === null ? lists.of(account) : null;
    const filter = hasLastingFilter(gateway) ? gateway.numbers.calleePrefixes : anyNumber;
    const stoppable = isStoppedByExpiration(gateway);
    const filterKey = filter.kind === 'any' ? '' : `${filter.kind} ${[...filter.prefixes].sort().join(' ')}`;
    const key = `${list} ${stoppable}\n${filterKey}\n${Buffer.from(gateways).toString('latin1')}`;
    if (!classes.has(key)) classes.set(key, { number: 0, list, filter, filterKey, stoppable, gateways });
  }
  return [...classes.values()];
}

const anyNumber: NumberFilter = { kind: 'any' };

function gatewaysFor(
  { routingGateways: filter, routingGatewayGroups: groups }: MappingGateway,
  open: Uint8Array,
  all: readonly RoutingGateway[],
): Uint8Array {
  const gateways = filter.kind === 'allow' ? new Uint8Array(open.length) : open.slice();
  if (filter.kind !== 'any') {
    for (const index of filter.indexes) gateways[index] = filter.kind === 'deny' ? 0 : open[index]!;
  }
  if (groups.kind !== 'any') {
    for (const gateway of all) if (!passesGroupFilter(groups, gateway.groups)) gateways[gateway.index] = 0;
  }
  return gateways;
}

/** Numbers the classes so that those of each price list begin in a word of their own. */
function layOut(classes: readonly CustomerClass[]): { words: number; payers: Payers[] } {
  const byList = new Map<number | null, CustomerClass[]>();
  for (const each of classes) {
    const others = byList.get(each.list);
    if (others === undefined) byList.set(each.list, [each]);
    else others.push(each);
  }
  const payers: Payers[] = [];
  let words = 0;
  for (const [list, members] of byList) {
    const firstWord = words;
    for (const [place, each] of members.entries()) each.number = firstWord * 32 + place;
    words += Math.ceil(members.length / 32);
    payers.push({ list, firstWord, lastWord: words });
  }
  return { words, payers };
}
