import { maxPrefixNibbles, writeNibbles } from './prefix-text.ts';
import { hasValueBit, type PrefixTrie } from './prefix-trie.ts';

export { isPrefixText, maxPrefixLength } from './prefix-text.ts';

const childrenPerBlock = 16;

/** The block of the root. Block 0 is nobody's, so that 0 can say that there is no child. */
const rootBlock = 1;

/**
 * Collects prefixes and lays them out as a PrefixTrie. While it grows, only a node with children has a block,
 * one slot for each nibble; a node without (most of them) is no more than its value in the slot of its parent.
 * A block is one cache line, and what a million prefixes in no order cost is the cache lines they touch.
 */
export class PrefixTrieBuilder {
  /** The root and every slot that is taken. */
  #nodeCount = 1;
  #prefixCount = 0;
  /** Blocks whose node is a prefix itself. */
  #innerPrefixCount = 0;
  #blockCount = rootBlock + 1;
  /** By block and nibble: 0 for no child, the child's block, or `~value` of a child that has no block. */
  #slots: Int32Array;
  /** By block: `~value` of the prefix that ends at its node, or 0. */
  #innerValues: Int32Array;
  readonly #nibbles = new Uint8Array(maxPrefixNibbles);

  /** `expectedPrefixes` only sizes the first allocation. */
  constructor(expectedPrefixes: number = 64) {
    const blocks = Math.max(4, Math.ceil(expectedPrefixes / 2));
    this.#slots = new Int32Array(blocks * childrenPerBlock);
    this.#innerValues = new Int32Array(blocks);
  }

  /**
   * Gives `prefix` this value, a non-negative 32-bit integer. Returns the value that stood there before, or -1.
   * Throws when the text is no prefix: check texts from outside with `isPrefixText` first.
   */
  set(prefix: string, value: number): number {
    if (!(value >= 0 && value <= 0x7fffffff)) throw new RangeError(`no trie value: ${value}`);
    const count = writeNibbles(prefix, this.#nibbles);
    if (count < 0) throw new RangeError(`not a prefix: ${JSON.stringify(prefix)}`);
    if (count === 0) return this.#setInner(rootBlock, value);
    let block = rootBlock;
    for (let i = 0; i < count - 1; i++) {
      const slot = block * childrenPerBlock + this.#nibbles[i]!;
      const child = this.#slots[slot]!;
      block = child > 0 ? child : this.#newBlock(slot);
    }
    const slot = block * childrenPerBlock + this.#nibbles[count - 1]!;
    const child = this.#slots[slot]!;
    if (child > 0) return this.#setInner(child, value);
    this.#slots[slot] = ~value;
    if (child < 0) return ~child;
    this.#nodeCount++;
    this.#prefixCount++;
    return -1;
  }

  /** The value of exactly this prefix, or -1. */
  get(prefix: string): number {
    const count = writeNibbles(prefix, this.#nibbles);
    if (count < 0) return -1;
    let child = rootBlock;
    for (let i = 0; i < count; i++) {
      if (child <= 0) return -1;
      child = this.#slots[child * childrenPerBlock + this.#nibbles[i]!]!;
    }
    const value = child > 0 ? this.#innerValues[child]! : child;
    return value < 0 ? ~value : -1;
  }

  /**
   * The finished tables, in new memory. The builder can go on afterwards. `valueFor` gives each prefix, in the
   * order in which lookups run through memory, the value to store in place of the one it was set to; it is not
   * negative either.
   */
  build(valueFor: (value: number) => number = sameValue): PrefixTrie {
    const prefixCount = this.#prefixCount;
    if (this.#nodeCount === 1)
      return { prefixCount, nodes: onlyRoot(this.#innerValues[rootBlock]!, valueFor) };
    const slots = this.#slots;
    // Every node, and one more for the value of each that has both a value and children.
    const nodes = new Uint32Array(new SharedArrayBuffer((this.#nodeCount + this.#innerPrefixCount) * 8));
    // Depth first, so that the last levels below one prefix, which a lookup visits together, lie together.
    const pending: number[] = [rootBlock, 0];
    let free = 1;
    while (pending.length > 0) {
      const place = pending.pop()!;
      const block = pending.pop()!;
      let first = 0;
      const inner = this.#innerValues[block]!;
      if (inner < 0) {
        first = hasValueBit;
        nodes[2 * free++ + 1] = valueFor(~inner);
      }
      nodes[2 * place + 1] = free;
      for (let nibble = 0; nibble < childrenPerBlock; nibble++) {
        const child = slots[block * childrenPerBlock + nibble]!;
        if (child === 0) continue;
        first |= 1 << nibble;
        if (child > 0) {
          pending.push(child, free);
        } else {
          nodes[2 * free] = hasValueBit;
          nodes[2 * free + 1] = valueFor(~child);
        }
        free++;
      }
      nodes[2 * place] = first;
    }
    return { prefixCount, nodes };
  }

  #setInner(block: number, value: number): number {
    const before = this.#innerValues[block]!;
    this.#innerValues[block] = ~value;
    if (before < 0) return ~before;
    this.#innerPrefixCount++;
    this.#prefixCount++;
    return -1;
  }

  /** Gives the node in this slot a block, which takes over its value. There need not be a node yet. */
  #newBlock(slot: number): number {
    const block = this.#blockCount++;
    if (block === this.#innerValues.length) {
      this.#slots = grown(this.#slots, block * 2 * childrenPerBlock);
      this.#innerValues = grown(this.#innerValues, block * 2);
    }
    const value = this.#slots[slot]!;
    if (value === 0) {
      this.#nodeCount++;
    } else {
      this.#innerValues[block] = value;
      this.#innerPrefixCount++;
    }
    this.#slots[slot] = block;
    return block;
  }
}

/** The nodes of a trie whose root has no children; `inner` is the root's `~value`, or 0. */
function onlyRoot(inner: number, valueFor: (value: number) => number): Uint32Array {
  const nodes = new Uint32Array(new SharedArrayBuffer(8));
  if (inner < 0) {
    nodes[0] = hasValueBit;
    nodes[1] = valueFor(~inner);
  }
  return nodes;
}

function sameValue(value: number): number {
  return value;
}

function grown(array: Int32Array, length: number): Int32Array {
  const larger = new Int32Array(length);
  larger.set(array);
  return larger;
}
