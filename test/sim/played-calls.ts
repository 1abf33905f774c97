/** Scenarios as they were played, made by hand. */
import type { CallDetailRecord } from '../../src/cdr/record.ts';
import { noMoney } from '../../src/rating/money.ts';
import type { GatewayBehaviour } from '../../src/sim/scenario/behaviour.ts';
import type { CallSubject, Expectation, Matcher, TotalSubject } from '../../src/sim/scenario/matcher.ts';
import type { Played, PlayedAttempt, PlayedCall } from '../../src/sim/scenario/played.ts';
import type { Scenario, ScenarioCall } from '../../src/sim/scenario/scenario.ts';
import { cdr } from '../store/records.ts';

export const startMs = Date.UTC(2026, 2, 2, 10, 0, 0);
const file = 'ci/scenarios/uk.yaml';

export const answersAtOnce: GatewayBehaviour = {
  rules: [
    {
      firstCall: null,
      lastCall: null,
      calleePrefix: null,
      probability: 1,
      behaviour: {
        reaction: 'script',
        steps: [{ kind: 'answer', afterMs: 0 }],
        onCancel: 'ends',
        hangUpAfterMs: null,
        diesAfterMs: null,
        sendsMedia: true,
      },
    },
  ],
  optionsStatus: 200,
};

export function scenarioOf(changes: Partial<Scenario> = {}): Scenario {
  return {
    name: 'UK mobile goes to the cheapest vendor',
    place: { file, line: 3, column: 5 },
    seed: 7,
    startMs,
    given: {
      balances: new Map(),
      mappingLines: new Map(),
      routingLines: new Map(),
      accountLines: new Map(),
      carried: new Map(),
      offline: new Set(),
      asr: new Map(),
    },
    gateways: new Map(),
    otherGateways: answersAtOnce,
    calls: [scenarioCall()],
    events: [],
    expect: [],
    virtualOnly: null,
    ...changes,
  };
}

export function scenarioCall(changes: Partial<ScenarioCall> = {}): ScenarioCall {
  return {
    place: { file, line: 6, column: 9 },
    name: null,
    via: 'retail',
    source: { address: '127.0.6.1', port: 5060, transport: 'udp' },
    caller: '442071838750',
    callee: '447700900123',
    forwarding: null,
    atMs: 0,
    timerCapable: false,
    hangUpAfterMs: 60_000,
    cancelAfterMs: null,
    count: 1,
    intervalMs: 0,
    expect: [],
    ...changes,
  };
}

export function attemptAt(gateway: string, changes: Partial<PlayedAttempt> = {}): PlayedAttempt {
  return {
    gateway,
    atMs: startMs,
    caller: '442071838750',
    callee: '447700900123',
    forwarding: null,
    ...changes,
  };
}

/** A call that acme answered after two seconds and that talked for a minute. */
export function playedCall(
  changes: Partial<PlayedCall> = {},
  record: Partial<CallDetailRecord> = {},
): PlayedCall {
  return {
    call: scenarioCall(),
    callIndex: 0,
    burstIndex: 0,
    callId: 'call-1',
    caller: '442071838750',
    callee: '447700900123',
    startedAtMs: startMs,
    firstResponseAtMs: startMs + 120,
    finalStatus: 200,
    finalReason: 'OK',
    answeredAtMs: startMs + 2000,
    endedAtMs: startMs + 62_000,
    attempts: [attemptAt('acme')],
    record: cdr('call-1', record),
    isGivenUp: false,
    ...changes,
  };
}

/** A call that nobody answered. */
export function failedCall(
  changes: Partial<PlayedCall> = {},
  record: Partial<CallDetailRecord> = {},
): PlayedCall {
  return playedCall(
    {
      finalStatus: 503,
      finalReason: 'Service Unavailable',
      answeredAtMs: null,
      endedAtMs: startMs + 900,
      ...changes,
    },
    {
      answeredAtMs: null,
      endReason: 'Rejected',
      endedBy: 'callee',
      talkSeconds: 0,
      status: 503,
      customerCharge: null,
      vendorCharge: null,
      profit: noMoney,
      ...record,
    },
  );
}

export function playedOf(changes: Partial<Played> = {}): Played {
  return {
    scenario: scenarioOf(),
    seed: 7,
    calls: [playedCall()],
    balances: new Map(),
    lowestBalances: new Map(),
    gatewayPeakLines: new Map(),
    peakCalls: 1,
    endedAtMs: startMs + 62_000,
    mostCallsAtOnce: null,
    violations: [],
    trace: null,
    ...changes,
  };
}

export function expectation<Subject extends CallSubject | TotalSubject>(
  subject: Subject,
  matcher: Matcher,
  changes: Partial<Expectation<Subject>> = {},
): Expectation<Subject> {
  return {
    subject,
    of: null,
    matcher,
    written: 'as written',
    place: { file, line: 9, column: 11 },
    ...changes,
  };
}

export function is(value: string | number | bigint | boolean | null): Matcher {
  return { kind: 'is', value };
}

export function within(least: number | bigint | null, most: number | bigint | null): Matcher {
  return { kind: 'within', least, most };
}
