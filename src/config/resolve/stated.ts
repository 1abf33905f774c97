/** What a file states, setting by setting, and where; all that later steps need of it once it has been parsed. */
import type { Place } from '../../diagnostics/diagnostic.ts';
import { type Located, type Path, placeOf } from '../read/located.ts';
import type { Shape } from './shape.ts';
import { typedNode } from './typed.ts';

export interface Statement {
  /** As the schema means it: On is true, None is null, a decimal is its text. */
  readonly value: unknown;
  readonly place: Place;
  /** The schema does not allow what stands there, so there is no value. */
  readonly wrong?: true;
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

/**
 * `stated` with a mark at everything that is written and wrong: the file means to say something there, so neither a
 * default nor a level above may be taken for its answer.
 */
export function withWrong(stated: Stated, root: Located, shape: Shape, wrong: readonly Path[]): Stated {
  if (wrong.length === 0) return stated;
  const marked = new Map(stated);
  for (const path of wrong) markWrong(root, shape, path, marked);
  return marked;
}

function markWrong(root: Located, shape: Shape, path: Path, marked: Map<string, Statement>): void {
  const keys: string[] = [];
  let inner = shape;
  for (const step of path) {
    const next = inner.properties?.get(String(step));
    // What is wrong is within a list, or a key that nobody knows and that says nothing.
    if (next === undefined && inner.properties !== null) return;
    if (next === undefined) break;
    keys.push(String(step));
    inner = next;
  }
  const statement: Statement = { value: null, place: placeOf(root, ...keys), wrong: true };
  markAll(inner, keys.join('.'), statement, marked);
}

function markAll(shape: Shape, path: string, statement: Statement, marked: Map<string, Statement>): void {
  if (path !== '') marked.set(path, statement);
  for (const [key, inner] of shape.properties ?? []) {
    markAll(inner, path === '' ? key : `${path}.${key}`, statement, marked);
  }
}
