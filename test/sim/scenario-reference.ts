/** The reference of all keys of scenario files as docs/scenarios.md must have it; their schema is its source. */

import { schemaFile } from '../../src/config/schema/read.ts';
import type { Schema } from '../../src/config/schema/types.ts';
import { recordFields } from '../../src/sim/files/record-fields.ts';
import { referenceTable } from '../config/reference-page.ts';

/** What stands in several places of a file is told once; by the name of its definition. */
const sections: Readonly<Record<string, string>> = {
  call: 'A call',
  callExpectations: 'What is expected of a call',
  totals: 'What is expected of all calls',
  given: 'What is already so',
  behaviour: 'How a gateway behaves',
  rule: 'A rule of behaviour',
};

export function scenarioReferencePage(): string {
  const file = schemaFile('scenario');
  const definitions = file['$defs'] as Readonly<Record<string, Schema>>;
  const parts = [
    `## The keys of a file\n\n${file.description}\n\n${referenceTable(filledIn(file, definitions))}`,
    ...Object.entries(sections).map(
      ([name, title]) => `## ${title}\n\n${referenceTable(filledIn(definitions[name]!, definitions))}`,
    ),
    `## Fields of a record\n\nOf which \`record\` can expect something: ${recordFields.map(field => `\`${field}\``).join(', ')}.\n`,
  ];
  return parts.join('\n');
}

/** Without references; those to a section say where it is instead of what it says. */
function filledIn(schema: Schema, definitions: Readonly<Record<string, Schema>>): Schema {
  return filled(schema, definitions) as Schema;
}

function filled(part: unknown, definitions: Readonly<Record<string, Schema>>): unknown {
  if (Array.isArray(part)) return part.map(item => filled(item, definitions));
  if (typeof part !== 'object' || part === null) return part;
  const { $ref: reference, $defs: _, ...own } = part as Schema;
  const rest = Object.fromEntries(
    Object.entries(own).map(([key, value]) => [key, filled(value, definitions)]),
  );
  if (typeof reference !== 'string') return rest;
  const name = reference.replace('#/$defs/', '');
  const title = sections[name];
  const { type, description, examples } = definitions[name]!;
  if (title === undefined) return { ...(filled(definitions[name], definitions) as Schema), ...rest };
  const link = `[${title}](#${title.toLowerCase().replaceAll(' ', '-')})`;
  return {
    type,
    examples,
    ...rest,
    description: `${String(own.description ?? description ?? '')} See ${link}.`,
  };
}
