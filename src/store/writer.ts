/** The connection that writes: settings, schema, and the one statement that carries a batch. */
import { batchParameters, createBatchSql, insertBatchSql, type Write } from './batch.ts';
import { claimDatabase } from './claim.ts';
import { Database } from './database.ts';
import { migrate, schemaVersion } from './migrate.ts';

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

/**
 * `sole` claims the database for this process.
 * @throws what SQLite says, or StoreError when the file is not ours to write.
 */
export async function openWriter(path: string, sole: boolean = false): Promise<Writer> {
  const database = await Database.open(path, 'create');
  let claim: Database | null = null;
  try {
    database.busyTimeout(openingBusyTimeoutMs);
    await database.execute(settings);
    // Before the schema is touched: it may be the one of a switch that runs.
    if (sole) claim = await claimDatabase(path);
    await migrate(database, path);
    await database.execute(createBatchSql);
    await database.execute('BEGIN IMMEDIATE; COMMIT;');
    // Proves that the disk takes a page before the first call depends on it.
    if (sole) await database.execute(`PRAGMA user_version = ${schemaVersion}`);
    const insert = await database.prepare(insertBatchSql);
    database.busyTimeout(commitBusyTimeoutMs);
    return {
      database,
      commit: async writes => insert.run(batchParameters(writes)),
      async close() {
        await insert.finalize();
        await database.close();
        await claim?.close();
      },
    };
  } catch (error) {
    await database.close();
    await claim?.close();
    throw error;
  }
}
