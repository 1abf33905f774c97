import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { RoutingIndexer } from '../../src/config/compile/routing-indexes.ts';
import { loadConfiguration } from '../../src/config/load.ts';
import { snapshotBytes, snapshotOfBytes } from '../../src/live/snapshot-bytes.ts';
import { projectDirectory } from '../support/source-files.ts';

const test = suite('live/snapshot-bytes');

const snapshot = loadConfiguration(projectDirectory).snapshot!;

function whole(pieces: Iterable<Uint8Array>): Buffer {
  return Buffer.concat([...pieces]);
}

test('a snapshot arrives as it left, without the indexes that only save time', () => {
  const sent = { ...snapshot, indexes: new RoutingIndexer().of(snapshot) };

  const arrived = snapshotOfBytes(whole(snapshotBytes(sent)))!;
  assert.equal(arrived, { ...snapshot, indexes: null });
  assert.ok(arrived.rateTables[0]!.rate.buffer instanceof SharedArrayBuffer);
});

test('tables that share memory share it again', () => {
  const memories = (of: typeof snapshot) =>
    new Set(
      of.rateTables.flatMap(table =>
        Object.values(table)
          .filter(ArrayBuffer.isView)
          .map(view => view.buffer),
      ),
    );

  const arrived = snapshotOfBytes(whole(snapshotBytes(snapshot)))!;
  assert.is(memories(arrived).size, memories(snapshot).size);
});

test('no piece is large, so that calls are served in between', () => {
  for (const piece of snapshotBytes(snapshot)) assert.ok(piece.byteLength <= 1 << 20);
});

test('what was cut short is no snapshot, and neither is that of another version', () => {
  const bytes = whole(snapshotBytes(snapshot));

  assert.throws(() => snapshotOfBytes(bytes.subarray(0, bytes.length - 1)), /did not arrive whole/);
  const other = Buffer.concat([Buffer.from('{"form":0}\n'), bytes]);
  assert.is(snapshotOfBytes(other), null);
});

test.run();
