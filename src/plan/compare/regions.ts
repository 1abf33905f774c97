/** The walk through all numbers of one customer, and what it finds: a tree of beginnings behind which calls are alike. */
import type { Source } from '../../config/snapshot.ts';
import { type CustomerSpace, isDigit, Look } from '../space/customer-space.ts';

/** From this length of the whole number on, up to the next run, numbers have this label. */
export interface Run {
  readonly from: number;
  readonly label: number;
}

export interface Region {
  readonly prefix: string;
  readonly children: ReadonlyMap<string, Region>;
  /** By rising length, the first from the prefix's own length on. */
  readonly runs: readonly Run[];
  /** A number of each run, as dialled. */
  readonly examples: readonly string[];
  /** Whether numbers go on behind the prefix in other ways than by `children`. */
  readonly goesOn: boolean;
  /** Nothing is said of the prefix itself: calls are as those around it. */
  readonly isAsAround: boolean;
}

/** What is found of numbers by their beginning alone. */
type Own = Pick<Region, 'runs' | 'examples' | 'goesOn'>;

/** Most regions have none. */
const noChildren: ReadonlyMap<string, Region> = new Map();

/** Of numbers that are alike on both sides. */
export const same = 0;

const sameRuns: readonly Run[] = [{ from: 0, label: same }];
/** Of a beginning behind which nothing can have changed. */
const sameAround: Own = { runs: sameRuns, examples: [], goesOn: true };

export interface WalkLimits {
  /** The walk was given up: too many regions. */
  readonly exhausted: boolean;
  /** Rules that look farther into numbers than could be followed. */
  readonly beyond: readonly Source[];
}

export interface Space {
  /** Without a plus sign. */
  readonly symbols: string;
  /** Whether numbers may begin with a plus sign. */
  readonly plus: boolean;
  readonly longest: number;
}

/** Below so many numbers, every one of them is looked at where a rule looks farther on than at beginnings. */
const mostExpanded = 20_000;

export class RegionWalk {
  readonly #spaces: readonly CustomerSpace[];
  readonly #everything: boolean;
  readonly #space: Space;
  readonly #labelOf: (number: string) => number;
  readonly #beyond = new Set<Source>();
  /** Characters without a plus sign, in their order, and their codes. */
  readonly #symbols: readonly string[];
  readonly #codes: readonly number[];
  readonly #look = new Look();
  #regionsLeft: number;

  /** `everything`: no number is known to be alike. `labelOf` is asked for one number of each region. */
  constructor(
    spaces: readonly CustomerSpace[],
    everything: boolean,
    space: Space,
    mostRegions: number,
    labelOf: (number: string) => number,
  ) {
    this.#spaces = spaces;
    this.#everything = everything;
    this.#space = space;
    this.#labelOf = labelOf;
    this.#regionsLeft = mostRegions;
    this.#symbols = [...space.symbols].sort();
    this.#codes = this.#symbols.map(symbol => symbol.charCodeAt(0));
  }

  walk(): Region {
    return this.#visit('', null);
  }

  get limits(): WalkLimits {
    return { exhausted: this.#regionsLeft <= 0, beyond: [...this.#beyond] };
  }

  /** `around` is the label of all numbers that begin one character shorter and go on in no other way that is known; null when there is no such. */
  #visit(prefix: string, around: number | null): Region {
    this.#regionsLeft--;
    const look = this.#look;
    look.clear();
    for (const space of this.#spaces) space.lookAt(prefix, look);
    let changed = look.changed || this.#everything;
    let symbols: readonly string[];
    if (look.looksOn === null) symbols = this.#symbolsAt(prefix, changed);
    else {
      changed = true;
      const left = this.#space.longest - prefix.length;
      if (this.#space.symbols.length ** left <= mostExpanded) symbols = this.#all(prefix);
      else {
        this.#beyond.add(look.looksOn);
        symbols = this.#symbolsAt(prefix, true);
      }
    }
    const isAsAround = around !== null && !look.ends && look.looksOn === null;
    const { runs, examples, goesOn } = !changed
      ? sameAround
      : isAsAround
        ? this.#asAround(prefix, symbols, around)
        : this.#evaluated(prefix, symbols, look.breaks);
    const below = changed && goesOn && runs.length === 1 && prefix !== '' ? runs[0]!.label : null;
    let children: Map<string, Region> | null = null;
    for (const symbol of symbols) {
      if (this.#regionsLeft <= 0 || prefix.length >= this.#space.longest) break;
      const child = this.#visit(prefix + symbol, isDigit(symbol) ? below : null);
      if (!changed && child.children.size === 0 && child.runs === sameRuns) continue;
      children ??= new Map();
      children.set(symbol, child);
    }
    const isTakenAsAround = changed && isAsAround;
    return { prefix, children: children ?? noChildren, runs, examples, goesOn, isAsAround: isTakenAsAround };
  }

  /** Nothing is said of the beginning itself. */
  #asAround(prefix: string, symbols: readonly string[], label: number): Own {
    const goesOn = this.#fillerOf(symbols) !== null && prefix.length < this.#space.longest;
    return { runs: [{ from: 0, label }], examples: [prefix], goesOn };
  }

  #evaluated(prefix: string, symbols: readonly string[], breaks: readonly number[]): Own {
    const { longest } = this.#space;
    const filler = this.#fillerOf(symbols);
    const shortest = Math.max(1, prefix.length);
    const runs: Run[] = [];
    const examples: string[] = [];
    const starts = new Set([shortest, ...breaks.filter(length => length > shortest && length <= longest)]);
    for (const from of [...starts].sort((a, b) => a - b)) {
      if (from > prefix.length && filler === null) break;
      const number = prefix + (filler ?? '').repeat(from - prefix.length);
      const label = this.#labelOf(number);
      if (runs.length > 0 && runs.at(-1)!.label === label) continue;
      runs.push({ from: runs.length === 0 ? 0 : from, label });
      examples.push(number);
    }
    const goesOn = filler !== null && prefix.length < longest;
    return { runs: runs.length === 0 ? sameRuns : runs, examples, goesOn };
  }

  /** A character that no rule tells from others. */
  #fillerOf(symbols: readonly string[]): string | null {
    for (const symbol of this.#space.symbols) if (!symbols.includes(symbol)) return symbol;
    return null;
  }

  /** Those that tell anything apart, or only what has changed. */
  #symbolsAt(prefix: string, anything: boolean): readonly string[] {
    const symbols: string[] = [];
    for (let i = 0; i < this.#codes.length; i++) {
      const code = this.#codes[i]!;
      const isTold = anything ? this.#look.tellsApart(code) : this.#look.tellsChanged(code);
      if (isTold) symbols.push(this.#symbols[i]!);
    }
    if (prefix === '' && this.#space.plus) symbols.push('+');
    return symbols;
  }

  #all(prefix: string): readonly string[] {
    const symbols = [...this.#space.symbols];
    return prefix === '' && this.#space.plus ? [...symbols, '+'] : symbols;
  }
}
