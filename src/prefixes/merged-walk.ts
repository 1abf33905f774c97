import { maxPrefixNibbles, textOfNibbles } from './prefix-text.ts';
import { nodeChild, nodeChildren, nodeValue, type PrefixTrie } from './prefix-trie.ts';

const digitBits = 0x3ff;
const digits = 10;

/** What a walk has come to: a prefix that at least one of the tries has. Only to be read while it is visited. */
export interface MergedPrefix {
  /** How many tries have the prefix. */
  readonly count: number;
  /** Which ones, by their position: the first `count` elements, ascending. */
  readonly tries: Int32Array;
  /** The value that each of them gives it. */
  readonly values: Int32Array;
  /** Every number that goes on behind the prefix with digits has a longer prefix in some trie. */
  readonly covered: boolean;
  readonly prefix: string;
}

export interface MergedVisitor {
  enter(at: MergedPrefix): void;
  /** After everything that begins with the prefix. Only `prefix` tells of it now. */
  leave(at: MergedPrefix): void;
}

/**
 * Visits every prefix that any of the tries has, shorter ones before what begins with them. All tries are walked at
 * once, so the work is proportional to their nodes together, however many of them have the same prefixes.
 */
export function walkMerged(tries: readonly PrefixTrie[], visitor: MergedVisitor): void {
  new MergedWalk(tries, visitor).walk();
}

class MergedWalk implements MergedPrefix {
  count = 0;
  readonly tries: Int32Array;
  readonly values: Int32Array;
  covered = false;
  readonly #all: readonly PrefixTrie[];
  readonly #visitor: MergedVisitor;
  readonly #nibbles = new Uint8Array(maxPrefixNibbles);
  #depth = 0;
  /** A stack: for each level of the walk the tries that have nodes there, and those nodes. */
  readonly #activeTries: Int32Array;
  readonly #activeNodes: Int32Array;

  constructor(tries: readonly PrefixTrie[], visitor: MergedVisitor) {
    this.#all = tries;
    this.#visitor = visitor;
    this.tries = new Int32Array(tries.length);
    this.values = new Int32Array(tries.length);
    const room = tries.length * (maxPrefixNibbles + 2);
    this.#activeTries = new Int32Array(room);
    this.#activeNodes = new Int32Array(room);
  }

  get prefix(): string {
    return textOfNibbles(this.#nibbles, this.#depth);
  }

  walk(): void {
    for (let trie = 0; trie < this.#all.length; trie++) this.#activeTries[trie] = trie;
    this.#visit(0, this.#all.length, 0);
  }

  #visit(start: number, end: number, depth: number): void {
    const children = this.#childrenOf(start, end);
    const entered = this.#readValues(start, end);
    if (entered) {
      this.#depth = depth;
      this.covered = this.#coversDigits(start, end);
      this.#visitor.enter(this);
    }
    for (let rest = children; rest !== 0; rest &= rest - 1) {
      const nibble = 31 - Math.clz32(rest & -rest);
      this.#nibbles[depth] = nibble;
      this.#visit(end, this.#descend(start, end, nibble), depth + 1);
    }
    if (!entered) return;
    this.#depth = depth;
    this.#visitor.leave(this);
  }

  #childrenOf(start: number, end: number): number {
    let children = 0;
    for (let i = start; i < end; i++) {
      children |= nodeChildren(this.#all[this.#activeTries[i]!]!, this.#activeNodes[i]!);
    }
    return children;
  }

  /** Puts the nodes at `nibble` on top of the stack, and returns its new end. */
  #descend(start: number, end: number, nibble: number): number {
    let top = end;
    for (let i = start; i < end; i++) {
      const trie = this.#activeTries[i]!;
      const child = nodeChild(this.#all[trie]!, this.#activeNodes[i]!, nibble);
      if (child < 0) continue;
      this.#activeTries[top] = trie;
      this.#activeNodes[top] = child;
      top++;
    }
    return top;
  }

  #readValues(start: number, end: number): boolean {
    let count = 0;
    for (let i = start; i < end; i++) {
      const trie = this.#activeTries[i]!;
      const value = nodeValue(this.#all[trie]!, this.#activeNodes[i]!);
      if (value < 0) continue;
      this.tries[count] = trie;
      this.values[count] = value;
      count++;
    }
    this.count = count;
    return count > 0;
  }

  #coversDigits(start: number, end: number): boolean {
    if ((this.#childrenOf(start, end) & digitBits) !== digitBits) return false;
    for (let digit = 0; digit < digits; digit++) {
      const top = this.#descend(start, end, digit);
      if (!this.#hasValue(end, top) && !this.#coversDigits(end, top)) return false;
    }
    return true;
  }

  #hasValue(start: number, end: number): boolean {
    for (let i = start; i < end; i++) {
      if (nodeValue(this.#all[this.#activeTries[i]!]!, this.#activeNodes[i]!) >= 0) return true;
    }
    return false;
  }
}
