import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseMoney } from '../../../src/rating/money.ts';
import { loadScenarios } from '../../../src/sim/files/load-scenarios.ts';
import type { BehaviourStep } from '../../../src/sim/scenario/behaviour.ts';
import type { Scenario } from '../../../src/sim/scenario/scenario.ts';
import { loadTexts, scenarioOf, scenariosOf } from '../inline-scenarios.ts';
import { smallNetwork } from './any-scenario.ts';

const test = suite('sim/files/load-scenarios');

const call = 'call: { via: bell, callee: "44" }';

function stepsAt({ gateways, otherGateways }: Scenario, gateway: string): readonly BehaviourStep[] {
  return (gateways.get(gateway) ?? otherGateways).rules[0]!.behaviour.steps;
}

function stepsOf(behaviour: string): readonly BehaviourStep[] {
  return stepsAt(
    scenarioOf(smallNetwork, `scenarios: [{ name: one, gateways: { acme: ${behaviour} }, ${call} }]`),
    'acme',
  );
}

test('a scenario of one call needs a name, where the call comes from and where it goes', () => {
  const scenario = scenarioOf(smallNetwork, `scenarios: [{ name: one, ${call} }]`);
  const [first] = scenario.calls;

  assert.is(scenario.startMs, Date.UTC(2026, 2, 2, 10));
  assert.equal(
    [...scenario.given.balances.values()],
    [1, 1, 1].map(() => parseMoney('1000000')),
  );
  assert.equal(stepsAt(scenario, 'acme'), [{ kind: 'answer', afterMs: 0 }]);
  assert.equal(first!.source, { address: '192.0.2.1', port: 5060, transport: 'udp' });
  assert.equal([first!.hangUpAfterMs, first!.cancelAfterMs, first!.count], [60_000, null, 1]);
});

test('the scenario counts before the defaults of its file, and those before the network and what it extends', () => {
  const scenario = scenarioOf(
    smallNetwork,
    `networks:
  far: { given: { lines: { acme: 1, best: 1, "007": 1 }, down: [acme] }, gateways: { acme: { reject: 481 }, best: { reject: 481 } } }
  near: { extends: far, given: { lines: { acme: 2, best: 2 } }, gateways: { best: { reject: 482 } } }
defaults: { network: near, given: { lines: { acme: 3 } }, call: { via: bell, caller: "1", hangUp: 5s, expect: { result: answered, status: 200 } } }
scenarios:
  - { name: one, given: { balances: { bell: 1 }, down: [best] }, call: { callee: "44", hangUp: 7s, expect: { status: 2xx } } }
`,
  );
  const [first] = scenario.calls;

  assert.equal([...scenario.given.routingLines].sort(), [
    ['007', 1],
    ['acme', 3],
    ['best', 2],
  ]);
  assert.equal([...scenario.given.offline], ['best']);
  assert.is(scenario.given.balances.get('bell'), parseMoney('1'));
  assert.is((stepsAt(scenario, 'acme')[0] as { status: number }).status, 481);
  assert.is((stepsAt(scenario, 'best')[0] as { status: number }).status, 482);
  assert.equal([first!.caller, first!.hangUpAfterMs], ['1', 7000]);
  assert.equal(
    first!.expect.map(({ subject }) => subject),
    ['status', 'result'],
  );
});

