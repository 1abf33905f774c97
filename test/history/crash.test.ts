import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { putTogether } from '../../src/config/handover/whole.ts';
import type { Snapshot } from '../../src/config/snapshot.ts';
import { Blobs } from '../../src/history/blobs.ts';
import { listFiles, readFiles, sha256Of } from '../../src/history/file-packs.ts';
import { sweep } from '../../src/history/history-reader.ts';
import { restoreVersion } from '../../src/history/restore.ts';
import { surplusOf } from '../../src/history/sizes.ts';
import { type KeptBlobs, VersionKeeper } from '../../src/history/version-keeper.ts';
import { buildSnapshot } from '../support/snapshot-builder.ts';
import { FakeDisk, PowerCut } from './fake-disk.ts';

const test = suite('history/crash');

/** A network of a few versions that have most of it in common. */
interface Content {
  readonly snapshot: Snapshot;
  readonly files: ReadonlyMap<string, Uint8Array>;
}

function content(version: number): Content {
  const files = new Map<string, Uint8Array>();
  for (let file = 0; file < 100; file++)
    files.set(`accounts/${file}.yaml`, Buffer.from(`kind: customer # ${file}\n`));
  files.set(`accounts/${version}.yaml`, Buffer.from(`kind: vendor # ${version}\n`));
  files.set('rates/deck.csv', Buffer.alloc(70_000, `44,${version % 3}\n`));
  const rate = new Float64Array(new SharedArrayBuffer(8 * 5000)).fill(version % 3);
  const common = new Uint32Array(new SharedArrayBuffer(4 * 80_000)).fill(7);
  const snapshot = { ...buildSnapshot({}), hash: `hash-${version}`, extra: { rate, common } };
  return { snapshot: snapshot as unknown as Snapshot, files };
}

const contents = Array.from({ length: 5 }, (_, version) => content(version));

/** What the database has: rows are durable as a whole or not at all, which is SQLite's part. */
class Model {
  readonly disk = new FakeDisk();
  readonly rows = new Map<number, Omit<KeptBlobs, 'compiled'> & { readonly compiled: string | null }>();
  #keeper: VersionKeeper;

  constructor() {
    this.#keeper = new VersionKeeper('/history', this.disk);
  }

  keep(version: number): void {
    const { snapshot, files } = contents[version]!;
    const digests = [...files].map(([path, bytes]) => ({
      path,
      sha256: sha256Of(bytes),
      bytes: bytes.length,
    }));
    const kept = this.#keeper.keep(snapshot, digests, ({ path }) => files.get(path)!);
    this.rows.delete(version);
    this.rows.set(version, kept);
  }

  drop(version: number): void {
    this.rows.delete(version);
    this.sweep();
  }

  sweep(): void {
    const roots = [...this.rows.values()].flatMap(({ files, compiled }) =>
      compiled === null ? [files!] : [files!, compiled],
    );
    sweep(new Blobs('/history', this.disk), roots);
  }

  /** As a switch does it: what is left of the rows is durable before anything is swept away. */
  prune(mustStay: number, bytesMax: number): void {
    const versions = [...this.rows].map(([version, { files, compiled }]) => ({
      ...{ hash: String(version), files, compiled, mustStay: version === mustStay },
    }));
    const blobs = new Blobs('/history', this.disk);
    const surplus = surplusOf(blobs, versions.reverse(), bytesMax);
    for (const version of surplus.versions) this.rows.delete(Number(version));
    for (const version of surplus.compiled) {
      this.rows.set(Number(version), { ...this.rows.get(Number(version))!, compiled: null });
    }
    this.sweep();
    const stay = versions.some(({ mustStay }) => mustStay) ? 1 : 0;
    assert.ok(surplus.bytes <= bytesMax || this.rows.size === stay, `${surplus.bytes} > ${bytesMax}`);
    // What a process that was killed left is counted until it is swept away.
    assert.ok(this.bytes() <= surplus.bytes);
    for (const { hash, compiled } of versions.filter(version => version.mustStay)) {
      assert.is(this.rows.get(Number(hash))?.compiled, compiled, 'what must stay keeps the form that it has');
    }
  }

  bytes(): number {
    const blobs = new Blobs('/history', this.disk);
    return blobs.list().blobs.reduce((sum, blob) => sum + blobs.size(blob)!, 0);
  }

