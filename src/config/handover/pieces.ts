/**
 * A Snapshot in pieces, each of which is bytes of its own: whoever takes them can stop after any of them, and needs none
 * again that it has. Large arrays are not among the bytes: both threads use the same memory.
 */
import { Deserializer, Serializer } from 'node:v8';

/** Their places are written down in what is kept: a new one goes to the end. */
export const arrayTypes = [
  Uint8Array,
  Uint16Array,
  Uint32Array,
  Int8Array,
  Int16Array,
  Int32Array,
  Float32Array,
  Float64Array,
] as const;
export type TypedArray = InstanceType<(typeof arrayTypes)[number]>;

/** What a piece becomes. */
export const pieceKinds = {
  value: 0,
  /** An array of the values of other pieces. */
  list: 1,
  /** One array of all that is in the arrays of other pieces. */
  joined: 2,
} as const;

/** A thread has its pieces and shared arrays under these numbers. */
export interface KnownParts {
  piece(id: number): unknown;
  array(id: number): TypedArray;
}

/** Stands in the value of a piece for another piece. */
export class PieceMark extends Uint32Array {
  constructor(id: number) {
    super([id]);
  }
}

const codes = { piece: 0, sharedArray: 1, ownArray: 2 };

/** `numberOf` knows each array over shared memory by a number. */
export function pieceBytes(value: unknown, numberOf: (array: TypedArray) => number): Buffer {
  const writer = new PieceWriter(numberOf);
  writer.writeHeader();
  writer.writeValue(value);
  return writer.releaseBuffer();
}

export function pieceValue(bytes: Uint8Array, known: KnownParts): unknown {
  const reader = new PieceReader(bytes, known);
  reader.readHeader();
  return reader.readValue();
}

class PieceWriter extends Serializer {
  readonly #numberOf: (array: TypedArray) => number;

  constructor(numberOf: (array: TypedArray) => number) {
    super();
    this.#numberOf = numberOf;
    (this as unknown as HostObjects)._setTreatArrayBufferViewsAsHostObjects(true);
  }

  _writeHostObject(array: TypedArray): void {
    if (array instanceof PieceMark) {
      this.writeUint32(codes.piece);
      this.writeUint32(array[0]!);
    } else if (array.buffer instanceof SharedArrayBuffer) {
      this.writeUint32(codes.sharedArray);
      this.writeUint32(this.#numberOf(array));
    } else {
      this.writeUint32(codes.ownArray);
      this.writeUint32(typeOf(array));
      this.writeUint32(array.byteLength);
      this.writeRawBytes(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
    }
  }
}

/** Documented, and missing among the types. */
interface HostObjects {
  _setTreatArrayBufferViewsAsHostObjects(on: boolean): void;
}

class PieceReader extends Deserializer {
  readonly #known: KnownParts;

  constructor(bytes: Uint8Array, known: KnownParts) {
    super(bytes);
    this.#known = known;
  }

  _readHostObject(): unknown {
    switch (this.readUint32()) {
      case codes.piece:
        return this.#known.piece(this.readUint32());
      case codes.sharedArray:
        return this.#known.array(this.readUint32());
      default:
        return this.#readOwnArray();
    }
  }

  #readOwnArray(): TypedArray {
    const type = arrayTypes[this.readUint32()]!;
    const length = this.readUint32();
    const own = new Uint8Array(length);
    own.set(this.readRawBytes(length));
    return new type(own.buffer);
  }
}

function typeOf(array: TypedArray): number {
  const type = (arrayTypes as readonly unknown[]).indexOf(array.constructor);
  if (type < 0) throw new Error(`a Snapshot must not hold a ${array.constructor.name}`);
  return type;
}
