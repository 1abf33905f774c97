import { randomInt } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { loadConfiguration } from '../../../src/config/load.ts';
import type { Snapshot } from '../../../src/config/snapshot.ts';
import { scenarioYaml } from '../../../src/sim/files/write-scenario.ts';
import { runSwarm, type SwarmRequest } from '../../../src/sim/swarm/swarm.ts';
import { playScenario } from '../../../src/sim/world/play.ts';
import { projectDirectory } from '../../support/source-files.ts';
import { scenarioOf } from '../inline-scenarios.ts';
import { brokenSwitches, doubleBills } from './broken-switches.ts';

const test = suite('sim/swarm/swarm');

function snapshotOf(directory: string): Snapshot {
  const { snapshot } = loadConfiguration(join(projectDirectory, directory));
  if (snapshot === null) throw new Error(`${directory} does not compile`);
  return snapshot;
}

const example = snapshotOf('.');
const networks = ['.', 'docs/routing-example', 'examples/every-feature'].filter(directory =>
  existsSync(join(projectDirectory, directory, 'switch.yaml')),
);

function swarm(request: Partial<SwarmRequest> = {}) {
  return runSwarm({ snapshot: example, seed: 1, calls: 2000, round: null, file: 'swarm.yaml', ...request });
}

const freshSeed = randomInt(2 ** 32);

for (const directory of networks) {
  for (const [what, seed] of [
    ['a seed', 1],
    ['the fresh seed', freshSeed],
  ] as const) {
    test(`no invariant of ${directory} breaks in a swarm with ${what} ${seed}`, () => {
      const { calls, failure } = swarm({ snapshot: snapshotOf(directory), seed, calls: 5000 });
      const written = failure === null ? '' : scenarioYaml(failure.scenario, snapshotOf(directory));
      assert.is(failure, null, `${JSON.stringify(failure?.violations.slice(0, 3))}\n${written}`);
      assert.is(calls, 5000);
    });
  }
}

test('the same seed yields the same run, and another one another run', () => {
  const first = swarm({ seed: 7 });
  assert.equal(swarm({ seed: 7 }), first);
  assert.not.equal(swarm({ seed: 8 }), first);
});

test('as many calls are played as are asked for, and they meet every kind of fault and end', () => {
  const { calls, rounds, ends, events, answered, attempts } = swarm({ calls: 12_345, seed: 3 });
  assert.is(calls, 12_345);
  assert.is(rounds, 50);
  assert.equal([...events.keys()].sort(), [
    'behaviour',
    'clockStep',
    'drain',
    'payment',
    'releaseCalls',
    'reload',
    'restart',
    'shutdown',
    'sipServerLost',
  ]);
  assert.ok(ends.size > 15, [...ends.keys()].join());
  assert.ok(answered > calls / 5);
  assert.ok(attempts > answered);
});

test('one round is played alone as it is played among the others', () => {
  const all = swarm({ calls: 1000, newCore: doubleBills });
  const { round, scenario } = all.failure!;
  const alone = swarm({ calls: 1000, newCore: doubleBills, round });
  assert.is(alone.rounds, 1);
  assert.equal(alone.failure!.scenario, scenario);
});

test('a switch that bills twice is found, and what is left is a few calls that bill twice again', () => {
  const { failure } = swarm({ newCore: doubleBills });
  assert.is(failure!.violations[0]!.invariant, 'billedTwice');
  assert.is(failure!.callsBefore, 250);
  const text = scenarioYaml(failure!.scenario, example);
  const read = scenarioOf(example, text);
  assert.ok(read.calls.reduce((sum, { count }) => sum + count, 0) <= 3, text);
  assert.ok(text.split('\n').length < 40, text);
  const again = playScenario(example, read, { newCore: doubleBills });
  assert.ok(again.violations.some(({ invariant }) => invariant === 'billedTwice'));
  assert.equal(playScenario(example, read).violations, []);
});

for (const [what, [invariants, newCore]] of Object.entries(brokenSwitches)) {
  test(`a switch that ${what} breaks ${invariants}`, () => {
    const { failure } = swarm({ newCore, calls: 20_000 });
    const found = new Set(failure?.violations.map(one => one.invariant));
    const isFound = invariants.split(' or ').some(invariant => found.has(invariant));
    assert.ok(isFound, [...found].join() || 'nothing broke');
    const calls = failure!.scenario.calls.reduce((sum, { count }) => sum + count, 0);
    assert.ok(calls <= 10, `${calls} calls are left`);
  });
}

test.run();
