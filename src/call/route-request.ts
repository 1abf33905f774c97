import { numberSentToRate } from '../routing/prepare-attempt.ts';
import type { RouteRequest } from '../routing/select-route.ts';
import type { CallFacts } from './call-facts.ts';
import { rateLimitOf } from './prices.ts';

/** What routing is asked for a call at `atMs` (ms since 1970 UTC). */
export function routeRequestOf(
  { view, gateway, numbers, seed, price }: Pick<CallFacts, 'view' | 'gateway' | 'numbers' | 'seed' | 'price'>,
  atMs: number,
): RouteRequest {
  const { snapshot } = view;
  return {
    mappingGateway: gateway.index,
    caller: numbers.billing.caller,
    callee: numbers.calleeToRoute,
    untaggedCallee: numbers.untaggedCallee,
    forwarding: numbers.billing.forwarding,
    calleeToRate: numbers.calleeToRate,
    numberSentToRate: numberSentToRate(snapshot, numbers, seed, atMs),
    customerRate: price === null ? null : rateLimitOf(price),
    atMs,
  };
}
