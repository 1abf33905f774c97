/** Tries over texts that are no tables, and the lengths at which rules about lengths change. */
import type { LengthFilter } from '../../config/snapshot.ts';
import { isPrefixText, textOfNibbles } from '../../prefixes/prefix-text.ts';
import { nodeChild, nodeChildren, nodeValue, type PrefixTrie } from '../../prefixes/prefix-trie.ts';
import { PrefixTrieBuilder } from '../../prefixes/prefix-trie-builder.ts';

/** What can be no prefix, such as a text with a plus sign, is left out: no number that rules look at begins with it. */
export function trieOfTexts(texts: Iterable<string>): PrefixTrie {
  const builder = new PrefixTrieBuilder();
  for (const text of texts) if (isPrefixText(text)) builder.set(text, 0);
  return builder.build();
}

/** Every prefix of a trie with its value. */
export function* entriesOf(trie: PrefixTrie): Generator<readonly [string, number]> {
  const nibbles = new Uint8Array(128);
  const nodes: number[] = [0];
  const depths: number[] = [0];
  const last: number[] = [-1];
  while (nodes.length > 0) {
    const node = nodes.pop()!;
    const depth = depths.pop()!;
    const nibble = last.pop()!;
    if (nibble >= 0) nibbles[depth - 1] = nibble;
    const value = nodeValue(trie, node);
    if (value >= 0) yield [textOfNibbles(nibbles, depth), value];
    const children = nodeChildren(trie, node);
    for (let child = 15; child >= 0; child--) {
      if ((children & (1 << child)) === 0) continue;
      nodes.push(nodeChild(trie, node, child));
      depths.push(depth + 1);
      last.push(child);
    }
  }
}

/** The lengths from which on the filter says something else than of one less. */
export function lengthChanges(filter: LengthFilter): number[] {
  if (filter.kind === 'any') return [];
  const passes = (length: number) => (((length < 32 ? filter.low : filter.high) >>> (length & 31)) & 1) === 1;
  const changes: number[] = [];
  for (let length = 1; length < 64; length++) if (passes(length) !== passes(length - 1)) changes.push(length);
  if (passes(63)) changes.push(64);
  return changes;
}
