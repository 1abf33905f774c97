/** Brings a database to the schema of this program: forward only, one numbered step after the other. */
import type { Database } from './database.ts';
import { callsAndLedger } from './migrations/0001-calls-and-ledger.ts';
import { numbersOfCalls } from './migrations/0002-numbers.ts';
import { historyOfConfigurations } from './migrations/0003-history.ts';
import { servedHash } from './migrations/0004-served-hash.ts';
import { StoreError } from './store-error.ts';

/** Position in the list plus one is the version. A step that was released is never edited. */
const migrations: readonly string[] = [callsAndLedger, numbersOfCalls, historyOfConfigurations, servedHash];

export const schemaVersion = migrations.length;

/** "class4" would not fit into the four bytes of `PRAGMA application_id`; this is "cls4". */
const applicationId = 0x636c7334;

/**
 * @throws StoreError when the file belongs to another program, or to a newer version of this one.
 */
export async function migrate(database: Database, path: string): Promise<void> {
  const version = await pragma(database, 'user_version');
  const owner = await pragma(database, 'application_id');
  if (owner !== applicationId) await assertEmpty(database, path);
  if (version > schemaVersion) {
    throw new StoreError(
      `the database ${path} has schema version ${version}, but this class4 knows versions up to ${schemaVersion}`,
      'run the class4 that wrote it, or a newer one; a database never goes back to an older schema',
    );
  }
  for (let next = version; next < schemaVersion; next += 1) await step(database, next);
  // Where another program took the steps, this connection still has the schema of before; a question brings it up to date.
  await database.one('SELECT count(*) AS objects FROM sqlite_schema');
}

/** Another program may have opened the same old file at the same moment: who comes second finds the step taken. */
async function step(database: Database, from: number): Promise<void> {
  await database.execute('BEGIN IMMEDIATE');
  try {
    if ((await pragma(database, 'user_version')) === from) {
      await database.execute(
        `${migrations[from]!}PRAGMA application_id = ${applicationId};PRAGMA user_version = ${from + 1};`,
      );
    }
    await database.execute('COMMIT');
  } catch (error) {
    // What went wrong is worth more than that there was nothing left to roll back.
    await database.execute('ROLLBACK').catch(() => {});
    throw error;
  }
}

async function pragma(database: Database, name: string): Promise<number> {
  const row = await database.one(`PRAGMA ${name}`);
  return Number(row?.[name] ?? 0);
}

async function assertEmpty(database: Database, path: string): Promise<void> {
  const row = await database.one('SELECT count(*) AS objects FROM sqlite_schema');
  if (row?.['objects'] === 0) return;
  throw new StoreError(
    `${path} is an SQLite database of another program`,
    'set store.path in switch.yaml to a file of its own',
  );
}
