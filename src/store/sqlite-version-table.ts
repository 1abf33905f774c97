/** The history of configurations on sqlite3: a connection of its own, so that no call waits for a question about it. */
import type { Activation, ActivationCause, Hold, NewActivation } from '../history/history.ts';
import type {
  ActivationFigures,
  Dropped,
  Roles,
  VersionRow,
  VersionTable,
} from '../history/version-table.ts';
import { Database, type SqlRow, type SqlValue } from './database.ts';
import { explainSqliteError } from './store-error.ts';

/** Longer than a batch of calls takes; whoever waits here is no call. */
const busyTimeoutMs = 5000;

const versionSelection = `SELECT version.*,
    (SELECT max(began_at_ms) FROM activation WHERE activation.hash = version.hash) AS last_began_at_ms,
    (SELECT min(began_at_ms) FROM activation WHERE activation.hash = version.hash) AS first_began_at_ms
  FROM version`;

/**
 * What takes several statements, as one: a transaction that waits for the main thread between two of its statements
 * would have the lock all that time, and calls would wait for it. Made anew by each connection that writes.
 */
const createChangesSql = `
CREATE TEMP TABLE begun (only_row INTEGER PRIMARY KEY CHECK (only_row = 1), id INTEGER NOT NULL);
CREATE TEMP VIEW beginning AS SELECT NULL AS ended_ids, NULL AS hash, NULL AS served_hash, NULL AS cause, NULL AS by,
  NULL AS reason, NULL AS share_percent, NULL AS began_at_ms, NULL AS holds;
CREATE TEMP TRIGGER beginning_begins INSTEAD OF INSERT ON beginning BEGIN
  -- A clock that was set back must not end what had not begun.
  UPDATE main.activation SET ended_at_ms = max(NEW.began_at_ms, began_at_ms)
    WHERE id IN (SELECT value FROM json_each(NEW.ended_ids));
  INSERT INTO main.activation (hash, served_hash, cause, by, reason, share_percent, began_at_ms)
    VALUES (NEW.hash, NEW.served_hash, NEW.cause, NEW.by, NEW.reason, NEW.share_percent, NEW.began_at_ms);
  INSERT OR REPLACE INTO temp.begun (only_row, id) VALUES (1, last_insert_rowid());
  DELETE FROM main.hold WHERE NEW.holds IS NOT NULL;
  INSERT INTO main.hold (only_row, hash, by, reason, since_ms)
    SELECT 1, value ->> 'hash', value ->> 'by', value ->> 'reason', value ->> 'sinceMs' FROM json_each(NEW.holds);
END;
CREATE TEMP VIEW dropping AS
  SELECT NULL AS versions, NULL AS compiled, NULL AS activations_before_ms, NULL AS activations_max;
CREATE TEMP TRIGGER dropping_drops INSTEAD OF INSERT ON dropping BEGIN
  DELETE FROM main.version WHERE hash IN (SELECT value FROM json_each(NEW.versions));
  UPDATE main.version SET compiled = NULL, program = NULL
    WHERE hash IN (SELECT value FROM json_each(NEW.compiled));
  -- Of versions that are there the activations stay: they say which one is the previous.
  DELETE FROM main.activation
    WHERE (began_at_ms < NEW.activations_before_ms AND hash NOT IN (SELECT hash FROM main.version))
      OR id <= (SELECT max(id) FROM main.activation) - NEW.activations_max;
END;
`;

/**
 * What SQLite gathers in its log is taken over into the database by the connection that writes calls; this one would do
 * it with each decision, on the disk that calls wait for.
 */
const writingSettings = `
PRAGMA synchronous = FULL;
PRAGMA wal_autocheckpoint = 0;
`;

/** Before the first start of a release that has the column, readers find none. */
export const servedHashQuestion = "SELECT 1 FROM pragma_table_info('activation') WHERE name = 'served_hash'";

export interface VersionTableOptions {
  /** Of a database that `SqliteStore.open` has brought up to date. */
  readonly path: string;
  readonly readOnly?: boolean;
  /**
   * The connection that writes calls, where there is one in this process: its statements follow each other at once, and
   * two connections would wait for each other's lock in SQLite's pauses. Whoever has it closes it.
   */
  readonly writing?: Database;
}

export class SqliteVersionTable implements VersionTable {
  readonly #path: string;
  readonly #database: Database;
  readonly #writing: Database;
  /** One transaction after the other: statements of two must not mix on one connection. */
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(path: string, database: Database, writing: Database) {
    this.#path = path;
    this.#database = database;
    this.#writing = writing;
  }

