/**
 * Every scenario is played twice: in the simulator, and against a live switch over real sockets with scripted peers.
 * Both must come to the same calls, attempts, records and balances.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Judgement } from '../../src/sim/expect/expect.ts';
import type { Played } from '../../src/sim/scenario/played.ts';
import type { Scenario } from '../../src/sim/scenario/scenario.ts';
import { playScenario } from '../../src/sim/world/play.ts';
import { skipBecause } from '../support/skip-because.ts';
import { differencesOf } from './compare/compare.ts';
import { type LoadedNetwork, loadNetwork, networks } from './networks.ts';
import { type LiveOptions, playLive } from './play-live.ts';
import * as rules from './rules.ts';

const test = suite('conformance');
const wallAtOnce = 6;
const wallTries = 3;

interface Play {
  readonly network: LoadedNetwork;
  readonly scenario: Scenario;
  readonly simulated: Played;
}

const loaded = networks().map(loadNetwork);
const all: readonly Play[] = loaded.flatMap(network =>
  network.scenarios.map(scenario => {
    return { network, scenario, simulated: playScenario(network.snapshot, scenario) };
  }),
);
const playable = all.filter(({ scenario, simulated }) => rules.skipReason(scenario, simulated) === null);
const wall = rules.spread(
  playable.filter(({ scenario, simulated }) => rules.isForTheWall(scenario, simulated)),
  rules.mostOnTheWall,
);
let playedAgain = 0;

/** What differs after a play; the messages and the log when something does. */
async function compared(play: Play, options: LiveOptions, toleranceMs: number): Promise<readonly string[]> {
  const { scenario, simulated, network } = play;
  try {
    const live = await playLive(network.snapshot, scenario, options);
    const found = [...differencesOf(simulated, live, { snapshot: network.snapshot, toleranceMs })];
    if (options.time === 'stepped') found.push(...missed('live', live));
    return found.length === 0 ? [] : [...found, live.story];
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}

function missed(world: string, played: Played): readonly string[] {
  const judgement = new Judgement(played.scenario);
  for (const call of played.calls) judgement.take(call);
  return judgement
    .failures(played)
    .map(
      ({ place, subject, expected, got }) =>
        `${place.file}:${place.line}: ${world}: ${subject}: expected ${expected}, got ${got}`,
    );
}

/** A step that was taken too early looks like a difference once; a difference is there at every pace. */
async function steppedDifferences(play: Play): Promise<readonly string[]> {
  let found: readonly string[] = [];
  for (const [round, quietMs] of rules.quietMs.entries()) {
    if (round > 0) playedAgain++;
    found = await compared(play, { time: 'stepped', quietMs }, rules.steppedToleranceMs);
    if (found.length === 0) return found;
  }
  return found;
}

/** Those that differ, by name: all at once first, and each by itself where a busy machine may be to blame. */
async function wallDifferences(plays: readonly Play[]): Promise<readonly string[]> {
  const queue = [...plays];
  const doubtful: Play[] = [];
  const options: LiveOptions = { time: 'wall', quietMs: 0 };
  async function worker(): Promise<void> {
    for (let play = queue.shift(); play !== undefined; play = queue.shift()) {
      if ((await compared(play, options, rules.wallToleranceMs)).length > 0) doubtful.push(play);
    }
  }
  await Promise.all(Array.from({ length: wallAtOnce }, worker));
  const found: string[] = [];
  for (const play of doubtful) {
    let differences: readonly string[] = [];
    for (let round = 1; round < wallTries; round++) {
      playedAgain++;
      differences = await compared(play, options, rules.wallToleranceMs);
      if (differences.length === 0) break;
    }
    found.push(...differences.map(difference => `${play.scenario.name}: ${difference}`));
  }
  return found;
}

for (const play of all) {
  const { scenario, simulated, network } = play;
  const name = `${network.name}: ${scenario.name}`;
  const reason = rules.skipReason(scenario, simulated);
  if (reason !== null) {
    skipBecause(test, name, reason);
    continue;
  }
  test(name, async () => {
    const failures = missed('simulated', simulated);
    assert.is(failures.length, 0, failures.join('\n'));
    const differences = await steppedDifferences(play);
    assert.is(differences.length, 0, `the worlds differ\n${differences.join('\n')}`);
  });
}

test('every network has scenarios that were played over the wire', () => {
  for (const network of loaded) {
    const played = playable.filter(play => play.network === network).length;
    assert.ok(played > 0, `no scenario of ${network.name} was played`);
  }
  process.stdout.write(
    `${playable.length} of ${all.length} scenarios played over the wire, ${all.length - playable.length} left out with a reason, ${wall.length} of them on the wall clock too\n`,
  );
});

test('short scenarios agree on the wall clock, too, with the SIP server in its own thread', async () => {
  assert.ok(wall.length > 0, 'no scenario is short enough');
  const differences = await wallDifferences(wall);
  process.stdout.write(`${playedAgain} plays were repeated\n`);
  assert.is(differences.length, 0, `the worlds differ\n${differences.join('\n')}`);
});

test.run();
