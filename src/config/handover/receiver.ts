/** Puts Snapshots of another thread together, little by little: no turn of the event loop takes long over it. */

import type { Snapshot } from '../snapshot.ts';
import { type KnownParts, pieceKinds, pieceValue, type TypedArray } from './pieces.ts';
import type { SentArrays, SentSnapshot } from './sender.ts';

export interface ReceiverOptions {
  /** The next message with arrays, which is there already. */
  readonly nextArrays: () => SentArrays;
  /** Lets others have their turn. */
  readonly pause: () => Promise<unknown>;
  /** Milliseconds of a clock that never runs backwards. */
  readonly nowMs: () => number;
}

/** How long one turn took at most, and how long all of it did. */
export interface Received {
  readonly snapshot: Snapshot;
  readonly longestTurnMs: number;
  readonly turns: number;
}

/** Longer turns would only save the pauses between them. */
const turnMs = 2;

/**
 * Objects that did not change since the last Snapshot are the same in the next one, and what was prepared for them
 * serves on. Of one sender; nobody may change what it gives.
 */
export class SnapshotReceiver {
  readonly #options: ReceiverOptions;
  readonly #pieces = new Map<number, unknown>();
  readonly #arrays = new Map<number, TypedArray>();
  readonly #known: KnownParts = {
    piece: id => present(this.#pieces.get(id)),
    array: id => present(this.#arrays.get(id)),
  };
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
    const { nowMs, pause } = this.#options;
    const steps = this.#steps(sent);
    let [longestTurnMs, turns] = [0, 0];
    for (;;) {
      await pause();
      const beganAtMs = nowMs();
      let isDone = false;
      let tookMs = 0;
      while (!isDone && tookMs < turnMs) {
        isDone = steps.next().done === true;
        tookMs = nowMs() - beganAtMs;
      }
      turns += 1;
      longestTurnMs = Math.max(longestTurnMs, tookMs);
      if (isDone) break;
    }
    const snapshot = present(this.#pieces.get(sent.root)) as Snapshot;
    for (const id of sent.droppedPieces) this.#pieces.delete(id);
    for (const id of sent.droppedArrays) this.#arrays.delete(id);
    return { snapshot, longestTurnMs, turns };
  }

  /** One small thing after the other. */
  *#steps(sent: SentSnapshot): Generator<void, void> {
    const { arrayMessages, bytes, ends, kinds, firstPiece } = sent;
    for (let message = 0; message < arrayMessages; message++) {
      const { first, arrays } = this.#options.nextArrays();
      for (const [index, array] of arrays.entries()) this.#arrays.set(first + index, array);
      yield;
    }
    // Out of memory that nobody shares: what is made of it may refer to it.
    for (let index = 0; index < ends.length; index++) {
      const piece = bytes.slice(index === 0 ? 0 : ends[index - 1]!, ends[index]!);
      const value = pieceValue(piece, this.#known);
      this.#pieces.set(firstPiece + index, this.#assemble(value, kinds[index]!));
      yield;
    }
  }

  #assemble(value: unknown, kind: number): unknown {
    if (kind === pieceKinds.value) return value;
    const parts = Array.from(value as Uint32Array, this.#known.piece);
    return kind === pieceKinds.list ? parts : ([] as unknown[]).concat(...(parts as unknown[][]));
  }
}

function present<T>(part: T | undefined): T {
  if (part === undefined) throw new Error('a part of the configuration did not come');
  return part;
}
