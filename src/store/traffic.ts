/** Calls of the past by whom they came from and where they went, read from a database that may be in use or a copy. */
import { Database, type SqlRow } from './database.ts';
import { explainReadingError, StoreError } from './store-error.ts';

/** One call that was made. */
export interface CarriedCall {
  readonly mappingGateway: string;
  /** As received. */
  readonly callee: string;
  /** ms since 1970 UTC */
  readonly startedAtMs: number;
  readonly talkSeconds: number;
}

export interface TrafficSpan {
  /** ms since 1970 UTC; both null without any call. */
  readonly sinceMs: number | null;
  readonly untilMs: number | null;
}

/** A page of records is in memory at a time. */
const pageRows = 20_000;

const dayMs = 86_400_000;

/**
 * Gives every call of a known customer since `sinceMs` to `take`, the oldest first; null is a week before the last one.
 * @throws StoreError
 */
export async function readTraffic(
  path: string,
  sinceMs: number | null,
  take: (call: CarriedCall) => void,
): Promise<TrafficSpan> {
  let database: Database | null = null;
  try {
    database = await Database.open(path, 'reading');
    database.busyTimeout(5000);
    const ends = await database.one(
      'SELECT min(started_at_ms) AS first, max(started_at_ms) AS last FROM cdr',
    );
    if (ends?.['last'] === null || ends?.['last'] === undefined) return { sinceMs: null, untilMs: null };
    const [first, last] = [Number(ends['first']), Number(ends['last'])];
    const from = Math.max(first, sinceMs ?? last - 7 * dayMs);
    await readPages(database, from, take);
    return { sinceMs: Math.min(from, last), untilMs: last };
  } catch (error) {
    throw explained(error, path);
  } finally {
    await database?.close();
  }
}

async function readPages(
  database: Database,
  sinceMs: number,
  take: (call: CarriedCall) => void,
): Promise<void> {
  // Rows are written when calls end, so those since a moment have ids near each other, and few before the first one.
  const start = await database.one('SELECT min(id) AS id FROM cdr WHERE started_at_ms >= ?', [sinceMs]);
  if (start?.['id'] === null || start === null) return;
  for (let id = Number(start['id']); ; ) {
    const rows = await database.all(
      `SELECT id, mapping_gateway, callee, started_at_ms, talk_seconds FROM cdr
       WHERE id >= ? ORDER BY id LIMIT ${pageRows}`,
      [id],
    );
    for (const row of rows) {
      if (row['mapping_gateway'] !== null && Number(row['started_at_ms']) >= sinceMs) take(callOf(row));
    }
    if (rows.length < pageRows) return;
    id = Number(rows.at(-1)!['id']) + 1;
  }
}

function callOf(row: SqlRow): CarriedCall {
  return {
    mappingGateway: String(row['mapping_gateway']),
    callee: String(row['callee']),
    startedAtMs: Number(row['started_at_ms']),
    talkSeconds: Number(row['talk_seconds']),
  };
}

function explained(error: unknown, path: string): StoreError {
  const message = error instanceof Error ? error.message : '';
  if (!/no such (?:table|column)/.test(message)) return explainReadingError(error, path);
  return new StoreError(`${path} holds no call detail records of class4`, 'name the database of a switch', {
    cause: error,
  });
}
