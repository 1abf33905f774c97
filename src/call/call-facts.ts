import type { LedgerCharge, OpenCall } from '../cdr/open-call.ts';
import type { Account, MappingGateway } from '../config/snapshot.ts';
import type { PreparedNumbers } from '../routing/prepare-numbers.ts';
import type { Attempt } from './attempt.ts';
import type { Comparison } from './canary.ts';
import type { EndCause } from './end-cause.ts';
import type { SnapshotView } from './gateway-state.ts';
import type { SwitchOutput } from './outputs.ts';
import type { Price } from './prices.ts';

/** What is settled when a call arrives. */
export interface CallFacts {
  readonly callId: string;
  /** The snapshot of this call, to its end. */
  readonly view: SnapshotView;
  readonly gateway: MappingGateway;
  readonly account: Account;
  /** What the customer pays as of the arrival; null when the account is unrated. */
  readonly price: Price | null;
  readonly sourceAddress: string;
  /** As received. */
  readonly caller: string;
  /** As received. */
  readonly callee: string;
  readonly numbers: PreparedNumbers;
  /** Decides all that is random in this call. */
  readonly seed: number;
  readonly sipCallId: string;
  /** The longest talk that the settings of the caller's side allow; Infinity when they allow any. */
  readonly callerLimitSeconds: number;
  readonly startedAtMs: number;
  /** null unless a candidate is tried on a share of the calls. */
  readonly comparison: Comparison | null;
}

/** What a call needs of the switch around it. `T` is the call itself. */
export interface CallSurroundings<T> {
  emit(output: SwitchOutput): void;
  /** ms since 1970 UTC; Infinity for none. */
  setDeadline(call: T, deadlineMs: number): void;
  count(event: 'attempts' | 'lateAnswers' | 'unrecorded'): void;
  /** A gateway has answered, at `nowMs` (ms since 1970 UTC). */
  answered(call: T, nowMs: number): void;
  /** The call is over; `lateLegs` were released and may still be answered. */
  ended(call: T, cause: EndCause, ledger: readonly LedgerCharge[], lateLegs: number[]): void;
}

/** The journal's view of a call that has just arrived. */
export function openCallOf(facts: CallFacts): OpenCall {
  const { snapshot } = facts.view;
  return {
    callId: facts.callId,
    snapshotHash: snapshot.hash,
    snapshotCommit: snapshot.commit,
    mappingGateway: facts.gateway.name,
    customerAccount: facts.account.name,
    routingGateway: null,
    vendorAccount: null,
    sourceAddress: facts.sourceAddress,
    caller: facts.caller,
    callee: facts.callee,
    ...recordedNumbers(facts.numbers),
    sipCallId: facts.sipCallId,
    startedAtMs: facts.startedAtMs,
    answeredAtMs: null,
    customerRate: null,
    vendorRate: null,
    holdTimePrecisionMs: snapshot.parameters.holdTimePrecisionMs,
    feePrecision: snapshot.parameters.feePrecision,
  };
}

/** A call that nobody answered is recorded with the gateway that was tried last. */
export function recordedOpenCall(facts: CallFacts, open: OpenCall, attempts: readonly Attempt[]): OpenCall {
  const last = attempts.at(-1);
  if (last === undefined || open.answeredAtMs !== null) return open;
  const vendor = facts.view.snapshot.accounts[last.gateway.clearingAccount]!;
  const { caller: sentCaller, callee: sentCallee } = last.sent;
  return { ...open, routingGateway: last.gateway.name, vendorAccount: vendor.name, sentCaller, sentCallee };
}

/** What the record tells of the numbers before one was sent. */
export function recordedNumbers({
  access,
  billing,
  calleeToRate,
}: PreparedNumbers): Pick<
  OpenCall,
  'forwarding' | 'billingCaller' | 'billingCallee' | 'sentCaller' | 'sentCallee'
> {
  return {
    forwarding: access.forwarding,
    billingCaller: billing.caller,
    billingCallee: calleeToRate,
    sentCaller: null,
    sentCallee: null,
  };
}
