import { join } from 'node:path';
import sqlite3 from 'sqlite3';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
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

test.run();
