/** Rolling back and resuming as an operator does, on a switch that runs in this process. */
import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Daemon, startDaemon } from '../../src/live/daemon.ts';
import type { HoldReport, ResumeResult, RollbackResult, StatusReport } from '../../src/live/operations.ts';
import { StartError } from '../../src/live/start-error.ts';
import { openWriter } from '../../src/store/writer.ts';
import { FakeLog } from '../live/fakes.ts';
import { freePort, write, writeNetwork, writeRates } from '../live/network.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../store/records.ts';
import { projectDirectory } from '../support/source-files.ts';
import { typeIn } from './example-directory.ts';

interface Context {
  directory: TemporaryDirectory;
  log: FakeLog;
  daemon: Daemon | null;
  port: number;
}

const test = suite<Context>('cli/rollback');
const address = '127.66.1.1';
const never = new Promise<void>(() => {});
const reason = ['--reason', 'UK mobile fails'] as const;

test.before.each(async context => {
  context.directory = temporaryDirectory();
  context.log = new FakeLog();
  context.port = await freePort(address);
  writeNetwork(context.directory.path, { address, port: context.port });
  context.daemon = null;
});
test.after.each(async context => {
  await stop(context);
  context.directory.remove();
});

async function start(context: Context): Promise<string> {
  context.daemon = await startDaemon({ directory: context.directory.path, log: context.log, env: {} });
  // A version whose files are edited before they could be kept is kept without them.
  await until(async () => (await status(context)).decisions.pending === 0);
  return context.daemon.snapshotHash;
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 400; tries += 1) {
    if (await isSo()) return;
    await new Promise(resolve => setTimeout(resolve, 25));
  }
  throw new Error('it did not come about in 10 s');
}

async function stop(context: Context): Promise<void> {
  await context.daemon?.stop(0, never);
  context.daemon = null;
}

async function status({ directory }: Context): Promise<StatusReport> {
  return JSON.parse((await typeIn(directory, ['status', '--json'])).out) as StatusReport;
}

/** Starts with one price, edits it, and gives the hashes of both. */
async function startAndEdit(context: Context): Promise<readonly [string, string]> {
  const first = await start(context);
  writeRates(context.directory.path, 'retail', '0.75');
  assert.is((await typeIn(context.directory, ['reload'])).code, 0);
  return [first, (await status(context)).snapshot.hash];
}

test('a rollback is told, shown by status and reload, survives a restart, and is ended by resume', async context => {
  const { directory } = context;
  const [first, second] = await startAndEdit(context);

  const rolledBack = await typeIn(directory, ['rollback', ...reason]);
  assert.is(rolledBack.code, 0, rolledBack.err);
  assert.is(
    rolledBack.out,
    `Rolled back: new calls use ${first} (before: ${second}).\n` +
      'It is held: changes of the files are checked and not applied until `class4 resume`.\n',
  );
  const { hold, snapshot } = await status(context);
  assert.is(snapshot.hash, first);
  assert.match(hold!.by, /.+@.+/);
  assert.equal([hold!.hash, hold!.reason, hold!.durable], [first, 'UK mobile fails', true]);
  const shown = await typeIn(directory, ['status']);
  assert.match(shown.out, `HELD: ${first} is held by ${hold!.by} since `);
  assert.match(shown.out, `UTC: UK mobile fails; the files are ${second}, and wait for \`class4 resume\``);
  const reloaded = await typeIn(directory, ['reload']);
  assert.is(reloaded.code, 1);
  assert.match(reloaded.out, `The files are good (${second}), and not applied until \`class4 resume\`.`);

  await stop(context);
  write(directory.path, 'accounts/northwind.yaml', ['kind: customr']);
  assert.is(await start(context), first, 'the files are broken, and not needed');
  const broken = await typeIn(directory, ['reload']);
  assert.equal([broken.code, /goes on serving/.test(broken.out), /Held:/.test(broken.out)], [2, true, true]);
  const refused = await typeIn(directory, ['resume']);
  assert.is(refused.code, 2);
  assert.match(refused.out, /customr.*\n[\s\S]*The files have errors, and the hold stays\./);
  assert.ok((await status(context)).hold);

  write(directory.path, 'accounts/northwind.yaml', [
    'kind: customer',
    'rateTable: retail',
    'overdraftLimit: 1000',
  ]);
  const resumed = await typeIn(directory, ['resume', '--reason', 'mended', '--json']);
  assert.is(resumed.code, 0, resumed.err);
  const { outcome, decision } = JSON.parse(resumed.out) as ResumeResult;
  assert.equal([outcome, decision!.from, decision!.to], ['resumed', first, second]);
  assert.is((await status(context)).hold, null);
  assert.is((await typeIn(directory, ['resume'])).code, 2);
});

