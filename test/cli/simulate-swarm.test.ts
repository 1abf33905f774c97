import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { scenarioText } from '../../src/cli/scenario-text.ts';
import { playSwarm } from '../../src/cli/simulate-swarm.ts';
import { doubleBills } from '../sim/swarm/broken-switches.ts';
import type { TemporaryDirectory } from '../store/records.ts';
import { type CommandResult, exampleDirectory, typeIn } from './example-directory.ts';

const test = suite('cli/simulate-swarm');

async function within(work: (directory: TemporaryDirectory) => Promise<void> | void): Promise<void> {
  const directory = exampleDirectory();
  try {
    await work(directory);
  } finally {
    rmSync(directory.path, { recursive: true, force: true });
  }
}

function type(directory: TemporaryDirectory, ...args: string[]): Promise<CommandResult> {
  return typeIn(directory, ['simulate', ...args]);
}

/** A run against a switch that is broken on purpose, which no command line can ask for. */
function playBroken(
  directory: TemporaryDirectory,
  format: 'text' | 'json' | 'junit' = 'text',
): CommandResult {
  let [out, err] = ['', ''];
  const io = {
    out: (text: string) => {
      out += text;
    },
    err: (text: string) => {
      err += text;
    },
    colour: false,
    env: {},
    workingDirectory: directory.path,
  };
  const request = {
    ...{ directory: directory.path, paths: [], seed: 7, filter: null, verbose: false, cover: false },
    ...{ format, output: null, junit: null },
  };
  const code = playSwarm({ calls: 1000, round: null }, request, io, doubleBills);
  return { code, out, err };
}

test('a swarm that breaks nothing tells its seed first, and what it met', () =>
  within(async directory => {
    const { code, out, err } = await type(directory, '--swarm', '600', '--seed', '7');
    assert.is(code, 0);
    assert.is(err, '');
    assert.match(out, /^seed 7\nswarm: 600 calls in 3 rounds, \d+ attempts, \d+ answered\n {2}faults: /);
    assert.match(out, /\nno invariant broke\n$/);
    assert.is(existsSync(join(directory.path, 'swarm-7.yaml')), false);
  }));

test('for programs it is one test, with the figures beside it in JSON', () =>
  within(async directory => {
    const json = await type(directory, '--swarm', '300', '--seed', '7', '--format', 'json');
    const report = JSON.parse(json.out);
    assert.equal(
      [json.code, json.err, report.calls, report.passed, report.swarm.rounds],
      [0, 'seed 7\n', 300, 1, 2],
    );
    assert.is(report.swarm.failed, null);
    const junit = await type(directory, '--swarm', '300', '--seed', '7', '--format', 'junit');
    assert.match(junit.out, /<testcase name="swarm of 300 calls, seed 7"/);
  }));

test('what breaks an invariant is written to a small file, with the command that repeats it', () =>
  within(async directory => {
    const { code, out } = playBroken(directory);
    assert.is(code, 3);
    assert.match(
      out,
      /an invariant broke in round \d: its 250 calls and \d+ events? were brought down to \d calls? and \d events?/,
    );
    assert.match(out, /billedTwice: The call gets a second record/);
    assert.match(out, /→ class4 simulate swarm-7\.yaml --filter 'swarm 7, round \d' --seed 7\n/);
    assert.not.match(out, /does not repeat it/);
    const text = readFileSync(join(directory.path, 'swarm-7.yaml'), 'utf8');
    assert.is(scenarioText(text, null), text);
    assert.match(text, /^# An invariant broke in round \d of the swarm with seed 7: billedTwice\.\n/);
    const again = await type(directory, 'swarm-7.yaml');
    assert.is(again.code, 0, 'a switch that is whole plays the same file well');
  }));

test('a broken invariant is an error for programs too', () =>
  within(directory => {
    const json = playBroken(directory, 'json');
    const { swarm, results, violations } = JSON.parse(json.out);
    assert.is(json.code, 3);
    assert.ok(violations > 0);
    const { file, callsLeft, isRepeated } = swarm.failed;
    assert.equal([file, isRepeated], ['swarm-7.yaml', true]);
    assert.ok(callsLeft <= 3);
    assert.is(results[0].violations[0].invariant, 'billedTwice');
    assert.match(playBroken(directory, 'junit').out, /<error message="billedTwice/);
  }));

test('a configuration that does not compile is said, and nothing is played', () =>
  within(async directory => {
    writeFileSync(join(directory.path, 'accounts', 'globetalk.yaml'), 'kind: customer\nrateTable: nowhere\n');
    const { code, out, err } = await type(directory, '--swarm', '100', '--seed', '1');
    assert.is(code, 2);
    assert.match(out, /accounts\/globetalk\.yaml:2:12 error/);
    assert.match(err, /the configuration has errors, so nothing was played/);
  }));

for (const [what, args, message] of [
  ['no number', ['--swarm', 'many'], '--swarm must be a whole number from 1 to 1000000000, not "many"'],
  ['nothing', ['--swarm', '0'], '--swarm must be a whole number from 1 to 1000000000, not "0"'],
  [
    'a round beyond',
    ['--swarm', '500', '--round', '3'],
    '--round must be a whole number from 1 to 2, not "3"',
  ],
  ['a round alone', ['--round', '3'], '--round is a round of a swarm, and needs --swarm'],
  [
    'scenarios',
    ['--swarm', '5', 'uk.yaml'],
    '--swarm makes its own calls, and plays no scenarios of uk.yaml',
  ],
  ['a filter', ['--swarm', '5', '--filter', 'uk'], '--filter is for scenarios, and not for --swarm'],
  ['a watch', ['--swarm', '5', '--watch'], '--watch is for scenarios, and not for --swarm'],
] as const) {
  test(`a swarm with ${what} is a wrong command line`, () =>
    within(async directory => {
      const { code, err } = await type(directory, ...args);
      assert.is(code, 2);
      assert.ok(err.includes(message), err);
    }));
}

test.run();
