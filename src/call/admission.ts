/**
 * Lines and credit are asked for and answered: a call leaves a request behind, and whoever admits answers it
 * with `reserved` or `refused`. The switch answers at once from its own state. What was reserved is a lease, to
 * be given back exactly once.
 */
import type { MappingGateway, RoutingGateway } from '../config/snapshot.ts';
import type { Rate } from '../rating/rate-table.ts';
import { gatewayUnavailable } from '../routing/select-route.ts';
import type { GatewayState, SnapshotView } from './gateway-state.ts';
import { CreditHold } from './holds.ts';

/** A call wants to begin: a line of its mapping gateway and credit of its customer. */
export interface ReserveCall {
  readonly type: 'reserve';
  readonly what: 'call';
  readonly gateway: MappingGateway;
  /** null asks for no credit. */
  readonly rate: Rate | null;
  /** How much talk to hold credit for. */
  readonly seconds: number;
}

/** A call wants to try a routing gateway: a line of it and credit of its vendor. */
export interface ReserveAttempt {
  readonly type: 'reserve';
  readonly what: 'attempt';
  readonly gateway: RoutingGateway;
  readonly rate: Rate | null;
  readonly seconds: number;
}

/** An answered call wants its holds to cover a talk of so many seconds; null for a side without a hold. */
export interface ReserveCredit {
  readonly type: 'reserve';
  readonly what: 'credit';
  readonly customerHold: CreditHold | null;
  readonly vendorHold: CreditHold | null;
  readonly seconds: number;
}

export type ReserveRequest = ReserveCall | ReserveAttempt | ReserveCredit;

export interface Lease {
  readonly gateway: GatewayState;
  readonly hold: CreditHold | null;
}

export type ReserveReply =
  | { readonly type: 'reserved'; readonly lease: Lease | null }
  | { readonly type: 'refused'; readonly because: 'lines' | 'credit' | 'unavailable' };

const noLine: ReserveReply = { type: 'refused', because: 'lines' };
const noCredit: ReserveReply = { type: 'refused', because: 'credit' };
const notNow: ReserveReply = { type: 'refused', because: 'unavailable' };
const extended: ReserveReply = { type: 'reserved', lease: null };

/** Answers a request from the state of this switch. `view` is the one of the call's own snapshot. */
export function admit(view: SnapshotView, request: ReserveRequest, nowMs: number): ReserveReply {
  switch (request.what) {
    case 'call':
      return admitCall(view, request);
    case 'attempt':
      return admitAttempt(view, request, nowMs);
    case 'credit':
      return extendHolds(request);
  }
}

/** Gives everything of a lease back. */
export function giveBack(lease: Lease): void {
  lease.gateway.give();
  lease.hold?.release();
}

function admitCall(view: SnapshotView, request: ReserveCall): ReserveReply {
  const { gateway, rate, seconds } = request;
  const state = view.mappingGateways[gateway.index]!;
  if (gateway.lines !== null && state.active >= gateway.lines) return noLine;
  return lease(view, state, gateway.account, rate, seconds);
}

function admitAttempt(view: SnapshotView, request: ReserveAttempt, nowMs: number): ReserveReply {
  const { gateway, rate, seconds } = request;
  if (gatewayUnavailable(view.snapshot, view, gateway.index, nowMs) !== null) return notNow;
  return lease(view, view.routingGateways[gateway.index]!, gateway.clearingAccount, rate, seconds);
}

function lease(
  view: SnapshotView,
  gateway: GatewayState,
  account: number,
  rate: Rate | null,
  seconds: number,
): ReserveReply {
  let hold: CreditHold | null = null;
  if (rate !== null) {
    const { parameters, accounts } = view.snapshot;
    const { overdraftLimit } = accounts[account]!;
    hold = new CreditHold(view.accounts[account]!, overdraftLimit, rate, parameters.feePrecision);
    if (!hold.extendTo(seconds)) return noCredit;
  }
  gateway.take();
  return { type: 'reserved', lease: { gateway, hold } };
}

/** Both holds or nothing new: the talk is covered only as far as the shorter one goes. */
function extendHolds({ customerHold, vendorHold, seconds }: ReserveCredit): ReserveReply {
  const before = coveredSeconds(customerHold, vendorHold);
  customerHold?.extendTo(seconds);
  vendorHold?.extendTo(seconds);
  return coveredSeconds(customerHold, vendorHold) > before ? extended : noCredit;
}

/** The talk that both sides' credit covers; Infinity where none is needed. */
export function coveredSeconds(customerHold: CreditHold | null, vendorHold: CreditHold | null): number {
  return Math.min(
    customerHold?.coveredSeconds ?? Number.POSITIVE_INFINITY,
    vendorHold?.coveredSeconds ?? Number.POSITIVE_INFINITY,
  );
}