test('networks of files that are not played can be used', () => {
  const directory = mkdtempSync(join(tmpdir(), 'class4-scenarios-'));
  try {
    mkdirSync(join(directory, 'ci', 'scenarios'), { recursive: true });
    const shared =
      'networks: { busy: { gateways: { "*": { reject: 486 } } } }\nscenarios: [{ name: other }]\n';
    writeFileSync(join(directory, 'ci', 'scenarios', 'shared.yaml'), shared);
    const played = join(directory, 'played.yaml');
    writeFileSync(played, `scenarios: [{ name: one, network: busy, ${call} }]\n`);
    const { scenarios, files } = loadScenarios([played], directory, smallNetwork);

    assert.equal(
      scenarios.map(({ name }) => name),
      ['one'],
    );
    assert.is((stepsAt(scenarios[0]!, 'acme')[0] as { status: number }).status, 486);
    assert.equal(files, ['played.yaml', 'ci/scenarios/shared.yaml']);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});

test('each number of a table is a scenario, with its place', () => {
  const scenarios = scenariosOf(
    smallNetwork,
    'routes:\n  - name: UK\n    via: bell\n    table:\n      "441": acme\n      "442": [acme, best]\n      "443": none\n      "444": { result: refused }\n',
  );

  assert.equal(
    scenarios.map(({ name, place, calls: [first] }) => [
      name,
      place.line,
      first!.callee,
      ...first!.expect.map(({ subject, matcher }) => `${subject} ${JSON.stringify(matcher)}`),
    ]),
    [
      ['UK: 441', 5, '441', 'gateway {"kind":"is","value":"acme"}'],
      ['UK: 442', 6, '442', 'tried {"kind":"list","values":["acme","best"]}'],
      ['UK: 443', 7, '443', 'tried {"kind":"list","values":[]}'],
      ['UK: 444', 8, '444', 'result {"kind":"is","value":"refused"}'],
    ],
  );
});

test('the words of a behaviour count from the INVITE, and its steps from the one before', () => {
  const slow = [
    { kind: 'provisional', afterMs: 1000, status: 180, sdp: false },
    { kind: 'answer', afterMs: 3000 },
  ];

  assert.equal(stepsOf('{ trying: never, answer: 4s, ring: 1s }'), slow);
  assert.equal(stepsOf('{ steps: [{ after: 1s, send: 180 }, { after: 3s, send: 200 }] }'), slow);
});

test('100 Trying comes at once when nothing else does within 200 ms', () => {
  const first = (behaviour: string) => stepsOf(behaviour)[0]!.kind;

  assert.is(first('{ answer: 200ms }'), 'answer');
  assert.is(first('{ answer: 201ms }'), 'provisional');
  assert.is(first('{ trying: never, answer: 201ms }'), 'answer');
});

test('a gateway that is down answers OPTIONS only when its behaviour says so', () => {
  const optionsOf = (gateways: string) => {
    const text = `scenarios: [{ name: one, given: { down: [acme] }, gateways: ${gateways}, ${call} }]`;
    return scenarioOf(smallNetwork, text).gateways.get('acme')?.optionsStatus;
  };

  assert.is(optionsOf('{ best: { silent: true } }'), null);
  assert.is(optionsOf('{ acme: { options: 200 } }'), 200);
});

test('what fits no rule of a gateway behaves as every other gateway', () => {
  const text = `scenarios: [{ name: one, gateways: { acme: [{ calls: 1, silent: true }], "*": { reject: 486 } }, ${call} }]`;
  const { rules } = scenarioOf(smallNetwork, text).gateways.get('acme')!;

  assert.equal(
    rules.map(({ behaviour }) => behaviour.steps.map(({ kind }) => kind)),
    [[], ['fail']],
  );
});

test('a source says by itself which mapping gateway the call belongs to, or that it belongs to none', () => {
  const viaOf = (from: string) => {
    const text = `scenarios: [{ name: one, call: { from: "${from}", callee: "44" } }]`;
    return scenarioOf(smallNetwork, text).calls[0]!.via;
  };

  assert.is(viaOf('[2001:db8::7]:5060'), 'bell');
  assert.is(viaOf('203.0.113.7:5060;tcp'), null);
});

test('seeds follow from that of the run and the name, and a seed that is said counts', () => {
  const text = `scenarios: [{ name: one, ${call} }, { name: two, ${call} }, { name: three, seed: 7, ${call} }]`;
  const seeds = (seed: number) => scenariosOf(smallNetwork, text, { seed }).map(scenario => scenario.seed);

  assert.equal(seeds(1), seeds(1));
  assert.is(new Set([...seeds(1), ...seeds(2)]).size, 5);
  assert.is(seeds(2)[2], 7);
});

test('one mistake in a default is one finding, however many scenarios have it', () => {
  const text = `defaults: { network: nowhere, call: { via: nobody } }
scenarios: [{ name: one, call: { callee: "44" } }, { name: two, call: { callee: "44" } }]
routes: [{ name: three, table: { "44": acme, "45": acme } }]
`;
  const { diagnostics } = loadTexts(smallNetwork, { 'a.yaml': text });

  assert.equal(
    diagnostics.map(({ code, place }) => `${code} ${place.line}:${place.column}`),
    ['C4701 1:22', 'C4701 1:44'],
  );
});

test.run();