  /** @throws StoreError */
  static async open({ path, readOnly = false, writing }: VersionTableOptions): Promise<SqliteVersionTable> {
    let database: Database | null = null;
    try {
      database = await Database.open(path, 'existing');
      database.busyTimeout(busyTimeoutMs);
      if (readOnly || writing !== undefined) await database.execute('PRAGMA query_only = ON;');
      else await database.execute(`${writingSettings}${createChangesSql}`);
      await writing?.execute(createChangesSql);
      return new SqliteVersionTable(path, database, writing ?? database);
    } catch (error) {
      await database?.close();
      throw explainSqliteError(error, path);
    }
  }

  /** False in a database that no class4 with a history has opened yet. */
  async exists(): Promise<boolean> {
    const rows = await this.#read("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'activation'");
    return rows.length > 0;
  }

  async version(hash: string): Promise<VersionRow | null> {
    const [row] = await this.#read(`${versionSelection} WHERE hash = ?`, [hash]);
    return row === undefined ? null : versionOf(row);
  }

  async versions(): Promise<readonly VersionRow[]> {
    const rows = await this.#read(
      `${versionSelection} ORDER BY coalesce(last_began_at_ms, kept_at_ms) DESC, kept_at_ms DESC, hash`,
    );
    return rows.map(versionOf);
  }

  async putVersion(row: Parameters<VersionTable['putVersion']>[0]): Promise<void> {
    const { commit } = row;
    await this.#write(
      `INSERT OR REPLACE INTO version (hash, commit_hash, commit_author, commit_subject, committed_at_ms, kept_at_ms,
         files, file_count, file_bytes, compiled, program) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      [
        row.hash,
        commit?.commit ?? null,
        commit?.author ?? null,
        commit?.subject ?? null,
        commit?.committedAtMs ?? null,
        row.keptAtMs,
        row.files,
        row.fileCount,
        row.fileBytes,
        row.compiled,
        row.program,
      ],
    );
  }

  async drop({ versions, compiled, activationsBeforeMs, activationsMax }: Dropped): Promise<void> {
    await this.#write(
      'INSERT INTO dropping (versions, compiled, activations_before_ms, activations_max) VALUES (?, ?, ?, ?)',
      [JSON.stringify(versions), JSON.stringify(compiled), activationsBeforeMs, activationsMax],
    );
  }

  activate(activation: NewActivation, endedIds: readonly number[]): Promise<Activation> {
    return this.#inTurn(() => begin(this.#writing, activation, endedIds));
  }

  async end(ids: readonly number[], atMs: number): Promise<void> {
    if (ids.length === 0) return;
    await this.#write(
      'UPDATE activation SET ended_at_ms = max(?, began_at_ms) WHERE id IN (SELECT value FROM json_each(?))',
      [atMs, JSON.stringify(ids)],
    );
  }

  async hold(): Promise<Hold | null> {
    const [row] = await this.#read('SELECT hash, by, reason, since_ms FROM hold');
    if (row === undefined) return null;
    return {
      hash: String(row['hash']),
      by: String(row['by']),
      reason: String(row['reason']),
      sinceMs: Number(row['since_ms']),
    };
  }

  async activations(limit: number): Promise<readonly Activation[]> {
    const rows = await this.#read('SELECT * FROM activation ORDER BY id DESC LIMIT ?', [limit]);
    return rows.map(activationOf);
  }

  async activation(id: number): Promise<Activation | null> {
    const [row] = await this.#read('SELECT * FROM activation WHERE id = ?', [id]);
    return row === undefined ? null : activationOf(row);
  }

  async roles(): Promise<Roles> {
    const [newest] = await this.#read('SELECT hash, share_percent FROM activation ORDER BY id DESC LIMIT 1');
    const named = await this.#read(servedHashQuestion);
    const served = named.length > 0 ? 'records_hash' : 'hash';
    const whole = `SELECT hash, ${served} AS served FROM activation WHERE share_percent = 100`;
    const [serving] = await this.#read(`${whole} ORDER BY id DESC LIMIT 1`);
    const [previous] = await this.#read(
      `${whole} AND ${served} <> ?2 AND hash NOT IN (
         SELECT other.hash FROM version AS other, version AS own WHERE own.hash = ?1 AND other.files = own.files
         UNION SELECT ?1) ORDER BY id DESC LIMIT 1`,
      [textOrNull(serving?.['hash']), textOrNull(serving?.['served'])],
    );
    return {
      serving: textOrNull(serving?.['hash']),
      previous: textOrNull(previous?.['hash']),
      tried: newest === undefined || newest['share_percent'] === 100 ? null : textOrNull(newest['hash']),
    };
  }

  async versionsOfCalls(): Promise<readonly string[]> {
    const rows = await this.#read(
      `WITH up (hash) AS (SELECT DISTINCT json_extract(call, '$.snapshotHash') FROM journal)
       SELECT hash FROM up UNION SELECT activation.hash FROM up, activation WHERE records_hash = up.hash`,
    );
    return rows.map(row => String(row['hash']));
  }

  async figures(hash: string, sinceMs: number, untilMs: number | null): Promise<ActivationFigures> {
    const [row] = await this.#read(
      `SELECT count(*) AS calls, count(answered_at_ms) AS answered, avg(post_dial_delay_ms) AS delay,
         avg(CASE WHEN answered_at_ms IS NOT NULL THEN talk_seconds END) AS talk
       FROM cdr INDEXED BY cdr_snapshot
       WHERE mapping_gateway IS NOT NULL AND snapshot_hash = ? AND started_at_ms >= ? AND started_at_ms < ?`,
      [hash, sinceMs, untilMs ?? Number.MAX_SAFE_INTEGER],
    );
    const [calls, answered] = [Number(row?.['calls']), Number(row?.['answered'])];
    return {
      calls,
      answered,
      answerSeizureRatio: calls === 0 ? null : answered / calls,
      postDialDelayMs: numberOrNull(row?.['delay']),
      averageCallDurationSeconds: numberOrNull(row?.['talk']),
    };
  }

  /** Waits for what was begun. */
  async close(): Promise<void> {
    await this.#turn.catch(() => undefined);
    await this.#database.close();
  }

  async #read(sql: string, parameters: readonly SqlValue[] = []): Promise<readonly SqlRow[]> {
    return this.#inTurn(() => this.#database.all(sql, parameters));
  }

  async #write(sql: string, parameters: readonly SqlValue[]): Promise<void> {
    await this.#inTurn(() => this.#writing.run(sql, parameters));
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#turn.then(async () => {
      try {
        return await work();
      } catch (error) {
        throw explainSqliteError(error, this.#path);
      }
    });
    this.#turn = result.catch(() => undefined);
    return result;
  }
}

async function begin(
  database: Database,
  activation: NewActivation,
  endedIds: readonly number[],
): Promise<Activation> {
  const { hash, servedHash = hash, cause, by, reason, sharePercent, beganAtMs, hold } = activation;
  const served = servedHash === hash ? {} : { servedHash };
  const holds = hold === undefined ? null : JSON.stringify(hold === null ? [] : [hold]);
  const when = [JSON.stringify(endedIds), beganAtMs];
  const what = [hash, served.servedHash ?? null, cause, by, reason, sharePercent];
  await database.run(
    `INSERT INTO beginning (ended_ids, began_at_ms, hash, served_hash, cause, by, reason, share_percent, holds)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [...when, ...what, holds],
  );
  const row = await database.one('SELECT id FROM begun');
  const id = Number(row?.['id']);
  return { id, hash, ...served, cause, by, reason, sharePercent, beganAtMs, endedAtMs: null };
}

