/** Collects what is found for each customer, time, supposition and caller, and puts together what is the same. */
import type { CallerClass, Difference, LengthRange, Scope } from '../plan.ts';
import type { Callers } from './callers.ts';
import type { Run } from './regions.ts';
import { same } from './regions.ts';
import type { Entry } from './shortest-prefixes.ts';

/** Where something was found. */
export interface Found {
  readonly customer: number;
  readonly time: number;
  readonly supposition: number;
  readonly caller: CallerClass;
}

/** Under one supposition, of one class of callers. */
export interface FoundEntries extends Pick<Found, 'supposition' | 'caller'> {
  readonly entries: readonly Entry[];
}

/** Of one customer at one moment. */
export interface Findings {
  readonly callers: Callers;
  readonly found: readonly FoundEntries[];
}

export interface Row {
  readonly prefix: string;
  readonly except: readonly string[];
  readonly lengths: Difference['lengths'];
  readonly label: number;
  readonly examples: readonly string[];
  readonly found: Found[];
}

export class Rows {
  readonly #rows: Row[] = [];
  /** By label and prefix. */
  readonly #known = new Map<string, Row[]>();
  readonly #longest: number;

  constructor(longest: number) {
    this.#longest = longest;
  }

  get all(): readonly Row[] {
    return this.#rows;
  }

  addAll(found: readonly FoundEntries[], customer: number, time: number): void {
    for (const { entries, supposition, caller } of found) {
      this.add(entries, { customer, time, supposition, caller });
    }
  }

  add(entries: readonly Entry[], found: Found): void {
    for (const entry of entries) {
      this.#addEntry(entry, found);
      this.add(entry.within, found);
    }
  }

  #addEntry({ prefix, runs, within, examples }: Entry, found: Found): void {
    const except = within.map(entry => entry.prefix).sort();
    for (const label of runs.length === 1 ? [runs[0]!.label] : new Set(runs.map(run => run.label))) {
      if (label === same) continue;
      const lengths = this.#lengthsOf(runs, label, prefix);
      const key = `${label} ${prefix}`;
      const known = this.#known.get(key);
      const alike = known?.find(row => isEqual(row.except, except) && isEqual(row.lengths, lengths));
      if (alike !== undefined) {
        alike.found.push(found);
        continue;
      }
      const numbers = examples.find(one => one.label === label)?.numbers ?? [];
      const row = { prefix, except, lengths, label, examples: numbers, found: [found] };
      this.#rows.push(row);
      if (known === undefined) this.#known.set(key, [row]);
      else known.push(row);
    }
  }

  #lengthsOf(runs: readonly Run[], label: number, prefix: string): readonly LengthRange[] | null {
    if (runs.length === 1) return null;
    const shortest = Math.max(1, prefix.length);
    return runs.flatMap((run, i) => {
      if (run.label !== label) return [];
      const to = i + 1 < runs.length ? runs[i + 1]!.from - 1 : this.#longest;
      return [{ from: Math.max(shortest, run.from), to }];
    });
  }
}

function isEqual(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** `callersAt` tells which callers were looked at; null when the rules tell none apart. */
export function scopesOf(
  found: readonly Found[],
  callersAt: (customer: number, time: number) => readonly CallerClass[] | null,
): Scope[] {
  const byCustomer = grouped(found, ({ customer }) => customer);
  return [...byCustomer].flatMap(([customer, places]) => {
    const byMoment = grouped(places, ({ time, supposition }) => `${time} ${supposition}`);
    const moments = [...byMoment.values()].map(at => {
      const { time, supposition } = at[0]!;
      const all = callersAt(customer, time);
      const callers = all === null || all.length === at.length ? null : at.map(({ caller }) => caller);
      return { time, supposition, callers, key: JSON.stringify(callers) };
    });
    return [...grouped(moments, ({ key }) => key).values()].flatMap(alike => {
      const byTime = [...grouped(alike, ({ time }) => time)].map(([time, at]) => ({
        time,
        suppositions: at.map(({ supposition }) => supposition).sort((a, b) => a - b),
      }));
      return [...grouped(byTime, ({ suppositions }) => suppositions.join()).values()].map(at => ({
        customer,
        times: at.map(({ time }) => time).sort((a, b) => a - b),
        suppositions: at[0]!.suppositions,
        callers: alike[0]!.callers,
      }));
    });
  });
}

function grouped<Item, Key>(items: readonly Item[], keyOf: (item: Item) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
