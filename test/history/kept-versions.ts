/** A history with the store and the loading thread of a switch, in a copy of the example network. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import type { Snapshot } from '../../src/config/snapshot.ts';
import type { NewActivation } from '../../src/history/history.ts';
import { HistoryError } from '../../src/history/history-error.ts';
import { historyDirectory, SwitchHistory } from '../../src/history/switch-history.ts';
import { LoadingThread } from '../../src/live/loading-thread.ts';
import { SqliteStore } from '../../src/store/sqlite-store.ts';
import { SqliteVersionTable } from '../../src/store/sqlite-version-table.ts';
import { exampleDirectory } from '../cli/example-directory.ts';
import { FakeLog } from '../live/fakes.ts';
import type { TemporaryDirectory } from '../store/records.ts';

export interface Context {
  directory: TemporaryDirectory;
  path: string;
  storePath: string;
  blobs: string;
  log: FakeLog;
  nowMs: number;
  store: SqliteStore;
  table: SqliteVersionTable;
  loading: LoadingThread;
  history: SwitchHistory;
}

export async function begin(context: Context): Promise<void> {
  context.directory = exampleDirectory();
  context.path = context.directory.path;
  context.storePath = join(context.path, 'var', 'class4.db');
  context.blobs = historyDirectory(context.storePath);
  context.log = new FakeLog();
  context.nowMs = 1_800_000_000_000;
  context.store = await SqliteStore.open({ path: context.storePath, sole: true });
  context.loading = new LoadingThread(context.path);
  await open(context);
}

export async function end({ history, loading, store, directory }: Context): Promise<void> {
  await history.close();
  await loading.close();
  await store.close();
  directory.remove();
}

export async function open(context: Context): Promise<void> {
  context.table = await SqliteVersionTable.open({ path: context.storePath });
  context.history = new SwitchHistory({
    ...{ table: context.table, directory: context.blobs, keeping: context.loading, log: context.log },
    clock: () => context.nowMs,
  });
}

/** As after an end of the process that nobody expected, but for the threads. */
export async function reopen(context: Context): Promise<void> {
  await context.history.close();
  await open(context);
}

export async function load({ loading }: Context): Promise<Snapshot> {
  const { snapshot, diagnostics } = await loading.load();
  assert.ok(snapshot !== null, JSON.stringify(diagnostics));
  return snapshot!;
}

export function edit({ path }: Context, lines: number): void {
  const file = join(path, 'gateways', 'routing', 'northlink.yaml');
  const text = readFileSync(file, 'utf8');
  assert.match(text, /^lines: \d+/m);
  writeFileSync(file, text.replace(/^lines: \d+/m, `lines: ${lines}`));
}

/** Loads, keeps and activates what is in the directory. */
export async function serve(context: Context, changes: Partial<NewActivation> = {}): Promise<Snapshot> {
  const snapshot = await load(context);
  await context.history.keep(snapshot);
  await activate(context, snapshot.hash, changes);
  return snapshot;
}

export function activate({ history, nowMs }: Context, hash: string, changes: Partial<NewActivation> = {}) {
  const usual = { cause: 'edit', by: 'class4', reason: null, sharePercent: 100, beganAtMs: nowMs } as const;
  return history.activate({ ...usual, hash, ...changes });
}

export async function rejects(promise: Promise<unknown>, pattern: RegExp): Promise<void> {
  try {
    await promise;
  } catch (error) {
    assert.instance(error, HistoryError);
    assert.match((error as Error).message, pattern);
    return;
  }
  assert.unreachable('it did not reject');
}
