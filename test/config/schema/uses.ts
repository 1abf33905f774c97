/** Every place of a configuration where a property of a schema is used, with what the schema says of it there. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 as Validator } from 'ajv/dist/2020.js';
import { isMap, isScalar, isSeq, type Node, type Pair, parseDocument, type YAMLMap } from 'yaml';
import { listFiles } from '../../../src/config/read/list-files.ts';
import { readSchema } from '../../../src/config/schema/read.ts';
import type { Schema } from '../../../src/config/schema/types.ts';

export interface Use {
  /** The configuration directory, and the file relative to it. */
  readonly directory: string;
  readonly file: string;
  readonly text: string;
  /** `account.kind`, `routing-gateway.prefixes[].mode`; the kind alone is the whole file. */
  readonly path: string;
  /** What holds for the value that stands here: the property's schema and the branch that its value takes. */
  readonly schemas: readonly Schema[];
  /** The path, and which branch it is; mistakes are made once for each. */
  readonly form: string;
  /** The value, from its first character to behind its last. */
  readonly from: number;
  readonly to: number;
  /** Null for items of lists and whole files. */
  readonly key: { readonly name: string; readonly from: number } | null;
  /** The whole of the mapping or list around it; null for whole files. */
  readonly around: Use | null;
  readonly flow: boolean;
}

const ajv = new Validator({ strict: false });

/** The first use of each property, in each of its forms: a mistake need not be made twice. */
export function firstUsesIn(directories: readonly string[]): readonly Use[] {
  const uses = new Map<string, Use>();
  for (const use of directories.flatMap(usesIn)) if (!uses.has(use.form)) uses.set(use.form, use);
  return [...uses.values()];
}

export function usesIn(directory: string): readonly Use[] {
  return listFiles(directory).files.flatMap(({ path, kind }) => {
    const text = readFileSync(join(directory, path), 'utf8');
    const { contents } = parseDocument(text);
    if (contents === null) throw new Error(`${path} is empty`);
    return usesOf(contents, readSchema(kind), {
      directory,
      file: path,
      text,
      path: kind,
      key: null,
      around: null,
    });
  });
}

type Where = Pick<Use, 'directory' | 'file' | 'text' | 'path' | 'key' | 'around'>;

function usesOf(node: Node, schema: Schema, where: Where): readonly Use[] {
  const value: unknown = node.toJS(parseDocument(''));
  const schemas = branchesFor(schema, value);
  const [from = 0, to = 0] = node.range ?? [];
  const form = `${where.path}${schemas[1] === undefined ? '' : schemas[1] === schema.then ? ' then' : ' else'}`;
  const use: Use = {
    ...where,
    schemas,
    form,
    from,
    to,
    flow: (isMap(node) || isSeq(node)) && node.flow === true,
  };
  if (isMap(node)) return [use, ...keysOf(node, use)];
  if (!isSeq(node)) return [use];
  const items = schemas.find(branch => branch.items !== undefined)?.items;
  if (items === undefined) throw new Error(`${use.path} has no items in its schema`);
  const inner = { ...where, path: `${use.path}[]`, key: null, around: use };
  return [use, ...node.items.flatMap(item => usesOf(item as Node, items, inner))];
}

function keysOf(node: YAMLMap, around: Use): readonly Use[] {
  return (node.items as readonly Pair<Node, Node>[]).flatMap(({ key, value }) => {
    const name = isScalar(key) ? String(key.value) : '';
    const schema = around.schemas.map(branch => branch.properties?.[name]).find(found => found !== undefined);
    if (schema === undefined || value === null) throw new Error(`${around.path} has no ${name}`);
    const { directory, file, text, path } = around;
    const written = { name, from: key.range![0] };
    return usesOf(value, schema, { directory, file, text, path: `${path}.${name}`, key: written, around });
  });
}

function branchesFor(schema: Schema, value: unknown): readonly Schema[] {
  if (schema['if'] === undefined) return [schema];
  const branch = ajv.validate(schema['if'] as Schema, value) ? schema.then : schema.else;
  return branch === undefined ? [schema] : [schema, branch];
}
