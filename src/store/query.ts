/** A question about call detail records as SQL. */
import type { SqlValue } from './database.ts';
import { cdrSelection } from './rows.ts';
import type { CdrQuery } from './store.ts';

const defaultLimit = 50;

/** The numbers as received, as rated and as sent. */
const numberColumns = ['caller', 'callee', 'billing_caller', 'billing_callee', 'sent_caller', 'sent_callee'];

/** LIKE and GLOB would read wildcards out of a number that has a star in it. */
function startsWith(column: string): string {
  return `substr(${column}, 1, length(?)) = ?`;
}

export function cdrQuerySql(query: CdrQuery): {
  readonly sql: string;
  readonly parameters: readonly SqlValue[];
} {
  const conditions: string[] = [];
  const parameters: SqlValue[] = [];
  function require(condition: string, ...values: readonly (SqlValue | undefined)[]): void {
    if (values[0] === undefined) return;
    conditions.push(condition);
    parameters.push(...values.map(value => value ?? null));
  }
  require('started_at_ms >= ?', query.sinceMs);
  require('started_at_ms < ?', query.untilMs);
  require('(customer_account = ? OR vendor_account = ?)', query.account, query.account);
  require(`(${numberColumns.map(startsWith).join(' OR ')})`, ...numberColumns.flatMap(() => [
    query.number,
    query.number,
  ]));
  require('call_id = ?', query.callId);
  require('end_reason = ?', query.endReason);
  const where = conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;
  return {
    sql: `SELECT ${cdrSelection} FROM cdr${where} ORDER BY started_at_ms DESC, id DESC LIMIT ?`,
    parameters: [...parameters, query.limit ?? defaultLimit],
  };
}
