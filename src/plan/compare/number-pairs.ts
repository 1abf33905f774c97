/** Pairs of whole numbers, numbered from 0 on in the order in which they are met: a map without objects for its keys. */

const smallest = 1_024;

export class NumberPairs {
  #firsts = new Int32Array(smallest);
  #seconds = new Int32Array(smallest);
  /** By hash, one more than the number of the pair; 0 where there is none. At most half full. */
  #slots = new Int32Array(2 * smallest);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** Both from −2³¹ to 2³¹ − 1. */
  of(first: number, second: number): number {
    const mask = this.#slots.length - 1;
    let slot = hashOf(first, second) & mask;
    for (let known = this.#slots[slot]!; known !== 0; known = this.#slots[slot]!) {
      if (this.#firsts[known - 1] === first && this.#seconds[known - 1] === second) return known - 1;
      slot = (slot + 1) & mask;
    }
    return this.#add(first, second, slot);
  }

  first(pair: number): number {
    return this.#firsts[pair]!;
  }

  second(pair: number): number {
    return this.#seconds[pair]!;
  }

  #add(first: number, second: number, slot: number): number {
    const pair = this.#count++;
    this.#firsts[pair] = first;
    this.#seconds[pair] = second;
    this.#slots[slot] = pair + 1;
    if (this.#count === this.#firsts.length) this.#grow();
    return pair;
  }

  #grow(): void {
    this.#firsts = grown(this.#firsts);
    this.#seconds = grown(this.#seconds);
    const slots = new Int32Array(2 * this.#slots.length);
    const mask = slots.length - 1;
    for (let pair = 0; pair < this.#count; pair++) {
      let slot = hashOf(this.#firsts[pair]!, this.#seconds[pair]!) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = pair + 1;
    }
    this.#slots = slots;
  }
}

export function grown(numbers: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(2 * numbers.length);
  larger.set(numbers);
  return larger;
}

function hashOf(first: number, second: number): number {
  let hash = Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x85ebca6b);
  hash ^= hash >>> 15;
  hash = Math.imul(hash, 0x2c1b3c6d);
  return hash ^ (hash >>> 13);
}
