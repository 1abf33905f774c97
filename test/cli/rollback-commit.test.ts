/** `rollback --commit` as an operator types it, in a repository with a switch that runs in this process. */
import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { HoldReport, ResumeResult } from '../../src/live/operations.ts';
import { write, writeRates } from '../live/network.ts';
import { typeIn } from './example-directory.ts';
import {
  type Context,
  makeNetwork,
  removeNetwork,
  start,
  startAndEdit,
  status,
} from './switch-in-process.ts';

const test = suite<Context>('cli/rollback-commit');
const address = '127.73.1.2';
const reason = ['--reason', 'UK mobile fails'] as const;

test.before.each(context => makeNetwork(context, address));
test.after.each(removeNetwork);

function git(path: string, ...args: readonly string[]): string {
  const who = ['-c', 'user.name=Anna', '-c', 'user.email=anna@example.net', '-c', 'commit.gpgsign=false'];
  return execFileSync('git', [...who, ...args], { cwd: path, encoding: 'utf8', stdio: 'pipe' });
}

function commitAll(path: string, message: string): void {
  git(path, 'add', '.');
  git(path, 'commit', '-q', '-m', message);
}

/** A repository with the directory in it, a merge that broke something, and files that are none of the switch's. */
async function startInRepository(context: Context): Promise<readonly [string, string]> {
  const { path } = context.directory;
  git(path, 'init', '-q', '-b', 'main');
  git(path, 'config', 'user.name', 'Anna');
  git(path, 'config', 'user.email', 'anna@example.net');
  git(path, 'config', 'commit.gpgsign', 'false');
  writeFileSync(join(path, '.gitignore'), 'var/\n');
  commitAll(path, 'Begin');
  const first = await start(context);
  writeRates(path, 'retail', '0.75');
  write(path, 'accounts/new.yaml', ['kind: vendor', 'rateTable: acme']);
  rmSync(join(path, 'gateways', 'routing', 'acme.yaml'));
  write(path, 'gateways/routing/other.yaml', [
    'clearingAccount: acme-telecom',
    'address: 127.66.1.20:5060',
    'prefixes: ["44"]',
  ]);
  commitAll(path, 'Merge what breaks UK mobile');
  assert.is((await typeIn(context.directory, ['reload'])).code, 0);
  return [first, (await status(context)).snapshot.hash];
}

test('--commit puts the files of the old version back as one commit, and touches nothing else', async context => {
  const { directory } = context;
  const [first, second] = await startInRepository(context);
  mkdirSync(join(directory.path, 'docs'));
  writeFileSync(join(directory.path, 'docs', 'notes.md'), 'unfinished\n');
  git(directory.path, 'add', 'docs/notes.md');

  const { code, out, err } = await typeIn(directory, ['rollback', '--commit', ...reason]);

  assert.is(code, 0, err);
  assert.match(out, /Committed [0-9a-f]{12} on main \(4 files\); push it when you are ready\./);
  const message = git(directory.path, 'log', '-1', '--format=%an%n%B');
  const [who, subject, , why, , takesBack, , taken, , ...trailers] = message.split('\n');
  assert.equal(
    [who, subject, why, takesBack, trailers.slice(0, 2)],
    [
      ...['Anna', `Roll back the configuration to ${first.slice(0, 12)}`, 'UK mobile fails', 'Takes back:'],
      [`Class4-From: ${second}`, `Class4-To: ${first}`],
    ],
  );
  assert.match(taken!, /^\* [0-9a-f]{7,} Merge what breaks UK mobile$/);
  assert.match(message, 'Written-by: class4 rollback');
  assert.is(git(directory.path, 'diff', 'HEAD~2', 'HEAD'), '', 'the tree is that of the old version');
  assert.is(git(directory.path, 'status', '--porcelain'), 'A  docs/notes.md\n');
  const resumed = JSON.parse((await typeIn(directory, ['resume', '--json'])).out) as ResumeResult;
  assert.equal([resumed.decision!.from, resumed.decision!.to], [first, first]);
});

