import type { Snapshot } from '../config/snapshot.ts';
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
  return availabilityOf(snapshot, settingsAt(snapshot, atMs)).refusalOf(state, gateway, atMs);
}

/** What a routing gateway has of limits, so that none is looked for in vain. */
const hasCallRate = 1;
const hasGroups = 2;
const hasVendorLines = 4;
const hasVendorCallRate = 8;
const hasOptionsCheck = 16;
const hasCallerPool = 32;

/** The limits of all routing gateways of a snapshot. */
export class Availability {
  readonly #settings: TimedSettings;
  /** The memberships of gateway g stand from firstMembership[g] up to, not including, firstMembership[g + 1]. */
  readonly #firstMembership: Int32Array;
  readonly #group: Int32Array;
  readonly #reservedLines: Float64Array;
  readonly #has: Uint8Array;
  readonly #vendor: Int32Array;
  readonly #verifiesCredit: boolean;

  constructor(snapshot: Snapshot, settings: TimedSettings) {
    this.#settings = settings;
    const memberships = snapshot.routingGateways.flatMap(({ groups }) => groups);
    this.#group = Int32Array.from(memberships, ({ group }) => group);
    this.#reservedLines = Float64Array.from(memberships, ({ reservedLines }) => reservedLines);
    this.#firstMembership = new Int32Array(snapshot.routingGateways.length + 1);
    for (const { index, groups } of snapshot.routingGateways) {
      this.#firstMembership[index + 1] = this.#firstMembership[index]! + groups.length;
    }
    this.#verifiesCredit = snapshot.parameters.verifyVendorCredit;
    this.#vendor = Int32Array.from(snapshot.routingGateways, ({ clearingAccount }) => clearingAccount);
    this.#has = Uint8Array.from(snapshot.routingGateways, gateway => {
      const vendor = snapshot.accounts[gateway.clearingAccount]!;
      return (
        (gateway.callRate === null ? 0 : hasCallRate) |
        (gateway.groups.length === 0 ? 0 : hasGroups) |
        (vendor.lines === null ? 0 : hasVendorLines) |
        (vendor.callRate === null ? 0 : hasVendorCallRate) |
        (gateway.optionsCheck ? hasOptionsCheck : 0) |
        (gateway.callerPool === null ? 0 : hasCallerPool)
      );
    });
  }

  /** What stands against one more call at `atMs` (ms since 1970 UTC), where the settings stand; null for nothing. */
  refusalOf(state: RoutingState, gateway: number, atMs: number): Unavailability | null {
    const has = this.#has[gateway]!;
    if (state.activeLines(gateway) >= this.#settings.lines[gateway]!) return 'linesFull';
    if ((has & hasCallRate) !== 0 && state.callRateReached(gateway, atMs)) return 'callRateReached';
    if ((has & hasGroups) !== 0) {
      const refusal = this.#groupRefusalOf(state, gateway);
      if (refusal !== null) return refusal;
    }
    const vendor = this.#vendor[gateway]!;
    if ((has & hasVendorLines) !== 0 && state.vendorLinesFull(vendor)) return 'vendorLinesFull';
    if ((has & hasVendorCallRate) !== 0 && state.vendorCallRateReached(vendor, atMs)) {
      return 'vendorCallRateReached';
    }
    if (this.#verifiesCredit && state.vendorCreditExhausted(vendor)) return 'vendorCreditExhausted';
    if ((has & hasOptionsCheck) !== 0 && state.isOffline(gateway)) return 'offline';
    if (state.unavailableUntilMs(gateway) > atMs) return 'retryAfter';
    if ((has & hasCallerPool) !== 0 && state.callerPoolExhausted(gateway)) return 'callerPoolExhausted';
    return null;
  }

  /** As `groupRefusalOf`. */
  #groupRefusalOf(state: RoutingState, gateway: number): Unavailability | null {
    const { groupLines } = this.#settings;
    const end = this.#firstMembership[gateway + 1]!;
    for (let i = this.#firstMembership[gateway]!; i < end; i++) {
      const group = this.#group[i]!;
      const lines = groupLines[group]!;
      if (lines === Number.POSITIVE_INFINITY) continue;
      const free = lines - state.groupActiveLines(group);
      if (free <= 0) return 'groupLinesFull';
      if (free < this.#reservedLines[i]!) return 'groupLinesReserved';
    }
    return null;
  }
}

/** One a snapshot; a snapshot never changes, so this only saves time. */
const known = new WeakMap<Snapshot, Availability>();

export function availabilityOf(snapshot: Snapshot, settings: TimedSettings): Availability {
  let availability = known.get(snapshot);
  if (availability === undefined) {
    availability = new Availability(snapshot, settings);
    known.set(snapshot, availability);
  }
  return availability;
}
