import { createSocket } from 'node:dgram';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { askSwitch, RefusedError } from '../../src/control/client.ts';
import type { Explanation } from '../../src/explain/explanation.ts';
import { type Daemon, startDaemon } from '../../src/live/daemon.ts';
import type { CdrReport, StatusReport } from '../../src/live/operations.ts';
import { StartError } from '../../src/live/start-error.ts';
import { SqliteStore } from '../../src/store/sqlite-store.ts';
import { openWriter } from '../../src/store/writer.ts';
import { openCall, type TemporaryDirectory, temporaryDirectory } from '../store/records.ts';
import { FakeLog } from './fakes.ts';
import { freePort, writeNetwork, writeRates } from './network.ts';

interface Context {
  directory: TemporaryDirectory;
  path: string;
  port: number;
  log: FakeLog;
  daemons: Daemon[];
}

const test = suite<Context>('live/daemon');
const address = '127.0.6.2';
const never = new Promise<void>(() => {});

test.before.each(async context => {
  context.directory = temporaryDirectory();
  context.path = context.directory.path;
  context.port = await freePort(address);
  context.log = new FakeLog();
  context.daemons = [];
  writeNetwork(context.path, { address, port: context.port });
});
test.after.each(async context => {
  for (const daemon of context.daemons) await daemon.stop(0, never);
  context.directory.remove();
});

async function start({ path, log, daemons }: Context): Promise<Daemon> {
  const daemon = await startDaemon({ directory: path, log, env: {} });
  daemons.push(daemon);
  return daemon;
}

async function startFailure(context: Context): Promise<StartError> {
  try {
    await start(context);
  } catch (error) {
    assert.instance(error, StartError);
    return error as StartError;
  }
  throw new Error('it started');
}

async function statusOf({ path }: Context): Promise<StatusReport> {
  return (await askSwitch(path, 'GET', '/status')) as StatusReport;
}

/** Sends one datagram and gives the first line of the answer. */
function ask(port: number, text: string): Promise<string> {
  return new Promise(resolve => {
    const socket = createSocket('udp4');
    socket.once('message', message => {
      socket.close();
      resolve(message.toString('latin1').split('\r\n')[0]!);
    });
    socket.bind(0, '127.0.6.10', () => socket.send(text, port, address));
  });
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    if (await isSo()) return;
    await new Promise(resolve => setTimeout(resolve, 50));
  }
  throw new Error('it did not come about in 10 s');
}

test('status tells what loading and serving a configuration took, and how the process is', async context => {
  await start(context);
  const atStart = (await statusOf(context)).process;
  assert.ok(atStart.lastLoad!.readMs > 0);
  assert.ok(atStart.lastLoad!.newParts > 3, 'all of it was new');
  assert.is(atStart.lastApplyMs, null);
  assert.ok(atStart.memory.residentBytes > atStart.memory.heapUsedBytes);
  assert.equal(atStart.oldSnapshots, { snapshots: 0, calls: 0 });

  writeRates(context.path, 'retail', '0.90');
  await askSwitch(context.path, 'POST', '/reload');
  const { lastLoad, lastApplyMs, eventLoop } = (await statusOf(context)).process;
  assert.ok(lastLoad!.newParts < atStart.lastLoad!.newParts, 'an edit is not all of it');
  assert.ok(lastApplyMs! >= 0);
  assert.ok(eventLoop.longestMs >= eventLoop.p99Ms);
});

test('a switch explains a call by what it serves, and says what it does not know', async context => {
  await start(context);
  const ask = (body: Readonly<Record<string, unknown>>) => askSwitch(context.path, 'POST', '/explain', body);
  const explained = (await ask({ callee: '442079460000', address: '127.0.6.10' })) as Explanation;

  assert.is(explained.state, 'live');
  assert.is(explained.snapshot.hash, (await statusOf(context)).snapshot.hash);
  assert.is(explained.mappingGateway, 'retail');
  assert.is(explained.customer!.balance, '0.00');
  assert.is(explained.customer!.usable, '1000.00');
  assert.equal(
    explained.attempts.map(({ gateway, cost, margin }) => [gateway, cost, margin]),
    [['acme', '0.30', '0.30']],
  );
  const wrong = (await ask({ callee: '44', via: 'retial' }).catch((error: unknown) => error)) as RefusedError;
  assert.instance(wrong, RefusedError);
  assert.match(wrong.message, 'there is no mapping gateway "retial"');
  assert.is(wrong.hint, 'did you mean "retail"?');
});

test('a switch starts, answers SIP and its operators, and stops', async context => {
  const daemon = await start(context);
  const status = await statusOf(context);

  assert.equal(daemon.listening, [`udp/${address}:${context.port}`]);
  assert.is(status.snapshot.hash, daemon.snapshotHash);
  assert.is(status.sip.connected, true);
  assert.equal(status.store.lastError, null);
  const answer = await ask(
    context.port,
    [
      `OPTIONS sip:${address}:${context.port} SIP/2.0`,
      'Via: SIP/2.0/UDP 127.0.6.10:5060;branch=z9hG4bK1;rport',
      'From: <sip:a@127.0.6.10>;tag=1',
      `To: <sip:${address}>`,
      'Call-ID: options-1',
      'CSeq: 1 OPTIONS',
      'Max-Forwards: 70',
      'Content-Length: 0',
      '',
      '',
    ].join('\r\n'),
  );
  assert.match(answer, /^SIP\/2\.0 \d{3} /);

  assert.is(await daemon.stop(1000, never), 'drained');
  assert.not(existsSync(join(context.path, 'var', 'class4.sock')));
});

