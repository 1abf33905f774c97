import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Switch } from '../../../src/call/switch.ts';
import { parseDialPlan } from '../../../src/routing/dial-plan/parse.ts';
import { judgeScenario } from '../../../src/sim/report/judge.ts';
import { network } from '../../call/networks.ts';
import { expectation, is, scenarioCall, scenarioOf, startMs } from '../played-calls.ts';

const test = suite('sim/report/judge');

const snapshot = network({
  gateways: [
    { name: 'one', prefixes: ['44'] },
    { name: 'two', prefixes: ['44'] },
  ],
});
const source = { address: '192.0.2.1', port: 5060, transport: 'udp' } as const;
const call = scenarioCall({ source, callee: '442079460000', hangUpAfterMs: 10_000 });

test('a scenario that comes as expected has no story', () => {
  const asExpected = { ...call, expect: [expectation('gateway', is('one'))] };
  const outcome = judgeScenario(snapshot, scenarioOf({ calls: [asExpected] }), { mostStories: 2 });

  assert.equal(outcome.failures, []);
  assert.equal(outcome.violations, []);
  assert.equal(outcome.stories, []);
  assert.is(outcome.calls, 1);
});

test('a scenario that does not has the ladder and the decision of its call', () => {
  const unexpected = { ...call, expect: [expectation('gateway', is('two'))] };
  const { failures, stories, ends } = judgeScenario(snapshot, scenarioOf({ calls: [unexpected] }), {
    mostStories: 2,
  });

  assert.is(failures.length, 1);
  assert.is(stories.length, 1);
  const [story] = stories;
  assert.is(story!.call.callId, failures[0]!.call!.callId);
  assert.match(story!.events[0]!.text, 'INVITE 442079460000');
  assert.equal(
    story!.explanation?.attempts.map(({ gateway }) => gateway),
    ['one', 'two'],
  );
  assert.equal([...ends], [['CallerHangup', 1]]);
});

test('the decision is that of the moment of the INVITE', () => {
  const busy = { ...call, atMs: 5000, callee: '442079460001', expect: [expectation('gateway', is('two'))] };
  const { stories } = judgeScenario(snapshot, scenarioOf({ calls: [call, busy] }), { mostStories: 2 });
  const explanation = stories[0]?.explanation;

  assert.is(explanation?.callee, '442079460001');
  assert.is(explanation?.at, '2026-03-02T10:00:05.000Z');
  assert.is(explanation?.attempts[0]?.activeLines, 1);
  assert.is(explanation?.ingress?.activeLines, 1);
});

test('where all calls together went wrong, the first ones tell their story', () => {
  const burst = { ...call, count: 50, intervalMs: 100 };
  const scenario = scenarioOf({ calls: [burst], expect: [expectation('answered', is(49))] });
  const { failures, stories, calls } = judgeScenario(snapshot, scenario, { mostStories: 2 });

  assert.is(calls, 50);
  assert.is(failures.length, 1);
  assert.equal(
    stories.map(({ call: { burstIndex } }) => burstIndex),
    [0, 1],
  );
});

test('every call is heard of once, and another switch can be watched', () => {
  let heard = 0;
  let made = 0;
  const unexpected = { ...call, count: 3, expect: [expectation('gateway', is('two'))] };
  judgeScenario(snapshot, scenarioOf({ calls: [unexpected] }), {
    mostStories: 1,
    onCall: () => {
      heard++;
    },
    newCore: options => {
      made++;
      return new Switch(options);
    },
  });

  assert.equal([heard, made], [3, 1]);
});

test('the decision that is told is the one that was made, shares and chance included', () => {
  const place = { file: 'gateways/plan.yaml', line: 3, column: 1 };
  const { plan: callee } = parseDialPlan([{ text: 'b44:0044;9?44', source: place }]);
  const plain = { rules: [] };
  const shared = network({
    parameters: { routeTags: ['a', 'b'] },
    mapping: {
      routeShares: {
        total: 3,
        source: place,
        shares: [
          { tag: 'a', weight: 1, source: place },
          { tag: 'b', weight: 2, source: place },
        ],
      },
    },
    gateways: [
      { name: 'one', prefixes: ['a44'] },
      { name: 'two', prefixes: ['b44'], dialPlans: { caller: plain, callee, forwarding: plain } },
    ],
  });
  const burst = { ...call, count: 12, intervalMs: 1000, expect: [expectation('status', is(404))] };
  const told = new Set<string>();
  for (let seed = 1; seed <= 10; seed++) {
    const scenario = scenarioOf({ seed, calls: [burst], startMs: startMs + seed });
    const judged = judgeScenario(shared, scenario, { mostStories: 20 });
    for (const { call: played, explanation } of judged.stories) {
      const [attempt] = explanation!.attempts;
      assert.is(attempt!.gateway, played.attempts[0]!.gateway);
      assert.is(attempt!.sent.callee, played.attempts[0]!.callee);
      told.add(attempt!.sent.callee.slice(0, 2));
    }
  }
  assert.ok(told.size > 3, [...told].join());
});

test.run();
