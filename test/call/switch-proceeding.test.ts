/** How long a caller waits for ringing at most, over all gateways that are tried. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { network } from './networks.ts';
import { startMs, types, World } from './world.ts';

const test = suite('call/switch-proceeding');

const impatient = () => new World(network({ mapping: { callProceedingTimeoutMs: 15_000 } }));

test('without ringing, the hunt ends with 408 when the time of the mapping gateway is over', () => {
  const world = impatient();
  world.invite();
  world.pass(10_000);
  assert.equal(world.dialled(), ['one', 'two']);
  assert.equal(world.core.calls()[0]!.deadline, { timer: 'callProceeding', atMs: startMs + 15_000 });
  const outputs = world.pass(5_000);
  assert.equal(types(outputs), ['releaseLeg', 'reject', 'writeCdr']);
  const { endReason, status, attempts, endedAtMs } = world.cdr();
  assert.is(endReason, 'GatewayTimeout');
  assert.is(status, 408);
  assert.is(endedAtMs, startMs + 15_000);
  assert.is(attempts[1]!.outcome, 'timeout');
  assert.is(attempts[1]!.reason, 'Call proceeding timeout');

  world.assertQuiet();
});

test('without the limit, the same call goes on to the last gateway', () => {
  const world = new World(network());
  world.invite();
  world.pass(20_000);

  assert.equal(world.dialled(), ['one', 'two', 'three']);
});

test('a time that ends with the timer of the attempt ends the hunt', () => {
  const world = new World(network({ mapping: { callProceedingTimeoutMs: 10_000 } }));
  world.invite();
  world.pass(10_000);

  assert.equal(world.dialled(), ['one']);
  assert.is(world.cdr().endReason, 'GatewayTimeout');
});

for (const [what, status, hasSdp] of [
  ['ringing', 180, false],
  ['early media', 183, true],
] as const) {
  test(`${what} ends the wait for good`, () => {
    const world = impatient();
    world.invite();
    world.pass(9_000);
    world.provisional(status, 0, hasSdp);
    world.pass(100_000);

    assert.is(world.core.calls().length, 1);
    assert.is(world.core.calls()[0]!.deadline?.timer, status === 180 ? 'ringing' : 'progressSdp');
  });
}

test('a 183 without SDP is nothing that a caller hears', () => {
  const world = impatient();
  world.invite();
  world.pass(9_000);
  world.provisional(183, 0);
  world.pass(6_000);

  assert.is(world.cdr().endReason, 'GatewayTimeout');
});

test('an answer at once needs no ringing', () => {
  const world = impatient();
  world.invite();
  world.answered(0);
  world.pass(60_000);

  assert.is(world.core.calls()[0]!.state, 'answered');
});

test.run();
