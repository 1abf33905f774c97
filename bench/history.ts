/**
 * What the history of a large carrier costs: keeping it the first time, keeping it after one edit, and going back to a
 * version. One JSON object a line. `node dist/bench/history.js [rows]`
 */
import { appendFileSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { silentLogger } from '../src/diagnostics/logger.ts';
import { historyDirectory, SwitchHistory } from '../src/history/switch-history.ts';
import { collectWithoutHelpers } from '../src/live/collections.ts';
import { LoadingThread } from '../src/live/loading-thread.ts';
import { SqliteStore } from '../src/store/sqlite-store.ts';
import { SqliteVersionTable } from '../src/store/sqlite-version-table.ts';
import { largeCarrier, writeCarrier } from './support/carrier.ts';

const size = { ...largeCarrier, rows: Number(process.argv[2] ?? largeCarrier.rows) };
const directory = mkdtempSync(join(tmpdir(), 'class4-bench-history-'));
const path = join(directory, 'var', 'class4.db');
const delays = monitorEventLoopDelay({ resolution: 1 });

// As a switch does.
collectWithoutHelpers();
writeCarrier(directory, size);
const store = await SqliteStore.open({ path, sole: true });
const loading = new LoadingThread(directory);
const history = await openHistory(loading);
try {
  print({ bench: 'history', ...size });
  const first = await timed('load', () => loading.load());
  await timed('keep the first version', () => history.keep(first.snapshot!));
  await timed('keep it again', () => history.keep(first.snapshot!));
  print({ bench: 'history', what: 'disk', ...blobsOn() });
  appendFileSync(join(directory, 'gateways', 'routing', 'vendor-1.yaml'), 'protectRoute: true\n');
  const second = await timed('load after one edit', () => loading.load());
  const before = blobsOn();
  await timed('keep after one edit', () => history.keep(second.snapshot!));
  const after = blobsOn();
  print({
    bench: 'history',
    what: 'written after one edit',
    blobs: after.blobs - before.blobs,
    kiB: Math.round((after.bytes - before.bytes) / 1024),
  });
  for (let run = 0; run < 5; run++) {
    await timed('find and restore', async () => {
      const version = await history.find(first.snapshot!.hash.slice(0, 12));
      const snapshot = await history.restore(version!.hash);
      if (snapshot.hash !== first.snapshot!.hash) throw new Error('another version was restored');
    });
  }
} finally {
  await loading.close();
  await history.close();
  await store.close();
  rmSync(directory, { recursive: true, force: true });
}

async function openHistory(keeping: LoadingThread): Promise<SwitchHistory> {
  const table = await SqliteVersionTable.open({ path });
  const options = { table, keeping, directory: historyDirectory(path), log: silentLogger, clock: Date.now };
  return new SwitchHistory(options);
}

/** The longest that the event loop of the main thread was held is told beside the time that was waited. */
async function timed<Result>(what: string, work: () => Promise<Result>): Promise<Result> {
  delays.reset();
  delays.enable();
  const [beganAt, cpu] = [performance.now(), process.cpuUsage()];
  const result = await work();
  const ms = Math.round(performance.now() - beganAt);
  const { user, system } = process.cpuUsage(cpu);
  await new Promise(resolve => setImmediate(resolve));
  delays.disable();
  const loopHeldMs = Math.round(delays.max / 1e5) / 10;
  print({ bench: 'history', what, ms, cpuMs: Math.round((user + system) / 1000), loopHeldMs });
  return result;
}

function blobsOn(): { readonly blobs: number; readonly bytes: number } {
  const names = readdirSync(historyDirectory(path));
  const bytes = names.reduce((sum, name) => sum + statSync(join(historyDirectory(path), name)).size, 0);
  return { blobs: names.length, bytes };
}

function print(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
