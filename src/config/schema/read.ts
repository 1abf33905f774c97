/** The schema files, read once, with their local references filled in. */
import { readFileSync } from 'node:fs';
import type { Kind } from '../kinds.ts';
import type { Schema } from './types.ts';

const known = new Map<Kind, Schema>();

/**
 * The schema of a kind of file without `$ref` and `$defs`: each reference is replaced by what it points at, and what
 * stands beside the reference wins. So nobody who walks a schema, and no message about a value, need know of them.
 */
export function readSchema(kind: Kind): Schema {
  const read = known.get(kind);
  if (read !== undefined) return read;
  const file = schemaFile(kind);
  const { $defs: _, ...schema } = filledIn(file, file, []) as Schema;
  known.set(kind, schema);
  return schema;
}

/** The schema as it stands in its file. */
export function schemaFile(kind: Kind): Schema {
  // The same depth below the project in src/ and in any compiled copy of it, with the output folder in between.
  const path = new URL(`../../../../schemas/${kind}.schema.json`, import.meta.url);
  return JSON.parse(readFileSync(path, 'utf8')) as Schema;
}

function filledIn(part: unknown, file: Schema, within: readonly string[]): unknown {
  if (Array.isArray(part)) return part.map(item => filledIn(item, file, within));
  if (typeof part !== 'object' || part === null) return part;
  const { $ref: reference, ...own } = part as Schema;
  const rest = Object.fromEntries(
    Object.entries(own).map(([keyword, value]) => [keyword, filledIn(value, file, within)]),
  );
  if (typeof reference !== 'string') return rest;
  if (within.includes(reference)) throw new Error(`${reference} of ${String(file['$id'])} is within itself`);
  const name = /^#\/\$defs\/([\w-]+)$/.exec(reference)?.[1] ?? '';
  const target = (file['$defs'] as Readonly<Record<string, Schema>> | undefined)?.[name];
  if (target === undefined) throw new Error(`${String(file['$id'])} has no ${reference}`);
  return { ...(filledIn(target, file, [...within, reference]) as Schema), ...rest };
}
