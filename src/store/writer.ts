/** The connection that writes: settings, schema, and the one statement that carries a batch. */
import { batchParameters, createBatchSql, insertBatchSql, type Write } from './batch.ts';
import { Database } from './database.ts';
import { migrate } from './migrate.ts';

export interface Writer {
  readonly database: Database;
  /** Makes the writes durable together, or none of them. */
  commit(writes: readonly Write[]): Promise<void>;
  close(): Promise<void>;
}

/**
 * FULL syncs the log with each commit, so that what was acknowledged survives a power cut and not only a kill. A
 * commit carries many rows, which makes the sync cheap; docs/operations.md has the figures.
 */
const settings = `
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
PRAGMA wal_autocheckpoint = 4000;
PRAGMA journal_size_limit = 67108864;
`;

/** Opening may have to wait for a program that reads the database; a commit in service gives way to the queue. */
const openingBusyTimeoutMs = 5000;
const commitBusyTimeoutMs = 250;

/** @throws what SQLite says, or StoreError when the file is not ours to write. */
export async function openWriter(path: string): Promise<Writer> {
  const database = await Database.open(path, 'create');
  try {
    database.busyTimeout(openingBusyTimeoutMs);
    await database.execute(settings);
    await migrate(database, path);
    await database.execute(createBatchSql);
    // Proves that the file can be written before the first call depends on it.
    await database.execute('BEGIN IMMEDIATE; COMMIT;');
    const insert = await database.prepare(insertBatchSql);
    database.busyTimeout(commitBusyTimeoutMs);
    return {
      database,
      commit: async writes => insert.run(batchParameters(writes)),
      async close() {
        await insert.finalize();
        await database.close();
      },
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}
