import type { NameFilter, NumberFilter } from '../config/snapshot.ts';
import { isPrefixText } from '../prefixes/prefix-text.ts';
import { longestPrefix, type PrefixTrie } from '../prefixes/prefix-trie.ts';
import { PrefixTrieBuilder } from '../prefixes/prefix-trie-builder.ts';

/** From so many prefixes on, a trie is faster than trying each. */
const trieFrom = 12;

type PrefixFilter = Exclude<NumberFilter, { kind: 'any' }>;

/** The tries of long filters; a filter never changes, so this only saves time. */
const tries = new WeakMap<PrefixFilter, PrefixTrie>();

/** `allow` passes numbers with one of its prefixes, `deny` all others; `any` passes every number. */
export function passesNumberFilter(filter: NumberFilter, number: string): boolean {
  if (filter.kind === 'any') return true;
  return hasOneOfPrefixes(filter, number) === (filter.kind === 'allow');
}

/** `allow` passes the objects it lists, `deny` all others; `any` passes every one. */
export function passesNameFilter(filter: NameFilter, index: number): boolean {
  if (filter.kind === 'any') return true;
  return filter.indexes.includes(index) === (filter.kind === 'allow');
}

function hasOneOfPrefixes(filter: PrefixFilter, number: string): boolean {
  if (filter.prefixes.length < trieFrom) return startsWithOne(filter.prefixes, number);
  let trie = tries.get(filter);
  if (trie === undefined) {
    if (!filter.prefixes.every(isPrefixText)) return startsWithOne(filter.prefixes, number);
    const builder = new PrefixTrieBuilder(filter.prefixes.length);
    for (const prefix of filter.prefixes) builder.set(prefix, 0);
    trie = builder.build();
    tries.set(filter, trie);
  }
  return longestPrefix(trie, number) >= 0;
}

function startsWithOne(prefixes: readonly string[], number: string): boolean {
  for (const prefix of prefixes) if (number.startsWith(prefix)) return true;
  return false;
}
