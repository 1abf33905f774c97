/** Going back to a version that an earlier release of class4 compiled, and called by another hash. */
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { BlamedVersion } from '../../src/cli/blame.ts';
import { type Daemon, startDaemon } from '../../src/live/daemon.ts';
import type { ResumeResult, RollbackResult, StatusReport } from '../../src/live/operations.ts';
import { SqliteStore } from '../../src/store/sqlite-store.ts';
import { openWriter } from '../../src/store/writer.ts';
import { FakeLog } from '../live/fakes.ts';
import { freePort, writeNetwork, writeRates } from '../live/network.ts';
import { cdr, type TemporaryDirectory, temporaryDirectory } from '../store/records.ts';
import { typeIn } from './example-directory.ts';

interface Context {
  directory: TemporaryDirectory;
  daemon: Daemon | null;
}

const test = suite<Context>('cli/rollback-other-release');
const address = '127.70.1.1';
const never = new Promise<void>(() => {});
/** What the release of before called the version that this one calls otherwise. */
const oldName = 'abcdef01'.repeat(8);

test.before.each(async context => {
  context.directory = temporaryDirectory();
  writeNetwork(context.directory.path, { address, port: await freePort(address) });
  context.daemon = null;
});
test.after.each(async context => {
  await stop(context);
  context.directory.remove();
});

async function status({ directory }: Context): Promise<StatusReport> {
  return JSON.parse((await typeIn(directory, ['status', '--json'])).out) as StatusReport;
}

async function start(context: Context): Promise<string> {
  context.daemon = await startDaemon({ directory: context.directory.path, log: new FakeLog(), env: {} });
  for (let tries = 0; (await status(context)).decisions.pending > 0; tries += 1) {
    if (tries > 400) throw new Error('the decision is not on the disk after 10 s');
    await new Promise(resolve => setTimeout(resolve, 25));
  }
  return context.daemon.snapshotHash;
}

async function stop(context: Context): Promise<void> {
  await context.daemon?.stop(0, never);
  context.daemon = null;
}

/** Two versions, one of which is that of another release; the newer one serves. Their hashes of today. */
async function startAfterUpgrade(
  context: Context,
  upgraded: 'older' | 'newer' = 'older',
): Promise<readonly [string, string]> {
  const { path } = context.directory;
  const older = await start(context);
  writeRates(path, 'retail', '0.75');
  assert.is((await typeIn(context.directory, ['reload'])).code, 0);
  const { hash: newer } = (await status(context)).snapshot;
  await stop(context);
  const renamed = upgraded === 'older' ? older : newer;
  const writer = await openWriter(join(path, 'var', 'class4.db'));
  for (const table of ['version', 'activation']) {
    await writer.database.run(`UPDATE ${table} SET hash = ? WHERE hash = ?`, [oldName, renamed]);
  }
  await writer.database.run("UPDATE version SET program = 'another release' WHERE hash = ?", [oldName]);
  await writer.close();
  return [older, await start(context)];
}

test('it is held under its old name, serves as this release compiles it, and both names are told', async context => {
  const { directory } = context;
  const [older, newer] = await startAfterUpgrade(context);

  const { code, out, err } = await typeIn(directory, ['rollback', '--reason', 'x', '--json']);
  assert.is(code, 0, err);
  const { from, to, hold } = JSON.parse(out) as RollbackResult;
  assert.equal([from, to, hold.hash], [newer, oldName, oldName]);
  const serving = await status(context);
  assert.equal([serving.snapshot.hash, serving.hold!.hash], [older, oldName]);
  const text = (await typeIn(directory, ['status'])).out;
  assert.match(text, `HELD: ${oldName} is held by`);
  assert.match(text, `compiled by this release it is ${older}`);

  await stop(context);
  assert.is(await start(context), older, 'the hold outlives a restart');
  assert.is((await status(context)).hold!.hash, oldName);
  assert.match((await typeIn(directory, ['history'])).out, oldName.slice(0, 12));
  const resumed = JSON.parse((await typeIn(directory, ['resume', '--json'])).out) as ResumeResult;
  assert.equal([resumed.outcome, resumed.decision!.to], ['resumed', newer]);
});

test('its calls are its own, although their records name it as this release does', async context => {
  const { directory } = context;
  const [older] = await startAfterUpgrade(context);
  const rolledBack = await typeIn(directory, ['rollback', '--reason', 'x']);
  assert.is(rolledBack.code, 0, rolledBack.err);
  await stop(context);
  await start(context);
  await stop(context);
  const type = async (...args: readonly string[]) =>
    JSON.parse((await typeIn(directory, [...args, '--json'])).out);
  const before = (await type('history')) as readonly { readonly cause: string; readonly beganAt: string }[];
  assert.equal(
    before.slice(0, 2).map(({ cause }) => cause),
    ['start', 'rollback'],
  );
  const store = await SqliteStore.open({ path: join(directory.path, 'var', 'class4.db') });
  for (const [index, { beganAt }] of before.slice(0, 2).entries()) {
    const startedAtMs = Date.parse(beganAt);
    await store.finishCall(cdr(`call-${index}`, { snapshotHash: older, startedAtMs }), []);
  }
  await store.close();

  const [started, rollback, newer] = await type('history');
  for (const { hash, servedHash, calls } of [started, rollback]) {
    assert.equal([hash, servedHash, calls], [oldName, older, 1]);
  }
  assert.is(newer.calls, 0);
  const { served } = await type('history', 'show', oldName);
  assert.equal(
    served.map(({ calls }: { readonly calls: number }) => calls),
    [1, 1, 0],
  );
  const { versions } = await type('blame', '--since', '1h');
  assert.equal(
    versions.map(({ hash, servedHash, activation }: BlamedVersion) => [hash, servedHash, activation]),
    [
      [oldName, older, rollback.id],
      [oldName, older, started.id],
    ],
  );
});

test('the version before is never the one that serves, as the release of before compiled it', async context => {
  const { directory } = context;
  const [older, newer] = await startAfterUpgrade(context, 'newer');
  const diff = await typeIn(directory, ['history', 'diff', 'previous']);
  assert.match(diff.out, `from ${older.slice(0, 12)} to ${newer.slice(0, 12)}`);

  const { code, out, err } = await typeIn(directory, ['rollback', '--reason', 'x', '--json']);

  assert.is(code, 0, err);
  const { from, to } = JSON.parse(out) as RollbackResult;
  assert.equal([from, to], [newer, older]);
});

test('nor is it when no switch runs', async context => {
  const { directory } = context;
  const [older] = await startAfterUpgrade(context, 'newer');
  await stop(context);

  const { code, out, err } = await typeIn(directory, ['rollback', '--reason', 'x']);
  assert.is(code, 0, err);
  assert.match(out, `The next start serves ${older}`);
});

test('naming it again while it serves restores nothing, and says that it goes on serving', async context => {
  const { directory } = context;
  await startAfterUpgrade(context);
  assert.is((await typeIn(directory, ['rollback', oldName, '--reason', 'x'])).code, 0);

  const again = await typeIn(directory, ['rollback', oldName.slice(0, 12), '--reason', 'y']);

  assert.is(again.code, 0);
  assert.match(again.out, `${oldName} goes on serving`);
});

test('it is found again when no switch runs', async context => {
  const { directory } = context;
  const [older] = await startAfterUpgrade(context);
  await stop(context);

  const { code, out, err } = await typeIn(directory, ['rollback', oldName.slice(0, 8), '--reason', 'x']);

  assert.is(code, 0, err);
  assert.match(out, `The next start serves ${oldName}`);
  assert.is(await start(context), older);
});

test.run();
