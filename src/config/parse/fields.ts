/**
 * Reads the values of a file that its schema has already judged. What the schema found wrong has been taken out, so
 * a value is either absent or of the kind that is asked for; anything else is our own mistake.
 */
import type { Place } from '../../diagnostics/diagnostic.ts';
import { keyPlaceOf, type Located, type LocatedChild, type Path, placeOf } from '../read/located.ts';

export interface TextAt {
  readonly text: string;
  readonly place: Place;
}

export class Fields {
  readonly node: Located;

  constructor(node: Located) {
    this.node = node;
  }

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

  number(key: string): number | null {
    const value = this.#value(key);
    return value === undefined ? null : expectKind<number>(value, 'number');
  }

  boolean(key: string, otherwise: boolean): boolean {
    const value = this.#value(key);
    return value === undefined ? otherwise : expectKind<boolean>(value, 'boolean');
  }

  /** A switch that may also be written On or Off, as VOS3000 does. */
  onOff(key: string, otherwise: boolean): boolean {
    const value = this.#value(key);
    return value === undefined ? otherwise : value === true || value === 'On';
  }

  /** The scalar as it is written, for exact decimals. */
  written(key: string): TextAt | null {
    const child = this.node.children?.get(key);
    return child === undefined ? null : { text: child.node.source ?? '', place: child.node.place };
  }

  /** An object within; empty when it is absent. */
  within(key: string): Fields {
    return new Fields(this.node.children?.get(key)?.node ?? { ...this.node, children: new Map() });
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

  #value(key: string): unknown {
    return this.node.children?.get(key)?.node.value;
  }
}

function expectKind<T>(value: unknown, kind: 'string' | 'number' | 'boolean'): T {
  if (typeof value !== kind) throw new TypeError(`the schema let a ${typeof value} pass as a ${kind}`);
  return value as T;
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
