import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sqlite3 from 'sqlite3';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { money } from '../../src/rating/money.ts';
import { databaseExists, SqliteStore } from '../../src/store/sqlite-store.ts';
import { StoreError } from '../../src/store/store-error.ts';
import { projectDirectory } from '../support/source-files.ts';
import { cdr, charge, ledgerOf, openCall, type TemporaryDirectory, temporaryDirectory } from './records.ts';

interface Context {
  directory: TemporaryDirectory;
  path: string;
  stores: SqliteStore[];
}

const test = suite<Context>('store/sqlite-store');

test.before.each(context => {
  context.directory = temporaryDirectory();
  context.path = join(context.directory.path, 'var', 'class4.db');
  context.stores = [];
});
test.after.each(async context => {
  for (const store of context.stores) await store.close();
  context.directory.remove();
});

async function openStore(context: Context): Promise<SqliteStore> {
  const store = await SqliteStore.open({ path: context.path });
  context.stores.push(store);
  return store;
}

function withDatabase<Result>(
  path: string,
  work: (database: sqlite3.Database, done: (error: Error | null, result?: Result) => void) => void,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    const database = new sqlite3.Database(path, opened => {
      if (opened !== null) return reject(opened);
      work(database, (error, result) => {
        database.close(() => (error === null ? resolve(result as Result) : reject(error)));
      });
    });
  });
}

function execute(path: string, sql: string): Promise<void> {
  return withDatabase(path, (database, done) => database.exec(sql, error => done(error)));
}

async function failure(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('it did not fail');
}

test('a record comes back as it was written', async context => {
  const store = await openStore(context);
  const whole = cdr('call-1');
  const bare = cdr('call-0', {
    startedAtMs: whole.startedAtMs - 1,
    snapshotCommit: 'c0ffee',
    mappingGateway: null,
    customerAccount: null,
    routingGateway: null,
    vendorAccount: null,
    caller: '"anonymous" \u0000 <ñ>\' --',
    postDialDelayMs: null,
    answeredAtMs: null,
    attempts: [],
    customerCharge: null,
    vendorCharge: null,
    profit: money(-5n),
  });

  await Promise.all([store.finishCall(whole, ledgerOf(1n, 2n)), store.finishCall(bare, [])]);

  assert.equal(await store.cdrs({}), [whole, bare]);
});

test('amounts above 2^53 stay exact', async context => {
  const store = await openStore(context);
  const huge = 9_007_199_254_740_993n;

  await store.pay('northwind', money(huge), 1, 'first');
  await store.finishCall(
    cdr('call-1', { customerCharge: charge('northwind', huge), profit: money(huge) }),
    ledgerOf(huge + 2n, 0n),
  );

  assert.is(await store.balance('northwind'), -2n);
  assert.is((await store.ledger('northwind', 1))[0]!.amount, -(huge + 2n));
  assert.is((await store.cdrs({}))[0]!.profit, huge);
  assert.is((await store.cdrs({}))[0]!.customerCharge!.amount, huge);
});

test('an amount that no column can hold is refused without harm to others', async context => {
  const store = await openStore(context);

  const error = await failure(store.pay('northwind', money(1n << 63n), 1, ''));

  assert.instance(error, RangeError);
  assert.is(await store.pay('northwind', money(5n), 1, ''), 5n);
});

test('a balance that would overflow refuses the payment and nothing else', async context => {
  const store = await openStore(context);
  const most = (1n << 63n) - 1n;
  await store.pay('northwind', money(most), 1, '');

  const [overflowing, other] = await Promise.allSettled([
    store.pay('northwind', money(1n), 1, ''),
    store.pay('acme-telecom', money(7n), 1, ''),
  ]);

  assert.is(overflowing.status, 'rejected');
  assert.is(other.status, 'fulfilled');
  assert.is(await store.balance('northwind'), most);
  assert.is(await store.balance('acme-telecom'), 7n);
  assert.equal(store.health(), { pendingWrites: 0, lastError: null });
});

test('finishing a call again changes neither record nor balance', async context => {
  const store = await openStore(context);
  await store.finishCall(cdr('call-1'), ledgerOf(100n, 80n));

  await store.finishCall(cdr('call-1', { talkSeconds: 999 }), ledgerOf(100n, 80n));
  await Promise.all([
    store.finishCall(cdr('call-2'), ledgerOf(100n, 80n)),
    store.finishCall(cdr('call-2'), ledgerOf(100n, 80n)),
  ]);

  assert.is(await store.balance('northwind'), -200n);
  assert.is((await store.cdrs({})).length, 2);
  assert.is((await store.cdrs({ callId: 'call-1' }))[0]!.talkSeconds, 60);
});

