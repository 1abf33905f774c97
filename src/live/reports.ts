/** Records in the shapes that operators see. */
import type { CallDetailRecord, CdrCharge } from '../cdr/record.ts';
import { type Money, moneyText, parseMoney } from '../rating/money.ts';
import type { LedgerEntry } from '../store/store.ts';
import { type CdrReport, type ChargeReport, type LedgerReport, OperationError } from './operations.ts';

export function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}

function isoTimeOrNull(ms: number | null): string | null {
  return ms === null ? null : isoTime(ms);
}

export function cdrReport(cdr: CallDetailRecord): CdrReport {
  return {
    callId: cdr.callId,
    snapshotHash: cdr.snapshotHash,
    snapshotCommit: cdr.snapshotCommit,
    mappingGateway: cdr.mappingGateway,
    customerAccount: cdr.customerAccount,
    routingGateway: cdr.routingGateway,
    vendorAccount: cdr.vendorAccount,
    sourceAddress: cdr.sourceAddress,
    caller: cdr.caller,
    callee: cdr.callee,
    forwarding: cdr.forwarding,
    billingCaller: cdr.billingCaller,
    billingCallee: cdr.billingCallee,
    sentCaller: cdr.sentCaller,
    sentCallee: cdr.sentCallee,
    sipCallId: cdr.sipCallId,
    startedAt: isoTime(cdr.startedAtMs),
    postDialDelayMs: cdr.postDialDelayMs,
    answeredAt: isoTimeOrNull(cdr.answeredAtMs),
    endedAt: isoTime(cdr.endedAtMs),
    talkSeconds: cdr.talkSeconds,
    endedBy: cdr.endedBy,
    endReason: cdr.endReason,
    status: cdr.status,
    attempts: cdr.attempts.map(({ startedAtMs, ...attempt }) => ({
      ...attempt,
      startedAt: isoTime(startedAtMs),
    })),
    customerCharge: chargeReport(cdr.customerCharge),
    vendorCharge: chargeReport(cdr.vendorCharge),
    profit: moneyText(cdr.profit),
  };
}

function chargeReport(charge: CdrCharge | null): ChargeReport | null {
  return charge === null ? null : { ...charge, amount: moneyText(charge.amount) };
}

export function ledgerReport(entry: LedgerEntry): LedgerReport {
  const { id, account, kind, callId, note } = entry;
  return { id, account, at: isoTime(entry.atMs), kind, amount: moneyText(entry.amount), callId, note };
}

/** The largest payment in one entry; a hundred of them still fit into a balance. */
const paymentMax = 10n ** 17n;

/**
 * Reads the amount of a payment.
 * @throws OperationError for what is no plain decimal, zero, or beyond 1,000,000,000.
 */
export function paymentAmount(text: string): Money {
  const amount = parseMoney(text);
  if (amount === null) {
    throw new OperationError(
      'wrong',
      `"${text}" is no amount`,
      'write plain decimals, such as 250 or -12.50',
    );
  }
  if (amount === 0n) throw new OperationError('wrong', 'a payment of nothing changes nothing');
  if (amount > paymentMax || amount < -paymentMax) {
    throw new OperationError(
      'wrong',
      `${text} is more than one payment can carry`,
      'the limit is 1000000000',
    );
  }
  return amount;
}

/** @throws OperationError */
export function paymentNote(text: string): string {
  if (text.length <= 500) return text;
  throw new OperationError('wrong', 'the note is too long', 'it may have 500 characters');
}
