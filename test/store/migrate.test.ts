import { join } from 'node:path';
import sqlite3 from 'sqlite3';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { closeInterrupted } from '../../src/call/interrupted.ts';
import type { OpenCall } from '../../src/cdr/open-call.ts';
import { callsAndLedger } from '../../src/store/migrations/0001-calls-and-ledger.ts';
import { SqliteStore } from '../../src/store/sqlite-store.ts';
import { cdr, openCall, type TemporaryDirectory, temporaryDirectory } from './records.ts';

interface Context {
  directory: TemporaryDirectory;
  path: string;
}

const test = suite<Context>('store/migrate');

test.before.each(context => {
  context.directory = temporaryDirectory();
  context.path = join(context.directory.path, 'class4.db');
});
test.after.each(({ directory }) => directory.remove());

function execute(path: string, sql: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const database = new sqlite3.Database(path);
    database.exec(sql, error => {
      database.close(() => (error === null ? resolve() : reject(error)));
    });
  });
}

test('records and open calls of the first version read as sent and rated as they were received', async context => {
  const record = cdr('old');
  const attempts = JSON.stringify(record.attempts.map(({ caller: _, ...attempt }) => attempt));
  const { forwarding: _f, billingCaller, billingCallee, sentCaller, sentCallee, ...call } = openCall('open');
  await execute(
    context.path,
    `${callsAndLedger} PRAGMA application_id = 0x636c7334; PRAGMA user_version = 1;
     INSERT INTO cdr (call_id, snapshot_hash, source_address, caller, callee, sip_call_id, started_at_ms, ended_at_ms,
       talk_seconds, ended_by, end_reason, status, attempts, customer_amount, vendor_amount, profit, routing_gateway)
     VALUES ('old', 'a', 'b', '442071838750', '447700900123', 'c', 1, 2, 0, 'caller', 'CallerCancel', 487,
       '${attempts}', 0, 0, 0, 'acme'),
       ('refused', 'a', 'b', '1', '2', 'c', 0, 2, 0, 'switch', 'NoSuchRate', 503, '[]', 0, 0, 0, NULL);
     INSERT INTO journal VALUES ('open', '${JSON.stringify(call)}');`,
  );

  const store = await SqliteStore.open({ path: context.path });
  const [old, refused] = await store.cdrs({});

  assert.equal(old!.attempts, record.attempts);
  assert.equal(
    [old!.forwarding, old!.billingCaller, old!.billingCallee, old!.sentCaller, old!.sentCallee],
    [null, billingCaller, billingCallee, sentCaller, sentCallee],
  );
  assert.equal([refused!.billingCallee, refused!.sentCaller, refused!.sentCallee], ['2', null, null]);
  assert.equal((await store.interruptedCalls()).calls, [openCall('open')]);
  await store.close();
});

function oldOpenCall(callId: string, changes: Partial<OpenCall> = {}): string {
  const call = openCall(callId, changes);
  const { forwarding, billingCaller, billingCallee, sentCaller, sentCallee, ...old } = call;
  return JSON.stringify(old);
}

const unanswered = { routingGateway: null, vendorAccount: null, answeredAtMs: null };
const unrated = { customerRate: null, vendorRate: null };

test('calls of the first version that were up when it was killed are closed, charged and recorded alike', async context => {
  await execute(
    context.path,
    `${callsAndLedger} PRAGMA application_id = 0x636c7334; PRAGMA user_version = 1;
     INSERT INTO journal VALUES ('answered', '${oldOpenCall('answered')}'),
       ('tried', '${oldOpenCall('tried', { ...unanswered, ...unrated })}');`,
  );
  const store = await SqliteStore.open({ path: context.path });
  const { calls } = await store.interruptedCalls();
  for (const call of calls) {
    const { cdr: record, ledger } = closeInterrupted(call, openCall('answered').answeredAtMs! + 60_000);
    await store.finishCall(record, ledger);
  }

  const records = new Map((await store.cdrs({})).map(record => [record.callId, record]));
  const { sentCaller, sentCallee, billingCallee, customerCharge } = records.get('answered')!;
  assert.equal([sentCaller, sentCallee, billingCallee], ['442071838750', '447700900123', '447700900123']);
  assert.ok(customerCharge!.amount > 0n);
  const tried = records.get('tried')!;
  assert.equal([tried.sentCaller, tried.sentCallee, tried.routingGateway], [null, null, null]);
  assert.equal((await store.interruptedCalls()).calls, []);
  assert.equal(await store.wrongBalances(), []);
  await store.close();
});

test('programs that open an old database at the same moment bring it up to date once', async context => {
  await execute(
    context.path,
    `${callsAndLedger} PRAGMA application_id = 0x636c7334; PRAGMA user_version = 1;
     INSERT INTO journal VALUES ('open', '${oldOpenCall('open')}');`,
  );
  const stores = await Promise.all(Array.from({ length: 2 }, () => SqliteStore.open({ path: context.path })));
  assert.equal((await stores[0]!.interruptedCalls()).calls, [openCall('open')]);
  for (const store of stores) await store.close();
});

test('a step that fails leaves the database as it was', async context => {
  await execute(
    context.path,
    `${callsAndLedger} PRAGMA application_id = 0x636c7334; PRAGMA user_version = 1;
     INSERT INTO journal VALUES ('torn', '{');`,
  );
  const opened = await SqliteStore.open({ path: context.path }).catch((error: unknown) => error);
  assert.instance(opened, Error);
  await execute(context.path, 'DELETE FROM journal; ALTER TABLE cdr ADD COLUMN forwarding TEXT;');
  await execute(context.path, 'ALTER TABLE cdr DROP COLUMN forwarding;');
  const store = await SqliteStore.open({ path: context.path });
  assert.equal(await store.cdrs({}), []);
  await store.close();
});

test.run();
