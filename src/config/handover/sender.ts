/** Takes Snapshots apart for another thread, and sends of each what that thread does not have yet. */
import { PieceText } from './piece-text.ts';
import { PieceMark, pieceBytes, pieceKinds, type TypedArray } from './pieces.ts';

/** Arrays over shared memory; the first one has the number `first`, and so on. */
export interface SentArrays {
  readonly first: number;
  readonly arrays: readonly TypedArray[];
}

/** A Snapshot whose arrays were sent before it. */
export interface SentSnapshot {
  /** How many messages with arrays belong to it. */
  readonly arrayMessages: number;
  /** The new pieces one behind the other; each refers to earlier ones only. The last piece of all is the Snapshot. */
  readonly bytes: Uint8Array;
  /** Where each of them ends. */
  readonly ends: Uint32Array;
  readonly kinds: Uint8Array;
  readonly firstPiece: number;
  /** The piece that is the Snapshot; an earlier one when nothing changed. */
  readonly root: number;
  /** Numbers of what it does not use any more, and neither will what is sent next. */
  readonly droppedPieces: Uint32Array;
  readonly droppedArrays: Uint32Array;
}

/** Each of these takes the other thread well under a millisecond to receive. */
export const arraysAtOnce = 128;
const itemsAtOnce = 1024;

/** Objects of a Snapshot that change one by one. */
const objectLists: ReadonlySet<string> = new Set([
  'mappingGateways',
  'routingGateways',
  'accounts',
  'rateTables',
  'calendars',
  'gatewayGroups',
  'numberLists',
  'lrnTables',
]);
/** Thousands of objects share few of these. */
const sharedValues: ReadonlySet<string> = new Set(['settings', 'inherited']);

export class SnapshotSender {
  #pieces = new Map<string, number>();
  #arrays = new Map<TypedArray, number>();
  #nextPiece = 0;
  #nextArray = 0;

  /** `post` must reach the other thread before what is returned. */
  send(snapshot: object, post: (message: SentArrays) => void): SentSnapshot {
    const steps = this.sendInSteps(snapshot, post);
    for (;;) {
      const step = steps.next();
      if (step.done === true) return step.value;
    }
  }

