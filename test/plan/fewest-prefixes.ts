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
  const forest = new Forest(labels, symbols, longest);
  const root = forest.nodeOf('');
  const nothing = Array.from({ length: longest + 1 }, () => silence);
  return costOf(root, nothing);
}

/** What is said of a number; 0 for nothing. */
type Label = number;
const silence: Label = 0;

/** By length of the whole number. */
type Said = readonly Label[];

/** The numbers behind one prefix. Prefixes of one length behind which the same is to be said are one. */
interface Node {
  readonly length: number;
  /** Of the number that is the prefix itself. */
  readonly label: Label;
  readonly children: readonly Node[];
  /** By length, the labels of the numbers with the prefix. */
  readonly within: readonly ReadonlySet<Label>[];
  /** By what is said, once it was asked. */
  readonly costs: Map<string, number>;
  anew: number | null;
}

class Forest {
  readonly #labels: ReadonlyMap<string, string>;
  readonly #symbols: string;
  readonly #longest: number;
  readonly #numbers = new Map<string, Label>([['', silence]]);
  readonly #nodes = new Map<string, { readonly node: Node; readonly index: number }>();

  constructor(labels: ReadonlyMap<string, string>, symbols: string, longest: number) {
    this.#labels = labels;
    this.#symbols = symbols;
    this.#longest = longest;
  }

  nodeOf(prefix: string): Node {
    return this.#at(prefix).node;
  }

  #at(prefix: string): { readonly node: Node; readonly index: number } {
    const { length } = prefix;
    const label = length === 0 ? silence : this.#labelOf(this.#labels.get(prefix)!);
    const below = length === this.#longest ? [] : this.#children(prefix).map(child => this.#at(child));
    const key = [length, label, ...below.map(({ index }) => index)].join();
    const known = this.#nodes.get(key);
    if (known !== undefined) return known;
    const children = below.map(({ node }) => node);
    const within = Array.from({ length: this.#longest + 1 }, (_, other) => {
      const own = other === length && length > 0 ? [label] : [];
      return new Set([...own, ...children.flatMap(child => [...child.within[other]!])]);
    });
    const node = { length, label, children, within, costs: new Map(), anew: null };
    const found = { node, index: this.#nodes.size };
    this.#nodes.set(key, found);
    return found;
  }

  #labelOf(text: string): Label {
    const known = this.#numbers.get(text) ?? this.#numbers.size;
    this.#numbers.set(text, known);
    return known;
  }

  /** A plus sign stands at the beginning alone. */
  #children(prefix: string): string[] {
    const symbols = prefix === '' ? this.#symbols : this.#symbols.replace('+', '');
    return [...symbols].map(symbol => prefix + symbol);
  }
}

/** When what is said of the numbers by a shorter prefix is `said`. */
function costOf(node: Node, said: Said): number {
  return Math.min(costWithout(node, said), 1 + costAnew(node));
}

/** Nothing is said at the prefix itself. */
function costWithout(node: Node, said: Said): number {
  const { length, label, children, costs } = node;
  if (length > 0 && label !== said[length]) return Number.POSITIVE_INFINITY;
  if (children.length === 0) return 0;
  const key = said.slice(length + 1).join();
  const known = costs.get(key);
  if (known !== undefined) return known;
  let sum = 0;
  for (const child of children) sum += costOf(child, said);
  costs.set(key, sum);
  return sum;
}

function costAnew(node: Node): number {
  if (node.anew !== null) return node.anew;
  // Less than this is not possible, so nothing more need be tried.
  const least = node.children.reduce((sum, child) => sum + costAnew(child), 0);
  let best = Number.POSITIVE_INFINITY;
  for (const said of allThatMayBeSaid(node, 0)) {
    best = Math.min(best, costWithout(node, said));
    if (best === least) break;
  }
  node.anew = best;
  return best;
}

function* allThatMayBeSaid(node: Node, from: number): Generator<Label[]> {
  const labels = node.within[from];
  if (labels === undefined) {
    yield [];
    return;
  }
  for (const label of labels.size === 0 ? [silence] : labels) {
    for (const longer of allThatMayBeSaid(node, from + 1)) yield [label, ...longer];
  }
}
