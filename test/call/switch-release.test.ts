import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { network } from './networks.ts';
import { types, World } from './world.ts';

const test = suite('call/switch-release');

test('a caller who cancels gets 487 and the leg is released', () => {
  const world = new World(network());
  world.invite();
  world.pass(3_000);
  const outputs = world.cancel();
  const cdr = world.cdr();

  assert.equal(types(outputs), ['releaseLeg', 'reject', 'writeCdr']);
  assert.ok(outputs.some(output => output.type === 'reject' && output.status === 487));
  assert.is(cdr.endReason, 'CallerCancel');
  assert.is(cdr.endedBy, 'caller');
  assert.is(cdr.attempts[0]?.outcome, 'released');
  assert.is(cdr.attempts[0]?.status, 487);
  world.assertQuiet();
});

test('BYE from the caller before the answer is a cancel, from the callee it is nothing', () => {
  const world = new World(network());
  world.invite();
  world.provisional(180, 0);
  assert.equal(world.hangup('callee'), []);
  world.hangup('caller');

  assert.is(world.cdr().endReason, 'CallerCancel');
});

test('a 2xx that crossed our CANCEL is released once, while the call hunts on', () => {
  const world = new World(network());
  world.invite();
  world.pass(10_000);
  assert.equal(world.answered(0), [{ type: 'releaseLeg', callId: 'call', leg: 0 }]);
  assert.equal(world.answered(0), []);
  world.answered(1);
  assert.equal(world.answered(0), []);
  assert.equal(world.answered(1), []);

  assert.is(world.core.calls()[0]?.routingGateway, 'two');
  assert.is(world.counter('lateAnswers'), 1);
});

test('a 2xx that crossed our CANCEL is released once, also when the call is over', () => {
  const world = new World(network());
  world.invite();
  world.cancel();
  assert.equal(world.answered(0), [{ type: 'releaseLeg', callId: 'call', leg: 0 }]);

  assert.equal(world.answered(0), []);
});

test('a 2xx long after the end of its call is ignored', () => {
  const world = new World(network());
  world.invite();
  world.cancel();
  world.pass(64_000);

  assert.equal(world.answered(0), []);
});

test('a leg that has said 487 to our CANCEL is not waited for any more', () => {
  const world = new World(network());
  world.invite();
  world.cancel();
  assert.equal(world.failed(487, 0), []);

  assert.equal(world.answered(0), []);
});

test.run();
