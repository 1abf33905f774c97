/** Parameters under older spellings: they count, with a warning that names the canonical one. */
import type { Findings } from '../findings.ts';
import type { Located, LocatedChild } from '../read/located.ts';
import type { Schema } from './types.ts';

/**
 * switch.yaml with canonical parameter names. A name is an old spelling when its schema lists it, or when only
 * underscores tell it from the canonical one, as in the older guides.
 */
export function withCanonicalParameters(root: Located, schema: Schema, findings: Findings): Located {
  const parameters = root.children?.get('parameters');
  const { parameters: schemaOfParameters } = schema.properties ?? {};
  const known = schemaOfParameters?.properties ?? {};
  if (parameters?.node.children === undefined || parameters.node.children === null) return root;
  const canonical = canonicalNames(known);
  const children = new Map<string | number, LocatedChild>();
  const renamed = [...parameters.node.children].filter(([key]) => !Object.hasOwn(known, key));
  for (const [key, child] of parameters.node.children)
    if (Object.hasOwn(known, key)) children.set(key, child);
  for (const [key, child] of renamed) {
    const name = canonical.get(squeezed(String(key))) ?? String(key);
    const other = children.get(name);
    if (other !== undefined) {
      const related = [{ ...other.keyPlace, message: `${name} stands here` }];
      findings.add('C4207', child.keyPlace, `${key} is another spelling of ${name}, which is set as well`, {
        related,
      });
      continue;
    }
    if (name !== key) {
      findings.add('C4205', child.keyPlace, `${key} is an old spelling of ${name}`, {
        hint: `Write ${name}.`,
      });
    }
    children.set(name, child);
  }
  if (renamed.length === 0) return root;
  return withChild(root, 'parameters', { ...parameters, node: withChildren(parameters.node, children) });
}

function canonicalNames(known: Readonly<Record<string, Schema>>): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const [name, schema] of Object.entries(known)) {
    names.set(squeezed(name), name);
    for (const spelling of schema['x-old-spellings'] ?? []) names.set(squeezed(spelling), name);
  }
  return names;
}

function squeezed(name: string): string {
  return name.replaceAll('_', '').toUpperCase();
}

function withChild(node: Located, key: string, child: LocatedChild): Located {
  return withChildren(node, new Map(node.children).set(key, child));
}

function withChildren(node: Located, children: ReadonlyMap<string | number, LocatedChild>): Located {
  const value = Object.fromEntries([...children].map(([key, child]) => [key, child.node.value]));
  return { ...node, value, children };
}
