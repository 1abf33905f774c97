/** Decisions about what the next start serves, while no switch runs. */
import { resolve } from 'node:path';
import type { Snapshot } from '../config/snapshot.ts';
import { UnreachableError } from '../control/client.ts';
import { openControlServer } from '../control/server.ts';
import { silentLogger } from '../diagnostics/logger.ts';
import type { History, Hold } from '../history/history.ts';
import type { Request } from '../live/configuration/hold-state.ts';
import { readLastStore } from '../live/configuration/last-store.ts';
import { openHistory } from '../live/configuration/open-history.ts';
import { heldAlready, notHeld } from '../live/configuration/serving-version.ts';
import { namedVersion, previousVersion, type RestoredVersion } from '../live/configuration/versions.ts';
import { heldReport } from '../live/decision-reports.ts';
import { LoadingThread } from '../live/loading-thread.ts';
import type { ResumeResult, RollbackResult } from '../live/operations.ts';
import { databaseExists, SqliteStore } from '../store/sqlite-store.ts';
import { loadNextStart, type NextStart } from './next-start.ts';

export interface OfflineRollback extends Request {
  readonly reason: string;
  readonly version: string | null;
}

/**
 * The next start serves an older version. Without a name it is the one that served last and is not what would be
 * started, so that it helps against files that broke the switch, whether or not they have ever served.
 * @throws OperationError, StoreError, UnreachableError when nothing ever served
 */
export function rollbackAtNextStart(directory: string, request: OfflineRollback): Promise<RollbackResult> {
  return withHistory(directory, async (history, load) => {
    const held = await history.hold();
    const { version, by, reason } = request;
    const isDefault = version === null || version === 'previous';
    if (isDefault && held !== null) throw heldAlready(held);
    const starts = held?.hash ?? (await load()).snapshot?.hash ?? null;
    const restore = (hash: string) => history.restore(hash);
    const { hash: to, snapshot } = isDefault
      ? await previousVersion(history, starts, restore)
      : await restored(await namedVersion(history, version), restore);
    const hold: Hold = { hash: to, by, reason, sinceMs: Date.now() };
    const served = { hash: to, servedHash: snapshot.hash };
    const activation = { ...served, cause: 'rollback', by, reason, sharePercent: 100 } as const;
    await history.activate({ ...activation, beganAtMs: hold.sinceMs, hold });
    const [, last] = await history.activations(2);
    return {
      ...{ from: starts ?? last?.hash ?? to, to, durable: true, problem: null, restartNeeded: [] },
      hold: heldReport({ ...hold, durable: true }),
    };
  });
}

async function restored(
  hash: string,
  restore: (hash: string) => Promise<Snapshot>,
): Promise<RestoredVersion> {
  return { hash, snapshot: await restore(hash) };
}

/** The next start serves the files, which must be good. @throws OperationError, StoreError, UnreachableError */
export function resumeAtNextStart(directory: string, { by, reason }: Request): Promise<ResumeResult> {
  return withHistory(directory, async (history, load) => {
    const held = await history.hold();
    if (held === null) throw notHeld();
    const { snapshot, diagnostics, failure } = await load();
    if (snapshot === null) return { outcome: 'refused', diagnostics, failure, decision: null };
    await history.keep(snapshot);
    const activation = { hash: snapshot.hash, cause: 'resume', by, reason, sharePercent: 100 } as const;
    await history.activate({ ...activation, beganAtMs: Date.now(), hold: null });
    const decision = { from: held.hash, to: snapshot.hash, durable: true, problem: null, restartNeeded: [] };
    return { outcome: 'resumed', failure: null, diagnostics, decision };
  });
}

/** As the only one who works with it: the socket and the lock of the database keep every switch from starting. */
async function withHistory<Result>(
  directory: string,
  work: (history: History, load: () => Promise<NextStart>) => Promise<Result>,
): Promise<Result> {
  const loading = new LoadingThread(directory);
  try {
    const storePath = await storePathOf(directory, loading);
    if (storePath === null || !(await databaseExists(storePath))) {
      throw new UnreachableError(directory, 'none is running, and none ever left a history', 'absent');
    }
    const claim = await openControlServer(directory, silentLogger);
    try {
      const store = await SqliteStore.open({ path: storePath, sole: true });
      try {
        const around = { keeping: loading, log: silentLogger, clock: Date.now };
        const history = await openHistory(store, { storePath, ...around });
        try {
          return await work(history, () => loadNextStart(directory, loading));
        } finally {
          await history.close();
        }
      } finally {
        await store.close();
      }
    } finally {
      await claim.close();
    }
  } finally {
    await loading.close();
  }
}

async function storePathOf(directory: string, loading: LoadingThread): Promise<string | null> {
  const path = readLastStore(directory) ?? (await loading.load()).snapshot?.switch.store.path;
  return path === undefined ? null : resolve(directory, path);
}
