/** Something is wrong with the database that only an operator can put right. */
export class StoreError extends Error {
  /** What to do about it. */
  readonly hint: string;

  constructor(message: string, hint: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StoreError';
    this.hint = hint;
  }
}

const hints: Readonly<Record<string, string>> = {
  SQLITE_CANTOPEN: 'check that the directory exists and that the user of the switch may write to it',
  SQLITE_PERM: 'check the permissions of the file and of its directory',
  SQLITE_AUTH: 'check the permissions of the file and of its directory',
  SQLITE_READONLY:
    'make the file, its directory and its -wal and -shm files writable for the user of the switch',
  SQLITE_NOTADB: 'it is no SQLite database: move it away, or set store.path in switch.yaml to another file',
  SQLITE_CORRUPT:
    'the file is damaged: move it away and restore a backup, or save what can be read with `sqlite3 FILE .recover`',
  SQLITE_FULL: 'free some space on its disk',
  SQLITE_IOERR: 'check the disk and the system log',
  SQLITE_BUSY: 'another program holds the database: end it, or wait until it is done',
  SQLITE_LOCKED: 'another program holds the database: end it, or wait until it is done',
  SQLITE_NOMEM: 'free some memory',
};

/** Where somebody only wants to read what another program wrote, which may be a switch at work. */
const readingHints: Readonly<Record<string, string>> = {
  SQLITE_CANTOPEN: 'run the command as the user that runs the switch, or name a copy that you may read',
  SQLITE_NOTADB: 'it is no SQLite database: name the database of a switch (store.path in its switch.yaml)',
  SQLITE_CORRUPT:
    'the file is damaged, or was copied while it was written: name a backup, or one that `sqlite3 FILE ".backup COPY"` made',
  SQLITE_BUSY: 'another program keeps everybody else out of it: wait until it is done, or name a copy',
};

/** As `explainSqliteError`, of a database that is only read. */
export function explainReadingError(error: unknown, path: string): StoreError {
  const code = (error as { code?: unknown } | null)?.code;
  const hint = typeof code === 'string' ? readingHints[code] : undefined;
  const explained = explainSqliteError(error, path);
  return hint === undefined ? explained : new StoreError(explained.message, hint, { cause: error });
}

/** Turns an error of SQLite about a file into one that says what to do. */
export function explainSqliteError(error: unknown, path: string): StoreError {
  if (error instanceof StoreError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const code = (error as { code?: unknown } | null)?.code;
  const hint = typeof code === 'string' ? hints[code] : undefined;
  return new StoreError(
    `cannot use the database ${path}: ${message}`,
    hint ?? 'check the file, its directory and its disk',
    { cause: error },
  );
}
