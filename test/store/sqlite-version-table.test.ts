import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Database } from '../../src/store/database.ts';
import { SqliteStore } from '../../src/store/sqlite-store.ts';
import { SqliteVersionTable } from '../../src/store/sqlite-version-table.ts';
import { StoreError } from '../../src/store/store-error.ts';
import { versionQuality } from '../../src/store/version-quality.ts';
import { cdr, openCall, type TemporaryDirectory, temporaryDirectory } from './records.ts';

interface Context {
  directory: TemporaryDirectory;
  path: string;
  store: SqliteStore;
  table: SqliteVersionTable;
}

const test = suite<Context>('store/sqlite-version-table');

test.before.each(async context => {
  context.directory = temporaryDirectory();
  context.path = join(context.directory.path, 'class4.db');
  context.store = await SqliteStore.open({ path: context.path });
  context.table = await SqliteVersionTable.open({ path: context.path });
});
test.after.each(async ({ directory, store, table }) => {
  await table.close();
  await store.close();
  directory.remove();
});

const lockTaker = fileURLToPath(new URL('./lock-taker.js', import.meta.url));
const unkept = {
  ...{ commit: null, files: null, fileCount: 0, fileBytes: 0 },
  ...{ compiled: null, program: null, keptAtMs: 1 },
};
const activation = { cause: 'edit', by: 'class4', reason: null, sharePercent: 100 } as const;

test('figures count the calls of customers that came while a version served', async ({ store, table }) => {
  const unanswered = { answeredAtMs: null, talkSeconds: 0, postDialDelayMs: null };
  const calls = [
    cdr('before', { snapshotHash: 'a', startedAtMs: 999 }),
    cdr('first', { snapshotHash: 'a', startedAtMs: 1000, talkSeconds: 60, postDialDelayMs: 1000 }),
    cdr('second', { snapshotHash: 'a', startedAtMs: 1500, talkSeconds: 30, postDialDelayMs: 2000 }),
    cdr('unanswered', { snapshotHash: 'a', startedAtMs: 1600, ...unanswered }),
    cdr('stranger', { snapshotHash: 'a', startedAtMs: 1600, mappingGateway: null, ...unanswered }),
    cdr('other', { snapshotHash: 'b', startedAtMs: 1500 }),
    cdr('after', { snapshotHash: 'a', startedAtMs: 2000 }),
  ];
  for (const record of calls) await store.finishCall(record, []);

  const figures = await table.figures('a', 1000, 2000);
  assert.equal([figures.calls, figures.answered, figures.answerSeizureRatio], [3, 2, 2 / 3]);
  assert.equal([figures.postDialDelayMs, figures.averageCallDurationSeconds], [1500, 45]);
  assert.is((await table.figures('a', 1000, null)).calls, 4);
  assert.equal(await table.figures('c', 0, null), {
    ...{ calls: 0, answered: 0, answerSeizureRatio: null },
    ...{ postDialDelayMs: null, averageCallDurationSeconds: null },
  });
});

test('figures are counted from an index alone, without a look at the records', async ({ path }) => {
  const database = await Database.open(path, 'existing');
  const plan = await database.all(
    `EXPLAIN QUERY PLAN SELECT count(*), count(answered_at_ms), avg(post_dial_delay_ms), sum(talk_seconds) FROM cdr
     WHERE mapping_gateway IS NOT NULL AND snapshot_hash = 'a' AND started_at_ms >= 1 AND started_at_ms < 2`,
  );
  await database.close();
  assert.match(String(plan[0]?.['detail']), /USING COVERING INDEX cdr_snapshot/);
});

test('an activation whose hold cannot be written does not begin', async ({ table }) => {
  const [first] = [await table.activate({ ...activation, hash: 'a', beganAtMs: 1 }, [])];
  const hold = { hash: 'a', by: 'ann', reason: null as unknown as string, sinceMs: 2 };
  try {
    await table.activate({ ...activation, hash: 'b', beganAtMs: 2, hold }, [first.id]);
    assert.unreachable();
  } catch (error) {
    assert.instance(error, StoreError);
  }
  assert.equal(await table.activations(9), [first]);
  assert.is(await table.hold(), null);
});

test('transactions that are begun together do not mix', async ({ table }) => {
  const many = Array.from({ length: 20 }, (_, index) =>
    table.activate({ ...activation, hash: `v${index}`, beganAtMs: index, hold: null }, [index]),
  );
  const ids = (await Promise.all(many)).map(({ id }) => id);

  assert.equal(
    ids,
    ids.map((_, index) => index + 1),
  );
  assert.equal((await table.activations(20)).filter(({ endedAtMs }) => endedAtMs === null).length, 1);
});

test('calls are written while the main thread has no time for a decision that is being written', async ({
  path,
  table,
}) => {
  const hold = { hash: 'b', by: 'ann', reason: 'it fails', sinceMs: 2 };
  const changes = [
    () => table.putVersion({ ...unkept, hash: 'a' }),
    () => table.activate({ ...activation, hash: 'a', beganAtMs: 1 }, []),
    () => table.activate({ ...activation, hash: 'b', beganAtMs: 2, hold }, [1]),
    () => table.drop({ versions: ['a'], compiled: ['b'], activationsBeforeMs: 0, activationsMax: 9 }),
    () => table.end([2], 3),
  ];
  for (const change of changes) {
    const written = change();
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
    // Nothing happens on the main thread until the other program has ended.
    const { status, stderr } = spawnSync(process.execPath, [lockTaker, path], { encoding: 'utf8' });
    assert.is(status, 0, stderr);
    await written;
  }
  assert.equal(await table.hold(), hold);
});

