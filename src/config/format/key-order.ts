/** The canonical order of keys is the order of the schema. */

import type { WrittenCollection, WrittenEntry, WrittenNode } from '../read/written.ts';
import { branchesOf } from '../schema/properties.ts';
import type { Schema } from '../schema/types.ts';
import { isIgnore } from './head.ts';

/** The file with its keys in order, however deep. Keys that the schema does not know follow behind as they stood. */
export function inKeyOrder(root: WrittenCollection, schema: Schema): WrittenCollection {
  return ordered(root, [schema], 'file');
}

type Of = 'file' | 'item' | 'key';

/** `of` is what a comment above the first key speaks of. */
function ordered(node: WrittenCollection, schemas: readonly Schema[], of: Of): WrittenCollection {
  const branches = schemas.flatMap(branchesOf);
  if (node.kind === 'list') {
    const items = branches.flatMap(({ items }) => (items === undefined ? [] : [items]));
    return { ...node, entries: node.entries.map(entry => withOrder(entry, items, 'item')) };
  }
  const ranks = new Map<string, number>();
  for (const { properties = {} } of branches) {
    for (const name of Object.keys(properties)) if (!ranks.has(name)) ranks.set(name, ranks.size);
  }
  const rank = ({ name }: WrittenEntry) => ranks.get(name ?? '') ?? ranks.size;
  const entries = node.entries.map(entry => {
    const own = branches.flatMap(({ properties = {}, additionalProperties: chosen }) => {
      const { [entry.name ?? '']: schema = typeof chosen === 'object' ? chosen : undefined } = properties;
      return schema === undefined ? [] : [schema];
    });
    return withOrder(entry, own, 'key');
  });
  entries.sort((a, b) => rank(a) - rank(b));
  return { ...node, entries: withOwnTop(entries, of) };
}

/**
 * A comment that speaks of one key must not come to speak of the whole item, nor silence the findings of a whole file,
 * so its key does not become the first.
 */
function withOwnTop(entries: readonly WrittenEntry[], of: Of): readonly WrittenEntry[] {
  if (of === 'key') return entries;
  const at = entries.findIndex(({ before }) =>
    of === 'item' ? before.length === 0 : !before.some(({ text }) => isIgnore(text)),
  );
  if (at < 1) return entries;
  return [entries[at]!, ...entries.slice(0, at), ...entries.slice(at + 1)];
}

function withOrder(entry: WrittenEntry, schemas: readonly Schema[], of: Of): WrittenEntry {
  const value: WrittenNode = entry.value.kind === 'scalar' ? entry.value : ordered(entry.value, schemas, of);
  return { ...entry, value };
}
