/** What gateways ask of numbers and make of them. */
import { walkMerged } from '../../prefixes/merged-walk.ts';
import type { PrefixTrie } from '../../prefixes/prefix-trie.ts';
import type { ParsedDirectory } from '../directory.ts';
import type { ParsedNames, ParsedPrefixes } from '../parsed.ts';
import type { ParsedCallerPool, ParsedLengths, ParsedNumberRules, ParsedPairs } from '../parsed-routing.ts';
import type {
  CallerPool,
  LengthFilter,
  NumberFilter,
  NumberList,
  NumberListFilter,
  NumberRules,
  PairFilter,
} from '../snapshot.ts';
import { indexIn } from './references.ts';

export function compilePrefixes(filter: ParsedPrefixes | null): NumberFilter {
  if (filter === null) return { kind: 'any' };
  return { kind: filter.kind, prefixes: filter.prefixes, source: filter.place };
}

export function compileNumberRules(rules: ParsedNumberRules, directory: ParsedDirectory): NumberRules {
  return {
    callerPrefixes: compilePrefixes(rules.callerPrefixes),
    calleePrefixes: compilePrefixes(rules.calleePrefixes),
    forwardingPrefixes: compilePrefixes(rules.forwardingPrefixes),
    callerCalleePrefixes: compilePairs(rules.callerCalleePrefixes),
    callerLengths: compileLengths(rules.callerLengths),
    calleeLengths: compileLengths(rules.calleeLengths),
    callerLists: compileLists(rules.callerLists, directory),
    calleeLists: compileLists(rules.calleeLists, directory),
    calleeNetwork: rules.calleeNetwork,
  };
}

function compilePairs(filter: ParsedPairs | null): PairFilter {
  if (filter === null) return { kind: 'any' };
  return { kind: filter.kind, pairs: filter.pairs, source: filter.place };
}

function compileLengths(filter: ParsedLengths | null): LengthFilter {
  if (filter === null) return { kind: 'any' };
  return { kind: 'allow', low: filter.low, high: filter.high, source: filter.place };
}

function compileLists(filter: ParsedNames | null, { numberLists }: ParsedDirectory): NumberListFilter {
  if (filter === null) return { kind: 'any' };
  const lists = filter.names.map(name => indexIn(numberLists, name)).sort((a, b) => a - b);
  return { kind: filter.kind, lists, source: filter.place };
}

export function compileNumberLists({ numberLists }: ParsedDirectory): readonly NumberList[] {
  return numberLists.all.map(({ name, place, entries, entryCount }, index) => {
    return { index, name, source: place, entries, entryCount };
  });
}

/** A pool of a million numbers may serve many gateways, so the numbers of each list are taken out of it once. */
export class CallerPools {
  readonly #directory: ParsedDirectory;
  readonly #numbersOf = new Map<number, readonly string[]>();

  constructor(directory: ParsedDirectory) {
    this.#directory = directory;
  }

  compile(pool: ParsedCallerPool | null): CallerPool | null {
    if (pool === null) return null;
    const lists = pool.lists.map(list => indexIn(this.#directory.numberLists, list));
    const [first] = lists;
    const numbers =
      lists.length === 1 ? this.#numbers(first!) : [...new Set(lists.flatMap(list => this.#numbers(list)))];
    return { lists, numbers, linesPerNumber: pool.linesPerNumber, order: pool.order, source: pool.place };
  }

  #numbers(list: number): readonly string[] {
    const known = this.#numbersOf.get(list);
    if (known !== undefined) return known;
    const numbers = wholeNumbersOf(this.#directory.numberLists.all[list]!.entries);
    this.#numbersOf.set(list, numbers);
    return numbers;
  }
}

/** In ascending order. */
function wholeNumbersOf(entries: PrefixTrie): readonly string[] {
  const numbers: string[] = [];
  walkMerged([entries], {
    enter: at => {
      if ((at.values[0]! & 1) !== 0) numbers.push(at.prefix);
    },
    leave: () => {
      // Nothing is kept of the way down.
    },
  });
  return numbers;
}
