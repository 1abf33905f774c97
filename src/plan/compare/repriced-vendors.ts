/** Where other rows in the tables of vendors can make a difference: for numbers that those vendors carry. */
import type { Account, MappingGateway, Snapshot } from '../../config/snapshot.ts';
import { walkMerged } from '../../prefixes/merged-walk.ts';
import type { PrefixTrie } from '../../prefixes/prefix-trie.ts';
import { rateTablesOf } from '../../rating/account-rate.ts';
import { nextEntry } from '../../routing/route-table.ts';
import { trieOfTexts } from '../space/prefix-texts.ts';

type Customer = { readonly before: MappingGateway; readonly after: MappingGateway };

export class RepricedVendors {
  /** Prefixes of changed rows, wherever they are. */
  readonly #rows: readonly PrefixTrie[];
  /** Prefixes of changed rows and of the vendors' gateways, where one lies in the other. */
  readonly #carried: readonly PrefixTrie[];
  /** A number with a tag is routed by more than it is rated by. */
  readonly #hasTags: boolean;

  /** `rates` are the changed prefixes of tables by name. */
  constructor(before: Snapshot, after: Snapshot, rates: ReadonlyMap<string, PrefixTrie>) {
    const sides = [before, after];
    const names = new Set(
      sides.flatMap(side =>
        side.routingGateways.flatMap(each => tableNamesOf(side, side.accounts[each.clearingAccount]!)),
      ),
    );
    const changed = [...names].filter(name => rates.has(name));
    this.#hasTags = sides.some(({ parameters }) => parameters.routeTags.length > 0);
    this.#rows = changed.map(name => rates.get(name)!);
    const routes = routesOf(sides, new Set(changed));
    this.#carried = changed
      .map(name => inBoth(rates.get(name)!, trieOfTexts(routes.get(name) ?? [])))
      .filter(({ prefixCount }) => prefixCount > 0);
  }

  triesFor({ before, after }: Customer): readonly PrefixTrie[] {
    const isRatedAsRouted = !this.#hasTags && before.lrn === null && after.lrn === null;
    return isRatedAsRouted ? this.#carried : this.#rows;
  }
}

export function tableNamesOf({ rateTables }: Snapshot, account: Account): string[] {
  return rateTablesOf(account).map(table => rateTables[table]!.name);
}

/** By table, the prefixes of all gateways whose vendor may be rated by it. */
function routesOf(sides: readonly Snapshot[], tables: ReadonlySet<string>): Map<string, string[]> {
  const prefixes = new Map<string, string[]>([...tables].map(name => [name, []]));
  if (tables.size === 0) return prefixes;
  const ofGateway = sides.map(side =>
    side.routingGateways.map(each =>
      tableNamesOf(side, side.accounts[each.clearingAccount]!).filter(name => tables.has(name)),
    ),
  );
  const tries = sides.map(({ routes }) => routes.trie);
  walkMerged(tries, {
    enter(at) {
      for (let i = 0; i < at.count; i++) {
        const side = at.tries[i]!;
        const { routes } = sides[side]!;
        for (let entry = at.values[i]!; entry >= 0; entry = nextEntry(routes, entry)) {
          for (const name of ofGateway[side]![routes.gateway[entry]!]!) prefixes.get(name)!.push(at.prefix);
        }
      }
    },
    leave() {},
  });
  return prefixes;
}

/** Of two prefixes one of which begins with the other, the longer: what both speak of begins with it. */
function inBoth(one: PrefixTrie, other: PrefixTrie): PrefixTrie {
  const longer: string[] = [];
  // How many prefixes of each the present one begins with, itself among them.
  const around = [0, 0];
  const has: (readonly number[])[] = [];
  walkMerged([one, other], {
    enter(at) {
      const here = Array.from(at.tries.subarray(0, at.count));
      for (const trie of here) around[trie]!++;
      has.push(here);
      if (around[0]! > 0 && around[1]! > 0) longer.push(at.prefix);
    },
    leave() {
      for (const trie of has.pop()!) around[trie]!--;
    },
  });
  return trieOfTexts(longer);
}
