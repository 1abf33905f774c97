/** What a running switch tells of its calls, gateways and accounts. */
import type { CallRate } from '../config/snapshot.ts';
import { type Money, money } from '../rating/money.ts';
import { settingsAt } from '../routing/timed-settings.ts';
import type { Call } from './call.ts';
import type { CallCapacity, CallLimits } from './call-capacity.ts';
import type { GatewayState, SnapshotView, SwitchState } from './gateway-state.ts';
import type { QualityFigures } from './quality/quality-window.ts';
import type { CallTimer } from './timers.ts';

export interface CallSummary {
  readonly callId: string;
  readonly state: 'attempting' | 'answered';
  readonly caller: string;
  readonly callee: string;
  readonly mappingGateway: string;
  /** The gateway that is being tried or has answered. */
  readonly routingGateway: string;
  readonly startedAtMs: number;
  readonly answeredAtMs: number | null;
  readonly snapshotHash: string;
  /** Gateways tried so far, in order, the current one included. */
  readonly attempts: readonly string[];
  /** Which timer runs next and when it is due (ms since 1970 UTC); null when the call may last for ever. */
  readonly deadline: { readonly timer: CallTimer; readonly atMs: number } | null;
}

export interface GatewaySummary {
  readonly name: string;
  readonly kind: 'mapping' | 'routing';
  /** Calls that are up or being tried. */
  readonly activeLines: number;
  /** Of the snapshot of new calls and the period that counts; null is no limit, also for a gateway that has left. */
  readonly lineLimit: number | null;
  /** Like `lineLimit`. */
  readonly callRateLimit: CallRate | null;
  /** Calls that count against the call rate now; 0 without one. */
  readonly callsInPeriod: number;
  /** False when the gateway has left the configuration and its last calls are not over. */
  readonly configured: boolean;
  /** Calls given to it since the start of the switch. */
  readonly carried: number;
  /** ms since 1970 UTC; 0 when it never asked to be left alone (Retry-After). */
  readonly unavailableUntilMs: number;
  /** Since then (ms since 1970 UTC) it does not answer OPTIONS as it should; null while it is online, or not asked. */
  readonly offlineSinceMs: number | null;
  /** null when it is not measured. */
  readonly quality: QualityFigures | null;
}

/** The quality of a routing gateway, over all its calls or for one route prefix. */
export interface QualitySummary extends QualityFigures {
  readonly gateway: string;
  /** null for all calls of the gateway. */
  readonly prefix: string | null;
}

export interface AccountSummary {
  readonly name: string;
  readonly kind: 'customer' | 'vendor';
  readonly balance: Money;
  /** What calls in progress hold. */
  readonly held: Money;
  readonly overdraftLimit: Money;
  /** What further calls may use: balance + overdraft limit − held. */
  readonly usable: Money;
  /** Calls over all gateways that are up or being tried. */
  readonly activeLines: number;
  /** null is no limit. */
  readonly lineLimit: number | null;
  readonly callRateLimit: CallRate | null;
  /** Calls that count against the call rate now; 0 without one. */
  readonly callsInPeriod: number;
}

/** The call rate of the whole switch (SS_MAX_CPS). */
export interface CallRateSummary {
  /** null is no limit. */
  readonly callRateLimit: CallRate | null;
  /** Calls that count against it now; 0 without one. */
  readonly callsInPeriod: number;
}

/** `nowMs` is ms since 1970 UTC. */
export function callRateSummary({ snapshot, callStarts }: SnapshotView, nowMs: number): CallRateSummary {
  const { callRate } = snapshot.parameters;
  return {
    callRateLimit: callRate,
    callsInPeriod: callRate === null ? 0 : callStarts.within(callRate, nowMs),
  };
}

