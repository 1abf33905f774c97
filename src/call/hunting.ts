/**
 * When a failed attempt ends the hunt instead of moving on to the next gateway: one table, read from the top.
 * It knows no state of the call beyond what is handed in.
 */
import type { FailedReasonReplacements, HuntingRules, RoutingGateway } from '../config/snapshot.ts';
import type { AttemptStage } from './timers.ts';

/** A final failure that the gateway itself gave: 300–699. */
export interface GatewayResponse {
  readonly kind: 'response';
  /** As it counts. */
  readonly status: number;
  /** As it came, where another status was put in its place; otherwise null. */
  readonly receivedStatus: number | null;
  readonly reason: string;
}

/** How an attempt failed. */
export type AttemptFailure =
  | GatewayResponse
  /** It stayed in a stage for too long. */
  | { readonly kind: 'timeout'; readonly stage: AttemptStage }
  /** Our own SIP server could not send to it. */
  | { readonly kind: 'unreachable'; readonly reason: string };

/** What had been heard from the gateway before the attempt failed. */
export interface AttemptProgress {
  /** A 180 came. */
  readonly rang: boolean;
  /** A provisional response carried SDP. */
  readonly sdpSeen: boolean;
}

export type StopRuleName =
  | 'stopCode'
  | 'stopOn6xx'
  | 'stopAfterInviteTimeout'
  | 'stopAfterUserBusy'
  | 'stopAfterSdp'
  | 'stopAfterRinging'
  | 'ringingTimeout';

interface StopRule {
  readonly name: StopRuleName;
  /** SS_GATEWAY_SWITCH_UNTIL_CONNECT switches this rule off. */
  readonly overridden: boolean;
  readonly isOn: (rules: HuntingRules) => boolean;
  readonly applies: (failure: AttemptFailure, progress: AttemptProgress, gateway: RoutingGateway) => boolean;
}

const always = (): boolean => true;

const stopRules: readonly StopRule[] = [
  {
    name: 'stopCode',
    overridden: false,
    isOn: always,
    applies: (failure, _progress, gateway) =>
      failure.kind === 'response' &&
      gateway.stopCodes.some(({ from, to }) => from <= failure.status && failure.status <= to),
  },
  {
    name: 'stopOn6xx',
    overridden: false,
    isOn: rules => rules.stopOn6xx,
    applies: failure => failure.kind === 'response' && failure.status >= 600,
  },
  {
    name: 'stopAfterInviteTimeout',
    overridden: false,
    isOn: rules => rules.stopAfterInviteTimeout,
    applies: failure => failure.kind === 'timeout' && failure.stage === 'invite',
  },
  {
    name: 'stopAfterUserBusy',
    overridden: true,
    isOn: rules => rules.stopAfterUserBusy,
    applies: failure => failure.kind === 'response' && failure.status === 486,
  },
  {
    name: 'ringingTimeout',
    overridden: true,
    isOn: always,
    applies: failure => failure.kind === 'timeout' && failure.stage === 'ringing',
  },
  {
    name: 'stopAfterSdp',
    overridden: true,
    isOn: rules => rules.stopAfterSdp,
    applies: (_failure, progress) => progress.sdpSeen,
  },
  {
    name: 'stopAfterRinging',
    overridden: true,
    isOn: rules => rules.stopAfterRinging,
    applies: (_failure, progress) => progress.rang,
  },
];

/** The rule that ends the hunt after this failure at this gateway, or null to try the next one. */
export function stopRuleFor(
  failure: AttemptFailure,
  progress: AttemptProgress,
  gateway: RoutingGateway,
): StopRuleName | null {
  const rules = gateway.hunting;
  for (const rule of stopRules) {
    if (rule.overridden && rules.untilConnect) continue;
    if (rule.isOn(rules) && rule.applies(failure, progress, gateway)) return rule.name;
  }
  return null;
}

/** A gateway's failure as the mapping gateway wants to see it. Timeouts and unreachable gateways gave no code. */
export function responseOf(
  replacements: FailedReasonReplacements | null,
  received: number,
  reason: string,
): GatewayResponse {
  const status = replacements === null ? received : replacedStatus(replacements, received);
  return { kind: 'response', status, receivedStatus: status === received ? null : received, reason };
}

function replacedStatus({ codes, other }: FailedReasonReplacements, received: number): number {
  for (const { from, to } of codes) if (from === received) return to;
  return other ?? received;
}

/** The longest time that a Retry-After takes a gateway out. */
export const retryAfterCapSeconds = 300;

/** Until when a failure takes its gateway out (Retry-After of a 503, RFC 3261 §20.33), or null. */
export function unavailableUntil(
  status: number,
  retryAfterSeconds: number | null,
  nowMs: number,
): number | null {
  if (status !== 503 || retryAfterSeconds === null || !(retryAfterSeconds > 0)) return null;
  return nowMs + Math.min(retryAfterSeconds, retryAfterCapSeconds) * 1000;
}
