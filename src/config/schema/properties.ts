/** Goes through a schema; whoever looks at all settings of a kind of file does it with this. */
import type { Schema } from './types.ts';

export interface SchemaProperty {
  /** From the top of the file: `sip.listen[].port`; items of a list are `[]`, names that the user chooses `<account>`. */
  readonly path: string;
  /** The key; null for the items of a list and for names that the user chooses. */
  readonly name: string | null;
  readonly schema: Schema;
  readonly required: boolean;
}

/** Every property of a schema, however deep, in the order of the schema, which is the canonical order of keys. */
export function propertiesOf(schema: Schema, path = ''): readonly SchemaProperty[] {
  return branchesOf(schema).flatMap(branch => {
    const named = Object.entries(branch.properties ?? {}).flatMap(([name, property]) => {
      const here = path === '' ? name : `${path}.${name}`;
      const required = branch.required?.includes(name) === true;
      return [{ path: here, name, schema: property, required }, ...propertiesOf(property, here)];
    });
    const { items, additionalProperties: chosen } = branch;
    const others = [
      ...(items === undefined ? [] : unnamed(items, `${path}[]`)),
      ...(typeof chosen === 'object'
        ? unnamed(chosen, `${path}.<${String(branch['x-key-reference'])}>`)
        : []),
    ];
    return [...named, ...others];
  });
}

function unnamed(schema: Schema, path: string): readonly SchemaProperty[] {
  return [{ path, name: null, schema, required: false }, ...propertiesOf(schema, path)];
}

/** The schema itself and what it says for a value of one form or another. */
export function branchesOf(schema: Schema): readonly Schema[] {
  return [schema, schema.then, schema.else].filter(part => part !== undefined);
}
