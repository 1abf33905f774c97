import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { SwitchInput } from '../../src/call/inputs.ts';
import type { SwitchOutput } from '../../src/call/outputs.ts';
import { type CallCore, Engine } from '../../src/live/engine.ts';
import { answerDelayMaxMs } from '../../src/live/performer.ts';
import type { SipInput } from '../../src/sip/port.ts';
import { cdr, openCall } from '../store/records.ts';
import { FakeLog, FakeSip, FakeStore, FakeTime, settle } from './fakes.ts';

/** A call core that answers from a script: input type → outputs. */
class ScriptedCore implements CallCore {
  readonly inputs: SwitchInput[] = [];
  readonly script = new Map<string, readonly SwitchOutput[] | Error | (() => readonly SwitchOutput[])>();
  deadlineMs: number | null = null;
  readonly faults: { callId: string; error: unknown; ended: boolean }[] = [];

  handle(input: SwitchInput): readonly SwitchOutput[] {
    this.inputs.push(input);
    const outputs = this.script.get(input.type) ?? [];
    if (outputs instanceof Error) throw outputs;
    return typeof outputs === 'function' ? outputs() : outputs;
  }

  nextDeadlineMs(): number | null {
    return this.deadlineMs;
  }

  takeFaults(): ReturnType<CallCore['takeFaults']> {
    return this.faults.splice(0);
  }
}

interface Context {
  core: ScriptedCore;
  time: FakeTime;
  sip: FakeSip;
  store: FakeStore;
  log: FakeLog;
  engine: Engine;
}

const test = suite<Context>('live/engine');

test.before.each(context => {
  context.core = new ScriptedCore();
  context.time = new FakeTime();
  context.sip = new FakeSip();
  context.store = new FakeStore();
  context.log = new FakeLog();
  const { core, sip, store, log, time } = context;
  context.engine = new Engine({
    core,
    sip,
    store,
    log,
    clock: time.clock,
    timers: time,
    pendingWritesMax: 10,
  });
  core.script.set('invite', [{ type: 'journal', call: openCall('call-1') }, dial]);
  core.script.set('legAnswered', [{ type: 'journal', call: openCall('call-1') }, answer]);
  core.script.set('hangup', [{ type: 'hangUp', callId: 'call-1', side: 'callee', reason: '' }, end]);
});

const dial = { type: 'relayProvisional', callId: 'call-1', leg: 0, status: 180, reason: 'Ringing' } as const;
const answer = { type: 'answer', callId: 'call-1', leg: 2 } as const;
const end = { type: 'writeCdr', cdr: cdr('call-1'), ledger: [] } as const;
const invite: SipInput = {
  type: 'invite',
  callId: 'call-1',
  source: { address: '127.0.6.1', port: 5060, transport: 'udp' },
  caller: '1',
  callee: '2',
  forwarding: null,
  sipCallId: 'a@b',
  timerCapable: false,
};
const answered: SipInput = { type: 'legAnswered', callId: 'call-1', leg: 2 };
const hangup: SipInput = { type: 'hangup', callId: 'call-1', by: 'caller' };

test('every input carries the time of the clock', ({ engine, core, time }) => {
  engine.deliver(invite);
  time.nowMs += 5;
  engine.deliver(hangup);

  assert.equal(
    core.inputs.map(input => input.atMs),
    [time.nowMs - 5, time.nowMs],
  );
});

test('the caller hears the answer only once the journal row is durable', async ({ engine, store, sip }) => {
  store.holding = true;
  engine.deliver(invite);
  engine.deliver(answered);
  assert.equal(sip.take(), ['relayProvisional']);

  await store.makeDurable();

  assert.equal(sip.take(), ['answer']);
});

test('a call that ends while its answer is held back is never answered', async ({
  engine,
  store,
  sip,
  core,
}) => {
  store.holding = true;
  engine.deliver(invite);
  engine.deliver(answered);
  sip.take();

  engine.deliver(hangup);
  await store.makeDurable();
  assert.equal(sip.outputs.splice(0), [{ type: 'releaseLeg', callId: 'call-1', leg: 2 }]);

  core.script.set('hangup', [{ type: 'hangUp', callId: 'call-1', side: 'caller', reason: '' }, end]);
  engine.deliver(invite);
  engine.deliver(answered);
  engine.deliver(hangup);
  await store.makeDurable();
  assert.equal(sip.take(), ['relayProvisional', 'reject:480']);
});

test('a call that leaves no record is over as soon as its journal row is gone', async ({
  engine,
  core,
  store,
}) => {
  core.script.set('hangup', [{ type: 'forgetCall', callId: 'call-1' }]);
  store.holding = true;
  engine.deliver(invite);
  engine.deliver(hangup);
  assert.equal(store.forgotten, ['call-1']);
  assert.is(engine.openCalls, 0);
  assert.is(engine.recordsPending, 1);
  await store.makeDurable();

  assert.is(engine.recordsPending, 0);
  assert.equal(store.finished, []);
});

