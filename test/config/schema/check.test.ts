import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { folders, type Kind } from '../../../src/config/kinds.ts';
import { annotations, readSchema } from '../../../src/config/schema/check.ts';
import type { Schema } from '../../../src/config/schema/types.ts';
import { projectDirectory, readSource, sourceFiles } from '../../support/source-files.ts';
import { referencePage } from '../reference-page.ts';

const test = suite('config/schema/check');

const kinds: readonly Kind[] = ['switch', ...folders.map(({ kind }) => kind)];

interface Property {
  readonly path: string;
  readonly schema: Schema;
}

/** Every property of a schema, however deep, with items as `[]`. */
function propertiesOf(schema: Schema, path: string): Property[] {
  const branches = [schema, schema.then, schema.else].filter(part => part !== undefined);
  return branches.flatMap(branch => {
    const own = Object.entries(branch.properties ?? {}).flatMap(([name, property]) => [
      { path: `${path}.${name}`, schema: property },
      ...propertiesOf(property, `${path}.${name}`),
    ]);
    if (branch.items === undefined) return own;
    return [...own, { path: `${path}[]`, schema: branch.items }, ...propertiesOf(branch.items, `${path}[]`)];
  });
}

const properties = kinds.flatMap(kind => propertiesOf(readSchema(kind), kind));

test('there is one schema for each kind of file', () => {
  const files = sourceFiles('schemas', '.schema.json').map(({ path }) => path);

  assert.equal(files, kinds.map(kind => `schemas/${kind}.schema.json`).sort());
});

test('every property is described in sentences', () => {
  const bare = properties.filter(({ schema }) => !/\.$/.test(schema.description ?? ''));

  assert.equal(
    bare.map(({ path }) => path),
    [],
  );
});

test('every number with a unit says which, in words a reader sees', () => {
  const words: Readonly<Record<string, RegExp>> = {
    s: /second/i,
    ms: /millisecond/i,
    min: /minute/i,
    calls: /calls/,
    gateways: /gateways/,
    decimals: /decimals/i,
    currency: /currency/,
  };
  const silent = properties.filter(({ schema }) => {
    const unit = schema['x-unit'];
    return unit !== undefined && !words[String(unit)]?.test(schema.description ?? '');
  });

  assert.equal(
    silent.map(({ path }) => path),
    [],
  );
});

test('every default is told in the description', () => {
  const silent = properties.filter(
    ({ schema }) => schema.default !== undefined && !/default/i.test(schema.description ?? ''),
  );

  assert.equal(
    silent.map(({ path }) => path),
    [],
  );
});

test('what needs a restart is marked: all of sip and store, and nothing else', () => {
  const marked = properties.filter(({ schema }) => schema['x-restart'] === true).map(({ path }) => path);

  assert.ok(marked.includes('switch.sip') && marked.includes('switch.store'));
  assert.equal(
    marked.filter(path => !/^switch\.(sip|store)\b/.test(path)),
    [],
  );
});

test('no object accepts keys that it does not know', () => {
  const open = [
    ...kinds.map(kind => ({ path: kind as string, schema: readSchema(kind) })),
    ...properties,
  ].filter(({ schema }) => schema.properties !== undefined && schema.additionalProperties !== false);

  assert.equal(
    open.map(({ path }) => path),
    [],
  );
});

test('docs/configuration.md lists every key as its schema describes it', () => {
  const { text } = readSource('docs/configuration.md');
  const start = text.indexOf('### switch.yaml\n');
  const expected = `${text.slice(0, start)}${referencePage()}`;
  if (text !== expected) writeFileSync(join(projectDirectory, 'docs', 'configuration.md.ACTUAL'), expected);

  assert.is(text, expected, 'see docs/configuration.md.ACTUAL');
});

test('our own keywords are all known to the validator', () => {
  const text = sourceFiles('schemas', '.schema.json')
    .map(file => file.text)
    .join('');
  const used = new Set([...text.matchAll(/"(x-[a-z-]+)":/g)].map(match => match[1]!));

  assert.equal([...used].sort(), [...annotations].sort());
});

test.run();
