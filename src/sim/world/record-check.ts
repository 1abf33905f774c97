/** The record of a call against what happened, and its money against itself. */

import type { LedgerCharge } from '../../cdr/open-call.ts';
import type { CallDetailRecord } from '../../cdr/record.ts';
import type { Snapshot } from '../../config/snapshot.ts';
import { noMoney } from '../../rating/money.ts';
import type { ActiveCall } from './active-call.ts';
import { checkCharges } from './charge-check.ts';
import { checkHunt } from './hunt-check.ts';
import { gatewaysOf } from './limits.ts';
import { checkRoutes } from './route-check.ts';
import type { Violations } from './violations.ts';

/**
 * `lastAliveMs` is null for a record of the running switch; otherwise it was made from the journal after the switch
 * had been killed, and cannot know of the attempts and of what the caller got.
 */
export function checkRecord(
  call: ActiveCall,
  cdr: CallDetailRecord,
  ledger: readonly LedgerCharge[],
  nowMs: number,
  lastAliveMs: number | null,
  violations: Violations,
): void {
  const wrong = (what: string): void =>
    violations.add('recordWrong', `The record has another ${what} than the call.`, call.callId);
  if (cdr.startedAtMs !== call.startedAtMs) wrong('beginning');
  if (cdr.caller !== call.caller || cdr.callee !== (call.callee ?? '')) wrong('number');
  if (cdr.answeredAtMs !== call.answeredAtMs) wrong('time of answer');
  if (lastAliveMs === null) {
    if (cdr.endedAtMs !== nowMs) wrong('end');
    if (call.finalStatus !== null && cdr.status !== call.finalStatus) wrong('status');
    if (cdr.postDialDelayMs !== (call.relayedAtMs === null ? null : call.relayedAtMs - call.startedAtMs)) {
      wrong('post-dial delay');
    }
    if (!hasItsAttempts(call, cdr)) wrong('list of attempts');
    checkHunt(call, cdr, violations);
    checkRoutes(call, cdr, violations);
  } else if (cdr.endedAtMs > nowMs || cdr.endedAtMs < cdr.startedAtMs) wrong('end');
  checkMoney(cdr, ledger, violations);
  if (cdr.answeredAtMs !== null) checkCharges(call, cdr, violations);
  checkTalk(call, cdr, violations);
}

function hasItsAttempts({ attempts }: ActiveCall, cdr: CallDetailRecord): boolean {
  if (cdr.attempts.length !== attempts.length) return false;
  for (let index = 0; index < attempts.length; index++) {
    const made = attempts[index]!;
    const recorded = cdr.attempts[index]!;
    if (made.gateway !== recorded.gateway || made.atMs !== recorded.startedAtMs) return false;
    if (made.caller !== recorded.caller || made.callee !== recorded.callee) return false;
    if (made.forwarding !== (recorded.forwarding ?? null)) return false;
  }
  return true;
}

function checkMoney(
  { callId, answeredAtMs, customerCharge, vendorCharge, profit }: CallDetailRecord,
  ledger: readonly LedgerCharge[],
  violations: Violations,
): void {
  const charges = [customerCharge, vendorCharge].filter(charge => charge !== null);
  if (answeredAtMs === null && charges.length > 0) {
    violations.add('chargedUnanswered', 'A call is charged that nobody answered.', callId);
  }
  for (const { account, amount } of charges) {
    if (amount < noMoney) violations.add('chargeSign', `${account} is charged less than nothing.`, callId);
  }
  const due = charges.filter(({ amount }) => amount !== noMoney);
  const isBooked =
    ledger.length === due.length &&
    due.every(({ account, amount }, index) => {
      const line = ledger[index]!;
      return line.account === account && line.amount === -amount;
    });
  if (!isBooked) violations.add('ledgerWrong', 'The ledger lines are not the charges of the record.', callId);
  const difference = (customerCharge?.amount ?? noMoney) - (vendorCharge?.amount ?? noMoney);
  if (profit !== difference) violations.add('profitWrong', 'The profit is not what is left over.', callId);
}

/** No talk may be longer than the shortest of the limits that the configuration of the call has for it. */
function checkTalk(call: ActiveCall, cdr: CallDetailRecord, violations: Violations): void {
  const { answeredAtMs, endedAtMs, mappingGateway, routingGateway } = cdr;
  if (answeredAtMs === null || mappingGateway === null || routingGateway === null) return;
  const longestSeconds = talkLimitSeconds(call, mappingGateway, routingGateway);
  if (endedAtMs - answeredAtMs <= longestSeconds * 1000) return;
  const seconds = (endedAtMs - answeredAtMs) / 1000;
  violations.add(
    'talkTooLong',
    `The talk lasts ${seconds} s, and ${longestSeconds} s are allowed.`,
    call.callId,
  );
}

function talkLimitSeconds({ call, snapshot }: ActiveCall, mappingName: string, routingName: string): number {
  const { parameters, accounts } = snapshot;
  const { mapping, routing } = gatewaysOf(snapshot);
  const from = mapping.get(mappingName);
  const to = routing.get(routingName);
  let shortest = parameters.maxCallDurationSeconds ?? Number.POSITIVE_INFINITY;
  if (!call.timerCapable) shortest = Math.min(shortest, parameters.noTimerCapSeconds);
  if (from !== undefined) shortest = shorter(shortest, from, accounts[from.account]!);
  if (to !== undefined) shortest = shorter(shortest, to, accounts[to.clearingAccount]!);
  return shortest;
}

function shorter(
  seconds: number,
  ...limits: readonly { readonly maxCallDurationSeconds: number | null }[]
): number {
  return limits.reduce((least, limit) => Math.min(least, limit.maxCallDurationSeconds ?? least), seconds);
}

/**
 * Only where the configuration of the call wants it so may a call leave no record. Of a call that was turned away
 * without a row in the journal nobody knows whether it went by the candidate (null for none).
 */
export function checkUnrecorded(call: ActiveCall, candidate: Snapshot | null, violations: Violations): void {
  const { callId, answeredAtMs, snapshot } = call;
  if (answeredAtMs !== null) {
    violations.add('forgottenAnswered', 'The call was answered and leaves no record.', callId);
  } else if (wantsRecord(call, snapshot) && (candidate === null || wantsRecord(call, candidate))) {
    violations.add('recordMissing', 'The call leaves no record, and every call should.', callId);
  }
}

function wantsRecord({ attempts, finalStatus }: ActiveCall, { parameters }: Snapshot): boolean {
  const { recordUnanswered, recordServerHangUp, recordIllegalCalls } = parameters;
  const isTurnedAway = attempts.length === 0 && (finalStatus === null || finalStatus === 403);
  return recordUnanswered && recordServerHangUp && (recordIllegalCalls || !isTurnedAway);
}
