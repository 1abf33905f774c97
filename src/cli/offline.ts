/** Facts for commands while no switch runs: the configuration and the database, read directly. */
import { relative, resolve } from 'node:path';
import { loadConfiguration } from '../config/load.ts';
import type { Snapshot } from '../config/snapshot.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { databaseExists, SqliteStore } from '../store/sqlite-store.ts';
import type { Io } from './io.ts';

/** The configuration has errors; they are printed with their places. */
export class ConfigurationError extends Error {
  readonly diagnostics: readonly Diagnostic[];
  /** Where the files are: absolute. */
  readonly directory: string;

  constructor(diagnostics: readonly Diagnostic[], directory: string) {
    super('the configuration has errors');
    this.name = 'ConfigurationError';
    this.diagnostics = diagnostics;
    this.directory = directory;
  }
}

export function pathPrefixOf(directory: string, io: Io): string {
  const path = relative(io.workingDirectory, directory);
  if (path === '') return '';
  return `${path.startsWith('..') ? directory : path}/`;
}

/** @throws ConfigurationError */
export function loadOrFail(directory: string): Snapshot {
  const { snapshot, diagnostics } = loadConfiguration(directory);
  if (snapshot !== null) return snapshot;
  throw new ConfigurationError(
    diagnostics.filter(({ severity }) => severity === 'error'),
    directory,
  );
}

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
