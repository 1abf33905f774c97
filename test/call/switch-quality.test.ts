/** Which attempts count how for the quality of gateways, in whole calls; and what of it outlives a reload. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { QualitySummary } from '../../src/call/summaries.ts';
import type { Snapshot } from '../../src/config/snapshot.ts';
import { network } from './networks.ts';
import { World } from './world.ts';

const test = suite('call/switch-quality');

function measured(given: Partial<Snapshot['parameters']['quality']> = {}, calculateQuality = true): Snapshot {
  const quality = { enabled: true, windowSeconds: 3600, sliceSeconds: 60, ...given };
  return network({
    gateways: [
      { name: 'one', calculateQuality, lines: 1 },
      { name: 'two', calculateQuality: false },
    ],
    parameters: { quality },
  });
}

function qualityOf(world: World, prefix: string | null = null): QualitySummary {
  const found = world.core.quality(world.nowMs).find(row => row.gateway === 'one' && row.prefix === prefix);
  if (found === undefined) throw new Error('one is not measured');
  return found;
}

/** What of one attempt counts: attempts, then 1 or 0 for answered, connected, responded, effective. */
function countsAfter(story: (world: World) => void): readonly (number | null)[] {
  const world = new World(measured());
  world.invite();
  story(world);
  const { attempts, answered, connectedRatio, responseRatio, networkEffectivenessRatio } = qualityOf(world);
  return [attempts, answered, connectedRatio, responseRatio, networkEffectivenessRatio];
}

test('each end of an attempt counts as docs/quality.md says', () => {
  const nothing = [0, 0, null, null, null];
  const cases: readonly (readonly [string, (world: World) => void, readonly (number | null)[]])[] = [
    ['answered', world => world.answered(0), [1, 1, 1, 1, 1]],
    ['under way', world => world.provisional(180, 0), nothing],
    ['no answer to the INVITE', world => world.pass(10_000), [1, 0, 0, 0, 0]],
    ['our SIP server gave up', world => world.failed(408, 0, { origin: 'timeout' }), [1, 0, 0, 0, 0]],
    ['unreachable', world => world.failed(503, 0, { origin: 'unreachable' }), [1, 0, 0, 0, 0]],
    ['busy', world => world.failed(486, 0), [1, 0, 0, 1, 1]],
    ['declined', world => world.failed(603, 0), [1, 0, 0, 1, 1]],
    ['no such number', world => world.failed(404, 0), [1, 0, 0, 1, 0]],
    ['the gateway is full', world => world.failed(503, 0), [1, 0, 0, 1, 0]],
    [
      'rang and nobody came',
      world => {
        world.provisional(180, 0);
        world.pass(120_000);
      },
      [1, 0, 1, 1, 1],
    ],
    [
      'an announcement and a failure',
      world => {
        world.provisional(183, 0, true);
        world.failed(500, 0);
      },
      [1, 0, 1, 1, 0],
    ],
    ['cancelled before ringing', world => world.cancel(), [1, 0, 0, 0, 0]],
    [
      'cancelled while ringing',
      world => {
        world.provisional(180, 0);
        world.cancel();
      },
      [1, 0, 1, 1, 1],
    ],
    ['an operator ended it', world => world.give({ type: 'forcedRelease', callId: 'call' }), nothing],
    ['the SIP server was lost', world => world.give({ type: 'sipServerLost' }), nothing],
    ['the switch went down', world => world.give({ type: 'shutdown' }), nothing],
  ];
  for (const [name, story, expected] of cases) assert.equal(countsAfter(story), expected, name);
});

test('a gateway that was full was not tried, and counts nothing', () => {
  const world = new World(measured());
  world.invite({ callId: 'a' });
  world.invite({ callId: 'b' });
  assert.equal(world.dialled('b'), ['two']);
  world.cancel('b');
  assert.is(qualityOf(world).attempts, 0);
});

