/** Holds the schemas to what a manual, an editor and the tests need of them. */
import { Ajv2020 as Validator } from 'ajv/dist/2020.js';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { kindsWithSchema } from '../../../src/config/kinds.ts';
import { annotations } from '../../../src/config/schema/annotations.ts';
import { branchesOf, propertiesOf, type SchemaProperty } from '../../../src/config/schema/properties.ts';
import { readSchema, schemaFile } from '../../../src/config/schema/read.ts';
import type { Schema } from '../../../src/config/schema/types.ts';
import { sourceFiles } from '../../support/source-files.ts';
import { unitWords } from '../reference-page.ts';

const test = suite('config/schema/schemas');

const kinds = kindsWithSchema;
const properties = kinds.flatMap(kind =>
  propertiesOf(readSchema(kind)).map(property => ({ ...property, path: `${kind}.${property.path}` })),
);

/** Numbers that count nothing, and so have no unit. */
const bareNumbers = ['port', 'priority', 'response-code', 'probability', 'seed', 'field'];

const forms = [
  ...bareNumbers,
  'prefix',
  'decimal',
  'time',
  'secret',
  'host',
  'destination',
  'address',
  'source-address',
  'file',
  'dial-rules',
  'dial-rule',
  'source',
  'duration',
  'amount',
  'comparison',
  'flag',
];

function complain(findings: readonly SchemaProperty[]): void {
  assert.equal(
    findings.map(({ path }) => path),
    [],
  );
}

function typesOf(schema: Schema): readonly string[] {
  return [schema['type'] ?? []].flat().map(String);
}

function described(schema: Schema, words: RegExp): boolean {
  return words.test(schema.description ?? '');
}

test('there is one schema for each kind of file', () => {
  const files = sourceFiles('schemas', '.schema.json').map(({ path }) => path);

  assert.equal(files, kinds.map(kind => `schemas/${kind}.schema.json`).sort());
});

test('every property is described in sentences', () => {
  complain(properties.filter(({ schema }) => !described(schema, /^[A-Z0-9`].*\.$/)));
});

test('what is absent means something: a property is required, has a default, or says what counts without it', () => {
  complain(
    properties.filter(
      ({ name, schema, required }) =>
        name !== null && !required && schema.default === undefined && !described(schema, /\bdefault: \S/i),
    ),
  );
});

test('every default is told in the description and allowed by the schema', () => {
  const defaults = properties.filter(({ schema }) => schema.default !== undefined);

  complain(defaults.filter(({ schema }) => !described(schema, /\bdefault\b/i)));
  complain(defaults.filter(({ schema }) => !allows(schema, schema.default)));
});

test('every quantity has a unit, in words a reader sees', () => {
  const numbers = properties.filter(({ schema }) =>
    typesOf(schema).some(type => type === 'number' || type === 'integer'),
  );
  const isBare = ({ schema }: SchemaProperty) => bareNumbers.includes(String(schema['x-form']));

  complain(numbers.filter(number => isBare(number) === (number.schema['x-unit'] !== undefined)));
  complain(
    properties.filter(({ schema }) => {
      const unit = schema['x-unit'];
      if (unit === undefined) return false;
      const words = unitWords[String(unit)];
      // "per unit" is how a price is told, wherever its currency stands in the sentence.
      return words === undefined || !described(schema, new RegExp(words.split(' ')[0]!.slice(0, -1), 'i'));
    }),
  );
});

test('a range is told in the description', () => {
  complain(
    properties.filter(({ schema }) => {
      const { minimum, maximum, exclusiveMinimum } = schema as Readonly<Record<string, number | undefined>>;
      const isCode = schema['x-form'] === 'response-code';
      return [minimum, maximum, exclusiveMinimum].some(
        limit => limit !== undefined && limit < 1_000_000 && !isCode && !described(schema, told(limit)),
      );
    }),
  );
});

/** A limit of 0 is also told by "not negative". */
function told(limit: number): RegExp {
  if (limit < 0) return new RegExp(`[-−]${-limit}\\b`);
  return limit === 0 ? /\b0\b|not negative/ : new RegExp(`\\b${limit}\\b`);
}

test('every property has examples that its own schema allows', () => {
  complain(properties.filter(({ schema }) => examplesOf(schema).length === 0));
  complain(properties.filter(({ schema }) => examplesOf(schema).some(example => !allows(schema, example))));
});

test('what needs a restart is marked and told: all of sip and store, and nothing else', () => {
  const marked = properties.filter(({ schema }) => schema['x-restart'] === true);

  complain(marked.filter(({ schema }) => !described(schema, /only when the switch is restarted/)));
  complain(marked.filter(({ path }) => !/^switch\.(?:sip|store)\b/.test(path)));
  assert.ok(['switch.sip', 'switch.store'].every(path => marked.some(property => property.path === path)));
});

test('no object accepts keys that it does not know', () => {
  const objects = [
    ...kinds.map(kind => ({ path: kind, name: null, schema: readSchema(kind), required: true })),
    ...properties,
  ];
  complain(
    objects.filter(({ schema }) => schema.properties !== undefined && schema.additionalProperties !== false),
  );
});

test('a form and a kind of object that is referred to are known ones', () => {
  complain(properties.filter(({ schema }) => !isKnown(schema['x-form'], forms)));
  complain(properties.filter(({ schema }) => !isKnown(schema['x-reference'], kinds)));
});

test('what is inherited is a setting of the level it comes from, of the same unit', () => {
  const sources = properties.flatMap(property =>
    ((property.schema['x-inherits'] ?? []) as readonly string[]).map(source => ({ property, source })),
  );
  const mistaken = sources.filter(({ property, source }) => {
    const found = properties.find(({ path }) => path === source);
    return found === undefined || found.schema['x-unit'] !== property.schema['x-unit'];
  });

  assert.ok(sources.length > 5);
  complain(mistaken.map(({ property }) => property));
});

test('an editor says of a text that fails its pattern what we say, and shows no regular expression', () => {
  complain(
    properties.filter(property =>
      branchesOf(property.schema).some(
        ({ pattern, 'x-expected': expected, patternErrorMessage: shown }) =>
          pattern !== undefined && (expected === undefined || shown !== `must be ${expected}`),
      ),
    ),
  );
});

test('the files are strict JSON Schema as they stand', () => {
  for (const kind of kinds) {
    const strict = new Validator({ strict: true, strictTypes: false, strictRequired: false });
    strict.addVocabulary(annotations);
    strict.compile(schemaFile(kind));
  }
});

test('our own keywords are all known to the validator', () => {
  const text = sourceFiles('schemas', '.schema.json')
    .map(file => file.text)
    .join('');
  const used = new Set([...text.matchAll(/"(x-[a-z-]+)":/g)].map(match => match[1]!));

  assert.equal([...used].sort(), annotations.filter(keyword => keyword.startsWith('x-')).sort());
});

test('every definition is used', () => {
  for (const kind of kinds) {
    const file = schemaFile(kind);
    const { $defs: definitions = {} } = file;
    const text = JSON.stringify(file);
    const unused = Object.keys(definitions as object).filter(
      name => !text.includes(`"$ref":"#/$defs/${name}"`),
    );
    assert.equal(unused, [], kind);
  }
});

function isKnown(word: unknown, words: readonly string[]): boolean {
  return word === undefined || words.includes(String(word));
}

function examplesOf(schema: Schema): readonly unknown[] {
  return (schema['examples'] ?? []) as readonly unknown[];
}

const ajv = new Validator({ strict: false });

function allows(schema: Schema, value: unknown): boolean {
  return ajv.validate(schema, value);
}

test.run();
