import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Snapshot } from '../../src/config/snapshot.ts';
import { RecentVersions, recentBytesMax, recentVersionsMax } from '../../src/live/recent-versions.ts';

const test = suite('live/recent-versions');

const version = (hash: string) => ({ hash }) as Snapshot;

test('the newest version and those before it are there', () => {
  const recent = new RecentVersions();
  const versions = ['one', 'two', 'three'].map(version);
  for (const each of versions) recent.add(each, 100);
  for (const each of versions) assert.is(recent.find(each.hash), each);
  assert.is(recent.find('four'), null);
});

test('a version that is loaded again takes the place of what it was before', () => {
  const recent = new RecentVersions();
  const again = version('one');
  for (const each of [version('one'), version('two'), again]) recent.add(each, 1);
  assert.is(recent.find('one'), again);
  assert.ok(recent.find('two') !== null);
});

test('no more than the bound are there, however little they cost', () => {
  const recent = new RecentVersions();
  for (let count = 0; count <= recentVersionsMax + 1; count++) recent.add(version(`v${count}`), 0);
  assert.is(recent.find('v0'), null);
  assert.ok(recent.find('v1') !== null);
});

test('a version whose decks were all replaced is let go at once, and with it all that is older', () => {
  const recent = new RecentVersions();
  recent.add(version('old'), 0);
  recent.add(version('dear'), 10);
  recent.add(version('new'), recentBytesMax + 1);
  assert.is(recent.find('dear'), null);
  assert.is(recent.find('old'), null);
  assert.ok(recent.find('new') !== null, 'what serves costs nothing more');
});

test('what is held besides the newest version stays within its bound, whatever comes after whatever', () => {
  // A version is a set of parts of this size; objects that are dropped and come again are other ones.
  const partBytes = recentBytesMax / 5;
  const parts = fc.uniqueArray(fc.nat(6), { minLength: 1, maxLength: 7 });
  fc.assert(
    fc.property(fc.array(parts, { minLength: 1, maxLength: 20 }), sequence => {
      const recent = new RecentVersions();
      const objects = new Map<string, ReadonlyMap<number, object>>();
      let before: ReadonlyMap<number, object> = new Map();
      for (const wanted of sequence) {
        const now = new Map(wanted.map(part => [part, before.get(part) ?? {}]));
        const replaced = [...before.keys()].filter(part => !now.has(part)).length;
        const hash = wanted.toSorted().join();
        recent.add(version(hash), replaced * partBytes);
        objects.set(hash, now);
        before = now;

        const held = new Set<object>();
        for (const [each, itsParts] of objects) {
          if (recent.find(each) !== null) for (const part of itsParts.values()) held.add(part);
        }
        for (const part of now.values()) held.delete(part);
        assert.ok(held.size * partBytes <= recentBytesMax, `${held.size} parts`);
      }
    }),
  );
});

test.run();
