/**
 * Lines and credit are asked for and answered: a call leaves a request behind, and whoever admits answers it
 * with `reserved` or `refused`. The switch answers at once from its own state. What was reserved is a lease, to
 * be given back exactly once.
 */
import type { Account, MappingGateway, RoutingGateway } from '../config/snapshot.ts';
import type { Rate } from '../rating/rate-table.ts';
import { groupRefusalOf } from '../routing/group-lines.ts';
import { poolCaller } from '../routing/prepare-attempt.ts';
import { gatewayUnavailable } from '../routing/select-route.ts';
import { settingsAt } from '../routing/timed-settings.ts';
import type { GatewayState, GroupState, SnapshotView } from './gateway-state.ts';
import { AccountState, CreditHold } from './holds.ts';

/** A call wants to begin: a line of its mapping gateway and of its customer, and the customer's credit. */
export interface ReserveCall {
  readonly type: 'reserve';
  readonly what: 'call';
  readonly gateway: MappingGateway;
  /** null asks for no credit. */
  readonly rate: Rate | null;
  /** How much talk to hold credit for. */
  readonly seconds: number;
}

/** A call wants to try a routing gateway: a line of it and of its vendor, and the vendor's credit. */
export interface ReserveAttempt {
  readonly type: 'reserve';
  readonly what: 'attempt';
  readonly gateway: RoutingGateway;
  readonly rate: Rate | null;
  readonly seconds: number;
  /** Of the call, for a number of the gateway's caller pool. */
  readonly seed: number;
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
  /** It was given back: whoever clears up after a bug must not do it again at the cost of other calls. */
  isGivenBack: boolean;
  readonly gateway: GatewayState;
  /** The groups that the gateway had when it took the line: they get it back, whatever it has by then. */
  readonly groups: readonly GroupState[];
  readonly account: AccountState;
  readonly hold: CreditHold | null;
  /** Of the gateway's caller pool; null without one. */
  readonly callerNumber: string | null;
}

export interface Refused {
  readonly type: 'refused';
  readonly because: 'lines' | 'callRate' | 'credit' | 'unavailable';
}

export type ReserveReply = { readonly type: 'reserved'; readonly lease: Lease | null } | Refused;

const noLine: ReserveReply = { type: 'refused', because: 'lines' };
const tooFast: ReserveReply = { type: 'refused', because: 'callRate' };
const noCredit: ReserveReply = { type: 'refused', because: 'credit' };
const notNow: ReserveReply = { type: 'refused', because: 'unavailable' };
const extended: ReserveReply = { type: 'reserved', lease: null };

/** Answers a request from the state of this switch. `view` is the one of the call's own snapshot. */
export function admit(view: SnapshotView, request: ReserveRequest, nowMs: number): ReserveReply {
  switch (request.what) {
    case 'call':
      return admitCall(view, request, nowMs);
    case 'attempt':
      return admitAttempt(view, request, nowMs);
    case 'credit':
      return extendHolds(request);
  }
}

/** Gives everything of a lease back, once. */
export function giveBack(lease: Lease): void {
  if (lease.isGivenBack) throw new Error(`a lease of ${lease.gateway.name} was given back already`);
  lease.isGivenBack = true;
  lease.gateway.give();
  for (const group of lease.groups) group.give();
  lease.account.give();
  lease.hold?.release();
  if (lease.callerNumber !== null) lease.gateway.callerPool.give(lease.callerNumber);
}

/** A call that is refused uses nothing up, neither lines nor call rate. */
function admitCall(view: SnapshotView, request: ReserveCall, nowMs: number): ReserveReply {
  const { gateway } = request;
  const exceeded = exceededLimit(view, gateway, nowMs);
  if (exceeded !== null) return exceeded.endsWith('Lines') ? noLine : tooFast;
  const account = view.snapshot.accounts[gateway.account]!;
  const { callRate } = view.snapshot.parameters;
  const reply = lease(view, view.mappingGateways[gateway.index]!, gateway, account, request, nowMs);
  if (callRate !== null && reply.type === 'reserved') view.callStarts.note(callRate, nowMs);
  return reply;
}

/** The limits of a call that wants to begin, in the order in which they are looked at. */
export type CallLimit =
  | 'gatewayLines'
  | 'groupLines'
  | 'accountLines'
  | 'gatewayCallRate'
  | 'accountCallRate'
  | 'switchCallRate';

/** The limit that one more call from `gateway` would exceed at `nowMs`, or null. Uses nothing up. */
export function exceededLimit(view: SnapshotView, gateway: MappingGateway, nowMs: number): CallLimit | null {
  const account = view.snapshot.accounts[gateway.account]!;
  const gatewayState = view.mappingGateways[gateway.index]!;
  const accountState = view.accounts[gateway.account]!;
  const { callRate } = view.snapshot.parameters;
  const settings = settingsAt(view.snapshot, nowMs);
  if (gatewayState.linesFull({ lines: settings.mappingLines[gateway.index]! })) return 'gatewayLines';
  if (groupRefusalOf(gateway, settings, view) !== null) return 'groupLines';
  if (accountState.linesFull(account)) return 'accountLines';
  if (gatewayState.callRateReached(gateway, nowMs)) return 'gatewayCallRate';
  if (accountState.callRateReached(account, nowMs)) return 'accountCallRate';
  if (callRate !== null && !view.callStarts.allows(callRate, nowMs)) return 'switchCallRate';
  return null;
}

/** Whether the account has the money for a talk of up to `seconds` to begin, by the rules of a hold. Holds nothing. */
export function hasCredit(view: SnapshotView, account: Account, rate: Rate, seconds: number): boolean {
  const { name, balance, held } = view.accounts[account.index]!;
  const copy = new AccountState(name, balance);
  copy.held = held;
  const { feePrecision } = view.snapshot.parameters;
  return new CreditHold(copy, account.overdraftLimit, rate, feePrecision).extendTo(seconds);
}

function admitAttempt(view: SnapshotView, request: ReserveAttempt, nowMs: number): ReserveReply {
  const { gateway } = request;
  if (gatewayUnavailable(view.snapshot, view, gateway.index, nowMs) !== null) return notNow;
  const vendor = view.snapshot.accounts[gateway.clearingAccount]!;
  const state = view.routingGateways[gateway.index]!;
  const callerNumber =
    gateway.callerPool === null ? null : poolCaller(gateway, state.callerPool, request.seed);
  if (gateway.callerPool !== null && callerNumber === null) return notNow;
  const reply = lease(view, state, gateway, vendor, request, nowMs, callerNumber);
  if (callerNumber !== null && reply.type === 'reserved') state.callerPool.take(callerNumber);
  return reply;
}

/** Takes the credit first, which alone can still fail. */
function lease(
  view: SnapshotView,
  gateway: GatewayState,
  settings: MappingGateway | RoutingGateway,
  account: Account,
  { rate, seconds }: ReserveCall | ReserveAttempt,
  nowMs: number,
  callerNumber: string | null = null,
): ReserveReply {
  const accountState = view.accounts[account.index]!;
  let hold: CreditHold | null = null;
  if (rate !== null) {
    const { feePrecision } = view.snapshot.parameters;
    hold = new CreditHold(accountState, account.overdraftLimit, rate, feePrecision);
    if (!hold.extendTo(seconds)) return noCredit;
  }
  gateway.take(settings, nowMs);
  const groups = settings.groups.map(({ group }) => view.groups[group]!);
  for (const group of groups) group.take();
  accountState.take(account, nowMs);
  const taken = { isGivenBack: false, gateway, groups, account: accountState, hold, callerNumber };
  return { type: 'reserved', lease: taken };
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
