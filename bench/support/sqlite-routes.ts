/** The same prefixes in SQLite, asked for all that a number begins with: no rule, no order, only the candidates. */
import sqlite3 from 'sqlite3';
import type { Entry } from './routing-network.ts';

const rowsAtOnce = 50_000;
const longest = 16;

const oneCallee = `SELECT gateway, length(prefix) AS length FROM route
  WHERE prefix IN (${Array.from({ length: longest }, () => '?').join(', ')}) ORDER BY 2 DESC`;

/** All numbers in one statement, so that nothing but SQLite itself is measured. */
const allCallees = `WITH RECURSIVE length(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM length WHERE n < ${longest})
  SELECT count(*) AS found FROM callee, length, route
  WHERE n <= length(callee.number) AND route.prefix = substr(callee.number, 1, n)`;

export class SqliteRoutes {
  readonly #database: sqlite3.Database;
  #query: sqlite3.Statement | null = null;

  constructor() {
    this.#database = new sqlite3.Database(':memory:');
  }

  async fill(entries: readonly Entry[]): Promise<void> {
    await this.#run(
      'CREATE TABLE route (prefix TEXT, gateway INTEGER, expiration INTEGER, PRIMARY KEY (prefix, gateway)) WITHOUT ROWID',
    );
    await this.#run('CREATE TABLE callee (number TEXT)');
    for (let from = 0; from < entries.length; from += rowsAtOnce) {
      const rows = entries
        .slice(from, from + rowsAtOnce)
        .map(({ prefix, gateway, expiration }) => [prefix, gateway, expiration ? 1 : 0]);
      await this.#run(
        'INSERT INTO route SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(?)',
        JSON.stringify(rows),
      );
    }
    this.#query = this.#database.prepare(oneCallee);
  }

  /** How many candidates the number has. */
  candidates(callee: string): Promise<number> {
    const prefixes = Array.from({ length: longest }, (_, i) => callee.slice(0, i + 1));
    return new Promise((resolve, reject) => {
      this.#query!.all(prefixes, (error: Error | null, rows: unknown[]) => {
        if (error === null) resolve(rows.length);
        else reject(error);
      });
    });
  }

  /** As `candidates`, of all the numbers together. */
  async allCandidates(callees: readonly string[]): Promise<number> {
    await this.#run('DELETE FROM callee');
    await this.#run('INSERT INTO callee SELECT value FROM json_each(?)', JSON.stringify(callees));
    return new Promise((resolve, reject) => {
      this.#database.get(allCallees, (error: Error | null, row: { readonly found: number }) => {
        if (error === null) resolve(row.found);
        else reject(error);
      });
    });
  }

  close(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#query?.finalize();
      this.#database.close(error => (error === null ? resolve() : reject(error)));
    });
  }

  #run(sql: string, ...values: string[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#database.run(sql, values, (error: Error | null) => (error === null ? resolve() : reject(error)));
    });
  }
}
