/** A Snapshot with all its parts, for whoever has none of them: on a disk, or of a thread that has sent nothing yet. */
import type { TypedArray } from './pieces.ts';
import { Parts } from './receiver.ts';
import { arraysAtOnce, type SentArrays, type SentSnapshot, SnapshotSender } from './sender.ts';

/** Arrays and pieces are numbered from 0 on. */
export interface WholeSnapshot extends Pick<SentSnapshot, 'bytes' | 'ends' | 'kinds' | 'root'> {
  readonly arrays: readonly TypedArray[];
}

export function takeApart(snapshot: object): WholeSnapshot {
  const arrays: TypedArray[] = [];
  const sent = new SnapshotSender().send(snapshot, message => arrays.push(...message.arrays));
  const { bytes, ends, kinds, root } = sent;
  return { arrays, bytes, ends, kinds, root };
}

/** In one go: for whoever holds nobody up. */
export function putTogether(whole: WholeSnapshot): unknown {
  const messages: SentArrays[] = [];
  const sent = sendWhole(whole, message => messages.push(message));
  const parts = new Parts();
  for (const _step of parts.take(sent, () => messages.shift()!));
  return parts.piece(sent.root);
}

/** `post` must reach the receiver before what is returned, as that of a sender. */
export function sendWhole(whole: WholeSnapshot, post: (message: SentArrays) => void): SentSnapshot {
  const { arrays, ...pieces } = whole;
  for (let at = 0; at < arrays.length; at += arraysAtOnce) {
    post({ first: at, arrays: arrays.slice(at, at + arraysAtOnce) });
  }
  const none = new Uint32Array();
  return {
    ...{ arrayMessages: Math.ceil(arrays.length / arraysAtOnce), ...pieces, firstPiece: 0 },
    ...{ droppedPieces: none, droppedArrays: none },
  };
}
