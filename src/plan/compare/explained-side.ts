/** What one side does with one number, and what it has to say of it. */
import type { Account, MappingGateway, RoutingGateway, Source } from '../../config/snapshot.ts';
import { explainCall } from '../../explain/explain-call.ts';
import { ExplainError } from '../../explain/explain-error.ts';
import { ruleFor } from '../../routing/dial-plan/rewrite.ts';
import { dialPlansAt, mappingDialPlansAt } from '../../routing/number-steps.ts';
import type { Because } from '../../routing/route-decision.ts';
import { settingsAt } from '../../routing/timed-settings.ts';
import type { Place } from '../plan.ts';
import type { AttemptNumbers } from './attempt-numbers.ts';
import type { Caller } from './callers.ts';
import { generalWords, type NumbersAsked } from './cause-words.ts';
import type { ServedCall, SideCalls } from './side-calls.ts';

export interface ExplainedSide {
  readonly calls: SideCalls;
  readonly gateway: MappingGateway;
}

/** What one side does with the number, in the first of the ways that chance may take. */
export class Side {
  readonly calls: SideCalls;
  readonly gateway: MappingGateway;
  readonly callee: string;
  readonly caller: Caller;
  readonly served: ServedCall;
  #because: ReadonlyMap<string, Because> | null = null;

  constructor({ calls, gateway }: ExplainedSide, callee: string, caller: Caller, known: ServedCall | null) {
    this.calls = calls;
    this.gateway = gateway;
    this.callee = callee;
    this.caller = caller;
    this.served = known ?? calls.serve(gateway, { callee, ...caller }).calls[0]!;
  }

  /** By name of the gateway. */
  because(): ReadonlyMap<string, Because> {
    if (this.#because === null) {
      const { asked } = this.served;
      const { routingGateways } = this.calls.snapshot;
      const list = asked === null ? [] : this.calls.decide(asked, true).because;
      this.#because = new Map(list.map(one => [routingGateways[one.gateway]!.name, one]));
    }
    return this.#because;
  }
}

export function refusalOf(
  { calls, gateway, callee, caller, served }: Side,
  numbers: AttemptNumbers,
): { detail: string; place: Place | null } | null {
  if (served.refusal === null) return null;
  try {
    const { rejected } = explainCall(calls.around, {
      callee,
      caller: caller.caller,
      forwarding: caller.forwarding,
      from: { kind: 'gateway', name: gateway.name },
      atMs: calls.atMs,
      seed: 0,
      down: calls.down,
      full: [],
    });
    if (rejected === null) return null;
    const detail = generalWords(rejected.detail, numbersOf(served, callee, caller, numbers));
    return { detail, place: rejected.source === null ? null : placeOfText(rejected.source) };
  } catch (error) {
    // A beginning alone, such as a route tag, is no number that can be asked about.
    if (error instanceof ExplainError) return null;
    throw error;
  }
}

export function accountOf({ calls, gateway }: Side): Account {
  return calls.snapshot.accounts[gateway.account]!;
}

export function wordsOf({ served, callee, caller }: Side, detail: string, numbers: AttemptNumbers): string {
  return generalWords(detail, numbersOf(served, callee, caller, numbers));
}

/** As dialled, and as the steps of the decision have them. */
function numbersOf(
  { prepared, list }: ServedCall,
  callee: string,
  { caller, forwarding }: Caller,
  numbers: AttemptNumbers,
): NumbersAsked {
  const sent = new Set<number>();
  for (let place = 0; place < list.length; place++) {
    sent.add(numbers.sentOf(numbers.lists.attemptAt(list.number, place)));
  }
  const callers = [caller, ...Array.from(sent, one => numbers.sent[one]!.caller)];
  if (prepared === null) return { callees: [callee], callers, forwarding };
  const { billing, calleeToRoute, calleeToSend, calleeToRate, untaggedCallee } = prepared;
  const callees = [callee, billing.callee, calleeToRoute, calleeToSend, calleeToRate, untaggedCallee];
  return { callees, callers: [...callers, billing.caller], forwarding };
}

export function priorityOf({ calls }: Side, { index }: RoutingGateway): number {
  return settingsAt(calls.snapshot, calls.atMs).priority[index]!;
}

/** The rule of the gateway's plan, or of the customer's, that makes the number what it is. */
export function sentSource({ calls, gateway, callee, served }: Side, carrier: RoutingGateway): Source | null {
  const { snapshot, atMs } = calls;
  const egress = dialPlansAt(snapshot, carrier, atMs);
  const mapping = mappingDialPlansAt(snapshot, gateway, atMs);
  const toSend = served.prepared?.calleeToSend ?? callee;
  const rule = ruleFor(egress.callee, toSend) ?? ruleFor(mapping.callee, callee);
  return (
    rule?.source ??
    carrier.callerPool?.source ??
    egress.caller.rules[0]?.source ??
    mapping.caller.rules[0]?.source ??
    egress.forwarding.rules[0]?.source ??
    mapping.forwarding.rules[0]?.source ??
    null
  );
}

function placeOfText(text: string): Place {
  const colon = text.lastIndexOf(':');
  return { file: text.slice(0, colon), line: Number(text.slice(colon + 1)) };
}
