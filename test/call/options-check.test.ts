import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { OptionsChecks, phaseOf } from '../../src/call/options-check.ts';
import type { Snapshot } from '../../src/config/snapshot.ts';
import { network } from './networks.ts';
import { startMs, type TimelessInput, World } from './world.ts';

const test = suite('call/options-check');

const periodMs = 60_000;

function asked(...names: readonly string[]): Snapshot {
  return network({
    gateways: ['one', 'two', 'three'].map(name => ({ name, optionsCheck: names.includes(name) })),
    parameters: { optionsPeriodMs: periodMs },
  });
}

class OptionsWorld extends World {
  readonly seen: { gateway: string; request: number; atMs: number }[] = [];

  override give(input: TimelessInput) {
    const outputs = super.give(input);
    for (const output of outputs) {
      if (output.type === 'sendOptions') {
        this.seen.push({ gateway: output.gateway, request: output.request, atMs: this.nowMs });
      }
    }
    return outputs;
  }

  /** Lets time pass until the next question, and returns it. */
  untilAsked(): { gateway: string; request: number; atMs: number } {
    const before = this.seen.length;
    while (this.seen.length === before) {
      const dueMs = this.core.nextDeadlineMs();
      if (dueMs === null) throw new Error('nobody is ever asked');
      this.pass(dueMs - this.nowMs);
    }
    return this.seen.at(-1)!;
  }

  responded(status: number, question = this.seen.at(-1)!) {
    const { gateway, request } = question;
    return this.give({ type: 'optionsResult', gateway, request, outcome: 'response', status });
  }

  isOffline(name: string): boolean {
    return this.counter('gatewaysOffline') !== 0 && this.gateway(name).offlineSinceMs !== null;
  }

  changes(): readonly string[] {
    return this.outputs.flatMap(output =>
      output.type === 'gatewayAvailability'
        ? [`${output.gateway} ${output.online ? 'online' : 'offline'}`]
        : [],
    );
  }
}

function begin(...names: readonly string[]): OptionsWorld {
  const world = new OptionsWorld(asked(...names));
  world.give({ type: 'tick' });
  return world;
}

test('only gateways with the check are asked, once in each period, at a place of their own', () => {
  const world = begin('one', 'three');
  for (let index = 0; index < 6; index++) {
    world.untilAsked();
    world.responded(200);
  }
  for (const name of ['one', 'three']) {
    const times = world.seen.filter(({ gateway }) => gateway === name).map(({ atMs }) => atMs - startMs);
    const phaseMs = phaseOf(name, periodMs);
    assert.equal(times, [phaseMs, phaseMs + periodMs, phaseMs + 2 * periodMs]);
  }
  assert.equal(world.changes(), []);
  assert.is(world.counter('optionsSent'), 6);
  assert.is(world.counter('optionsAnswered'), 6);
});

test('nobody is asked where no gateway has the check', () => {
  const world = begin();
  assert.is(world.core.nextDeadlineMs(), null);
});

test('a gateway is online at the start, and offline after the INVITE timeout without an answer', () => {
  const world = begin('one');
  assert.not.ok(world.isOffline('one'));
  world.untilAsked();
  world.pass(9_999);
  assert.not.ok(world.isOffline('one'));
  world.pass(1);
  assert.ok(world.isOffline('one'));
  assert.equal(world.changes(), ['one offline']);
  world.untilAsked();
  world.pass(10_000);
  assert.equal(world.changes(), ['one offline'], 'told once');
  assert.is(world.counter('gatewaysWentOffline'), 1);
  assert.is(world.counter('optionsFailed'), 2);
  world.untilAsked();
  world.responded(200);
  assert.equal(world.changes(), ['one offline', 'one online']);
  assert.not.ok(world.isOffline('one'));
});