test('finishing a call ends its journal row in the same breath', async context => {
  const store = await openStore(context);
  await store.journal(openCall('call-1', { answeredAtMs: null }));
  await store.journal(openCall('call-1'));
  await store.journal(openCall('call-2'));

  await store.finishCall(cdr('call-1'), ledgerOf(1n, 1n));

  const { calls } = await store.interruptedCalls();
  assert.equal(calls, [openCall('call-2')]);
});

test('a call that leaves no record leaves no journal row either, whenever it is written', async context => {
  const store = await openStore(context);
  await store.journal(openCall('call-1', { answeredAtMs: null }));
  await store.forgetCall('call-1');
  const together = [store.journal(openCall('call-2', { answeredAtMs: null })), store.forgetCall('call-2')];
  await Promise.all([...together, store.journal(openCall('call-3'))]);

  assert.equal((await store.interruptedCalls()).calls, [openCall('call-3')]);
  assert.equal(await store.cdrs({}), []);
});

test('a journal row that comes after the end of its call is not kept', async context => {
  const store = await openStore(context);
  await store.finishCall(cdr('call-1'), []);

  await store.journal(openCall('call-1'));

  assert.equal((await store.interruptedCalls()).calls, []);
});

test('a payment answers with the new balance and a negative one is a correction', async context => {
  const store = await openStore(context);

  assert.is(await store.pay('northwind', money(500n), 1000, 'wire 17'), 500n);
  assert.is(await store.pay('northwind', money(-200n), 2000, 'typing error'), 300n);

  const [correction, payment] = await store.ledger('northwind', 10);
  assert.equal(
    [correction!.kind, correction!.note, correction!.atMs, payment!.kind, payment!.amount, payment!.callId],
    ['correction', 'typing error', 2000, 'payment', 500n, null],
  );
});

test('the ledger cannot be changed or shortened', async context => {
  const store = await openStore(context);
  await store.pay('northwind', money(500n), 1, '');
  await store.close();

  for (const sql of ['UPDATE ledger SET amount = 1', 'DELETE FROM ledger']) {
    assert.match(String(await failure(execute(context.path, sql))), /append-only/);
  }
});

test('balances are the sums of the ledger, and one that is not is found', async context => {
  const store = await openStore(context);
  await store.pay('northwind', money(500n), 1, '');
  await store.finishCall(cdr('call-1'), ledgerOf(100n, 80n));

  assert.equal(
    await store.balances(),
    new Map([
      ['acme-telecom', money(-80n)],
      ['northwind', money(400n)],
    ]),
  );
  assert.equal(await store.wrongBalances(), []);
  await execute(context.path, "UPDATE balance SET amount = 401 WHERE account = 'northwind'");
  assert.equal(await store.wrongBalances(), ['northwind']);
});

test('records are found by time, account, number and end reason, newest first', async context => {
  const store = await openStore(context);
  const at = cdr('x').startedAtMs;
  await store.finishCall(cdr('a', { startedAtMs: at, callee: '331*2' }), []);
  await store.finishCall(cdr('b', { startedAtMs: at + 1, vendorAccount: 'beta', endReason: 'Rejected' }), []);
  await store.finishCall(cdr('c', { startedAtMs: at + 2, customerAccount: 'harbour' }), []);
  async function found(query: Parameters<SqliteStore['cdrs']>[0]): Promise<string> {
    return (await store.cdrs(query)).map(({ callId }) => callId).join('');
  }

  assert.is(await found({}), 'cba');
  assert.is(await found({ limit: 2 }), 'cb');
  assert.is(await found({ sinceMs: at + 1, untilMs: at + 2 }), 'b');
  assert.is(await found({ account: 'beta' }), 'b');
  assert.is(await found({ account: 'harbour' }), 'c');
  assert.is(await found({ number: '331*' }), 'a');
  assert.is(await found({ number: '331%' }), '');
  assert.is(await found({ number: '44207' }), 'cba');
  await store.finishCall(cdr('d', { startedAtMs: at + 3, sentCallee: '0044770', billingCallee: '99' }), []);
  assert.is(await found({ number: '004477' }), 'd', 'as sent');
  assert.is(await found({ number: '99' }), 'd', 'as rated');
  assert.is(await found({ endReason: 'Rejected' }), 'b');
});

