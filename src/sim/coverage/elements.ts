/** The elements of a configuration that can be exercised, and how often each of them was. */
import type { Source } from '../../config/snapshot.ts';
import type { CoverageKindName } from './kinds.ts';

export interface CoverageElement {
  readonly kind: CoverageKindName;
  /** Says with its kind and place what it is: `northlink: 4477`. */
  readonly name: string;
  readonly source: Source;
  readonly hits: number;
}

export type ElementVisitor = (element: CoverageElement) => void;

interface Counted {
  readonly kind: CoverageKindName;
  readonly name: string;
  readonly source: Source;
  hits: number;
}

/** Elements by keys of those who define them. What is inherited from one line is one element for all who inherit it. */
export class Elements {
  readonly #byKey = new Map<string, Counted>();
  readonly #byPlace = new Map<string, Counted>();

  define(key: string, kind: CoverageKindName, name: string, source: Source): void {
    if (this.#byKey.has(key)) throw new Error(`${key} is defined twice`);
    const place = `${kind} ${source.file}:${source.line}:${source.column} ${name}`;
    let element = this.#byPlace.get(place);
    if (element === undefined) {
      element = { kind, name, source, hits: 0 };
      this.#byPlace.set(place, element);
    }
    this.#byKey.set(key, element);
  }

  /** Throws for a key that nobody defined. */
  hit(key: string): void {
    const element = this.#byKey.get(key);
    if (element === undefined) throw new Error(`nothing is covered by ${key}`);
    element.hits++;
  }

  visit(each: ElementVisitor): void {
    for (const element of this.#byPlace.values()) each(element);
  }
}