test('the code that the gateway gave counts, not the one in its place', () => {
  const snapshot = network({
    gateways: [{ name: 'one', calculateQuality: true }],
    mapping: { replaceFailedReason: { codes: [{ from: 486, to: 500 }], other: null } },
  });
  const world = new World(snapshot);
  world.invite();
  world.failed(486, 0);
  assert.is(qualityOf(world).networkEffectivenessRatio, 1);
});

test('post-dial delay runs from the INVITE to the first sign beyond 100, talk from the answer to the end', () => {
  const world = new World(measured());
  world.invite();
  world.pass(300);
  world.trying(0);
  world.pass(900);
  world.provisional(180, 0);
  world.pass(5_000);
  world.answered(0);
  assert.is(qualityOf(world).averageCallDurationSeconds, null, 'it still lasts');
  world.pass(61_500);
  world.hangup();
  const { postDialDelayMs, highPostDialDelayMs, averageCallDurationSeconds, talks } = qualityOf(world);
  assert.is(postDialDelayMs, 1_200);
  assert.is(highPostDialDelayMs, 1_500, 'the edge of its class');
  assert.is(averageCallDurationSeconds, 61.5);
  assert.is(talks, 1);
});

test('quality is kept for each route prefix, and not for gateways that are not measured', () => {
  const world = new World(measured());
  world.invite();
  world.failed(500, 0);
  world.answered(1);
  world.hangup();
  assert.is(qualityOf(world, '44').attempts, 1);
  assert.equal(
    world.core.quality(world.nowMs).map(({ gateway, prefix }) => [gateway, prefix]),
    [
      ['one', null],
      ['one', '44'],
    ],
  );
  assert.is(world.gateway('two').quality, null);
  assert.is(world.gateway('one').quality?.attempts, 1);
});

test('quality outlives a reload, of calls that began before it as well, and a change of its window', () => {
  const world = new World(measured());
  world.invite({ callId: 'a' });
  world.answered(0, 'a');
  for (let index = 0; index < 3; index++) world.give({ type: 'snapshot', snapshot: measured() });
  assert.is(qualityOf(world).attempts, 1);
  world.pass(30_000);
  world.give({ type: 'snapshot', snapshot: measured({ windowSeconds: 7200, sliceSeconds: 7 }) });
  world.hangup('caller', 'a');
  assert.equal([qualityOf(world).attempts, qualityOf(world).averageCallDurationSeconds], [1, 30]);
  world.give({ type: 'snapshot', snapshot: measured({}, false) });
  assert.equal(world.core.quality(), []);
  world.give({ type: 'snapshot', snapshot: measured() });
  assert.is(qualityOf(world).attempts, 0, 'it begins anew');
});

/** Twenty calls that `one` fails and `two` answers, then the first gateway that the next call tries. */
function firstTriedAfterFailures(firstRoutePolicy: 'asr' | 'none', pauseMs: number): string | undefined {
  const world = new World(
    network({
      gateways: ['one', 'two'].map(name => ({ name, priority: 1, calculateQuality: true })),
      mapping: { firstRoutePolicy },
    }),
  );
  for (let index = 0; index < 40; index++) {
    const callId = `call-${index}`;
    world.invite({ callId });
    const legs = world.dialled(callId);
    if (legs[0] === 'one') world.failed(500, 0, { callId });
    world.answered(legs[0] === 'one' ? 1 : 0, callId);
    world.hangup('caller', callId);
  }
  world.pass(pauseMs);
  // Between gateways that are alike calls carried decide, of which `one` never has more, and then names.
  world.invite({ callId: 'next' });
  return world.dialled('next')[0];
}

test('customers who sort by it get the gateway that answers more, for as long as the window remembers', () => {
  assert.is(firstTriedAfterFailures('asr', 0), 'two');
  assert.is(firstTriedAfterFailures('asr', 3_500_000), 'two');
  assert.is(firstTriedAfterFailures('asr', 3_600_000), 'one', 'not a call in between');
  assert.is(firstTriedAfterFailures('none', 0), 'one');
});

test.run();
