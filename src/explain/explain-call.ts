/**
 * What the switch does with a call, and why: by the very functions that serve calls, in their order. Takes nothing and
 * counts nothing, so it may be asked of a switch that runs.
 */
import type { Price } from '../call/prices.ts';
import { routeRequestOf } from '../call/route-request.ts';
import type { MappingGateway } from '../config/snapshot.ts';
import type { PreparedNumbers } from '../routing/prepare-numbers.ts';
import { unavailabilities } from '../routing/route-reasons.ts';
import { selectRoute } from '../routing/select-route.ts';
import { arrive } from './arrival.ts';
import { explainAttempts, explainExclusions, explainStop, type RoutedCall } from './attempts.ts';
import { type Circumstances, type Declared, declare } from './circumstances.ts';
import type { ExplainedRejection, Explanation } from './explanation.ts';
import { exampleCharge, exampleSeconds, explainRate } from './prices.ts';
import type { Question } from './question.ts';
import { refusedByState, rejection, vendorWithoutCredit } from './refusals.ts';
import { explainSent } from './sent-numbers.ts';
import { explainAccount, explainIngress } from './use.ts';

/** @throws ExplainError when a name or a number of the question is none. */
export function explainCall(around: Circumstances, question: Question): Explanation {
  const { snapshot } = around.view;
  const declared = declare(around, question);
  const arrival = arrive(around, question);
  const { gateway, allowed } = arrival;
  const account = gateway === null ? null : snapshot.accounts[gateway.account]!;
  const { atMs } = question;
  return {
    state: around.live ? 'live' : 'idle',
    snapshot: { hash: snapshot.hash, commit: snapshot.commit },
    filesHash: null,
    ...arrival.received,
    at: new Date(atMs).toISOString(),
    seed: arrival.seed,
    declared: { down: [...question.down].sort(), full: [...question.full].sort() },
    currency: snapshot.switch.currency,
    exampleSeconds,
    authentication: arrival.authentication,
    mappingGateway: gateway?.name ?? null,
    account: account?.name ?? null,
    ingress: gateway === null ? null : explainIngress(around, gateway, atMs),
    customer: account === null ? null : explainAccount(around, account, atMs),
    numbers: arrival.numbers,
    rate: allowed === null ? null : explainRate(snapshot, allowed.price, allowed.prepared.calleeToRate),
    switchLimit: snapshot.parameters.gatewaySwitchLimit,
    protectDelaySeconds: (gateway?.protectRouteDelayMs ?? 0) / 1000,
    ...(gateway === null || allowed === null
      ? { rejected: arrival.rejected, attempts: [], excluded: [], stopped: null }
      : route(around, declared, question, arrival.seed, gateway, allowed)),
  };
}

type Routed = Pick<Explanation, 'rejected' | 'attempts' | 'excluded' | 'stopped'>;

function route(
  around: Circumstances,
  declared: Declared,
  { atMs }: Question,
  seed: number,
  gateway: MappingGateway,
  { prepared, price }: { readonly prepared: PreparedNumbers; readonly price: Price | null },
): Routed {
  const { view } = around;
  const { snapshot } = view;
  const account = snapshot.accounts[gateway.account]!;
  const refused = refusedByState(around, gateway, account, price, atMs);
  if (refused !== null) return { rejected: refused, attempts: [], excluded: [], stopped: null };
  const decision = selectRoute(
    declared.snapshot,
    declared.state,
    routeRequestOf({ view, gateway, numbers: prepared, seed, price }, atMs),
    true,
  );
  const call: RoutedCall = {
    view,
    declared,
    mappingGateway: gateway,
    callee: prepared.calleeToRoute,
    atMs,
    charge: exampleCharge(snapshot, price),
    withoutCredit: (routing, vendor, vendorPrice) =>
      vendorWithoutCredit(around, gateway, routing, vendor, vendorPrice),
    numbersOf: routing =>
      explainSent(snapshot, routing, prepared, view.routingGateways[routing.index]!.callerPool, seed, atMs),
  };
  const { attempts, passedOver } = explainAttempts(call, decision);
  const someBusy = decision.someBusy || passedOver.some(({ reason }) => reason in unavailabilities);
  return {
    rejected: attempts.length > 0 ? null : withoutRoute(someBusy),
    attempts,
    excluded: explainExclusions(call, decision, passedOver),
    stopped: explainStop(call, decision),
  };
}

function withoutRoute(someBusy: boolean): ExplainedRejection {
  return someBusy
    ? rejection('AllGatewayBusy', 'every gateway that may carry this call is left out for now', null)
    : rejection('NoAvailableRouter', 'no gateway can carry this call', null);
}
