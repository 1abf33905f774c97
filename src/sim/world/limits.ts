/**
 * Lines and call rates, counted beside the switch by what it is seen to do: nobody may ever be over a limit, whatever
 * the switch believes of it. The limits are those of the call's own configuration.
 */
import type { GivenState } from '../../call/given-state.ts';
import type { OpenCall } from '../../cdr/open-call.ts';
import type {
  CallRate,
  GroupMembership,
  MappingGateway,
  RoutingGateway,
  Snapshot,
} from '../../config/snapshot.ts';
import { settingsAt } from '../../routing/timed-settings.ts';
import { Usage } from './usage.ts';
import type { Violations } from './violations.ts';

interface GatewaysByName {
  readonly mapping: ReadonlyMap<string, MappingGateway>;
  readonly routing: ReadonlyMap<string, RoutingGateway>;
}

/** One a snapshot; a snapshot never changes, so this only saves time. */
const known = new WeakMap<Snapshot, GatewaysByName>();

export function gatewaysOf(snapshot: Snapshot): GatewaysByName {
  let gateways = known.get(snapshot);
  if (gateways === undefined) {
    gateways = {
      mapping: new Map(snapshot.mappingGateways.map(gateway => [gateway.name, gateway])),
      routing: new Map(snapshot.routingGateways.map(gateway => [gateway.name, gateway])),
    };
    known.set(snapshot, gateways);
  }
  return gateways;
}

class UsageByName extends Map<string, Usage> {
  of(name: string): Usage {
    let usage = this.get(name);
    if (usage === undefined) {
      usage = new Usage(name);
      this.set(name, usage);
    }
    return usage;
  }

  /** What others hold of those that are there. */
  begin(held: ReadonlyMap<string, number>, there: { has(name: string): boolean }): void {
    for (const [name, lines] of held) if (there.has(name)) this.set(name, new Usage(name, lines));
  }
}

export class Limits {
  readonly mapping: UsageByName = new UsageByName();
  readonly routing: UsageByName = new UsageByName();
  readonly accounts: UsageByName = new UsageByName();
  readonly groups: UsageByName = new UsageByName();
  readonly #all = new Usage('the switch');
  readonly #violations: Violations;
  #snapshot: Snapshot;
  #peaksBefore: ReadonlyMap<string, number> = new Map();

  constructor(snapshot: Snapshot, given: GivenState, violations: Violations) {
    this.#snapshot = snapshot;
    this.#violations = violations;
    const gateways = gatewaysOf(snapshot);
    this.mapping.begin(given.mappingLines, gateways.mapping);
    this.routing.begin(given.routingLines, gateways.routing);
    this.accounts.begin(given.accountLines, new Set(snapshot.accounts.map(({ name }) => name)));
    this.#beginGroups(gateways.mapping, given.mappingLines);
    this.#beginGroups(gateways.routing, given.routingLines);
  }

  /** Starts that were counted by another rate prove nothing. */
  use(snapshot: Snapshot): void {
    this.#snapshot = snapshot;
    for (const usages of [this.mapping, this.routing, this.accounts]) {
      for (const usage of usages.values()) usage.forgetStarts();
    }
    this.#all.forgetStarts();
  }

