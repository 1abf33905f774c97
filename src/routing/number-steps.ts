/** How the numbers of a call came to be what they are, step by step. */

import type {
  DialPlans,
  GatewayPeriod,
  MappingGateway,
  RoutingGateway,
  Snapshot,
  Source,
} from '../config/snapshot.ts';
import type { DialPlan } from './dial-plan/dial-plan.ts';
import { rewrite } from './dial-plan/rewrite.ts';
import { drawsFor } from './draws.ts';
import { mappingPeriodAt, routingPeriodAt } from './timed-settings.ts';

/** The callee first, without which there is no call. */
export const numberKinds = ['callee', 'caller', 'forwarding'] as const;

export type NumberKind = (typeof numberKinds)[number];

/** One thing that was done to a number, or a dial plan that had nothing for it. */
export interface NumberStep {
  readonly stage:
    | 'dialPlan'
    | 'callerUnusable'
    | 'lrn'
    | 'routeByLrn'
    | 'routeShare'
    | 'routeTag'
    | 'billingPrefix'
    | 'rateByNumberSent'
    | 'callerPool';
  readonly number: NumberKind;
  readonly before: string;
  readonly after: string;
  /** The line that caused it. */
  readonly source: Source;
  /** For people, without an end mark. */
  readonly detail: string;
}

/** The numbers of a call as they come in, and as they are after the dial plans of the mapping gateway. */
export interface CallNumbers {
  /** Empty for a caller who does not tell. */
  readonly caller: string;
  readonly callee: string;
  /** The number that forwarded the call; null when none did. */
  readonly forwarding: string | null;
}

/** The plans of a routing gateway at `atMs` (ms since 1970 UTC): those of the period that counts, or its own. */
export function dialPlansAt(snapshot: Snapshot, gateway: RoutingGateway, atMs: number): DialPlans {
  return dialPlansIn(gateway, routingPeriodAt(snapshot, gateway.index, atMs));
}

/** The plans of a mapping gateway, like `dialPlansAt`. */
export function mappingDialPlansAt(snapshot: Snapshot, gateway: MappingGateway, atMs: number): DialPlans {
  return dialPlansIn(gateway, mappingPeriodAt(snapshot, gateway.index, atMs));
}

/** The plans of a gateway in the period that counts for it, or null. */
export function dialPlansIn(
  { dialPlans, periodDialPlans }: MappingGateway | RoutingGateway,
  period: GatewayPeriod | null,
): DialPlans {
  return period === null || period.dialPlans < 0 ? dialPlans : periodDialPlans[period.dialPlans]!;
}

/**
 * The number after a dial plan. What is random in it is drawn from the call's seed. `steps` is null when nobody asks
 * for them.
 */
export function planned(
  plan: DialPlan,
  number: NumberKind,
  before: string,
  gateway: string,
  seed: number,
  steps: NumberStep[] | null,
): string {
  if (plan.rules.length === 0) return before;
  const { number: after, rule } = rewrite(plan, before, drawsFor(seed, number, gateway));
  steps?.push({
    stage: 'dialPlan',
    number,
    before,
    after,
    source: (rule ?? plan.rules[0]!).source,
    detail: rule === null ? `no rule of the dial plan of ${gateway} fits` : `rule ${rule.text} of ${gateway}`,
  });
  return after;
}

/** The line that made a number what it is; null when nothing did, or nobody asked. */
export function madeBy(steps: readonly NumberStep[] | null, number: NumberKind): Source | null {
  return steps?.findLast(step => step.number === number && step.before !== step.after)?.source ?? null;
}
