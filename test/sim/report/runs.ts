/** Runs of scenarios to be told, made by hand. */
import type { Failure } from '../../../src/sim/expect/expect.ts';
import type { Outcome, Run, Story } from '../../../src/sim/report/outcome.ts';
import type { ReportOptions } from '../../../src/sim/report/report-options.ts';
import type { TraceEvent, Violation } from '../../../src/sim/scenario/played.ts';
import { attemptAt, failedCall, playedCall, scenarioCall, scenarioOf, startMs } from '../played-calls.ts';

const file = 'ci/scenarios/uk.yaml';

export const options: ReportOptions = {
  colour: false,
  pathPrefix: 'config/',
  verbose: false,
  decision: () =>
    'candidate  prefix  in the order of trying\nacme       447     priority 1 (gateways/acme.yaml:9)\n',
  again: (path, name) => `class4 simulate config/${path} --filter '${name}' --seed 20260302`,
};

function event(atMs: number, from: string, to: string, text: string): TraceEvent {
  return { atMs: startMs + atMs, callId: 'call-1', from, to, text };
}

const call = failedCall({ attempts: [attemptAt('northlink')] });

export const story: Story = {
  call,
  events: [
    event(0, 'caller', 'switch', 'INVITE 447700900123'),
    event(0, 'switch', 'northlink', 'INVITE 447700900123'),
    event(200, 'northlink', 'switch', '503 Service Unavailable'),
    event(200, 'switch', 'caller', '503 Service Unavailable'),
  ],
  explanation: null,
};

function failureAt(line: number, changes: Partial<Failure> = {}): Failure {
  return {
    place: { file, line, column: 11 },
    subject: 'gateways tried',
    expected: 'northlink, meridian',
    got: 'northlink',
    call,
    calls: 1,
    ...changes,
  };
}

export function passed(name: string, changes: Partial<Outcome> = {}): Outcome {
  return {
    scenario: scenarioOf({ name, place: { file, line: 3, column: 5 } }),
    calls: 1,
    failures: [],
    violations: [],
    stories: [],
    ends: new Map(),
    ...changes,
  };
}

export const failed: Outcome = passed('UK mobile falls over to the next vendor # when 503', {
  scenario: scenarioOf({
    name: 'UK mobile falls over to the next vendor # when 503',
    place: { file, line: 12, column: 5 },
  }),
  failures: [failureAt(18), failureAt(19, { subject: 'status', expected: '200', got: '503' })],
  stories: [story],
  ends: new Map([['Rejected', 1]]),
});

const burst = scenarioCall({ count: 500, intervalMs: 50 });
const burstCall = playedCall({ call: burst, burstIndex: 16, callId: 'call-17' });

export const failedBurst: Outcome = passed('Half of a burst goes elsewhere', {
  scenario: scenarioOf({
    name: 'Half of a burst goes elsewhere',
    place: { file: 'ci/scenarios/load.yaml', line: 2, column: 5 },
    calls: [burst],
  }),
  calls: 500,
  failures: [
    failureAt(30, {
      call: burstCall,
      calls: 250,
      place: { file: 'ci/scenarios/load.yaml', line: 9, column: 7 },
    }),
    failureAt(40, {
      call: null,
      subject: 'calls answered',
      expected: '">= 95%"',
      got: '50% (250 of 500)',
      place: { file: 'ci/scenarios/load.yaml', line: 12, column: 7 },
    }),
  ],
  ends: new Map([
    ['CallerHangup', 250],
    ['Rejected', 250],
  ]),
});

const violation: Violation = {
  invariant: 'billedTwice',
  atMs: startMs + 12_345,
  detail: 'the call was billed twice to <northwind>',
  callId: 'call-1',
};

export const broken: Outcome = passed('A restart in the middle of a call', {
  scenario: scenarioOf({ name: 'A restart in the middle of a call', place: { file, line: 44, column: 5 } }),
  violations: [violation],
  stories: [{ ...story, explanation: null }],
  ends: new Map([['Interrupted', 1]]),
});

export function runOf(...outcomes: readonly Outcome[]): Run {
  return {
    seed: 20_260_302,
    hash: 'a'.repeat(64),
    files: [...new Set(outcomes.map(({ scenario }) => scenario.place.file))],
    outcomes,
    warnings: [],
  };
}