  restart(survives: (name: string) => boolean): void {
    this.disk.restart(survives);
    this.#keeper = new VersionKeeper('/history', this.disk);
  }

  /** Every row leads to a whole version. */
  async check(): Promise<void> {
    const blobs = new Blobs('/history', this.disk);
    for (const [version, row] of this.rows) {
      const { snapshot, files } = contents[version]!;
      if (row.compiled !== null) {
        const restored = await restoreVersion(blobs, { hash: snapshot.hash, commit: null, ...row });
        assert.is(restored.compiledBecause, null);
        assert.equal('whole' in restored ? putTogether(restored.whole) : null, snapshot);
      }
      assert.is(listFiles(blobs, row.files!).length, files.size);
      for (const { file, bytes } of readFiles(blobs, row.files!)) {
        assert.is(Buffer.compare(bytes, files.get(file.path)!), 0);
      }
    }
  }
}

const action = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('keep' as const), version: fc.nat(4) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('drop' as const), version: fc.nat(4) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const), version: fc.nat(4) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('prune' as const),
      version: fc.nat(4),
      bytesMax: fc.nat(2_000_000),
    }),
  },
);
const fault = fc.option(
  fc.record({ step: fc.nat(12), kind: fc.constantFrom('full' as const, 'power' as const) }),
  { freq: 3 },
);

test('whatever is kept, dropped and pruned, and wherever the disk fills up or the power goes, each version is there whole or not at all', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(action, fault), { maxLength: 12 }),
      fc.infiniteStream(fc.boolean()),
      async (steps, luck) => {
        const model = new Model();
        const survives = () => luck.next().value === true;
        for (const [step, failure] of steps) {
          model.disk.failAt(failure);
          try {
            if (step.do === 'keep') model.keep(step.version);
            else if (step.do === 'drop') model.drop(step.version);
            else if (step.do === 'prune') model.prune(step.version, step.bytesMax);
            else model.restart(survives);
          } catch (error) {
            const isExpected =
              error instanceof PowerCut || (error as NodeJS.ErrnoException).code === 'ENOSPC';
            if (!isExpected) throw error;
            if (error instanceof PowerCut) model.restart(survives);
          }
          model.disk.failAt(null);
          await model.check();
        }
        model.sweep();
        await model.check();
        assert.ok(model.disk.paths().every(path => !path.includes('unfinished')));
        if (model.rows.size === 0) assert.equal(model.disk.paths(), []);
      },
    ),
    { numRuns: 80 },
  );
});

test('a version whose compiled form went before it had to stay does not get it back by a prune', () => {
  const model = new Model();
  model.keep(1);
  model.prune(0, 5_570);
  model.prune(1, 0);

  assert.is(model.rows.get(1)?.compiled, null);
});

test('each single step of a prune may be the last one of a process', async () => {
  const alone = new Model();
  alone.keep(3);
  const bytesMax = Math.ceil(alone.bytes() / 0.9);
  for (let step = 0; ; step++) {
    const model = new Model();
    for (const version of [0, 1, 2, 3]) model.keep(version);
    assert.ok(model.bytes() > bytesMax);
    model.disk.failAt({ step, kind: 'power' });
    let finished = true;
    try {
      model.prune(3, bytesMax);
    } catch (error) {
      assert.instance(error, PowerCut);
      finished = false;
    }
    model.restart(() => step % 2 === 0);
    await model.check();
    model.sweep();
    await model.check();
    assert.ok(model.bytes() <= bytesMax, 'what the prune left is swept away at the next start');
    assert.ok(model.rows.has(3));
    if (finished) {
      assert.ok(step > 3);
      return;
    }
  }
});

test('each single step of a keep may be the last one of a process', async () => {
  for (let step = 0; ; step++) {
    const model = new Model();
    model.keep(0);
    model.disk.failAt({ step, kind: 'power' });
    let finished = true;
    try {
      model.keep(1);
    } catch (error) {
      assert.instance(error, PowerCut);
      finished = false;
    }
    model.restart(() => step % 2 === 0);
    await model.check();
    model.keep(1);
    await model.check();
    if (finished) {
      assert.ok(step > 5);
      return;
    }
  }
});

test.run();
