/** Scenarios that are a little plainer than a given one, for shrinking. None of them has more of anything. */
import { nothingIsSo } from '../../call/given-state.ts';
import { usualBehaviour, usualOptions } from '../files/behaviour.ts';
import { plenty } from '../files/given.ts';
import type { GatewayBehaviour } from '../scenario/behaviour.ts';
import type { Scenario, ScenarioCall, ScenarioEvent } from '../scenario/scenario.ts';
import { numberInBurst } from '../world/chance.ts';

const plainSeed = 1;
/** A day, an hour, a minute and a second. */
const roundTimesMs = [86_400_000, 3_600_000, 60_000, 1000] as const;
/** What calls do of which a file says nothing. */
const usualTalkMs = 60_000;

export function* simpler(scenario: Scenario): Iterable<Scenario> {
  if (scenario.seed !== plainSeed) yield { ...scenario, seed: plainSeed };
  if (scenario.otherGateways !== usualBehaviour) yield { ...scenario, otherGateways: usualBehaviour };
  yield* plainerGateways(scenario);
  yield* plainerGiven(scenario);
  for (const [index, call] of scenario.calls.entries())
    for (const plainer of plainerCalls(call))
      yield { ...scenario, calls: scenario.calls.with(index, plainer) };
  for (const [index, event] of scenario.events.entries())
    for (const plainer of plainerEvents(event))
      yield { ...scenario, events: scenario.events.with(index, plainer) };
  yield* sooner(scenario);
  for (const step of roundTimesMs) {
    const startMs = scenario.startMs - (scenario.startMs % step);
    if (startMs !== scenario.startMs) yield { ...scenario, startMs };
  }
}

function* plainerGateways(scenario: Scenario): Iterable<Scenario> {
  const { gateways } = scenario;
  if (gateways.size > 1) yield { ...scenario, gateways: new Map() };
  for (const [name, behaviour] of gateways) {
    const others = new Map(gateways);
    others.delete(name);
    yield { ...scenario, gateways: others };
    for (const plainer of plainerBehaviours(behaviour))
      yield { ...scenario, gateways: new Map(gateways).set(name, plainer) };
  }
}

function* plainerBehaviours(behaviour: GatewayBehaviour): Iterable<GatewayBehaviour> {
  const { rules } = behaviour;
  if (rules.length > 1)
    for (const rule of rules) yield { ...behaviour, rules: [{ ...rule, probability: 1 }] };
  if (rules.length !== 1) return;
  const [rule] = rules;
  const { steps, onCancel, sendsMedia } = rule!.behaviour;
  if (onCancel !== 'ends' || !sendsMedia) {
    const usual = { ...rule!.behaviour, onCancel: 'ends', sendsMedia: true } as const;
    yield { ...behaviour, rules: [{ ...rule!, behaviour: usual }] };
  }
  if (behaviour.optionsStatus !== usualOptions(rules, false))
    yield { ...behaviour, optionsStatus: usualOptions(rules, false) };
  for (const index of steps.keys()) {
    if (steps.length === 1) continue;
    yield {
      ...behaviour,
      rules: [{ ...rule!, behaviour: { ...rule!.behaviour, steps: steps.toSpliced(index, 1) } }],
    };
  }
}

function* plainerGiven(scenario: Scenario): Iterable<Scenario> {
  const { given } = scenario;
  for (const key of ['mappingLines', 'routingLines', 'accountLines', 'carried', 'asr'] as const)
    if (given[key].size > 0) yield { ...scenario, given: { ...given, [key]: nothingIsSo[key] } };
  for (const [name, balance] of given.balances) {
    if (balance === plenty) continue;
    yield { ...scenario, given: { ...given, balances: new Map(given.balances).set(name, plenty) } };
  }
  for (const name of given.routingLines.keys()) {
    const routingLines = new Map(given.routingLines);
    routingLines.delete(name);
    if (routingLines.size > 0) yield { ...scenario, given: { ...given, routingLines } };
  }
}

function* plainerCalls(call: ScenarioCall): Iterable<ScenarioCall> {
  if (call.count > 1) {
    yield { ...call, count: 1, intervalMs: 0 };
    yield { ...call, count: Math.ceil(call.count / 2) };
    yield { ...call, count: call.count - 1 };
  }
  const caller = numberInBurst(call.caller, 0);
  const callee = call.callee === null ? null : numberInBurst(call.callee, 0);
  if (call.count === 1 && (caller !== call.caller || callee !== call.callee))
    yield { ...call, caller, callee };
  if (call.forwarding !== null) yield { ...call, forwarding: null };
  if (call.cancelAfterMs !== null) yield { ...call, cancelAfterMs: null };
  if (!call.timerCapable) yield { ...call, timerCapable: true };
  if (call.hangUpAfterMs !== usualTalkMs) yield { ...call, hangUpAfterMs: usualTalkMs };
}

function* plainerEvents(event: ScenarioEvent): Iterable<ScenarioEvent> {
  if (event.kind === 'behaviour')
    for (const behaviour of plainerBehaviours(event.behaviour)) yield { ...event, behaviour };
  if (event.kind !== 'reload') return;
  const { change } = event;
  if (change.without.length > 0) yield { ...event, change: { ...change, without: [] } };
  if (change.lines.size > 0) yield { ...event, change: { ...change, lines: new Map() } };
  if (change.mappingLines.size > 0) yield { ...event, change: { ...change, mappingLines: new Map() } };
  if (change.pricePercent !== 100) yield { ...event, change: { ...change, pricePercent: 100 } };
}

/** Everything as much earlier as the first thing comes late. */
function* sooner(scenario: Scenario): Iterable<Scenario> {
  const { calls, events } = scenario;
  const firstMs = Math.min(...calls.map(({ atMs }) => atMs), ...events.map(({ atMs }) => atMs));
  if (firstMs <= 0) return;
  const moved = <T extends { readonly atMs: number }>(all: readonly T[]): readonly T[] =>
    all.map(one => ({ ...one, atMs: one.atMs - firstMs }));
  yield { ...scenario, calls: moved(calls), events: moved(events) };
}
