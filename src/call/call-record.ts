/**
 * The record of a call and its ledger lines, made from what the journal knows of it. The end of a call and the
 * recovery after a crash use the same code, so that both charge alike.
 */
import type { JournaledRate, LedgerCharge, OpenCall } from '../cdr/open-call.ts';
import type { CallDetailRecord, CdrAttempt, CdrCharge } from '../cdr/record.ts';
import type { Parameters, Snapshot } from '../config/snapshot.ts';
import { talkSeconds } from '../rating/charge.ts';
import { cdrCharge } from '../rating/journaled-rate.ts';
import { money, noMoney } from '../rating/money.ts';
import { sourceText } from './addresses.ts';
import type { Rejection } from './authorise.ts';
import { recordedNumbers } from './call-facts.ts';
import type { EndCause } from './end-cause.ts';
import type { InviteInput } from './inputs.ts';

/** An open call, or a refused one of which less is known. */
export type RecordedCall = Omit<OpenCall, 'mappingGateway' | 'customerAccount'> & {
  readonly mappingGateway: string | null;
  readonly customerAccount: string | null;
};

/** What is known of an INVITE that was turned away. */
export function refusedCall(
  snapshot: Snapshot,
  invite: InviteInput,
  { gateway, numbers }: Rejection,
  nowMs: number,
): RecordedCall {
  const account = gateway === null ? null : snapshot.accounts[gateway.account]!;
  return {
    callId: invite.callId,
    snapshotHash: snapshot.hash,
    snapshotCommit: snapshot.commit,
    mappingGateway: gateway?.name ?? null,
    customerAccount: account?.name ?? null,
    routingGateway: null,
    vendorAccount: null,
    sourceAddress: sourceText(invite.source),
    caller: invite.caller,
    callee: invite.callee ?? '',
    ...(numbers === null ? numbersAsReceived(invite) : recordedNumbers(numbers)),
    sipCallId: invite.sipCallId,
    startedAtMs: nowMs,
    answeredAtMs: null,
    customerRate: null,
    vendorRate: null,
    holdTimePrecisionMs: snapshot.parameters.holdTimePrecisionMs,
    feePrecision: snapshot.parameters.feePrecision,
  };
}

function numbersAsReceived({ caller, callee, forwarding }: InviteInput): ReturnType<typeof recordedNumbers> {
  const sent = { sentCaller: null, sentCallee: null };
  return { forwarding, billingCaller: caller, billingCallee: callee ?? '', ...sent };
}

export interface CallEnd {
  readonly cause: EndCause;
  readonly endedAtMs: number;
  readonly postDialDelayMs: number | null;
  readonly attempts: readonly CdrAttempt[];
}

export interface ClosedCall {
  readonly cdr: CallDetailRecord;
  readonly ledger: readonly LedgerCharge[];
}

/**
 * Whether the end of a call is written down. An answered call always is, even when it cost nothing, so that no setting
 * can lose money.
 */
export function isRecorded(
  { recordUnanswered, recordServerHangUp }: Parameters,
  { answeredAtMs }: RecordedCall,
  { by }: EndCause,
): boolean {
  if (answeredAtMs !== null) return true;
  return recordUnanswered && (recordServerHangUp || by !== 'switch');
}

export function closeCall(call: RecordedCall, end: CallEnd): ClosedCall {
  const { answeredAtMs } = call;
  const talk =
    answeredAtMs === null ? 0 : talkSeconds(end.endedAtMs - answeredAtMs, call.holdTimePrecisionMs);
  const customerCharge = chargeOf(call, call.customerRate, talk);
  const vendorCharge = chargeOf(call, call.vendorRate, talk);
  const cdr: CallDetailRecord = {
    callId: call.callId,
    snapshotHash: call.snapshotHash,
    snapshotCommit: call.snapshotCommit,
    mappingGateway: call.mappingGateway,
    customerAccount: call.customerAccount,
    routingGateway: call.routingGateway,
    vendorAccount: call.vendorAccount,
    sourceAddress: call.sourceAddress,
    caller: call.caller,
    callee: call.callee,
    forwarding: call.forwarding,
    billingCaller: call.billingCaller,
    billingCallee: call.billingCallee,
    sentCaller: call.sentCaller,
    sentCallee: call.sentCallee,
    sipCallId: call.sipCallId,
    startedAtMs: call.startedAtMs,
    postDialDelayMs: end.postDialDelayMs,
    answeredAtMs,
    endedAtMs: end.endedAtMs,
    talkSeconds: talk,
    endedBy: end.cause.by,
    endReason: end.cause.reason,
    status: answeredAtMs === null || end.cause.reason === 'CallerCancel' ? end.cause.status : 200,
    attempts: end.attempts,
    customerCharge,
    vendorCharge,
    profit: money((customerCharge?.amount ?? noMoney) - (vendorCharge?.amount ?? noMoney)),
  };
  return { cdr, ledger: ledgerOf(customerCharge, vendorCharge) };
}

function chargeOf(call: RecordedCall, rate: JournaledRate | null, talk: number): CdrCharge | null {
  if (call.answeredAtMs === null || rate === null) return null;
  return cdrCharge(rate, talk, call.feePrecision);
}

/** Both sides are negative: the customer pays us, the vendor is owed. A charge of nothing is no line. */
function ledgerOf(...charges: readonly (CdrCharge | null)[]): readonly LedgerCharge[] {
  const ledger: LedgerCharge[] = [];
  for (const charge of charges) {
    if (charge === null || charge.amount === noMoney) continue;
    ledger.push({ account: charge.account, amount: money(-charge.amount) });
  }
  return ledger;
}
