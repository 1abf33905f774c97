/**
 * The store on sqlite3. One connection writes, in batches; another one reads, so that a long question about old
 * calls holds up no call that is being written (WAL lets both work at once).
 */
import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { LedgerCharge, OpenCall } from '../cdr/open-call.ts';
import type { CallDetailRecord } from '../cdr/record.ts';
import { type Logger, silentLogger } from '../diagnostics/logger.ts';
import { type Money, noMoney } from '../rating/money.ts';
import type { Write } from './batch.ts';
import { Database } from './database.ts';
import { cdrQuerySql } from './query.ts';
import { amountOf, amountText, cdrOfRow, ledgerEntryOfRow } from './rows.ts';
import { SqliteVersionTable } from './sqlite-version-table.ts';
import type { CdrQuery, LedgerEntry, Store } from './store.ts';
import { explainSqliteError, StoreError } from './store-error.ts';
import { WriteQueue } from './write-queue.ts';
import { openWriter, type Writer } from './writer.ts';

export interface SqliteStoreOptions {
  /** Path of the database file; its directory is made when it is missing. */
  readonly path: string;
  /** Whoever writes calls or payments must be the only one: refuse when another process is, and keep others out. */
  readonly sole?: boolean;
  readonly log?: Logger;
  readonly wait?: (milliseconds: number) => Promise<void>;
  readonly now?: () => number;
}

export class SqliteStore implements Store {
  readonly #path: string;
  readonly #writer: Writer;
  readonly #reader: Database;
  readonly #queue: WriteQueue;
  #closed: Promise<void> | null = null;

