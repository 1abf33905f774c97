/** How few prefixes can tell what is to be said of each number, by trying all there is to try. */

/**
 * `labels` has every number; an empty label says nothing. A prefix may say something else for each length of the number,
 * and the longest prefix of a number counts.
 */
export function fewestPrefixes(
  labels: ReadonlyMap<string, string>,
  symbols: string,
  longest: number,
): number {
  const search = new Search(labels, symbols, longest);
  return search.cost(
    '',
    Array.from({ length: longest + 1 }, () => ''),
  );
}

/** By length of the whole number. */
type Said = readonly string[];

class Search {
  readonly #labels: ReadonlyMap<string, string>;
  readonly #symbols: string;
  readonly #longest: number;
  readonly #shapes = new Map<string, string>();
  readonly #costs = new Map<string, number>();
  readonly #within = new Map<string, readonly ReadonlySet<string>[]>();

  constructor(labels: ReadonlyMap<string, string>, symbols: string, longest: number) {
    this.#labels = labels;
    this.#symbols = symbols;
    this.#longest = longest;
  }

  /** Of the numbers with the prefix, when what is said of them by a shorter one is `said`. */
  cost(prefix: string, said: Said): number {
    return Math.min(this.#without(prefix, said), 1 + this.#anew(prefix));
  }

  /** Nothing is said at the prefix itself. */
  #without(prefix: string, said: Said): number {
    const { length } = prefix;
    if (length > 0 && this.#labels.get(prefix) !== said[length]) return Number.POSITIVE_INFINITY;
    if (length === this.#longest) return 0;
    const key = `${this.#shapeOf(prefix)}:${JSON.stringify(said.slice(length + 1))}`;
    const known = this.#costs.get(key);
    if (known !== undefined) return known;
    let sum = 0;
    for (const child of this.#children(prefix)) sum += this.cost(child, said);
    this.#costs.set(key, sum);
    return sum;
  }

  #anew(prefix: string): number {
    const key = `new ${this.#shapeOf(prefix)}`;
    const known = this.#costs.get(key);
    if (known !== undefined) return known;
    let best = Number.POSITIVE_INFINITY;
    for (const said of this.#allThatMayBeSaid(prefix)) best = Math.min(best, this.#without(prefix, said));
    this.#costs.set(key, best);
    return best;
  }

  #allThatMayBeSaid(prefix: string): Said[] {
    let all: string[][] = [[]];
    for (const [length, labels] of this.#labelsWithin(prefix).entries()) {
      const choices = length <= prefix.length && labels.size === 0 ? [''] : [...labels];
      all = all.flatMap(said => choices.map(label => [...said, label]));
    }
    return all;
  }

  /** By length, the labels of numbers with the prefix. */
  #labelsWithin(prefix: string): readonly ReadonlySet<string>[] {
    const known = this.#within.get(prefix);
    if (known !== undefined) return known;
    const within = Array.from({ length: this.#longest + 1 }, () => new Set<string>());
    if (prefix.length > 0) within[prefix.length]!.add(this.#labels.get(prefix)!);
    if (prefix.length < this.#longest) {
      for (const child of this.#children(prefix)) {
        for (const [length, labels] of this.#labelsWithin(child).entries()) {
          for (const label of labels) within[length]!.add(label);
        }
      }
    }
    this.#within.set(prefix, within);
    return within;
  }

  /** Equal for prefixes of equal length behind which the same is to be said. */
  #shapeOf(prefix: string): string {
    const known = this.#shapes.get(prefix);
    if (known !== undefined) return known;
    const below =
      prefix.length === this.#longest ? [] : this.#children(prefix).map(child => this.#shapeOf(child));
    const text = JSON.stringify([prefix.length, this.#labels.get(prefix) ?? null, below]);
    const shape = this.#numbers.get(text) ?? `${this.#numbers.size}`;
    this.#numbers.set(text, shape);
    this.#shapes.set(prefix, shape);
    return shape;
  }

  readonly #numbers = new Map<string, string>();

  /** A plus sign stands at the beginning alone. */
  #children(prefix: string): string[] {
    const symbols = prefix === '' ? this.#symbols : this.#symbols.replace('+', '');
    return [...symbols].map(symbol => prefix + symbol);
  }
}
