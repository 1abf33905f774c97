/** The action in ci/github, run step by step in clean clones of a repository that `class4 init` has made. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readJunit } from '../support/junit.ts';
import { readSource } from '../support/source-files.ts';
import { cleanClone, git, removeDirectories } from './made-repository.ts';
import { change, direct, noSuchTable, otherForm, textOf, wrongRoute } from './pipeline-changes.ts';
import { runGithub } from './pipeline-runners.ts';

const test = suite('cli/pipeline-github');

test.after(removeDirectories);

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
    'swarm-junit': '',
    'coverage-lcov': 'class4-reports/coverage.lcov',
    'plan-json': '',
    'plan-markdown': '',
  });
  assert.is(readJunit(textOf(clone, outputs['validate-junit']!)).failures, 0);
  assert.equal(readJunit(textOf(clone, outputs['simulate-junit']!)), { tests: 16, failures: 0 });
  assert.match(textOf(clone, outputs['coverage-lcov']!), /^SF:gateways\/routing\/northlink\.yaml$/m);
  assert.is(git(clone, 'status', '--porcelain').output, '');
});

test('a scenario that fails is told at its line in the pull request, and the job ends with 1', async () => {
  const clone = await cleanClone();
  const line = change(clone, wrongRoute);
  const { code, log, summary, outputs } = runGithub(clone, { command: direct });

  assert.is(code, 1);
  const errors = log.match(/^::error .*$/gm) ?? [];
  assert.is(errors.length, 1);
  assert.ok(errors[0]!.startsWith(`::error file=${wrongRoute.path},line=${line},`), errors[0]);
  assert.ok(
    readSource('docs/ci.md').text.includes(`\`\`\`\n${log}\`\`\`\n`),
    `docs/ci.md has no longer\n${log}`,
  );
  assert.match(summary, '16 scenarios, 1,015 calls, 15 passed, 1 failed');
  assert.match(summary, '| `class4 simulate` | failed with exit code 1 |');
  assert.equal(readJunit(textOf(clone, outputs['simulate-junit']!)), { tests: 16, failures: 1 });
  assert.is(outputs['exit-code'], '1');
});

test('with errors in the configuration nothing is played, each error is told once, and the job ends with 2', async () => {
  const clone = await cleanClone();
  const line = change(clone, noSuchTable);
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

test('files that are not in canonical form, and too little coverage, end the job with 1 after all steps', async () => {
  const clone = await cleanClone();
  change(clone, otherForm);
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

test.run();
