/** Calls of the past in the order in which they came, as a replay needs them, from a database that may be in use or a copy. */
import type { CdrAttempt, EndedBy, EndReason } from '../cdr/record.ts';
import { type Money, money, noMoney } from '../rating/money.ts';
import { Database, type SqlRow, type SqlValue } from './database.ts';
import { explainReadingError, StoreError } from './store-error.ts';

/** What of a record says how the call came, what the gateways did with it, and what became of it. Times are ms since 1970 UTC. */
export interface PastCall {
  readonly rowId: number;
  readonly callId: string;
  /** `address:port;transport` */
  readonly sourceAddress: string;
  /** As received, like the callee. */
  readonly caller: string;
  readonly callee: string;
  readonly forwarding: string | null;
  /** The number by which the call was rated. */
  readonly billingCallee: string;
  readonly routingGateway: string | null;
  readonly startedAtMs: number;
  readonly postDialDelayMs: number | null;
  readonly answeredAtMs: number | null;
  readonly endedAtMs: number;
  readonly endedBy: EndedBy;
  readonly endReason: EndReason;
  readonly attempts: readonly CdrAttempt[];
  readonly customerAmount: Money;
  readonly vendorAmount: Money;
}

/** Rows from `sinceMs` up to, not including, `untilMs`, and none that came into the database later than `lastRowId`. */
export interface PastSpan {
  readonly sinceMs: number;
  readonly untilMs: number;
  readonly lastRowId: number;
}

/** What is there of a span, and whether it is the same as another time. */
export interface PastExtent {
  readonly calls: number;
  /** Of the first and the last call; both null without any. */
  readonly firstMs: number | null;
  readonly lastMs: number | null;
  readonly rowIds: string;
}

export interface PastPage {
  readonly calls: readonly PastCall[];
  /** Rows that hold something else than a record. */
  readonly unreadable: number;
}

/** So many rows are in memory at a time, and as many again on their way. */
const pageRows = 1000;

/** What is never NULL, what may be, and what databases do not have from before numbers were rewritten. */
const columns = [
  ...['call_id', 'source_address', 'caller', 'callee', 'started_at_ms', 'ended_at_ms'],
  ...['ended_by', 'end_reason', 'customer_amount', 'vendor_amount'],
];
const nullableColumns = ['routing_gateway', 'post_dial_delay_ms', 'answered_at_ms'];
const laterColumns = ['forwarding', 'billing_callee'];

/** Stand in no number and no name: a row that has them is none of ours. */
const separator = '\u001f';
const nothing = '\u001e';

/**
 * A row comes as one text and its attempts: a value of its own for each column would take twice as long to get from
 * SQLite to here.
 */
function selectionOf(has: ReadonlySet<string>): string {
  const orNothing = (column: string): string => `coalesce(${column}, char(30))`;
  const values = [
    ...columns,
    ...nullableColumns.map(orNothing),
    ...laterColumns.map(column => (has.has(column) ? orNothing(column) : 'char(30)')),
  ];
  return `id, started_at_ms, ${values.join(' || char(31) || ')} AS packed, attempts`;
}

export class PastCalls {
  readonly #path: string;
  readonly #database: Database;
  readonly #selection: string;

  private constructor(path: string, database: Database, selection: string) {
    this.#path = path;
    this.#database = database;
    this.#selection = selection;
  }

  /** @throws StoreError */
  static async open(path: string): Promise<PastCalls> {
    let database: Database | null = null;
    try {
      database = await Database.open(path, 'reading');
      database.busyTimeout(5000);
      const table = await database.all('SELECT name FROM pragma_table_info(?)', ['cdr']);
      const has = new Set(table.map(({ name }) => String(name)));
      const needed = ['id', 'attempts', ...columns, ...nullableColumns];
      if (needed.some(column => !has.has(column))) throw noRecords(path);
      return new PastCalls(path, database, selectionOf(has));
    } catch (error) {
      await database?.close();
      throw error instanceof StoreError ? error : explainReadingError(error, path);
    }
  }

  close(): Promise<void> {
    return this.#database.close();
  }

