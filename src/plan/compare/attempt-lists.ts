/** Lists of attempts by their numbers, each different one once: hundreds of thousands of them take no objects. */
import { grown, NumberPairs } from './number-pairs.ts';

const smallest = 4_096;

/** Of one comparison, for both sides. Lists are told by numbers, from 0, which is the empty one. */
export class AttemptLists {
  /** Of each attempt twice its number, and 1 more where another rank begins with it. */
  #pool = new Int32Array(smallest);
  /** By list, where it begins; it ends where the next one does. */
  #starts = new Int32Array(smallest);
  /** By hash, one more than the list; 0 where there is none. At most half full. */
  #slots = new Int32Array(2 * smallest);
  #hashes = new Int32Array(smallest);
  #count = 0;
  /** Where the list ends that is being made. */
  #end = 0;
  /** By list, one more than what `orderOf` says of it. */
  #orders = new Int32Array(smallest);
  /** Orders as chains: what went before, and what comes next. */
  readonly #chains = new NumberPairs();

  constructor() {
    this.finish();
  }

  /** The next one of the list that is being made. */
  add(attempt: number, beginsRank: boolean): void {
    if (this.#end === this.#pool.length) this.#pool = grown(this.#pool);
    this.#pool[this.#end++] = 2 * attempt + (beginsRank ? 1 : 0);
  }

  /** The number of the list that was made, which is that of an equal one where there is one. */
  finish(): number {
    const start = this.#starts[this.#count]!;
    const hash = this.#hashOf(start, this.#end);
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    for (let known = this.#slots[slot]!; known !== 0; known = this.#slots[slot]!) {
      if (this.#hashes[known - 1] === hash && this.#equals(known - 1, start)) {
        this.#end = start;
        return known - 1;
      }
      slot = (slot + 1) & mask;
    }
    this.#slots[slot] = this.#count + 1;
    this.#hashes[this.#count] = hash;
    const list = this.#count++;
    if (this.#count + 1 >= this.#starts.length) this.#grow();
    this.#starts[this.#count] = this.#end;
    return list;
  }

  lengthOf(list: number): number {
    return this.#starts[list + 1]! - this.#starts[list]!;
  }

  /** The number of the attempt at this place. */
  attemptAt(list: number, place: number): number {
    return this.#pool[this.#starts[list]! + place]! >> 1;
  }

  /** Whether the attempt at this place stands behind the one before it whatever is measured. */
  beginsRankAt(list: number, place: number): boolean {
    return (this.#pool[this.#starts[list]! + place]! & 1) === 1;
  }

  /** Equal for lists of the same gateways in the same order and ranks, `whoOf` telling of an attempt who is asked. */
  orderOf(list: number, whoOf: (attempt: number) => number): number {
    const known = this.#orders[list]!;
    if (known > 0) return known - 1;
    let chain = -1;
    for (let at = this.#starts[list]!; at < this.#starts[list + 1]!; at++) {
      const entry = this.#pool[at]!;
      chain = this.#chains.of(chain, 2 * whoOf(entry >> 1) + (entry & 1));
    }
    this.#orders[list] = chain + 2;
    return chain + 1;
  }

  #hashOf(start: number, end: number): number {
    let hash = end - start;
    for (let at = start; at < end; at++) {
      hash = Math.imul(hash ^ this.#pool[at]!, 0x9e3779b1);
      hash ^= hash >>> 15;
    }
    return hash;
  }

  /** To the list that is being made. */
  #equals(list: number, start: number): boolean {
    const from = this.#starts[list]!;
    const length = this.#end - start;
    if (this.#starts[list + 1]! - from !== length) return false;
    for (let i = 0; i < length; i++) if (this.#pool[from + i] !== this.#pool[start + i]) return false;
    return true;
  }

  #grow(): void {
    this.#starts = grown(this.#starts);
    this.#hashes = grown(this.#hashes);
    this.#orders = grown(this.#orders);
    this.#slots = new Int32Array(2 * this.#slots.length);
    const mask = this.#slots.length - 1;
    for (let list = 0; list < this.#count; list++) {
      let slot = this.#hashes[list]! & mask;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
      this.#slots[slot] = list + 1;
    }
  }
}
