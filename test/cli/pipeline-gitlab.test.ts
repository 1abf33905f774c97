/** The jobs in ci/gitlab, run in clean clones of a repository that `class4 init` has made. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readJunit } from '../support/junit.ts';
import { projectDirectory, readSource } from '../support/source-files.ts';
import { cleanClone, git, removeDirectories } from './made-repository.ts';
import {
  change,
  direct,
  hostile,
  noSuchTable,
  notSilenced,
  textOf,
  withBrokenSwarm,
  wrongRoute,
} from './pipeline-changes.ts';
import { runGitlab } from './pipeline-runners.ts';

const test = suite('cli/pipeline-gitlab');

test.after(removeDirectories);

/** The hash is that of one repository, and npm may have a word of its own. */
function assertShown(page: string, log: string): void {
  const shown = (text: string) => text.replace(/^npm .*\n/gm, '').replace(/hash \w{12}$/gm, 'hash');
  const block = `\`\`\`\n${shown(log)}\`\`\`\n`;
  assert.ok(shown(readSource(page).text).includes(block), `${page} has no longer\n${block}`);
}

test('every job for GitLab passes in a clean clone, and leaves its reports', async () => {
  const clone = await cleanClone();
  const jobs = runGitlab(clone);

  assert.equal([...jobs.keys()], ['class4:validate', 'class4:form', 'class4:simulate']);
  for (const [name, { code, log }] of jobs) assert.is(code, 0, `${name}\n${log}`);
  assert.equal(jobs.get('class4:validate')!.reports, [
    'class4-reports/quality.json',
    'class4-reports/validate.xml',
  ]);
  assert.equal(JSON.parse(textOf(clone, 'class4-reports/quality.json')), []);
  assert.is(readJunit(textOf(clone, 'class4-reports/validate.xml')).failures, 0);
  const { coverage, reports } = jobs.get('class4:simulate')!;
  assertShown('docs/new-repository.md', [...jobs.values()].map(job => job.log).join(''));
  assert.match(coverage!, /^\d+\.\d$/);
  assert.equal(reports, ['class4-reports/simulate.xml']);
  assert.equal(readJunit(textOf(clone, 'class4-reports/simulate.xml')), { tests: 16, failures: 0 });
  assert.match(textOf(clone, 'class4-reports/coverage.lcov'), /^SF:/m);
  assert.is(git(clone, 'status', '--porcelain').output, '');
});

test('the job for GitLab that finds something fails, with its reports', async () => {
  const clone = await cleanClone();
  const codes = (variables = {}) =>
    [...runGitlab(clone, { CLASS4_COMMAND: direct, ...variables }).values()].map(({ code }) => code);
  const line = change(clone, wrongRoute);
  const simulated = runGitlab(clone, { CLASS4_COMMAND: direct });
  assert.equal(
    [...simulated.values()].map(({ code }) => code),
    [0, 0, 1],
  );
  const { log } = simulated.get('class4:simulate')!;
  assert.match(log, `${wrongRoute.path}:${line}:`);
  assertShown('docs/ci.md', log.replace(/^\n {2}\d+ via [\s\S]* → class4 simulate .*\n$/m, '…'));
  assert.equal(readJunit(textOf(clone, 'class4-reports/simulate.xml')), { tests: 16, failures: 1 });

  git(clone, 'checkout', '--quiet', '.');
  change(clone, noSuchTable);
  assert.equal(codes(), [2, 0, 2]);
  const [finding] = JSON.parse(textOf(clone, 'class4-reports/quality.json'));
  assert.is(finding.location.path, noSuchTable.path);

  git(clone, 'checkout', '--quiet', '.');
  change(clone, notSilenced);
  const lenient = { CLASS4_STRICT: 'false', CLASS4_SEED: '', CLASS4_MIN_COVERAGE: '99.5' };
  assert.equal(codes(lenient), [0, 0, 1]);
});

test('a swarm has a job of its own when it is asked for, and what it finds is an artifact', async () => {
  const clone = await cleanClone();
  const command = withBrokenSwarm(clone);
  const swarm = (calls: string) => {
    const variables = { CLASS4_COMMAND: command, CLASS4_SWARM_CALLS: calls };
    return runGitlab(clone, variables, ['class4:swarm']).get('class4:swarm')!;
  };
  const good = swarm('300');
  assert.is(good.code, 0, good.log);
  assert.equal(good.reports, ['class4-reports/swarm.xml']);
  assert.is(readJunit(textOf(clone, 'class4-reports/swarm.xml')).failures, 0);

  const broken = swarm('500');
  assert.is(broken.code, 3);
  assert.ok(existsSync(join(clone, 'class4-reports/swarm-1.yaml')));
});

test('no variable is run by a shell', async () => {
  const clone = await cleanClone();
  const names = ['CONFIG', 'STRICT', 'MIN_COVERAGE', 'SEED', 'SWARM_CALLS'];
  const variables = Object.fromEntries(names.map(name => [`CLASS4_${name}`, hostile]));
  const jobs = runGitlab(clone, { CLASS4_COMMAND: direct, ...variables });

  assert.is(jobs.size, 4);
  for (const [name, { code }] of jobs) assert.is(code, 2, name);
  assert.not.ok(existsSync(join(clone, 'pwned')));
});

test('the copy of the jobs for GitLab is the one of the package', async () => {
  const clone = await cleanClone();
  const path = 'ci/gitlab/class4.gitlab-ci.yml';
  assert.is(textOf(clone, path), textOf(projectDirectory, path));
});

test.run();
