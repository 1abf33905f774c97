/** How long the settings let a call last. */
import type { Account, MappingGateway, Parameters, RoutingGateway } from '../config/snapshot.ts';

/**
 * The longest talk in seconds that no setting forbids, before the routing gateway is known: the smallest of
 * SS_MAX_CALL_DURATION, the account's limit, the mapping gateway's and, for a caller without session timers,
 * SS_SIP_NO_TIMER_REINVITE_INTERVAL. Infinity when nothing limits it. Credit is a limit beside this one.
 */
export function callerTalkLimitSeconds(
  parameters: Parameters,
  account: Account,
  gateway: MappingGateway,
  timerCapable: boolean,
): number {
  return Math.min(
    limitOf(parameters.maxCallDurationSeconds),
    limitOf(account.maxCallDurationSeconds),
    limitOf(gateway.maxCallDurationSeconds),
    timerCapable ? Number.POSITIVE_INFINITY : parameters.noTimerCapSeconds,
  );
}

/** The same with the routing gateway and its vendor's account taken in. */
export function talkLimitSeconds(
  callerLimitSeconds: number,
  gateway: RoutingGateway,
  vendor: Account,
): number {
  return Math.min(
    callerLimitSeconds,
    limitOf(gateway.maxCallDurationSeconds),
    limitOf(vendor.maxCallDurationSeconds),
  );
}

function limitOf(seconds: number | null): number {
  return seconds ?? Number.POSITIVE_INFINITY;
}
