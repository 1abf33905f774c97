/** Whether a record is charged exactly what its own talk time costs by the rate that stands in it. */
import type { CallDetailRecord, CdrCharge } from '../../../src/cdr/record.ts';
import type { Snapshot } from '../../../src/config/snapshot.ts';
import { talkSeconds } from '../../../src/rating/charge.ts';
import { cdrCharge } from '../../../src/rating/journaled-rate.ts';

export function priceFaults(record: CallDetailRecord | null, { parameters }: Snapshot): readonly string[] {
  if (record === null) return [];
  const faults: string[] = [];
  const { answeredAtMs, endedAtMs, customerCharge, vendorCharge, profit } = record;
  const seconds =
    answeredAtMs === null ? 0 : talkSeconds(endedAtMs - answeredAtMs, parameters.holdTimePrecisionMs);
  if (record.talkSeconds !== seconds)
    faults.push(`${record.talkSeconds} s of talk, which lasted ${seconds} s`);
  for (const charge of [customerCharge, vendorCharge]) {
    if (charge === null) continue;
    const due = dueFor(charge, record.talkSeconds, parameters.feePrecision);
    if (due.amount !== charge.amount || due.billedSeconds !== charge.billedSeconds) {
      faults.push(
        `${charge.account} is charged ${charge.amount} units for ${charge.billedSeconds} s, due are ${due.amount} for ${due.billedSeconds} s`,
      );
    }
  }
  if (profit !== (customerCharge?.amount ?? 0n) - (vendorCharge?.amount ?? 0n)) {
    faults.push('the profit is not the difference of the charges');
  }
  return faults;
}

function dueFor(charge: CdrCharge, seconds: number, feePrecision: number): CdrCharge {
  return cdrCharge({ ...charge, connectFee: charge.connectFee ?? '0' }, seconds, feePrecision);
}
