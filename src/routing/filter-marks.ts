/**
 * Many prefix filters asked about one number at once: a single walk through a trie marks all that have a prefix of it,
 * and each gateway then only looks at its mark. Filters of the same prefixes are one.
 */
import { isPrefixText } from '../prefixes/prefix-text.ts';
import { matchingPrefixes, maxMatches, type PrefixTrie } from '../prefixes/prefix-trie.ts';
import { PrefixTrieBuilder } from '../prefixes/prefix-trie-builder.ts';

/** Prefixes, each with the numbers of what has it. */
class PrefixChains {
  readonly #trie: PrefixTrie;
  /** By the trie's value. */
  readonly #chains: readonly Int32Array[];
  /** Text that no trie can hold, and no number of ours begins with. It is still looked for. */
  readonly #others: readonly (readonly [prefix: string, chain: Int32Array])[];
  readonly #values: Int32Array = new Int32Array(maxMatches);
  readonly #lengths: Int32Array = new Int32Array(maxMatches);

  constructor(chains: ReadonlyMap<string, ReadonlySet<number>>) {
    const builder = new PrefixTrieBuilder(chains.size);
    const inTrie: Int32Array[] = [];
    const others: (readonly [string, Int32Array])[] = [];
    for (const [prefix, ids] of chains) {
      const chain = Int32Array.from(ids);
      if (!isPrefixText(prefix)) {
        others.push([prefix, chain]);
        continue;
      }
      builder.set(prefix, inTrie.length);
      inTrie.push(chain);
    }
    this.#trie = builder.build();
    this.#chains = inTrie;
    this.#others = others;
  }

  /** Calls `visit` for every number of every prefix that the text begins with. */
  visit(text: string, visit: (id: number) => void): void {
    const count = matchingPrefixes(this.#trie, text, this.#values, this.#lengths);
    for (let i = 0; i < count; i++) {
      const chain = this.#chains[this.#values[i]!]!;
      for (let j = 0; j < chain.length; j++) visit(chain[j]!);
    }
    for (const [prefix, chain] of this.#others) {
      if (text.startsWith(prefix)) for (const id of chain) visit(id);
    }
  }
}

/** Which filters have been met by the number asked about last. */
class Marks {
  #metIn: Float64Array = new Float64Array(0);
  #asked = 0;
  readonly mark: (id: number) => void = id => {
    this.#metIn[id] = this.#asked;
  };

  begin(filters: number): void {
    if (this.#metIn.length < filters) this.#metIn = new Float64Array(filters);
    this.#asked++;
  }

  has(id: number): boolean {
    return this.#metIn[id] === this.#asked;
  }
}

/** The lists of prefixes of many filters. Add them all, then ask. */
export class PrefixMarks {
  readonly #known = new Map<readonly string[], number>();
  readonly #idOf = new Map<string, number>();
  readonly #added = new Map<string, Set<number>>();
  readonly #marks = new Marks();
  #chains: PrefixChains | null = null;

  /** Returns the filter's number, which is that of an earlier one with the same prefixes. */
  add(prefixes: readonly string[]): number {
    const known = this.#known.get(prefixes);
    if (known !== undefined) return known;
    const key = JSON.stringify([...prefixes].sort());
    const id = this.#idOf.get(key) ?? this.#idOf.size;
    this.#known.set(prefixes, id);
    if (this.#idOf.has(key)) return id;
    this.#idOf.set(key, id);
    for (const prefix of prefixes) idsAt(this.#added, prefix).add(id);
    return id;
  }

  ask(number: string): void {
    this.#chains ??= new PrefixChains(this.#added);
    this.#marks.begin(this.#idOf.size);
    this.#chains.visit(number, this.#marks.mark);
  }

  /** Whether one of the filter's prefixes begins the number asked about. */
  has(id: number): boolean {
    return this.#marks.has(id);
  }
}

interface Pair {
  readonly caller: string;
  readonly callee: string;
}

/** The lists of pairs of many filters. Add them all, then ask. */
export class PairMarks {
  readonly #idOf = new Map<string, number>();
  /** By the caller's prefix, then by the callee's. */
  readonly #added = new Map<string, Map<string, Set<number>>>();
  readonly #marks = new Marks();
  #callers: PrefixChains | null = null;
  #callees: readonly PrefixChains[] = [];
  #callee = '';
  readonly #visitCallees = (caller: number): void => {
    this.#callees[caller]!.visit(this.#callee, this.#marks.mark);
  };

  /** Returns the filter's number, which is that of an earlier one with the same pairs. */
  add(pairs: readonly Pair[]): number {
    const key = JSON.stringify(pairs.map(({ caller, callee }) => [caller, callee]).sort());
    const known = this.#idOf.get(key);
    if (known !== undefined) return known;
    const id = this.#idOf.size;
    this.#idOf.set(key, id);
    for (const { caller, callee } of pairs) {
      let callees = this.#added.get(caller);
      if (callees === undefined) {
        callees = new Map();
        this.#added.set(caller, callees);
      }
      idsAt(callees, callee).add(id);
    }
    return id;
  }

  ask(caller: string, callee: string): void {
    if (this.#callers === null) {
      this.#callees = [...this.#added.values()].map(callees => new PrefixChains(callees));
      this.#callers = new PrefixChains(
        new Map([...this.#added.keys()].map((text, i) => [text, new Set([i])])),
      );
    }
    this.#marks.begin(this.#idOf.size);
    this.#callee = callee;
    this.#callers.visit(caller, this.#visitCallees);
  }

  /** Whether one of the filter's pairs begins the numbers asked about. */
  has(id: number): boolean {
    return this.#marks.has(id);
  }
}

function idsAt(ids: Map<string, Set<number>>, text: string): Set<number> {
  let found = ids.get(text);
  if (found === undefined) {
    found = new Set();
    ids.set(text, found);
  }
  return found;
}
