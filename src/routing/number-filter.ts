/** Whether numbers and names pass single filters. A filter never changes, so what is kept of it only saves time. */
import type {
  LengthFilter,
  NameFilter,
  NumberFilter,
  NumberListFilter,
  PairFilter,
  Snapshot,
} from '../config/snapshot.ts';
import { isPrefixText } from '../prefixes/prefix-text.ts';
import { longestPrefix, matchingPrefixes, maxMatches, type PrefixTrie } from '../prefixes/prefix-trie.ts';
import { PrefixTrieBuilder } from '../prefixes/prefix-trie-builder.ts';

/** From so many prefixes on, a trie is faster than trying each. */
const trieFrom = 12;

/** The tries of long lists of prefixes; null for one that no trie can hold. */
const tries = new WeakMap<readonly string[], PrefixTrie | null>();

/** The pairs of a filter by the caller's prefix. */
interface PairIndex {
  /** By its value: the callee's prefixes that go with it. */
  readonly callers: PrefixTrie;
  readonly callees: readonly (readonly string[])[];
}

const pairIndexes = new WeakMap<Exclude<PairFilter, { kind: 'any' }>, PairIndex | null>();

// Filled by one search and read before it returns; never seen from outside.
const matchedValues = new Int32Array(maxMatches);
const matchedLengths = new Int32Array(maxMatches);
const listValues = new Int32Array(maxMatches);
const listLengths = new Int32Array(maxMatches);

/** `allow` passes numbers with one of its prefixes, `deny` all others; `any` passes every number. */
export function passesNumberFilter(filter: NumberFilter, number: string): boolean {
  if (filter.kind === 'any') return true;
  return hasOneOfPrefixes(filter.prefixes, number) === (filter.kind === 'allow');
}

/** `allow` passes the objects it lists, `deny` all others; `any` passes every one. */
export function passesNameFilter(filter: NameFilter, index: number): boolean {
  if (filter.kind === 'any') return true;
  return filter.indexes.includes(index) === (filter.kind === 'allow');
}

/** `allow` passes what is a member of at least one of its groups, `deny` what is a member of none. */
export function passesGroupFilter(
  filter: NameFilter,
  groups: readonly { readonly group: number }[],
): boolean {
  if (filter.kind === 'any') return true;
  return groups.some(({ group }) => filter.indexes.includes(group)) === (filter.kind === 'allow');
}

/** `allow` passes calls of which caller and callee begin with the two prefixes of one pair, `deny` all others. */
export function passesPairFilter(filter: PairFilter, caller: string, callee: string): boolean {
  if (filter.kind === 'any') return true;
  return hasOneOfPairs(filter, caller, callee) === (filter.kind === 'allow');
}

/** Passes numbers of one of its lengths, in UTF-16 code units; none above 63. */
export function passesLengthFilter(filter: LengthFilter, number: string): boolean {
  if (filter.kind === 'any') return true;
  const { length } = number;
  if (length > 63) return false;
  return (((length < 32 ? filter.low : filter.high) >>> (length & 31)) & 1) === 1;
}

/** `allow` passes numbers of one of its lists, `deny` all others. */
export function passesListFilter(snapshot: Snapshot, filter: NumberListFilter, number: string): boolean {
  if (filter.kind === 'any') return true;
  return isOnOneOfLists(snapshot, filter.lists, number) === (filter.kind === 'allow');
}

/** Whether one of the lists (by index) holds the number, or a prefix of it. */
export function isOnOneOfLists(snapshot: Snapshot, lists: readonly number[], number: string): boolean {
  for (const list of lists) {
    if (isOnList(snapshot.numberLists[list]!.entries, number)) return true;
  }
  return false;
}

/** The value of an entry has bit 0 for exactly this number, and bit 1 for every number that begins with it. */
function isOnList(entries: PrefixTrie, number: string): boolean {
  const count = matchingPrefixes(entries, number, listValues, listLengths);
  for (let i = 0; i < count; i++) {
    if ((listValues[i]! & 2) !== 0) return true;
    if ((listValues[i]! & 1) !== 0 && listLengths[i] === number.length) return true;
  }
  return false;
}

function hasOneOfPrefixes(prefixes: readonly string[], number: string): boolean {
  if (prefixes.length < trieFrom) return startsWithOne(prefixes, number);
  let trie = tries.get(prefixes);
  if (trie === undefined) {
    trie = trieOf(prefixes);
    tries.set(prefixes, trie);
  }
  return trie === null ? startsWithOne(prefixes, number) : longestPrefix(trie, number) >= 0;
}

/** The value of each prefix is its first place. */
function trieOf(prefixes: readonly string[]): PrefixTrie | null {
  if (!prefixes.every(isPrefixText)) return null;
  const builder = new PrefixTrieBuilder(prefixes.length);
  for (const [i, prefix] of prefixes.entries()) builder.set(prefix, i);
  return builder.build();
}

function startsWithOne(prefixes: readonly string[], number: string): boolean {
  for (const prefix of prefixes) if (number.startsWith(prefix)) return true;
  return false;
}

function hasOneOfPairs(
  filter: Exclude<PairFilter, { kind: 'any' }>,
  caller: string,
  callee: string,
): boolean {
  const index = filter.pairs.length < trieFrom ? null : pairIndexOf(filter);
  if (index === null) {
    for (const pair of filter.pairs) {
      if (caller.startsWith(pair.caller) && callee.startsWith(pair.callee)) return true;
    }
    return false;
  }
  const count = matchingPrefixes(index.callers, caller, matchedValues, matchedLengths);
  for (let i = 0; i < count; i++) {
    if (hasOneOfPrefixes(index.callees[matchedValues[i]!]!, callee)) return true;
  }
  return false;
}

function pairIndexOf(filter: Exclude<PairFilter, { kind: 'any' }>): PairIndex | null {
  let index = pairIndexes.get(filter);
  if (index !== undefined) return index;
  const calleesOf = new Map<string, string[]>();
  for (const { caller, callee } of filter.pairs) {
    const callees = calleesOf.get(caller);
    if (callees === undefined) calleesOf.set(caller, [callee]);
    else callees.push(callee);
  }
  const callers = trieOf([...calleesOf.keys()]);
  index = callers === null ? null : { callers, callees: [...calleesOf.values()] };
  pairIndexes.set(filter, index);
  return index;
}