function versionOf(row: SqlRow): VersionRow {
  const commit = textOrNull(row['commit_hash']);
  return {
    hash: String(row['hash']),
    commit:
      commit === null
        ? null
        : {
            commit,
            author: String(row['commit_author']),
            subject: String(row['commit_subject']),
            committedAtMs: Number(row['committed_at_ms']),
          },
    files: textOrNull(row['files']),
    fileCount: Number(row['file_count']),
    fileBytes: Number(row['file_bytes']),
    compiled: textOrNull(row['compiled']),
    program: textOrNull(row['program']),
    keptAtMs: Number(row['kept_at_ms']),
    lastBeganAtMs: numberOrNull(row['last_began_at_ms']),
    firstBeganAtMs: numberOrNull(row['first_began_at_ms']),
  };
}

function activationOf(row: SqlRow): Activation {
  return {
    id: Number(row['id']),
    hash: String(row['hash']),
    ...(textOrNull(row['served_hash']) === null ? {} : { servedHash: String(row['served_hash']) }),
    cause: String(row['cause']) as ActivationCause,
    by: String(row['by']),
    reason: textOrNull(row['reason']),
    sharePercent: Number(row['share_percent']),
    beganAtMs: Number(row['began_at_ms']),
    endedAtMs: numberOrNull(row['ended_at_ms']),
  };
}

function textOrNull(value: SqlValue | undefined): string | null {
  return value === null || value === undefined ? null : String(value);
}

function numberOrNull(value: SqlValue | undefined): number | null {
  return value === null || value === undefined ? null : Number(value);
}
