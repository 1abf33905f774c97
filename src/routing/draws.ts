/**
 * Random numbers that are all decided by a seed, so that a call which is computed again is computed alike: splitmix64
 * (Steele, Lea, Flood 2014) on two 32-bit halves would be slower than what routing needs; this is its 32-bit sister,
 * with the finalizer of MurmurHash3.
 */
export class Draws {
  #state: number;

  /** Any number; only its 53 bits of an integer count. */
  constructor(seed: number) {
    // Both halves of the seed, so that neighbouring calls share nothing.
    this.#state = mixed((seed >>> 0) ^ mixed(Math.floor(seed / 2 ** 32) >>> 0));
  }

  /** A whole number from 0 up to, not including, `bound`: at least 1 and at most 2⁵³. */
  below(bound: number): number {
    if (bound <= 2 ** 21) return Math.floor((this.#next() / 2 ** 32) * bound);
    return Math.floor(((this.#next() * 2 ** 21 + (this.#next() >>> 11)) / 2 ** 53) * bound);
  }

  #next(): number {
    this.#state = (this.#state + 0x9e37_79b9) >>> 0;
    return mixed(this.#state);
  }
}

function mixed(value: number): number {
  let bits = Math.imul(value ^ (value >>> 16), 0x85eb_ca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2_ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}
