/**
 * A longest-prefix index over flat typed arrays: prefix → one non-negative integer value.
 * Shared by the route table and the rate tables; the arrays stand on SharedArrayBuffer so that a worker can
 * build them and the main thread use them without a copy.
 *
 * Layout: node n is the two words `nodes[2n]` and `nodes[2n + 1]`. The lower 16 bits of the first tell which
 * nibbles have a child; bit 16 tells whether a prefix ends here. A node without children (most of them) has its
 * value in the second word. Otherwise the second word is its first child; the children stand side by side in the
 * order of their nibbles, so a child's place is the number of bits below its own, and the slot before the first
 * child holds the node's value, if it has one, in its second word. Eight bytes a node, and what a lookup reads
 * next is always near what it read last.
 */
import { firstLetterSymbol, maxPrefixLength, noSymbol, symbolOfCharacter } from './prefix-text.ts';

/** Plain data, so that it survives structured cloning. Its layout is private to this folder. */
export interface PrefixTrie {
  readonly prefixCount: number;
  readonly nodes: Uint32Array;
}

/** Bit 16 of a node's first word: a prefix ends at this node. */
export const hasValueBit = 1 << 16;

const childBits = 0xffff;

/** How many prefixes can match one number at most: one of each length, the empty one included. */
export const maxMatches: number = maxPrefixLength + 1;

/** The value of the longest prefix that `number` starts with, or -1. */
export function longestPrefix(trie: PrefixTrie, number: string): number {
  const nodes = trie.nodes;
  let node = 0;
  let best = -1;
  for (let i = 0; ; i++) {
    if ((nodes[2 * node]! & hasValueBit) !== 0) best = node;
    if (i === number.length) break;
    node = childByCharacter(nodes, node, number.charCodeAt(i));
    if (node < 0) break;
  }
  return best < 0 ? -1 : valueAt(nodes, best);
}

/**
 * Finds the longest prefix that `number` starts with: its value goes to `values[0]`, its length in characters to
 * `lengths[0]`. Returns whether there is one. Allocates nothing.
 */
export function longestMatch(
  trie: PrefixTrie,
  number: string,
  values: Int32Array,
  lengths: Int32Array,
): boolean {
  const nodes = trie.nodes;
  let node = 0;
  let best = -1;
  for (let i = 0; ; i++) {
    if ((nodes[2 * node]! & hasValueBit) !== 0) {
      best = node;
      lengths[0] = i;
    }
    if (i === number.length) break;
    node = childByCharacter(nodes, node, number.charCodeAt(i));
    if (node < 0) break;
  }
  if (best < 0) return false;
  values[0] = valueAt(nodes, best);
  return true;
}

/**
 * Finds every prefix that `number` starts with, shortest first: the values go to `values`, the lengths in
 * characters to `lengths`, both of at least `maxMatches` elements. Returns how many there are. Allocates nothing.
 */
export function matchingPrefixes(
  trie: PrefixTrie,
  number: string,
  values: Int32Array,
  lengths: Int32Array,
): number {
  const nodes = trie.nodes;
  let node = 0;
  let count = 0;
  for (let i = 0; ; i++) {
    if ((nodes[2 * node]! & hasValueBit) !== 0) {
      values[count] = valueAt(nodes, node);
      lengths[count] = i;
      count++;
    }
    if (i === number.length) break;
    node = childByCharacter(nodes, node, number.charCodeAt(i));
    if (node < 0) break;
  }
  return count;
}

/** The value of exactly this prefix, or -1. */
export function exactPrefix(trie: PrefixTrie, prefix: string): number {
  let node = 0;
  for (let i = 0; i < prefix.length; i++) {
    node = childByCharacter(trie.nodes, node, prefix.charCodeAt(i));
    if (node < 0) return -1;
  }
  return (trie.nodes[2 * node]! & hasValueBit) === 0 ? -1 : valueAt(trie.nodes, node);
}

/** Memory of the tables, in bytes. */
export function trieBytes(trie: PrefixTrie): number {
  return trie.nodes.byteLength;
}

/** The nibbles of the nodes below `node`, as bits. The root is node 0. */
export function nodeChildren(trie: PrefixTrie, node: number): number {
  return trie.nodes[2 * node]! & childBits;
}

/** The node below `node` at this nibble, or -1. */
export function nodeChild(trie: PrefixTrie, node: number, nibble: number): number {
  return childByNibble(trie.nodes, node, nibble);
}

/** The value of the prefix that ends at `node`, or -1. */
export function nodeValue(trie: PrefixTrie, node: number): number {
  return (trie.nodes[2 * node]! & hasValueBit) === 0 ? -1 : valueAt(trie.nodes, node);
}

/** Only for a node that has a value. */
function valueAt(nodes: Uint32Array, node: number): number {
  const second = nodes[2 * node + 1]!;
  return (nodes[2 * node]! & childBits) === 0 ? second : nodes[2 * second - 1]!;
}

function childByCharacter(nodes: Uint32Array, node: number, character: number): number {
  if (character > 127) return -1;
  const symbol = symbolOfCharacter[character]!;
  if (symbol < 16) return childByNibble(nodes, node, symbol);
  if (symbol === noSymbol) return -1;
  const branch = childByNibble(nodes, node, symbol >> 4);
  return branch < 0 ? -1 : childByNibble(nodes, branch, (symbol - firstLetterSymbol) & 15);
}

function childByNibble(nodes: Uint32Array, node: number, nibble: number): number {
  const children = nodes[2 * node]!;
  const bit = 1 << nibble;
  if ((children & bit) === 0) return -1;
  return nodes[2 * node + 1]! + bitCount16(children & (bit - 1));
}

/** The number of ones among the lower 16 bits (all others must be 0), added up pairwise. */
function bitCount16(bits: number): number {
  let count = bits - ((bits >> 1) & 0x5555);
  count = (count & 0x3333) + ((count >> 2) & 0x3333);
  count = (count + (count >> 4)) & 0x0f0f;
  return (count + (count >> 8)) & 0x1f;
}
