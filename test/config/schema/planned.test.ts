import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { folders, type Kind } from '../../../src/config/kinds.ts';
import { propertiesOf } from '../../../src/config/schema/properties.ts';
import { readSchema } from '../../../src/config/schema/read.ts';
import { readSource } from '../../support/source-files.ts';

const test = suite('config/schema/planned');

const kinds: readonly Kind[] = ['switch', ...folders.map(({ kind }) => kind)];
const schemas = new Map(
  kinds.flatMap(kind =>
    propertiesOf(readSchema(kind)).map(({ path, schema }) => [`${kind}.${path}`, schema]),
  ),
);

interface PlannedSetting {
  readonly path: string;
  /** A choice that a setting will have beside those of today. */
  readonly choice: string | null;
  readonly nameInVos: string;
}

const planned: readonly PlannedSetting[] = [
  ...readSource('docs/planned.md').text.matchAll(/^\| `([^`]+)` \| (.+?) \| .+ \|$/gm),
].map(([, key = '', nameInVos = '']) => {
  const [path = '', choice] = key.split(': ');
  return { path, choice: choice ?? null, nameInVos };
});

function isBuilt({ path, choice }: PlannedSetting): boolean {
  const schema = schemas.get(path);
  if (choice === null) return schema !== undefined;
  if (schema === undefined) throw new Error(`${path} is no setting that could have another choice`);
  return (schema['enum'] as readonly unknown[]).includes(choice);
}

test('nothing is planned that is built: what a schema has is no longer on the list', () => {
  assert.equal(planned.filter(isBuilt), []);
});

test('no parameter is planned under another name while the schema has it under its own', () => {
  const built = planned.filter(({ nameInVos }) =>
    [...nameInVos.matchAll(/\bS[SE]\w*_\w+/g)].some(([name]) => schemas.has(`switch.parameters.${name}`)),
  );

  assert.equal(built, []);
});

test('every row of the list is read, each key once', () => {
  const rows = readSource('docs/planned.md').lines.filter(line => line.startsWith('| `'));
  const keys = planned.map(({ path, choice }) => `${path}: ${choice}`);

  assert.ok(planned.length > 50);
  assert.is(planned.length, rows.length);
  assert.is(new Set(keys).size, keys.length);
});

test.run();
