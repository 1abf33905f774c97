/** A network in Maps by prefix, each asked once for every length: what one would write without a thought for speed. */
import type { Book } from '../../test/routing/reference/route-by-the-book.ts';
import type { Network } from './routing-network.ts';

export interface MappedBook extends Book {
  /** The gateways that have a prefix of the number. */
  gatewaysFor(number: string): Iterable<number>;
}

export function mappedBook({ entries, rates, description }: Network): MappedBook {
  const gateways = new Map<string, number[]>();
  const modes = new Map<number, Map<string, boolean>>();
  for (const { prefix, gateway, expiration } of entries) {
    placeIn(gateways, prefix, () => []).push(gateway);
    placeIn(modes, gateway, () => new Map<string, boolean>()).set(prefix, expiration);
  }
  const rows = rates.map(table => new Map(table.map(({ prefix, amount }) => [prefix, amount])));
  const lists = description.numberLists!.map(({ numbers = [], prefixes = [] }) => ({
    numbers: new Set(numbers),
    prefixes: new Set(prefixes),
  }));
  return {
    gatewaysFor: number => new Set([...prefixesOf(number)].flatMap(prefix => gateways.get(prefix) ?? [])),
    longestPrefix(gateway, number) {
      for (const prefix of prefixesOf(number)) {
        const expiration = modes.get(gateway)?.get(prefix);
        if (expiration !== undefined) return { length: prefix.length, expiration };
      }
      return null;
    },
    rateRow(table, number) {
      for (const prefix of prefixesOf(number)) {
        const amount = rows[table]!.get(prefix);
        if (amount !== undefined) return { price: { amount, seconds: 60 }, locked: false };
      }
      return null;
    },
    isOnList(list, number) {
      const { numbers, prefixes } = lists[list]!;
      return numbers.has(number) || [...prefixesOf(number)].some(prefix => prefixes.has(prefix));
    },
  };
}

/** Longest first. */
function* prefixesOf(number: string): Iterable<string> {
  for (let length = number.length; length >= 0; length--) yield number.slice(0, length);
}

function placeIn<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}
