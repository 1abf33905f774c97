import type { Snapshot } from '../config/snapshot.ts';
import { groupRefusalOf } from './group-lines.ts';
import type { Unavailability } from './route-reasons.ts';
import { settingsAt, type TimedSettings } from './timed-settings.ts';

/** What routing must know of the running switch. Gateways and accounts by their index in the snapshot asked about. */
export interface RoutingState {
  /** Calls of a routing gateway that are up or being tried. */
  activeLines(gateway: number): number;
  /** A routing gateway has had all the calls that its call rate allows by `atMs` (ms since 1970 UTC). */
  callRateReached(gateway: number, atMs: number): boolean;
  /** A vendor has all the calls at once that it may have over all its gateways. */
  vendorLinesFull(account: number): boolean;
  /** A vendor has had all the calls that its call rate allows by `atMs`, over all its gateways. */
  vendorCallRateReached(account: number, atMs: number): boolean;
  /** Calls it has carried so far; the less busy one over time goes first among equals. */
  callsCarried(gateway: number): number;
  /** Until then (ms since 1970 UTC) it asked to be left alone by Retry-After; 0 when it did not. */
  unavailableUntilMs(gateway: number): number;
  /** The vendor's balance plus overdraft limit is used up. */
  vendorCreditExhausted(account: number): boolean;
  /** Calls that are up or being tried over all members of a gateway group, mapping and routing gateways alike. */
  groupActiveLines(group: number): number;
  /** Answered calls of all that were tried at a routing gateway, 0–1; null while that is not known. */
  asr(gateway: number): number | null;
  /** It is asked by OPTIONS whether it is there, and did not answer. */
  isOffline(gateway: number): boolean;
  /** Every number of its caller pool has all the calls at once that it may have; false without a pool. */
  callerPoolExhausted(gateway: number): boolean;
}

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
  return unavailabilityOf(snapshot, settingsAt(snapshot, atMs), state, gateway, atMs);
}

/** As `gatewayUnavailable`, with the settings as they are at `atMs`. */
export function unavailabilityOf(
  snapshot: Snapshot,
  settings: TimedSettings,
  state: RoutingState,
  gatewayIndex: number,
  atMs: number,
): Unavailability | null {
  const gateway = snapshot.routingGateways[gatewayIndex]!;
  const lines = settings.lines[gatewayIndex]!;
  if (lines !== Number.POSITIVE_INFINITY && state.activeLines(gatewayIndex) >= lines) return 'linesFull';
  if (gateway.callRate !== null && state.callRateReached(gatewayIndex, atMs)) return 'callRateReached';
  if (gateway.groups.length > 0) {
    const refusal = groupRefusalOf(gateway, settings, state);
    if (refusal !== null) return refusal.reason;
  }
  const vendor = snapshot.accounts[gateway.clearingAccount]!;
  if (vendor.lines !== null && state.vendorLinesFull(vendor.index)) return 'vendorLinesFull';
  if (vendor.callRate !== null && state.vendorCallRateReached(vendor.index, atMs)) {
    return 'vendorCallRateReached';
  }
  if (snapshot.parameters.verifyVendorCredit && state.vendorCreditExhausted(vendor.index)) {
    return 'vendorCreditExhausted';
  }
  if (gateway.optionsCheck && state.isOffline(gatewayIndex)) return 'offline';
  if (state.unavailableUntilMs(gatewayIndex) > atMs) return 'retryAfter';
  if (gateway.callerPool !== null && state.callerPoolExhausted(gatewayIndex)) return 'callerPoolExhausted';
  return null;
}
