/**
 * Reads the values of a file that its schema has already judged. What the schema found wrong has been taken out, so
 * a value is either absent or of the kind that is asked for; anything else is our own mistake. An absent value is the
 * default of its schema, which is the only place where defaults stand.
 */
import type { Place } from '../../diagnostics/diagnostic.ts';
import { keyPlaceOf, type Located, type LocatedChild, type Path, placeOf } from '../read/located.ts';
import { plainShape, type Shape } from '../resolve/shape.ts';
import { typedNode, typedValue } from '../resolve/typed.ts';

export interface TextAt {
  readonly text: string;
  readonly place: Place;
}

export class Fields {
  readonly node: Located;
  readonly shape: Shape;

  constructor(node: Located, shape: Shape = plainShape) {
    this.node = node;
    this.shape = shape;
  }

  /** Whether the file itself says it. */
  has(key: string): boolean {
    return this.node.children?.has(key) === true;
  }

  place(...path: Path): Place {
    return placeOf(this.node, ...path);
  }

  keyPlace(key: string): Place {
    return keyPlaceOf(this.node, key);
  }

  text(key: string): string | null {
    const value = this.#value(key);
    return value === undefined ? null : expectKind<string>(value, 'string');
  }

  textAt(key: string): TextAt | null {
    const text = this.text(key);
    return text === null ? null : { text, place: this.place(key) };
  }

  /** null also where a limit is None. */
  number(key: string): number | null {
    const value = this.#value(key);
    return value === undefined || value === null ? null : expectKind<number>(value, 'number');
  }

  /** Also one that may be written On or Off. Throws when the schema has no default for what is absent. */
  boolean(key: string): boolean {
    return expectKind<boolean>(this.#value(key), 'boolean');
  }

  /** Numbers that may be written as a list or with commas between them. */
  numbers(key: string): readonly number[] {
    const listed = this.node.children?.get(key)?.node.children;
    // From the items, since one that is wrong has been taken out there.
    if (listed) return [...listed.values()].map(({ node }) => expectKind<number>(node.value, 'number'));
    return (this.#value(key) ?? []) as readonly number[];
  }

  /** The scalar as it is written, for exact decimals. */
  written(key: string): TextAt | null {
    const child = this.node.children?.get(key);
    if (child !== undefined) return { text: child.node.source ?? '', place: child.node.place };
    const otherwise = this.#shape(key).default;
    return otherwise === undefined ? null : { text: String(otherwise), place: this.node.place };
  }

  /** An object within; empty when it is absent. */
  within(key: string): Fields {
    const node = this.node.children?.get(key)?.node ?? { ...this.node, children: new Map() };
    return new Fields(node, this.#shape(key));
  }

  /** The mappings of a list. */
  entries(key: string): readonly Fields[] {
    const shape = this.#shape(key).items ?? plainShape;
    return this.items(key).map(item => new Fields(item, shape));
  }

  items(key: string): readonly Located[] {
    const list = this.node.children?.get(key)?.node.children;
    return list === undefined || list === null ? [] : [...list.values()].map(({ node }) => node);
  }

  /** The items of a list of texts. */
  texts(key: string): readonly TextAt[] {
    return this.items(key).map(item => ({
      text: expectKind<string>(item.value, 'string'),
      place: item.place,
    }));
  }

  /** The items of a list of texts that may be written as one text with commas, each with its own place. */
  listed(key: string): readonly TextAt[] {
    const node = this.node.children?.get(key)?.node;
    if (node === undefined) return [];
    return node.children === null ? partsOf(node) : this.texts(key);
  }

  /** undefined when neither the file nor the schema says anything. */
  #value(key: string): unknown {
    const child = this.node.children?.get(key);
    const shape = this.#shape(key);
    if (child !== undefined) return typedNode(shape, child.node);
    return shape.default === undefined ? undefined : typedValue(shape.form, shape.default, null);
  }

  #shape(key: string): Shape {
    return this.shape.properties?.get(key) ?? plainShape;
  }
}

function expectKind<T>(value: unknown, kind: 'string' | 'number' | 'boolean'): T {
  if (typeof value !== kind) throw new TypeError(`the schema let a ${typeof value} pass as a ${kind}`);
  return value as T;
}

/**
 * What stands between the commas of a text. Where the text was folded or escaped, its places are not those of the
 * file, and every part stands where the text begins.
 */
function partsOf({ value, source, place, quoted }: Located): readonly TextAt[] {
  const text = expectKind<string>(value, 'string');
  const isAsWritten = source === text && !text.includes('\n');
  const parts: TextAt[] = [];
  let start = 0;
  for (const part of text.split(',')) {
    const trimmed = part.trim();
    const offset = start + (trimmed === '' ? 0 : part.indexOf(trimmed));
    start += part.length + 1;
    if (trimmed === '') continue;
    const column = isAsWritten && offset > 0 ? place.column + offset + (quoted ? 1 : 0) : place.column;
    parts.push({ text: trimmed, place: { ...place, column } });
  }
  return parts;
}

/** The tree without the values at `wrong`. */
export function without(node: Located, wrong: readonly Path[]): Located {
  if (wrong.length === 0 || node.children === null) return node;
  if (wrong.some(path => path.length === 0)) return { ...node, children: new Map() };
  const byKey = new Map<string | number, Path[]>();
  for (const path of wrong) {
    const others = byKey.get(path[0]!);
    if (others === undefined) byKey.set(path[0]!, [path]);
    else others.push(path);
  }
  const children = new Map<string | number, LocatedChild>();
  for (const [key, child] of node.children) {
    const here = byKey.get(key) ?? [];
    if (here.some(path => path.length === 1)) continue;
    const deeper = here.map(path => path.slice(1));
    children.set(key, { keyPlace: child.keyPlace, node: without(child.node, deeper) });
  }
  return { ...node, children };
}
