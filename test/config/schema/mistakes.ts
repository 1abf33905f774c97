/** The mistakes that can be made at a place of a configuration, worked out from its schema. */
import { type ErrorObject, Ajv2020 as Validator } from 'ajv/dist/2020.js';
import type { Schema } from '../../../src/config/schema/types.ts';
import { inlineYaml } from '../inline-yaml.ts';
import type { Use } from './uses.ts';

export interface Mistake {
  readonly name: string;
  /** The file with the mistake. */
  readonly text: string;
  /** The code that must be reported, or one of several. */
  readonly codes: readonly string[];
  /** Where: an offset in `text`. */
  readonly at: number;
  /** The mistake is one against the schema, so an editor sees it as well. */
  readonly bySchema: boolean;
}

const ajv = new Validator({ strict: false, allErrors: true });

/** Every mistake there is at a place. */
export function mistakesAt(use: Use): readonly Mistake[] {
  return [
    ...wrongTypes(use),
    ...unknownSiblings(use),
    ...danglingNames(use),
    ...valuesNotAllowed(use),
    ...malformedTexts(use),
    ...missingKeys(use),
  ];
}

/** The examples of the schema, each in the place where the property stands. */
export function examplesAt(use: Use): readonly Pick<Mistake, 'name' | 'text'>[] {
  const examples = (use.schemas[0]?.['examples'] ?? []) as readonly unknown[];
  return examples.map(example => {
    const written = inlineYaml(example);
    return { name: `${use.path}: ${written}`, text: replaced(use, written) };
  });
}

function wrongTypes(use: Use): readonly Mistake[] {
  if (use.around === null) return [];
  // Where a whole number is wrong, another number is nothing new.
  const numbers = codeOfType(use, 7) === null ? [1.5] : [7];
  return [...numbers, true, 'a text', [], {}, null].flatMap(value => {
    const code = codeOfType(use, value);
    if (code === null) return [];
    const written = value === null ? '~' : inlineYaml(value);
    return [mistake(use, `${use.path}: ${written}`, replaced(use, written), [code])];
  });
}

/** The code when a value is of a wrong type, or null when its type is right. */
function codeOfType(use: Use, value: unknown): string | null {
  const [schema = {}] = use.schemas;
  const wrong = errorsOf(schema, value).filter(({ instancePath }) => instancePath === '');
  const isChoice = schema['type'] === undefined && schema['enum'] !== undefined;
  if (isChoice && wrong.length > 0) return value === null ? 'C4203' : 'C4204';
  if (!wrong.some(({ keyword }) => keyword === 'type')) return null;
  if (schema['x-form'] === 'prefix' && typeof value === 'number') return 'C4206';
  if (schema['x-form'] === 'secret' && (typeof value !== 'object' || value === null)) return 'C4208';
  return 'C4203';
}

const unknownKey = 'noSuchKeyAnywhere';

function unknownSiblings(use: Use): readonly Mistake[] {
  if (use.key === null || use.around === null) return [];
  const { text, key, around } = use;
  const lineStart = text.lastIndexOf('\n', key.from - 1) + 1;
  const indent = ' '.repeat(key.from - lineStart);
  const written = `${unknownKey}: 1${around.flow ? ', ' : `\n${indent}`}`;
  const changed = `${text.slice(0, key.from)}${written}${text.slice(key.from)}`;
  const name = `${use.path} with an unknown sibling`;
  return [{ ...mistake(use, name, changed, ['C4201']), at: key.from }];
}

function danglingNames(use: Use): readonly Mistake[] {
  if (use.schemas[0]?.['x-reference'] === undefined) return [];
  const text = replaced(use, 'nobody-has-this-name');
  return [{ ...mistake(use, `${use.path} that names nothing`, text, ['C4301']), bySchema: false }];
}

function valuesNotAllowed(use: Use): readonly Mistake[] {
  return use.schemas.flatMap(schema =>
    Object.entries(schema).flatMap(([keyword, limit]) => {
      const value = valueAgainst(keyword, limit, schema);
      if (value === undefined) return [];
      const written = inlineYaml(value);
      const shown = written.length > 40 ? `${written.slice(0, 40)}…` : written;
      return [mistake(use, `${use.path}: ${shown} against ${keyword}`, replaced(use, written), ['C4204'])];
    }),
  );
}

