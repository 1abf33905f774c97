/** The database of a directory, for commands while no switch runs. */
import { resolve } from 'node:path';
import type { Snapshot } from '../config/snapshot.ts';
import { databaseExists, SqliteStore } from '../store/sqlite-store.ts';
import type { Io } from './io.ts';
import { loadOrFail } from './load-or-fail.ts';

export interface OfflineStore {
  readonly snapshot: Snapshot;
  readonly path: string;
  readonly store: SqliteStore;
}

/**
 * Works on the directory's database: reads it, or (`create`) writes it as the only one who does, making it when it is
 * missing. `otherwise` is returned when there is none yet and `create` is off.
 * @throws ConfigurationError, StoreError
 */
export async function withOfflineStore<Result>(
  directory: string,
  io: Io,
  create: boolean,
  work: (offline: OfflineStore) => Promise<Result>,
  otherwise: (snapshot: Snapshot) => Result,
): Promise<Result> {
  const snapshot = loadOrFail(directory);
  const path = resolve(directory, snapshot.switch.store.path);
  if (!create && !(await databaseExists(path))) {
    io.err(`No switch answers here, and there is no database yet (${path}).\n`);
    return otherwise(snapshot);
  }
  const store = await SqliteStore.open({ path, sole: create });
  try {
    io.err(`No switch answers here; this is the database ${path}.\n`);
    return await work({ snapshot, path, store });
  } finally {
    await store.close();
  }
}
