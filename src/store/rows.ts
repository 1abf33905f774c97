/**
 * Between records and rows. Amounts go in and out as decimal text: sqlite3 hands integers to JavaScript as
 * doubles, which are wrong above 2⁵³.
 */
import type { LedgerCharge } from '../cdr/open-call.ts';
import type { CallDetailRecord, CdrAttempt, CdrCharge, EndedBy, EndReason } from '../cdr/record.ts';
import { type Money, money, noMoney } from '../rating/money.ts';
import type { SqlRow, SqlValue } from './database.ts';
import type { LedgerEntry } from './store.ts';

/** In the order in which `cdrRow` gives the values. */
export const cdrColumns = [
  'call_id',
  'snapshot_hash',
  'snapshot_commit',
  'mapping_gateway',
  'customer_account',
  'routing_gateway',
  'vendor_account',
  'source_address',
  'caller',
  'callee',
  'forwarding',
  'billing_caller',
  'billing_callee',
  'sent_caller',
  'sent_callee',
  'sip_call_id',
  'started_at_ms',
  'post_dial_delay_ms',
  'answered_at_ms',
  'ended_at_ms',
  'talk_seconds',
  'ended_by',
  'end_reason',
  'status',
  'attempts',
  'customer_charge',
  'vendor_charge',
  'customer_amount',
  'vendor_amount',
  'profit',
] as const;

export const cdrAmountColumns: readonly string[] = ['customer_amount', 'vendor_amount', 'profit'];

/** What SQLite reads out of one JSON array: nested values become JSON text. */
export type JsonRow = readonly (SqlValue | object)[];

export function cdrRow(cdr: CallDetailRecord): JsonRow {
  return [
    cdr.callId,
    cdr.snapshotHash,
    cdr.snapshotCommit,
    cdr.mappingGateway,
    cdr.customerAccount,
    cdr.routingGateway,
    cdr.vendorAccount,
    cdr.sourceAddress,
    cdr.caller,
    cdr.callee,
    cdr.forwarding,
    cdr.billingCaller,
    cdr.billingCallee,
    cdr.sentCaller,
    cdr.sentCallee,
    cdr.sipCallId,
    cdr.startedAtMs,
    cdr.postDialDelayMs,
    cdr.answeredAtMs,
    cdr.endedAtMs,
    cdr.talkSeconds,
    cdr.endedBy,
    cdr.endReason,
    cdr.status,
    cdr.attempts,
    chargeJson(cdr.customerCharge),
    chargeJson(cdr.vendorCharge),
    amountText(cdr.customerCharge?.amount ?? noMoney),
    amountText(cdr.vendorCharge?.amount ?? noMoney),
    amountText(cdr.profit),
  ];
}

function chargeJson(charge: CdrCharge | null): object | null {
  return charge === null ? null : { ...charge, amount: amountText(charge.amount) };
}

/** @throws RangeError when the amount does not fit into the 64 bits of a column (92 thousand million). */
export function amountText(amount: Money): string {
  if (BigInt.asIntN(64, amount) !== amount) throw new RangeError(`${amount} is no amount that can be stored`);
  return amount.toString();
}

export const cdrSelection = cdrColumns
  .map(column => (cdrAmountColumns.includes(column) ? `CAST(${column} AS TEXT) AS ${column}` : column))
  .join(', ');

export function cdrOfRow(row: SqlRow): CallDetailRecord {
  return {
    callId: text(row, 'call_id'),
    snapshotHash: text(row, 'snapshot_hash'),
    snapshotCommit: textOrNull(row, 'snapshot_commit'),
    mappingGateway: textOrNull(row, 'mapping_gateway'),
    customerAccount: textOrNull(row, 'customer_account'),
    routingGateway: textOrNull(row, 'routing_gateway'),
    vendorAccount: textOrNull(row, 'vendor_account'),
    sourceAddress: text(row, 'source_address'),
    caller: text(row, 'caller'),
    callee: text(row, 'callee'),
    ...numbersOf(row),
    sipCallId: text(row, 'sip_call_id'),
    startedAtMs: Number(row['started_at_ms']),
    postDialDelayMs: numberOrNull(row, 'post_dial_delay_ms'),
    answeredAtMs: numberOrNull(row, 'answered_at_ms'),
    endedAtMs: Number(row['ended_at_ms']),
    talkSeconds: Number(row['talk_seconds']),
    endedBy: text(row, 'ended_by') as EndedBy,
    endReason: text(row, 'end_reason') as EndReason,
    status: Number(row['status']),
    attempts: attemptsOf(row),
    customerCharge: chargeOf(row, 'customer_charge'),
    vendorCharge: chargeOf(row, 'vendor_charge'),
    profit: amountOf(row, 'profit'),
  };
}

