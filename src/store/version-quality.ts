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
  /** In their order, those in which calls came; figures differ by the hour, whatever serves. */
  readonly hours: readonly HourOfVersion[];
}

/** Calls of one version in an hour, or in a day where the question is about months. */
export interface HourOfVersion {
  readonly calls: number;
  readonly answered: number;
  readonly delayed: number;
  readonly delayMs: number;
  readonly squaredDelays: number;
  readonly talkSeconds: number;
  readonly squaredTalks: number;
}

const busyTimeoutMs = 5000;

/** What the database knows: that versions served, and by which hash records name them. */
export type HistoryColumns = 'none' | 'named' | 'served';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** Beyond that a question goes day by day. */
const hoursMax = 60 * 24;

/**
 * In the order of their first calls. It asks hour by hour, so that the database is never held for long, and says before
 * each how many there are. The database must be there. @throws StoreError
 */
export async function versionQuality(
  path: string,
  query: VersionQualityQuery,
  onProgress: (index: number, count: number, calls: number) => void = () => {},
): Promise<readonly VersionQuality[]> {
  let database: Database | null = null;
  try {
    database = await Database.open(path, 'existing');
    database.busyTimeout(busyTimeoutMs);
    await database.execute('PRAGMA query_only = ON;');
    const history = await historyColumns(database);
    const hours = await hoursOf(database, query);
    const found = new Map<string, VersionQuality>();
    let calls = 0;
    for (const [index, hour] of hours.entries()) {
      onProgress(index, hours.length, calls);
      const { sql, parameters } = versionQualitySql({ ...query, ...hour }, history);
      for (const row of await database.all(sql, parameters)) {
        const quality = qualityOf(row);
        const key = `${quality.hash} ${quality.activation}`;
        const earlier = found.get(key);
        found.set(key, earlier === undefined ? quality : together(earlier, quality));
        calls += quality.calls;
      }
    }
    return [...found.values()].sort(inOrder);
  } catch (error) {
    throw explainSqliteError(error, path);
  } finally {
    await database?.close();
  }
}

async function historyColumns(database: Database): Promise<HistoryColumns> {
  const tables = await database.all(
    "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'activation'",
    [],
  );
  if (tables.length === 0) return 'none';
  const named = await database.all(servedHashQuestion, []);
  return named.length > 0 ? 'served' : 'named';
}

/** Only those in which there may be calls: somebody may ask since 1970. */
async function hoursOf(
  database: Database,
  { sinceMs, untilMs }: VersionQualityQuery,
): Promise<readonly Pick<VersionQualityQuery, 'sinceMs' | 'untilMs'>[]> {
  // Each from the index alone; both in one question would look at all records.
  const first = await database.one('SELECT min(started_at_ms) AS at FROM cdr');
  const last = await database.one('SELECT max(started_at_ms) AS at FROM cdr');
  const fromMs = Math.max(sinceMs, Number(first?.['at'] ?? Number.POSITIVE_INFINITY));
  const toMs = Math.min(untilMs, Number(last?.['at'] ?? 0) + 1);
  const stepMs = toMs - fromMs > hoursMax * hourMs ? dayMs : hourMs;
  const hours: { sinceMs: number; untilMs: number }[] = [];
  for (let atMs = fromMs; atMs < toMs; ) {
    const nextMs = Math.min(toMs, (Math.floor(atMs / stepMs) + 1) * stepMs);
    hours.push({ sinceMs: atMs, untilMs: nextMs });
    atMs = nextMs;
  }
  return hours;
}

function inOrder(one: VersionQuality, other: VersionQuality): number {
  return one.firstCallMs - other.firstCallMs || (one.activation ?? 0) - (other.activation ?? 0);
}

function together(one: VersionQuality, next: VersionQuality): VersionQuality {
  const hours = [...one.hours, ...next.hours];
  return {
    ...next,
    ...sumsOf(hours),
    profit: money(one.profit + next.profit),
    firstCallMs: one.firstCallMs,
    hours,
  };
}

function sumsOf(
  hours: readonly HourOfVersion[],
): Pick<VersionQuality, 'calls' | 'answered' | 'talkSeconds' | 'postDialDelayMs'> {
  const sum = (figure: keyof HourOfVersion) => hours.reduce((all, hour) => all + hour[figure], 0);
  const delayed = sum('delayed');
  return {
    ...{ calls: sum('calls'), answered: sum('answered'), talkSeconds: sum('talkSeconds') },
    postDialDelayMs: delayed === 0 ? null : sum('delayMs') / delayed,
  };
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
        count(*) AS calls, count(answered_at_ms) AS answered, count(post_dial_delay_ms) AS delayed,
        total(post_dial_delay_ms) AS delay, total(post_dial_delay_ms * post_dial_delay_ms) AS squared_delays,
        total(talk_seconds) FILTER (WHERE answered_at_ms IS NOT NULL) AS talk,
        total(talk_seconds * talk_seconds) FILTER (WHERE answered_at_ms IS NOT NULL) AS squared_talks,
        CAST(sum(profit) AS TEXT) AS profit
      FROM cdr ${account === undefined ? 'INDEXED BY cdr_started ' : ''}WHERE ${conditions.join(' AND ')}
      GROUP BY hash, activation ORDER BY first_call, activation`,
    parameters,
  };
}

function qualityOf(row: SqlRow): VersionQuality {
  const { hash, activation } = row;
  const hour = {
    ...{ calls: Number(row['calls']), answered: Number(row['answered']) },
    ...{ delayed: Number(row['delayed']), delayMs: Number(row['delay']) },
    squaredDelays: Number(row['squared_delays']),
    ...{ talkSeconds: Number(row['talk']), squaredTalks: Number(row['squared_talks']) },
  };
  return {
    hash: String(hash),
    activation: activation === null || activation === undefined ? null : Number(activation),
    firstCallMs: Number(row['first_call']),
    lastCallMs: Number(row['last_call']),
    ...sumsOf([hour]),
    profit: money(BigInt(String(row['profit']))),
    hours: [hour],
  };
}
