/**
 * Random numbers that are all decided by a seed, so that a call which is computed again is computed alike: splitmix64
 * (Steele, Lea, Flood 2014) on two 32-bit halves would be slower than what routing needs; this is its 32-bit sister,
 * with the finalizer of MurmurHash3.
 */
export class Draws {
  #state: number;

  /** Of `seed` only the 53 bits of an integer count, of `stream` 32: each stream of a seed draws numbers of its own. */
  constructor(seed: number, stream: number = 0) {
    // Both halves of the seed, so that neighbouring calls share nothing.
    this.#state = mixed((seed >>> 0) ^ mixed((Math.floor(seed / 2 ** 32) ^ mixed(stream)) >>> 0));
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

/**
 * The draws of one call for one purpose at one gateway: a draw that is added somewhere moves none elsewhere. They go by
 * the gateway's name, since a call tries each gateway once, and its place among the others may change.
 */
export function drawsFor(seed: number, purpose: string, gateway: string): Draws {
  return new Draws(seed, textHash(gateway, textHash(purpose)));
}

/** 32 bits of a text (FNV-1a), after those of another. */
export function textHash(text: string, before: number = 0x811c_9dc5): number {
  let hash = before;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x0100_0193);
  return hash >>> 0;
}

function mixed(value: number): number {
  let bits = Math.imul(value ^ (value >>> 16), 0x85eb_ca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2_ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}
