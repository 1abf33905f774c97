import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type DrainOptions, drain } from '../../src/live/drain.ts';
import { Releasers } from '../../src/live/releasers.ts';
import { cdr } from '../store/records.ts';
import { FakeLog, FakeTime, settle } from './fakes.ts';

interface Context {
  time: FakeTime;
  log: FakeLog;
  released: string[];
  releasers: Releasers;
  engine: FakeEngine;
}

/** An engine with calls that end when the test says so. */
class FakeEngine {
  openCalls = 0;
  recordsPending = 0;
  readonly inputs: string[] = [];
  /** What `shutdown` leaves behind. */
  afterShutdown = 0;
  #idle: (() => void)[] = [];

  handle(input: { readonly type: string }): boolean {
    this.inputs.push(input.type);
    if (input.type === 'shutdown') this.endCalls(this.afterShutdown);
    return true;
  }

  idle(): Promise<void> {
    if (this.openCalls === 0) return Promise.resolve();
    return new Promise(resolve => this.#idle.push(resolve));
  }

  endCalls(left = 0): void {
    this.openCalls = left;
    if (left === 0) for (const resolve of this.#idle.splice(0)) resolve();
  }
}

const test = suite<Context>('live/drain');

test.before.each(context => {
  context.time = new FakeTime();
  context.log = new FakeLog();
  context.released = [];
  context.releasers = new Releasers();
  context.releasers.add('store', () => void context.released.push('store'));
  context.releasers.add('SIP', () => void context.released.push('SIP'));
  context.engine = new FakeEngine();
});

function options({ engine, releasers, log, time }: Context, more: Partial<DrainOptions> = {}): DrainOptions {
  const store = { unwritten: () => [], health: () => ({ pendingWrites: 0, lastError: null }) };
  const hurry = new Promise<void>(() => {});
  return { engine, store, releasers, log, timers: time, limitMs: 30_000, hurry, ...more };
}

test('calls in progress go on until they end by themselves', async context => {
  context.engine.openCalls = 2;
  const outcome = drain(options(context));
  await context.time.pass(20_000);
  assert.equal(context.engine.inputs, ['drain']);
  assert.equal(context.released, []);

  context.engine.endCalls();
  await context.time.pass(999);
  assert.equal(context.released, [], 'the last BYE may still have to be repeated');
  await context.time.pass(1);

  assert.is(await outcome, 'drained');
  assert.equal(context.engine.inputs, ['drain']);
  assert.equal(context.released, ['SIP', 'store'], 'in the opposite order');
});

test('what is left at the limit is ended', async context => {
  context.engine.openCalls = 2;
  const outcome = drain(options(context));

  await context.time.pass(29_999);
  assert.equal(context.engine.inputs, ['drain']);
  await context.time.pass(2000);

  assert.is(await outcome, 'drained');
  assert.equal(context.engine.inputs, ['drain', 'shutdown']);
});

test('a second signal ends calls at once', async context => {
  context.engine.openCalls = 2;
  const outcome = drain(options(context, { hurry: Promise.resolve() }));
  await settle();

  assert.equal(context.engine.inputs, ['drain', 'shutdown']);
  await context.time.pass(1000);
  assert.is(await outcome, 'drained');
});

test('records that cannot be stored stand in the log, and the outcome says so', async context => {
  const { engine, log, time } = context;
  engine.openCalls = 1;
  engine.afterShutdown = 1;
  engine.recordsPending = 1;
  const outcome = drain(
    options(context, {
      limitMs: 0,
      store: {
        unwritten: () => [{ kind: 'finish', cdr: cdr('call-1'), ledger: [] }],
        health: () => ({ pendingWrites: 1, lastError: 'disk full' }),
      },
    }),
  );

  await time.pass(10_000);

  assert.is(await outcome, 'incomplete');
  assert.match(log.lines.join('\n'), /could not be stored.*disk full.*"callId":"call-1".*"amount":"1250000"/);
});

test('a store that never closes does not keep the process', async context => {
  context.releasers.add('stuck', () => new Promise(() => {}));
  const outcome = drain(options(context));

  await context.time.pass(10_000);

  assert.is(await outcome, 'incomplete');
});

test.run();
