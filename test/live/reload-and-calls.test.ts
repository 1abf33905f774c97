/** Reloads while calls are up: real files, the real loader, the real call core; SIP, store and time are the test's. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { GatewaySummary } from '../../src/call/summaries.ts';
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
    loadSteadily: async () => loadConfiguration(directory.path),
    fingerprint: () => fingerprint(directory.path),
    changesSeen: async () => ({ count: 0, some: [] }),
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

test('a reload every 100 ms for a minute under load loses no call, no record and no line', async context => {
  const { engine, core, reloader, directory, time, store, sip, log } = context;
  const calls = 3000;
  const hashes = new Map<string, string>();
  writeSpare(directory.path, 1);
  for (let step = 0; step < calls + 10; step += 1) {
    if (step < calls) {
      hashes.set(`call-${step}`, core.snapshot.hash);
      invite(engine, `call-${step}`);
      await answer(engine, `call-${step}`);
    }
    if (step >= 10) {
      const callId = `call-${step - 10}`;
      engine.deliver({ type: 'hangup', callId, by: step % 2 === 0 ? 'caller' : 'callee' });
    }
    if (step % 5 === 0) {
      writeRates(directory.path, 'retail', `0.${60 + (step % 30)}`);
      // A vendor that leaves while calls are with it, and comes back.
      if (step % 35 === 0) rmSync(join(directory.path, spareFile), { force: true });
      else if (step % 35 === 10) writeSpare(directory.path, step);
      await reloader.reloadNow();
    }
    await time.pass(20);
    sip.take();
  }
  await settle();

  assert.ok(reloader.status().applied > 500, `${reloader.status().applied} reloads`);
  assert.is(store.finished.length, calls);
  const strayed = store.finished.filter(({ cdr }) => cdr.snapshotHash !== hashes.get(cdr.callId));
  assert.equal(strayed, []);
  const vendors = new Set(store.finished.map(({ cdr }) => cdr.routingGateway));
  assert.equal([...vendors].sort(), ['acme', 'spare']);
  assert.is(engine.openCalls, 0);
  assert.equal(core.oldSnapshots(), { snapshots: 0, calls: 0 });
  const gateways = core.gateways();
  assert.is(gateways.find(({ name }) => name === 'retail')!.carried, calls, 'counts carry over');
  assert.ok(gateways.every(({ activeLines }) => activeLines === 0));
  for (const account of ['northwind', 'acme-telecom']) {
    const charged = store.finished.flatMap(({ ledger }) => ledger).filter(line => line.account === account);
    const known = core.accounts().find(({ name }) => name === account)!;
    assert.is(known.balance, money(charged.reduce((sum, { amount }) => sum + amount, 0n)));
    assert.is(known.held, 0n);
    assert.is(known.activeLines, 0);
  }
  assert.equal(
    log.lines.filter(line => line.startsWith('error')),
    [],
  );
});

const spareFile = 'gateways/routing/spare.yaml';

/** Asked before the other one. */
function writeSpare(directory: string, lines: number): void {
  write(directory, spareFile, [
    'clearingAccount: acme-telecom',
    'address: 127.0.6.21:5060',
    'prefixes: ["44"]',
    'priority: 1',
    `lines: ${100 + lines}`,
  ]);
}

const resting = {
  status: 503,
  reason: 'Service Unavailable',
  origin: 'gateway',
  retryAfterSeconds: 600,
} as const;

test('what a gateway asked for, and calls of the period, count on through reloads', async context => {
  const { engine, core, reloader, directory, time, sip } = context;
  write(directory.path, 'gateways/mapping/retail.yaml', [
    'account: northwind',
    'authentication: ip',
    'addresses: [127.0.6.10]',
    'callRate: { calls: 3, perSeconds: 60 }',
  ]);
  writeSpare(directory.path, 1);
  await reloader.reloadNow();
  invite(engine, 'call-1');
  engine.deliver({ type: 'legFailed', callId: 'call-1', leg: 0, ...resting });
  const unavailableUntil = () => core.gateways().find(({ name }) => name === 'spare')!.unavailableUntilMs;
  const untilMs = unavailableUntil();
  assert.ok(untilMs > time.nowMs, 'Retry-After is heard');

  for (let reload = 1; reload <= 20; reload += 1) {
    writeRates(directory.path, 'retail', `${reload}.00`);
    writeSpare(directory.path, 1 + reload);
    await reloader.reloadNow();
    await time.pass(100);
  }
  assert.is(unavailableUntil(), untilMs);
  invite(engine, 'call-2');
  invite(engine, 'call-3');
  sip.take();
  invite(engine, 'call-4');
  assert.match(sip.take().join(' '), /^reject:/, 'the fourth call in a minute is one too many');
});

