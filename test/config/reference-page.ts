/** The reference of all keys as docs/configuration.md must have it; the schemas are its source. */
import { folders, type Kind } from '../../src/config/kinds.ts';
import { readSchema } from '../../src/config/schema/check.ts';
import type { Schema } from '../../src/config/schema/types.ts';

const headings: readonly { readonly kind: Kind; readonly title: string }[] = [
  { kind: 'switch', title: 'switch.yaml' },
  ...folders.map(({ kind, folder }) => ({ kind, title: `${folder}/*.yaml` })),
];

export function referencePage(): string {
  return headings
    .map(({ kind, title }) => {
      const schema = readSchema(kind);
      const rows = rowsOf(schema, '').join('\n');
      return `### ${title}\n\n${schema.description}\n\n| key | meaning |\n|---|---|\n${rows}\n`;
    })
    .join('\n');
}

function rowsOf(schema: Schema, path: string): string[] {
  return [schema, schema.then, schema.else].flatMap(branch => {
    if (branch === undefined) return [];
    const required = branch.required ?? [];
    const own = Object.entries(branch.properties ?? {}).flatMap(([name, property]) => {
      const marks = [
        ...(required.includes(name) ? ['required'] : []),
        ...(property['x-restart'] === true ? ['restart'] : []),
      ];
      const mark = marks.length === 0 ? '' : ` *(${marks.join(', ')})*`;
      const here = `${path}${name}`;
      return [row(here, property, mark), ...rowsOf(property, `${here}.`)];
    });
    if (branch.items === undefined) return own;
    const here = `${path.slice(0, -1)}[]`;
    return [...own, row(here, branch.items, ''), ...rowsOf(branch.items, `${here}.`)];
  });
}

function row(path: string, schema: Schema, mark: string): string {
  return `| \`${path}\`${mark} | ${(schema.description ?? '').replaceAll('|', '\\|')} |`;
}
