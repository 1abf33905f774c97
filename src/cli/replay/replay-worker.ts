/** Worker thread: learns what vendors did, and plays one side of a replay, part by part. */
import { parentPort, workerData } from 'node:worker_threads';
import { RoutingIndexer } from '../../config/compile/routing-indexes.ts';
import { learnVendors, playPart } from '../../replay/play-part.ts';
import { VendorModel } from '../../replay/vendor-model.ts';
import { PastCalls, type PastSpan } from '../../store/past-calls.ts';
import { StoreError } from '../../store/store-error.ts';
import type { ReplayReply, ReplayRequest, ReplayThreadData } from './protocol.ts';

const { path, span, seed, laterMs, snapshot: compiled } = workerData as ReplayThreadData;
const snapshot = compiled.indexes === undefined ? withIndexes() : compiled;
let model = new VendorModel();

function withIndexes(): typeof compiled {
  return { ...compiled, indexes: new RoutingIndexer().of(compiled) };
}

function say(reply: ReplayReply): void {
  parentPort!.postMessage(reply);
}

const tell = (calls: number): void => say({ kind: 'progress', calls });

parentPort!.on('message', (request: ReplayRequest) => {
  serve(request).catch((error: unknown) => {
    const isStore = error instanceof StoreError;
    const message =
      error instanceof Error ? (isStore ? error.message : (error.stack ?? error.message)) : String(error);
    say({ kind: 'failed', message, hint: isStore ? error.hint : null });
  });
});

async function serve(request: ReplayRequest): Promise<void> {
  switch (request.kind) {
    case 'learn':
      say({ kind: 'learned', learned: await reading(span, pages => learnVendors(pages, tell)) });
      break;
    case 'know':
      model = new VendorModel(request.behaviour);
      break;
    case 'play': {
      const { part } = request;
      const played = { ...span, sinceMs: part.warmUpMs, untilMs: part.untilMs };
      const result = await reading(played, pages =>
        playPart(pages, part, snapshot, { model, seed, laterMs, tell }),
      );
      say({ kind: 'played', result });
      break;
    }
  }
}

async function reading<Result>(
  wanted: PastSpan,
  work: (pages: ReturnType<PastCalls['pages']>) => Promise<Result>,
): Promise<Result> {
  const calls = await PastCalls.open(path);
  try {
    return await work(calls.pages(wanted));
  } finally {
    await calls.close();
  }
}
