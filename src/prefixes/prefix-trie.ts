/**
 * A longest-prefix index over flat typed arrays: prefix → one non-negative integer value.
 * Shared by the route table and the rate tables; the arrays stand on SharedArrayBuffer so that a worker can
 * build them and the main thread use them without a copy.
 */

/** Plain data, so that it survives structured cloning. Its layout is private to this folder. */
export interface PrefixTrie {
  readonly prefixCount: number;
  readonly nodes: Uint32Array;
  readonly values: Int32Array;
}
