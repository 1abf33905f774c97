/** A whole switch that follows a branch of a repository on this machine. */
import { createHmac } from 'node:crypto';
import { renameSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { resumeAtNextStart, rollbackAtNextStart } from '../../../src/cli/offline-decisions.ts';
import { askSwitch } from '../../../src/control/client.ts';
import type { VersionCommit } from '../../../src/history/history.ts';
import { openHistoryToRead } from '../../../src/live/configuration/open-history.ts';
import { type Daemon, startDaemon } from '../../../src/live/daemon.ts';
import type { ReloadResult, StatusReport } from '../../../src/live/operations.ts';
import type { GitSourceReport } from '../../../src/live/sources/source-report.ts';
import { FakeLog } from '../fakes.ts';
import { freePort, write, writeNetwork, writeRates } from '../network.ts';
import { Remote } from './remote.ts';

interface Context {
  remote: Remote;
  port: number;
  log: FakeLog;
  daemon: Daemon | null;
}

const test = suite<Context>('live/sources/follow');
const never = new Promise<void>(() => {});

test.before.each(async context => {
  context.remote = new Remote();
  context.port = await freePort('127.68.2.1');
  context.log = new FakeLog();
  context.daemon = null;
  writeNetwork(context.remote.work, { address: '127.68.2.1', port: context.port });
});

test.after.each(async context => {
  await stop(context);
  context.remote.remove();
});

async function start(context: Context, ...settings: readonly string[]): Promise<void> {
  const { remote, log } = context;
  write(remote.home, 'source.yaml', [
    `repository: ${remote.url}`,
    'allowFile: On',
    'fetchInterval: 86400',
    ...settings,
  ]);
  const env = { ...process.env, HOOK: 's3cr3t' };
  context.daemon = await startDaemon({ directory: remote.home, log, env });
}

async function stop(context: Context): Promise<void> {
  await context.daemon?.stop(0, never);
  context.daemon = null;
}

async function statusOf({ remote }: Context): Promise<StatusReport> {
  return (await askSwitch(remote.home, 'GET', '/status')) as StatusReport;
}

async function sourceOf(context: Context): Promise<GitSourceReport> {
  return (await statusOf(context)).source as GitSourceReport;
}

async function reload({ remote }: Context): Promise<ReloadResult> {
  return (await askSwitch(remote.home, 'POST', '/reload')) as ReloadResult;
}

/** Bounded, because a test must end. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await isSo()); tries += 1) {
    if (tries === 600) throw new Error('it does not come to that');
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}

function poke(listening: string, secret: string): Promise<number> {
  const body = '{"ref":"refs/heads/main"}';
  const signature = `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
  return new Promise((resolve, reject) => {
    const headers = { 'x-hub-signature-256': signature };
    const sent = request(`http://${listening}/`, { method: 'POST', headers }, reply => {
      reply.resume();
      resolve(reply.statusCode!);
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

test('a commit serves as soon as somebody pokes, and its author stands in the history', async context => {
  const { remote } = context;
  const one = remote.commit('one');
  const port = await freePort('127.68.2.1');
  await start(context, `webhook: { address: 127.68.2.1, port: ${port}, secret: { env: HOOK } }`);
  assert.is((await statusOf(context)).snapshot.commit, one);
  const { webhook } = await sourceOf(context);

  writeRates(remote.work, 'retail', '0.70');
  const two = remote.commit('Raise the retail rate');
  assert.is(await poke(webhook!, 'wrong'), 404);
  assert.is(await poke(webhook!, 's3cr3t'), 204);
  await until(async () => (await statusOf(context)).snapshot.commit === two);

  const { counters, source } = await statusOf(context);
  assert.is(counters['source.webhookAccepted'], 1);
  assert.is(counters['source.webhookRefused'], 1);
  assert.is((source as GitSourceReport).commit, two);
  await stop(context);

  const history = await openHistoryToRead({
    storePath: join(remote.home, 'var/class4.db'),
    keeping: { keep: () => Promise.reject(new Error('nothing is kept here')) },
    log: context.log,
    clock: Date.now,
  });
  const [activation] = await history!.activations(1);
  const version = await history!.find('previous').then(() => history!.find(activation!.hash));
  await history!.close();
  assert.is(activation!.cause, 'git');
  assert.is(activation!.by, 'Alice Example <alice@example.net>');
  const { commit, subject } = version!.commit as VersionCommit;
  assert.equal([commit, subject], [two, 'Raise the retail rate']);
});

test('a commit that breaks is refused with its lines, and the next good one serves', async context => {
  const { remote, log } = context;
  const one = remote.commit('one');
  await start(context);
  write(remote.work, 'accounts/northwind.yaml', ['kind: customer', 'rateTabel: retail']);
  const two = remote.commit('two');

  const refused = await reload(context);
  assert.is(refused.outcome, 'refused');
  assert.ok(
    refused.diagnostics.some(
      ({ code, place }) => code === 'C4201' && place.file === 'accounts/northwind.yaml',
    ),
  );
  assert.is((await statusOf(context)).snapshot.commit, one);
  assert.is((await sourceOf(context)).refused?.commit, two);
  assert.is(log.lines.filter(line => line.includes('is refused')).length, 1);

  writeNetwork(remote.work, { address: '127.68.2.1', port: context.port, customerRate: '0.80' });
  const three = remote.commit('three');
  assert.is((await reload(context)).outcome, 'applied');
  assert.is((await statusOf(context)).snapshot.commit, three);
  assert.is((await sourceOf(context)).refused, null);
});

test('while the remote is away the last good commit serves, also after a restart', async context => {
  const { remote } = context;
  const one = remote.commit('one');
  await start(context);
  renameSync(remote.bare, `${remote.bare}.away`);

  const report = await reload(context);
  assert.is(report.outcome, 'refused');
  assert.match(report.failure!, /^the repository cannot be followed at the moment: fatal: /);
  await stop(context);

  await start(context);
  assert.is((await statusOf(context)).snapshot.commit, one);
  await until(async () => (await sourceOf(context)).failures > 0);
  renameSync(`${remote.bare}.away`, remote.bare);
  writeRates(remote.work, 'retail', '0.70');
  const two = remote.commit('two');
  assert.is((await reload(context)).outcome, 'applied');
  assert.is((await statusOf(context)).snapshot.commit, two);
});

test('a version that is held goes on serving while the branch goes on', async context => {
  const { remote } = context;
  remote.commit('one');
  await start(context);
  writeRates(remote.work, 'retail', '0.70');
  remote.commit('two');
  assert.is((await reload(context)).outcome, 'applied');
  await askSwitch(remote.home, 'POST', '/rollback', { version: null, reason: 'too dear', by: 'bob@noc' });
  writeRates(remote.work, 'retail', '0.90');
  const three = remote.commit('three');
  assert.is((await reload(context)).outcome, 'held');
  const held = (await statusOf(context)).snapshot.hash;
  await stop(context);

  await start(context);
  assert.is((await statusOf(context)).snapshot.hash, held);
  await until(async () => (await sourceOf(context)).commit === three);
  await askSwitch(remote.home, 'POST', '/resume', { reason: null, by: 'bob@noc' });
  assert.is((await statusOf(context)).snapshot.commit, three);
});

test('while the switch is stopped a rollback and its end go by the commit that was good last', async context => {
  const { remote } = context;
  const one = remote.commit('one');
  await start(context);
  const { hash } = (await statusOf(context)).snapshot;
  writeRates(remote.work, 'retail', '0.70');
  const two = remote.commit('two');
  assert.is((await reload(context)).outcome, 'applied');
  await stop(context);

  const back = await rollbackAtNextStart(remote.home, { version: null, reason: 'too dear', by: 'bob@noc' });
  assert.is(back.to, hash);
  await start(context);
  assert.is((await statusOf(context)).snapshot.commit, one);
  await stop(context);

  assert.is((await resumeAtNextStart(remote.home, { reason: null, by: 'bob@noc' })).outcome, 'resumed');
  await start(context);
  assert.is((await statusOf(context)).snapshot.commit, two);
});

test('files of the store and of secrets stand beside source.yaml, and not in a checkout', async context => {
  context.remote.commit('one');
  await start(context);

  const { store } = await statusOf(context);
  assert.is(store.path, join(context.remote.home, 'var/class4.db'));
});

test('a source.yaml with errors does not start, and says where', async context => {
  context.remote.commit('one');
  try {
    await start(context, 'brunch: main');
    assert.unreachable();
  } catch (error) {
    const { message, diagnostics } = error as Error & {
      diagnostics: { code: string; place: { line: number } }[];
    };
    assert.is(message, 'source.yaml has errors');
    assert.equal(
      diagnostics.map(({ code, place }) => `${code} ${place.line}`),
      ['C4201 4'],
    );
  }
});

test.run();
