/**
 * The fewest prefixes that tell of every number what its region tells, where the longest prefix of a number counts: the
 * optimal routing table constructor (Draves, King, Venkatachary, Zill 1999), for any alphabet and with the lengths of
 * numbers. What a prefix says of lengths below its own counts for no number.
 */
import { type Region, type Run, same } from './regions.ts';

/** What is said of the numbers with a prefix, by their lengths. Equal ones are one object. */
interface Profile {
  readonly id: number;
  readonly runs: readonly Run[];
}

export interface Entry {
  readonly prefix: string;
  /** By rising length; the first counts from the prefix's own length on. */
  readonly runs: readonly Run[];
  /** The next longer entries that begin with the prefix. */
  readonly within: Entry[];
  /** Of each label, numbers of some regions for which this entry speaks. */
  readonly examples: LabelExamples[];
}

interface LabelExamples {
  readonly label: number;
  readonly numbers: string[];
}

const mostExamples = 3;

/** Without an entry, numbers are alike on both sides. The answer is the entries at the top, with others in them. */
export function shortestPrefixes(
  root: Region,
  symbolsAfter: (prefix: string) => readonly string[],
): readonly Entry[] {
  return new Shortest(symbolsAfter).entriesOf(root);
}

class Shortest {
  readonly #symbolsAfter: (prefix: string) => readonly string[];
  readonly #profiles = new Map<string, Profile>();
  /** By label, of numbers of every length. */
  readonly #plain = new Map<number, Profile>();
  #count = 0;
  readonly #candidates = new Map<Region, readonly Profile[]>();
  readonly #nothing: Profile;

  constructor(symbolsAfter: (prefix: string) => readonly string[]) {
    this.#symbolsAfter = symbolsAfter;
    this.#nothing = this.#profile([{ from: 0, label: same }]);
  }

  entriesOf(root: Region): readonly Entry[] {
    this.#collect(root);
    const top: Entry = { prefix: '', runs: [], within: [], examples: [] };
    this.#assign(root, this.#nothing, top);
    return top.within;
  }

  #profile(runs: readonly Run[]): Profile {
    if (runs.length === 1) return this.#plainProfile(runs[0]!.label, runs);
    const merged: Run[] = [];
    for (const { from, label } of runs) {
      if (merged.at(-1)?.label !== label) merged.push({ from: merged.length === 0 ? 0 : from, label });
    }
    if (merged.length === 1) return this.#plainProfile(merged[0]!.label, merged);
    const key = merged.map(({ from, label }) => `${from}:${label}`).join();
    const known = this.#profiles.get(key);
    if (known !== undefined) return known;
    const profile = { id: this.#count++, runs: merged };
    this.#profiles.set(key, profile);
    return profile;
  }

  #plainProfile(label: number, runs: readonly Run[]): Profile {
    const known = this.#plain.get(label);
    if (known !== undefined) return known;
    const profile = { id: this.#count++, runs: runs[0]!.from === 0 ? runs : [{ from: 0, label }] };
    this.#plain.set(label, profile);
    return profile;
  }

  /** What is left of it when shorter numbers do not count. */
  #from(profile: Profile, length: number): Profile {
    if (profile.runs.length === 1) return profile;
    const first = profile.runs.findLastIndex(({ from }) => from <= length);
    return first === 0 ? profile : this.#profile(profile.runs.slice(first));
  }

  /** With what is said of the number that is the prefix itself. */
  #withExact(region: Region, rest: Profile): Profile {
    const { length } = region.prefix;
    if (length === 0) return rest;
    const exact = region.runs[0]!.label;
    const [first, ...more] = rest.runs;
    return this.#profile([{ from: 0, label: exact }, { from: length + 1, label: first!.label }, ...more]);
  }

  #collect(region: Region): readonly Profile[] {
    const own = this.#profile(region.runs);
    const { length } = region.prefix;
    if (region.children.size === 0) return this.#keep(region, [own]);
    const votes = new Map<Profile, number>();
    const left = this.#symbolsAfter(region.prefix).length - region.children.size;
    if (region.goesOn && left > 0) votes.set(this.#from(own, length + 1), left);
    for (const child of region.children.values()) {
      for (const profile of this.#collect(child)) votes.set(profile, (votes.get(profile) ?? 0) + 1);
    }
    const most = Math.max(...votes.values());
    const best = [...votes]
      .filter(([, count]) => count === most)
      .map(([profile]) => this.#withExact(region, profile));
    return this.#keep(region, best.length === 1 ? best : [...new Set(best)]);
  }

  #keep(region: Region, candidates: readonly Profile[]): readonly Profile[] {
    this.#candidates.set(region, candidates);
    return candidates;
  }

  #assign(region: Region, inherited: Profile, entry: Entry): void {
    const candidates = this.#candidates.get(region)!;
    const { prefix, children } = region;
    let chosen = inherited;
    let current = entry;
    if (!candidates.includes(inherited)) {
      chosen = candidates.includes(this.#nothing)
        ? this.#nothing
        : candidates.reduce((a, b) => (a.id <= b.id ? a : b));
      current = newEntry(prefix, chosen.runs, entry);
    }
    this.#assignRest(region, chosen, current);
    const below = this.#from(chosen, prefix.length + 1);
    for (const child of children.values()) this.#assign(child, below, current);
  }

  /** The numbers that go on otherwise than by the region's children, which may need prefixes of their own. */
  #assignRest(region: Region, chosen: Profile, entry: Entry): void {
    const { prefix, children } = region;
    const below = prefix.length + 1;
    const own = this.#profile(region.runs);
    noteExamples(region, entry);
    if (!region.goesOn || children.size === 0) return;
    const rest = this.#from(own, below);
    if (rest === this.#from(chosen, below)) return;
    for (const symbol of this.#symbolsAfter(prefix)) {
      if (children.has(symbol)) continue;
      noteExamples(region, newEntry(prefix + symbol, rest.runs, entry));
    }
  }
}

function newEntry(prefix: string, runs: readonly Run[], around: Entry): Entry {
  const entry: Entry = { prefix, runs, within: [], examples: [] };
  around.within.push(entry);
  return entry;
}

function noteExamples({ runs, examples, isAsAround }: Region, entry: Entry): void {
  for (const [i, example] of examples.entries()) {
    if (!example.startsWith(entry.prefix)) continue;
    const label = runs[i]!.label;
    const known = entry.examples.find(one => one.label === label);
    if (known === undefined) entry.examples.push({ label, numbers: [example] });
    else if (known.numbers.length < mostExamples && !isAsAround) known.numbers.push(example);
  }
}
