/** Rules that make other numbers of a call: what is routed and rated, and what a gateway cannot be sent. */
import type { MappingGateway, Source } from '../../config/snapshot.ts';
import type { NumberStep } from '../../routing/number-steps.ts';
import { prepareAttempt } from '../../routing/prepare-attempt.ts';
import { prepareNumbers } from '../../routing/prepare-numbers.ts';
import type { Caller } from './callers.ts';
import type { ServedCall, SideCalls } from './side-calls.ts';

export interface NumbersOfSide {
  readonly calls: SideCalls;
  readonly gateway: MappingGateway;
  readonly callee: string;
  readonly caller: Caller;
  readonly served: ServedCall;
}

/** The lines of both sides by which the number to route or to rate is another; null where it is the same. */
export function otherNumberLines(
  old: NumbersOfSide,
  now: NumbersOfSide,
): readonly [before: Source | null, after: Source | null] | null {
  const [was, is] = [old.served.prepared, now.served.prepared];
  if (was === null || is === null) return null;
  if (was.calleeToRoute === is.calleeToRoute && was.calleeToRate === is.calleeToRate) return null;
  const [before, after] = [stepsOf(old), stepsOf(now)];
  return [firstOther(before, after), firstOther(after, before)];
}

function stepsOf({ calls, gateway, callee, caller }: NumbersOfSide): readonly NumberStep[] {
  const { snapshot, atMs } = calls;
  const numbers = { callee, ...caller };
  const prepared = prepareNumbers(snapshot, gateway, numbers, { atMs, seed: 0, shareSlot: 0 }, true);
  return prepared.steps.filter(({ number }) => number === 'callee');
}

function firstOther(steps: readonly NumberStep[], others: readonly NumberStep[]): Source | null {
  const isAmong = (step: NumberStep): boolean =>
    others.some(
      ({ stage, before, after }) => stage === step.stage && before === step.before && after === step.after,
    );
  return steps.find(step => !isAmong(step))?.source ?? null;
}

/** Why the gateway, which could be asked, cannot be sent a number; null when it can. */
export function unsendableOf(
  { calls, served }: NumbersOfSide,
  gatewayName: string,
): { readonly detail: string; readonly source: Source } | null {
  const { snapshot, atMs } = calls;
  const gateway = snapshot.routingGateways.find(({ name }) => name === gatewayName);
  if (gateway === undefined || served.prepared === null) return null;
  const attempt = prepareAttempt(snapshot, gateway, served.prepared, 0, atMs, true);
  return attempt.kind === 'invalid' ? { detail: attempt.detail, source: attempt.source } : null;
}
