/**
 * The history for commands, straight from the database and the files beside it: it must tell what served also when no
 * switch answers, and when the configuration in the directory is broken.
 */
import { resolve } from 'node:path';
import { loadConfiguration } from '../config/load.ts';
import { askSwitch, RefusedError, UnreachableError } from '../control/client.ts';
import { BlobError, Blobs } from '../history/blobs.ts';
import { realDisk } from '../history/disk.ts';
import { listFiles } from '../history/file-packs.ts';
import type { VersionFile } from '../history/history.ts';
import { HistoryError } from '../history/history-error.ts';
import { historyDirectory } from '../history/switch-history.ts';
import { findVersion } from '../history/version-names.ts';
import type { VersionRow, VersionTable } from '../history/version-table.ts';
import { readLastStore } from '../live/configuration/last-store.ts';
import { databaseExists } from '../store/sqlite-store.ts';
import { SqliteVersionTable } from '../store/sqlite-version-table.ts';

export interface ReadableHistory {
  readonly table: VersionTable;
  readonly blobs: Blobs;
}

/** @throws HistoryError when there is none yet, or the disk does not give it; StoreError */
export async function withHistory<Result>(
  directory: string,
  work: (history: ReadableHistory) => Promise<Result>,
): Promise<Result> {
  const path = resolve(directory, storePathOf(directory));
  const table = (await databaseExists(path)) ? await SqliteVersionTable.open({ path, readOnly: true }) : null;
  try {
    if (table === null || !(await table.exists())) {
      throw new HistoryError('there is no history yet', `a switch that starts begins one at ${path}`);
    }
    return await work({ table, blobs: new Blobs(historyDirectory(path), realDisk) });
  } catch (error) {
    throw isOfSystem(error) || error instanceof BlobError ? unreadable(path, error) : error;
  } finally {
    await table?.close();
  }
}

/** What the file system says, as opposed to what is wrong with the files. */
function isOfSystem(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error && 'errno' in error;
}

function unreadable(storePath: string, error: Error): HistoryError {
  return new HistoryError(
    `the history cannot be read: ${error.message}`,
    `check ${historyDirectory(storePath)}, and who may read it`,
    { cause: error },
  );
}

/** Where the last switch had it counts: switch.yaml may be what is broken. */
export function storePathOf(directory: string): string {
  return (
    readLastStore(directory) ?? loadConfiguration(directory).snapshot?.switch.store.path ?? 'var/class4.db'
  );
}

export async function isSwitchRunning(directory: string): Promise<boolean> {
  try {
    await askSwitch(directory, 'GET', '/status');
    return true;
  } catch (error) {
    if (error instanceof UnreachableError) return false;
    // Whoever refuses to answer runs.
    if (error instanceof RefusedError) return true;
    throw error;
  }
}

/** @throws HistoryError when there is none of this name */
export async function versionNamed(table: VersionTable, name: string): Promise<VersionRow> {
  const found = await findVersion(table, name);
  if (found !== null) return found.row;
  throw new HistoryError(
    name === 'previous' ? 'no other version served before' : `there is no version "${name}"`,
    'name one by the number or the hash that `class4 history` shows (four characters at least), or `previous`',
  );
}

/** @throws HistoryError when they were not kept; BlobError when they cannot be read, which `withHistory` explains */
export function filesOf({ blobs }: ReadableHistory, { hash, files }: VersionRow): readonly VersionFile[] {
  return listFiles(blobs, listOf({ hash, files }));
}

/** The blob that leads to the files of a version. @throws HistoryError */
export function listOf({ hash, files }: Pick<VersionRow, 'hash' | 'files'>): string {
  if (files !== null) return files;
  throw new HistoryError(
    `the files of the version ${shortHash(hash)} were not kept`,
    'they had changed again before they could be; its compiled form serves a rollback all the same',
  );
}

export function shortHash(hash: string): string {
  return hash.slice(0, 12);
}