test('decisions and calls that are written by one connection are all there, however they come between each other', async ({
  store,
}) => {
  const table = await store.openVersionTable();
  const count = 100;
  await Promise.all(
    Array.from({ length: count }, async (_, i) => {
      await Promise.all([
        store.journal(openCall(`call-${i}`)),
        table.activate({ ...activation, hash: `v${i}`, beganAtMs: i }, i === 0 ? [] : [i]),
        table.putVersion({ ...unkept, hash: `v${i}` }),
        store.heartbeat(i),
      ]);
    }),
  );
  const activations = await table.activations(count + 1);
  assert.equal(
    activations.map(({ id, hash, endedAtMs }) => [id, hash, endedAtMs]),
    Array.from({ length: count }, (_, i) => [i + 1, `v${i}`, i + 1 === count ? null : i + 1]).reverse(),
  );
  assert.is((await table.versions()).length, count);
  await table.close();
  await store.journal(openCall('after'));
  assert.is((await store.interruptedCalls()).calls.length, count + 1);
});

test('a decision leaves what the log has gathered to those who write calls', async ({ path, table }) => {
  const database = await Database.open(path, 'existing');
  await database.execute(`PRAGMA wal_autocheckpoint = 0;
    CREATE TABLE much (bytes BLOB); INSERT INTO much VALUES (zeroblob(8000000));`);
  const before = statSync(path).size;
  await table.putVersion({ ...unkept, hash: 'a' });
  await table.activate({ ...activation, hash: 'a', beganAtMs: 1 }, []);
  const after = statSync(path).size;
  await database.close();

  assert.is(after, before);
});

test('activations keep their numbers when old ones are dropped, and there are never more than the bound', async ({
  table,
}) => {
  for (let index = 0; index < 10; index++) {
    await table.activate({ ...activation, hash: 'a', beganAtMs: index }, []);
  }
  await table.drop({ versions: [], compiled: [], activationsBeforeMs: 0, activationsMax: 3 });
  await table.activate({ ...activation, hash: 'a', beganAtMs: 11 }, []);

  assert.equal(
    (await table.activations(99)).map(({ id }) => id),
    [11, 10, 9, 8],
  );
});

test('old activations of versions that are dropped go, those of versions that are kept stay', async ({
  table,
}) => {
  for (const hash of ['a', 'b']) {
    await table.putVersion({ ...unkept, hash });
    await table.activate({ ...activation, hash, beganAtMs: 5 }, []);
  }
  await table.drop({ versions: ['a'], compiled: [], activationsBeforeMs: 6, activationsMax: 100 });

  assert.equal(
    (await table.versions()).map(({ hash }) => hash),
    ['b'],
  );
  assert.equal(
    (await table.activations(9)).map(({ hash }) => hash),
    ['b'],
  );
});

test('what serves, what served before, and what is tried are told apart', async ({ table }) => {
  assert.equal(await table.roles(), { serving: null, previous: null, tried: null });
  for (const [hash, sharePercent] of [
    ['a', 100],
    ['b', 100],
    ['b', 100],
    ['c', 5],
  ] as const) {
    await table.activate({ ...activation, hash, sharePercent, beganAtMs: 1 }, []);
  }
  assert.equal(await table.roles(), { serving: 'b', previous: 'a', tried: 'c' });
});

test('the versions of calls in progress are told by the names that the history has them under', async ({
  store,
  table,
}) => {
  for (const [call, snapshotHash] of [
    ['1', 'a'],
    ['2', 'a'],
    ['3', 'new-name'],
  ] as const) {
    await store.journal(openCall(call, { snapshotHash }));
  }
  await store.journal(openCall('4', { snapshotHash: 'ended' }));
  await store.forgetCall('4');
  await table.activate({ ...activation, hash: 'old-name', servedHash: 'new-name', beganAtMs: 1 }, []);

  assert.equal([...(await table.versionsOfCalls())].sort(), ['a', 'new-name', 'old-name']);
});

test('a database that only the release of before has opened is read as it is', async ({
  path,
  store,
  table,
}) => {
  for (const hash of ['a', 'b']) await table.activate({ ...activation, hash, beganAtMs: 1000 }, []);
  await store.finishCall(cdr('one', { snapshotHash: 'b', startedAtMs: 1500 }), []);
  const database = await Database.open(path, 'existing');
  await database.execute(`DROP INDEX activation_records; ALTER TABLE activation DROP COLUMN records_hash;
    ALTER TABLE activation DROP COLUMN served_hash;`);
  await database.close();
  const reader = await SqliteVersionTable.open({ path, readOnly: true });

  assert.equal(await reader.roles(), { serving: 'b', previous: 'a', tried: null });
  assert.equal(
    (await reader.activations(9)).map(({ hash, servedHash }) => [hash, servedHash]),
    [
      ['b', undefined],
      ['a', undefined],
    ],
  );
  const [quality, ...others] = await versionQuality(path, { sinceMs: 0, untilMs: 9999 });
  assert.equal([quality?.hash, quality?.activation, others.length], ['b', 2, 0]);
  await reader.close();
});

test('whoever only reads cannot write', async ({ path }) => {
  const reader = await SqliteVersionTable.open({ path, readOnly: true });
  try {
    await reader.activate({ ...activation, hash: 'a', beganAtMs: 1 }, []);
    assert.unreachable();
  } catch (error) {
    assert.instance(error, StoreError);
  }
  assert.is(await reader.exists(), true);
  await reader.close();
});

test.run();
