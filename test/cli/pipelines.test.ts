/** The pipelines in ci/, run step by step in clean clones of repositories that `class4 init` has made. */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readJunit } from '../support/junit.ts';
import { projectDirectory } from '../support/source-files.ts';
import { cleanClone, git, install, program, removeDirectories } from './made-repository.ts';
import { type Action, runGithub, runGitlab, yamlOf } from './pipeline-runners.ts';

const test = suite('cli/pipelines');

test.after(removeDirectories);

/** npx takes most of a step's time, and one run with it is enough. */
const direct = `${process.execPath} ${program}`;

function textOf(repository: string, path: string): string {
  return readFileSync(join(repository, path), 'utf8');
}

/** Returns the line of what was changed. */
function change(repository: string, path: string, from: string, to: string): number {
  const text = textOf(repository, path);
  const at = text.indexOf(from);
  assert.ok(at >= 0, `${path} has no ${from}`);
  writeFileSync(
    join(repository, path),
    text.replace(from, () => to),
  );
  return text.slice(0, at).split('\n').length;
}

const route = {
  path: 'ci/scenarios/routes.yaml',
  from: '"442079460018": northlink',
  to: '"442079460018": meridian',
};
const account = { path: 'accounts/meridian.yaml', from: 'rateTable: meridian', to: 'rateTable: meridien' };

const silenced = {
  path: 'gateways/routing/northlink.yaml',
  from: '# class4-ignore C4510:',
  to: '# No backup:',
};

