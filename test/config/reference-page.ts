/** The reference of all keys as docs/configuration.md must have it; the schemas are its source. */
import { folders, type Kind, sourceFile, wordsFor } from '../../src/config/kinds.ts';
import { propertiesOf, type SchemaProperty } from '../../src/config/schema/properties.ts';
import { readSchema } from '../../src/config/schema/read.ts';
import type { Schema } from '../../src/config/schema/types.ts';
import { inlineYaml } from './inline-yaml.ts';

const headings: readonly { readonly kind: Kind; readonly title: string }[] = [
  { kind: 'switch', title: 'switch.yaml' },
  ...folders.map(({ kind, folder }) => ({ kind, title: `${folder}/*.yaml` })),
  { kind: 'source', title: sourceFile },
];

export function referencePage(): string {
  return headings
    .map(({ kind, title }) => {
      const schema = readSchema(kind);
      return `### ${title}\n\n${schema.description}\n\n${referenceTable(schema)}`;
    })
    .join('\n');
}

/** All keys of a schema. */
export function referenceTable(schema: Schema): string {
  const rows = propertiesOf(schema).map(row).join('\n');
  return `| key | value | default | meaning |\n|---|---|---|---|\n${rows}\n`;
}

function row(property: SchemaProperty): string {
  const { path, schema } = property;
  const restart = schema['x-restart'] === true ? '*(restart)* ' : '';
  const example = exampleOf(schema);
  const meaning = [
    `${restart}${schema.description ?? ''}`,
    ...(schema['x-old-spellings'] ?? []).map(spelling => `Old spelling: ${spelling}.`),
    ...(example === '' ? [] : [`Example: ${example}`]),
  ].join(' ');
  const cells = [`\`${path}\``, valueWords(schema), defaultWords(property), meaning];
  return `| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function exampleOf(schema: Schema): string {
  const examples = (schema['examples'] ?? []) as readonly unknown[];
  return [...new Set(examples.map(example => shown(example, schema)))].join(', ');
}

function defaultWords({ name, schema, required }: SchemaProperty): string {
  if (required) return '*required*';
  if (name === null) return '';
  const own = schema.default === undefined ? '' : shown(schema.default, schema);
  const sources = ((schema['x-inherits'] ?? []) as readonly string[]).map(source => {
    const [level, ...path] = source.split('.');
    return `\`${path.join('.')}\` of ${level === 'switch' ? 'switch.yaml' : `its ${level}`}`;
  });
  return [...sources, ...(own === '' ? [] : [own])].join(', else ');
}

/** What units are called; the meta-test of the schemas holds them to this list. */
export const unitWords: Readonly<Record<string, string>> = {
  s: 'seconds',
  ms: 'milliseconds',
  min: 'minutes',
  calls: 'calls',
  'calls/s': 'calls per second',
  requests: 'requests',
  gateways: 'gateways',
  versions: 'versions',
  MB: 'megabytes',
  days: 'days',
  decimals: 'decimals',
  '%': 'percent',
  digits: 'digits',
  currency: 'currency',
  'currency/unit': 'currency per unit',
};

const formWords: Readonly<Record<string, string>> = {
  prefix: 'prefix in quotes',
  decimal: 'decimal',
  time: 'date or time',
  secret: 'env or file',
  host: 'host',
  destination: 'host and port',
  address: 'address',
  'source-address': 'address or range',
  file: 'path of a file',
  source: 'address and port',
  duration: 'duration',
  amount: 'amount',
  comparison: 'value or comparison',
  flag: '`true`',
  'dial-rules': 'list of rules, or the same as one text',
  'dial-rule': 'rule of a dial plan',
};

const typeWords: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'number',
  integer: 'whole number',
  boolean: 'true or false',
  array: 'list',
  object: 'mapping',
  null: 'empty',
};

function valueWords(schema: Schema): string {
  if (schema['x-reference'] !== undefined) {
    const words = wordsFor(schema['x-reference'] as Kind);
    return `name of ${/^[aeiou]/.test(words) ? 'an' : 'a'} ${words}`;
  }
  const choices = choicesOf(schema);
  const types = [schema['type'] ?? []].flat().map(String);
  const form = formWords[String(schema['x-form'])];
  const listed = choices.length === 0 ? types : types.filter(type => type !== 'string' && type !== 'null');
  const words = form === undefined || types.includes('object') ? listed.map(typeWord) : [form];
  return [...words.map(word => `${word}${limitWords(schema, word)}`), ...choices].join(' or ');
}

function choicesOf(schema: Schema): readonly string[] {
  const choices = [schema, schema.then, schema.else].flatMap(branch => (branch?.['enum'] ?? []) as unknown[]);
  return choices.filter(choice => typeof choice !== 'boolean').map(choice => shown(choice));
}

function typeWord(type: string): string {
  return typeWords[type] ?? type;
}

/** The range and the unit of a number. */
function limitWords(schema: Schema, word: string): string {
  if (!/number|decimal/.test(word)) return '';
  const { minimum, maximum, exclusiveMinimum } = schema as Readonly<Record<string, number | undefined>>;
  const most = maximum === undefined ? '' : `, ≤ ${maximum}`;
  const both = exclusiveMinimum !== undefined ? ` > ${exclusiveMinimum}${most}` : '';
  const range = minimum === undefined ? both : ` ${minimum}–${maximum}`;
  return `${range} ${schema['x-unit'] === undefined ? '' : unitWords[String(schema['x-unit'])]}`.trimEnd();
}

/** A value as a code span; On and Off where VOS3000 has them. */
function shown(value: unknown, schema: Schema = {}): string {
  const onOff = ((schema['enum'] ?? []) as readonly unknown[]).includes('On');
  return `\`${onOff && typeof value === 'boolean' ? (value ? 'On' : 'Off') : inlineYaml(value)}\``;
}
