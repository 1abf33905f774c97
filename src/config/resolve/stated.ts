/** What a file states, setting by setting, and where; all that later steps need of it once it has been parsed. */
import type { Place } from '../../diagnostics/diagnostic.ts';
import type { Located } from '../read/located.ts';
import type { Shape } from './shape.ts';
import { typedNode } from './typed.ts';

export interface Statement {
  /** As the schema means it: On is true, None is null, a decimal is its text. */
  readonly value: unknown;
  readonly place: Place;
}

/** By dotted path: `timeouts.ringingSeconds`. A list is one setting. */
export type Stated = ReadonlyMap<string, Statement>;

export const nothingStated: Stated = new Map();

/** Keys that the schema does not know are left out. */
export function statedIn(node: Located, shape: Shape): Stated {
  const stated = new Map<string, Statement>();
  collect(node, shape, '', stated);
  return stated;
}

function collect(node: Located, shape: Shape, prefix: string, stated: Map<string, Statement>): void {
  for (const [key, child] of node.children ?? []) {
    const inner = shape.properties?.get(String(key));
    if (inner === undefined) continue;
    const path = `${prefix}${key}`;
    const isMapping = inner.properties !== null && child.node.children !== null;
    if (isMapping) collect(child.node, inner, `${path}.`, stated);
    else stated.set(path, { value: typedNode(inner, child.node), place: child.node.place });
  }
}
