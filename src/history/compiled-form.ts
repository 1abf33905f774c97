/**
 * A Snapshot as bytes: its arrays as they stand in memory, in groups that versions share, and its pieces as one thread
 * sends them to another, once more for each version. Whoever restores it has only to read it and to pass it on.
 */
import { createHash } from 'node:crypto';
import { deserialize, serialize } from 'node:v8';
import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib';
import { type TypedArray, arrayTypes as typedArrays } from '../config/handover/pieces.ts';
import { takeApart, type WholeSnapshot } from '../config/handover/whole.ts';
import { BlobError, type Blobs } from './blobs.ts';

/** Of the layout of blobs. What was written in another one is compiled anew from the files. */
const format = 2;

type ArrayConstructor = new (buffer: ArrayBufferLike, offset?: number, length?: number) => TypedArray;
/** Built on memory of either kind. */
const arrayTypes = typedArrays as unknown as readonly ArrayConstructor[];

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
  /** Of the Snapshot. */
  readonly hash: string;
  readonly groups: readonly Group[];
  readonly pieces: Pick<WholeSnapshot, 'ends' | 'kinds' | 'root'>;
}

export interface CompiledForm {
  readonly hash: string;
  readonly whole: WholeSnapshot;
}

/**
 * Remembers the digests of arrays that were kept before, so that tables that no edit touched are not looked at again; and
 * the arrays of the version that was restored last, so that another one has the same memory where it has the same tables.
 */
export class CompiledForms {
  readonly #blobs: Blobs;
  /** What the form depends on besides the Snapshot. */
  readonly #program: string;
  readonly #digests = new WeakMap<TypedArray, Buffer>();
  #checksums = new Map<string, number>();
  #restored = new Map<string, readonly TypedArray[]>();

  constructor(blobs: Blobs, program: string) {
    this.#blobs = blobs;
    this.#program = program;
  }

  /** Writes what is not there yet, and returns the name of the blob that leads to all the others. */
  keep(hash: string, snapshot: object): string {
    const { arrays, bytes: pieceBytes, ...pieces } = takeApart(snapshot);
    const checksums = new Map<string, number>();
    const groups = this.#grouped(arrays).map(members => this.#keepGroup(members, checksums));
    this.#checksums = checksums;
    const head: Head = { format, program: this.#program, hash, groups, pieces };
    const deflatedHead = deflateRawSync(serialize(head));
    const headLength = Buffer.alloc(4);
    headLength.writeUInt32LE(deflatedHead.length);
    const bytes = Buffer.concat([headLength, deflatedHead, deflateRawSync(pieceBytes, { level: 1 })]);
    const name = `s-${createHash('sha256').update(bytes).digest('hex')}`;
    if (!this.#blobs.has(name, bytes.length)) this.#blobs.put(name, [bytes]);
    return name;
  }

  /**
   * The Snapshot of the blob that `keep` returned.
   * @throws BlobError when one is missing or damaged
   */
  restore(name: string): CompiledForm {
    const { head, deflatedPieces } = readSkeleton(this.#blobs, name);
    if (head.format !== format || head.program !== this.#program) {
      throw new Error('the compiled form was made by another version of this program');
    }
    const groups = head.groups.map(group => [group.blob, this.#groupOf(group)] as const);
    this.#restored = new Map(groups);
    const arrays = groups.flatMap(([, arraysOf]) => arraysOf);
    const bytes = shared(inflateRawSync(deflatedPieces));
    return { hash: head.hash, whole: { arrays, bytes, ...head.pieces } };
  }

  #groupOf(group: Group): readonly TypedArray[] {
    return this.#restored.get(group.blob) ?? readGroup(this.#blobs, group);
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
    // The checksum of no bytes can come out as none at all.
    const parts = arrays
      .flatMap(array => [bytesOf(array), padding(array.byteLength)])
      .filter(part => part.byteLength > 0);
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

function readSkeleton(blobs: Blobs, name: string): { readonly head: Head; readonly deflatedPieces: Buffer } {
  const bytes = blobs.read(name);
  if (`s-${createHash('sha256').update(bytes).digest('hex')}` !== name) throw new BlobError(name, 'damaged');
  const headEnd = 4 + bytes.readUInt32LE(0);
  const head = deserialize(inflateRawSync(bytes.subarray(4, headEnd))) as Head;
  return { head, deflatedPieces: bytes.subarray(headEnd) };
}

/** All arrays of a group share one buffer; a Snapshot goes as a whole, and so do they. */
function readGroup(blobs: Blobs, { blob, bytes, crc, members }: Group): readonly TypedArray[] {
  const buffer = new SharedArrayBuffer(bytes);
  const all = new Uint8Array(buffer);
  blobs.readInto(blob, all);
  if (crc32(all) !== crc) throw new BlobError(blob, 'damaged');
  return members.map(({ type, offset, length }) => new arrayTypes[type]!(buffer, offset, length));
}

/** So that another thread gets it without a copy. */
function shared(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(new SharedArrayBuffer(bytes.length));
  copy.set(bytes);
  return copy;
}

function typeOf(array: TypedArray): number {
  const type = arrayTypes.indexOf(array.constructor as ArrayConstructor);
  if (type < 0) throw new Error(`a Snapshot must not hold a ${array.constructor.name}`);
  return type;
}

function bytesOf(array: TypedArray): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

/** No array takes nothing, so that no file is empty. */
function padded(bytes: number): number {
  return Math.max(8, (bytes + 7) & ~7);
}

function padding(bytes: number): Uint8Array {
  return new Uint8Array(padded(bytes) - bytes);
}
