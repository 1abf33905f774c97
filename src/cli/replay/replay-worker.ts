/** Worker thread: learns what vendors did, and plays one side of a replay, part by part. */
import { parentPort, workerData } from 'node:worker_threads';
import { RoutingIndexer } from '../../config/compile/routing-indexes.ts';
import { learnVendors, playPart } from '../../replay/play-part.ts';
import { VendorModel } from '../../replay/vendor-model.ts';
import { PastCalls, type PastPage, type PastSpan } from '../../store/past-calls.ts';
import { StoreError } from '../../store/store-error.ts';
import type { ReplayReply, ReplayRequest, ReplayThreadData } from './protocol.ts';

const { path, span, seed, laterMs, snapshot: compiled } = workerData as ReplayThreadData;
const snapshot = compiled.indexes === undefined ? withIndexes() : compiled;
let model = new VendorModel();
let isBusy = false;
let isStopping = false;

class Stopped extends Error {}

function withIndexes(): typeof compiled {
  return { ...compiled, indexes: new RoutingIndexer().of(compiled) };
}

function say(reply: ReplayReply): void {
  parentPort!.postMessage(reply);
}

const tell = (calls: number): void => say({ kind: 'progress', calls });

parentPort!.on('message', (request: ReplayRequest) => {
  if (request.kind === 'stop') {
    isStopping = true;
    if (!isBusy) parentPort!.close();
    return;
  }
  isBusy = true;
  serve(request)
    .catch(sayFailed)
    .finally(() => {
      isBusy = false;
      if (isStopping) parentPort!.close();
    });
});

function sayFailed(error: unknown): void {
  if (error instanceof Stopped) return;
  if (error instanceof StoreError) say({ kind: 'failed', message: error.message, hint: error.hint });
  else {
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    say({ kind: 'failed', message, hint: null });
  }
}

async function serve(request: Exclude<ReplayRequest, { readonly kind: 'stop' }>): Promise<void> {
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
  work: (pages: AsyncIterable<PastPage>) => Promise<Result>,
): Promise<Result> {
  const calls = await PastCalls.open(path);
  try {
    return await work(untilStopped(calls.pages(wanted)));
  } finally {
    await calls.close();
  }
}

async function* untilStopped(pages: AsyncIterable<PastPage>): AsyncGenerator<PastPage> {
  for await (const page of pages) {
    // Between two pages a message may come in, but only if somebody waits for it.
    await new Promise(resolve => setImmediate(resolve));
    if (isStopping) throw new Stopped();
    yield page;
  }
}
