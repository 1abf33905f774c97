import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Kind } from '../../../src/config/kinds.ts';
import { loadConfiguration } from '../../../src/config/load.ts';
import { objectSettings } from '../../../src/config/object-settings.ts';
import { listFiles } from '../../../src/config/read/list-files.ts';
import type { Snapshot } from '../../../src/config/snapshot.ts';
import { settingPlace } from '../../../src/routing/setting-place.ts';
import { projectDirectory } from '../../support/source-files.ts';
import { inDirectory, readGoldens } from '../golden-files.ts';
import { compiledValue } from './compiled-values.ts';
import { shownAsCompiled } from './shown-values.ts';

const test = suite('config/resolve/compiled-values');

/** Kinds whose files are read as a whole, and inherit nothing. */
const tables: readonly Kind[] = ['rate-table', 'calendar', 'number-list', 'lrn-table'];

/** Compares every setting of every object; returns how many there are. */
function compareAll(directory: string): number {
  const { snapshot, diagnostics } = loadConfiguration(directory);
  assert.ok(snapshot !== null, JSON.stringify(diagnostics));
  const files = listFiles(directory).files.filter(({ kind }) => !tables.includes(kind));
  return files.reduce((sum, file) => {
    const settings = objectSettings(directory, file);
    const values = new Map(settings.map(({ path, value }) => [path, value]));
    for (const { path, value, place } of settings) {
      const compiled = compiledValue(snapshot!, file.kind, file.name, path);
      const shown = shownAsCompiled(path, value, values);
      assert.equal(plain(shown), plain(compiled), `${file.path} ${path}`);
      comparePlace(snapshot!, file.kind, file.name, path, place);
    }
    return sum + settings.length;
  }, 0);
}

/** Without prototypes, which the values of YAML do not have. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

function comparePlace(snapshot: Snapshot, kind: string, name: string, path: string, place: unknown): void {
  const objects =
    kind === 'account'
      ? snapshot.accounts
      : kind === 'routing-gateway'
        ? snapshot.routingGateways
        : kind === 'mapping-gateway'
          ? snapshot.mappingGateways
          : [];
  const object = objects.find(one => one.name === name);
  if (object !== undefined) assert.equal(settingPlace(object, path), place, `${kind} ${name} ${path}`);
}

test('what is shown of the example is what the switch runs with, and stands where its Snapshot says', () => {
  assert.ok(compareAll(projectDirectory) > 200);
});

test('what is shown of a configuration with every setting in it is what the switch runs with', () => {
  const golden = readGoldens().find(({ name }) => name === 'snapshot_everything')!;

  assert.ok(inDirectory(golden, compareAll) > 100);
});

test.run();
