/** What a trie is apart from the values that its prefixes have. */
import { hasValueBit, type PrefixTrie } from './prefix-trie.ts';

const childBits = 0xffff;
const digitBits = 0x3ff;

/** Equal for tries of the same prefixes, in whatever order these were added and whatever their values are. */
export function shapeOf(trie: PrefixTrie): Uint32Array {
  const shape = new Uint32Array(trie.nodes);
  for (let at = 0; at < shape.length; at += 2) {
    const place = valuePlace(trie.nodes, at);
    if (place >= 0) shape[place] = 0;
  }
  return shape;
}

/** Calls `visit` with the value of every prefix. The order depends on nothing but the prefixes. */
export function forEachValue(trie: PrefixTrie, visit: (value: number) => void): void {
  const { nodes } = trie;
  for (let at = 0; at < nodes.length; at += 2) {
    const place = valuePlace(nodes, at);
    if (place >= 0) visit(nodes[place]!);
  }
}

/** Whether no prefix has anything but digits in it. */
export function hasOnlyDigits({ nodes }: PrefixTrie): boolean {
  let bits = 0;
  for (let at = 0; at < nodes.length; at += 2) bits |= nodes[at]!;
  return (bits & childBits & ~digitBits) === 0;
}

/** The word that holds the value of the node at this word, or -1 when it has none. */
function valuePlace(nodes: Uint32Array, at: number): number {
  const first = nodes[at]!;
  if ((first & hasValueBit) === 0) return -1;
  return (first & childBits) === 0 ? at + 1 : 2 * nodes[at + 1]! - 1;
}