/** A value that breaks one keyword alone; undefined when the keyword forbids nothing or is broken elsewhere. */
function valueAgainst(keyword: string, limit: unknown, schema: Schema): unknown {
  const { items = {} } = schema;
  const [example] = (items['examples'] ?? []) as readonly unknown[];
  switch (keyword) {
    case 'minimum':
      return Number(limit) - 1;
    case 'maximum':
      return Number(limit) + 1;
    case 'exclusiveMinimum':
      return limit;
    case 'enum':
      return 'noSuchChoice';
    case 'pattern':
      return '§';
    case 'minLength':
      return '';
    case 'maxLength':
      return 'a'.repeat(Number(limit) + 1);
    case 'minItems':
      return [];
    case 'maxItems':
      return Array.from({ length: Number(limit) + 1 }, (_, i) => (allows(items, `${i}`) ? `${i}` : example));
    case 'uniqueItems':
      return [example, example];
    case 'minProperties':
      return {};
    case 'maxProperties':
      return Object.fromEntries(
        Object.entries(schema.properties ?? {}).map(([key, { examples }]) => [
          key,
          (examples as unknown[])[0],
        ]),
      );
    default:
      return undefined;
  }
}

/** Texts that the schema lets pass and the switch cannot read, by form, with the codes of which one is reported. */
const malformed: Readonly<
  Record<string, readonly (readonly [texts: readonly string[], codes: readonly string[]])[]>
> = {
  decimal: [
    [
      ['-1', '"1e5"', '"1,000.50"', '0.12345678901'],
      ['C4204', 'C4402'],
    ],
    [['1e5'], ['C4209']],
  ],
  time: [
    [
      ['tomorrow', '2030-02-30', '2030-01-31T12:00:00'],
      ['C4204', 'C4403'],
    ],
  ],
  address: [[['192.0.2.256', 'host.example.net'], ['C4308']]],
  'source-address': [[['192.0.2.256', '192.0.2.0/33'], ['C4308']]],
  destination: [[['192.0.2.1:0', 'two words'], ['C4308']]],
  host: [[['two words'], ['C4308']]],
  'dial-rule': [[['"0"', '"0:4:4"', '"0:1-"'], ['C4221']]],
  'dial-rules': [[['"0"', '"0:1-,00:1"', '","'], ['C4221']]],
  file: [
    [
      ['no-such-file.csv', '../../outside.csv'],
      ['C4002', 'C4204'],
    ],
  ],
};

function malformedTexts(use: Use): readonly Mistake[] {
  const form = String(use.schemas[0]?.['x-form']);
  return (malformed[form] ?? []).flatMap(([texts, codes]) =>
    texts.map(text => {
      return { ...mistake(use, `${use.path}: ${text}`, replaced(use, text), codes), bySchema: false };
    }),
  );
}

function missingKeys(use: Use): readonly Mistake[] {
  if (use.key === null || use.around === null) return [];
  const { name, from } = use.key;
  if (!use.around.schemas.some(({ required = [] }) => required.includes(name))) return [];
  const text = without(use, from);
  // The mapping begins where its first key does, wherever the next key has been moved to.
  return [{ ...mistake(use, `${use.path} missing`, text, ['C4202']), at: use.around.from }];
}

/** The file without a key and its value; a key behind a dash gives its place to the next one. */
function without({ text, to, around }: Use, from: number): string {
  const after = text.slice(to);
  if (around?.flow === true) {
    if (after.startsWith(',')) return `${text.slice(0, from)}${after.replace(/^,\s*/, '')}`;
    return `${text.slice(0, from).replace(/,\s*$/, '')}${after}`;
  }
  const lineStart = text.lastIndexOf('\n', from - 1) + 1;
  const ownLine = text.slice(lineStart, from).trim() === '';
  const rest = text.slice(from, to).endsWith('\n') ? after : after.replace(/^.*\n/, '');
  return ownLine ? `${text.slice(0, lineStart)}${rest}` : `${text.slice(0, from)}${rest.trimStart()}`;
}

function mistake(use: Use, name: string, text: string, codes: readonly string[]): Mistake {
  return { name, text, codes, at: use.from, bySchema: true };
}

/** The file with something else in place of a value, on the lines of that value. */
function replaced({ text, from, to }: Use, written: string): string {
  const end = text.slice(from, to).endsWith('\n') ? '\n' : '';
  return `${text.slice(0, from)}${written}${end}${text.slice(to)}`;
}

function allows(schema: Schema, value: unknown): boolean {
  return ajv.validate(schema, value);
}

function errorsOf(schema: Schema, value: unknown): readonly ErrorObject[] {
  return ajv.validate(schema, value) ? [] : (ajv.errors ?? []);
}
