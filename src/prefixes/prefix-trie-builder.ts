import { firstLetterSymbol, isPrefixText, noSymbol, symbolOfCharacter } from './prefix-text.ts';
import { hasValueBit, type PrefixTrie } from './prefix-trie.ts';

export { isPrefixText, maxPrefixLength } from './prefix-text.ts';

const childrenPerBlock = 16;

/**
 * Collects prefixes and lays them out as a PrefixTrie. While it grows, a node has its children in a block of
 * sixteen, and a node without children (most of them) has no block.
 */
export class PrefixTrieBuilder {
  #nodeCount = 1;
  #prefixCount = 0;
  /** By node: the value of the prefix that ends there, or -1. */
  #values: Int32Array;
  /** By node: its block of children, or 0. */
  #blocks: Int32Array;
  #blockCount = 1;
  /** By block and nibble: the child node, or 0 (the root is nobody's child). */
  #children: Int32Array;

  /** `expectedPrefixes` only sizes the first allocation. */
  constructor(expectedPrefixes: number = 64) {
    const nodes = Math.max(16, Math.ceil(expectedPrefixes * 1.2));
    this.#values = new Int32Array(nodes).fill(-1);
    this.#blocks = new Int32Array(nodes);
    this.#children = new Int32Array(Math.max(16, nodes >> 2) * childrenPerBlock);
  }

  /**
   * Gives `prefix` this value, a non-negative 32-bit integer. Returns the value that stood there before, or -1.
   * Throws when the text is no prefix: check texts from outside with `isPrefixText` first.
   */
  set(prefix: string, value: number): number {
    if (!(value >= 0 && value <= 0x7fffffff)) throw new RangeError(`no trie value: ${value}`);
    if (!isPrefixText(prefix)) throw new RangeError(`not a prefix: ${JSON.stringify(prefix)}`);
    let node = 0;
    for (let i = 0; i < prefix.length; i++) {
      const symbol = symbolOfCharacter[prefix.charCodeAt(i)]!;
      if (symbol >= firstLetterSymbol) {
        node = this.#child(this.#child(node, symbol >> 4), symbol & 15);
      } else {
        node = this.#child(node, symbol);
      }
    }
    const before = this.#values[node]!;
    this.#values[node] = value;
    if (before < 0) this.#prefixCount++;
    return before;
  }

  /** The value of exactly this prefix, or -1. */
  get(prefix: string): number {
    let node = 0;
    for (let i = 0; i < prefix.length; i++) {
      const character = prefix.charCodeAt(i);
      const symbol = character > 127 ? noSymbol : symbolOfCharacter[character]!;
      if (symbol === noSymbol) return -1;
      if (symbol >= firstLetterSymbol) node = this.#children[this.#slot(node, symbol >> 4)]!;
      if (symbol < firstLetterSymbol || node !== 0) node = this.#children[this.#slot(node, symbol & 15)]!;
      if (node === 0) return -1;
    }
    return this.#values[node]!;
  }

  /**
   * The finished tables, in new memory. The builder can go on afterwards. `valueFor` gives each prefix, in the
   * order in which lookups run through memory, the value to store in place of the one it was set to.
   */
  build(valueFor: (value: number) => number = sameValue): PrefixTrie {
    const nodes = new Uint32Array(new SharedArrayBuffer(this.#slotCount() * 8));
    // Depth first, so that the last levels below one prefix, which a lookup visits together, lie together.
    const pending: number[] = [0, 0];
    let free = 1;
    while (pending.length > 0) {
      const place = pending.pop()!;
      const node = pending.pop()!;
      const stored = this.#values[node]!;
      const value = stored < 0 ? -1 : valueFor(stored);
      nodes[2 * place] = value < 0 ? 0 : hasValueBit;
      const block = this.#blocks[node]!;
      if (block === 0) {
        nodes[2 * place + 1] = Math.max(0, value);
        continue;
      }
      if (value >= 0) nodes[2 * free++ + 1] = value;
      nodes[2 * place + 1] = free;
      for (let nibble = 0; nibble < childrenPerBlock; nibble++) {
        const child = this.#children[block * childrenPerBlock + nibble]!;
        if (child === 0) continue;
        nodes[2 * place]! |= 1 << nibble;
        pending.push(child, free++);
      }
    }
    return { prefixCount: this.#prefixCount, nodes };
  }

  /** Every node, and one more for the value of each that has both a value and children. */
  #slotCount(): number {
    let count = this.#nodeCount;
    for (let node = 0; node < this.#nodeCount; node++) {
      if (this.#values[node]! >= 0 && this.#blocks[node] !== 0) count++;
    }
    return count;
  }

  /** Block 0 is nobody's and stays empty, so reading through it finds no child. */
  #slot(node: number, nibble: number): number {
    return this.#blocks[node]! * childrenPerBlock + nibble;
  }

  #child(node: number, nibble: number): number {
    let block = this.#blocks[node]!;
    if (block === 0) {
      block = this.#newBlock();
      this.#blocks[node] = block;
    }
    const slot = block * childrenPerBlock + nibble;
    const known = this.#children[slot]!;
    if (known !== 0) return known;
    const child = this.#newNode();
    this.#children[slot] = child;
    return child;
  }

  #newNode(): number {
    const node = this.#nodeCount++;
    if (node === this.#values.length) {
      const values = new Int32Array(node * 2).fill(-1, node);
      values.set(this.#values);
      this.#values = values;
      this.#blocks = grown(this.#blocks, node * 2);
    }
    return node;
  }

  #newBlock(): number {
    const block = this.#blockCount++;
    const needed = this.#blockCount * childrenPerBlock;
    if (needed > this.#children.length) this.#children = grown(this.#children, this.#children.length * 2);
    return block;
  }
}

function sameValue(value: number): number {
  return value;
}

function grown(array: Int32Array, length: number): Int32Array {
  const larger = new Int32Array(length);
  larger.set(array);
  return larger;
}
