import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import { kindsWithSchema } from '../../../src/config/kinds.ts';
import { listFiles } from '../../../src/config/read/list-files.ts';
import { validatorFor, writeValidators } from '../../../src/config/schema/validator.ts';
import { projectDirectory, sourceFiles } from '../../support/source-files.ts';
import { everything, exampleNetworks } from '../example-networks.ts';

const test = suite('config/schema/validator');

/** Below the compiled tests, from where the validators find what they need of Ajv. */
const built = mkdtempSync(fileURLToPath(new URL('./validators-', import.meta.url)));
const nowhere = join(built, 'nowhere');

test.after(() => rmSync(built, { recursive: true }));

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

test('a validator of the build says of every file what one says that is made on the spot', () => {
  writeValidators(built);
  for (const kind of kindsWithSchema) {
    const ofKind = files.filter(file => file.kind === kind).map(({ value }) => value);
    assert.ok(ofKind.length > 0);
    const [fromBuild, onTheSpot] = [validatorFor(kind, built), validatorFor(kind, nowhere)];
    assert.ok('madeFrom' in fromBuild && !('madeFrom' in onTheSpot));
    for (const value of ofKind) assert.is(fromBuild(value), onTheSpot(value));

    let refused = 0;
    fc.assert(
      fc.property(fc.constantFrom(...ofKind), changes, (file, wanted) => {
        const value = changed(file, wanted);
        if (!onTheSpot(value)) refused++;
        assert.is(fromBuild(value), onTheSpot(value));
        assert.equal(fromBuild.errors, onTheSpot.errors);
      }),
      { numRuns: 200 },
    );
    assert.ok(refused > 10 && refused < 199, `${refused} of 200 were refused`);
  }
});

test('a validator that was built of another schema is not used', () => {
  writeValidators(built);
  const path = join(built, 'calendar.cjs');
  const other = join(built, 'stale');
  mkdirSync(other);
  writeFileSync(
    join(other, 'calendar.cjs'),
    readFileSync(path, 'utf8').replace(/madeFrom = ".{8}/, 'madeFrom = "00000000'),
  );
  assert.not('madeFrom' in validatorFor('calendar', other));
});

test.run();
