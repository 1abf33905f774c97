/** Scenarios by hand: a test names only what it is about. Times are ms. */
import { money, parseMoney } from '../../../src/rating/money.ts';
import type {
  BehaviourRule,
  BehaviourStep,
  CallBehaviour,
  GatewayBehaviour,
} from '../../../src/sim/scenario/behaviour.ts';
import type { Played, PlayedCall } from '../../../src/sim/scenario/played.ts';
import type { Scenario, ScenarioCall, ScenarioEvent } from '../../../src/sim/scenario/scenario.ts';

export const startMs: number = Date.UTC(2026, 2, 2, 10);
export const place = { file: 'ci/scenarios/test.yaml', line: 1, column: 1 };

export const plenty = money(1_000_000n * 10n ** 8n);

const normal: CallBehaviour = {
  reaction: 'script',
  steps: [{ kind: 'answer', afterMs: 0 }],
  onCancel: 'ends',
  hangUpAfterMs: null,
  diesAfterMs: null,
  sendsMedia: true,
};

/** Answers at once unless it is told otherwise. */
export function behaving(
  given: Partial<CallBehaviour> = {},
  optionsStatus: number | null = 200,
): GatewayBehaviour {
  return { rules: [rule(given)], optionsStatus };
}

export function rule(
  behaviour: Partial<CallBehaviour>,
  when: Partial<Omit<BehaviourRule, 'behaviour'>> = {},
): BehaviourRule {
  const any = { firstCall: null, lastCall: null, calleePrefix: null, probability: 1 };
  return { ...any, ...when, behaviour: { ...normal, ...behaviour } };
}

export function provisional(afterMs: number, status: number, sdp: boolean = false): BehaviourStep {
  return { kind: 'provisional', afterMs, status, sdp };
}

export function answer(afterMs: number): BehaviourStep {
  return { kind: 'answer', afterMs };
}

export function fail(
  afterMs: number,
  status: number,
  given: Partial<Extract<BehaviourStep, { kind: 'fail' }>> = {},
): BehaviourStep {
  return { kind: 'fail', afterMs, status, reason: null, retryAfterSeconds: null, contact: null, ...given };
}

export function callOf(given: Partial<ScenarioCall> = {}): ScenarioCall {
  return {
    place,
    name: null,
    via: 'alice-in',
    source: { address: '192.0.2.1', port: 5060, transport: 'udp' },
    caller: '12025550100',
    callee: '442079460000',
    forwarding: null,
    atMs: 0,
    timerCapable: true,
    hangUpAfterMs: 10_000,
    cancelAfterMs: null,
    count: 1,
    intervalMs: 0,
    expect: [],
    ...given,
  };
}

export interface ScenarioDescription {
  readonly seed?: number;
  readonly given?: Partial<Omit<Scenario['given'], 'balances'>>;
  /** Decimal texts; others have plenty. */
  readonly balances?: Readonly<Record<string, string>>;
  readonly gateways?: Readonly<Record<string, GatewayBehaviour>>;
  readonly others?: GatewayBehaviour;
  readonly calls?: readonly Partial<ScenarioCall>[];
  readonly events?: readonly ScenarioEvent[];
}

/** One call from Alice unless it is told otherwise. */
export function scenario(description: ScenarioDescription = {}): Scenario {
  const balances = new Map([
    ['alice', plenty],
    ['victor', plenty],
  ]);
  for (const [name, text] of Object.entries(description.balances ?? {}))
    balances.set(name, parseMoney(text)!);
  return {
    name: 'test',
    place,
    seed: description.seed ?? 1,
    startMs,
    given: {
      balances,
      mappingLines: new Map(),
      routingLines: new Map(),
      accountLines: new Map(),
      carried: new Map(),
      offline: new Set(),
      asr: new Map(),
      ...description.given,
    },
    gateways: new Map(Object.entries(description.gateways ?? {})),
    otherGateways: description.others ?? behaving(),
    calls: (description.calls ?? [{}]).map(callOf),
    events: description.events ?? [],
    expect: [],
    virtualOnly: null,
  };
}

/** The only call of the scenario. */
export function onlyCall({ calls }: Played): PlayedCall {
  if (calls.length !== 1) throw new Error(`${calls.length} calls were played`);
  return calls[0]!;
}

export function tried({ attempts }: PlayedCall): readonly string[] {
  return attempts.map(({ gateway }) => gateway);
}

/** `from→to text` of each event, with the seconds since the beginning. */
export function story({ trace }: Played): readonly string[] {
  return (trace ?? []).map(({ atMs, from, to, text }) => `${(atMs - startMs) / 1000} ${from}→${to} ${text}`);
}

export function names({ violations }: Played): readonly string[] {
  return violations.map(({ invariant }) => invariant);
}
