import { firstLetterSymbol, symbolOfCharacter, textOfNibbles } from '../../prefixes/prefix-text.ts';
import { nodeChild, nodeChildren, nodeValue, type PrefixTrie } from '../../prefixes/prefix-trie.ts';

/** The nodes that all tries together have at one text. */
interface Level {
  readonly tries: readonly number[];
  readonly nodes: readonly number[];
  /** The characters that go on from here in any trie; null until somebody asks. */
  symbols: string | null;
  /** Whether any trie has this very text; null until somebody asks. */
  ends: boolean | null;
}

const noLevel: Level = { tries: [], nodes: [], symbols: '', ends: false };
const oneNibble = 12;

/**
 * Several tries as if they were one: which prefixes there are, whatever their values. Made for a walk, which asks for
 * texts that differ from the last one at their ends; each step costs what the tries that are left have there.
 */
export class TrieUnion {
  readonly #tries: readonly PrefixTrie[];
  readonly #levels: Level[];
  #path = '';

  constructor(tries: readonly PrefixTrie[]) {
    this.#tries = tries.filter(({ prefixCount }) => prefixCount > 0);
    const tops = this.#tries.map((_, index) => index);
    this.#levels = [{ tries: tops, nodes: tops.map(() => 0), symbols: null, ends: null }];
  }

  /** Another walk through the same tries. */
  again(): TrieUnion {
    return new TrieUnion(this.#tries);
  }

  get isEmpty(): boolean {
    return this.#tries.length === 0;
  }

  /** The characters by which prefixes go on behind `text`, each once. */
  symbolsAfter(text: string): string {
    const level = this.#at(text);
    level.symbols ??= this.#symbolsOf(level);
    return level.symbols;
  }

  /** Whether some prefix begins with `text`, or is it. */
  reaches(text: string): boolean {
    return this.#at(text).nodes.length > 0;
  }

  /** Whether `text` is a prefix of one of the tries. */
  has(text: string): boolean {
    const level = this.#at(text);
    level.ends ??= level.tries.some((trie, i) => nodeValue(this.#tries[trie]!, level.nodes[i]!) >= 0);
    return level.ends;
  }

  /** Whether `text` begins with a prefix of one of the tries. */
  covers(text: string): boolean {
    for (let length = 0; length <= text.length; length++) {
      const part = text.slice(0, length);
      if (!this.reaches(part)) return false;
      if (this.has(part)) return true;
    }
    return false;
  }

  #at(text: string): Level {
    if (text === this.#path) return this.#levels[text.length]!;
    let common = 0;
    const path = this.#path;
    while (common < path.length && common < text.length && path[common] === text[common]) common++;
    for (let depth = common; depth < text.length; depth++) {
      this.#levels[depth + 1] = this.#step(this.#levels[depth]!, text.charCodeAt(depth));
    }
    this.#path = text;
    return this.#levels[text.length]!;
  }

  #step(level: Level, character: number): Level {
    if (level.nodes.length === 0 || character > 127) return noLevel;
    const symbol = symbolOfCharacter[character]!;
    if (symbol < oneNibble) return this.#descend(level, symbol);
    if (symbol < firstLetterSymbol || symbol === 0xff) return noLevel;
    return this.#descend(this.#descend(level, symbol >> 4), symbol & 15);
  }

  #descend(level: Level, nibble: number): Level {
    const tries: number[] = [];
    const nodes: number[] = [];
    for (let i = 0; i < level.nodes.length; i++) {
      const trie = level.tries[i]!;
      const child = nodeChild(this.#tries[trie]!, level.nodes[i]!, nibble);
      if (child < 0) continue;
      tries.push(trie);
      nodes.push(child);
    }
    return { tries, nodes, symbols: null, ends: null };
  }

  #symbolsOf(level: Level): string {
    let text = '';
    for (const first of nibblesOf(this.#childrenOf(level))) {
      if (first < oneNibble) {
        text += textOfNibbles(Uint8Array.of(first), 1);
        continue;
      }
      const below = this.#descend(level, first);
      for (const second of nibblesOf(this.#childrenOf(below))) {
        text += textOfNibbles(Uint8Array.of(first, second), 2);
      }
    }
    return text;
  }

  #childrenOf({ tries, nodes }: Level): number {
    let children = 0;
    for (let i = 0; i < nodes.length; i++) children |= nodeChildren(this.#tries[tries[i]!]!, nodes[i]!);
    return children;
  }
}

function nibblesOf(bits: number): number[] {
  const nibbles: number[] = [];
  for (let rest = bits; rest !== 0; rest &= rest - 1) nibbles.push(31 - Math.clz32(rest & -rest));
  return nibbles;
}
