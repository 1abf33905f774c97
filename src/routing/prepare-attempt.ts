/** The numbers that go to one routing gateway, prepared afresh for each attempt of a call. */
import type { RoutingGateway, Snapshot, Source } from '../config/snapshot.ts';
import { callerFromPool, type PoolUse } from './caller-pool.ts';
import { drawsFor } from './draws.ts';
import { numberFault, numberFaultText } from './number-fault.ts';
import {
  type CallNumbers,
  dialPlansAt,
  madeBy,
  type NumberKind,
  type NumberStep,
  numberKinds,
  planned,
} from './number-steps.ts';
import { numberToRate, type PreparedNumbers } from './prepare-numbers.ts';
import { decidingPlace } from './setting-place.ts';

export interface AttemptNumbers {
  readonly kind: 'prepared';
  /** Where the gateway has a caller pool, its number takes the place of the caller when the attempt is admitted. */
  readonly sent: CallNumbers;
  /** What the vendor's rate tables are asked for. */
  readonly calleeToRate: string;
  /** Empty unless asked for. */
  readonly steps: readonly NumberStep[];
}

export interface UnusableNumbers {
  readonly kind: 'invalid';
  /** A stable name, for programs. */
  readonly reason: 'numberToSendInvalid';
  /** The line that caused it. */
  readonly source: Source;
  /** For people, without an end mark. */
  readonly detail: string;
  readonly steps: readonly NumberStep[];
}

/**
 * By the routing gateway's dial plans as of `atMs` (ms since 1970 UTC). The caller of a gateway with a pool is left
 * alone: `poolCaller` finds it. What cannot be sent keeps the call from this gateway, not from others.
 */
export function prepareAttempt(
  snapshot: Snapshot,
  gateway: RoutingGateway,
  numbers: PreparedNumbers,
  seed: number,
  atMs: number,
  explain: boolean = false,
): AttemptNumbers | UnusableNumbers {
  const steps: NumberStep[] | null = explain ? [] : null;
  const plans = dialPlansAt(snapshot, gateway, atMs);
  const { name, callerPool } = gateway;
  const { billing, calleeToSend } = numbers;
  const sent: CallNumbers = {
    caller:
      callerPool === null
        ? planned(plans.caller, 'caller', billing.caller, name, seed, steps)
        : billing.caller,
    callee: planned(plans.callee, 'callee', calleeToSend, name, seed, steps),
    forwarding:
      billing.forwarding === null
        ? null
        : planned(plans.forwarding, 'forwarding', billing.forwarding, name, seed, steps) || null,
  };
  const fault = faultOf(sent, billing);
  if (fault !== null) {
    const source = madeBy(steps, fault.number) ?? gateway.source;
    return {
      kind: 'invalid',
      reason: 'numberToSendInvalid',
      source,
      detail: fault.detail,
      steps: steps ?? [],
    };
  }
  const calleeToRate = vendorNumberToRate(snapshot, gateway, numbers, sent.callee, steps);
  return { kind: 'prepared', sent, calleeToRate, steps: steps ?? [] };
}

function faultOf(
  sent: CallNumbers,
  billing: CallNumbers,
): { readonly number: NumberKind; readonly detail: string } | null {
  for (const number of numberKinds) {
    const text = sent[number];
    if (text === null || (number === 'caller' && text === '' && billing.caller === '')) continue;
    const fault = numberFault(text);
    if (fault !== null) return { number, detail: `the ${number} to send ${numberFaultText(fault)}` };
  }
  return null;
}

function vendorNumberToRate(
  snapshot: Snapshot,
  gateway: RoutingGateway,
  { calleeToRate, billingPrefix }: PreparedNumbers,
  calleeSent: string,
  steps: NumberStep[] | null,
): string {
  if (!gateway.rateByNumberSent) return calleeToRate;
  steps?.push({
    stage: 'rateByNumberSent',
    number: 'callee',
    before: calleeToRate,
    after: calleeSent,
    source: decidingPlace(gateway, 'rateByNumberSent'),
    detail: `the vendor of ${gateway.name} is rated by the number sent`,
  });
  return numberToRate(snapshot, calleeSent, billingPrefix, steps);
}

/** What the vendor of a gateway that is rated by the number sent is rated by, for routing to look at its rate. */
export function numberSentToRate(
  snapshot: Snapshot,
  numbers: PreparedNumbers,
  seed: number,
  atMs: number,
): (gateway: number) => string {
  return index => {
    const gateway = snapshot.routingGateways[index]!;
    const plan = dialPlansAt(snapshot, gateway, atMs).callee;
    const callee = planned(plan, 'callee', numbers.calleeToSend, gateway.name, seed, null);
    return numberToRate(snapshot, callee, numbers.billingPrefix);
  };
}

/** The number that the gateway's caller pool gives this call, or null when it is used up. Only for one with a pool. */
export function poolCaller(gateway: RoutingGateway, use: PoolUse, seed: number): string | null {
  const { callerPool, name } = gateway;
  if (callerPool === null) throw new Error(`${name} has no caller pool`);
  return callerFromPool(callerPool, use, drawsFor(seed, 'callerPool', name));
}