test('--commit does not touch a work tree that somebody works in; the rollback stands', async context => {
  const { directory } = context;
  const [first] = await startInRepository(context);
  const path = join(directory.path, 'rates', 'retail.yaml');
  appendFileSync(path, '# to be continued\n');
  const refused = await typeIn(directory, ['rollback', '--commit', ...reason]);
  assert.is(refused.code, 1);
  assert.match(
    refused.err,
    /the rollback stands, but there is no commit: there are uncommitted changes: rates\/retail\.yaml/,
  );
  assert.match(refused.err, `class4 rollback ${first.slice(0, 12)} --commit --reason TEXT`);
  assert.is((await status(context)).snapshot.hash, first);
  assert.match(readFileSync(path, 'utf8'), /# to be continued/);
  git(directory.path, 'checkout', '-q', '--', 'rates/retail.yaml');

  git(directory.path, 'checkout', '-q', '--detach');
  const detached = await typeIn(directory, ['rollback', first, '--commit', ...reason]);
  assert.match(detached.err, /on no branch \(detached HEAD\)/);
  git(directory.path, 'checkout', '-q', 'main');

  const hook = join(directory.path, '.git', 'hooks', 'pre-commit');
  mkdirSync(join(hook, '..'), { recursive: true });
  writeFileSync(hook, '#!/bin/sh\necho no commits on Sundays >&2\nexit 1\n', { mode: 0o755 });
  const hooked = await typeIn(directory, ['rollback', first, '--commit', ...reason]);
  assert.match(hooked.err, /git commit refuses: no commits on Sundays/);
  assert.is(git(directory.path, 'status', '--porcelain'), '', 'the work tree is as it was');
  rmSync(hook);

  assert.match((await typeIn(directory, ['rollback', first, '--commit', ...reason])).out, /Committed/);
  const again = await typeIn(directory, ['rollback', first, '--commit', ...reason]);
  assert.match(again.out, /No commit: the files on main are those of this version already/);
});

test('--commit says what else it takes back when the work tree moved on', async context => {
  const { directory } = context;
  const [first] = await startInRepository(context);
  assert.is((await typeIn(directory, ['rollback', ...reason])).code, 0);
  writeRates(directory.path, 'acme', '0.31');
  commitAll(directory.path, 'Mend the prices of acme');

  const { code, out, err } = await typeIn(directory, ['rollback', first, '--commit', ...reason]);

  assert.is(code, 0, err);
  const subjects = git(directory.path, 'log', '--format=%s', '-3', 'HEAD~1').trim().split('\n').slice(0, 2);
  assert.match(out, /It takes back these 2 commits:\n {2}[0-9a-f]{7,} Mend the prices of acme\n/);
  const message = git(directory.path, 'log', '-1', '--format=%B');
  for (const subject of subjects) assert.match(message, subject);
  assert.is(git(directory.path, 'diff', 'HEAD~3', 'HEAD'), '', 'the tree is that of the old version');
});

test('--commit by somebody whom git does not know says how to tell it', async context => {
  const { directory } = context;
  const [first] = await startInRepository(context);
  git(directory.path, 'config', '--unset', 'user.name');
  git(directory.path, 'config', '--unset', 'user.email');
  git(directory.path, 'config', 'user.useConfigOnly', 'true');
  const before = process.env['GIT_CONFIG_GLOBAL'];
  process.env['GIT_CONFIG_GLOBAL'] = '/dev/null';
  try {
    const { code, err } = await typeIn(directory, ['rollback', first, '--commit', ...reason]);
    assert.is(code, 1);
    assert.match(err, 'there is no commit: git commit refuses');
    assert.match(err, 'tell git who you are: git config user.name NAME');
  } finally {
    if (before === undefined) delete process.env['GIT_CONFIG_GLOBAL'];
    else process.env['GIT_CONFIG_GLOBAL'] = before;
  }
  assert.is(git(directory.path, 'status', '--porcelain'), '', 'the work tree is as it was');
});

test('--commit in the middle of a merge is refused, and the conflict stays as it is', async context => {
  const { directory } = context;
  const [first] = await startInRepository(context);
  git(directory.path, 'checkout', '-q', '-b', 'other', 'HEAD~1');
  writeRates(directory.path, 'retail', '0.99');
  commitAll(directory.path, 'Other prices');
  assert.throws(() => git(directory.path, 'merge', 'main'));
  const before = git(directory.path, 'status', '--porcelain');

  const { code, err } = await typeIn(directory, ['rollback', first, '--commit', ...reason]);

  assert.is(code, 1);
  assert.match(err, 'there is no commit: a merge is under way in the work tree');
  assert.match(err, 'finish or abort it first');
  assert.is(git(directory.path, 'status', '--porcelain'), before);
});

test('--commit outside of a repository is refused with words', async context => {
  await startAndEdit(context);
  const { code, err } = await typeIn(context.directory, ['rollback', '--commit', ...reason]);

  assert.is(code, 1);
  assert.match(err, /is in no git work tree/);
  assert.ok(((await status(context)).hold as HoldReport).durable);
});

test.run();
