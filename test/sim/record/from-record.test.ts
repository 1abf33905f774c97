import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Judgement } from '../../../src/sim/expect/expect.ts';
import { recordedScenario } from '../../../src/sim/record/from-record.ts';
import { plentyOfMoney } from '../../../src/sim/record/plain-scenario.ts';
import type { BehaviourStep, CallBehaviour, GatewayBehaviour } from '../../../src/sim/scenario/behaviour.ts';
import type { Scenario, ScenarioCall } from '../../../src/sim/scenario/scenario.ts';
import { playScenario } from '../../../src/sim/world/play.ts';
import { network } from '../../call/networks.ts';
import { answersAtOnce, scenarioCall, scenarioOf } from '../played-calls.ts';

const test = suite('sim/record/from-record');

const snapshot = network({
  gateways: [
    { name: 'one', prefixes: ['44'] },
    { name: 'two', prefixes: ['44'] },
  ],
});
const source = { address: '192.0.2.1', port: 5060, transport: 'udp' } as const;

function behaving(changes: Partial<CallBehaviour>): GatewayBehaviour {
  const [rule] = answersAtOnce.rules;
  return { ...answersAtOnce, rules: [{ ...rule!, behaviour: { ...rule!.behaviour, ...changes } }] };
}

function saying(...steps: BehaviourStep[]): GatewayBehaviour {
  return behaving({ steps });
}

const provisional = (status: number, sdp: boolean = false): BehaviourStep => {
  return { kind: 'provisional', afterMs: 300, status, sdp };
};
const failing = (status: number, reason: string | null = null): BehaviourStep => {
  return { kind: 'fail', afterMs: 700, status, reason, retryAfterSeconds: null, contact: null };
};

/** Plays a call, records it, and plays what was recorded. Returns what then comes otherwise. */
function differences(
  one: GatewayBehaviour,
  call: Partial<ScenarioCall> = {},
  scenario: Partial<Scenario> = {},
): readonly string[] {
  const original = scenarioOf({
    given: plentyOfMoney(snapshot),
    gateways: new Map([['one', one]]),
    calls: [scenarioCall({ source, via: 'alice', callee: '442079460000', hangUpAfterMs: 9500, ...call })],
    ...scenario,
  });
  const [played] = playScenario(snapshot, original).calls;
  const recorded = recordedScenario(snapshot, played!.record!, null);
  assert.ok(recorded.calls[0]!.expect.length >= 4);
  const judgement = new Judgement(recorded);
  const again = playScenario(snapshot, recorded, { onCall: ended => judgement.take(ended) });
  assert.equal(again.violations, []);
  return judgement.failures(again).map(({ subject, got }) => `${subject}: ${got}`);
}

const behaviours: Readonly<Record<string, GatewayBehaviour>> = {
  'that is answered at once': answersAtOnce,
  'that rings and is answered': saying(provisional(180), { kind: 'answer', afterMs: 3100 }),
  'that is refused with words of its own': saying(failing(486, 'Gone fishing')),
  'that falls over after ringing': saying(provisional(180), failing(503)),
  'that falls over after silence': behaving({ reaction: 'silent', steps: [] }),
  'that falls over when trying never ends': saying(provisional(100)),
  'that falls over when progress never ends': saying(provisional(183)),
  'that falls over when early media never ends': saying(provisional(183, true)),
  'that rings for ever': saying(provisional(180)),
  'whose callee hangs up': behaving({ hangUpAfterMs: 4200 }),
};

for (const [name, behaviour] of Object.entries(behaviours)) {
  test(`a call ${name} goes the same way again`, () => {
    assert.equal(differences(behaviour), []);
  });
}

test('a call whose caller gave up goes the same way again', () => {
  assert.equal(differences(saying(provisional(180)), { cancelAfterMs: 5000 }), []);
});

test('a call that was refused is refused again', () => {
  assert.equal(differences(answersAtOnce, { callee: '999' }), []);
});

for (const kind of ['releaseCalls', 'restart', 'shutdown'] as const) {
  test(`a call that ended by ${kind} ends by it again`, () => {
    const place = { file: 'a.yaml', line: 1, column: 1 };
    assert.equal(
      differences(answersAtOnce, { hangUpAfterMs: null }, { events: [{ kind, atMs: 7000, place }] }),
      [],
    );
  });
}

test.run();