/** Null for a call that no gateway is being tried for. */
export function callSummary(call: Call): CallSummary | null {
  const { facts, state, attempts, timer } = call;
  const current = attempts.at(-1);
  if (current === undefined || (state !== 'attempting' && state !== 'answered')) return null;
  return {
    callId: facts.callId,
    state,
    caller: facts.caller,
    callee: facts.callee,
    mappingGateway: facts.gateway.name,
    routingGateway: current.gateway.name,
    startedAtMs: facts.startedAtMs,
    answeredAtMs: call.answeredAtMs,
    snapshotHash: facts.view.snapshot.hash,
    attempts: attempts.map(({ gateway }) => gateway.name),
    deadline: timer === null ? null : { timer, atMs: call.deadlineMs },
  };
}

/** `nowMs` is ms since 1970 UTC. */
export function gatewaySummaries(state: SwitchState, nowMs: number): readonly GatewaySummary[] {
  const { snapshot } = state.view;
  const { lines, mappingLines } = settingsAt(snapshot, nowMs);
  const mapping = snapshot.mappingGateways.map(({ name, callRate }, index) => {
    return { name, callRate, lines: mappingLines[index]! };
  });
  const routing = snapshot.routingGateways.map(({ name, callRate }, index) => {
    return { name, callRate, lines: Number.isFinite(lines[index]!) ? lines[index]! : null };
  });
  return [
    ...summariesOf('mapping', mapping, state.mappingGateways, nowMs),
    ...summariesOf('routing', routing, state.routingGateways, nowMs),
  ];
}

function summariesOf(
  kind: GatewaySummary['kind'],
  configured: readonly (CallLimits & { readonly name: string })[],
  states: ReadonlyMap<string, GatewayState>,
  nowMs: number,
): readonly GatewaySummary[] {
  const limits = new Map<string, CallLimits>(configured.map(gateway => [gateway.name, gateway]));
  return [...states.values()]
    .filter(({ name, active }) => limits.has(name) || active > 0)
    .map(gateway => ({
      name: gateway.name,
      kind,
      ...usage(gateway, limits.get(gateway.name) ?? unlimited, nowMs),
      configured: limits.has(gateway.name),
      carried: gateway.carried,
      unavailableUntilMs: gateway.unavailableUntilMs,
      offlineSinceMs: gateway.checks?.state(gateway.name)?.offlineSinceMs ?? null,
      quality: gateway.quality?.figures(nowMs) ?? null,
    }));
}

/**
 * Each gateway that is measured, followed by those of its route prefixes that `wants` asks for; as of `nowMs` (ms since
 * 1970 UTC). With ten thousand prefixes, the figures of all of them take a while.
 */
export function qualitySummaries(
  state: SwitchState,
  nowMs: number,
  wants: (gateway: string, prefix: string) => boolean,
): readonly QualitySummary[] {
  return state.view.snapshot.routingGateways.flatMap(({ name }) => {
    const quality = state.routingGateways.get(name)?.quality ?? null;
    if (quality === null) return [];
    const prefixes = quality.prefixes(nowMs, prefix => wants(name, prefix));
    return [
      { gateway: name, prefix: null, ...quality.figures(nowMs) },
      ...prefixes.map(({ prefix, figures }) => ({ gateway: name, prefix, ...figures })),
    ];
  });
}

/** `nowMs` is ms since 1970 UTC. */
export function accountSummaries(state: SwitchState, nowMs: number): readonly AccountSummary[] {
  return state.view.snapshot.accounts.map(configured => {
    const { name, kind, overdraftLimit } = configured;
    const account = state.account(name);
    return {
      name,
      kind,
      balance: account.balance,
      held: account.held,
      overdraftLimit: money(overdraftLimit),
      usable: account.free(overdraftLimit),
      ...usage(account, configured, nowMs),
    };
  });
}

const unlimited: CallLimits = { lines: null, callRate: null };

function usage(
  capacity: CallCapacity,
  limits: CallLimits,
  nowMs: number,
): Pick<GatewaySummary, 'activeLines' | 'lineLimit' | 'callRateLimit' | 'callsInPeriod'> {
  return {
    activeLines: capacity.active,
    lineLimit: limits.lines,
    callRateLimit: limits.callRate,
    callsInPeriod: capacity.callsInPeriod(limits, nowMs),
  };
}
