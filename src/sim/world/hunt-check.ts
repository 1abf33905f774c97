/** No gateway may be tried after one whose failure ends the hunt, none twice, and never more than are allowed. */
import type { CallDetailRecord } from '../../cdr/record.ts';
import type { RoutingGateway } from '../../config/snapshot.ts';
import type { ActiveCall, Leg } from './active-call.ts';
import { gatewaysOf } from './limits.ts';
import type { Violations } from './violations.ts';

type Attempt = CallDetailRecord['attempts'][number];

/** `cdr` is that of the running switch: one made after a kill has no attempts. */
export function checkHunt(call: ActiveCall, cdr: CallDetailRecord, violations: Violations): void {
  const { snapshot, legs, callId } = call;
  const { attempts } = cdr;
  if (attempts.length === 0) return;
  const { routing } = gatewaysOf(snapshot);
  const most = snapshot.parameters.gatewaySwitchLimit;
  if (most !== null && attempts.length > most) {
    const detail = `${attempts.length} gateways are tried, and ${most} may be.`;
    violations.add('huntTooLong', detail, callId);
  }
  for (const [index, attempt] of attempts.entries()) {
    const gateway = routing.get(attempt.gateway);
    if (gateway === undefined) continue;
    if (gateway.locked) violations.add('lockedTried', `${gateway.name} is locked, and tried.`, callId);
    if (legs.some((leg, other) => other < index && leg.gateway === gateway.name)) {
      violations.add('triedTwice', `${gateway.name} is tried twice.`, callId);
    }
    if (index === attempts.length - 1) return;
    const why = whyItEnds(attempt, legs[index], gateway);
    if (why === null) continue;
    const detail = `${attempts[index + 1]!.gateway} is tried after ${gateway.name}, where the hunt ends: ${why}.`;
    violations.add('huntGoesOn', detail, callId);
  }
}

/** null when the next gateway may be tried after a failure like this. */
function whyItEnds(
  { outcome, status, reason }: Attempt,
  leg: Leg | undefined,
  { hunting, stopCodes }: RoutingGateway,
): string | null {
  const isResponse = outcome === 'failed' && leg?.wasAnsweredByGateway === true;
  if (isResponse && stopCodes.some(({ from, to }) => from <= status && status <= to)) {
    return `${status} is one of its stop codes`;
  }
  if (isResponse && status >= 600 && hunting.stopOn6xx) return `${status} is a 6xx`;
  if (outcome === 'timeout' && reason === 'INVITE timeout' && hunting.stopAfterInviteTimeout) return reason;
  if (hunting.untilConnect) return null;
  if (isResponse && status === 486 && hunting.stopAfterUserBusy) return 'the callee is busy';
  if (outcome === 'timeout' && reason === 'Ringing timeout') return reason;
  if (leg?.hadSdp === true && hunting.stopAfterSdp) return 'a provisional response had SDP';
  if (leg?.rang === true && hunting.stopAfterRinging) return 'it rang';
  return null;
}
