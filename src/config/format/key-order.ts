/** The canonical order of keys is the order of the schema. */
import type { WrittenCollection, WrittenEntry, WrittenNode } from '../read/written.ts';
import { branchesOf } from '../schema/properties.ts';
import type { Schema } from '../schema/types.ts';

/** The file with its keys in order, however deep. Keys that the schema does not know follow behind as they stood. */
export function inKeyOrder(root: WrittenCollection, schema: Schema): WrittenCollection {
  return ordered(root, [schema]);
}

function ordered(node: WrittenCollection, schemas: readonly Schema[]): WrittenCollection {
  const branches = schemas.flatMap(branchesOf);
  if (node.kind === 'list') {
    const items = branches.flatMap(({ items }) => (items === undefined ? [] : [items]));
    return { ...node, entries: node.entries.map(entry => withOrder(entry, items)) };
  }
  const ranks = new Map<string, number>();
  for (const { properties = {} } of branches) {
    for (const name of Object.keys(properties)) if (!ranks.has(name)) ranks.set(name, ranks.size);
  }
  const rank = ({ name }: WrittenEntry) => ranks.get(name ?? '') ?? ranks.size;
  const entries = node.entries.map(entry => {
    const own = branches.flatMap(({ properties = {} }) => {
      const { [entry.name ?? '']: schema } = properties;
      return schema === undefined ? [] : [schema];
    });
    return withOrder(entry, own);
  });
  return { ...node, entries: entries.sort((a, b) => rank(a) - rank(b)) };
}

function withOrder(entry: WrittenEntry, schemas: readonly Schema[]): WrittenEntry {
  const value: WrittenNode = entry.value.kind === 'scalar' ? entry.value : ordered(entry.value, schemas);
  return { ...entry, value };
}
