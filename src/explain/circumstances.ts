/** The switch at the moment of the call: idle or as it runs, and with what was declared of its gateways. */
import { type SnapshotView, SwitchState } from '../call/gateway-state.ts';
import type { Snapshot } from '../config/snapshot.ts';
import type { RoutingState } from '../routing/select-route.ts';
import { type Question, routingGatewaysNamed } from './question.ts';

export interface Circumstances {
  readonly view: SnapshotView;
  readonly live: boolean;
  /** No new calls are taken. */
  readonly draining: boolean;
}

/** A switch on which nothing is going on, and whose accounts have all the money they need. */
export function idleSwitch(snapshot: Snapshot): Circumstances {
  return { view: new SwitchState(snapshot, new Map()).view, live: false, draining: false };
}

/** What routing is to be asked with. */
export interface Declared {
  readonly down: ReadonlySet<number>;
  readonly full: ReadonlySet<number>;
  /** Gateways that are declared full have a limit in it, and those that are declared down are asked by OPTIONS. */
  readonly snapshot: Snapshot;
  readonly state: RoutingState;
}

/** @throws ExplainError for names that are none. */
export function declare({ view, live }: Circumstances, question: Question): Declared {
  const down = routingGatewaysNamed(view.snapshot, question.down);
  const full = routingGatewaysNamed(view.snapshot, question.full);
  return {
    down,
    full,
    snapshot: declaredSnapshot(view.snapshot, down, full),
    state: declaredState(view, live, down, full),
  };
}

/** Only a gateway with a limit can be full, and only one that is asked by OPTIONS can be offline. */
function declaredSnapshot(
  snapshot: Snapshot,
  down: ReadonlySet<number>,
  full: ReadonlySet<number>,
): Snapshot {
  if (down.size === 0 && full.size === 0) return snapshot;
  const routingGateways = snapshot.routingGateways.map(gateway => {
    const { index, lines, optionsCheck } = gateway;
    if (!down.has(index) && !full.has(index)) return gateway;
    return {
      ...gateway,
      lines: full.has(index) ? (lines ?? 0) : lines,
      optionsCheck: optionsCheck || down.has(index),
    };
  });
  return { ...snapshot, routingGateways };
}

function declaredState(
  view: SnapshotView,
  live: boolean,
  down: ReadonlySet<number>,
  full: ReadonlySet<number>,
): RoutingState {
  return {
    activeLines: gateway => (full.has(gateway) ? Number.POSITIVE_INFINITY : view.activeLines(gateway)),
    callRateReached: (gateway, atMs) => view.callRateReached(gateway, atMs),
    vendorLinesFull: account => view.vendorLinesFull(account),
    vendorCallRateReached: (account, atMs) => view.vendorCallRateReached(account, atMs),
    callsCarried: gateway => view.callsCarried(gateway),
    unavailableUntilMs: gateway => view.unavailableUntilMs(gateway),
    vendorCreditExhausted: account => live && view.vendorCreditExhausted(account),
    groupActiveLines: group => view.groupActiveLines(group),
    asr: gateway => view.asr(gateway),
    isOffline: gateway => down.has(gateway) || view.isOffline(gateway),
    callerPoolExhausted: gateway => view.callerPoolExhausted(gateway),
  };
}
