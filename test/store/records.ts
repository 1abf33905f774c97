/** Records to write, with every field filled in. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OpenCall } from '../../src/cdr/open-call.ts';
import type { CallDetailRecord } from '../../src/cdr/record.ts';
import { money } from '../../src/rating/money.ts';

const startedAtMs = Date.UTC(2026, 0, 15, 12, 0, 0);

export function cdr(callId: string, changes: Partial<CallDetailRecord> = {}): CallDetailRecord {
  return {
    callId,
    snapshotHash: 'a'.repeat(64),
    snapshotCommit: null,
    mappingGateway: 'retail',
    customerAccount: 'northwind',
    routingGateway: 'acme',
    vendorAccount: 'acme-telecom',
    sourceAddress: '127.0.6.1:5060;udp',
    caller: '442071838750',
    callee: '447700900123',
    forwarding: null,
    billingCaller: '442071838750',
    billingCallee: '447700900123',
    sentCaller: '442071838750',
    sentCallee: '447700900123',
    sipCallId: `${callId}@127.0.6.1`,
    startedAtMs,
    postDialDelayMs: 120,
    answeredAtMs: startedAtMs + 2000,
    endedAtMs: startedAtMs + 62_000,
    talkSeconds: 60,
    endedBy: 'caller',
    endReason: 'CallerHangup',
    status: 200,
    attempts: [
      {
        gateway: 'acme',
        caller: '442071838750',
        callee: '447700900123',
        address: '127.0.6.2:5060;udp',
        startedAtMs,
        delayMs: 2000,
        ringDelayMs: 120,
        status: 200,
        reason: 'OK',
        outcome: 'answered',
      },
    ],
    customerCharge: charge('northwind', 1_250_000n),
    vendorCharge: charge('acme-telecom', 1_000_000n),
    profit: money(250_000n),
    ...changes,
  };
}

export function charge(account: string, units: bigint): NonNullable<CallDetailRecord['customerCharge']> {
  return {
    account,
    rateTable: 'retail-standard',
    prefix: '447',
    rateSource: 'rates/retail-standard.csv:12',
    rate: '0.0125',
    unitSeconds: 60,
    firstIncrementSeconds: 1,
    nextIncrementSeconds: 1,
    billedSeconds: 60,
    amount: money(units),
  };
}

export function openCall(callId: string, changes: Partial<OpenCall> = {}): OpenCall {
  return {
    callId,
    snapshotHash: 'a'.repeat(64),
    snapshotCommit: null,
    mappingGateway: 'retail',
    customerAccount: 'northwind',
    routingGateway: 'acme',
    vendorAccount: 'acme-telecom',
    sourceAddress: '127.0.6.1:5060;udp',
    caller: '442071838750',
    callee: '447700900123',
    forwarding: null,
    billingCaller: '442071838750',
    billingCallee: '447700900123',
    sentCaller: '442071838750',
    sentCallee: '447700900123',
    sipCallId: `${callId}@127.0.6.1`,
    startedAtMs,
    answeredAtMs: startedAtMs + 2000,
    customerRate: {
      account: 'northwind',
      rateTable: 'retail-standard',
      prefix: '447',
      rateSource: 'rates/retail-standard.csv:12',
      rate: '0.0125',
      unitSeconds: 60,
      firstIncrementSeconds: 1,
      nextIncrementSeconds: 1,
      connectFee: '0',
    },
    vendorRate: null,
    holdTimePrecisionMs: 50,
    feePrecision: 6,
    ...changes,
  };
}

/** Both sides of one call. */
export const ledgerOf = (customer: bigint, vendor: bigint) => [
  { account: 'northwind', amount: money(-customer) },
  { account: 'acme-telecom', amount: money(-vendor) },
];

export interface TemporaryDirectory {
  readonly path: string;
  remove(): void;
}

export function temporaryDirectory(): TemporaryDirectory {
  const path = mkdtempSync(join(tmpdir(), 'class4-test-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