type NumberFields = 'forwarding' | 'billingCaller' | 'billingCallee' | 'sentCaller' | 'sentCallee';

/** Records from before numbers were rewritten have none of these: what was received was rated and sent. */
function numbersOf(row: SqlRow): Pick<CallDetailRecord, NumberFields> {
  const billingCaller = textOrNull(row, 'billing_caller');
  const isOld = billingCaller === null;
  const wasTried = isOld && row['routing_gateway'] !== null;
  return {
    forwarding: textOrNull(row, 'forwarding'),
    billingCaller: billingCaller ?? text(row, 'caller'),
    billingCallee: textOrNull(row, 'billing_callee') ?? text(row, 'callee'),
    sentCaller: wasTried ? text(row, 'caller') : textOrNull(row, 'sent_caller'),
    sentCallee: wasTried ? text(row, 'callee') : textOrNull(row, 'sent_callee'),
  };
}

/** Attempts of records from before callers were rewritten name none. */
function attemptsOf(row: SqlRow): readonly CdrAttempt[] {
  const attempts = JSON.parse(text(row, 'attempts')) as readonly (Omit<CdrAttempt, 'caller'> & {
    readonly caller?: string;
  })[];
  const received = text(row, 'caller');
  return attempts.map(attempt => {
    const { gateway, caller, ...rest } = attempt;
    return { gateway, caller: caller ?? received, ...rest };
  });
}

function chargeOf(row: SqlRow, column: string): CdrCharge | null {
  const json = row[column];
  if (json === null || json === undefined) return null;
  const charge = JSON.parse(String(json)) as Omit<CdrCharge, 'amount'> & { readonly amount: string };
  return { ...charge, amount: money(BigInt(charge.amount)) };
}

/** The column must have been cast to text. */
export function amountOf(row: SqlRow, column: string): Money {
  const value = row[column];
  if (typeof value !== 'string') throw new Error(`${column} must be read as text`);
  return money(BigInt(value));
}

/** In the order in which the `…Row` functions of the ledger give the values. */
export const ledgerColumns = ['account', 'at_ms', 'kind', 'amount', 'call_id', 'note'] as const;

export function chargeLedgerRow(charge: LedgerCharge, cdr: CallDetailRecord): JsonRow {
  return [charge.account, cdr.endedAtMs, 'call', amountText(charge.amount), cdr.callId, ''];
}

export function paymentLedgerRow(account: string, amount: Money, atMs: number, note: string): JsonRow {
  return [account, atMs, amount < 0n ? 'correction' : 'payment', amountText(amount), null, note];
}

export function ledgerEntryOfRow(row: SqlRow): LedgerEntry {
  return {
    id: Number(row['id']),
    account: text(row, 'account'),
    atMs: Number(row['at_ms']),
    kind: text(row, 'kind') as LedgerEntry['kind'],
    amount: amountOf(row, 'amount'),
    callId: textOrNull(row, 'call_id'),
    note: text(row, 'note'),
  };
}

function text(row: SqlRow, column: string): string {
  return String(row[column]);
}

function textOrNull(row: SqlRow, column: string): string | null {
  const value = row[column];
  return value === null || value === undefined ? null : String(value);
}

function numberOrNull(row: SqlRow, column: string): number | null {
  const value = row[column];
  return value === null || value === undefined ? null : Number(value);
}
