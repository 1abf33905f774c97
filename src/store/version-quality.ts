/** What came of the calls of each version, straight from the database: also while no switch runs. */
import { type Money, money } from '../rating/money.ts';
import { Database, type SqlRow, type SqlValue } from './database.ts';
import { servedHashQuestion } from './sqlite-version-table.ts';
import { explainSqliteError } from './store-error.ts';

export interface VersionQualityQuery {
  /** Calls that came then or later, ms since 1970 UTC. */
  readonly sinceMs: number;
  /** Calls that came before then. */
  readonly untilMs: number;
  /** The callee begins with this, as rated. */
  readonly prefix?: string;
  /** Mapping gateway, or the routing gateway that was tried last. */
  readonly gateway?: string;
  /** Pays for the call, or is owed for it. */
  readonly account?: string;
}

/** Calls of customers that went by one version while it served once. */
export interface VersionQuality {
  /** As the records have it. */
  readonly hash: string;
  /** The number of that time in the history; null when the history does not know it (any more). */
  readonly activation: number | null;
  readonly firstCallMs: number;
  readonly lastCallMs: number;
  readonly calls: number;
  readonly answered: number;
  /** Mean of the calls that have one, ms; null when none has. */
  readonly postDialDelayMs: number | null;
  /** Of all answered calls together. */
  readonly talkSeconds: number;
  readonly profit: Money;
}

const busyTimeoutMs = 5000;

/** What the database knows: that versions served, and by which hash records name them. */
export type HistoryColumns = 'none' | 'named' | 'served';

/** In the order of their first calls. The database must be there. @throws StoreError */
export async function versionQuality(
  path: string,
  query: VersionQualityQuery,
): Promise<readonly VersionQuality[]> {
  let database: Database | null = null;
  try {
    database = await Database.open(path, 'existing');
    database.busyTimeout(busyTimeoutMs);
    await database.execute('PRAGMA query_only = ON;');
    const tables = await database.all(
      "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'activation'",
      [],
    );
    const named = await database.all(servedHashQuestion, []);
    const history = named.length > 0 ? 'served' : tables.length > 0 ? 'named' : 'none';
    const { sql, parameters } = versionQualitySql(query, history);
    return (await database.all(sql, parameters)).map(qualityOf);
  } catch (error) {
    throw explainSqliteError(error, path);
  } finally {
    await database?.close();
  }
}

/**
 * The time of the calls leads to them, and with an account, both: of ten million records a question about a day looks at
 * those of the day.
 */
export function versionQualitySql(
  { sinceMs, untilMs, prefix, gateway, account }: VersionQualityQuery,
  history: HistoryColumns,
): { readonly sql: string; readonly parameters: readonly SqlValue[] } {
  const conditions = ['mapping_gateway IS NOT NULL'];
  const parameters: SqlValue[] = [];
  const when = 'started_at_ms >= ? AND started_at_ms < ?';
  if (account === undefined) {
    conditions.push(when);
    parameters.push(sinceMs, untilMs);
  } else {
    conditions.push(`((customer_account = ? AND ${when}) OR (vendor_account = ? AND ${when}))`);
    parameters.push(account, sinceMs, untilMs, account, sinceMs, untilMs);
  }
  if (prefix !== undefined) {
    conditions.push('substr(coalesce(billing_callee, callee), 1, length(?)) = ?');
    parameters.push(prefix, prefix);
  }
  if (gateway !== undefined) {
    conditions.push('(routing_gateway = ? OR mapping_gateway = ?)');
    parameters.push(gateway, gateway);
  }
  const served = history === 'served' ? 'records_hash' : 'hash';
  const activation =
    history === 'none'
      ? 'NULL'
      : `(SELECT id FROM activation WHERE ${served} = snapshot_hash AND began_at_ms <= started_at_ms
           ORDER BY began_at_ms DESC, id DESC LIMIT 1)`;
  return {
    sql: `SELECT snapshot_hash AS hash, ${activation} AS activation,
        min(started_at_ms) AS first_call, max(started_at_ms) AS last_call,
        count(*) AS calls, count(answered_at_ms) AS answered, avg(post_dial_delay_ms) AS delay,
        sum(CASE WHEN answered_at_ms IS NULL THEN 0 ELSE talk_seconds END) AS talk,
        CAST(sum(profit) AS TEXT) AS profit
      FROM cdr ${account === undefined ? 'INDEXED BY cdr_started ' : ''}WHERE ${conditions.join(' AND ')}
      GROUP BY hash, activation ORDER BY first_call, activation`,
    parameters,
  };
}

function qualityOf(row: SqlRow): VersionQuality {
  const { hash, activation, delay } = row;
  return {
    hash: String(hash),
    activation: activation === null || activation === undefined ? null : Number(activation),
    firstCallMs: Number(row['first_call']),
    lastCallMs: Number(row['last_call']),
    calls: Number(row['calls']),
    answered: Number(row['answered']),
    postDialDelayMs: delay === null || delay === undefined ? null : Number(delay),
    talkSeconds: Number(row['talk']),
    profit: money(BigInt(String(row['profit']))),
  };
}
