import { join } from 'node:path';
import sqlite3 from 'sqlite3';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { CallDetailRecord } from '../../src/cdr/record.ts';
import { type PastCall, PastCalls, type PastSpan } from '../../src/store/past-calls.ts';
import { SqliteStore } from '../../src/store/sqlite-store.ts';
import { cdr, type TemporaryDirectory, temporaryDirectory } from './records.ts';

const test = suite('store/past-calls');

const startMs = cdr('any').startedAtMs;
const everything: PastSpan = {
  sinceMs: 0,
  untilMs: Number.MAX_SAFE_INTEGER,
  lastRowId: Number.MAX_SAFE_INTEGER,
};

let directory: TemporaryDirectory;
let path: string;
test.before.each(() => {
  directory = temporaryDirectory();
  path = join(directory.path, 'class4.db');
});
test.after.each(() => directory.remove());

async function write(...records: readonly CallDetailRecord[]): Promise<void> {
  const store = await SqliteStore.open({ path });
  for (const record of records) await store.finishCall(record, []);
  await store.close();
}

function sql(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const database = new sqlite3.Database(path);
    database.exec(text, error => {
      database.close(() => (error === null ? resolve() : reject(error)));
    });
  });
}

async function read(
  span: PastSpan = everything,
): Promise<{ readonly calls: readonly PastCall[]; readonly unreadable: number }> {
  const past = await PastCalls.open(path);
  const calls: PastCall[] = [];
  let unreadable = 0;
  try {
    for await (const page of past.pages(span)) {
      calls.push(...page.calls);
      unreadable += page.unreadable;
    }
  } finally {
    await past.close();
  }
  return { calls, unreadable };
}

function ids({ calls }: { readonly calls: readonly PastCall[] }): readonly string[] {
  return calls.map(({ callId }) => callId);
}

test('calls come in the order in which they began, however they ended, and pages leave none out', async () => {
  const records = Array.from({ length: 2500 }, (_, index) =>
    // Many begin at the same moment.
    cdr(`call ${index}`, { startedAtMs: startMs + ((index * 7919) % 400) }),
  );
  await write(...records);

  const { calls, unreadable } = await read();
  const sorted = [...calls].sort(
    (one, other) => one.startedAtMs - other.startedAtMs || one.rowId - other.rowId,
  );
  assert.is(new Set(calls.map(({ callId }) => callId)).size, 2500);
  assert.is(unreadable, 0);
  assert.equal(ids({ calls }), ids({ calls: sorted }));
});

test('a record is read as it was written', async () => {
  const record = cdr('one', { forwarding: '4930', callee: '00447700900123' });
  await write(record);

  const {
    calls: [call],
  } = await read();
  assert.equal(call, {
    rowId: 1,
    callId: 'one',
    sourceAddress: record.sourceAddress,
    caller: record.caller,
    callee: '00447700900123',
    forwarding: '4930',
    billingCallee: '447700900123',
    routingGateway: 'acme',
    startedAtMs: record.startedAtMs,
    postDialDelayMs: 120,
    answeredAtMs: record.answeredAtMs,
    endedAtMs: record.endedAtMs,
    endedBy: 'caller',
    endReason: 'CallerHangup',
    attempts: record.attempts,
    customerAmount: 1_250_000n,
    vendorAmount: 1_000_000n,
  });
});

test('a span has its beginning, not its end, and nothing that came into the database later', async () => {
  const at = (atMs: number): CallDetailRecord => cdr(`at ${atMs}`, { startedAtMs: startMs + atMs });
  await write(at(0), at(10), at(20), at(30), at(15));

  const span = { sinceMs: startMs + 10, untilMs: startMs + 30, lastRowId: 4 };
  assert.equal(ids(await read(span)), ['at 10', 'at 20']);

  const past = await PastCalls.open(path);
  const extent = await past.extent(span);
  assert.equal([extent.calls, extent.firstMs, extent.lastMs], [2, startMs + 10, startMs + 20]);
  assert.equal(await past.ends(), { firstMs: startMs, lastMs: startMs + 30, lastRowId: 5 });
  assert.equal(
    (await past.byRow([5, 1, 99])).map(({ callId }) => callId),
    ['at 0', 'at 15'],
  );
  await past.close();
});

test('rows that hold no record are counted, and stop nothing', async () => {
  await write(
    cdr('good'),
    cdr('no JSON'),
    cdr('no list'),
    cdr('no outcome'),
    cdr('no number'),
    cdr('also good'),
  );
  await sql(`
    UPDATE cdr SET attempts = '[{"gateway":' WHERE call_id = 'no JSON';
    UPDATE cdr SET attempts = '{"gateway":"acme"}' WHERE call_id = 'no list';
    UPDATE cdr SET attempts = json_set(attempts, '$[0].outcome', 'odd') WHERE call_id = 'no outcome';
    UPDATE cdr SET caller = char(31) WHERE call_id = 'no number';
  `);

  const found = await read();
  assert.equal(ids(found), ['good', 'also good']);
  assert.is(found.unreadable, 4);
});

test('a database from before numbers were rewritten rates by the number that was received', async () => {
  await write(cdr('old', { callee: '0044', billingCallee: '44' }));
  await sql(
    ['forwarding', 'billing_caller', 'billing_callee', 'sent_caller', 'sent_callee']
      .map(column => `ALTER TABLE cdr DROP COLUMN ${column};`)
      .join('\n'),
  );

  const {
    calls: [call],
  } = await read();
  assert.is(call?.billingCallee, '0044');
  assert.is(call?.forwarding, null);
});

test('without any call there is nothing, and another database is refused with words', async () => {
  await write();
  const past = await PastCalls.open(path);
  assert.is(await past.ends(), null);
  assert.is((await past.extent(everything)).calls, 0);
  assert.equal(await past.callsByHour(everything), []);
  await past.close();
  assert.equal(await read(), { calls: [], unreadable: 0 });

  await sql('DROP TABLE cdr; CREATE TABLE cdr (id INTEGER PRIMARY KEY)');
  try {
    await PastCalls.open(path);
    assert.unreachable();
  } catch (error) {
    assert.match((error as Error).message, 'holds no call detail records');
  }
});

test.run();
