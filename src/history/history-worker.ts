/** Worker thread: reads versions back and sweeps the disk, one request after the other. */
import { parentPort, workerData } from 'node:worker_threads';
import { sendWhole, takeApart } from '../config/handover/whole.ts';
import { Blobs } from './blobs.ts';
import { realDisk } from './disk.ts';
import { HistoryError } from './history-error.ts';
import { HistoryReader } from './history-reader.ts';
import type { HistoryReply, HistoryRequest, HistoryThreadData } from './history-thread.ts';
import type { Restored } from './restore.ts';

const { directory, snapshots } = workerData as HistoryThreadData;
// It reads the program for its identity, before somebody waits for it.
const reader = new HistoryReader(new Blobs(directory, realDisk));
let turn: Promise<void> = Promise.resolve();

parentPort!.on('message', ({ id, request }: { readonly id: number; readonly request: HistoryRequest }) => {
  turn = turn.then(async () => parentPort!.postMessage(await reply(id, request)));
});

async function reply(id: number, request: HistoryRequest): Promise<HistoryReply> {
  try {
    const answer = await reader.answer(request);
    if (request.kind !== 'restore') return { id, answer, sent: null };
    const restored = answer as Restored;
    const { compiledBecause } = restored;
    const whole = 'whole' in restored ? restored.whole : takeApart(restored.snapshot);
    const sent = sendWhole(whole, message => snapshots.postMessage(message));
    return { id, answer: { compiledBecause }, sent };
  } catch (error) {
    const hint = error instanceof HistoryError ? error.hint : null;
    return { id, problem: error instanceof Error ? error.message : String(error), hint };
  }
}