test('the schema is the one that was agreed on', async context => {
  await (await openStore(context)).close();

  const rows = await withDatabase<{ sql: string }[]>(context.path, (database, done) =>
    database.all<{ sql: string }>('SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid', done),
  );
  const schema = rows.map(({ sql }) => `${sql};\n`).join('\n');

  const golden = join(projectDirectory, 'test', 'golden', 'schema.sql');
  const expected = readFileSync(golden, 'utf8');
  if (schema !== expected) writeFileSync(`${golden}.ACTUAL`, schema);
  assert.is(schema, expected, 'see test/golden/schema.sql.ACTUAL');
});

test('opening an existing database keeps what is in it', async context => {
  const first = await openStore(context);
  await first.finishCall(cdr('call-1'), ledgerOf(100n, 80n));
  await first.close();

  const second = await openStore(context);

  assert.is((await second.cdrs({})).length, 1);
  assert.is(await second.balance('northwind'), -100n);
});

test('a database of a newer version is refused', async context => {
  await (await openStore(context)).close();
  await execute(context.path, 'PRAGMA user_version = 4711');

  const error = await failure(SqliteStore.open({ path: context.path }));

  assert.instance(error, StoreError);
  assert.match((error as StoreError).message, /schema version 4711/);
});

test('a database of another program is refused and left alone', async context => {
  mkdirSync(join(context.directory.path, 'var'));
  await execute(context.path, 'CREATE TABLE bookmarks (url TEXT)');

  const error = await failure(SqliteStore.open({ path: context.path }));

  assert.match((error as StoreError).message, /another program/);
  assert.match((error as StoreError).hint, /store\.path/);
});

test('a file that is no database is refused with what to do', async context => {
  mkdirSync(join(context.directory.path, 'var'));
  writeFileSync(context.path, 'these are my notes, which should not be lost\n'.repeat(100));

  const error = await failure(SqliteStore.open({ path: context.path }));

  assert.match((error as StoreError).hint, /move it away/);
});

test('a damaged database is refused with what to do', async context => {
  const store = await openStore(context);
  await store.finishCall(cdr('call-1'), ledgerOf(100n, 80n));
  await store.close();
  const bytes = readFileSync(context.path);
  bytes.fill(0xff, 100, 4096 * 3);
  writeFileSync(context.path, bytes);

  const error = await failure(SqliteStore.open({ path: context.path }));

  assert.match((error as StoreError).hint, /restore a backup/);
});

test('a path that cannot be a file is refused with what to do', async context => {
  mkdirSync(context.path, { recursive: true });

  const error = await failure(SqliteStore.open({ path: context.path }));
  const inFile = await failure(SqliteStore.open({ path: join('/dev/null', 'class4.db') }));

  assert.match((error as StoreError).hint, /check that the directory exists/);
  assert.match((inFile as StoreError).message, /cannot make the directory/);
});

test('nothing can be written after closing, and closing twice is harmless', async context => {
  const store = await openStore(context);
  await store.close();
  await store.close();

  assert.match(String(await failure(store.journal(openCall('call-1')))), /closed/);
});

test('closing waits for what was queued', async context => {
  const store = await openStore(context);
  const writes = Array.from({ length: 500 }, (_, index) =>
    store.finishCall(cdr(`call-${index}`), ledgerOf(1n, 1n)),
  );
  await store.close();
  await Promise.all(writes);

  const again = await openStore(context);
  assert.is((await again.cdrs({ limit: 1000 })).length, 500);
  assert.is(await again.balance('northwind'), -500n);
});

test('a database has one writer of calls at a time, and readers beside it', async context => {
  const open = () => SqliteStore.open({ path: context.path, sole: true });
  const first = await open();
  await first.finishCall(cdr('call-1'), []);

  const error = await failure(open());
  assert.instance(error, StoreError);
  assert.match((error as StoreError).message, /another switch works with the database/);
  assert.match((error as StoreError).hint, /store\.path/);
  assert.is((await (await openStore(context)).cdrs({})).length, 1);

  await first.close();
  const second = await open();
  await second.close();
});

test('the newest sign of life counts, even when the clock was set back', async context => {
  const store = await openStore(context);
  const call = openCall('call-1');
  await store.heartbeat(call.answeredAtMs! + 10 * 365 * 86_400_000);
  await store.journal(call);
  await store.heartbeat(call.answeredAtMs! + 5000);

  assert.is((await store.interruptedCalls()).lastAliveMs, call.answeredAtMs! + 5000);
});

test('a database that cannot be looked for is not taken for a missing one', async ({ directory, path }) => {
  assert.is(await databaseExists(path), false);
  const circle = join(directory.path, 'circle');
  symlinkSync(circle, circle);

  assert.instance(await failure(databaseExists(join(circle, 'class4.db'))), StoreError);
});

test.run();