test('an edited file is noticed and applied without a restart', async context => {
  const daemon = await start(context);

  writeRates(context.path, 'retail', '0.75');
  await until(async () => (await statusOf(context)).snapshot.hash !== daemon.snapshotHash);

  const { reload } = await statusOf(context);
  assert.is(reload.applied, 1);
  writeFileSync(join(context.path, 'accounts', 'northwind.yaml'), 'kind: customr\n');
  await until(async () => (await statusOf(context)).reload.refused === 1);
  assert.match(context.log.lines.join('\n'), /accounts\/northwind\.yaml:1:7/);
});

test('calls that were up when the switch was killed are closed and charged before it serves', async context => {
  const store = await SqliteStore.open({ path: join(context.path, 'var', 'class4.db') });
  const call = openCall('call-1');
  await store.journal(call);
  await store.heartbeat(call.answeredAtMs! + 30_000);
  await store.close();

  await start(context);

  const cdrs = (await askSwitch(context.path, 'GET', '/cdrs')) as readonly CdrReport[];
  assert.is(cdrs[0]!.endReason, 'Interrupted');
  assert.is(cdrs[0]!.talkSeconds, 30);
  assert.is(cdrs[0]!.customerCharge!.amount, '0.00625');
  const balance = (await askSwitch(context.path, 'GET', '/balance?account=northwind')) as { balance: string };
  assert.is(balance.balance, '-0.00625');
});

test('a switch whose socket was removed keeps its calls from a second one', async context => {
  await start(context);
  rmSync(join(context.path, 'var', 'class4.sock'));

  const error = await startFailure(context);

  assert.match(error.message, /another switch works with the database/);
});

test('two directories cannot share a database', async context => {
  await start(context);
  const other = temporaryDirectory();
  try {
    const storePath = join(context.path, 'var', 'class4.db');
    writeNetwork(other.path, { address, port: await freePort(address), storePath });

    assert.match(
      (await startFailure({ ...context, path: other.path })).message,
      /another switch works with the database/,
    );
  } finally {
    other.remove();
  }
});

test('a clock that was ahead during the last run makes no call of this one longer', async context => {
  const open = () => SqliteStore.open({ path: join(context.path, 'var', 'class4.db') });
  const before = await open();
  await before.heartbeat(Date.now() + 365 * 86_400_000);
  await before.close();
  const daemon = await start(context);
  await daemon.stop(0, never);

  const store = await open();
  const { lastAliveMs } = await store.interruptedCalls();
  await store.close();

  assert.ok(lastAliveMs <= Date.now());
});

test('a payment is refused while the store cannot be written, instead of hanging', async context => {
  await start(context);
  const blocker = await openWriter(join(context.path, 'var', 'class4.db'));
  await blocker.database.execute('BEGIN IMMEDIATE');
  // The first one meets the lock and waits for its end.
  const waiting = askSwitch(context.path, 'POST', '/pay', { account: 'northwind', amount: '1', note: '' });
  await until(async () => (await statusOf(context)).store.lastError !== null);

  let message = '';
  await askSwitch(context.path, 'POST', '/pay', { account: 'northwind', amount: '2', note: '' }).catch(
    (error: Error) => {
      message = error.message;
    },
  );
  await blocker.database.execute('ROLLBACK');
  await blocker.close();

  assert.match(message, /nothing was recorded/);
  assert.is(((await waiting) as { balance: string }).balance, '1.00');
});

test('a payment can be used at once and survives a restart', async context => {
  const daemon = await start(context);
  const payment = { account: 'northwind', amount: '90071992.54740993', note: 'wire 17' };
  await askSwitch(context.path, 'POST', '/pay', payment);
  const accounts = async () =>
    (await askSwitch(context.path, 'GET', '/accounts')) as readonly { name: string; usable: string }[];
  const usable = async () => (await accounts()).find(({ name }) => name === 'northwind')!.usable;

  assert.is(await usable(), '90072992.54740993');
  await daemon.stop(0, never);
  await start(context);
  assert.is(await usable(), '90072992.54740993');
});

test('a configuration with errors does not start, and every error is told', async context => {
  writeFileSync(join(context.path, 'accounts', 'northwind.yaml'), 'kind: customr\nrateTabel: x\n');

  const error = await startFailure(context);

  assert.ok(error.diagnostics.length >= 2);
  assert.not(existsSync(join(context.path, 'var')), 'nothing was touched');
});

test('a port in use is told, and nothing stays open', async context => {
  const blocker = createSocket('udp4');
  await new Promise<void>(resolve => blocker.bind(context.port, address, resolve));

  const error = await startFailure(context);
  assert.match(error.message, new RegExp(`${context.port}`));
  assert.ok(error.hint);
  await new Promise<void>(resolve => blocker.close(() => resolve()));

  await start(context);
});

test('a second switch for the same directory is refused', async context => {
  await start(context);

  assert.is((await startFailure(context)).kind, 'running');
});

test('a database that cannot be used keeps the switch from starting, with what to do', async context => {
  writeNetwork(context.path, { address, port: context.port, storePath: 'accounts/northwind.yaml' });

  const error = await startFailure(context);

  assert.match(error.message, /database/);
  assert.match(error.hint!, /store\.path/);
});

test.run();
