/** A thin promise layer over sqlite3 that keeps the error code. Nothing outside the store sees it. */
import sqlite3 from 'sqlite3';

export type SqlValue = string | number | null;
export type SqlRow = Readonly<Record<string, SqlValue>>;

/** `SQLITE_BUSY`, `SQLITE_FULL` … when SQLite said so. */
export function sqliteCode(error: unknown): string | null {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && code.startsWith('SQLITE_') ? code : null;
}

export class Statement {
  readonly #statement: sqlite3.Statement;

  constructor(statement: sqlite3.Statement) {
    this.#statement = statement;
  }

  run(parameters: readonly SqlValue[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#statement.run(parameters, (error: Error | null) => (error === null ? resolve() : reject(error)));
    });
  }

  finalize(): Promise<void> {
    return new Promise(resolve => this.#statement.finalize(() => resolve()));
  }
}

export class Database {
  readonly #database: sqlite3.Database;

  constructor(database: sqlite3.Database) {
    this.#database = database;
    // Every call has its own callback; an `error` event without a listener would end the process.
    database.on('error', () => {});
  }

  static open(path: string, mode: 'create' | 'existing' | 'reading'): Promise<Database> {
    const flags =
      mode === 'reading'
        ? sqlite3.OPEN_READONLY
        : sqlite3.OPEN_READWRITE | (mode === 'create' ? sqlite3.OPEN_CREATE : 0);
    return new Promise((resolve, reject) => {
      const database = new sqlite3.Database(path, flags, error => {
        if (error !== null) return reject(error);
        resolve(new Database(database));
      });
    });
  }

  /** How long a statement waits inside SQLite for a lock that another connection holds. */
  busyTimeout(milliseconds: number): void {
    this.#database.configure('busyTimeout', milliseconds);
  }

  execute(sql: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#database.exec(sql, error => (error === null ? resolve() : reject(error)));
    });
  }

  run(sql: string, parameters: readonly SqlValue[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#database.run(sql, parameters, (error: Error | null) =>
        error === null ? resolve() : reject(error),
      );
    });
  }

  all(sql: string, parameters: readonly SqlValue[] = []): Promise<readonly SqlRow[]> {
    return new Promise((resolve, reject) => {
      this.#database.all<SqlRow>(sql, parameters, (error, rows) =>
        error === null ? resolve(rows) : reject(error),
      );
    });
  }

  async one(sql: string, parameters: readonly SqlValue[] = []): Promise<SqlRow | null> {
    const rows = await this.all(sql, parameters);
    return rows[0] ?? null;
  }

  prepare(sql: string): Promise<Statement> {
    return new Promise((resolve, reject) => {
      const statement = this.#database.prepare(sql, (error: Error | null) =>
        error === null ? resolve(new Statement(statement)) : reject(error),
      );
    });
  }

  close(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#database.close(error => (error === null ? resolve() : reject(error)));
    });
  }
}