  /** As `send`, one small thing after the other; whatever else is sent has to wait for the last of them. */
  *sendInSteps(snapshot: object, post: (message: SentArrays) => void): Generator<void, SentSnapshot> {
    const round = new Round(this.#pieces, this.#arrays, this.#nextPiece, this.#nextArray);
    const root = yield* round.take(snapshot);
    const arrays = round.newArrays;
    for (let at = 0; at < arrays.length; at += arraysAtOnce) {
      post({ first: this.#nextArray + at, arrays: arrays.slice(at, at + arraysAtOnce) });
      yield;
    }
    const sent = {
      arrayMessages: Math.ceil(arrays.length / arraysAtOnce),
      ...round.newPieces(),
      firstPiece: this.#nextPiece,
      root,
      droppedPieces: missing(this.#pieces, round.pieces),
      droppedArrays: missing(this.#arrays, round.arrays),
    };
    this.#nextPiece += sent.kinds.length;
    this.#nextArray += arrays.length;
    this.#pieces = round.pieces;
    this.#arrays = round.arrays;
    return sent;
  }
}

function missing<Key>(before: ReadonlyMap<Key, number>, after: ReadonlyMap<Key, number>): Uint32Array {
  const dropped: number[] = [];
  for (const [key, id] of before) if (!after.has(key)) dropped.push(id);
  return Uint32Array.from(dropped);
}

/** One Snapshot being taken apart. */
class Round {
  /** Those that this Snapshot uses, by the digest of their contents, and the arrays. */
  readonly pieces = new Map<string, number>();
  readonly arrays = new Map<TypedArray, number>();
  readonly newArrays: TypedArray[] = [];
  readonly #knownPieces: ReadonlyMap<string, number>;
  readonly #knownArrays: ReadonlyMap<TypedArray, number>;
  readonly #firstPiece: number;
  readonly #firstArray: number;
  readonly #bytes: Buffer[] = [];
  readonly #kinds: number[] = [];
  readonly #taken = new Map<object, PieceMark>();

  constructor(
    knownPieces: ReadonlyMap<string, number>,
    knownArrays: ReadonlyMap<TypedArray, number>,
    firstPiece: number,
    firstArray: number,
  ) {
    this.#knownPieces = knownPieces;
    this.#knownArrays = knownArrays;
    this.#firstPiece = firstPiece;
    this.#firstArray = firstArray;
  }

  *take(snapshot: object): Generator<void, number> {
    const fields: Record<string, unknown> = {};
    for (const [key, value] of Object.entries(snapshot)) {
      fields[key] = objectLists.has(key) ? yield* this.#list(value as readonly object[]) : value;
    }
    return this.#piece(fields, pieceKinds.value);
  }

  newPieces(): Pick<SentSnapshot, 'bytes' | 'ends' | 'kinds'> {
    const total = this.#bytes.reduce((sum, { length }) => sum + length, 0);
    const bytes = new Uint8Array(new SharedArrayBuffer(total));
    const ends = new Uint32Array(this.#bytes.length);
    let end = 0;
    for (const [index, piece] of this.#bytes.entries()) {
      bytes.set(piece, end);
      end += piece.length;
      ends[index] = end;
    }
    return { bytes, ends, kinds: Uint8Array.from(this.#kinds) };
  }

  *#list(objects: readonly object[]): Generator<void, PieceMark> {
    const ids: number[] = [];
    for (const object of objects) {
      ids.push(this.#piece(object, pieceKinds.value));
      yield;
    }
    return new PieceMark(this.#piece(Uint32Array.from(ids), pieceKinds.list));
  }

  #piece(value: unknown, kind: number): number {
    const text = new PieceText(this.#numberOf);
    const trimmed = this.#trim(value, text);
    const digest = `${kind} ${text.digest()}`;
    const id = this.pieces.get(digest) ?? this.#knownPieces.get(digest) ?? this.#addPiece(trimmed, kind);
    this.pieces.set(digest, id);
    return id;
  }

  /** The value with marks in the place of what is sent by itself. */
  #trim(value: unknown, text: PieceText): unknown {
    if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) {
      text.add(value);
      return value;
    }
    if (Array.isArray(value)) return this.#trimArray(value, text);
    let trimmed: Record<string, unknown> | null = null;
    text.open('{');
    for (const key in value) {
      const field = (value as Record<string, unknown>)[key];
      text.add(key);
      const instead = sharedValues.has(key) ? this.#shared(field, text) : this.#trim(field, text);
      if (Object.is(instead, field)) continue;
      trimmed ??= { ...value };
      trimmed[key] = instead;
    }
    text.close('}');
    return trimmed ?? value;
  }

  #trimArray(items: readonly unknown[], text: PieceText): unknown {
    if (items.length > itemsAtOnce) {
      const mark = this.#once(items, () => {
        const ids: number[] = [];
        for (let at = 0; at < items.length; at += itemsAtOnce) {
          ids.push(this.#piece(items.slice(at, at + itemsAtOnce), pieceKinds.value));
        }
        return this.#piece(Uint32Array.from(ids), pieceKinds.joined);
      });
      text.add(mark);
      return mark;
    }
    let trimmed: unknown[] | null = null;
    text.open('[');
    for (let index = 0; index < items.length; index++) {
      const item = items[index];
      const instead = this.#trim(item, text);
      if (Object.is(instead, item)) continue;
      trimmed ??= [...items];
      trimmed[index] = instead;
    }
    text.close(']');
    return trimmed ?? items;
  }

  #shared(value: unknown, text: PieceText): unknown {
    if (typeof value !== 'object' || value === null) return this.#trim(value, text);
    const mark = this.#once(value, () => this.#piece(value, pieceKinds.value));
    text.add(mark);
    return mark;
  }

  #once(value: object, make: () => number): PieceMark {
    const known = this.#taken.get(value);
    if (known !== undefined) return known;
    const mark = new PieceMark(make());
    this.#taken.set(value, mark);
    return mark;
  }

  #addPiece(trimmed: unknown, kind: number): number {
    this.#bytes.push(pieceBytes(trimmed, this.#numberOf));
    this.#kinds.push(kind);
    return this.#firstPiece + this.#bytes.length - 1;
  }

  readonly #numberOf = (array: TypedArray): number => {
    let id = this.arrays.get(array) ?? this.#knownArrays.get(array);
    if (id === undefined) {
      id = this.#firstArray + this.newArrays.length;
      this.newArrays.push(array);
    }
    this.arrays.set(array, id);
    return id;
  };
}
