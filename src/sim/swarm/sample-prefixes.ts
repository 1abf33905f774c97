/** Prefixes of a table, some of them, so that a table of millions costs no more than a small one. */
import { firstLetterSymbol, noSymbol, symbolOfCharacter } from '../../prefixes/prefix-text.ts';
import {
  exactPrefix,
  hasValueBit,
  nodeChild,
  nodeChildren,
  type PrefixTrie,
} from '../../prefixes/prefix-trie.ts';
import type { Chances } from './chances.ts';

const escapesFrom = firstLetterSymbol >> 4;

const characterOf: ReadonlyMap<number, string> = new Map(
  [...symbolOfCharacter]
    .map((symbol, code) => [symbol, String.fromCharCode(code)] as const)
    .filter(([symbol]) => symbol !== noSymbol),
);

/** Prefixes found by so many walks at random from the shortest ones on; each once. */
export function samplePrefixes(trie: PrefixTrie, walks: number, chances: Chances): ReadonlySet<string> {
  const found = new Set<string>();
  if (trie.prefixCount === 0) return found;
  for (let walk = 0; walk < walks; walk++) {
    const prefix = walkDown(trie, chances);
    if (exactPrefix(trie, prefix) >= 0) found.add(prefix);
  }
  return found;
}

/** Ends at a prefix that has no longer ones, or now and then at one on the way. */
function walkDown(trie: PrefixTrie, chances: Chances): string {
  let text = '';
  let escaped = 0;
  for (let node = 0; ; ) {
    const isPrefix = escaped === 0 && (trie.nodes[2 * node]! & hasValueBit) !== 0;
    const nibbles = nibblesOf(nodeChildren(trie, node));
    if (nibbles.length === 0 || (isPrefix && chances.happens(25))) return text;
    const nibble = chances.pick(nibbles);
    node = nodeChild(trie, node, nibble);
    if (escaped === 0 && nibble >= escapesFrom) escaped = nibble;
    else {
      text += characterOf.get(escaped === 0 ? nibble : (escaped << 4) | nibble)!;
      escaped = 0;
    }
  }
}

function nibblesOf(bits: number): readonly number[] {
  const nibbles: number[] = [];
  for (let nibble = 0; nibble < 16; nibble++) if ((bits & (1 << nibble)) !== 0) nibbles.push(nibble);
  return nibbles;
}
