/** Which prefix and pair filters of routing gateways name the numbers of one call. */
import type { NumberFilterIndex } from '../config/snapshot.ts';
import { matchingPrefixes, maxMatches, type PrefixTrie } from '../prefixes/prefix-trie.ts';
import type { RuledNumbers } from './number-rules.ts';

export class NumberFilterMarks {
  readonly #index: NumberFilterIndex;
  readonly #hasForwardings: boolean;
  /** By filter: the last call whose numbers it named. */
  readonly #namedIn: Float64Array;
  #asked = 0;
  readonly #callers: Int32Array = new Int32Array(maxMatches);
  readonly #others: Int32Array = new Int32Array(maxMatches);
  readonly #lengths: Int32Array = new Int32Array(maxMatches);

  constructor(index: NumberFilterIndex) {
    this.#index = index;
    this.#namedIn = new Float64Array(index.filterCount);
    this.#hasForwardings = index.forwardings.prefixCount > 0;
  }

  /** All that follows is about these numbers. */
  ask(numbers: RuledNumbers): void {
    const { caller, callee, forwarding } = numbers;
    const { callers, callerRuns, callees, calleeRuns, forwardings, forwardingRuns, others } = this.#index;
    this.#asked++;
    const callerCount = this.#mark(callers, callerRuns, caller, this.#callers);
    const calleeCount = this.#mark(callees, calleeRuns, callee, this.#others);
    if (callerCount > 0 && calleeCount > 0) this.#markPairs(callerCount, calleeCount);
    if (this.#hasForwardings && forwarding !== null) {
      this.#mark(forwardings, forwardingRuns, forwarding, this.#others);
    }
    if (others.length > 0) this.#markOthers(numbers);
  }

  #markOthers({ caller, callee, forwarding }: RuledNumbers): void {
    for (const other of this.#index.others) {
      if (
        caller.startsWith(other.caller) &&
        callee.startsWith(other.callee) &&
        (forwarding ?? '').startsWith(other.forwarding)
      ) {
        this.#namedIn[other.filter] = this.#asked;
      }
    }
  }

  /** Whether the filter names the numbers: whether a number begins with one of its prefixes. */
  names(filter: number): boolean {
    return this.#namedIn[filter] === this.#asked;
  }

  /** The filters that name a prefix of the number. Returns how many prefixes there are; their runs are in `starts`. */
  #mark(trie: PrefixTrie, runs: Uint32Array, number: string, starts: Int32Array): number {
    const count = matchingPrefixes(trie, number, starts, this.#lengths);
    for (let i = 0; i < count; i++) {
      const start = starts[i]!;
      const end = start + runs[start]!;
      for (let at = start + 1; at <= end; at++) this.#namedIn[runs[at]!] = this.#asked;
    }
    return count;
  }

  /** Of the prefixes of both numbers that were found. */
  #markPairs(callerCount: number, calleeCount: number): void {
    const { callerRuns } = this.#index;
    for (let i = 0; i < callerCount; i++) {
      const start = this.#callers[i]!;
      const pairsAt = start + 1 + callerRuns[start]!;
      const pairs = callerRuns[pairsAt]!;
      if (pairs === 0) continue;
      for (let j = 0; j < calleeCount; j++) this.#markPairsOf(pairsAt + 1, pairs, this.#others[j]!);
    }
  }

  /** Those with this callee, of so many pairs that stand from here on by their callees. */
  #markPairsOf(from: number, pairs: number, callee: number): void {
    const { callerRuns } = this.#index;
    let low = 0;
    let high = pairs;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (callerRuns[from + 2 * middle]! < callee) low = middle + 1;
      else high = middle;
    }
    for (let i = low; i < pairs && callerRuns[from + 2 * i] === callee; i++) {
      this.#namedIn[callerRuns[from + 2 * i + 1]!] = this.#asked;
    }
  }
}
