/**
 * Which value of a setting counts, and who says so: the object itself, the nearest level that it inherits from, or the
 * default of the schema. What compiles a configuration and what shows it ask here, so that they cannot differ.
 */
import type { Place } from '../../diagnostics/diagnostic.ts';
import type { Kind } from '../kinds.ts';
import type { Source } from '../snapshot.ts';
import { type InheritedSetting, kindOfLevel, type Level, type Shape, shapeAt, shapeOf } from './shape.ts';
import type { Stated, Statement } from './stated.ts';
import { typedValue } from './typed.ts';

/**
 * `own`: the object's file says it · a level: inherited from there · `unset`: nobody says it and there is no default ·
 * `wrong`: what stands at `place` is no value of this setting.
 */
export type Origin = 'own' | Level | 'default' | 'unset' | 'wrong';

export interface Resolved {
  /** As the schema means it: On is true, None is null, a decimal is its text; null when unset or wrong. */
  readonly value: unknown;
  readonly origin: Origin;
  /** Where the value stands; null when it stands nowhere. */
  readonly place: Place | null;
  /** The setting it is inherited from, its default included, or would be; null for one that inherits nothing. */
  readonly inherits: InheritedSetting | null;
}

export type Levels = Readonly<Record<Level, Stated>>;

/** The settings of one object. */
export class Settings {
  readonly #kind: Kind;
  readonly #stated: Stated;
  readonly #levels: Levels;

  constructor(kind: Kind, stated: Stated, levels: Levels) {
    this.#kind = kind;
    this.#stated = stated;
    this.#levels = levels;
  }

  /** Throws for a path that the schema does not have: a setting nobody can write is a mistake of this program. */
  resolve(path: string): Resolved {
    const rule = ruleFor(this.#kind, path);
    const own = this.#stated.get(path);
    if (own !== undefined) return found(own, 'own', rule.inherits[0] ?? null);
    for (const setting of rule.inherits) {
      const statement = this.#levels[setting.level].get(setting.path);
      if (statement !== undefined) return found(statement, setting.level, setting);
    }
    return rule.otherwise;
  }

  boolean(path: string): boolean {
    const { value } = this.resolve(path);
    if (typeof value !== 'boolean') throw new TypeError(`${path} is neither true nor false`);
    return value;
  }

  number(path: string): number {
    const { value } = this.resolve(path);
    if (typeof value !== 'number') throw new TypeError(`${path} is no number`);
    return value;
  }

  /** A setting in seconds, as ms. */
  milliseconds(path: string): number {
    return Math.round(this.number(path) * 1000);
  }

  /** Where the settings stand that the object inherits, and that are not left to their defaults. */
  inheritedPlaces(): Readonly<Record<string, Source>> {
    const places: Record<string, Source> = {};
    for (const path of inheritingPaths(this.#kind)) {
      if (this.#stated.has(path)) continue;
      const { place } = this.resolve(path);
      if (place !== null) places[path] = place;
    }
    return places;
  }
}

function found(
  { value, place, wrong }: Statement,
  origin: Origin,
  inherits: InheritedSetting | null,
): Resolved {
  return { value, origin: wrong === true ? 'wrong' : origin, place, inherits };
}

interface Rule {
  readonly inherits: Shape['inherits'];
  /** When nobody says anything. */
  readonly otherwise: Resolved;
}

const rules = new Map<Kind, Map<string, Rule>>();

function ruleFor(kind: Kind, path: string): Rule {
  const ofKind = rules.get(kind) ?? new Map<string, Rule>();
  rules.set(kind, ofKind);
  const known = ofKind.get(path);
  if (known !== undefined) return known;
  const shape = shapeAt(kind, path);
  if (shape === null) throw new RangeError(`the schema of the ${kind} has no setting ${path}`);
  const rule = { inherits: shape.inherits, otherwise: otherwiseOf(shape) };
  ofKind.set(path, rule);
  return rule;
}

/** The default stands where the value would be inherited from in the end. */
function otherwiseOf(shape: Shape): Resolved {
  const last = shape.inherits.at(-1) ?? null;
  const top = last === null ? shape : shapeAt(kindOfLevel[last.level], last.path);
  if (top === null) throw new RangeError(`x-inherits names ${last?.path}, which no schema has`);
  if (top.default === undefined) return { value: null, origin: 'unset', place: null, inherits: last };
  const value = typedValue(top.form, top.default, null);
  return { value, origin: 'default', place: null, inherits: last };
}

const inheriting = new Map<Kind, readonly string[]>();

function inheritingPaths(kind: Kind): readonly string[] {
  const known = inheriting.get(kind);
  if (known !== undefined) return known;
  const paths = pathsWithin(shapeOf(kind), '');
  inheriting.set(kind, paths);
  return paths;
}

function pathsWithin(shape: Shape, prefix: string): string[] {
  return [...(shape.properties ?? [])].flatMap(([key, inner]) => [
    ...(inner.inherits.length > 0 ? [`${prefix}${key}`] : []),
    ...pathsWithin(inner, `${prefix}${key}.`),
  ]);
}
