/** Worker thread: reads versions back and sweeps the disk, one request after the other. */
import { parentPort, workerData } from 'node:worker_threads';
import { Blobs } from './blobs.ts';
import { realDisk } from './disk.ts';
import { HistoryError } from './history-error.ts';
import { HistoryReader } from './history-reader.ts';
import type { HistoryReply, HistoryRequest } from './history-thread.ts';

const reader = new HistoryReader(new Blobs(workerData as string, realDisk));
let turn: Promise<void> = Promise.resolve();

parentPort!.on('message', ({ id, request }: { readonly id: number; readonly request: HistoryRequest }) => {
  turn = turn.then(async () => parentPort!.postMessage(await reply(id, request)));
});

async function reply(id: number, request: HistoryRequest): Promise<HistoryReply> {
  try {
    return { id, answer: await reader.answer(request) };
  } catch (error) {
    const hint = error instanceof HistoryError ? error.hint : null;
    return { id, problem: error instanceof Error ? error.message : String(error), hint };
  }
}
