/**
 * Every setting that the schemas accept is in use in a network of its own, and there is a scenario that notices when it
 * is left out or changed. So no setting can lose its effect without a scenario that fails.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { folders, type Kind } from '../../src/config/kinds.ts';
import { propertiesOf, type SchemaProperty } from '../../src/config/schema/properties.ts';
import { readSchema } from '../../src/config/schema/read.ts';
import { type Change, type Removal, removalsOf, replacementsOf } from './features/changes.ts';
import { handMadeChanges } from './features/hand-made.ts';
import { ChangeableNetwork, featureNetwork, type NetworkFile } from './features/network.ts';
import { withoutEffect } from './features/without-effect.ts';

const test = suite('sim/features');

const kinds: readonly Kind[] = ['switch', ...folders.map(({ kind }) => kind)];

/** Of a property of which nobody should notice anything, so many changes are tried. */
const mostUnnoticed = 8;

interface Property extends SchemaProperty {
  readonly kind: Kind;
}

/** A property that may have several forms is listed once for each. */
function allProperties(): ReadonlyMap<string, readonly Property[]> {
  const all = kinds.flatMap(kind => propertiesOf(readSchema(kind)).map(property => ({ ...property, kind })));
  const named = new Map<string, Property[]>();
  for (const property of all) {
    const name = `${property.kind} ${property.path}`;
    named.set(name, [...(named.get(name) ?? []), property]);
  }
  return named;
}

const network = new ChangeableNetwork(featureNetwork);
const properties = allProperties();

test.after(() => network.remove());

/** One property may have several forms. */
function formsOf(name: string): readonly Property[] {
  return properties.get(name)!;
}

function filesOf(name: string): readonly NetworkFile[] {
  const kind = formsOf(name)[0]!.kind;
  return network.files.filter(file => file.kind === kind);
}

function replacements(name: string): readonly Change[] {
  const changes = formsOf(name).flatMap(({ path, schema }) =>
    replacementsOf(filesOf(name), path, schema, namesOf),
  );
  return [...new Map(changes.map(change => [change.text, change])).values()];
}

function namesOf(kind: string): readonly string[] {
  if (kind === 'column') return network.headers();
  return network.files
    .filter(file => file.kind === kind)
    .map(({ path }) => path.replace(/^.*\//, '').replace(/\.yaml$/, ''));
}

test('a scenario notices when any setting of the feature network is left out or changed', () => {
  const lacking = [...properties.keys()]
    .filter(name => !withoutEffect.has(name))
    .flatMap(name => lackOf(name) ?? []);
  assert.equal(lacking, [], `add scenarios to ${featureNetwork}/ci/scenarios:\n${lacking.join('\n')}`);
});

/** What the scenarios lack of the property; null when they notice it. */
function lackOf(name: string): string | null {
  const files = filesOf(name);
  const { path } = formsOf(name)[0]!;
  const removals = removalsOf(files, path);
  if (removals.length === 0) return `${name} is not in use`;
  if (removals.some(isNoticedRemoval)) return null;
  const changes = [...handMadeChanges(files, name), ...replacements(name)];
  if (changes.some(change => isNoticed(network.noticed(change.file.path, change.content)))) return null;
  // What cannot be left out, and has no value but its parts, is in use when these are.
  if (removals.every(one => one.isWhole && isRefused(one))) return null;
  return `${name} has no scenario: nobody notices ${removals[0]!.text}`;
}

/** A list or mapping may be what makes the one around it something at all; then that is left out. */
function isNoticedRemoval(removal: Removal): boolean {
  let current: Removal | null = removal;
  while (current !== null) {
    const result = network.noticed(current.file.path, current.content);
    if (result !== 'refused') return result !== null;
    if (!current.isWhole) return false;
    current = current.wider();
  }
  return false;
}

function isRefused({ file, content }: Change): boolean {
  return network.noticed(file.path, content) === 'refused';
}

function isNoticed(result: string | null): boolean {
  return result !== null && result !== 'refused';
}

test('no setting that a scenario notices is said to be without effect', () => {
  const wrong = [...withoutEffect.keys()].flatMap(name => {
    if (!properties.has(name)) return [`${name} is no setting`];
    const changes = [...removalsOf(filesOf(name), formsOf(name)[0]!.path), ...replacements(name)];
    return some(changes).flatMap(({ text, file, content }) => {
      const result = network.noticed(file.path, content);
      return isNoticed(result) ? [`${text}: ${result}`] : [];
    });
  });
  assert.equal(wrong, []);
});

/** Spread over all of them. */
function some<T>(all: readonly T[]): readonly T[] {
  const step = Math.max(1, all.length / mostUnnoticed);
  return all.filter((_, index) => Math.floor(index / step) !== Math.floor((index - 1) / step));
}

test.run();
