/**
 * What the schema of a kind of file says about each of its keys: the default, the unit, and where the value comes from
 * when the file does not say it. Worked out once per kind, since every object of a configuration is read with it.
 */
import type { Kind } from '../kinds.ts';
import { readSchema } from '../schema/read.ts';
import type { Schema } from '../schema/types.ts';
import { formOf, type ValueForm } from './typed.ts';

export interface Shape {
  /** What counts where nobody says anything; undefined for none. */
  readonly default: unknown;
  readonly form: ValueForm;
  /** As `x-unit` has it: s, ms, calls, …; null for what is no quantity. */
  readonly unit: string | null;
  /** Where the value is looked for when the object does not say it, nearest first. */
  readonly inherits: readonly InheritedSetting[];
  /** By key; null for everything but mappings. */
  readonly properties: ReadonlyMap<string, Shape> | null;
  readonly items: Shape | null;
  /** Without these keys the mapping cannot be there at all. */
  readonly required: readonly string[];
  /** A mapping that holds exactly one of its keys, such as allow or deny. */
  readonly choice: boolean;
}

/**
 * What an object may inherit from. Whoever adds one (its group, its account) gives it a kind here and its settings in
 * `compile`; everything else follows from the `x-inherits` of the schemas.
 */
export type Level = 'switch';

export const kindOfLevel: Readonly<Record<Level, Kind>> = { switch: 'switch' };

export interface InheritedSetting {
  readonly level: Level;
  /** Path of the setting in the file of that level: `parameters.SS_SIP_TIMEOUT_INVITE`. */
  readonly path: string;
}

/** Of a value that no schema describes. */
export const plainShape: Shape = {
  default: undefined,
  form: 'plain',
  unit: null,
  inherits: [],
  properties: null,
  items: null,
  required: [],
  choice: false,
};

const shapes = new Map<Kind, Shape>();

export function shapeOf(kind: Kind): Shape {
  const known = shapes.get(kind);
  if (known !== undefined) return known;
  const shape = shapeFrom(readSchema(kind));
  shapes.set(kind, shape);
  return shape;
}

/** A value that may have several forms takes the keys of each, since it has those of one form only. */
export function shapeFrom(schema: Schema): Shape {
  const branches = [schema, schema.then, schema.else].filter(branch => branch !== undefined);
  const properties = branches.flatMap(branch => Object.entries(branch.properties ?? {}));
  const items = branches.find(branch => branch.items !== undefined)?.items;
  const unit = schema['x-unit'];
  return {
    default: schema.default,
    form: formOf(schema),
    unit: typeof unit === 'string' ? unit : null,
    inherits: ((schema['x-inherits'] ?? []) as readonly string[]).map(inheritedSetting),
    properties:
      properties.length === 0 ? null : new Map(properties.map(([key, inner]) => [key, shapeFrom(inner)])),
    items: items === undefined ? null : shapeFrom(items),
    required: branches.flatMap(branch => branch.required ?? []),
    choice: schema['maxProperties'] === 1,
  };
}

/** The shape of the setting at a dotted path, or null when the kind has none. */
export function shapeAt(kind: Kind, path: string): Shape | null {
  let shape: Shape | null = shapeOf(kind);
  for (const key of path.split('.')) shape = shape?.properties?.get(key) ?? null;
  return shape;
}

/** Throws when the schema names no level. */
function inheritedSetting(text: string): InheritedSetting {
  const dot = text.indexOf('.');
  const level = text.slice(0, dot);
  if (!Object.hasOwn(kindOfLevel, level)) throw new Error(`x-inherits "${text}" names no level`);
  return { level: level as Level, path: text.slice(dot + 1) };
}
