/** What a record charges, worked out once more in the plainest way there is. */
import type { CallDetailRecord, CdrCharge } from '../../cdr/record.ts';
import type { Parameters, Snapshot } from '../../config/snapshot.ts';
import type { ActiveCall } from './active-call.ts';
import { gatewaysOf } from './limits.ts';
import type { Violations } from './violations.ts';

/** Prices have so many decimals, amounts so many. */
const priceDecimals = 10;
const amountDecimals = 8;

/** `cdr` is that of an answered call. */
export function checkCharges({ snapshot }: ActiveCall, cdr: CallDetailRecord, violations: Violations): void {
  const { parameters } = snapshot;
  const talkMs = cdr.endedAtMs - cdr.answeredAtMs!;
  const seconds = wholeSeconds(talkMs, parameters.holdTimePrecisionMs);
  if (cdr.talkSeconds !== seconds) {
    const detail = `${talkMs} ms of talk are recorded as ${cdr.talkSeconds} s instead of ${seconds} s.`;
    violations.add('talkWrong', detail, cdr.callId);
  }
  for (const charge of [cdr.customerCharge, cdr.vendorCharge]) {
    if (charge !== null) checkCharge(charge, seconds, parameters, cdr.callId, violations);
  }
  if (parameters.freeNumbers.length === 0) checkIsCharged(snapshot, cdr, violations);
}

function wholeSeconds(ms: number, precisionMs: number): number {
  const fractionMs = ms % 1000;
  return (ms - fractionMs) / 1000 + (fractionMs > 0 && fractionMs >= precisionMs ? 1 : 0);
}

function checkCharge(
  charge: CdrCharge,
  talkSeconds: number,
  { feePrecision }: Parameters,
  callId: string,
  violations: Violations,
): void {
  let left = talkSeconds - (charge.freeSeconds ?? 0);
  const isFree = left <= 0;
  let billed = 0;
  let fees = isFree ? 0n : priceOf(charge.connectFee ?? '0');
  for (const stage of charge.stages?.split(';') ?? []) {
    const [seconds = '', fee = ''] = stage.split(':');
    if (left <= 0) break;
    fees += priceOf(fee);
    billed += Number(seconds);
    left -= Number(seconds);
  }
  let ordinary = 0;
  for (let step = charge.firstIncrementSeconds; left > ordinary; step = charge.nextIncrementSeconds)
    ordinary += step;
  billed += ordinary;
  const unit = BigInt(charge.unitSeconds);
  const exact = fees * unit + priceOf(charge.rate) * BigInt(ordinary);
  const smallest = unit * 10n ** BigInt(priceDecimals - feePrecision);
  // Half up: as many whole smallest amounts as fit when half of one is added.
  const amount = ((exact + smallest / 2n) / smallest) * 10n ** BigInt(amountDecimals - feePrecision);
  if (charge.billedSeconds === billed && charge.amount === amount) return;
  violations.add(
    'chargeWrong',
    `${talkSeconds} s at ${charge.rate} for ${charge.unitSeconds} s are ${billed} s for ${amount}, not ${charge.billedSeconds} s for ${charge.amount} (10⁻⁸ currency units).`,
    callId,
  );
}

/** 10⁻¹⁰ currency units. */
function priceOf(text: string): bigint {
  const [whole = '0', decimals = ''] = text.split('.');
  return BigInt(whole + decimals.padEnd(priceDecimals, '0'));
}

/** Nobody talks for nothing who has to pay. */
function checkIsCharged(snapshot: Snapshot, cdr: CallDetailRecord, violations: Violations): void {
  const { mapping, routing } = gatewaysOf(snapshot);
  const from = mapping.get(cdr.mappingGateway ?? '');
  const customer = from === undefined ? undefined : snapshot.accounts[from.account];
  if (customer !== undefined && !customer.unrated && cdr.customerCharge === null) {
    violations.add('customerNotCharged', `${customer.name} has talked and pays nothing.`, cdr.callId);
  }
  const to = routing.get(cdr.routingGateway ?? '');
  const vendor = to === undefined ? undefined : snapshot.accounts[to.clearingAccount];
  if (to?.checkRate === true && vendor?.unrated === false && cdr.vendorCharge === null) {
    violations.add('vendorNotCharged', `${vendor.name} has carried a call and is owed nothing.`, cdr.callId);
  }
}
