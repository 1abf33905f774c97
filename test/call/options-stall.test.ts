/** A process that stood still (a paused container, a machine that swaps) knows nothing of its gateways by that. */
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { SendOptionsOutput } from '../../src/call/outputs.ts';
import type { RoutingGatewayDescription } from '../support/snapshot-builder.ts';
import { network } from './networks.ts';
import { World } from './world.ts';

const test = suite('call/options-stall');

const periodMs = 30_000;
const dayMs = 86_400_000;
const names = ['one', 'two', 'three'];

function asked(given: Partial<RoutingGatewayDescription> = {}) {
  return network({
    gateways: names.map(name => ({ name, optionsCheck: true, ...given })),
    parameters: { optionsPeriodMs: periodMs },
  });
}

function begin(): World {
  const world = new World(asked());
  world.give({ type: 'tick' });
  return world;
}

function questions(world: World): readonly SendOptionsOutput[] {
  return world.outputs.filter(output => output.type === 'sendOptions');
}

function respond(world: World, { gateway, request }: SendOptionsOutput, status: number = 200): void {
  world.give({ type: 'optionsResult', gateway, request, outcome: 'response', status });
}

/** Lets time pass with an answer to each question at once. */
function passAnswered(world: World, ms: number): void {
  const untilMs = world.nowMs + ms;
  for (let dueMs = world.core.nextDeadlineMs()!; dueMs <= untilMs; dueMs = world.core.nextDeadlineMs()!) {
    world.nowMs = dueMs;
    for (const output of world.give({ type: 'tick' })) {
      if (output.type === 'sendOptions') respond(world, output);
    }
  }
  world.nowMs = untilMs;
}

for (const stoodStillMs of [60_000, dayMs]) {
  test(`after ${stoodStillMs / 1000} s without any input each gateway is asked once, and calls go on`, () => {
    const world = begin();
    passAnswered(world, periodMs);
    const before = questions(world).length;

    world.nowMs += stoodStillMs;
    world.invite();

    assert.equal(world.dialled(), ['one'], 'nobody was asked in vain');
    assert.equal(
      questions(world)
        .slice(before)
        .map(({ gateway }) => gateway)
        .sort(),
      [...names].sort(),
    );
    assert.is(world.counter('gatewaysOffline'), 0);
    world.pass(10_000);
    assert.is(world.counter('gatewaysOffline'), 3, 'the questions of now count');
  });
}

test('a question whose time ran out while the process stood still is asked again, not held against the gateway', () => {
  const world = begin();
  while (questions(world).length === 0) world.pass(1000);
  const [first] = questions(world);
  world.nowMs += 20_000;
  world.give({ type: 'tick' });
  assert.is(world.counter('gatewaysOffline'), 0);
  const again = questions(world).filter(({ gateway }) => gateway === first!.gateway);
  assert.is(again.length, 2);
  world.pass(10_000);
  assert.ok(world.gateway(first!.gateway).offlineSinceMs !== null);
});

test('a driver that is a little late holds a silent gateway to its time', () => {
  const world = begin();
  while (questions(world).length === 0) world.pass(1000);
  const { gateway } = questions(world)[0]!;
  const askedAtMs = world.nowMs;
  while (world.gateway(gateway).offlineSinceMs === null) {
    world.nowMs = world.core.nextDeadlineMs()! + 200;
    world.give({ type: 'tick' });
  }
  assert.ok(world.gateway(gateway).offlineSinceMs! - askedAtMs <= 10_000);
  assert.ok(world.nowMs - askedAtMs <= 10_600);
});

test('gateways keep their places in the period however long and often the process stands still', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 200_000 }), { maxLength: 20 }), stalls => {
      const world = begin();
      passAnswered(world, periodMs);
      const before = phases(world);
      for (const ms of stalls) {
        world.nowMs += ms;
        for (const output of world.give({ type: 'tick' })) {
          if (output.type === 'sendOptions') respond(world, output);
        }
        assert.ok(world.core.nextDeadlineMs()! > world.nowMs);
      }
      assert.equal(phases(world), before);
    }),
    { numRuns: 100 },
  );
});

/** When each gateway is asked next within a period, by letting one pass. */
function phases(world: World): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  while (found.size < names.length) {
    world.nowMs = world.core.nextDeadlineMs()!;
    for (const output of world.give({ type: 'tick' })) {
      if (output.type !== 'sendOptions') continue;
      found.set(output.gateway, world.nowMs % periodMs);
      respond(world, output);
    }
  }
  return new Map([...found].sort());
}

test('what an address said says nothing of the one that the gateway has moved to', () => {
  const world = begin();
  world.invite();
  while (questions(world).every(({ gateway }) => gateway !== 'one')) world.pass(500);
  const before = questions(world).findLast(({ gateway }) => gateway === 'one')!;
  respond(world, before, 503);
  world.give({ type: 'snapshot', snapshot: asked({ address: { host: '192.0.2.99' } }) });
  assert.ok(world.gateway('one').offlineSinceMs !== null);

  respond(world, before, 200);
  assert.ok(world.gateway('one').offlineSinceMs !== null, 'OPTIONS of the old address');
  world.give({ type: 'legProvisional', callId: 'call', leg: 0, status: 180, reason: '', hasSdp: false });
  assert.ok(world.gateway('one').offlineSinceMs !== null, 'an INVITE of the old address');
  respond(world, questions(world).findLast(({ gateway }) => gateway === 'one')!);
  assert.is(world.gateway('one').offlineSinceMs, null);
});

test.run();
