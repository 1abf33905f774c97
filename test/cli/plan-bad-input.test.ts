/** What is asked of `class4 plan` that makes little sense, or that the world does not give. */
import { appendFileSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import sqlite3 from 'sqlite3';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { SqliteStore } from '../../src/store/sqlite-store.ts';
import { network } from '../plan/edits/network.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../store/records.ts';
import { type CommandResult, exampleDirectory, typeIn } from './example-directory.ts';
import { commitAll, write } from './written-directory.ts';

interface Context {
  directory: TemporaryDirectory;
}

const test = suite<Context>('cli/plan-bad-input');

test.before.each(context => {
  context.directory = temporaryDirectory();
});
test.after.each(({ directory }) => directory.remove());

function plan({ directory }: Context, ...args: readonly string[]): Promise<CommandResult> {
  return typeIn(directory, ['plan', ...args]);
}

test('two networks that have nothing in common are compared all the same', async context => {
  const other = exampleDirectory();
  write(context.directory.path, network);
  const { code, out, err } = await plan(context, '--from', other.path, '--allow', 'routes,rates');
  other.remove();

  assert.is(code, 0, err);
  assert.match(out, /^ {2}no longer served +calls of .*brightcall/m);
  assert.match(out, /^ {2}newly served +calls of bell, gray$/m);
  assert.match(out, 'gateways/routing/northlink is gone');
});

test('customers to whom nobody carries anything have no differences, and get a route where one comes', async context => {
  const { 'gateways/routing/acme.yaml': acme, 'gateways/routing/best.yaml': best, ...lonely } = network;
  write(join(context.directory.path, 'none'), lonely);
  write(join(context.directory.path, 'also'), {
    ...lonely,
    'switch.yaml': `${lonely['switch.yaml']}store: { path: a.db }\n`,
  });
  write(join(context.directory.path, 'some'), { ...lonely, 'gateways/routing/acme.yaml': acme! });

  const none = await plan(context, '--from', 'none', '--to', 'also');
  assert.is(none.code, 0, none.err);
  assert.match(none.out, 'No call takes another way or has another price. 1 setting has another value.');
  const some = await plan(context, '--from', 'none', '--to', 'some');
  assert.match(some.out, /^ {2}newly carried +2 prefixes of 2 customers$/m);
});

test('an empty directory is a side that does not compile, by its name', async context => {
  const { path } = context.directory;
  write(join(path, 'old'), network);
  mkdirSync(join(path, 'empty'));

  const { code, err } = await plan(context, '--from', 'old', '--to', 'empty');
  assert.is(code, 2);
  assert.match(err, 'C4007');
  assert.match(err, 'class4 plan: the files in empty cannot be compared: 1 error');
});

test('a side that is the other one is no change', async context => {
  write(context.directory.path, network);
  commitAll(context.directory.path);

  for (const sides of [
    ['--from', 'main', '--to', 'main'],
    ['--from', '.', '--to', '.'],
  ]) {
    const { code, out, err } = await plan(context, ...sides, '--fail-on', 'changes');
    assert.is(code, 0, err);
    assert.match(out, 'Nothing changes: both sides mean the same.');
  }
});

test('edits that are not committed are part of the files, and of no commit', async context => {
  const { path } = context.directory;
  write(path, network);
  commitAll(path);
  appendFileSync(join(path, 'gateways/routing/acme.yaml'), 'locked: true\n');

  assert.match((await plan(context, '--from', 'main')).out, 'the gateway is locked');
  assert.match((await plan(context, '--from', 'main', '--to', 'HEAD')).out, 'Nothing changes');
});

test('a file with another name is told with the name that it had', async context => {
  const { path } = context.directory;
  write(path, network);
  commitAll(path);
  rmSync(join(path, 'rates/best.csv'));
  write(path, {
    'rates/renamed.csv': network['rates/best.csv']!.replace('0.013', '0.014'),
    'rates/best.yaml': network['rates/best.yaml']!.replace('best.csv', 'renamed.csv'),
  });

  const { out } = await plan(context, '--from', 'main');
  assert.match(out, 'rates/renamed.csv:2 (was rates/best.csv:2) what best costs');
});

test('without git, directories are compared, and everything else says what is missing', async context => {
  const { path } = context.directory;
  write(join(path, 'old'), network);
  write(join(path, 'new'), network);
  const before = process.env['PATH'];
  process.env['PATH'] = join(path, 'nowhere');
  try {
    assert.is((await plan(context, '--from', 'old', '--to', 'new')).code, 0);
    const { code, err } = await plan(context, '--from', 'main', '--to', 'new');
    assert.is(code, 2);
    assert.match(err, 'install git, or compare two directories with --from and --to');
  } finally {
    process.env['PATH'] = before;
  }
});

test('the database of a switch that runs weighs a plan, and one that holds no calls says so', async context => {
  const { path } = context.directory;
  write(path, network);
  commitAll(path);
  appendFileSync(join(path, 'gateways/routing/acme.yaml'), 'locked: true\n');
  const store = await SqliteStore.open({ path: join(path, 'live.db'), sole: true });
  try {
    const { code, out, err } = await plan(context, '--traffic', 'live.db');
    assert.is(code, 0, err);
    assert.match(out, /^ {2}traffic +none of 0 minutes$/m);
  } finally {
    await store.close();
  }
  write(path, { 'foreign.db': '' });
  const foreign = await plan(context, '--traffic', 'foreign.db');
  assert.is(foreign.code, 2, foreign.out);
});

/** With the connection that did it, which holds what it locked. */
function sqlite(path: string, sql: string): Promise<sqlite3.Database> {
  return new Promise((resolve, reject) => {
    const database = new sqlite3.Database(path);
    database.exec(sql, error => (error === null ? resolve(database) : reject(error)));
  });
}

function closed(database: sqlite3.Database): Promise<void> {
  return new Promise(resolve => {
    database.close(() => resolve());
  });
}

test('a database of another program, and a file that is none, are told from one without calls', async context => {
  const { path } = context.directory;
  write(path, {
    ...network,
    'notes.db': 'Calls of January, as somebody wrote them down by hand.\n'.repeat(20),
  });
  await closed(await sqlite(join(path, 'contacts.db'), 'CREATE TABLE contacts (name TEXT)'));
  await closed(await sqlite(join(path, 'pbx.db'), 'CREATE TABLE cdr (calldate TEXT, src TEXT, dst TEXT)'));
  const said = {
    'contacts.db': /contacts\.db holds no call detail records of class4\n {2}→ name the database of a switch/,
    'pbx.db': /pbx\.db holds no call detail records of class4\n {2}→ name the database of a switch/,
    'notes.db': /SQLITE_NOTADB.*\n {2}→ it is no SQLite database: name the database of a switch/,
  };

  for (const [database, pattern] of Object.entries(said)) {
    const { code, out, err } = await plan(context, '--from', '.', '--to', '.', '--traffic', database);
    assert.is(code, 2);
    assert.is(out, '');
    assert.match(err, pattern);
  }
});

test('a database from which another program keeps everybody else is not waited for without end', async context => {
  const { path } = context.directory;
  write(path, network);
  const holder = await sqlite(
    join(path, 'held.db'),
    'PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; CREATE TABLE cdr (id INTEGER)',
  );
  try {
    const { code, out, err } = await plan(context, '--from', '.', '--to', '.', '--traffic', 'held.db');
    assert.is(code, 2);
    assert.is(out, '');
    assert.match(err, /class4 plan: cannot use the database .*held\.db: SQLITE_BUSY/);
    assert.match(
      err,
      '→ another program keeps everybody else out of it: wait until it is done, or name a copy',
    );
  } finally {
    await closed(holder);
  }
});

test.run();
