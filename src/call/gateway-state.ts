/**
 * What the running switch knows of its gateways and accounts. It lives by name and survives every change of the
 * snapshot; a `SnapshotView` gives one snapshot's indexes onto it, so that no call looks up a name.
 */
import type { Account, HostPort, MappingGateway, RoutingGateway, Snapshot } from '../config/snapshot.ts';
import { type Money, noMoney } from '../rating/money.ts';
import type { RoutingState } from '../routing/select-route.ts';
import { CallCapacity, type CallLimits } from './call-capacity.ts';
import { CallStarts } from './call-starts.ts';
import { CallerPoolState } from './caller-pool-state.ts';
import { Canary } from './canary.ts';
import type { Circumstances } from './given-state.ts';
import { AccountState } from './holds.ts';
import type { OptionsChecks } from './options-check.ts';
import type { GatewayQuality } from './quality/route-quality.ts';

export class GatewayState extends CallCapacity {
  /** Calls it was given so far: answered or not, so that a gateway that always fails is not always tried first. */
  carried = 0;
  /** Until then (ms since 1970 UTC) it asked to be left alone by Retry-After; 0 when it did not. */
  unavailableUntilMs = 0;
  /** It is asked by OPTIONS whether it is there, and did not answer. */
  offline = false;
  /** Answered calls of all that were tried, 0–1; null while that is not known. */
  asr: number | null = null;
  /** What is measured of it; null when nothing is. */
  quality: GatewayQuality | null = null;
  /** Asks it by OPTIONS; null when nobody does. */
  checks: OptionsChecks | null = null;
  /** What is known of it is known of this address; null until it is watched. */
  watchedAddress: HostPort | null = null;

  readonly callerPool: CallerPoolState = new CallerPoolState();

  override take(limits: CallLimits, nowMs: number): void {
    super.take(limits, nowMs);
    this.carried++;
  }

  /** What is known of it would be missed if it came back at `nowMs` (ms since 1970 UTC), or goes on counting. */
  matters(nowMs: number): boolean {
    return this.active > 0 || this.unavailableUntilMs > nowMs || this.countsUntilMs > nowMs;
  }
}

/** The calls of a gateway group over all its members. */
export class GroupState {
  readonly name: string;
  /** Calls that are up or being tried. */
  active = 0;

  constructor(name: string) {
    this.name = name;
  }

  take(lines: number = 1): void {
    this.active += lines;
  }

  give(): void {
    if (this.active === 0) throw new Error(`the group ${this.name} gave back a line it had not`);
    this.active--;
  }
}

/** One snapshot's indexes onto the state of the switch. */
export class SnapshotView implements RoutingState {
  readonly snapshot: Snapshot;
  readonly mappingGateways: readonly GatewayState[];
  readonly routingGateways: readonly GatewayState[];
  readonly accounts: readonly AccountState[];
  readonly groups: readonly GroupState[];
  /** All calls of the switch, for SS_MAX_CPS. */
  readonly callStarts: CallStarts;

  constructor(
    snapshot: Snapshot,
    mappingGateways: readonly GatewayState[],
    routingGateways: readonly GatewayState[],
    accounts: readonly AccountState[],
    groups: readonly GroupState[],
    callStarts: CallStarts,
  ) {
    this.snapshot = snapshot;
    this.mappingGateways = mappingGateways;
    this.routingGateways = routingGateways;
    this.accounts = accounts;
    this.groups = groups;
    this.callStarts = callStarts;
  }

  activeLines(gateway: number): number {
    return this.routingGateways[gateway]!.active;
  }

  callRateReached(gateway: number, atMs: number): boolean {
    const limits = this.snapshot.routingGateways[gateway]!;
    return this.routingGateways[gateway]!.callRateReached(limits, atMs);
  }

  vendorLinesFull(account: number): boolean {
    return this.accounts[account]!.linesFull(this.snapshot.accounts[account]!);
  }

  vendorCallRateReached(account: number, atMs: number): boolean {
    return this.accounts[account]!.callRateReached(this.snapshot.accounts[account]!, atMs);
  }

  callsCarried(gateway: number): number {
    return this.routingGateways[gateway]!.carried;
  }

  unavailableUntilMs(gateway: number): number {
    return this.routingGateways[gateway]!.unavailableUntilMs;
  }

  vendorCreditExhausted(account: number): boolean {
    const { unrated, rateTable, overdraftLimit } = this.snapshot.accounts[account]!;
    if (unrated || rateTable === null) return false;
    return this.accounts[account]!.free(overdraftLimit) <= 0n;
  }

  groupActiveLines(group: number): number {
    return this.groups[group]!.active;
  }

  asr(gateway: number): number | null {
    return this.routingGateways[gateway]!.asr;
  }

  isOffline(gateway: number): boolean {
    return this.routingGateways[gateway]!.offline;
  }

  callerPoolExhausted(gateway: number): boolean {
    const { callerPool } = this.snapshot.routingGateways[gateway]!;
    return callerPool !== null && this.routingGateways[gateway]!.callerPool.isUsedUp(callerPool);
  }
}

/** All gateways and accounts by name, those that left the configuration included while they matter. */
export class SwitchState {
  readonly mappingGateways = new Map<string, GatewayState>();
  readonly routingGateways = new Map<string, GatewayState>();
  readonly groups = new Map<string, GroupState>();
  readonly #accounts = new Map<string, AccountState>();
  readonly #callStarts = new CallStarts();
  #view: SnapshotView;
  #canary: Canary | null = null;

