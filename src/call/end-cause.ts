/** Why a call ended, who ended it, and the SIP status that the caller got. */
import type { EndedBy, EndReason } from '../cdr/record.ts';
import type { Refused } from './admission.ts';
import type { AttemptFailure, GatewayResponse } from './hunting.ts';

export interface EndCause {
  readonly reason: EndReason;
  readonly by: EndedBy;
  /** What the caller gets while the call is not answered. */
  readonly status: number;
  /** The SIP reason phrase that goes with it; empty for the usual one of the status. */
  readonly phrase: string;
}

/** Who ends a call for each reason, and the usual status. docs/end-reasons.md explains them to users. */
export const usualCauses: Readonly<Record<EndReason, { readonly by: EndedBy; readonly status: number }>> = {
  NoAvailableRouter: { by: 'switch', status: 503 },
  AllGatewayBusy: { by: 'switch', status: 503 },
  GatewayTimeout: { by: 'switch', status: 408 },
  InviteTimeout: { by: 'switch', status: 408 },
  GatewayUnreachable: { by: 'switch', status: 503 },
  AccountBalanceNotEnough: { by: 'switch', status: 503 },
  NoSuchRate: { by: 'switch', status: 503 },
  AccountLocked: { by: 'switch', status: 403 },
  AccountExpired: { by: 'switch', status: 403 },
  IllegalCall: { by: 'switch', status: 403 },
  InvalidNumber: { by: 'switch', status: 484 },
  LrnQueryFailed: { by: 'switch', status: 503 },
  NumberNotAllowed: { by: 'switch', status: 403 },
  NoCallPermission: { by: 'switch', status: 403 },
  GatewayLocked: { by: 'switch', status: 403 },
  LineLimit: { by: 'switch', status: 503 },
  CallRateLimit: { by: 'switch', status: 503 },
  CallerHangup: { by: 'caller', status: 200 },
  CalleeHangup: { by: 'callee', status: 200 },
  CallerCancel: { by: 'caller', status: 487 },
  CalleeBusy: { by: 'callee', status: 486 },
  Rejected: { by: 'callee', status: 480 },
  MaxCallDuration: { by: 'switch', status: 200 },
  CreditExhausted: { by: 'switch', status: 200 },
  ForcedRelease: { by: 'switch', status: 503 },
  Interrupted: { by: 'switch', status: 503 },
  Shutdown: { by: 'switch', status: 503 },
};

const causes = new Map<EndReason, EndCause>(
  (Object.keys(usualCauses) as EndReason[]).map(reason => [
    reason,
    { reason, by: usualCauses[reason].by, status: usualCauses[reason].status, phrase: reason },
  ]),
);

/** The cause with its usual status. Our own refusals carry the name of the reason as their SIP reason phrase. */
export function causeOf(reason: EndReason): EndCause {
  return causes.get(reason)!;
}

const refusals: Readonly<Record<Refused['because'], EndReason>> = {
  lines: 'LineLimit',
  callRate: 'CallRateLimit',
  credit: 'AccountBalanceNotEnough',
  unavailable: 'AllGatewayBusy',
};

/** Why a call that may not begin is turned away. */
export function causeOfRefusal(because: Refused['because']): EndCause {
  return causeOf(refusals[because]);
}

/**
 * A gateway's own answer, passed on to the caller. Two kinds mean something only to whoever asked the gateway, which
 * is us: a challenge (401, 407) becomes 403, a redirection (3xx, which is not followed) 503.
 */
export function causeOfResponse(status: number, phrase: string): EndCause {
  if (status < 400) return { reason: 'Rejected', by: 'callee', status: 503, phrase: 'Service Unavailable' };
  if (status === 401 || status === 407) {
    return { reason: 'Rejected', by: 'callee', status: 403, phrase: 'Forbidden' };
  }
  const reason = status === 486 || status === 600 ? 'CalleeBusy' : 'Rejected';
  return { reason, by: 'callee', status, phrase };
}

/**
 * What a hunt that found nobody means for the caller: 408 when the last attempt timed out, otherwise the last
 * code that a gateway really gave. A gateway that could not be reached gave none.
 */
export function causeOfHunt(last: AttemptFailure, lastResponse: GatewayResponse | null): EndCause {
  if (last.kind === 'timeout') return causeOf(last.stage === 'invite' ? 'InviteTimeout' : 'GatewayTimeout');
  if (lastResponse === null) return causeOf('GatewayUnreachable');
  const { status, receivedStatus, reason } = lastResponse;
  // The words of the gateway belong to the code it gave.
  return causeOfResponse(status, receivedStatus === null ? reason : '');
}
