import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Kept, whatToDrop } from '../../src/history/bounds.ts';
import type { VersionRow } from '../../src/history/version-table.ts';

const test = suite('history/bounds');

const dayMs = 86_400_000;
const nowMs = 1000 * dayMs;
const nobody = { serving: null, previous: null, tried: null };

/** Served so many days ago. */
function version(index: number, changes: Partial<VersionRow> = {}): VersionRow {
  const beganAtMs = nowMs - index * dayMs;
  return {
    ...{ hash: `v${index}`, files: `m-${index}`, compiled: `s-${index}`, program: 'this', commit: null },
    ...{
      fileCount: 1,
      fileBytes: 1,
      keptAtMs: beganAtMs,
      firstBeganAtMs: beganAtMs,
      lastBeganAtMs: beganAtMs,
    },
    ...changes,
  };
}

function kept(versions: readonly VersionRow[], changes: Partial<Kept> = {}): Kept {
  return { versions, roles: nobody, hold: null, inUse: new Set(), program: 'this', nowMs, ...changes };
}

const ten = Array.from({ length: 10 }, (_, index) => version(index));

test('the versions that served last stay, and fewer of them compiled', () => {
  const dropped = whatToDrop(kept(ten), { versions: 7, days: 400, compiledVersions: 2, megabytes: 1 });

  assert.equal(dropped.versions, ['v7', 'v8', 'v9']);
  assert.equal(dropped.compiled, ['v2', 'v3', 'v4', 'v5', 'v6']);
});

test('what has not served for too long goes, however few there are', () => {
  const dropped = whatToDrop(kept(ten), { versions: 100, days: 4, compiledVersions: 100, megabytes: 1 });

  assert.equal(dropped.versions, ['v5', 'v6', 'v7', 'v8', 'v9']);
  assert.is(dropped.activationsBeforeMs, nowMs - 4 * dayMs);
});

test('what serves, is tried, is held, served before or is in use stays, compiled, whatever the bounds say', () => {
  const roles = { serving: 'v9', previous: 'v8', tried: 'v7' };
  const hold = { hash: 'v6', by: 'a@b', reason: 'c', sinceMs: 0 };
  const all = kept(ten, { roles, hold, inUse: new Set(['v5']) });
  const dropped = whatToDrop(all, { versions: 2, days: 1, compiledVersions: 2, megabytes: 1 });

  assert.equal(dropped.versions, ['v2', 'v3', 'v4']);
  assert.equal(dropped.compiled, []);
});

test('forms that another program made go where there are files, since nobody can read them', () => {
  const versions = [version(0), version(1, { program: 'old' }), version(2, { program: 'old', files: null })];
  const dropped = whatToDrop(kept(versions), { versions: 9, days: 9, compiledVersions: 9, megabytes: 1 });

  assert.equal(dropped, { ...dropped, versions: [], compiled: ['v1'] });
});

test('no bounds ever take one of the versions that must stay, and what stays keeps to them', () => {
  const hashes = ten.map(({ hash }) => hash);
  const some = fc.option(fc.constantFrom(...hashes), { nil: null });
  fc.assert(
    fc.property(
      fc.record({ serving: some, previous: some, tried: some }),
      fc.subarray(hashes),
      fc.record({
        versions: fc.integer({ min: 2, max: 12 }),
        days: fc.integer({ min: 1, max: 12 }),
        compiledVersions: fc.integer({ min: 2, max: 12 }),
        megabytes: fc.constant(1),
      }),
      (roles, used, settings) => {
        const { versions, compiled } = whatToDrop(kept(ten, { roles, inUse: new Set(used) }), settings);
        const mustStay = new Set([...used, roles.serving, roles.previous, roles.tried]);

        assert.ok([...versions, ...compiled].every(hash => !mustStay.has(hash)));
        assert.ok(ten.length - versions.length <= settings.versions + mustStay.size);
        assert.ok(
          ten.length - versions.length - compiled.length <= settings.compiledVersions + mustStay.size,
        );
      },
    ),
  );
});

test.run();
