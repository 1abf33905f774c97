/** Reloads while calls are up: real files, the real loader, the real call core; SIP, store and time are the test's. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Switch } from '../../src/call/switch.ts';
import { loadConfiguration } from '../../src/config/load.ts';
import { fingerprint, isGitBusy } from '../../src/live/config-files.ts';
import { DirectorySource } from '../../src/live/configuration/directory-source.ts';
import { Reloader } from '../../src/live/configuration/reloader.ts';
import { ServingVersion } from '../../src/live/configuration/serving-version.ts';
import { Engine } from '../../src/live/engine.ts';
import { formatMoney, money } from '../../src/rating/money.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../store/records.ts';
import { FakeHistory, FakeLog, FakeSip, FakeStore, FakeTime, settle } from './fakes.ts';
import { write, writeNetwork, writeRates } from './network.ts';

interface Context {
  directory: TemporaryDirectory;
  core: Switch;
  engine: Engine;
  reloader: Reloader;
  time: FakeTime;
  sip: FakeSip;
  store: FakeStore;
  log: FakeLog;
}

const test = suite<Context>('live/reload-and-calls');

test.before.each(context => {
  const directory = temporaryDirectory();
  writeNetwork(directory.path);
  const snapshot = loadConfiguration(directory.path).snapshot!;
  const core = new Switch({ snapshot, balances: new Map() });
  const time = new FakeTime();
  const [sip, store, log] = [new FakeSip(), new FakeStore(), new FakeLog()];
  const engine = new Engine({ core, sip, store, log, clock: time.clock, timers: time });
  const around = { log, clock: time.clock, timers: time };
  const source = new DirectorySource({
    load: async () => loadConfiguration(directory.path),
    fingerprint: () => fingerprint(directory.path),
    isGitBusy: () => isGitBusy(directory.path),
    ...around,
  });
  const serving = new ServingVersion({
    history: new FakeHistory(),
    initial: snapshot,
    apply: next => void engine.handle({ type: 'snapshot', snapshot: next }),
    ...around,
  });
  const reloader = new Reloader({ source, serving, sourceHash: null, ...around });
  Object.assign(context, { directory, core, engine, reloader, time, sip, store, log });
});
test.after.each(({ directory }) => directory.remove());

function invite(engine: Engine, callId: string): void {
  const source = { address: '127.0.6.10', port: 5060, transport: 'udp' } as const;
  const numbers = { caller: '4420', callee: '447700900123', forwarding: null };
  const facts = { ...numbers, sipCallId: callId, timerCapable: false };
  engine.deliver({ type: 'invite', callId, source, ...facts });
}

async function answer(engine: Engine, callId: string): Promise<void> {
  engine.deliver({ type: 'legAnswered', callId, leg: 0 });
  await settle();
}

test('a call keeps its snapshot and its price through ten reloads', async context => {
  const { engine, core, reloader, directory, time, store } = context;
  const firstHash = core.snapshot.hash;
  invite(engine, 'call-1');
  await answer(engine, 'call-1');

  for (let reload = 1; reload <= 10; reload += 1) {
    writeRates(directory.path, 'retail', `${reload}.00`);
    writeRates(directory.path, 'acme', `${reload}.50`);
    assert.is((await reloader.reloadNow()).outcome, 'applied');
    await time.pass(6000);
  }
  assert.is(core.calls()[0]!.snapshotHash, firstHash);
  engine.deliver({ type: 'hangup', callId: 'call-1', by: 'caller' });
  invite(engine, 'call-2');
  await answer(engine, 'call-2');
  await time.pass(60_000);
  engine.deliver({ type: 'hangup', callId: 'call-2', by: 'callee' });
  await settle();

  const [old, fresh] = store.finished.map(({ cdr }) => cdr);
  assert.is(old!.snapshotHash, firstHash);
  assert.is(old!.talkSeconds, 60);
  assert.is(formatMoney(old!.customerCharge!.amount, 2), '0.60');
  assert.is(formatMoney(old!.vendorCharge!.amount, 2), '0.30');
  assert.is(fresh!.snapshotHash, core.snapshot.hash);
  assert.is(formatMoney(fresh!.customerCharge!.amount, 2), '10.00');
  assert.is(formatMoney(fresh!.vendorCharge!.amount, 2), '10.50');
});

test('a broken reload leaves the old snapshot serving', async ({
  engine,
  core,
  reloader,
  directory,
  sip,
}) => {
  const { hash } = core.snapshot;
  write(directory.path, 'accounts/northwind.yaml', ['kind: customer', 'rateTable: retial']);

  const report = await reloader.reloadNow();
  invite(engine, 'call-1');

  assert.is(report.outcome, 'refused');
  assert.is(report.diagnostics[0]!.place.file, 'accounts/northwind.yaml');
  assert.is(core.snapshot.hash, hash);
  assert.equal(sip.take(), ['dialLeg']);
});

test('layout and comments do not make another configuration', async ({ core, reloader, directory }) => {
  const { hash } = core.snapshot;
  write(directory.path, 'accounts/northwind.yaml', [
    '# the best customer',
    'overdraftLimit:   1000',
    '',
    'rateTable: "retail"',
    'kind: customer',
  ]);

  assert.is((await reloader.reloadNow()).outcome, 'unchanged');
  assert.is(core.snapshot.hash, hash);
});

test('a reload every 100 ms under load loses no call, no record and no line', async context => {
  const { engine, core, reloader, directory, time, store, log } = context;
  const calls = 300;
  const hashes = new Map<string, string>();
  for (let step = 0; step < calls + 10; step += 1) {
    if (step < calls) {
      hashes.set(`call-${step}`, core.snapshot.hash);
      invite(engine, `call-${step}`);
      await answer(engine, `call-${step}`);
    }
    if (step >= 10) {
      engine.deliver({
        type: 'hangup',
        callId: `call-${step - 10}`,
        by: step % 2 === 0 ? 'caller' : 'callee',
      });
    }
    if (step % 5 === 0) {
      writeRates(directory.path, 'retail', `0.${60 + (step % 30)}`);
      await reloader.reloadNow();
    }
    await time.pass(20);
  }
  await settle();

  assert.ok(reloader.status().applied > 30, `${reloader.status().applied} reloads`);
  assert.is(store.finished.length, calls);
  assert.equal(
    store.finished
      .filter(({ cdr }) => cdr.snapshotHash !== hashes.get(cdr.callId))
      .map(({ cdr }) => cdr.callId),
    [],
  );
  assert.is(engine.openCalls, 0);
  assert.equal(
    core.gateways().map(({ activeLines }) => activeLines),
    [0, 0],
  );
  const charged = store.finished.reduce((sum, { ledger }) => {
    return sum + (ledger.find(({ account }) => account === 'northwind')?.amount ?? 0n);
  }, 0n);
  assert.is(core.accounts().find(({ name }) => name === 'northwind')!.balance, money(charged));
  assert.equal(
    log.lines.filter(line => line.startsWith('error')),
    [],
  );
});

test('state of the running switch survives a reload', async ({ engine, core, reloader, directory }) => {
  invite(engine, 'call-1');
  await answer(engine, 'call-1');
  engine.handle({ type: 'payment', account: 'northwind', amount: money(5n) });
  writeRates(directory.path, 'retail', '0.90');

  await reloader.reloadNow();

  assert.equal(
    core.gateways().map(({ name, activeLines }) => `${name} ${activeLines}`),
    ['retail 1', 'acme 1'],
  );
  assert.is(core.accounts().find(({ name }) => name === 'northwind')!.balance, 5n);
});

test.run();
