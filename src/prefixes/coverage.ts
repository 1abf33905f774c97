import { maxPrefixNibbles, textOfNibbles, writeNibbles } from './prefix-text.ts';
import { nodeChild, nodeChildren, nodeValue, type PrefixTrie } from './prefix-trie.ts';

/** How much of the numbers behind a prefix a trie knows: `first` is the first prefix it has when it knows a part. */
export type Coverage =
  | { readonly part: 'all' }
  | { readonly part: 'some'; readonly first: string }
  | { readonly part: 'none' };

const digits = 10;

/** Of the question that is being answered. Each prefix of each gateway is one. */
const nibbles = new Uint8Array(maxPrefixNibbles);

/** The numbers that begin with `prefix` and go on with digits, as far as values that `counts` accepts cover them. */
export function coverageOf(trie: PrefixTrie, prefix: string, counts: (value: number) => boolean): Coverage {
  const length = writeNibbles(prefix, nibbles);
  if (length < 0) throw new RangeError(`not a prefix: ${JSON.stringify(prefix)}`);
  const has = (node: number) => {
    const value = nodeValue(trie, node);
    return value >= 0 && counts(value);
  };
  let node = 0;
  for (let i = 0; i < length; i++) {
    if (has(node)) return { part: 'all' };
    node = nodeChild(trie, node, nibbles[i]!);
    if (node < 0) return { part: 'none' };
  }
  if (isCovered(trie, node, has)) return { part: 'all' };
  const first = firstWithin(trie, node, length, has);
  return first === null ? { part: 'none' } : { part: 'some', first };
}

function isCovered(trie: PrefixTrie, node: number, has: (node: number) => boolean): boolean {
  if (has(node)) return true;
  for (let digit = 0; digit < digits; digit++) {
    const child = nodeChild(trie, node, digit);
    if (child < 0 || !isCovered(trie, child, has)) return false;
  }
  return true;
}

function firstWithin(
  trie: PrefixTrie,
  node: number,
  depth: number,
  has: (node: number) => boolean,
): string | null {
  if (has(node)) return textOfNibbles(nibbles, depth);
  for (let rest = nodeChildren(trie, node); rest !== 0; rest &= rest - 1) {
    const nibble = 31 - Math.clz32(rest & -rest);
    nibbles[depth] = nibble;
    const found = firstWithin(trie, nodeChild(trie, node, nibble), depth + 1, has);
    if (found !== null) return found;
  }
  return null;
}
