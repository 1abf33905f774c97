/** What of two sides can make a difference for calls, whose calls, and when. */
import type { MappingGateway, Snapshot } from '../../config/snapshot.ts';
import type { PrefixTrie } from '../../prefixes/prefix-trie.ts';
import { rateTablesOf } from '../../rating/account-rate.ts';
import type { CustomerGroup, Extent } from '../plan.ts';
import type { ChangedPrefixes } from '../space/customer-space.ts';
import { changedLists, changedLrnTables, changedRates, changedRoutes } from './changed-tables.ts';
import { CustomerRoutes } from './customer-routes.ts';
import { Meanings } from './meaning.ts';
import { RepricedVendors, tableNamesOf } from './repriced-vendors.ts';

/** Customers of which the same is true at all times on each side. */
export interface CustomerPair {
  readonly group: CustomerGroup;
  /** Of the first of the group. */
  readonly before: MappingGateway;
  readonly after: MappingGateway;
  /** The two do not mean the same at all times. */
  readonly changed: boolean;
}

export interface Customer extends CustomerPair {
  /** No number is known to be alike. */
  readonly everything: boolean;
  readonly changes: ChangedPrefixes;
}

export interface Changes {
  /** Those that both sides have. */
  readonly customers: readonly CustomerPair[];
  readonly groups: readonly CustomerGroup[];
  readonly extent: Extent;
  /** Those for whom something may be different at this time (ms since 1970 UTC). */
  readonly customersAt: (atMs: number) => readonly Customer[];
}

export function changesBetween(before: Snapshot, after: Snapshot): Changes {
  const lists = changedLists(before, after);
  const changed = { lists: new Set(lists.keys()), lrnTables: changedLrnTables(before, after) };
  const meaningsAt = (atMs: number | null): Sides => [
    new Meanings(before, changed, 'before', atMs),
    new Meanings(after, changed, 'after', atMs),
  ];
  const ever = meaningsAt(null);
  const rates = changedRates(before, after);
  const gateways = changedGateways(before, after, ever, rates.byTable);
  const routes = changedRoutes(before, after, gateways);
  const parameters = ever[0].parameters() !== ever[1].parameters();
  const pairs = pairedCustomers(before, after, ever);
  const customerRoutes = new CustomerRoutes(before, after, routes.byGateway);
  const vendors = new RepricedVendors(before, after, rates.byTable);
  const rated = new Map(
    pairs.map(pair => [pair, [...ownTables(before, after, pair, rates.byTable), ...vendors.triesFor(pair)]]),
  );
  const isTimed = gateways.size > 0 || pairs.some(pair => pair.changed);
  const customersAt = (atMs: number): readonly Customer[] => {
    const meanings = isTimed ? meaningsAt(atMs) : ever;
    const changedNow = isTimed ? changedGateways(before, after, meanings, rates.byTable) : gateways;
    const routesNow =
      changedNow.size < gateways.size
        ? new CustomerRoutes(before, after, changedRoutes(before, after, changedNow).byGateway)
        : customerRoutes;
    const listed = [...lists.values()];
    return pairs
      .map(pair => {
        const isOther = pair.changed && isOtherNow(pair, meanings);
        const everything = parameters || isOther || pair.after.lrn?.routeByLrn === true;
        const changes = { routed: [routesNow.trieFor(pair)], rated: rated.get(pair)!, listed };
        return { ...pair, everything, changes };
      })
      .filter(
        ({ everything, changes }) =>
          everything ||
          [changes.routed, changes.rated, changes.listed].some(tries =>
            tries.some(({ prefixCount }) => prefixCount > 0),
          ),
      );
  };
  return {
    customers: pairs,
    groups: [...pairs.map(({ group }) => group), ...lonely(before, after)],
    extent: { routes: routes.share, rates: rates.share },
    customersAt,
  };
}

type Sides = readonly [old: Meanings, now: Meanings];

function isOtherNow({ before, after }: CustomerPair, [old, now]: Sides): boolean {
  return old.mappingGateway(before) !== now.mappingGateway(after);
}

function changedGateways(
  before: Snapshot,
  after: Snapshot,
  [old, now]: Sides,
  rates: ReadonlyMap<string, PrefixTrie>,
): Set<string> {
  const meanings = new Map(
    before.routingGateways.map(gateway => [gateway.name, old.routingGateway(gateway)]),
  );
  const changed = new Set<string>();
  for (const gateway of after.routingGateways) {
    if (meanings.get(gateway.name) !== now.routingGateway(gateway)) changed.add(gateway.name);
    meanings.delete(gateway.name);
    // The number that it is rated by begins otherwise than the one that is routed.
    const tables = rateTablesOf(after.accounts[gateway.clearingAccount]!);
    const isRepriced = tables.some(table => rates.has(after.rateTables[table]!.name));
    if (gateway.rateByNumberSent && isRepriced) changed.add(gateway.name);
  }
  for (const name of meanings.keys()) changed.add(name);
  return changed;
}

/** Customers of which both meanings are equal stand together, with the first one's gateways. */
function pairedCustomers(before: Snapshot, after: Snapshot, [old, now]: Sides): CustomerPair[] {
  const others = new Map(before.mappingGateways.map(gateway => [gateway.name, gateway]));
  const byMeaning = new Map<string, { first: CustomerPair; gateways: string[]; accounts: Set<string> }>();
  for (const gateway of after.mappingGateways) {
    const other = others.get(gateway.name);
    if (other === undefined) continue;
    const meanings = [old.mappingGateway(other), now.mappingGateway(gateway)];
    const key = meanings.join('\n');
    const account = after.accounts[gateway.account]!.name;
    const known = byMeaning.get(key);
    if (known !== undefined) {
      known.gateways.push(gateway.name);
      known.accounts.add(account);
      continue;
    }
    const group: CustomerGroup = { gateways: [], accounts: [], on: 'both' };
    const first = { group, before: other, after: gateway, changed: meanings[0] !== meanings[1] };
    byMeaning.set(key, { first, gateways: [gateway.name], accounts: new Set([account]) });
  }
  return [...byMeaning.values()].map(({ first, gateways, accounts }) => ({
    ...first,
    group: { gateways: gateways.sort(), accounts: [...accounts].sort(), on: 'both' },
  }));
}

/** Customers that one side alone has, each on its own. */
function lonely(before: Snapshot, after: Snapshot): CustomerGroup[] {
  const groups: CustomerGroup[] = [];
  for (const [snapshot, other, on] of [
    [before, after, 'before'],
    [after, before, 'after'],
  ] as const) {
    const names = new Set(other.mappingGateways.map(({ name }) => name));
    for (const { name, account } of snapshot.mappingGateways) {
      if (!names.has(name))
        groups.push({ gateways: [name], accounts: [snapshot.accounts[account]!.name], on });
    }
  }
  return groups;
}

/** Of the tables that the customer pays by on either side, what is not the same. */
function ownTables(
  before: Snapshot,
  after: Snapshot,
  pair: CustomerPair,
  rates: ReadonlyMap<string, PrefixTrie>,
): readonly PrefixTrie[] {
  const names = [
    ...tableNamesOf(before, before.accounts[pair.before.account]!),
    ...tableNamesOf(after, after.accounts[pair.after.account]!),
  ];
  return [...new Set(names)].flatMap(name => rates.get(name) ?? []);
}