test('every step of the workflow for GitHub passes in a clean clone, and leaves its reports', async () => {
  const clone = await cleanClone();
  const { code, log, summary, outputs } = runGithub(clone);

  assert.is(code, 0, log);
  assert.not.match(log, /^::(?:error|warning)/m);
  assert.match(
    log,
    /^::notice title=class4 simulate::seed 1: 16 scenarios, 1,015 calls, 16 passed, 0 failed$/m,
  );
  assert.match(summary, '### class4: nothing to complain about');
  assert.match(summary, '### class4 simulate: 16 scenarios, 1,015 calls, 16 passed, 0 failed');
  assert.match(summary, /^### class4 coverage: \d+\.\d %$/m);
  for (const command of ['validate', 'fmt --check', 'simulate']) {
    assert.match(summary, `| \`class4 ${command}\` | passed |\n`);
  }
  assert.equal(outputs, {
    'exit-code': '0',
    'validate-junit': 'class4-reports/validate.xml',
    'simulate-junit': 'class4-reports/simulate.xml',
    'coverage-lcov': 'class4-reports/coverage.lcov',
  });
  assert.is(readJunit(textOf(clone, outputs['validate-junit']!)).failures, 0);
  assert.equal(readJunit(textOf(clone, outputs['simulate-junit']!)), { tests: 16, failures: 0 });
  assert.match(textOf(clone, outputs['coverage-lcov']!), /^SF:gateways\/routing\/northlink\.yaml$/m);
  assert.is(git(clone, 'status', '--porcelain').output, '');
});

test('a scenario that fails is told at its line in the pull request, and the job ends with 1', async () => {
  const clone = await cleanClone();
  const line = change(clone, route.path, route.from, route.to);
  const { code, log, summary, outputs } = runGithub(clone, { command: direct });

  assert.is(code, 1);
  const errors = log.match(/^::error .*$/gm) ?? [];
  assert.is(errors.length, 1);
  assert.ok(errors[0]!.startsWith(`::error file=${route.path},line=${line},`), errors[0]);
  assert.match(summary, '16 scenarios, 1,015 calls, 15 passed, 1 failed');
  assert.match(summary, '| `class4 simulate` | failed with exit code 1 |');
  assert.equal(readJunit(textOf(clone, outputs['simulate-junit']!)), { tests: 16, failures: 1 });
  assert.is(outputs['exit-code'], '1');
});

test('with errors in the configuration nothing is played, each error is told once, and the job ends with 2', async () => {
  const clone = await cleanClone();
  const line = change(clone, account.path, account.from, account.to);
  const { code, log, summary, outputs } = runGithub(clone, { command: direct });

  assert.is(code, 2);
  const errors = log.match(/^::error .*$/gm) ?? [];
  assert.is(errors.length, 1);
  assert.match(errors[0]!, `::error file=accounts/meridian.yaml,line=${line},col=12,title=C4301 `);
  assert.match(summary, '| C4301 | accounts/meridian.yaml:');
  assert.match(summary, '| `class4 simulate` | not played, since the configuration has errors |');
  assert.is(readJunit(textOf(clone, outputs['validate-junit']!)).failures, 1);
  assert.is(outputs['simulate-junit'], '');
  assert.not.ok(existsSync(join(clone, 'class4-reports/simulate.xml')));
});

test('warnings fail the job only when it is strict, and the scenarios are played all the same', async () => {
  const clone = await cleanClone();
  change(clone, silenced.path, silenced.from, silenced.to);
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

test('files that are not in canonical form, and too little coverage, end the job with 1 after all steps', async () => {
  const clone = await cleanClone();
  change(clone, 'accounts/northlink.yaml', 'kind: vendor', 'kind:   vendor');
  const { code, log, summary } = runGithub(clone, { command: direct, 'min-coverage': '99.5' });

  assert.is(code, 1);
  assert.match(log, /^::error title=class4 fmt::/m);
  assert.match(log, /^accounts\/northlink\.yaml$/m);
  assert.match(log, 'less than the 99.5 % of --min-coverage');
  const failed = 'failed with exit code 1';
  assert.match(
    summary,
    `| passed |\n| \`class4 fmt --check\` | ${failed} |\n| \`class4 simulate\` | ${failed} |\n`,
  );
});

test('a configuration below the top of the repository has annotations from the top', async () => {
  const clone = await cleanClone();
  const above = `${clone}-above`;
  mkdirSync(above);
  try {
    renameSync(clone, join(above, 'voice'));
    renameSync(join(above, 'voice/.github'), join(above, '.github'));
    rmSync(join(above, 'voice/node_modules'), { recursive: true });
    install(above);
    const line = change(join(above, 'voice'), route.path, route.from, route.to);
    const { code, log } = runGithub(above, { command: direct, config: 'voice', reports: 'out/class 4' });
    assert.is(code, 1);
    assert.match(log, new RegExp(`^::error file=voice/${route.path},line=${line},`, 'm'));
    assert.equal(readdirSync(join(above, 'out/class 4')).sort(), [
      'coverage.lcov',
      'simulate.xml',
      'validate.xml',
    ]);
  } finally {
    rmSync(above, { recursive: true });
  }
});

test('no input is run by a shell', async () => {
  const action = yamlOf<Action>(join(projectDirectory, 'ci/github/action.yml'));
  for (const { run } of action.runs.steps) assert.not.match(run!, '${{');

  const clone = await cleanClone();
  const hostile = '"; touch pwned; $(touch pwned) `touch pwned` \'';
  for (const names of [['config'], ['strict'], ['min-coverage', 'seed']]) {
    const inputs = Object.fromEntries(names.map(name => [name, hostile]));
    assert.is(runGithub(clone, { command: direct, ...inputs }).code, 2, names.join());
  }
  const variables = { CLASS4_CONFIG: hostile, CLASS4_MIN_COVERAGE: hostile, CLASS4_SEED: hostile };
  for (const [name, { code }] of runGitlab(clone, { CLASS4_COMMAND: direct, ...variables })) {
    assert.is(code, 2, name);
  }
  assert.not.ok(existsSync(join(clone, 'pwned')));
});

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
  const { coverage, log, reports } = jobs.get('class4:simulate')!;
  assert.match(log, /^seed 1\n/);
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
  const line = change(clone, route.path, route.from, route.to);
  const simulated = runGitlab(clone, { CLASS4_COMMAND: direct });
  assert.equal(
    [...simulated.values()].map(({ code }) => code),
    [0, 0, 1],
  );
  assert.match(simulated.get('class4:simulate')!.log, `${route.path}:${line}:`);
  assert.equal(readJunit(textOf(clone, 'class4-reports/simulate.xml')), { tests: 16, failures: 1 });

  git(clone, 'checkout', '--quiet', '.');
  change(clone, account.path, account.from, account.to);
  assert.equal(codes(), [2, 0, 2]);
  const [finding] = JSON.parse(textOf(clone, 'class4-reports/quality.json'));
  assert.is(finding.location.path, account.path);

  git(clone, 'checkout', '--quiet', '.');
  change(clone, silenced.path, silenced.from, silenced.to);
  const lenient = { CLASS4_STRICT: 'false', CLASS4_SEED: '', CLASS4_MIN_COVERAGE: '99.5' };
  assert.equal(codes(lenient), [0, 0, 1]);
});

test('the copy of the jobs for GitLab is the one of the package', async () => {
  const clone = await cleanClone();
  const path = 'ci/gitlab/class4.gitlab-ci.yml';
  assert.is(textOf(clone, path), textOf(projectDirectory, path));
});

test.run();
