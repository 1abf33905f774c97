/** A database belongs to one switch at a time, whatever directory that was started from. */
import { Database, sqliteCode } from './database.ts';
import { StoreError } from './store-error.ts';

/** Long enough for a predecessor that is just ending. */
const patienceMs = 1000;

/**
 * Holds the database for this process until it is closed or the process ends, however it ends: the operating system
 * keeps the lock, on an empty file beside the database, because a lock on the database itself would keep readers out.
 * @throws StoreError when another process holds it, or what SQLite says.
 */
export async function claimDatabase(path: string): Promise<Database> {
  const claim = await Database.open(`${path}-owner`, 'create');
  try {
    claim.busyTimeout(patienceMs);
    await claim.execute('BEGIN EXCLUSIVE');
    return claim;
  } catch (error) {
    await claim.close();
    if (sqliteCode(error) !== 'SQLITE_BUSY') throw error;
    throw new StoreError(
      `another switch works with the database ${path}`,
      'end it first, or give each switch a file of its own with store.path in switch.yaml',
      { cause: error },
    );
  }
}