  /** Largest number of lines in use at once, by routing gateway; those that were never in use are left out. */
  routingPeaks(): ReadonlyMap<string, number> {
    const peaks = new Map(this.#peaksBefore);
    for (const { name, peak } of this.routing.values()) {
      if (peak > (peaks.get(name) ?? 0)) peaks.set(name, peak);
    }
    return peaks;
  }

  /** The peaks of the switch that was before go on to `next`. */
  restarted(next: Limits): Limits {
    next.#peaksBefore = this.routingPeaks();
    return next;
  }

  /** A call was let in. Returns what it holds until its end. */
  letIn(snapshot: Snapshot, row: OpenCall, nowMs: number): readonly Usage[] {
    const gateway = gatewaysOf(snapshot).mapping.get(row.mappingGateway);
    const { callId } = row;
    if (gateway === undefined) {
      this.#violations.add('unknownGateway', `A call came from the unknown ${row.mappingGateway}.`, callId);
      return [];
    }
    const account = snapshot.accounts[gateway.account]!;
    const lines = settingsAt(snapshot, nowMs).mappingLines[gateway.index]!;
    const { callRate } = snapshot.parameters;
    this.#checkRate(this.#all, callRate, snapshot, nowMs, callId);
    const usages = this.#take(snapshot, this.mapping.of(gateway.name), lines, gateway, nowMs, callId);
    usages.push(this.#takeAccount(snapshot, account, nowMs, callId));
    return usages;
  }

  /** A gateway is tried. Returns what the attempt holds until its end. */
  tryAt(snapshot: Snapshot, gateway: RoutingGateway, nowMs: number, callId: string): readonly Usage[] {
    const lines = settingsAt(snapshot, nowMs).lines[gateway.index]!;
    const usages = this.#take(snapshot, this.routing.of(gateway.name), lines, gateway, nowMs, callId);
    const vendor = snapshot.accounts[gateway.clearingAccount]!;
    usages.push(this.#takeAccount(snapshot, vendor, nowMs, callId));
    return usages;
  }

  #beginGroups(
    gateways: ReadonlyMap<string, MappingGateway | RoutingGateway>,
    held: ReadonlyMap<string, number>,
  ): void {
    for (const [name, lines] of held) {
      if (!Number.isFinite(lines)) continue;
      for (const { group } of gateways.get(name)?.groups ?? []) {
        this.groups.of(this.#snapshot.gatewayGroups[group]!.name).active += lines;
      }
    }
  }

  #take(
    snapshot: Snapshot,
    usage: Usage,
    lines: number | null,
    { groups, callRate }: MappingGateway | RoutingGateway,
    nowMs: number,
    callId: string,
  ): Usage[] {
    this.#checkLines(usage, lines, callId);
    this.#checkRate(usage, callRate, snapshot, nowMs, callId);
    usage.take();
    const usages = [usage];
    for (const membership of groups) usages.push(this.#takeGroup(snapshot, membership, nowMs, callId));
    return usages;
  }

  #takeGroup(
    snapshot: Snapshot,
    { group, reservedLines }: GroupMembership,
    nowMs: number,
    callId: string,
  ): Usage {
    const usage = this.groups.of(snapshot.gatewayGroups[group]!.name);
    const free = settingsAt(snapshot, nowMs).groupLines[group]! - usage.active;
    if (free <= 0 || free < reservedLines) {
      this.#violations.add(
        'groupLimitPassed',
        `A call takes a line of the group ${usage.name}, of which ${free} are free and ${reservedLines} reserved for others.`,
        callId,
      );
    }
    usage.take();
    return usage;
  }

  #takeAccount(
    snapshot: Snapshot,
    { name, lines, callRate }: Snapshot['accounts'][number],
    nowMs: number,
    callId: string,
  ): Usage {
    const usage = this.accounts.of(name);
    this.#checkLines(usage, lines, callId);
    this.#checkRate(usage, callRate, snapshot, nowMs, callId);
    usage.take();
    return usage;
  }

  #checkLines({ name, active }: Usage, lines: number | null, callId: string): void {
    if (active < (lines ?? Number.POSITIVE_INFINITY)) return;
    this.#violations.add(
      'lineLimitPassed',
      `A call takes a line of ${name}, where ${active} of ${lines ?? 'any number'} are in use.`,
      callId,
    );
  }

  #checkRate(
    usage: Usage,
    callRate: CallRate | null,
    snapshot: Snapshot,
    nowMs: number,
    callId: string,
  ): void {
    if (callRate === null || snapshot !== this.#snapshot) return;
    const before = usage.startsBefore(callRate, nowMs);
    if (before < callRate.calls) return;
    this.#violations.add(
      'callRatePassed',
      `A call begins at ${usage.name}, where ${before} others began within ${callRate.perSeconds} s and ${callRate.calls} may.`,
      callId,
    );
  }
}
