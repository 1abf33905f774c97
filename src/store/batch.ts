/**
 * One batch of writes as one SQL statement. Rows travel as JSON arrays and a trigger on a temporary view spreads
 * them over the tables, so a batch is atomic by itself and costs one trip to SQLite's thread however many rows
 * it has; BEGIN, one statement for each table and COMMIT would cost seven.
 */
import type { LedgerCharge, OpenCall } from '../cdr/open-call.ts';
import type { CallDetailRecord } from '../cdr/record.ts';
import type { Money } from '../rating/money.ts';
import type { SqlValue } from './database.ts';
import {
  cdrAmountColumns,
  cdrColumns,
  cdrRow,
  chargeLedgerRow,
  type JsonRow,
  ledgerColumns,
  paymentLedgerRow,
} from './rows.ts';

export type Write =
  | { readonly kind: 'journal'; readonly call: OpenCall }
  | { readonly kind: 'finish'; readonly cdr: CallDetailRecord; readonly ledger: readonly LedgerCharge[] }
  /** A call that leaves no record is over. */
  | { readonly kind: 'forget'; readonly callId: string }
  | {
      readonly kind: 'payment';
      readonly account: string;
      readonly amount: Money;
      readonly atMs: number;
      readonly note: string;
    }
  | { readonly kind: 'alive'; readonly atMs: number };

function columnsFromJson(columns: readonly string[], amounts: readonly string[]): string {
  return columns
    .map((column, index) =>
      amounts.includes(column) ? `CAST(value ->> ${index} AS INTEGER)` : `value ->> ${index}`,
    )
    .join(', ');
}

/**
 * Program, not schema, therefore temporary and made anew by each connection that writes. Repeating a batch
 * changes nothing: the first end of a call counts, whole; ledger entries go before the record, because the record
 * tells that they are there.
 */
export const createBatchSql = `
CREATE TEMP VIEW batch AS
  SELECT NULL AS journal, NULL AS cdrs, NULL AS ledger, NULL AS finished, NULL AS alive_at_ms;
CREATE TEMP TRIGGER batch_spreads INSTEAD OF INSERT ON batch BEGIN
  INSERT INTO main.ledger (${ledgerColumns.join(', ')})
    SELECT ${columnsFromJson(ledgerColumns, ['amount'])} FROM jsonb_each(NEW.ledger)
    WHERE NOT EXISTS (SELECT 1 FROM main.cdr WHERE cdr.call_id = value ->> ${ledgerColumns.indexOf('call_id')})
    ON CONFLICT (call_id, account) WHERE call_id IS NOT NULL DO NOTHING;
  INSERT INTO main.cdr (${cdrColumns.join(', ')})
    SELECT ${columnsFromJson(cdrColumns, cdrAmountColumns)} FROM jsonb_each(NEW.cdrs) WHERE true
    ON CONFLICT (call_id) DO NOTHING;
  INSERT INTO main.journal (call_id, call)
    SELECT value ->> 0, value ->> 1 FROM jsonb_each(NEW.journal)
    WHERE NOT EXISTS (SELECT 1 FROM main.cdr WHERE cdr.call_id = value ->> 0)
    ON CONFLICT (call_id) DO UPDATE SET call = excluded.call;
  DELETE FROM main.journal WHERE call_id IN (SELECT value FROM jsonb_each(NEW.finished));
  INSERT INTO main.liveness (only_row, alive_at_ms)
    SELECT 1, NEW.alive_at_ms WHERE NEW.alive_at_ms IS NOT NULL
    ON CONFLICT (only_row) DO UPDATE SET alive_at_ms = excluded.alive_at_ms;
END;
`;

export const insertBatchSql =
  'INSERT INTO batch (journal, cdrs, ledger, finished, alive_at_ms) VALUES (?, ?, ?, ?, ?)';

/** The parameters of `insertBatchSql`. A call that begins and ends within the batch needs no journal row. */
export function batchParameters(writes: readonly Write[]): readonly SqlValue[] {
  const journal = new Map<string, OpenCall>();
  const finished = new Set<string>();
  const cdrs: JsonRow[] = [];
  const ledger: JsonRow[] = [];
  let aliveAtMs: number | null = null;
  for (const write of writes) {
    switch (write.kind) {
      case 'journal': {
        journal.set(write.call.callId, write.call);
        break;
      }
      case 'finish': {
        journal.delete(write.cdr.callId);
        if (finished.has(write.cdr.callId)) break;
        finished.add(write.cdr.callId);
        cdrs.push(cdrRow(write.cdr));
        for (const charge of write.ledger) ledger.push(chargeLedgerRow(charge, write.cdr));
        break;
      }
      case 'forget': {
        journal.delete(write.callId);
        finished.add(write.callId);
        break;
      }
      case 'payment': {
        ledger.push(paymentLedgerRow(write.account, write.amount, write.atMs, write.note));
        break;
      }
      case 'alive': {
        aliveAtMs = Math.max(aliveAtMs ?? write.atMs, write.atMs);
        break;
      }
    }
  }
  return [
    JSON.stringify([...journal]),
    JSON.stringify(cdrs),
    JSON.stringify(ledger),
    JSON.stringify([...finished]),
    aliveAtMs,
  ];
}
