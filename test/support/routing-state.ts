/** A switch and a call for tests of routing: a test names only what it is about. */
import type { RouteRequest, RoutingState } from '../../src/routing/select-route.ts';

/** A switch on which nothing is going on. */
export const idleState: RoutingState = {
  activeLines: () => 0,
  callRateReached: () => false,
  vendorLinesFull: () => false,
  vendorCallRateReached: () => false,
  callsCarried: () => 0,
  unavailableUntilMs: () => 0,
  vendorCreditExhausted: () => false,
  groupActiveLines: () => 0,
  asr: () => null,
  isOffline: () => false,
  callerPoolExhausted: () => false,
};

/** A call of the first mapping gateway, of an unrated customer. */
export function requestFor(callee: string, request: Partial<RouteRequest> = {}): RouteRequest {
  return {
    mappingGateway: 0,
    caller: '1',
    callee,
    untaggedCallee: callee,
    forwarding: null,
    calleeToRate: callee,
    numberSentToRate: null,
    customerRate: null,
    atMs: 1000,
    ...request,
  };
}
