/** A value of a YAML file together with where it stands; what all later steps read instead of YAML. */
import type { Place } from '../../diagnostics/diagnostic.ts';

export interface Located {
  /** The plain value, children included, as a JSON Schema validator wants it. */
  readonly value: unknown;
  readonly place: Place;
  /**
   * A scalar as it is written, without quotes. Decimals are taken from here, so that 0.1 stays one tenth; null for
   * lists and mappings.
   */
  readonly source: string | null;
  /** Whether the scalar stands in quotes. */
  readonly quoted: boolean;
  /** By key for mappings, by position for lists; null for scalars. */
  readonly children: ReadonlyMap<string | number, LocatedChild> | null;
}

export interface LocatedChild {
  /** Where the key stands; where the item stands for lists. */
  readonly keyPlace: Place;
  readonly node: Located;
}

export type Path = readonly (string | number)[];

/** The child at `path`, or null when the file has none there. */
export function childAt(node: Located, path: Path): LocatedChild | null {
  let child: LocatedChild | null = null;
  let current = node;
  for (const step of path) {
    const next = current.children?.get(step);
    if (next === undefined) return null;
    child = next;
    current = next.node;
  }
  return child;
}

/** Where the value at `path` stands, or the nearest thing around it that stands in the file. */
export function placeOf(node: Located, ...path: Path): Place {
  for (let length = path.length; length > 0; length--) {
    const child = childAt(node, path.slice(0, length));
    if (child !== null) return child.node.place;
  }
  return node.place;
}

/** Where the key at `path` stands, or the nearest thing around it. */
export function keyPlaceOf(node: Located, ...path: Path): Place {
  return childAt(node, path)?.keyPlace ?? placeOf(node, ...path);
}