test('408 and 503 mean offline, every other response online', () => {
  for (const status of [408, 503]) {
    const world = begin('one');
    world.untilAsked();
    world.responded(status);
    assert.ok(world.isOffline('one'), String(status));
  }
  for (const status of [200, 302, 401, 404, 405, 481, 486, 500, 501, 603]) {
    const world = begin('one');
    world.untilAsked();
    world.pass(10_000);
    assert.ok(world.isOffline('one'));
    world.untilAsked();
    world.responded(status);
    assert.not.ok(world.isOffline('one'), String(status));
  }
});

test('what our own SIP server says: it gave up, it cannot send, it is not there', () => {
  const outcomes = [
    ['timeout', true],
    ['unreachable', true],
    ['notSent', false],
  ] as const;
  for (const [outcome, offline] of outcomes) {
    const world = begin('one');
    const { gateway, request } = world.untilAsked();
    world.give({ type: 'optionsResult', gateway, request, outcome, status: null });
    world.pass(20_000);
    assert.is(world.isOffline('one'), offline, outcome);
  }
});

test('a SIP server that goes away with the request says nothing of the gateway', () => {
  const world = begin('one');
  world.untilAsked();
  world.give({ type: 'sipServerLost' });
  world.pass(20_000);
  assert.not.ok(world.isOffline('one'));
  world.untilAsked();
  world.pass(10_000);
  assert.ok(world.isOffline('one'), 'the next question counts again');
});

test('a response that comes too late still brings the gateway back; a late failure changes nothing', () => {
  const world = begin('one');
  const first = world.untilAsked();
  world.pass(10_000);
  assert.ok(world.isOffline('one'));
  world.responded(503, first);
  world.responded(200, first);
  assert.not.ok(world.isOffline('one'));
  const second = world.untilAsked();
  world.responded(200, second);
  world.give({ type: 'optionsResult', ...withoutTime(first), outcome: 'timeout', status: null });
  world.responded(503, second);
  assert.not.ok(world.isOffline('one'), 'the answer to that request was already here');
  world.give({ type: 'optionsResult', gateway: 'two', request: 1, outcome: 'timeout', status: null });
  world.give({ type: 'optionsResult', gateway: 'nobody', request: 1, outcome: 'response', status: 200 });
});

function withoutTime({ gateway, request }: { gateway: string; request: number }) {
  return { gateway, request };
}

/** A call is being tried at `one`, which is then said to be offline. */
function offlineDuringCall(): OptionsWorld {
  const world = begin('one');
  world.untilAsked();
  world.responded(200);
  world.pass(periodMs - 1000);
  world.invite();
  assert.equal(world.dialled(), ['one']);
  world.untilAsked();
  world.responded(503);
  assert.ok(world.isOffline('one'));
  return world;
}

test('a gateway that answers an INVITE is online; one that does not is not offline for it', () => {
  const world = offlineDuringCall();
  world.trying(0);
  assert.ok(world.isOffline('one'), '100 Trying may be of any proxy on the way');
  world.provisional(180, 0);
  assert.not.ok(world.isOffline('one'));
  world.untilAsked();
  world.responded(503);
  world.answered(0);
  assert.not.ok(world.isOffline('one'));

  const silent = begin('one');
  silent.untilAsked();
  silent.responded(200);
  silent.invite();
  silent.pass(10_000);
  assert.equal(silent.dialled(), ['one', 'two']);
  assert.not.ok(silent.isOffline('one'));
});

test('the failure of an INVITE is a sign of life as well, but for 408, 503 and what our SIP server says itself', () => {
  for (const [status, origin, online] of [
    [486, 'gateway', true],
    [500, 'gateway', true],
    [503, 'gateway', false],
    [408, 'gateway', false],
    [503, 'unreachable', false],
    [408, 'timeout', false],
  ] as const) {
    const world = offlineDuringCall();
    world.failed(status, 0, { origin });
    assert.is(world.isOffline('one'), !online, `${status} ${origin}`);
  }
});

