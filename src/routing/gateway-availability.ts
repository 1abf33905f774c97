import type { Snapshot } from '../config/snapshot.ts';

/** What routing must know of the running switch. Gateways and accounts by their index in the snapshot asked about. */
export interface RoutingState {
  /** Calls of a routing gateway that are up or being tried. */
  activeLines(gateway: number): number;
  /** Calls it has carried so far; the less busy one over time goes first among equals. */
  callsCarried(gateway: number): number;
  /** Until then (ms since 1970 UTC) it asked to be left alone by Retry-After; 0 when it did not. */
  unavailableUntilMs(gateway: number): number;
  /** The vendor's balance plus overdraft limit is used up. */
  vendorCreditExhausted(account: number): boolean;
}

/** Why a gateway that may carry the call cannot do so right now. */
export type Unavailability = 'linesFull' | 'retryAfter' | 'vendorCreditExhausted';

/**
 * Whether the gateway can take one more call at `atMs` (ms since 1970 UTC): null, or what stands against it.
 * Asked when candidates are selected, and again right before each attempt, since lines fill up meanwhile.
 */
export function gatewayUnavailable(
  snapshot: Snapshot,
  state: RoutingState,
  gateway: number,
  atMs: number,
): Unavailability | null {
  const { lines, clearingAccount } = snapshot.routingGateways[gateway]!;
  if (lines !== null && state.activeLines(gateway) >= lines) return 'linesFull';
  if (state.unavailableUntilMs(gateway) > atMs) return 'retryAfter';
  if (snapshot.parameters.verifyVendorCredit && state.vendorCreditExhausted(clearingAccount)) {
    return 'vendorCreditExhausted';
  }
  return null;
}
