/**
 * A Snapshot as bytes: its large arrays as they stand in memory, in groups that versions share, and all the rest once
 * more for each version. Putting it back together costs little more than reading it.
 */
import { createHash } from 'node:crypto';
import { Deserializer, deserialize, Serializer, serialize } from 'node:v8';
import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib';
import { type TypedArray, arrayTypes as typedArrays } from '../config/handover/pieces.ts';
import { BlobError, type Blobs } from './blobs.ts';

/** Of the layout of blobs. What was written in another one is compiled anew from the files. */
const format = 1;

type ArrayConstructor = new (buffer: ArrayBufferLike, offset?: number, length?: number) => TypedArray;
/** Built on memory of either kind. */
const arrayTypes = typedArrays as unknown as readonly ArrayConstructor[];

/** Smaller arrays, and those on memory of their own, stand where they belong: they are not worth a file. */
const inlineBytes = 256;
/** Larger ones stand alone: they are worth sharing whatever becomes of their neighbours. */
const aloneBytes = 256 * 1024;
const groupBytesMax = 4 * 1024 * 1024;
/** A group ends behind an array whose digest begins with less than this, so about one in 16 does. */
const groupEndsBelow = 16;

interface Member {
  /** Index into `arrayTypes`. */
  readonly type: number;
  /** In the blob, a multiple of 8. */
  readonly offset: number;
  readonly length: number;
}

interface Group {
  readonly blob: string;
  readonly bytes: number;
  /** Of all of the blob. */
  readonly crc: number;
  readonly members: readonly Member[];
}

interface Head {
  readonly format: number;
  readonly program: string;
  readonly groups: readonly Group[];
}

/** The digests of arrays that were kept before: tables that no edit touched are not looked at again. */
export class CompiledForms {
  readonly #blobs: Blobs;
  /** What the form depends on besides the Snapshot. */
  readonly #program: string;
  readonly #digests = new WeakMap<TypedArray, Buffer>();
  #checksums = new Map<string, number>();

  constructor(blobs: Blobs, program: string) {
    this.#blobs = blobs;
    this.#program = program;
  }

