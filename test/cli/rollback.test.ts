/** Rolling back and resuming as an operator does, on a switch that runs in this process. */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ResumeResult, RollbackResult } from '../../src/live/operations.ts';
import { StartError } from '../../src/live/start-error.ts';
import { SqliteVersionTable } from '../../src/store/sqlite-version-table.ts';
import { openWriter } from '../../src/store/writer.ts';
import { write, writeNetwork } from '../live/network.ts';
import { projectDirectory } from '../support/source-files.ts';
import { typeIn } from './example-directory.ts';
import {
  type Context,
  makeNetwork,
  removeNetwork,
  start,
  startAndEdit,
  status,
  stop,
  until,
} from './switch-in-process.ts';

const test = suite<Context>('cli/rollback');
const address = '127.66.1.1';
const reason = ['--reason', 'UK mobile fails'] as const;

test.before.each(context => makeNetwork(context, address));
test.after.each(removeNetwork);

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

test('a reason is one line of text, whatever a terminal would make of it', async context => {
  const { directory } = context;
  await startAndEdit(context);
  const odd = 'UK\n\nClass4-By: eve\u001b[2J\u009b31m \u202egnp';

  const { code } = await typeIn(directory, ['rollback', '--reason', odd]);

  assert.is(code, 0);
  const shown = 'UK Class4-By: eve\\u001b[2J\\u009b31m \\u202egnp';
  assert.is((await status(context)).hold!.reason, shown);
  assert.ok((await typeIn(directory, ['history'])).out.includes(shown));
});

test('a name that may mean several versions is refused with the list of them', async context => {
  const { directory } = context;
  const [first] = await startAndEdit(context);
  const row = { commit: null, files: null, fileCount: 0, fileBytes: 0, compiled: null, program: null };
  const table = await SqliteVersionTable.open({ path: join(directory.path, 'var', 'class4.db') });
  await table.putVersion({ ...row, hash: `${first.slice(0, 20)}${'0'.repeat(44)}`, keptAtMs: 1 });
  await table.close();

  const { code, err } = await typeIn(directory, ['rollback', first.slice(0, 8), ...reason]);

  assert.is(code, 2);
  assert.match(err, `class4 rollback: "${first.slice(0, 8)}" may mean 2 versions: `);
  assert.match(err, 'give more characters of the hash');
  assert.is((await status(context)).hold, null);
});

test.run();
