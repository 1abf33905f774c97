/** The line that parts of Snapshots come by, beside the messages of a worker thread. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { MessageChannel, type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import { SnapshotReceiver } from './receiver.ts';
import type { SentArrays } from './sender.ts';

/** A receiver, and the port that its sender posts arrays to. */
export interface SnapshotLine {
  readonly receiver: SnapshotReceiver;
  /** To be transferred. */
  readonly sendersPort: MessagePort;
  close(): void;
}

/**
 * Nobody listens at the port: a thread takes all that waits for a listener in one turn of its event loop, and here one
 * message is fetched at a time.
 */
export function openSnapshotLine(): SnapshotLine {
  const { port1, port2 } = new MessageChannel();
  const receiver = new SnapshotReceiver({
    nextArrays() {
      const received = receiveMessageOnPort(port1) as { readonly message: SentArrays } | undefined;
      if (received === undefined) throw new Error('a part of the configuration did not come');
      return received.message;
    },
    pause: () => nextTurn(),
    nowMs: () => performance.now(),
  });
  return { receiver, sendersPort: port2, close: () => port1.close() };
}
