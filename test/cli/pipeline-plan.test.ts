/** The plan of a change in the pipelines of ci/: one comment, which later runs update, and files beside it. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type CommentService, startCommentService } from './comment-service.ts';
import { cleanClone, git, install, newDirectory, removeDirectories } from './made-repository.ts';
import { type Change, change, direct, hostile, noSuchTable, textOf } from './pipeline-changes.ts';
import { type JobResult, runGithub, runGitlab } from './pipeline-runners.ts';

const test = suite('cli/pipeline-plan');

let service: CommentService;

test.before.each(async () => {
  service = await startCommentService();
});

test.after.each(() => service.stop());

test.after(removeDirectories);

const otherOrder: Change = {
  path: 'gateways/routing/northlink.yaml',
  from: 'priority: 10',
  to: 'priority: 5',
};
const noMoreChina: Change = { path: 'gateways/routing/northlink.yaml', from: '  - "86"\n', to: '' };

/** A clone with the change committed on a branch, as a pipeline checks it out; `depth` commits of it, or all. */
async function pullRequest(made: Change | null, depth: number | null = null): Promise<string> {
  const origin = await cleanClone();
  git(origin, 'checkout', '--quiet', '-b', 'change');
  if (made !== null) change(origin, made);
  git(origin, 'commit', '--quiet', '--allow-empty', '-am', 'Change it');
  const clone = join(newDirectory(), 'checkout');
  const shallow = depth === null ? [] : ['--depth', String(depth)];
  const { status, output } = git(
    newDirectory(),
    ...['clone', '--quiet', ...shallow, '--branch', 'change', `file://${origin}`, clone],
  );
  assert.is(status, 0, output);
  install(clone);
  return clone;
}

/** A class4 for which all but the plan, and errors, has passed: other tests run the rest. */
function planAlone(clone: string): string {
  const path = join(clone, 'node_modules/plan-alone.sh');
  writeFileSync(path, `case "$1" in plan | validate) exec ${direct} "$@" ;; esac\n`);
  return `sh ${path}`;
}

function github(clone: string, token: string, inputs: Readonly<Record<string, string>> = {}): JobResult {
  const event = join(newDirectory(), 'event.json');
  writeFileSync(event, JSON.stringify({ pull_request: { number: 7 } }));
  return runGithub(
    clone,
    { command: planAlone(clone), token, ...inputs },
    {
      GITHUB_BASE_REF: 'main',
      GITHUB_REF: 'refs/heads/change',
      GITHUB_EVENT_PATH: event,
      GITHUB_REPOSITORY: 'team/voice',
      GITHUB_API_URL: service.url,
    },
  );
}

async function plans(): Promise<readonly string[]> {
  const { comments } = await service.state();
  return comments.map(({ body }) => body).filter(body => body.startsWith('<!-- class4 plan'));
}

test('GitHub: the first run posts one comment, the next one updates it, and the files are there', async () => {
  const clone = await pullRequest(otherOrder);
  const first = github(clone, 'writer');

  assert.match(first.log, 'class4 plan: a comment was posted');
  assert.match(first.log, /^class4 plan: passed$/m);
  assert.match(first.summary, '| another order of gateways |');
  assert.is(first.outputs['plan-markdown'], 'class4-reports/plan.md');
  assert.is((await plans()).length, 1);
  assert.is((await plans())[0], textOf(clone, 'class4-reports/plan.md'));
  assert.is(JSON.parse(textOf(clone, first.outputs['plan-json']!)).summary.kinds[0].kind, 'reordered');

  change(clone, noMoreChina);
  const second = github(clone, 'writer', { 'plan-fail-on': 'unroutable' });
  assert.match(second.log, 'class4 plan: the comment was updated');
  assert.match(second.log, /^::error title=class4 plan::.*carried no longer/m);
  assert.match(second.log, /^class4 plan: failed with exit code 1$/m);
  assert.is((await plans()).length, 1);
  assert.match((await plans())[0]!, '❌ numbers of 1 prefix are carried no longer: 86');
});

test('GitHub: who may not comment has the plan in the summary, and the job does not fail for it', async () => {
  const { code, log, summary, outputs } = github(await pullRequest(otherOrder), 'reader');

  assert.match(log, /^class4 plan: no comment was posted: 127\.0\.0\.1:\d+ answers 403 to POST$/m);
  assert.match(log, 'pull-requests: write');
  assert.not.match(log, 'reader');
  assert.is(summary.split('### class4 plan:').length, 2);
  assert.match(log, /^class4 plan: passed$/m);
  assert.is(outputs['plan-markdown'], 'class4-reports/plan.md');
  assert.equal(await plans(), []);
  assert.is(code, 0);
});

test('GitHub: a checkout of one commit is deepened until the plan can be made', async () => {
  const clone = await pullRequest(otherOrder, 1);
  assert.is(git(clone, 'rev-list', '--count', 'HEAD').output.trim(), '1');
  const { log } = github(clone, 'writer');

  assert.match(log, 'Plan from where origin/main was left (');
  assert.match(log, /^class4 plan: passed$/m);
});

test('GitHub: a change that changes nothing has no comment, and one with errors is not planned', async () => {
  const clone = await pullRequest(null);
  const { log } = github(clone, 'writer');
  assert.match(log, 'Nothing changes: both sides mean the same.');
  assert.equal(await plans(), []);

  change(clone, noSuchTable);
  const wrong = github(clone, 'writer');
  assert.is(wrong.code, 2);
  assert.match(wrong.summary, '| `class4 plan` | not played, since the configuration has errors |');
});

test('GitHub: no input of the plan is run by a shell', async () => {
  const clone = await pullRequest(otherOrder);
  for (const names of [['plan-base'], ['plan-fail-on', 'plan-limit', 'plan-allow'], ['plan-comment']]) {
    const inputs = Object.fromEntries(names.map(name => [name, hostile]));
    assert.is(github(clone, 'writer', inputs).code, 2, names.join());
  }
  assert.not.ok(existsSync(join(clone, 'pwned')));
});

test('GitLab: the job of a merge request posts one note and updates it, with a token of its own', async () => {
  const clone = await pullRequest(otherOrder);
  const run = (token: string) =>
    runGitlab(
      clone,
      {
        CLASS4_COMMAND: direct,
        CLASS4_COMMENT_TOKEN: token,
        CI_PIPELINE_SOURCE: 'merge_request_event',
        CI_MERGE_REQUEST_DIFF_BASE_SHA: git(clone, 'rev-parse', 'origin/main').output.trim(),
        CI_MERGE_REQUEST_IID: '7',
        CI_PROJECT_ID: '42',
        CI_API_V4_URL: service.url,
        GITLAB_CI: 'true',
      },
      ['class4:plan'],
    ).get('class4:plan')!;

  const without = run('');
  assert.is(without.code, 0, without.log);
  assert.not.match(without.log, 'comment');
  assert.match(run('reader').log, 'CLASS4_COMMENT_TOKEN');
  assert.match(run('writer').log, 'a comment was posted');
  assert.match(run('writer').log, 'the comment says so already');
  change(clone, noMoreChina);
  assert.match(run('writer').log, 'the comment was updated');
  assert.is((await plans()).length, 1);
  assert.match(textOf(clone, 'class4-reports/plan.md'), 'no longer carried');
});

test('GitLab: without a merge request there is no such job', async () => {
  const jobs = runGitlab(await cleanClone(), { CLASS4_COMMAND: 'true' });

  assert.equal([...jobs.keys()], ['class4:validate', 'class4:form', 'class4:simulate']);
});

test.run();
