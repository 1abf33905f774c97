import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { BlobError, Blobs } from '../../src/history/blobs.ts';
import {
  blobsOfFiles,
  keepFiles,
  listFiles,
  readFileOf,
  readFiles,
  sha256Of,
} from '../../src/history/file-packs.ts';
import type { VersionFile } from '../../src/history/history.ts';
import { FakeDisk } from './fake-disk.ts';

const test = suite('history/file-packs');

type Files = ReadonlyMap<string, Uint8Array>;

function digestsOf(files: Files): readonly VersionFile[] {
  return [...files].map(([path, bytes]) => ({ path, sha256: sha256Of(bytes), bytes: bytes.length }));
}

function keep(blobs: Blobs, files: Files, onDisk: Files = files): string | null {
  return keepFiles(blobs, digestsOf(files), ({ path, sha256 }) => {
    const bytes = onDisk.get(path);
    return bytes !== undefined && sha256Of(bytes) === sha256 ? bytes : null;
  });
}

const contents = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc.nat(255).map(seed => Buffer.alloc(70_000 + seed, seed)),
);
const someFiles = fc
  .dictionary(fc.stringMatching(/^[a-z]{1,3}(?:\/[a-z0-9]{1,3})?\.yaml$/), contents, { maxKeys: 30 })
  .map(record => new Map(Object.entries(record)));

test('what is read back is what was kept, each file and all of them', () => {
  fc.assert(
    fc.property(someFiles, files => {
      const blobs = new Blobs('/history', new FakeDisk());
      const name = keep(blobs, files)!;
      const paths = [...files.keys()].sort();

      assert.equal(
        listFiles(blobs, name).map(({ path }) => path),
        paths,
      );
      assert.equal(
        listFiles(blobs, name),
        digestsOf(files).toSorted((a, b) => (a.path < b.path ? -1 : 1)),
      );
      for (const path of paths)
        assert.is(Buffer.compare(readFileOf(blobs, name, path)!, files.get(path)!), 0);
      const all = [...readFiles(blobs, name)];
      assert.is(all.length, files.size);
      for (const { file, bytes } of all) assert.is(sha256Of(bytes), file.sha256);
      assert.is(readFileOf(blobs, name, 'nowhere.yaml'), null);
      assert.ok(blobsOfFiles(blobs, name).every(blob => blobs.has(blob)));
    }),
    { numRuns: 60 },
  );
});

function manyFiles(): Map<string, Uint8Array> {
  return new Map(
    Array.from({ length: 3000 }, (_, index) => [
      `accounts/customer-${index}.yaml`,
      Buffer.from(`kind: customer\nrateTable: retail-${index}\noverdraftLimit: ${index * 7}\n`),
    ]),
  );
}

test('thousands of small files are few blobs, and an edit of one writes two', () => {
  const disk = new FakeDisk();
  const blobs = new Blobs('/history', disk);
  const files = manyFiles();
  const first = keep(blobs, files)!;
  const count = blobs.list().blobs.length;
  const written = disk.bytesWritten;
  files.set('accounts/customer-1234.yaml', Buffer.from('kind: customer\n'));
  const second = keep(blobs, files)!;

  assert.ok(count < 150, `${count} blobs`);
  assert.is(blobs.list().blobs.length, count + 2);
  assert.ok(disk.bytesWritten - written < 30_000, `${disk.bytesWritten - written} bytes`);
  assert.is(
    String(Buffer.from(readFileOf(blobs, first, 'accounts/customer-1234.yaml')!)).includes('retail-1234'),
    true,
  );
  assert.is(
    String(Buffer.from(readFileOf(blobs, second, 'accounts/customer-1234.yaml')!)),
    'kind: customer\n',
  );
});

test('a file that appears or goes leaves the packs of others as they are', () => {
  const blobs = new Blobs('/history', new FakeDisk());
  const files = manyFiles();
  keep(blobs, files);
  const count = blobs.list().blobs.length;
  files.set('accounts/aaa.yaml', Buffer.from('kind: vendor\n'));
  files.delete('accounts/customer-2000.yaml');
  keep(blobs, files);

  assert.ok(blobs.list().blobs.length <= count + 3);
});

test('a file that is not what was loaded is never kept', () => {
  const blobs = new Blobs('/history', new FakeDisk());
  const files = manyFiles();
  const later = new Map(files).set('accounts/customer-7.yaml', Buffer.from('kind: vendor\n'));

  assert.is(keep(blobs, files, later), null);
  later.delete('accounts/customer-7.yaml');
  assert.is(keep(blobs, files, later), null);
  // Nobody reads again what is there already.
  keep(blobs, files);
  assert.not.type(keep(blobs, files, later), 'object');
});

test('a damaged byte anywhere is found by whoever needs it, unless it changes nothing of what is read', () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat(), (which, at) => {
      const disk = new FakeDisk();
      const blobs = new Blobs('/history', disk);
      const files: Files = new Map([
        ['a.yaml', Buffer.from('name: a\n')],
        ['deck.csv', Buffer.alloc(80_000, 'prefix,0.01\n')],
      ]);
      const name = keep(blobs, files)!;
      const paths = disk.paths();
      disk.damage(paths[which % paths.length]!, at);

      try {
        // Deflated data has bits that say nothing.
        const read = new Map<string, Uint8Array>();
        for (const { file, bytes } of readFiles(blobs, name)) read.set(file.path, bytes);
        assert.equal(
          [...files.keys()].map(path => [path, sha256Of(read.get(path)!)]),
          [...files].map(([path, bytes]) => [path, sha256Of(bytes)]),
        );
      } catch (error) {
        assert.instance(error, BlobError);
      }
    }),
    { numRuns: 80, examples: [[0, 1_479_860_423]] },
  );
});

test.run();
