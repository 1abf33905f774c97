import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Scenario, ScenarioEvent } from '../../../src/sim/scenario/scenario.ts';
import { shrunk } from '../../../src/sim/swarm/shrink.ts';
import { answer, behaving, fail, place, provisional, scenario } from '../world/scenarios.ts';

const test = suite('sim/swarm/shrink');

const many = scenario({
  seed: 77,
  gateways: {
    one: behaving({ steps: [provisional(10, 180), fail(20, 503)], onCancel: 'answers' }),
    two: behaving({ steps: [answer(5)] }),
  },
  balances: { alice: '3' },
  given: { carried: new Map([['one', 4]]) },
  calls: Array.from({ length: 100 }, (_, index) => ({
    atMs: 1000 + index,
    callee: `44207946${String(index).padStart(4, '0')}`,
    count: index % 3 === 0 ? 20 : 1,
    forwarding: '4420',
  })),
  events: Array.from({ length: 30 }, (_, index): ScenarioEvent => {
    const kind = index % 2 === 0 ? 'restart' : 'sipServerLost';
    return { atMs: 500 + index, place, kind };
  }),
});

function shrink(fails: (candidate: Scenario) => boolean) {
  let plays = 0;
  const smallest = shrunk(many, 'wrong', candidate => {
    plays++;
    return fails(candidate) ? ['wrong'] : ['other'];
  });
  return { smallest, plays };
}

test('what matters is left of the calls and the events, and nothing else', () => {
  const matters = (candidate: Scenario): boolean =>
    ['442079460017', '442079460093'].every(wanted =>
      candidate.calls.some(({ callee }) => callee === wanted),
    ) && candidate.events.some(({ kind }) => kind === 'sipServerLost');
  const { smallest, plays } = shrink(matters);
  assert.equal(
    smallest.calls.map(({ callee, count, forwarding }) => [callee, count, forwarding]),
    [
      ['442079460017', 1, null],
      ['442079460093', 1, null],
    ],
  );
  assert.equal(
    smallest.events.map(({ kind }) => kind),
    ['sipServerLost'],
  );
  assert.ok(plays < 500, String(plays));
});

test('a burst is left with as many calls as it takes', () => {
  const { smallest } = shrink(({ calls }) => calls.some(({ count }) => count >= 7));
  assert.equal(
    smallest.calls.map(({ count }) => count),
    [7],
  );
});

test('gateways behave as plainly as they may, and nothing is given that does not matter', () => {
  const { smallest } = shrink(
    ({ gateways }) =>
      gateways.get('one')?.rules.some(rule => rule.behaviour.steps.some(({ kind }) => kind === 'fail')) ===
      true,
  );
  assert.equal([...smallest.gateways.keys()], ['one']);
  const [rule] = smallest.gateways.get('one')!.rules;
  assert.is(rule!.behaviour.onCancel, 'ends');
  assert.equal(
    rule!.behaviour.steps.map(({ kind }) => kind),
    ['fail'],
  );
  assert.is(smallest.given.carried.size, 0);
  assert.is(smallest.calls.length, 1);
  assert.is(smallest.events.length, 0);
  assert.is(smallest.seed, 1);
});

test('another invariant that breaks is another bug', () => {
  const { smallest } = shrink(({ calls }) => calls.length === 100);
  assert.is(smallest.calls.length, 100);
});

test('a scenario that fails once and never again is left as it is', () => {
  assert.is(shrink(() => false).smallest, many);
});

test.run();