  /** When the first and the last call came, and the newest row; null without any call. */
  async ends(): Promise<{
    readonly firstMs: number;
    readonly lastMs: number;
    readonly lastRowId: number;
  } | null> {
    const [row] = await this.#all(
      'SELECT min(started_at_ms) AS first, max(started_at_ms) AS last, max(id) AS id FROM cdr',
      [],
    );
    if (row === undefined || row['last'] === null) return null;
    return { firstMs: Number(row['first']), lastMs: Number(row['last']), lastRowId: Number(row['id']) };
  }

  async extent({ sinceMs, untilMs, lastRowId }: PastSpan): Promise<PastExtent> {
    const [row] = await this.#all(
      `SELECT count(*) AS calls, min(started_at_ms) AS first, max(started_at_ms) AS last,
         CAST(total(id) AS TEXT) AS ids
       FROM cdr WHERE started_at_ms >= ? AND started_at_ms < ? AND id <= ?`,
      [sinceMs, untilMs, lastRowId],
    );
    const calls = Number(row?.['calls']);
    return {
      calls,
      firstMs: calls === 0 ? null : Number(row?.['first']),
      lastMs: calls === 0 ? null : Number(row?.['last']),
      rowIds: String(row?.['ids']),
    };
  }

  /** Calls that began in each hour since 1970, the earliest first; hours without any are left out. */
  async callsByHour({
    sinceMs,
    untilMs,
    lastRowId,
  }: PastSpan): Promise<readonly (readonly [number, number])[]> {
    const rows = await this.#all(
      `SELECT started_at_ms / 3600000 AS hour, count(*) AS calls FROM cdr
       WHERE started_at_ms >= ? AND started_at_ms < ? AND id <= ? GROUP BY hour ORDER BY hour`,
      [sinceMs, untilMs, lastRowId],
    );
    return rows.map(({ hour, calls }) => [Number(hour), Number(calls)]);
  }

  /** All calls of the span by their beginning, page by page. @throws StoreError */
  async *pages({ sinceMs, untilMs, lastRowId }: PastSpan): AsyncGenerator<PastPage, void, undefined> {
    const sql = `SELECT ${this.#selection} FROM cdr
      WHERE (started_at_ms, id) > (?, ?) AND started_at_ms < ? AND id <= ?
      ORDER BY started_at_ms, id LIMIT ${pageRows}`;
    const from = (atMs: number, id: number): Promise<readonly SqlRow[]> =>
      this.#all(sql, [atMs, id, untilMs, lastRowId]);
    let next: Promise<readonly SqlRow[]> | null = from(sinceMs - 1, Number.MAX_SAFE_INTEGER);
    while (next !== null) {
      const rows: readonly SqlRow[] = await next;
      const last = rows.at(-1);
      const isLast = rows.length < pageRows || last === undefined;
      // The database looks for the next page while somebody works on this one.
      next = isLast ? null : from(Number(last['started_at_ms']), Number(last['id']));
      next?.catch(() => {});
      const calls = rows.map(pastCallOf).filter(call => call !== null);
      yield { calls, unreadable: rows.length - calls.length };
    }
  }

  /** In the order of their rows; those that are not there, or unreadable, are left out. */
  async byRow(rowIds: readonly number[]): Promise<readonly PastCall[]> {
    if (rowIds.length === 0) return [];
    const rows = await this.#all(
      `SELECT ${this.#selection} FROM cdr WHERE id IN (${rowIds.map(() => '?').join(', ')}) ORDER BY id`,
      rowIds,
    );
    return rows.map(pastCallOf).filter(call => call !== null);
  }

  async #all(sql: string, parameters: readonly SqlValue[]): Promise<readonly SqlRow[]> {
    try {
      return await this.#database.all(sql, parameters);
    } catch (error) {
      throw explainReadingError(error, this.#path);
    }
  }
}

function noRecords(path: string): StoreError {
  return new StoreError(`${path} holds no call detail records of class4`, 'name the database of a switch');
}

/** null for a row that was damaged, or written by something else. */
function pastCallOf(row: SqlRow): PastCall | null {
  const attempts = attemptsOf(row);
  const values = String(row['packed']).split(separator);
  if (attempts === null || values.length !== columns.length + nullableColumns.length + laterColumns.length)
    return null;
  const [callId, sourceAddress, caller, callee, startedAt, endedAt, endedBy, endReason, customer, vendor] =
    values;
  const [routingGateway, postDialDelay, answeredAt, forwarding, billingCallee] = values.slice(columns.length);
  return {
    rowId: Number(row['id']),
    callId: callId!,
    sourceAddress: sourceAddress!,
    caller: caller!,
    callee: callee!,
    forwarding: textOrNull(forwarding!),
    billingCallee: textOrNull(billingCallee!) ?? callee!,
    routingGateway: textOrNull(routingGateway!),
    startedAtMs: Number(startedAt),
    postDialDelayMs: numberOrNull(postDialDelay!),
    answeredAtMs: numberOrNull(answeredAt!),
    endedAtMs: Number(endedAt),
    endedBy: endedBy as EndedBy,
    endReason: endReason as EndReason,
    attempts,
    customerAmount: amountOf(customer!),
    vendorAmount: amountOf(vendor!),
  };
}

const outcomes: readonly unknown[] = ['answered', 'failed', 'timeout', 'released'];

function attemptsOf(row: SqlRow): readonly CdrAttempt[] | null {
  const text = row['attempts'];
  if (text === '[]') return [];
  try {
    const attempts: unknown = JSON.parse(String(text));
    return Array.isArray(attempts) && attempts.every(isAttempt) ? attempts : null;
  } catch {
    return null;
  }
}

function isAttempt(value: unknown): value is CdrAttempt {
  if (typeof value !== 'object' || value === null) return false;
  const { gateway, delayMs, ringDelayMs, status, outcome, reason } = value as Partial<
    Record<keyof CdrAttempt, unknown>
  >;
  return (
    typeof gateway === 'string' &&
    typeof reason === 'string' &&
    Number.isFinite(delayMs) &&
    (ringDelayMs === null || Number.isFinite(ringDelayMs)) &&
    Number.isInteger(status) &&
    outcomes.includes(outcome)
  );
}

function amountOf(text: string): Money {
  return text === '0' ? noMoney : money(BigInt(text));
}

function textOrNull(text: string): string | null {
  return text === nothing ? null : text;
}

function numberOrNull(text: string): number | null {
  return text === nothing ? null : Number(text);
}
