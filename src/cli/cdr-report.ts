/** From the shape that operators see of a record back to the record. */
import type { CallDetailRecord, CdrAttempt, CdrCharge } from '../cdr/record.ts';
import type { CdrReport, ChargeReport } from '../live/operations.ts';
import { type Money, parseMoney } from '../rating/money.ts';

export function recordOfReport(report: CdrReport): CallDetailRecord {
  const { startedAt, answeredAt, endedAt, attempts, customerCharge, vendorCharge, profit, ...same } = report;
  return {
    ...same,
    startedAtMs: Date.parse(startedAt),
    answeredAtMs: answeredAt === null ? null : Date.parse(answeredAt),
    endedAtMs: Date.parse(endedAt),
    endedBy: same.endedBy as CallDetailRecord['endedBy'],
    endReason: same.endReason as CallDetailRecord['endReason'],
    attempts: attempts.map(({ startedAt: attemptedAt, outcome, ...attempt }) => ({
      ...attempt,
      outcome: outcome as CdrAttempt['outcome'],
      startedAtMs: Date.parse(attemptedAt),
    })),
    customerCharge: chargeOf(customerCharge),
    vendorCharge: chargeOf(vendorCharge),
    profit: moneyOf(profit),
  };
}

function chargeOf(report: ChargeReport | null): CdrCharge | null {
  return report === null ? null : { ...report, amount: moneyOf(report.amount) };
}

function moneyOf(text: string): Money {
  const amount = parseMoney(text);
  if (amount === null) throw new Error(`a record has the amount ${text}`);
  return amount;
}
