/** How long a world waits for its calls to end, and whose fault it is when one does not. */
import type { Snapshot } from '../../config/snapshot.ts';
import type { ActiveCall } from './active-call.ts';
import type { Violations } from './violations.ts';

/** When callers and gateways have done what they do, and no limit of the configuration is left, calls have so long to end. */
const quietMs = 24 * 3_600_000;

/** Counted from the last thing that a caller, a gateway or the scenario does. */
export function patienceMs({ parameters, accounts, mappingGateways, routingGateways }: Snapshot): number {
  let longestTalkSeconds = Math.max(parameters.maxCallDurationSeconds ?? 0, parameters.noTimerCapSeconds);
  for (const { maxCallDurationSeconds } of [...accounts, ...mappingGateways, ...routingGateways])
    longestTalkSeconds = Math.max(longestTalkSeconds, maxCallDurationSeconds ?? 0);
  return longestTalkSeconds * 1000 + quietMs;
}

/**
 * A call that talks on because neither side ever hangs up and the configuration lets it is the scenario's doing, unless
 * something happened that ends every call; any other is the switch's.
 */
export function giveUp(call: ActiveCall, violations: Violations): void {
  const nobodyHungUp = call.callerState === 'confirmed' && call.answeredLeg?.state === 'confirmed';
  if (nobodyHungUp && !call.mustEnd) {
    call.isGivenUp = true;
    return;
  }
  const detail =
    'Everybody has done what he does and the call is still up long afterwards, though it should have ended.';
  violations.add('neverEnds', detail, call.callId);
}