test('what is known of gateways survives a reload by their names, and the next question comes when it was due', () => {
  const world = begin('one', 'two');
  const first = world.untilAsked();
  world.responded(503);
  const dueMs = world.core.nextDeadlineMs();
  for (let index = 0; index < 5; index++)
    world.give({ type: 'snapshot', snapshot: asked('two', 'one', 'three') });
  assert.ok(world.isOffline(first.gateway));
  assert.ok(world.core.nextDeadlineMs()! <= dueMs!);
  for (let index = 0; index < 6; index++) world.untilAsked();
  const times = world.seen.filter(({ gateway }) => gateway === first.gateway).map(({ atMs }) => atMs);
  assert.is(times[1]! - times[0]!, periodMs);
});

test('a gateway that is asked no more is online again', () => {
  const world = begin('one');
  world.untilAsked();
  world.responded(503);
  world.give({ type: 'snapshot', snapshot: asked() });
  assert.not.ok(world.isOffline('one'));
  assert.equal(world.changes(), ['one offline', 'one online']);
  assert.is(world.core.nextDeadlineMs(), null);
  world.give({ type: 'snapshot', snapshot: asked('one') });
  assert.not.ok(world.isOffline('one'), 'it begins anew');
});

test('a gateway at another address is asked there at once, and another period counts from now on', () => {
  const world = begin('one');
  world.untilAsked();
  world.responded(503);
  const moved = network({
    gateways: [{ name: 'one', optionsCheck: true, address: { host: '192.0.2.99' } }],
    parameters: { optionsPeriodMs: periodMs },
  });
  world.give({ type: 'snapshot', snapshot: moved });
  const question = world.outputs.findLast(output => output.type === 'sendOptions');
  assert.is(question?.type === 'sendOptions' ? question.address.host : '', '192.0.2.99');
  assert.is(world.seen.at(-1)!.atMs, world.nowMs);
  assert.ok(world.isOffline('one'), 'until it answers there');
  world.responded(200);
  assert.not.ok(world.isOffline('one'));

  const often = network({
    gateways: [{ name: 'one', optionsCheck: true, address: { host: '192.0.2.99' } }],
    parameters: { optionsPeriodMs: 5_000 },
  });
  world.give({ type: 'snapshot', snapshot: often });
  const reloadedAtMs = world.nowMs;
  const { atMs } = world.untilAsked();
  assert.ok(atMs - reloadedAtMs < 5_000);
  world.responded(200);
  assert.is(world.untilAsked().atMs - atMs, 5_000);
});

test('with a period below the INVITE timeout, each question waits until the next one', () => {
  const world = new OptionsWorld(
    network({ gateways: [{ name: 'one', optionsCheck: true }], parameters: { optionsPeriodMs: 5_000 } }),
  );
  world.give({ type: 'tick' });
  const { atMs } = world.untilAsked();
  assert.is(world.untilAsked().atMs - atMs, 5_000);
  assert.ok(world.isOffline('one'));
});

test('five hundred gateways are asked all over the period', () => {
  const gateways = Array.from({ length: 500 }, (_, index) => ({ name: `gw${index}`, optionsCheck: true }));
  const { routingGateways, parameters } = network({ gateways, parameters: { optionsPeriodMs: periodMs } });
  const readers = new Map(gateways.map(({ name }) => [name, { offline: false }]));
  const checks = new OptionsChecks();
  checks.use({ routingGateways, parameters } as Snapshot, readers, startMs);
  const bySecond = new Map<number, number>();
  for (let index = 0; index < 500; index++) {
    const second = Math.floor((checks.nextDeadlineMs()! - startMs) / 1000);
    assert.ok(second < 60);
    bySecond.set(second, (bySecond.get(second) ?? 0) + 1);
    const before = checks.nextDeadlineMs()!;
    checks.fire(before);
    for (const output of checks.takeOutputs()) {
      if (output.type !== 'sendOptions') continue;
      const { gateway, request } = output;
      checks.result({ type: 'optionsResult', gateway, request, outcome: 'response', status: 200 }, before);
    }
  }
  assert.ok(Math.max(...bySecond.values()) <= 20, `${Math.max(...bySecond.values())} in one second`);
  assert.ok(bySecond.size >= 55);
});

test.run();
