/** Every setting that an object has or could have, with its value and who says so. */
import type { Kind } from '../kinds.ts';
import { type Levels, type Resolved, Settings } from './settings.ts';
import { type Shape, shapeOf } from './shape.ts';
import type { Stated } from './stated.ts';

export interface ListedSetting extends Resolved {
  /** `timeouts.ringingSeconds`; a list is one setting, and so is a mapping that is absent as a whole. */
  readonly path: string;
  readonly unit: string | null;
  /** The file must say it, and does not. */
  readonly missing: boolean;
}

/** In the order of the schema, which is the order in which people write them. */
export function listSettings(kind: Kind, stated: Stated, levels: Levels): readonly ListedSetting[] {
  const settings = new Settings(kind, stated, levels);
  const list = (shape: Shape, prefix: string): ListedSetting[] =>
    [...(shape.properties ?? [])].flatMap(([key, inner]) => {
      const path = `${prefix}${key}`;
      const said = stated.has(path) || (inner.properties !== null && saysWithin(stated, path));
      if (!said && shape.choice && prefix !== '') return [];
      const isOne = inner.properties === null || stated.has(path) || (!said && standsAlone(inner));
      if (!isOne) return list(inner, `${path}.`);
      const resolved = settings.resolve(path);
      const missing = resolved.origin === 'unset' && shape.required.includes(key);
      return [{ path, unit: inner.unit, ...resolved, missing }];
    });
  return list(shapeOf(kind), '');
}

/** A mapping of which nothing can be said while it is absent: its keys count only together or instead of each other. */
function standsAlone(shape: Shape): boolean {
  return shape.default !== undefined || shape.required.length > 0 || shape.choice;
}

function saysWithin(stated: Stated, path: string): boolean {
  for (const key of stated.keys()) if (key.startsWith(`${path}.`)) return true;
  return false;
}
