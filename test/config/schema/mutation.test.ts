/** Makes every mistake that a schema knows of, one at a time, in a configuration that uses everything. */
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { folders, type Kind } from '../../../src/config/kinds.ts';
import { ConfigurationLoader } from '../../../src/config/load.ts';
import { propertiesOf } from '../../../src/config/schema/properties.ts';
import { readSchema } from '../../../src/config/schema/read.ts';
import { everything } from '../example-networks.ts';
import { examplesAt, mistakesAt } from './mistakes.ts';
import { placeIn } from './place-in.ts';
import { firstUsesIn, type Use, usesIn } from './uses.ts';

const test = suite('config/schema/mutation');

const kinds: readonly Kind[] = ['switch', ...folders.map(({ kind }) => kind)];
/** Every property, and of those with branches each one that the schema has. */
const forms = kinds.flatMap(kind =>
  propertiesOf(readSchema(kind)).flatMap(({ path, schema }) => {
    const branches = ['then', 'else'].filter(branch => schema[branch] !== undefined);
    return branches.length === 0 ? [`${kind}.${path}`] : branches.map(branch => `${kind}.${path} ${branch}`);
  }),
);

const allUses = everything.flatMap(usesIn);

const uses = firstUsesIn(everything);

const playground = mkdtempSync(join(tmpdir(), 'class4-mutation-'));
const copyOf = (directory: string) => join(playground, String(everything.indexOf(directory)));
/** They remember the files that were not touched, of which there are many. */
const loaders = new Map(everything.map(directory => [directory, new ConfigurationLoader(copyOf(directory))]));
test.before(() => {
  for (const directory of everything) cpSync(directory, copyOf(directory), { recursive: true });
});
test.after(() => rmSync(playground, { recursive: true, force: true }));

/** Some file systems wait for the disk when a file is written over, and thousands of those are minutes. */
function writeAnew(path: string, text: string): void {
  rmSync(path);
  writeFileSync(path, text);
}

/** The errors when the file of a use has another text: `C4203 accounts/acme.yaml:2:7`. */
function errorsWith(use: Use, text: string): readonly string[] {
  const path = join(copyOf(use.directory), use.file);
  writeAnew(path, text);
  const { diagnostics } = loaders.get(use.directory)!.load();
  writeAnew(path, use.text);
  return diagnostics
    .filter(({ severity }) => severity === 'error')
    .map(({ code, place }) => `${code} ${place.file}:${place.line}:${place.column}`);
}

test('the configurations that use everything use every property of every schema, in each of its forms', () => {
  const used = new Set(uses.map(({ form }) => form));

  assert.equal(
    forms.filter(form => !used.has(form)),
    [],
  );
});

for (const kind of kinds) {
  test(`every mistake in a ${kind} file is found at its place, and nothing else is`, () => {
    const wrong: string[] = [];
    for (const use of uses.filter(({ path }) => path.split('.')[0] === kind)) {
      for (const { name, text, codes, at } of mistakesAt(use)) {
        const { line, column } = placeIn(text, at);
        const said = errorsWith(use, text);
        if (said.length === 1 && codes.some(code => said[0] === `${code} ${use.file}:${line}:${column}`))
          continue;
        wrong.push(`${name}: not ${codes} at ${line}:${column} but ${said.join(', ') || 'nothing'}`);
      }
    }
    assert.is(wrong.join('\n'), '');
  });
}

test('no property is without a mistake of type and, when it is a key, of an unknown sibling', () => {
  const spared = uses.filter(use => {
    const names = mistakesAt(use).map(({ name }) => name);
    const isTyped = names.some(name => name.startsWith(`${use.path}: `));
    const hasSibling = use.key === null || names.includes(`${use.path} with an unknown sibling`);
    return use.around !== null && !(isTyped && hasSibling);
  });

  assert.equal(
    spared.map(({ path }) => path),
    [],
  );
});

test('every example of a schema is understood in a place where its property stands', () => {
  // An example names objects, columns and files of its own, which need not be here.
  const elsewhere = /^C4(?:002|30[0-79]|310|405|41[01])/;
  const attempts = allUses.flatMap(use =>
    examplesAt(use).map(({ name, text }) => {
      return { name, said: errorsWith(use, text).filter(error => !elsewhere.test(error)) };
    }),
  );
  const understood = new Set(attempts.filter(({ said }) => said.length === 0).map(({ name }) => name));
  const refused = attempts.filter(({ name }) => !understood.has(name));

  assert.is(refused.map(({ name, said }) => `${name}: ${said.join(', ')}`).join('\n'), '');
});

test.run();