  constructor(
    snapshot: Snapshot,
    balances: ReadonlyMap<string, Money>,
    circumstances: Circumstances | null = null,
  ) {
    for (const [name, balance] of balances) this.#accounts.set(name, new AccountState(name, balance));
    this.#view = this.#viewOf(snapshot);
    if (circumstances !== null) beginWith(this.#view, circumstances);
  }

  /** The view that new calls get; while a canary is there, those that it does not get. */
  get view(): SnapshotView {
    return this.#view;
  }

  /** What a share of the new calls gets; null when all get the same. */
  get canary(): Canary | null {
    return this.#canary;
  }

  /**
   * New calls get this snapshot from now on. Gateways that left it are forgotten once they are of no use any more; a
   * call in progress, whose view is among `viewsInUse`, may still try those of its own snapshot, and their lines must
   * count when they come back.
   */
  use(snapshot: Snapshot, viewsInUse: Iterable<SnapshotView>, nowMs: number): void {
    this.#view = this.#viewOf(snapshot);
    this.#canary = null;
    this.#forgetIdle(viewsInUse, nowMs);
  }

  /** Like `use` for a share of the new calls, in place of an earlier candidate; the others keep the view they get. */
  tryOut(snapshot: Snapshot, sharePercent: number, viewsInUse: Iterable<SnapshotView>, nowMs: number): void {
    this.#canary = new Canary(this.#viewOf(snapshot), sharePercent);
    this.#forgetIdle(viewsInUse, nowMs);
  }

  #forgetIdle(viewsInUse: Iterable<SnapshotView>, nowMs: number): void {
    const views = [this.#view, ...(this.#canary === null ? [] : [this.#canary.view]), ...viewsInUse];
    const isIdle = (gateway: GatewayState) => !gateway.matters(nowMs);
    forget(this.mappingGateways, isIdle, views, view => view.mappingGateways);
    forget(this.routingGateways, isIdle, views, view => view.routingGateways);
    forget(
      this.groups,
      ({ active }) => active === 0,
      views,
      view => view.groups,
    );
  }

  account(name: string): AccountState {
    let account = this.#accounts.get(name);
    if (account === undefined) {
      account = new AccountState(name, noMoney);
      this.#accounts.set(name, account);
    }
    return account;
  }

  #group(name: string): GroupState {
    let group = this.groups.get(name);
    if (group === undefined) {
      group = new GroupState(name);
      this.groups.set(name, group);
    }
    return group;
  }

  #viewOf(snapshot: Snapshot): SnapshotView {
    return new SnapshotView(
      snapshot,
      snapshot.mappingGateways.map(({ name }) => gatewayNamed(this.mappingGateways, name)),
      snapshot.routingGateways.map(({ name }) => gatewayNamed(this.routingGateways, name)),
      snapshot.accounts.map(({ name }: Account) => this.account(name)),
      snapshot.gatewayGroups.map(({ name }) => this.#group(name)),
      this.#callStarts,
    );
  }
}

function gatewayNamed(gateways: Map<string, GatewayState>, name: string): GatewayState {
  let gateway = gateways.get(name);
  if (gateway === undefined) {
    gateway = new GatewayState(name);
    gateways.set(name, gateway);
  }
  return gateway;
}

/**
 * Forgets what is idle and in none of the views, the newest of which comes first. Hardly ever has anything left the
 * newest; the others, of which a switch with long calls and many changes has hundreds, are looked at only then.
 */
function forget<State extends { readonly name: string }>(
  states: Map<string, State>,
  isIdle: (state: State) => boolean,
  views: readonly SnapshotView[],
  of: (view: SnapshotView) => readonly State[],
): void {
  const [newest, ...others] = views;
  const kept = new Set(of(newest!));
  const left = new Set([...states.values()].filter(state => !kept.has(state) && isIdle(state)));
  for (const view of others) {
    if (left.size === 0) return;
    for (const state of of(view)) left.delete(state);
  }
  for (const { name } of left) states.delete(name);
}

/**
 * Brings the state of a switch that has just begun to what is given. Lines of a gateway count in its groups as well,
 * because nothing else tells of those; infinitely many are of the gateway alone. Names that the snapshot does not
 * have are of no use to it.
 */
function beginWith(view: SnapshotView, given: Circumstances): void {
  const { mappingGateways, routingGateways, accounts } = view.snapshot;
  for (const gateway of mappingGateways) {
    holdLines(view, view.mappingGateways[gateway.index]!, gateway, given.mappingLines.get(gateway.name));
  }
  for (const gateway of routingGateways) {
    const { name, index, optionsCheck } = gateway;
    const state = view.routingGateways[index]!;
    holdLines(view, state, gateway, given.routingLines.get(name));
    state.carried = given.carried.get(name) ?? 0;
    state.asr = given.asr.get(name) ?? null;
    // Nobody can know it of a gateway that is not asked.
    state.offline = optionsCheck && given.offline.has(name);
  }
  for (const { name, index } of accounts) view.accounts[index]!.active = given.accountLines.get(name) ?? 0;
}

function holdLines(
  view: SnapshotView,
  state: GatewayState,
  { groups }: MappingGateway | RoutingGateway,
  lines: number = 0,
): void {
  state.active = lines;
  if (!Number.isFinite(lines)) return;
  for (const { group } of groups) view.groups[group]!.take(lines);
}