  /** Writes what is not there yet, and returns the name of the blob that leads to all the others. */
  keep(snapshot: object): string {
    const writer = new TreeWriter();
    writer.writeHeader();
    writer.writeValue(snapshot);
    const tree = writer.releaseBuffer();
    const checksums = new Map<string, number>();
    const groups = this.#grouped(writer.arrays).map(members => this.#keepGroup(members, checksums));
    this.#checksums = checksums;
    const head = deflateRawSync(serialize({ format, program: this.#program, groups } satisfies Head));
    const headLength = Buffer.alloc(4);
    headLength.writeUInt32LE(head.length);
    const bytes = Buffer.concat([headLength, head, deflateRawSync(tree, { level: 1 })]);
    const name = `s-${createHash('sha256').update(bytes).digest('hex')}`;
    if (!this.#blobs.has(name, bytes.length)) this.#blobs.put(name, [bytes]);
    return name;
  }

  /**
   * The Snapshot of the blob that `keep` returned.
   * @throws BlobError when one is missing or damaged
   */
  restore(name: string): unknown {
    const { head, deflatedTree } = readSkeleton(this.#blobs, name);
    if (head.format !== format || head.program !== this.#program) {
      throw new Error('the compiled form was made by another version of this program');
    }
    const arrays = head.groups.flatMap(group => readGroup(this.#blobs, group));
    const reader = new TreeReader(inflateRawSync(deflatedTree), arrays);
    reader.readHeader();
    return reader.readValue();
  }

  #grouped(arrays: readonly TypedArray[]): readonly (readonly TypedArray[])[] {
    const groups: TypedArray[][] = [];
    let open: TypedArray[] = [];
    let bytes = 0;
    const close = () => {
      if (open.length > 0) groups.push(open);
      open = [];
      bytes = 0;
    };
    for (const array of arrays) {
      if (array.byteLength >= aloneBytes) {
        close();
        groups.push([array]);
        continue;
      }
      open.push(array);
      bytes += array.byteLength;
      if (this.#digestOf(array)[0]! < groupEndsBelow || bytes >= groupBytesMax) close();
    }
    close();
    return groups;
  }

  #keepGroup(arrays: readonly TypedArray[], checksums: Map<string, number>): Group {
    const digest = createHash('sha256');
    const members: Member[] = [];
    let bytes = 0;
    for (const array of arrays) {
      members.push({ type: typeOf(array), offset: bytes, length: array.length });
      bytes += padded(array.byteLength);
      digest.update(`${array.byteLength} `).update(this.#digestOf(array));
    }
    const blob = `a-${digest.digest('hex')}`;
    const parts = arrays.flatMap(array => [bytesOf(array), padding(array.byteLength)]);
    const crc = this.#checksums.get(blob) ?? parts.reduce((sum, part) => crc32(part, sum), 0);
    if (!this.#blobs.has(blob, bytes)) this.#blobs.put(blob, parts);
    checksums.set(blob, crc);
    return { blob, bytes, crc, members };
  }

  #digestOf(array: TypedArray): Buffer {
    let digest = this.#digests.get(array);
    if (digest === undefined) {
      digest = createHash('sha256').update(bytesOf(array)).digest();
      this.#digests.set(array, digest);
    }
    return digest;
  }
}

/** The blobs that a compiled form needs besides its own. @throws BlobError */
export function blobsOfCompiled(blobs: Blobs, name: string): readonly string[] {
  return readSkeleton(blobs, name).head.groups.map(({ blob }) => blob);
}

function readSkeleton(blobs: Blobs, name: string): { readonly head: Head; readonly deflatedTree: Buffer } {
  const bytes = blobs.read(name);
  if (`s-${createHash('sha256').update(bytes).digest('hex')}` !== name) throw new BlobError(name, 'damaged');
  const headEnd = 4 + bytes.readUInt32LE(0);
  const head = deserialize(inflateRawSync(bytes.subarray(4, headEnd))) as Head;
  return { head, deflatedTree: bytes.subarray(headEnd) };
}

/** All arrays of a group share one buffer; a Snapshot goes as a whole, and so do they. */
function readGroup(blobs: Blobs, { blob, bytes, crc, members }: Group): readonly TypedArray[] {
  const buffer = new SharedArrayBuffer(bytes);
  const all = new Uint8Array(buffer);
  blobs.readInto(blob, all);
  if (crc32(all) !== crc) throw new BlobError(blob, 'damaged');
  return members.map(({ type, offset, length }) => new arrayTypes[type]!(buffer, offset, length));
}

/** Everything but the large arrays. What is referred to from several places is written once and stays one. */
class TreeWriter extends Serializer {
  readonly arrays: TypedArray[] = [];

  constructor() {
    super();
    (this as unknown as HostObjects)._setTreatArrayBufferViewsAsHostObjects(true);
  }

  _writeHostObject(array: TypedArray): void {
    const isShared = array.buffer instanceof SharedArrayBuffer;
    if (isShared && array.byteLength >= inlineBytes) {
      this.writeUint32(0);
      this.writeUint32(this.arrays.length);
      this.arrays.push(array);
      return;
    }
    this.writeUint32(isShared ? 1 : 2);
    this.writeUint32(typeOf(array));
    this.writeUint32(array.byteLength);
    this.writeRawBytes(Uint8Array.from(bytesOf(array)));
  }
}

/** Documented, and missing among the types. */
interface HostObjects {
  _setTreatArrayBufferViewsAsHostObjects(on: boolean): void;
}

class TreeReader extends Deserializer {
  readonly #arrays: readonly TypedArray[];

  constructor(bytes: Buffer, arrays: readonly TypedArray[]) {
    super(bytes);
    this.#arrays = arrays;
  }

  _readHostObject(): TypedArray {
    const kind = this.readUint32();
    if (kind === 0) return this.#arrays[this.readUint32()]!;
    const type = arrayTypes[this.readUint32()]!;
    const length = this.readUint32();
    const buffer = kind === 1 ? new SharedArrayBuffer(length) : new ArrayBuffer(length);
    new Uint8Array(buffer).set(this.readRawBytes(length));
    return new type(buffer);
  }
}

function typeOf(array: TypedArray): number {
  const type = arrayTypes.indexOf(array.constructor as ArrayConstructor);
  if (type < 0) throw new Error(`a Snapshot must not hold a ${array.constructor.name}`);
  return type;
}

function bytesOf(array: TypedArray): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

function padded(bytes: number): number {
  return (bytes + 7) & ~7;
}

function padding(bytes: number): Uint8Array {
  return new Uint8Array(padded(bytes) - bytes);
}
