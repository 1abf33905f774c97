/**
 * A Snapshot as bytes, for another process of the same program: its records first, then the memory of its tables piece
 * by piece, so that the switch holds nothing up while somebody reads slowly.
 */
import { Deserializer, Serializer } from 'node:v8';
import type { Snapshot } from '../config/snapshot.ts';

/** What the first line says, so that the reader knows what comes. */
interface Head {
  /** Rises with each change of this form or of the Snapshot's. */
  readonly form: number;
  readonly hash: string;
  readonly recordBytes: number;
  readonly tableBytes: readonly number[];
}

const form = 1;

/** These are called by the serializer, and the types of Node do not know them. */
interface HostSerializer {
  _setTreatArrayBufferViewsAsHostObjects(on: boolean): void;
}

const kinds = [
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
] as const;

type TableMemory = ArrayBufferLike;

/** Views are written as where they lie in which memory, so that what is shared stays shared. */
class SnapshotSerializer extends Serializer {
  readonly memories: TableMemory[] = [];
  readonly #known = new Map<TableMemory, number>();

  constructor() {
    super();
    (this as unknown as HostSerializer)._setTreatArrayBufferViewsAsHostObjects(true);
  }

  _writeHostObject(view: object): void {
    const kind = kinds.findIndex(one => view instanceof one);
    if (kind < 0) throw new Error('a snapshot holds something that is no record and no table');
    const { buffer, byteOffset, length } = view as Uint8Array;
    this.writeUint32(kind);
    this.writeUint32(this.#memoryOf(buffer));
    this.writeDouble(byteOffset);
    this.writeDouble(length);
  }

  #memoryOf(memory: TableMemory): number {
    const known = this.#known.get(memory);
    if (known !== undefined) return known;
    this.#known.set(memory, this.memories.length);
    return this.memories.push(memory) - 1;
  }
}

class SnapshotDeserializer extends Deserializer {
  readonly #memories: readonly TableMemory[];

  constructor(bytes: Uint8Array, memories: readonly TableMemory[]) {
    super(bytes);
    this.#memories = memories;
  }

  _readHostObject(): object {
    const Kind = kinds[this.readUint32()]!;
    const memory = this.#memories[this.readUint32()]!;
    const byteOffset = this.readDouble();
    // Which memory a view stands on is one of its types, and each kind of view takes both.
    return new Kind(memory as ArrayBuffer, byteOffset, this.readDouble());
  }
}

const pieceBytes = 1 << 20;

/** The indexes that only save time are left out. The records are taken at once, the tables as they are asked for. */
export function snapshotBytes(snapshot: Snapshot): Iterable<Uint8Array> {
  const serializer = new SnapshotSerializer();
  serializer.writeHeader();
  serializer.writeValue({ ...snapshot, indexes: null });
  const records = serializer.releaseBuffer();
  const { memories } = serializer;
  const head: Head = {
    form,
    hash: snapshot.hash,
    recordBytes: records.byteLength,
    tableBytes: memories.map(({ byteLength }) => byteLength),
  };
  return pieces([
    Buffer.from(`${JSON.stringify(head)}\n`),
    records,
    ...memories.map(one => new Uint8Array(one)),
  ]);
}

function* pieces(parts: readonly Uint8Array[]): Iterable<Uint8Array> {
  for (const part of parts) {
    for (let at = 0; at < part.byteLength; at += pieceBytes) yield part.subarray(at, at + pieceBytes);
  }
}

/** null for bytes of another version of this program. */
export function snapshotOfBytes(bytes: Buffer): Snapshot | null {
  const end = bytes.indexOf(0x0a);
  const head = JSON.parse(bytes.toString('utf8', 0, end)) as Head;
  if (head.form !== form) return null;
  let at = end + 1 + head.recordBytes;
  const memories = head.tableBytes.map(length => {
    const memory = new SharedArrayBuffer(length);
    new Uint8Array(memory).set(bytes.subarray(at, at + length));
    at += length;
    return memory;
  });
  if (at !== bytes.length) throw new Error('the snapshot of the switch did not arrive whole');
  const deserializer = new SnapshotDeserializer(
    bytes.subarray(end + 1, end + 1 + head.recordBytes),
    memories,
  );
  deserializer.readHeader();
  return deserializer.readValue() as Snapshot;
}
