/** What a call asks of the SIP side, made of what the call knows. */
import type { Attempt } from './attempt.ts';
import type { CallFacts } from './call-facts.ts';
import type { EndCause } from './end-cause.ts';
import type { SipOutput } from './outputs.ts';

export function dialLeg({ callId, view }: CallFacts, { leg, gateway, sent }: Attempt): SipOutput {
  return {
    type: 'dialLeg',
    callId,
    leg,
    gateway: gateway.name,
    address: gateway.address,
    caller: sent.caller,
    callee: sent.callee,
    forwarding: sent.forwarding,
    resendIntervalsMs: view.snapshot.parameters.resendIntervalsMs,
  };
}

export function relayProvisional(
  { callId }: CallFacts,
  { leg }: Attempt,
  status: number,
  reason: string,
): SipOutput {
  return { type: 'relayProvisional', callId, leg, status, reason };
}

export function releaseLeg({ callId }: CallFacts, leg: number): SipOutput {
  return { type: 'releaseLeg', callId, leg };
}

export function answer({ callId }: CallFacts, { leg }: Attempt): SipOutput {
  return { type: 'answer', callId, leg };
}

export function reject({ callId }: CallFacts, { status, phrase: reason }: EndCause): SipOutput {
  return { type: 'reject', callId, status, reason, silent: false };
}

export function hangUp({ callId }: CallFacts, side: 'caller' | 'callee', reason: string): SipOutput {
  return { type: 'hangUp', callId, side, reason };
}