/** What was measured, counted, held or noted of a gateway, but for its limits, which an edit may change. */
function stateOf(core: Switch, name: string): object {
  const { lineLimit, callRateLimit, ...state } = core.gateways().find(gateway => gateway.name === name)!;
  return { ...state, byPrefix: core.quality().filter(({ gateway }) => gateway === name) };
}

test('everything that is known of gateways and accounts carries over, by their names', async context => {
  const { engine, core, reloader, directory, time, sip } = context;
  const silent = (lines: number): void =>
    write(directory.path, 'gateways/routing/silent.yaml', [
      'clearingAccount: acme-telecom',
      'address: 127.0.6.22:5060',
      'prefixes: ["44"]',
      'priority: 1',
      'optionsCheck: true',
      `lines: ${lines}`,
    ]);
  silent(1);
  write(directory.path, 'gateways/routing/acme.yaml', [
    'clearingAccount: acme-telecom',
    'address: 127.0.6.20:5060',
    'prefixes: ["44"]',
    'calculateQuality: true',
  ]);
  await reloader.reloadNow();
  for (let minute = 0; minute < 10 && core.counters()['gatewaysOffline'] === 0; minute += 1) {
    await time.pass(60_000);
    for (const output of sip.outputs.splice(0)) {
      if (output.type !== 'sendOptions') continue;
      const { gateway, request } = output;
      engine.deliver({ type: 'optionsResult', gateway, request, outcome: 'timeout', status: null });
    }
  }
  for (const [callId, talksMs] of [
    ['call-1', 30_000],
    ['call-2', 50_000],
  ] as const) {
    invite(engine, callId);
    await answer(engine, callId);
    await time.pass(talksMs);
    engine.deliver({ type: 'hangup', callId, by: 'caller' });
  }
  invite(engine, 'call-3');
  await answer(engine, 'call-3');
  const before = ['silent', 'acme', 'retail'].map(name => stateOf(core, name));
  const [accounts, offered] = [core.accounts(), core.counters()];
  const [silentBefore, acmeBefore] = before as [GatewaySummary, GatewaySummary];
  assert.ok(silentBefore.offlineSinceMs !== null, 'it answers no OPTIONS');
  assert.equal([acmeBefore.activeLines, acmeBefore.carried], [1, 3]);
  assert.is(acmeBefore.quality!.attempts, 3);
  assert.ok(core.quality().some(({ gateway, prefix }) => gateway === 'acme' && prefix === '44'));
  assert.ok(accounts.find(({ name }) => name === 'northwind')!.held > 0n);

  for (let reload = 1; reload <= 50; reload += 1) {
    writeRates(directory.path, 'retail', `0.${reload + 60}`);
    silent(1 + reload);
    assert.is((await reloader.reloadNow()).outcome, 'applied');
  }

  assert.equal(
    ['silent', 'acme', 'retail'].map(name => stateOf(core, name)),
    before,
  );
  assert.equal(core.accounts(), accounts);
  assert.equal(core.counters(), offered);
  sip.take();
  invite(engine, 'call-4');
  assert.is(core.calls().at(-1)!.routingGateway, 'acme', 'what is offline is not tried');
});

test('a gateway that leaves drains, and has its lines again when it comes back before they are free', async context => {
  const { engine, core, reloader, directory, sip } = context;
  writeSpare(directory.path, 1);
  await reloader.reloadNow();
  invite(engine, 'call-1');
  await answer(engine, 'call-1');
  const spare = () => core.gateways().find(({ name }) => name === 'spare') ?? null;
  rmSync(join(directory.path, spareFile));
  await reloader.reloadNow();
  const { configured, activeLines, lineLimit, offlineSinceMs } = spare()!;
  assert.equal([configured, activeLines, lineLimit, offlineSinceMs], [false, 1, null, null]);
  invite(engine, 'call-2');
  await answer(engine, 'call-2');
  assert.equal(
    core.calls().map(({ routingGateway }) => routingGateway),
    ['spare', 'acme'],
  );

  writeSpare(directory.path, 2);
  await reloader.reloadNow();
  assert.equal([spare()!.configured, spare()!.activeLines, spare()!.carried], [true, 1, 1]);
  rmSync(join(directory.path, spareFile));
  await reloader.reloadNow();
  engine.deliver({ type: 'hangup', callId: 'call-1', by: 'callee' });
  await settle();
  assert.is(spare(), null, 'with its last call it is forgotten');
  engine.deliver({ type: 'hangup', callId: 'call-2', by: 'callee' });
  await settle();
  assert.is(engine.openCalls, 0);
  assert.equal(core.oldSnapshots(), { snapshots: 0, calls: 0 });
  sip.take();
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
