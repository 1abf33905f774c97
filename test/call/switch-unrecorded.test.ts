/** Which calls leave no record when SERVER_BILLING_RECORD_… is off. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { network } from './networks.ts';
import { types, World } from './world.ts';

const test = suite('call/switch-unrecorded');

const answeredOnly = { recordUnanswered: false };
const noServerHangUp = { recordServerHangUp: false };
const everyEnd = { mapping: { lines: 1 }, gateways: [{ name: 'one' }] };

/** Refused, busy, cancelled, timed out, answered. */
function fiveEnds(parameters: { recordUnanswered?: boolean; recordServerHangUp?: boolean }): World {
  const world = new World(network({ ...everyEnd, parameters }));
  world.invite({ callId: 'busy' });
  world.invite({ callId: 'refused' });
  world.failed(486, 0, { callId: 'busy' });
  world.invite({ callId: 'cancelled' });
  world.cancel('cancelled');
  world.failed(487, 0, { callId: 'cancelled' });
  world.invite({ callId: 'late' });
  world.pass(10_000);
  world.failed(487, 0, { callId: 'late' });
  world.invite({ callId: 'answered' });
  world.answered(0, 'answered');
  world.pass(60_000);
  world.hangup('caller', 'answered');
  assert.equal(world.core.calls(), []);
  return world;
}

const recorded = (world: World) => world.cdrs.map(({ callId }) => callId);
const forgotten = (world: World) =>
  world.outputs.flatMap(output => (output.type === 'forgetCall' ? [output.callId] : []));

test('by default every end is recorded', () => {
  const world = fiveEnds({});

  assert.equal(recorded(world), ['refused', 'busy', 'cancelled', 'late', 'answered']);
  assert.equal(forgotten(world), []);
  assert.is(world.counter('unrecorded'), 0);
});

test('with SERVER_BILLING_RECORD_ZERO_HOLD_TIME off only answered calls are, and the counters count all', () => {
  const world = fiveEnds(answeredOnly);

  assert.equal(recorded(world), ['answered']);
  assert.equal(
    forgotten(world),
    ['busy', 'cancelled', 'late'],
    'what was journaled is taken out of the journal',
  );
  assert.is(world.counter('unrecorded'), 4);
  assert.is(world.counter('ended.CalleeBusy'), 1);
  assert.is(world.counter('ended.LineLimit'), 1);
  assert.is(world.charged('alice'), -6_000_000n);
});

test('with SERVER_BILLING_RECORD_SERVER_HANG_UP off, unanswered calls that the switch ended are not', () => {
  const world = fiveEnds(noServerHangUp);

  assert.equal(recorded(world), ['busy', 'cancelled', 'answered']);
  assert.equal(forgotten(world), ['late']);
});

test('a call that the switch hangs up after its answer is always recorded and charged', () => {
  const parameters = { ...answeredOnly, ...noServerHangUp };
  const world = new World(network({ parameters: { ...parameters, maxCallDurationSeconds: 60 } }));
  world.invite();
  world.answered(0);
  world.pass(60_000);

  assert.is(world.cdr().endReason, 'MaxCallDuration');
  assert.is(world.charged('alice'), -6_000_000n);
  world.assertQuiet();
});

test('an answered call without talk is recorded, since its connect fee is due', () => {
  const retail = [{ prefix: '44', rate: '0.06', increments: '1/1', connectFee: '0.01' }];
  const world = new World(network({ parameters: { ...answeredOnly, ...noServerHangUp }, retail }));
  world.invite();
  world.answered(0);
  world.hangup();

  assert.is(world.cdr().talkSeconds, 0);
  world.assertQuiet();
});

test('a CANCEL that crosses the answer is recorded, since the vendor may ask for it', () => {
  const world = new World(network({ parameters: { ...answeredOnly, ...noServerHangUp } }));
  world.invite();
  world.answered(0);
  world.cancel();

  assert.is(world.cdr().endReason, 'CallerCancel');
});

test('an unknown source is recorded only while both settings want it', () => {
  const illegal = (parameters: { recordUnanswered?: boolean }) => {
    const world = new World(network({ parameters }));
    return types(world.invite({ source: { address: '198.51.100.1', port: 5060, transport: 'udp' } }));
  };

  assert.equal(illegal({}), ['reject', 'writeCdr']);
  assert.equal(illegal(answeredOnly), ['reject']);
});

test.run();
