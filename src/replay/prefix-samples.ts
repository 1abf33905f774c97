/**
 * What happened to numbers, by their prefixes: how often each kind of thing did, and examples of it. A prefix is told
 * apart from the shorter one as soon as there is enough of the shorter one, so that memory goes where calls go.
 */
import { Draws } from '../routing/draws.ts';

interface Entry<Value> {
  readonly number: string;
  readonly kind: string;
  readonly value: Value;
}

interface Kind<Value> {
  count: number;
  readonly kept: Value[];
}

/** Plain data, so that a thread can give it to another one. */
export interface PrefixNode<Value> {
  count: number;
  /** All there is, while it is less than what a prefix needs; null afterwards. */
  few: Entry<Value>[] | null;
  /** By the name of the kind, in the order in which they were first seen. */
  readonly kinds: Map<string, Kind<Value>>;
  /** By the next digit. */
  readonly longer: (PrefixNode<Value> | undefined)[];
}

export interface Drawn<Value> {
  readonly value: Value;
  /** Digits of the prefix that it was drawn from. */
  readonly prefixLength: number;
}

/** So much must have happened to a prefix before it speaks for itself. */
export const enough = 20;
/** Longer prefixes are those of subscribers. */
const longestPrefix = 9;
/** Examples of each kind that are kept of a prefix. */
const keptOfKind = 48;

/** How many prefixes there may be in all; who shares one shares the memory that it stands for. */
export class PrefixBudget {
  #left: number;

  constructor(prefixes: number) {
    this.#left = prefixes;
  }

  take(): boolean {
    if (this.#left === 0) return false;
    this.#left--;
    return true;
  }
}

export function emptyNode<Value>(): PrefixNode<Value> {
  return { count: 0, few: [], kinds: new Map(), longer: [] };
}

export class PrefixSamples<Value> {
  readonly root: PrefixNode<Value>;
  readonly #budget: PrefixBudget;

  constructor(budget: PrefixBudget, root: PrefixNode<Value> = emptyNode()) {
    this.#budget = budget;
    this.root = root;
  }

  add(number: string, kind: string, value: Value): void {
    // Short enough to be a text of its own, and not a part of the row that it was read from.
    this.#addAt(this.root, 0, { number: number.slice(0, longestPrefix), kind, value });
  }

  /** Of the longest prefix of the number that has enough; null when there is not enough at all. */
  draw(number: string, draws: Draws): Drawn<Value> | null {
    let node = this.root;
    if (node.count < enough) return null;
    let prefixLength = 0;
    for (; prefixLength < number.length; prefixLength++) {
      const longer = node.longer[digitAt(number, prefixLength)];
      if (longer === undefined || longer.count < enough) break;
      node = longer;
    }
    return { value: drawOf(node, draws), prefixLength };
  }

  /** Of the longest prefix that has enough, or of the little there is; null when nothing ever happened. */
  drawAny(number: string, draws: Draws): Drawn<Value> | null {
    const drawn = this.draw(number, draws);
    if (drawn !== null || this.root.count === 0) return drawn;
    return { value: drawOf(this.root, draws), prefixLength: 0 };
  }

  #addAt(from: PrefixNode<Value>, fromLength: number, entry: Entry<Value>): void {
    let node = from;
    for (let length = fromLength; ; length++) {
      node.count++;
      if (node.few !== null) {
        node.few.push(entry);
        if (node.few.length >= enough) this.#split(node, length);
        return;
      }
      count(node, entry);
      const next = this.#longer(node, length, entry.number);
      if (next === null) return;
      node = next;
    }
  }

  /** What was kept as it came is counted now, here and by the next digit. */
  #split(node: PrefixNode<Value>, length: number): void {
    const entries = node.few!;
    node.few = null;
    for (const entry of entries) {
      count(node, entry);
      const next = this.#longer(node, length, entry.number);
      if (next !== null) this.#addAt(next, length + 1, entry);
    }
  }

  #longer(node: PrefixNode<Value>, length: number, number: string): PrefixNode<Value> | null {
    if (length >= longestPrefix || length >= number.length) return null;
    const digit = digitAt(number, length);
    if (digit < 0) return null;
    const known = node.longer[digit];
    if (known !== undefined) return known;
    if (!this.#budget.take()) return null;
    // A list with holes would be slow.
    while (node.longer.length <= digit) node.longer.push(undefined);
    const made = emptyNode<Value>();
    node.longer[digit] = made;
    return made;
  }
}

function count<Value>(node: PrefixNode<Value>, { kind: name, value }: Entry<Value>): void {
  let kind = node.kinds.get(name);
  if (kind === undefined) {
    kind = { count: 0, kept: [] };
    node.kinds.set(name, kind);
  }
  kind.count++;
  if (kind.kept.length < keptOfKind) kind.kept.push(value);
  else {
    // Each of the kind has the same chance to stay, however many come (reservoir sampling).
    const place = new Draws(kind.count, keptOfKind).below(kind.count);
    if (place < keptOfKind) kind.kept[place] = value;
  }
}

function drawOf<Value>({ few, kinds, count: all }: PrefixNode<Value>, draws: Draws): Value {
  if (few !== null) return few[draws.below(few.length)]!.value;
  let left = draws.below(all);
  for (const { count: many, kept } of kinds.values()) {
    if (left < many) return kept[draws.below(kept.length)]!;
    left -= many;
  }
  throw new Error('the kinds of a prefix do not add up');
}

/** -1 for what is no digit. */
function digitAt(number: string, place: number): number {
  const digit = number.charCodeAt(place) - 0x30;
  return digit >= 0 && digit <= 9 ? digit : -1;
}
