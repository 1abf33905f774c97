/** Codes of gateways that a mapping gateway has replaced, and the same calls where it has not. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { network } from './networks.ts';
import { World } from './world.ts';

const test = suite('call/switch-failed-reason');

const replacing = (codes: readonly { from: number; to: number }[], other: number | null = null) => ({
  mapping: { replaceFailedReason: { codes, other } },
});

test('a replaced code decides whether the hunt goes on', () => {
  const replaced = new World(network(replacing([{ from: 503, to: 486 }])));
  replaced.invite();
  replaced.failed(503, 0);
  assert.equal(replaced.dialled(), ['one'], '486 ends the hunt');
  const control = new World(network());
  control.invite();
  control.failed(503, 0);

  assert.equal(control.dialled(), ['one', 'two']);
});

test('a replaced code keeps the hunt going where the received one would have ended it', () => {
  const replaced = new World(network(replacing([{ from: 486, to: 503 }])));
  replaced.invite();
  replaced.failed(486, 0);
  assert.equal(replaced.dialled(), ['one', 'two']);
  const control = new World(network());
  control.invite();
  control.failed(486, 0);

  assert.equal(control.dialled(), ['one']);
});

test('the caller hears the replaced code, and the record keeps the received one beside it', () => {
  const world = new World(network({ ...replacing([{ from: 404, to: 486 }]), gateways: [{ name: 'one' }] }));
  world.invite();
  const outputs = world.failed(404, 0, { reason: 'Not Found' });
  const reject = outputs.find(({ type }) => type === 'reject');
  assert.equal(reject, { type: 'reject', callId: 'call', status: 486, reason: '', silent: false });
  const { status, endReason, attempts } = world.cdr();
  assert.is(status, 486);
  assert.is(endReason, 'CalleeBusy');
  assert.is(attempts[0]!.status, 486);
  assert.is(attempts[0]!.receivedStatus, 404);
  assert.is(attempts[0]!.reason, 'Not Found');
});

test('a code that is not replaced is passed on with its words, and recorded alone', () => {
  const world = new World(network({ ...replacing([{ from: 404, to: 486 }]), gateways: [{ name: 'one' }] }));
  world.invite();
  const outputs = world.failed(480, 0, { reason: 'Gone fishing' });
  const reject = outputs.find(({ type }) => type === 'reject');

  assert.equal(reject, {
    type: 'reject',
    callId: 'call',
    status: 480,
    reason: 'Gone fishing',
    silent: false,
  });
  assert.not.ok('receivedStatus' in world.cdr().attempts[0]!);
});

test('timeouts and unreachable gateways gave no code that could be replaced', () => {
  const world = new World(network({ ...replacing([], 486), gateways: [{ name: 'one' }, { name: 'two' }] }));
  world.invite();
  world.failed(503, 0, { origin: 'unreachable' });
  assert.equal(world.dialled(), ['one', 'two']);
  world.pass(10_000);

  assert.is(world.cdr().endReason, 'InviteTimeout');
  assert.equal(
    world.cdr().attempts.map(({ status }) => status),
    [503, 408],
  );
});

test('the Retry-After of a 503 takes the gateway out, whatever the code becomes', () => {
  const world = new World(network(replacing([{ from: 503, to: 486 }])));
  world.invite({ callId: 'a' });
  world.failed(503, 0, { callId: 'a', retryAfterSeconds: 30 });
  world.invite({ callId: 'b' });

  assert.equal(world.dialled('b'), ['two']);
});

test.run();
