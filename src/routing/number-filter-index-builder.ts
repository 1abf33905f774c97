/** Puts the prefix and pair filters of all routing gateways under three tries, see `NumberFilterIndex`. */
import type { NumberFilter, NumberFilterIndex, RoutingGateway } from '../config/snapshot.ts';
import { isPrefixText } from '../prefixes/prefix-text.ts';
import type { PrefixTrie } from '../prefixes/prefix-trie.ts';
import { PrefixTrieBuilder } from '../prefixes/prefix-trie-builder.ts';

/** Numbers that the filters of a gateway, or of one of its periods, take in `NumberFilterIndex.filtersOf`. */
export const filterWidth = 4;
export const callerAt = 0;
export const calleeAt = 1;
export const forwardingAt = 2;
export const pairAt = 3;

/** Stands for a filter that any number passes. */
export const noFilter = -1;

type NumberKind = 'caller' | 'callee' | 'forwarding';
type Other = NumberFilterIndex['others'][number];

export function buildNumberFilterIndex(gateways: readonly RoutingGateway[]): NumberFilterIndex {
  const filters = new FilterCollection();
  const firstOf = new Int32Array(new SharedArrayBuffer((gateways.length + 1) * 4));
  const filtersOf: number[] = [];
  for (const [place, { numbers, periods }] of gateways.entries()) {
    firstOf[place] = filtersOf.length;
    const { callerPrefixes, calleePrefixes, forwardingPrefixes, callerCalleePrefixes } = numbers;
    const caller = filters.add('caller', callerPrefixes);
    const callee = filters.add('callee', calleePrefixes);
    const forwarding = filters.add('forwarding', forwardingPrefixes);
    const pair =
      callerCalleePrefixes.kind === 'any'
        ? noFilter
        : 2 * filters.addPairs(callerCalleePrefixes.pairs) + (callerCalleePrefixes.kind === 'allow' ? 1 : 0);
    filtersOf.push(caller, callee, forwarding, pair);
    for (const period of periods) {
      const ofPeriod = (kind: 'caller' | 'callee', filter: NumberFilter | null, own: number) =>
        filter === null ? own : filters.add(kind, filter);
      filtersOf.push(
        ofPeriod('caller', period.callerPrefixes, caller),
        ofPeriod('callee', period.calleePrefixes, callee),
        forwarding,
        pair,
      );
    }
  }
  firstOf[gateways.length] = filtersOf.length;
  return { ...filters.build(), firstOf, filtersOf: sharedInts(filtersOf) };
}

/** Of one prefix: the filters that name it, and for a caller's the pairs it begins, each as callee and filter. */
interface Named {
  readonly filters: number[];
  readonly pairs: (readonly [callee: string, filter: number])[];
}

class FilterCollection {
  readonly #numberOf = new Map<string, number>();
  /** Gateways share the lists that they inherit. */
  readonly #knownLists: Readonly<Record<NumberKind, Map<readonly string[], number>>> = {
    caller: new Map(),
    callee: new Map(),
    forwarding: new Map(),
  };
  readonly #prefixes: Readonly<Record<NumberKind, Map<string, Named>>> = {
    caller: new Map(),
    callee: new Map(),
    forwarding: new Map(),
  };
  readonly #others: Other[] = [];

  /** What stands for the filter in `filtersOf`. */
  add(kind: NumberKind, filter: NumberFilter): number {
    if (filter.kind === 'any') return noFilter;
    const { prefixes } = filter;
    const number = this.#knownLists[kind].get(prefixes) ?? this.#addList(kind, prefixes);
    this.#knownLists[kind].set(prefixes, number);
    return 2 * number + (filter.kind === 'allow' ? 1 : 0);
  }

  #addList(kind: NumberKind, prefixes: readonly string[]): number {
    const distinct = [...new Set(prefixes)].sort();
    return this.#number(JSON.stringify([kind, distinct]), filter => {
      for (const prefix of distinct) {
        if (isPrefixText(prefix)) namedBy(this.#prefixes[kind], prefix).filters.push(filter);
        else this.#others.push({ caller: '', callee: '', forwarding: '', [kind]: prefix, filter });
      }
    });
  }

  addPairs(pairs: readonly { readonly caller: string; readonly callee: string }[]): number {
    const distinct = new Map(pairs.map(pair => [JSON.stringify([pair.caller, pair.callee]), pair]));
    return this.#number(`pair ${[...distinct.keys()].sort().join()}`, filter => {
      for (const { caller, callee } of distinct.values()) {
        if (isPrefixText(caller) && isPrefixText(callee)) {
          namedBy(this.#prefixes.callee, callee);
          namedBy(this.#prefixes.caller, caller).pairs.push([callee, filter]);
        } else {
          this.#others.push({ caller, callee, forwarding: '', filter });
        }
      }
    });
  }

  build(): Omit<NumberFilterIndex, 'firstOf' | 'filtersOf'> {
    const startOfCallee = new Map<string, number>();
    const callees = layOut(this.#prefixes.callee, ({ filters }, prefix, start) => {
      startOfCallee.set(prefix, start);
      return [filters.length, ...filters];
    });
    const callers = layOut(this.#prefixes.caller, ({ filters, pairs }) => {
      const entries = pairs.map(([callee, filter]) => [startOfCallee.get(callee)!, filter] as const);
      entries.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
      return [filters.length, ...filters, entries.length, ...entries.flat()];
    });
    const forwardings = layOut(this.#prefixes.forwarding, ({ filters }) => [filters.length, ...filters]);
    return {
      filterCount: this.#numberOf.size,
      callers: callers.trie,
      callerRuns: callers.runs,
      callees: callees.trie,
      calleeRuns: callees.runs,
      forwardings: forwardings.trie,
      forwardingRuns: forwardings.runs,
      others: this.#others,
    };
  }

  #number(key: string, add: (filter: number) => void): number {
    const known = this.#numberOf.get(key);
    if (known !== undefined) return known;
    const filter = this.#numberOf.size;
    this.#numberOf.set(key, filter);
    add(filter);
    return filter;
  }
}

function namedBy(prefixes: Map<string, Named>, prefix: string): Named {
  let named = prefixes.get(prefix);
  if (named === undefined) {
    named = { filters: [], pairs: [] };
    prefixes.set(prefix, named);
  }
  return named;
}

function layOut(
  prefixes: ReadonlyMap<string, Named>,
  runOf: (named: Named, prefix: string, start: number) => readonly number[],
): { readonly trie: PrefixTrie; readonly runs: Uint32Array } {
  const builder = new PrefixTrieBuilder(prefixes.size);
  const collected: number[] = [];
  for (const [prefix, named] of prefixes) {
    const start = collected.length;
    builder.set(prefix, start);
    for (const word of runOf(named, prefix, start)) collected.push(word);
  }
  const runs = new Uint32Array(new SharedArrayBuffer(collected.length * 4));
  runs.set(collected);
  return { trie: builder.build(), runs };
}

function sharedInts(values: readonly number[]): Int32Array {
  const ints = new Int32Array(new SharedArrayBuffer(values.length * 4));
  ints.set(values);
  return ints;
}
