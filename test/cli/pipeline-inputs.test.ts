/** What the inputs of the action in ci/github change. */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readJunit } from '../support/junit.ts';
import { projectDirectory } from '../support/source-files.ts';
import { cleanClone, git, install, removeDirectories } from './made-repository.ts';
import {
  change,
  direct,
  hostile,
  notSilenced,
  textOf,
  withBrokenSwarm,
  wrongRoute,
} from './pipeline-changes.ts';
import { type Action, runGithub, yamlOf } from './pipeline-runners.ts';

const test = suite('cli/pipeline-inputs');

test.after(removeDirectories);

test('warnings fail the job only when it is strict, and the scenarios are played all the same', async () => {
  const clone = await cleanClone();
  change(clone, notSilenced);
  const strict = runGithub(clone, { command: direct });
  const lenient = runGithub(clone, { command: direct, strict: 'false' });

  assert.is(strict.code, 2);
  assert.is(lenient.code, 0);
  for (const { log, outputs } of [strict, lenient]) {
    assert.match(log, /^::warning file=gateways\/routing\/northlink\.yaml,.*C4510/m);
    assert.is(outputs['simulate-junit'], 'class4-reports/simulate.xml');
  }
  assert.is(runGithub(clone, { command: direct, strict: 'maybe' }).code, 2);
});

test('what a swarm finds is kept with the reports', async () => {
  const clone = await cleanClone();
  const { code, summary } = runGithub(clone, { command: withBrokenSwarm(clone), 'swarm-calls': '500' });

  assert.is(code, 3);
  assert.match(summary, '| `class4 simulate --swarm` | failed with exit code 3 |');
  assert.ok(existsSync(join(clone, 'class4-reports/swarm-1.yaml')));
  assert.is(git(clone, 'status', '--porcelain').output, '');
});

test('a configuration below the top of the repository has annotations from the top, and a swarm when it is asked for', async () => {
  const clone = await cleanClone();
  const above = `${clone}-above`;
  mkdirSync(above);
  try {
    renameSync(clone, join(above, 'voice'));
    renameSync(join(above, 'voice/.github'), join(above, '.github'));
    rmSync(join(above, 'voice/node_modules'), { recursive: true });
    install(above);
    const line = change(join(above, 'voice'), wrongRoute);
    const inputs = { command: direct, config: 'voice', reports: 'out/class 4', 'swarm-calls': '300' };
    const { code, log, summary, outputs } = runGithub(above, inputs);
    assert.is(code, 1);
    assert.match(log, new RegExp(`^::error file=voice/${wrongRoute.path},line=${line},`, 'm'));
    const reports = ['coverage.lcov', 'simulate.xml', 'swarm.xml', 'validate.xml'];
    assert.equal(readdirSync(join(above, 'out/class 4')).sort(), reports);
    assert.match(summary, '| `class4 simulate --swarm` | passed |');
    assert.is(readJunit(textOf(above, outputs['swarm-junit']!)).failures, 0);
  } finally {
    rmSync(above, { recursive: true });
  }
});

test('no input is run by a shell', async () => {
  const action = yamlOf<Action>(join(projectDirectory, 'ci/github/action.yml'));
  for (const { run } of action.runs.steps) assert.not.match(run!, '${{');

  const clone = await cleanClone();
  for (const names of [['config'], ['strict'], ['min-coverage', 'seed', 'swarm-calls']]) {
    const inputs = Object.fromEntries(names.map(name => [name, hostile]));
    assert.is(runGithub(clone, { command: direct, ...inputs }).code, 2, names.join());
  }
  assert.not.ok(existsSync(join(clone, 'pwned')));
});

test.run();