  private constructor(options: SqliteStoreOptions, writer: Writer, reader: Database) {
    this.#path = options.path;
    this.#writer = writer;
    this.#reader = reader;
    const log = options.log ?? silentLogger;
    this.#queue = new WriteQueue({
      commit: writes => writer.commit(writes),
      onTrouble: error => {
        const { message, hint } = explainSqliteError(error, options.path);
        log.error('The store cannot be written; records wait in memory until it can', {
          error: message,
          hint,
        });
      },
      onRecovered: () => log.info('The store can be written again'),
      wait: options.wait ?? (milliseconds => delay(milliseconds)),
      now: options.now ?? (() => performance.now()),
    });
  }

  /**
   * Opens or creates the database and brings its schema up to date.
   * @throws StoreError saying what to do: no permission, damaged, in use, of another program …
   */
  static async open(options: SqliteStoreOptions): Promise<SqliteStore> {
    await makeDirectory(options.path);
    let writer: Writer | null = null;
    try {
      writer = await openWriter(options.path, options.sole);
      return new SqliteStore(options, writer, await openReader(options.path));
    } catch (error) {
      await writer?.close();
      throw explainSqliteError(error, options.path);
    }
  }

  async journal(call: OpenCall): Promise<void> {
    await this.#write({ kind: 'journal', call });
  }

  async finishCall(cdr: CallDetailRecord, ledger: readonly LedgerCharge[]): Promise<void> {
    for (const { amount } of ledger) amountText(amount);
    await this.#write({ kind: 'finish', cdr, ledger });
  }

  async forgetCall(callId: string): Promise<void> {
    await this.#write({ kind: 'forget', callId });
  }

  async pay(account: string, amount: Money, atMs: number, note: string): Promise<Money> {
    amountText(amount);
    await this.#write({ kind: 'payment', account, amount, atMs, note });
    return this.balance(account);
  }

  async heartbeat(atMs: number): Promise<void> {
    await this.#write({ kind: 'alive', atMs });
  }

  /** Of the same database; to be closed before the store. @throws StoreError */
  openVersionTable(): Promise<SqliteVersionTable> {
    return SqliteVersionTable.open({ path: this.#path, writing: this.#writer.database });
  }

  #write(write: Write): Promise<void> {
    if (this.#closed !== null) throw new Error('the store is closed');
    return this.#queue.add(write);
  }

  async balance(account: string): Promise<Money> {
    const row = await this.#one('SELECT CAST(amount AS TEXT) AS amount FROM balance WHERE account = ?', [
      account,
    ]);
    return row === null ? noMoney : amountOf(row, 'amount');
  }

  async balances(): Promise<ReadonlyMap<string, Money>> {
    const rows = await this.#all('SELECT account, CAST(amount AS TEXT) AS amount FROM balance', []);
    return new Map(rows.map(row => [String(row['account']), amountOf(row, 'amount')]));
  }

  /** Newest first. */
  async ledger(account: string, limit: number): Promise<readonly LedgerEntry[]> {
    const rows = await this.#all(
      `SELECT id, account, at_ms, kind, CAST(amount AS TEXT) AS amount, call_id, note FROM ledger
       WHERE account = ? ORDER BY id DESC LIMIT ?`,
      [account, limit],
    );
    return rows.map(ledgerEntryOfRow);
  }

  async cdrs(query: CdrQuery): Promise<readonly CallDetailRecord[]> {
    const { sql, parameters } = cdrQuerySql(query);
    return (await this.#all(sql, parameters)).map(cdrOfRow);
  }

  async interruptedCalls(): Promise<{ readonly calls: readonly OpenCall[]; readonly lastAliveMs: number }> {
    const rows = await this.#all('SELECT call FROM journal ORDER BY call_id', []);
    const calls = rows.map(row => JSON.parse(String(row['call'])) as OpenCall);
    const alive = await this.#one('SELECT alive_at_ms FROM liveness', []);
    const lastAliveMs = calls.reduce(
      (latest, { answeredAtMs, startedAtMs }) => Math.max(latest, answeredAtMs ?? startedAtMs),
      Number(alive?.['alive_at_ms'] ?? 0),
    );
    return { calls, lastAliveMs };
  }

  /** Accounts whose balance is not the sum of their ledger; none unless the file was changed by hand. */
  async wrongBalances(): Promise<readonly string[]> {
    const rows = await this.#all(
      `SELECT account FROM (SELECT account, amount FROM balance
         UNION ALL SELECT account, -amount FROM ledger)
       GROUP BY account HAVING sum(amount) <> 0`,
      [],
    );
    return rows.map(row => String(row['account']));
  }

  health(): { readonly pendingWrites: number; readonly lastError: string | null } {
    const error = this.#queue.lastError;
    return {
      pendingWrites: this.#queue.pending,
      lastError: error === null ? null : explainSqliteError(error, this.#path).message,
    };
  }

  /** Records that are not durable yet, for the log of a switch that must stop while the disk refuses them. */
  unwritten(): readonly Write[] {
    return this.#queue.unwritten();
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    await this.#queue.drained();
    await this.#reader.close();
    await this.#writer.close();
  }

  async #all(...question: Parameters<Database['all']>): ReturnType<Database['all']> {
    try {
      return await this.#reader.all(...question);
    } catch (error) {
      throw explainSqliteError(error, this.#path);
    }
  }

  async #one(...question: Parameters<Database['all']>): ReturnType<Database['one']> {
    const rows = await this.#all(...question);
    return rows[0] ?? null;
  }
}

async function openReader(path: string): Promise<Database> {
  const reader = await Database.open(path, 'existing');
  reader.busyTimeout(5000);
  await reader.execute('PRAGMA query_only = ON;');
  return reader;
}

/** Private to the user of the switch: records name who called whom. */
async function makeDirectory(path: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new StoreError(
      `cannot make the directory ${dirname(path)}: ${(error as Error).message}`,
      'check its permissions, or set store.path in switch.yaml to another place',
      { cause: error },
    );
  }
}

/** @throws StoreError when that cannot be told: a database that may not be seen is not an empty one. */
export async function databaseExists(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return false;
    throw new StoreError(
      `cannot look for the database ${path}: ${message}`,
      'run the command as the user that runs the switch',
      { cause: error },
    );
  }
}
