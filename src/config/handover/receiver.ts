/** Puts Snapshots of another thread together, little by little: no turn of the event loop takes long over it. */

import type { Snapshot } from '../snapshot.ts';
import { type KnownParts, pieceKinds, pieceValue, type TypedArray } from './pieces.ts';
import type { SentArrays, SentSnapshot } from './sender.ts';
import { inTurns, type Turns, type TurnsTaken } from './turns.ts';

export interface ReceiverOptions extends Turns {
  /** The next message with arrays, which is there already. */
  readonly nextArrays: () => SentArrays;
}

export interface Received extends TurnsTaken {
  readonly snapshot: Snapshot;
  /** About the memory of what the Snapshot before it had and it has not: whoever holds that one holds so much more. */
  readonly replacedBytes: number;
}

/** Objects take about so many times the bytes that they are sent in. */
const objectGrowth = 4;

/**
 * Objects that did not change since the last Snapshot are the same in the next one, and what was prepared for them
 * serves on. Of one sender, or of one after the other; nobody may change what it gives.
 */
export class SnapshotReceiver {
  readonly #options: ReceiverOptions;
  #parts = new Parts();
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: ReceiverOptions) {
    this.#options = options;
  }

  /** In the order in which they were sent; several wait for each other. */
  receive(sent: SentSnapshot): Promise<Received> {
    const received = this.#turn.then(() => this.#receive(sent));
    this.#turn = received.catch(() => undefined);
    return received;
  }

  async #receive(sent: SentSnapshot): Promise<Received> {
    // Another sender, which knows nothing of what the one before it sent.
    if (sent.firstPiece === 0) this.#parts = new Parts();
    const parts = this.#parts;
    const taken = await inTurns(parts.take(sent, this.#options.nextArrays), this.#options);
    return { snapshot: parts.piece(sent.root) as Snapshot, replacedBytes: parts.drop(sent), ...taken };
  }
}

/** What of a sender is there. */
export class Parts implements KnownParts {
  readonly #pieces = new Map<number, unknown>();
  /** What each piece was sent in. */
  readonly #pieceBytes = new Map<number, number>();
  readonly #arrays = new Map<number, TypedArray>();

  piece(id: number): unknown {
    return present(this.#pieces.get(id));
  }

  array(id: number): TypedArray {
    return present(this.#arrays.get(id));
  }

  /** One small thing after the other. */
  *take(sent: SentSnapshot, nextArrays: () => SentArrays): Generator<void, void> {
    const { arrayMessages, bytes, ends, kinds, firstPiece } = sent;
    for (let message = 0; message < arrayMessages; message++) {
      const { first, arrays } = nextArrays();
      for (const [index, array] of arrays.entries()) this.#arrays.set(first + index, array);
      yield;
    }
    // Out of memory that nobody shares: what is made of it may refer to it.
    for (let index = 0; index < ends.length; index++) {
      const piece = bytes.slice(index === 0 ? 0 : ends[index - 1]!, ends[index]!);
      this.#pieces.set(firstPiece + index, this.#assemble(pieceValue(piece, this), kinds[index]!));
      this.#pieceBytes.set(firstPiece + index, piece.byteLength);
      yield;
    }
  }

  /** What no Snapshot uses any more that is still to come; returns about the memory of it. */
  drop({ droppedPieces, droppedArrays }: SentSnapshot): number {
    let bytes = 0;
    for (const id of droppedPieces) {
      bytes += (this.#pieceBytes.get(id) ?? 0) * objectGrowth;
      this.#pieces.delete(id);
      this.#pieceBytes.delete(id);
    }
    for (const id of droppedArrays) {
      bytes += this.#arrays.get(id)?.byteLength ?? 0;
      this.#arrays.delete(id);
    }
    return bytes;
  }

  #assemble(value: unknown, kind: number): unknown {
    if (kind === pieceKinds.value) return value;
    const parts = Array.from(value as Uint32Array, id => this.piece(id));
    return kind === pieceKinds.list ? parts : ([] as unknown[]).concat(...(parts as unknown[][]));
  }
}

function present<T>(part: T | undefined): T {
  if (part === undefined) throw new Error('a part of the configuration did not come');
  return part;
}
