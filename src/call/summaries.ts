/** What a running switch tells of its calls, gateways and accounts. */
import { type Money, money } from '../rating/money.ts';
import type { Call } from './call.ts';
import type { GatewayState, SwitchState } from './gateway-state.ts';
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
  /** By the snapshot of new calls; null is no limit, also for a gateway that has left the configuration. */
  readonly lineLimit: number | null;
  /** False when the gateway has left the configuration and its last calls are not over. */
  readonly configured: boolean;
  /** Calls given to it since the start of the switch. */
  readonly carried: number;
  /** ms since 1970 UTC; 0 when it never asked to be left alone (Retry-After). */
  readonly unavailableUntilMs: number;
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

export function gatewaySummaries(state: SwitchState): readonly GatewaySummary[] {
  const { mappingGateways, routingGateways } = state.view.snapshot;
  return [
    ...summariesOf('mapping', mappingGateways, state.mappingGateways),
    ...summariesOf('routing', routingGateways, state.routingGateways),
  ];
}

function summariesOf(
  kind: GatewaySummary['kind'],
  configured: readonly { readonly name: string; readonly lines: number | null }[],
  states: ReadonlyMap<string, GatewayState>,
): readonly GatewaySummary[] {
  const limits = new Map(configured.map(({ name, lines }) => [name, lines]));
  return [...states.values()]
    .filter(({ name, active }) => limits.has(name) || active > 0)
    .map(gateway => ({
      name: gateway.name,
      kind,
      activeLines: gateway.active,
      lineLimit: limits.get(gateway.name) ?? null,
      configured: limits.has(gateway.name),
      carried: gateway.carried,
      unavailableUntilMs: gateway.unavailableUntilMs,
    }));
}

export function accountSummaries(state: SwitchState): readonly AccountSummary[] {
  return state.view.snapshot.accounts.map(({ name, kind, overdraftLimit }) => {
    const account = state.account(name);
    return {
      name,
      kind,
      balance: account.balance,
      held: account.held,
      overdraftLimit: money(overdraftLimit),
      usable: account.free(overdraftLimit),
    };
  });
}
