/** The fields of a call detail record of which something can be expected. */
import type { CallDetailRecord, CdrCharge } from '../../cdr/record.ts';

/** Of these, amounts are exact decimals. */
export const moneyFields: ReadonlySet<string> = new Set([
  'profit',
  'customerCharge.amount',
  'vendorCharge.amount',
]);

const chargeFields: Readonly<Record<keyof CdrCharge, true>> = {
  account: true,
  rateTable: true,
  prefix: true,
  rateSource: true,
  rate: true,
  unitSeconds: true,
  firstIncrementSeconds: true,
  nextIncrementSeconds: true,
  connectFee: true,
  freeSeconds: true,
  stages: true,
  billedSeconds: true,
  amount: true,
};

/** Attempts are a list, of which `tried` and `sent` speak. */
const ownFields: Readonly<Record<Exclude<keyof CallDetailRecord, 'attempts'>, true>> = {
  callId: true,
  snapshotHash: true,
  snapshotCommit: true,
  mappingGateway: true,
  customerAccount: true,
  routingGateway: true,
  vendorAccount: true,
  sourceAddress: true,
  caller: true,
  callee: true,
  forwarding: true,
  billingCaller: true,
  billingCallee: true,
  sentCaller: true,
  sentCallee: true,
  sipCallId: true,
  startedAtMs: true,
  postDialDelayMs: true,
  answeredAtMs: true,
  endedAtMs: true,
  talkSeconds: true,
  endedBy: true,
  endReason: true,
  status: true,
  customerCharge: true,
  vendorCharge: true,
  profit: true,
};

export const recordFields: readonly string[] = [
  ...Object.keys(ownFields),
  ...['customerCharge', 'vendorCharge'].flatMap(charge =>
    Object.keys(chargeFields).map(field => `${charge}.${field}`),
  ),
];
