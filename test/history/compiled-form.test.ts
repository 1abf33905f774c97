import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { putTogether, type WholeSnapshot } from '../../src/config/handover/whole.ts';
import { BlobError, Blobs } from '../../src/history/blobs.ts';
import { blobsOfCompiled, CompiledForms } from '../../src/history/compiled-form.ts';
import { FakeDisk } from './fake-disk.ts';

const test = suite('history/compiled-form');

const types = [Uint8Array, Uint16Array, Uint32Array, Int32Array, Float64Array] as const;

function forms(
  disk = new FakeDisk(),
  program = 'this',
): { forms: CompiledForms; blobs: Blobs; disk: FakeDisk } {
  const blobs = new Blobs('/history', disk);
  return { forms: new CompiledForms(blobs, program), blobs, disk };
}

const arrays = fc
  .record({
    type: fc.constantFrom(...types),
    length: fc.oneof(fc.nat(8), fc.nat(2000), fc.constant(70_000)),
    shared: fc.boolean(),
    seed: fc.nat(),
  })
  .map(({ type, length, shared, seed }) => {
    const bytes = length * type.BYTES_PER_ELEMENT;
    const array = new type((shared ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes)) as ArrayBuffer);
    for (let i = 0; i < length; i += 1 + (length >> 6)) array[i] = (seed + i * 7919) % 60_000;
    return array;
  });

const { tree } = fc.letrec(tie => ({
  tree: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom(
      null,
      undefined,
      true,
      '',
      'é\ud83d\ude00',
      0,
      -0,
      1.5,
      Number.POSITIVE_INFINITY,
      Number.NaN,
      2n ** 70n,
    ),
    arrays,
    fc.array(tie('tree'), { maxLength: 4 }),
    fc.dictionary(fc.string({ maxLength: 3 }), tie('tree'), { maxKeys: 4, noNullPrototype: true }),
  ),
}));

test('what is restored is what was kept: values, arrays, and the memory that these stand on', () => {
  fc.assert(
    fc.property(fc.array(tree, { maxLength: 5 }), each => {
      const kept = { each, again: each };
      const { forms: keeping, blobs } = forms();
      const name = keeping.keep('one', kept);
      const { hash, whole } = new CompiledForms(blobs, 'this').restore(name);
      const restored = putTogether(whole) as typeof kept;
      assert.is(hash, 'one');

      assert.equal(restored, kept);
      // What was one thing is one thing again, and not two copies.
      assert.is(restored.again, restored.each);
      assert.equal(kinds(restored.each), kinds(each));
    }),
    { numRuns: 60 },
  );
});

/** Constructor and kind of memory of each array, in their order. */
function kinds(value: unknown): readonly string[] {
  if (ArrayBuffer.isView(value)) return [`${value.constructor.name} ${value.buffer.constructor.name}`];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(kinds);
}

function table(seed: number): { readonly rate: Float64Array; readonly line: Uint32Array } {
  const rate = new Float64Array(new SharedArrayBuffer(8 * 4000));
  const line = new Uint32Array(new SharedArrayBuffer(4 * 4000));
  for (let row = 0; row < 4000; row++) [rate[row], line[row]] = [seed * row, row * 3 + seed];
  return { rate, line };
}

test('versions share the arrays that they have in common', () => {
  const { forms: keeping, blobs, disk } = forms();
  const tables = Array.from({ length: 200 }, (_, index) => table(index));
  const first = keeping.keep('one', { tables });
  const written = disk.bytesWritten;
  const second = keeping.keep('one', { tables: tables.with(70, table(1000)) });

  assert.ok(written > 200 * 48_000);
  assert.ok(
    disk.bytesWritten - written < 70 * 48_000,
    `${disk.bytesWritten - written} bytes were written again`,
  );
  const own = blobsOfCompiled(blobs, second).filter(blob => !blobsOfCompiled(blobs, first).includes(blob));
  assert.ok(own.length >= 1 && own.length <= 4, `${own.length} blobs`);
});

test('of two versions that are restored one after the other the second one has the memory of the first where they are equal', () => {
  const { forms: keeping, blobs } = forms();
  const tables = Array.from({ length: 200 }, (_, index) => table(index));
  const other = tables.with(70, table(1000));
  const names = [keeping.keep('one', { tables }), keeping.keep('two', { tables: other })];
  const restoring = new CompiledForms(blobs, 'this');
  const [first, second] = names.map(name => restoring.restore(name).whole) as [WholeSnapshot, WholeSnapshot];

  assert.equal(putTogether(second), { tables: other });
  const known = new Set(first.arrays.map(({ buffer }) => buffer));
  const isNew = ({ buffer }: { readonly buffer: unknown }) => !known.has(buffer as ArrayBuffer);
  const newOnes = second.arrays.filter(isNew).length;
  assert.ok(newOnes >= 2 && newOnes < 140, `${newOnes} of ${second.arrays.length} arrays`);
});

test('keeping the same again writes nothing, also by a process that has not kept it', () => {
  const { forms: keeping, blobs, disk } = forms();
  const kept = { tables: [table(1), table(2)] };
  const name = keeping.keep('one', kept);
  const { steps } = disk;

  assert.is(keeping.keep('one', kept), name);
  assert.is(new CompiledForms(blobs, 'this').keep('one', kept), name);
  assert.is(disk.steps, steps);
});

test('a damaged byte anywhere is found', () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat(), (which, at) => {
      const { forms: keeping, disk } = forms();
      const name = keeping.keep('one', { name: 'x'.repeat(500), tables: [table(1), table(2)] });
      const paths = disk.paths();
      disk.damage(paths[which % paths.length]!, at);

      assert.throws(
        () => keeping.restore(name),
        (error: unknown) => error instanceof BlobError && error.kind === 'damaged',
      );
    }),
    { numRuns: 60 },
  );
});

test('what another program made is not read', () => {
  const { forms: keeping, blobs } = forms();
  const name = keeping.keep('one', { some: 'thing' });

  assert.throws(() => new CompiledForms(blobs, 'another').restore(name), /another version of this program/);
});

test('an array of a kind that no Snapshot has is a mistake of ours', () => {
  assert.throws(
    () => forms().forms.keep('one', { big: new BigInt64Array(new SharedArrayBuffer(8)) }),
    /must not hold/,
  );
});

test.run();
