/** Opens the history that stands beside a database. */
import type { Logger } from '../../diagnostics/logger.ts';
import { historyDirectory, type Keeping, SwitchHistory } from '../../history/switch-history.ts';
import { databaseExists, type SqliteStore } from '../../store/sqlite-store.ts';
import { SqliteVersionTable } from '../../store/sqlite-version-table.ts';
import type { Clock } from '../clock.ts';

export interface HistoryPlace {
  /** Absolute. */
  readonly storePath: string;
  readonly keeping: Keeping;
  readonly log: Logger;
  readonly clock: Clock;
}

/** To be closed before the store. @throws StoreError */
export async function openHistory(
  store: Pick<SqliteStore, 'openVersionTable'>,
  { storePath, keeping, log, clock }: HistoryPlace,
): Promise<SwitchHistory> {
  const table = await store.openVersionTable();
  return new SwitchHistory({ table, directory: historyDirectory(storePath), keeping, log, clock });
}

/**
 * For a look before the database is anybody's: null when there is none yet, or none with a history.
 * @throws StoreError
 */
export async function openHistoryToRead({
  storePath,
  keeping,
  log,
  clock,
}: HistoryPlace): Promise<SwitchHistory | null> {
  if (!(await databaseExists(storePath))) return null;
  const table = await SqliteVersionTable.open({ path: storePath, readOnly: true });
  if (await table.exists())
    return new SwitchHistory({ table, directory: historyDirectory(storePath), keeping, log, clock });
  await table.close();
  return null;
}
