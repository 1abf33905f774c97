import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { folders, type Kind } from '../../../src/config/kinds.ts';
import { Settings } from '../../../src/config/resolve/settings.ts';
import { kindOfLevel, type Level, type Shape, shapeAt, shapeOf } from '../../../src/config/resolve/shape.ts';
import { nothingStated, type Stated } from '../../../src/config/resolve/stated.ts';
import { propertiesOf, type SchemaProperty } from '../../../src/config/schema/properties.ts';
import { readSchema } from '../../../src/config/schema/read.ts';
import { snapshotOf } from '../directories.ts';
import { usualSwitch } from '../golden-files.ts';

const test = suite('config/resolve/settings');

const kinds: readonly Kind[] = ['switch', ...folders.map(({ kind }) => kind)];

interface Inheriting extends SchemaProperty {
  readonly kind: Kind;
  readonly targets: readonly string[];
}

const inheriting: readonly Inheriting[] = kinds.flatMap(kind =>
  propertiesOf(readSchema(kind)).flatMap(property => {
    const targets = property.schema['x-inherits'] as readonly string[] | undefined;
    return targets === undefined ? [] : [{ ...property, kind, targets }];
  }),
);

function targetOf(text: string): SchemaProperty | undefined {
  const dot = text.indexOf('.');
  const level = text.slice(0, dot) as Level;
  return propertiesOf(readSchema(kindOfLevel[level])).find(({ path }) => path === text.slice(dot + 1));
}

test('what a setting inherits exists, has the same unit and range, and is named in its description', () => {
  assert.ok(inheriting.length >= 12);
  for (const { kind, path, schema, targets } of inheriting) {
    for (const text of targets) {
      const where = `${kind}.${path} → ${text}`;
      const target = targetOf(text)?.schema;
      assert.ok(target, `${where}: there is no such setting`);
      assert.is(schema['x-unit'], target!['x-unit'], where);
      for (const bound of ['minimum', 'maximum', 'exclusiveMinimum'] as const) {
        assert.is(schema[bound], target![bound], `${where} ${bound}`);
      }
      const name = text
        .split('.')
        .slice(text.includes('.parameters.') ? 2 : 1)
        .join('.');
      assert.ok(schema.description?.includes(name), `${where}: the description does not name ${name}`);
    }
  }
});

test('a setting and what it inherits have values of the same kind', () => {
  const kindOf = ({ schema }: SchemaProperty) =>
    schema['type'] === 'boolean' || (schema['enum'] as unknown[] | undefined)?.includes('On') === true
      ? 'boolean'
      : schema['type'];
  for (const property of inheriting) {
    for (const text of property.targets) {
      assert.equal(kindOf(property), kindOf(targetOf(text)!), `${property.kind}.${property.path} → ${text}`);
    }
  }
});

test('a default stands where the last level is, and nowhere before it', () => {
  for (const { kind, path, schema, targets } of inheriting) {
    assert.is(schema.default, undefined, `${kind}.${path}`);
    assert.not.equal(targetOf(targets.at(-1)!)!.schema.default, undefined, `${kind}.${path}`);
  }
});

const place = (file: string) => ({ file, line: 1, column: 1 });

function stated(file: string, values: Readonly<Record<string, unknown>>): Stated {
  return new Map(Object.entries(values).map(([path, value]) => [path, { value, place: place(file) }]));
}

test('the nearest that says anything counts, and the answer tells who it is', () => {
  const own = fc.option(fc.integer({ min: 1, max: 9 }), { nil: undefined });
  const property = fc.property(
    fc.constantFrom(...inheriting.filter(({ schema }) => schema['x-unit'] === 's')),
    own,
    own,
    ({ kind, path, targets }, ownValue, switchValue) => {
      const target = targets[0]!.slice('switch.'.length);
      const levels = { switch: stated('s', switchValue === undefined ? {} : { [target]: switchValue }) };
      const resolved = new Settings(
        kind,
        stated('o', ownValue === undefined ? {} : { [path]: ownValue }),
        levels,
      ).resolve(path);

      const otherwise = targetOf(targets[0]!)!.schema.default;
      assert.is(resolved.value, ownValue ?? switchValue ?? otherwise);
      const origin = ownValue !== undefined ? 'own' : switchValue !== undefined ? 'switch' : 'default';
      assert.is(resolved.origin, origin);
      assert.is(resolved.place?.file ?? null, { own: 'o', switch: 's', default: null }[origin]);
      assert.equal(resolved.inherits, { level: 'switch', path: target });
    },
  );
  fc.assert(property, { numRuns: 200 });
});

test('a value that is as the default is still said by whom it is said', () => {
  const levels = { switch: stated('s', { 'parameters.SS_SIP_TIMEOUT_TRYING': 20 }) };
  const { origin } = new Settings('routing-gateway', nothingStated, levels).resolve('timeouts.tryingSeconds');

  assert.is(origin, 'switch');
});

test('without a value, a level and a default a setting is unset', () => {
  const { value, origin, place } = new Settings('routing-gateway', nothingStated, {
    switch: nothingStated,
  }).resolve('lines');

  assert.equal([value, origin, place], [null, 'unset', null]);
});

test('a setting that no schema has is a mistake of the program', () => {
  const settings = new Settings('routing-gateway', nothingStated, { switch: nothingStated });

  assert.throws(() => settings.resolve('timeouts.inviteMilliseconds'), /no setting/);
  assert.throws(() => settings.number('lines'), /no number/);
});

test('every path that a setting is inherited by is a setting of its schema', () => {
  for (const { kind, path } of inheriting) assert.ok(shapeAt(kind, path) !== null, path);
});

/** Settings that have a default of their own, at the top of the file or within a mapping that may be left out. */
function defaultsOf(shape: Shape, prefix: string): readonly (readonly [string, unknown])[] {
  return [...(shape.properties ?? [])].flatMap(([key, inner]) => {
    if (inner.default !== undefined) return [[`${prefix}${key}`, inner.default] as const];
    return inner.required.length > 0 || inner.choice ? [] : defaultsOf(inner, `${prefix}${key}.`);
  });
}

const least: Readonly<Partial<Record<Kind, readonly [string, string]>>> = {
  'mapping-gateway': [
    'gateways/mapping/x.yaml',
    'account: customer\nauthentication: ip\naddresses: [192.0.2.1]\n',
  ],
  'routing-gateway': [
    'gateways/routing/x.yaml',
    'clearingAccount: vendor\naddress: 192.0.2.2\nprefixes: ["44"]\n',
  ],
  account: ['accounts/x.yaml', 'kind: vendor\n'],
};

test('what is left out counts as the default that its schema tells', () => {
  const usual = {
    'switch.yaml': usualSwitch,
    'accounts/customer.yaml': 'kind: customer\nunrated: true\n',
    'accounts/vendor.yaml': 'kind: vendor\nunrated: true\n',
  };
  for (const [kind, [file, text]] of Object.entries(least)) {
    const absent = snapshotOf({ ...usual, [file]: text }).hash;
    const defaults = defaultsOf(shapeOf(kind as Kind), '').filter(([path]) => !path.startsWith('callRate'));
    assert.ok(defaults.length > 0, kind);
    for (const [path, value] of defaults) {
      const line = `${path}: ${JSON.stringify(value)}\n`;
      assert.is(snapshotOf({ ...usual, [file]: text + line }).hash, absent, `${kind} ${path}`);
    }
  }
});

test.run();
