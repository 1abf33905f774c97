/** Holds the quick look at a file to what the validator says of it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import { folders, type Kind } from '../../../src/config/kinds.ts';
import { listFiles } from '../../../src/config/read/list-files.ts';
import { SchemaTests } from '../../../src/config/schema/fits.ts';
import { branchesOf, propertiesOf } from '../../../src/config/schema/properties.ts';
import { readSchema, schemaFile } from '../../../src/config/schema/read.ts';
import type { Schema } from '../../../src/config/schema/types.ts';
import { makeValidator } from '../../../src/config/schema/validator.ts';
import { projectDirectory, sourceFiles } from '../../support/source-files.ts';
import { everything, exampleNetworks } from '../example-networks.ts';

const test = suite('config/schema/fits');

const kinds: readonly Kind[] = ['switch', ...folders.map(({ kind }) => kind), 'scenario', 'source'];

const networks = [...exampleNetworks().map(network => join(projectDirectory, network)), ...everything];
const written = networks.flatMap(directory =>
  listFiles(directory).files.map(({ kind, path }) => ({
    kind,
    value: parse(readFileSync(join(directory, path), 'utf8')) as unknown,
  })),
);
const scenarios = sourceFiles('ci/scenarios', '.yaml').map(({ text }) => ({
  kind: 'scenario' as const,
  value: parse(text) as unknown,
}));
const sources = [
  {
    repository: 'https://git.example.net/voice/config.git',
    directory: 'switches/fra1',
    access: { token: { file: '/run/secrets/git-token' } },
    fetchInterval: 30,
    scenarios: 'required',
    signatures: { of: 'commits', allowedSignersFile: '/etc/class4/allowed_signers' },
    webhook: { address: '0.0.0.0', port: 9418, secret: { file: '/run/secrets/webhook' } },
  },
  { repository: 'git@git.example.net:voice/fra1.git', branch: 'main', allowFile: 'On' },
].map(value => ({ kind: 'source' as const, value }));
const files = [...written, ...scenarios, ...sources];

/** What is put in place of a value, beside what stands elsewhere in the same file. */
const strangers: readonly unknown[] = [
  ...[0, -1, 1, 7, 63, 64, 404, 1.5, 1e15, -0.5, true, false, null],
  ...['', 'a', 'other', '+44', '7-15', '025:010', 'ten', '0.5', '😀'.repeat(40), 'x'.repeat(200)],
  ...[
    [],
    {},
    [[]],
    ['a', 'a'],
    ['a', 'b'],
    [1, '1'],
    [
      { a: 1, b: 2 },
      { b: 2, a: 1 },
    ],
    { a: 1 },
  ],
  ...[{ allow: ['a'] }, { deny: ['a'], allow: ['b'] }, { caller: '1', callee: '2' }],
];

interface Change {
  /** Which of all places, and what happens there. */
  readonly at: number;
  readonly what: 'replace' | 'remove' | 'add' | 'repeat';
  readonly stranger: number;
  readonly own: boolean;
}

const changes: fc.Arbitrary<readonly Change[]> = fc.array(
  fc.record({
    at: fc.nat(),
    what: fc.constantFrom('replace', 'remove', 'add', 'repeat' as const),
    stranger: fc.nat(),
    own: fc.boolean(),
  }),
  { minLength: 1, maxLength: 3 },
);

type Holder = Record<string, unknown> | unknown[];

interface Place {
  readonly holder: Holder;
  readonly key: string | number;
}

function placesIn(value: unknown): readonly Place[] {
  if (typeof value !== 'object' || value === null) return [];
  const holder = value as Holder;
  const keys: readonly (string | number)[] = Array.isArray(holder) ? [...holder.keys()] : Object.keys(holder);
  return keys.flatMap(key => [{ holder, key }, ...placesIn(valueAt({ holder, key }))]);
}

function valueAt({ holder, key }: Place): unknown {
  return (holder as Record<string | number, unknown>)[key];
}

function changed(file: unknown, wanted: readonly Change[]): unknown {
  const value = structuredClone(file);
  for (const { at, what, stranger, own } of wanted) {
    const places = placesIn(value);
    if (places.length === 0) continue;
    const place = places[at % places.length]!;
    const { holder, key } = place;
    const other = own
      ? valueAt(places[stranger % places.length]!)
      : structuredClone(strangers[stranger % strangers.length]);
    if (what === 'repeat' && Array.isArray(holder)) holder.push(structuredClone(valueAt(place)));
    else if (what === 'add' && Array.isArray(holder)) holder.push(structuredClone(other));
    else if (what === 'add') (holder as Record<string, unknown>)[`${key}s`] = structuredClone(other);
    else if (what === 'remove' && Array.isArray(holder)) holder.splice(Number(key), 1);
    else if (what === 'remove') delete (holder as Record<string, unknown>)[key];
    else (holder as Record<string | number, unknown>)[key] = structuredClone(other);
  }
  return value;
}

for (const kind of kinds) {
  test(`a ${kind} file fits when the validator finds nothing wrong with it, and not otherwise`, () => {
    const ofKind = files.filter(file => file.kind === kind).map(({ value }) => value);
    assert.ok(ofKind.length > 0);
    const schema = kind === 'scenario' ? schemaFile(kind) : readSchema(kind);
    const tests = new SchemaTests(schema);
    const validate = makeValidator(schema);
    for (const value of ofKind) assert.is(tests.fits(schema, value), validate(value));

    let refused = 0;
    fc.assert(
      fc.property(fc.constantFrom(...ofKind), changes, (file, wanted) => {
        const value = changed(file, wanted);
        const isValid = validate(value);
        if (!isValid) refused++;
        assert.is(tests.fits(schema, value), isValid);
      }),
      { numRuns: 2000 },
    );
    assert.ok(refused > 100 && refused < 1990, `${refused} of 2000 were refused`);
  });
}

test('no schema says anything that is not looked at', () => {
  for (const kind of kinds) {
    for (const file of [readSchema(kind), schemaFile(kind)]) {
      const tests = new SchemaTests(file);
      const parts = propertiesOf(file).map(({ schema }) => schema);
      const definitions = Object.values((file['$defs'] ?? {}) as Readonly<Record<string, Schema>>);
      for (const part of [file, ...definitions, ...parts].flatMap(branchesOf)) tests.fits(part, 'a text');
    }
  }
  const odd: Schema = { $id: 'odd', not: { type: 'string' } };
  assert.throws(() => new SchemaTests(odd).fits(odd, 7), /odd has the unknown keyword not/);
});

test.run();