/** What differs from run to run. */
function masked(text: string): string {
  return text
    .replaceAll(/[0-9a-f]{64}/g, 'HASH')
    .replaceAll(/\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}/g, 'TIME')
    .replaceAll(/held by \S+@\S+/g, 'held by WHO');
}

test('docs/operations.md shows what one sees', async context => {
  const page = readFileSync(join(projectDirectory, 'docs', 'operations.md'), 'utf8');
  const session = /played by test\/cli\/rollback\.test\.ts -->\n```console\n(.*?)```/s.exec(page)![1]!;
  await startAndEdit(context);
  for (const step of session.split(/^\$ class4 /m).slice(1)) {
    const [line, ...shown] = step.split('\n');
    const words = [...line!.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, word]) => quoted ?? word!);
    const { out, err } = await typeIn(context.directory, words);
    assert.is(masked(out), masked(shown.join('\n')), `${line} ${err}`);
  }
});

test('a rollback needs a reason and a version that there is', async context => {
  const { directory } = context;
  await startAndEdit(context);

  const refusals: readonly (readonly [readonly string[], RegExp])[] = [
    [['rollback'], /--reason is missing/],
    [['rollback', '--reason', ' - '], /the reason is missing/],
    [['rollback', '--reason', 'x'.repeat(501)], /the reason is too long/],
    [
      ['rollback', '99', ...reason],
      /there is no version "99" in the history\n {2}→ The newest versions: 2 or [0-9a-f]{12} \(edit/,
    ],
    [['rollback', 'prevoius', ...reason], /did you mean "previous"\?/],
    [['resume'], /nothing is held/],
  ];
  for (const [typed, message] of refusals) {
    const { code, err } = await typeIn(directory, typed);
    assert.is(code, 2, typed.join(' '));
    assert.match(err, message);
  }
  assert.is((await status(context)).hold, null);
});

test('of two who type it at once one is told of the other', async context => {
  const { directory } = context;
  const [first] = await startAndEdit(context);

  const results = await Promise.all([
    typeIn(directory, ['rollback', ...reason]),
    typeIn(directory, ['rollback', '--reason', 'me too']),
  ]);

  assert.equal(results.map(({ code }) => code).sort(), [0, 2]);
  assert.match(results.map(({ err }) => err).join(''), /rolled back already/);
  assert.is((await status(context)).snapshot.hash, first);
});

test('a version can be named by its number and by its hash, and what serves can be held', async context => {
  const { directory } = context;
  const [first, second] = await startAndEdit(context);

  const byNumber = await typeIn(directory, ['rollback', '1', ...reason, '--json']);
  assert.is((JSON.parse(byNumber.out) as RollbackResult).to, first);
  const byHash = await typeIn(directory, ['rollback', second.slice(0, 8), ...reason]);
  assert.match(byHash.out, `new calls use ${second}`);
  const held = await typeIn(directory, ['rollback', second, ...reason]);
  assert.match(held.out, `${second} goes on serving.`);
});

test('while the disk refuses, the rollback serves, and everybody is told that it would not last', async context => {
  const { directory } = context;
  const [first] = await startAndEdit(context);
  const blocker = await openWriter(join(directory.path, 'var', 'class4.db'));
  await blocker.database.execute('BEGIN IMMEDIATE');

  const { code, out } = await typeIn(directory, ['rollback', ...reason]);
  assert.is(code, 1);
  assert.match(out, `new calls use ${first}`);
  assert.match(out, /a restart would undo it/);
  const before = await status(context);
  assert.equal([before.snapshot.hash, before.hold!.durable, before.decisions.pending], [first, false, 1]);

  await blocker.database.execute('ROLLBACK');
  await blocker.close();
  await until(async () => (await status(context)).hold!.durable);
  await stop(context);
  assert.is(await start(context), first);
});

test('while no switch runs, the next start serves the version, and resume ends that', async context => {
  const { directory } = context;
  const [first, second] = await startAndEdit(context);
  await stop(context);

  const rolledBack = await typeIn(directory, ['rollback', ...reason]);
  assert.is(rolledBack.code, 0, rolledBack.err);
  assert.match(rolledBack.out, `The next start serves ${first}.`);
  assert.match((await typeIn(directory, ['rollback', ...reason])).err, /rolled back already/);
  assert.is(await start(context), first);
  await stop(context);

  const resumed = await typeIn(directory, ['resume']);
  assert.is(resumed.code, 0, resumed.err);
  assert.match(resumed.out, `the next start serves the files (${second})`);
  assert.is(await start(context), second);
});

test('files that never served because they broke the start are left behind by the version that served last', async context => {
  const { directory } = context;
  const [, second] = await startAndEdit(context);
  await stop(context);
  write(directory.path, 'switch.yaml', ['name: [']);

  const { code, out, err } = await typeIn(directory, ['rollback', ...reason]);

  assert.is(code, 0, err);
  assert.match(out, `The next start serves ${second}.`);
  assert.is(await start(context), second);
});

test('where nothing ever served there is nothing to go back to', async ({ directory }) => {
  const { code, err } = await typeIn(directory, ['rollback', ...reason]);

  assert.is(code, 4);
  assert.match(err, /none is running, and none ever left a history/);
  assert.not(existsSync(join(directory.path, 'var')));
});

test('a held version that is lost keeps the switch from starting, and both ways out work', async context => {
  const { directory } = context;
  const [, second] = await startAndEdit(context);
  assert.is((await typeIn(directory, ['rollback', ...reason])).code, 0);
  await stop(context);
  rmSync(join(directory.path, 'var', 'class4.db-history'), { recursive: true });

  let failure: unknown = null;
  await start(context).catch((error: unknown) => {
    failure = error;
  });
  assert.instance(failure, StartError);
  assert.match((failure as StartError).message, /which .* holds \(UK mobile fails\), cannot be restored/);
  assert.match((failure as StartError).hint!, /class4 rollback VERSION .*class4 resume/);

  const resumed = await typeIn(directory, ['resume']);
  assert.is(resumed.code, 0, resumed.err);
  assert.is(await start(context), second);
});

test('a version that names another database is held in the one that knows of the hold', async context => {
  const { directory, port } = context;
  const first = await start(context);
  await stop(context);
  writeNetwork(directory.path, { address, port, customerRate: '0.70' });
  await start(context);
  writeNetwork(directory.path, { address, port, storePath: 'var/other.db' });
  await typeIn(directory, ['reload']);
  const moved = await status(context);
  assert.equal(moved.reload.restartNeeded, ['store.path']);

  const rolledBack = await typeIn(directory, ['rollback', '1', ...reason]);
  assert.match(rolledBack.out, `new calls use ${first}`);
  const back = await typeIn(directory, ['rollback', moved.snapshot.hash, ...reason]);
  assert.match(back.out, /A restart is needed for store\.path\./);
  await stop(context);

  assert.is(await start(context), moved.snapshot.hash);
  assert.match((await status(context)).store.path, /class4\.db$/);
  assert.not(existsSync(join(directory.path, 'var', 'other.db')));
});

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
  assert.match(
    message,
    `Anna\nRoll back the configuration to ${first.slice(0, 12)}\n\nUK mobile fails\n\nClass4-From: ${second}\nClass4-To: ${first}\nClass4-By: `,
  );
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

test('--commit outside of a repository is refused with words', async context => {
  await startAndEdit(context);
  const { code, err } = await typeIn(context.directory, ['rollback', '--commit', ...reason]);

  assert.is(code, 1);
  assert.match(err, /is in no git work tree/);
  assert.ok(((await status(context)).hold as HoldReport).durable);
});

test.run();