test('a disk that takes too long does not keep the caller from the answer', async ({
  engine,
  store,
  sip,
  time,
}) => {
  store.holding = true;
  engine.deliver(invite);
  engine.deliver(answered);
  sip.take();

  await time.pass(answerDelayMaxMs - 1);
  assert.equal(sip.take(), []);
  await time.pass(1000);
  assert.equal(sip.take(), ['answer']);
  assert.is(engine.counters()['engine.answeredUnjournaled'], 1);

  await store.makeDurable();
  assert.equal(sip.take(), [], 'the answer is given once');
});

test('a disk that refuses at the moment keeps no caller from the answer', async ({ engine, store, sip }) => {
  store.holding = true;
  store.lastError = 'the disk is full';
  engine.deliver(invite);
  sip.take();

  engine.deliver(answered);
  assert.equal(sip.take(), ['answer']);
  assert.is(engine.counters()['engine.answeredUnjournaled'], 1);

  await store.makeDurable();
  assert.equal(sip.take(), [], 'the answer is given once');
});

test('one timer fires at the next deadline and ticks the core', async ({ engine, core, time }) => {
  core.deadlineMs = time.nowMs + 500;
  engine.deliver(hangup);
  core.deadlineMs = time.nowMs + 100;
  engine.deliver(hangup);
  core.inputs.length = 0;
  core.script.set('tick', []);

  await time.pass(99);
  assert.equal(core.inputs, []);
  core.deadlineMs = time.nowMs + 401;
  await time.pass(1);
  core.script.set('tick', () => {
    core.deadlineMs = null;
    return [];
  });
  await time.pass(400);

  assert.equal(
    core.inputs.map(({ type }) => type),
    ['tick', 'tick'],
  );
});

test('a heartbeat is written each second while calls are up, and then no more', async ({
  engine,
  store,
  time,
}) => {
  engine.deliver(invite);
  await time.pass(3000);
  engine.deliver(hangup);
  await time.pass(5000);

  assert.is(store.heartbeats.length, 4);
  assert.is(time.timerCount, 0);
});

test('a bug that the core contained is shouted about', async ({ engine, core, sip, log }) => {
  engine.deliver(invite);
  sip.take();
  core.script.set('legAnswered', () => {
    core.faults.push({ callId: 'call-1', error: new Error('assertion failed'), ended: true });
    return [{ type: 'releaseLeg', callId: 'call-1', leg: 2 }, end];
  });

  engine.deliver(answered);

  assert.equal(sip.take(), ['releaseLeg'], 'the outputs of the same input still happen');
  assert.is(engine.openCalls, 0);
  assert.is(engine.counters()['engine.faults'], 1);
  assert.match(
    log.lines[0]!,
    /please report this line callId=call-1 ended=true error=Error: assertion failed/,
  );
});

test('a call that the core could not end is ended on the wire, on every side', ({ engine, core, sip }) => {
  engine.deliver(invite);
  sip.take();
  core.faults.push({ callId: 'call-1', error: new Error('assertion failed'), ended: false });

  engine.deliver(answered);

  const performed = sip.take();
  assert.ok(performed.includes('releaseLeg'));
  assert.equal(performed.slice(-3), ['reject:500', 'hangUp:caller', 'hangUp:callee']);
  assert.is(engine.openCalls, 0);
});

test('a core that fails as a whole takes down neither the process nor other calls', ({
  engine,
  core,
  sip,
}) => {
  core.script.set('legAnswered', new Error('assertion failed'));
  engine.deliver(invite);
  sip.take();

  engine.deliver(answered);
  assert.equal(sip.take().slice(-3), ['reject:500', 'hangUp:caller', 'hangUp:callee']);

  engine.deliver({ ...invite, callId: 'call-2' });
  assert.equal(sip.take(), ['relayProvisional']);
});

test('a core that fails at every tick is asked once a second at most', async ({ engine, core, time }) => {
  core.script.set('tick', new Error('assertion failed'));
  core.deadlineMs = time.nowMs + 10;
  engine.deliver(hangup);
  core.inputs.length = 0;

  await time.pass(5010);

  assert.ok(core.inputs.length <= 6, `${core.inputs.length} ticks`);
});

test('new calls get a 503 while too many writes wait, and calls in progress go on', ({
  engine,
  store,
  sip,
  core,
}) => {
  store.pendingWrites = 11;
  engine.deliver(invite);
  assert.equal(sip.take(), ['reject:503']);
  assert.equal(core.inputs, []);
  engine.deliver(hangup);
  assert.is(core.inputs.length, 1);

  store.pendingWrites = 10;
  engine.deliver(invite);

  assert.equal(sip.take(), ['hangUp:callee', 'relayProvisional']);
  assert.is(engine.counters()['engine.refusedOverload'], 1);
});

test('a record that the store refuses stands in the log, whole', async ({ engine, store, log }) => {
  store.holding = true;
  engine.deliver(hangup);

  await store.refuse('SQLITE_CONSTRAINT');

  assert.match(log.lines.join('\n'), /"callId":"call-1".*"amount":"1250000"/);
  assert.is(engine.recordsPending, 0);
});

test('idle waits for the last call and for its record', async ({ engine, store }) => {
  store.holding = true;
  engine.deliver(invite);
  await store.makeDurable();
  let idle = false;
  void engine.idle().then(() => {
    idle = true;
  });

  engine.deliver(hangup);
  await settle();
  assert.not(idle);
  await store.makeDurable();

  assert.ok(idle);
});

test.run();
