import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { SwitchOutput } from '../../src/call/outputs.ts';
import { network } from './networks.ts';
import { startMs, types, World } from './world.ts';

const test = suite('call/switch-hunting');

function rejectIn(outputs: readonly SwitchOutput[]): { readonly status: number; readonly reason: string } {
  const reject = outputs.find(output => output.type === 'reject');
  if (reject?.type !== 'reject') throw new Error(`no reject in ${types(outputs)}`);
  return { status: reject.status, reason: reject.reason };
}

test('the journal row of a call comes before its first INVITE', () => {
  const world = new World(network());
  const outputs = world.invite();

  assert.equal(types(outputs), ['journal', 'dialLeg']);
  assert.equal(outputs[1], {
    type: 'dialLeg',
    callId: 'call',
    leg: 0,
    gateway: 'one',
    address: { host: '127.0.0.1', port: 5080, transport: 'udp' },
    caller: '12025550100',
    callee: '442079460000',
    forwarding: null,
    resendIntervalsMs: [500, 1000, 2000, 4000, 4000, 4000, 4000, 4000, 4000, 4000],
  });
});

for (const [received, told] of [
  [302, 503],
  [401, 403],
  [407, 403],
] as const) {
  test(`a ${received}, which only we could act on, reaches the caller as ${told} and the record as it came`, () => {
    const world = new World(network());
    world.invite();
    world.failed(404, 0);
    world.failed(404, 1);
    const outputs = world.failed(received, 2);

    assert.is(rejectIn(outputs).status, told);
    assert.is(world.cdr().status, told);
    assert.is(world.cdr().attempts[2]!.status, received);
  });
}

test('a failure moves on to the next gateway, and the last code goes to the caller', () => {
  const world = new World(network());
  world.invite();
  world.pass(100);
  assert.equal(types(world.failed(404, 0)), ['dialLeg']);
  world.pass(200);
  assert.equal(types(world.failed(500, 1)), ['dialLeg']);
  world.pass(300);
  const outputs = world.failed(480, 2, { reason: 'Away' });

  assert.equal(types(outputs), ['reject', 'writeCdr']);
  assert.equal(rejectIn(outputs), { status: 480, reason: 'Away' });
  assert.equal(world.dialled(), ['one', 'two', 'three']);
  const cdr = world.cdr();
  assert.is(cdr.endReason, 'Rejected');
  assert.is(cdr.endedBy, 'callee');
  assert.is(cdr.routingGateway, 'three');
  assert.is(cdr.vendorAccount, 'victor');
  assert.is(cdr.talkSeconds, 0);
  assert.equal(
    cdr.attempts.map(({ gateway, status, delayMs, outcome }) => [gateway, status, delayMs, outcome]),
    [
      ['one', 404, 100, 'failed'],
      ['two', 500, 200, 'failed'],
      ['three', 480, 300, 'failed'],
    ],
  );
  world.assertQuiet();
});

test('a busy callee ends the hunt', () => {
  const world = new World(network());
  world.invite();
  const outputs = world.failed(486, 0, { reason: 'Busy Here' });

  assert.equal(rejectIn(outputs), { status: 486, reason: 'Busy Here' });
  assert.is(world.cdr().endReason, 'CalleeBusy');
  assert.equal(world.dialled(), ['one']);
});

test('an INVITE timeout releases the leg and moves on', () => {
  const world = new World(network());
  world.invite();
  assert.equal(world.pass(9_999), []);
  assert.equal(types(world.pass(1)), ['releaseLeg', 'dialLeg']);
  world.answered(1);
  world.hangup();
  const [first, second] = world.cdr().attempts;

  assert.is(first?.status, 408);
  assert.is(first?.reason, 'INVITE timeout');
  assert.is(first?.outcome, 'timeout');
  assert.is(first?.delayMs, 10_000);
  assert.is(second?.startedAtMs, startMs + 10_000);
});

test('each attempt starts its timers anew', () => {
  const world = new World(network());
  world.invite();
  world.pass(9_000);
  world.failed(503, 0);
  assert.is(world.core.nextDeadlineMs(), startMs + 19_000);
  world.pass(9_000);
  world.trying(1);

  assert.is(world.core.nextDeadlineMs(), startMs + 38_000);
});

test('each stage has its own timeout, from the moment it is entered', () => {
  const timeouts = { inviteMs: 1, tryingMs: 20, progressMs: 300, progressSdpMs: 4_000, ringingMs: 50_000 };
  const world = new World(network({ gateways: [{ name: 'one', timeouts }] }));
  const due = () => world.core.nextDeadlineMs()! - world.nowMs;
  world.invite();
  assert.is(due(), 1);
  world.trying(0);
  assert.is(due(), 20);
  world.provisional(183, 0);
  assert.is(due(), 300);
  world.provisional(183, 0, true);
  assert.is(due(), 4_000);
  world.provisional(180, 0);
  assert.is(due(), 50_000);
  world.pass(10);
  world.provisional(180, 0);

  assert.is(due(), 49_990);
  assert.is(world.core.calls()[0]?.deadline?.timer, 'ringing');
});

test('when the last gateway times out, the caller gets 408 although an earlier one gave a code', () => {
  const world = new World(network({ gateways: [{ name: 'one' }, { name: 'two' }] }));
  world.invite();
  world.failed(404, 0);
  const outputs = world.pass(10_000);

  assert.equal(rejectIn(outputs), { status: 408, reason: 'InviteTimeout' });
  assert.equal(types(outputs), ['releaseLeg', 'reject', 'writeCdr']);
  assert.is(world.cdr().endReason, 'InviteTimeout');
});

test('a trying timeout is a GatewayTimeout', () => {
  const world = new World(network({ gateways: [{ name: 'one' }] }));
  world.invite();
  world.trying(0);
  world.pass(20_000);

  assert.is(world.cdr().endReason, 'GatewayTimeout');
  assert.is(world.cdr().attempts[0]?.reason, 'Trying timeout');
});

test('a ringing timeout stops with 408', () => {
  const world = new World(network());
  world.invite();
  world.provisional(180, 0);
  const outputs = world.pass(120_000);

  assert.equal(rejectIn(outputs), { status: 408, reason: 'GatewayTimeout' });
  assert.equal(world.dialled(), ['one']);
});

test('a ringing timeout moves on until connect', () => {
  const hunting = { untilConnect: true };
  const world = new World(network({ gateways: [{ name: 'one', hunting }, { name: 'two' }] }));
  world.invite();
  world.provisional(180, 0);
  world.pass(120_000);

  assert.equal(world.dialled(), ['one', 'two']);
});

test('a gateway that could not be reached gives no code: the last real one goes to the caller', () => {
  const world = new World(network({ gateways: [{ name: 'one' }, { name: 'two' }] }));
  world.invite();
  world.failed(404, 0, { reason: 'Not Found' });
  const outputs = world.failed(503, 1, { origin: 'unreachable', reason: 'Port unreachable' });

  assert.equal(rejectIn(outputs), { status: 404, reason: 'Not Found' });
});

test('when no gateway could be reached the caller gets 503', () => {
  const world = new World(network({ gateways: [{ name: 'one' }] }));
  world.invite();
  const outputs = world.failed(503, 0, { origin: 'unreachable', reason: 'Port unreachable' });

  assert.equal(rejectIn(outputs), { status: 503, reason: 'GatewayUnreachable' });
  assert.is(world.cdr().attempts[0]?.reason, 'Port unreachable');
  assert.is(world.cdr().endedBy, 'switch');
});

test('a 408 that our own SIP server made is a timeout of the stage', () => {
  const world = new World(network({ gateways: [{ name: 'one' }] }));
  world.invite();
  const outputs = world.failed(408, 0, { origin: 'timeout' });

  assert.equal(types(outputs), ['reject', 'writeCdr']);
  assert.is(world.cdr().endReason, 'InviteTimeout');
});

test('a 408 of a gateway is a code like any other', () => {
  const world = new World(network({ gateways: [{ name: 'one' }] }));
  world.invite();
  world.failed(408, 0, { reason: 'Request Timeout' });

  assert.is(world.cdr().endReason, 'Rejected');
  assert.is(world.cdr().status, 408);
});

test('SS_GATEWAY_SWITCH_LIMIT is the number of gateways tried', () => {
  const world = new World(network({ parameters: { gatewaySwitchLimit: 2 } }));
  world.invite();
  world.failed(503, 0);
  const outputs = world.failed(500, 1);

  assert.equal(rejectIn(outputs).status, 500);
  assert.equal(world.dialled(), ['one', 'two']);
});

test('a gateway that became full meanwhile is skipped', () => {
  const world = new World(
    network({ gateways: [{ name: 'one' }, { name: 'two', lines: 1 }, { name: 'three' }] }),
  );
  world.invite();
  world.invite({ callId: 'other' });
  world.failed(503, 0, { callId: 'other' });
  world.failed(503, 0);

  assert.equal(world.dialled('other'), ['one', 'two']);
  assert.equal(world.dialled(), ['one', 'three']);
});

test('Retry-After in a 503 takes the gateway out for that long', () => {
  const world = new World(network({ gateways: [{ name: 'one' }, { name: 'two' }] }));
  world.invite();
  world.failed(503, 0, { retryAfterSeconds: 30 });
  world.pass(5_000);
  world.invite({ callId: 'meanwhile' });
  assert.equal(world.dialled('meanwhile'), ['two']);
  world.cancel();
  world.cancel('meanwhile');
  world.pass(25_000);
  world.invite({ callId: 'after' });

  assert.equal(world.dialled('after'), ['one']);
});

test('Retry-After survives another snapshot', () => {
  const gateways = [{ name: 'one' }, { name: 'two' }];
  const world = new World(network({ gateways }));
  world.invite();
  world.failed(503, 0, { retryAfterSeconds: 30 });
  world.give({ type: 'snapshot', snapshot: network({ gateways, hash: 'other' }) });
  world.invite({ callId: 'meanwhile' });

  assert.equal(world.dialled('meanwhile'), ['two']);
});

test('Retry-After survives that the gateway leaves the configuration and comes back', () => {
  const gateways = [{ name: 'one' }, { name: 'two' }];
  const world = new World(network({ gateways }));
  world.invite();
  world.failed(503, 0, { retryAfterSeconds: 30 });
  world.cancel();
  world.give({ type: 'snapshot', snapshot: network({ gateways: [{ name: 'two' }] }) });
  world.give({ type: 'snapshot', snapshot: network({ gateways }) });
  world.invite({ callId: 'meanwhile' });

  assert.equal(world.dialled('meanwhile'), ['two']);
});

const protect = [
  { name: 'one' },
  { name: 'two' },
  { name: 'safe', protectRoute: true },
  { name: 'safest', protectRoute: true },
];

test('protect routes are tried when every normal gateway has failed', () => {
  const world = new World(network({ gateways: protect }));
  world.invite();
  for (let leg = 0; leg < 4; leg++) world.failed(503, leg);

  assert.equal(world.dialled(), ['one', 'two', 'safe', 'safest']);
});

test('once the protect delay has passed and the attempt has ended, normal gateways are skipped', () => {
  const world = new World(network({ gateways: protect, parameters: { protectRouteDelayMs: 5_000 } }));
  world.invite();
  world.trying(0);
  assert.equal(world.pass(5_000), []);
  for (let leg = 0; leg < 3; leg++) world.failed(503, leg);

  assert.equal(world.dialled(), ['one', 'safe', 'safest']);
});

test('before the protect delay has passed, normal gateways come first', () => {
  const world = new World(network({ gateways: protect, parameters: { protectRouteDelayMs: 5_000 } }));
  world.invite();
  world.pass(4_999);
  world.failed(503, 0);

  assert.equal(world.dialled(), ['one', 'two']);
});

test('after the protect delay a normal gateway is still better than none', () => {
  const gateways = [{ name: 'one' }, { name: 'two' }, { name: 'safe', protectRoute: true, lines: 1 }];
  const world = new World(network({ gateways, parameters: { protectRouteDelayMs: 1_000 } }));
  world.invite();
  world.invite({ callId: 'other' });
  world.pass(1_000);
  world.failed(503, 0, { callId: 'other' });
  world.failed(503, 0);

  assert.equal(world.dialled('other'), ['one', 'safe']);
  assert.equal(world.dialled(), ['one', 'two']);
});

test('provisional responses of every attempt reach the caller', () => {
  const world = new World(network());
  world.invite();
  world.pass(100);
  assert.equal(types(world.provisional(180, 0)), ['relayProvisional']);
  world.pass(100);
  assert.equal(types(world.provisional(183, 0, false)), ['relayProvisional']);
  world.failed(503, 0);
  world.pass(100);
  world.provisional(183, 1, false);
  world.failed(503, 1);
  world.failed(500, 2);
  const cdr = world.cdr();

  assert.is(cdr.postDialDelayMs, 100);
  assert.equal(
    cdr.attempts.map(({ ringDelayMs }) => ringDelayMs),
    [100, 100, null],
  );
});

test('a timer fires at its time, however late the driver is', () => {
  const world = new World(network({ gateways: [{ name: 'one' }] }));
  world.invite();
  world.nowMs += 13_000;
  world.answered(0);

  assert.is(world.cdr().endReason, 'InviteTimeout');
  assert.is(world.cdr().endedAtMs, startMs + 10_000);
});

test("a gateway in nobody's rate table is skipped where rates are checked, and costs nothing elsewhere", () => {
  const wholesale = [{ prefix: '49', rate: '1' }];
  const gateways = [{ name: 'one', checkRate: true }, { name: 'two' }];
  const world = new World(network({ gateways, wholesale }));
  world.invite();
  world.answered(0);
  world.pass(10_000);
  world.hangup();

  assert.equal(world.dialled(), ['two']);
  assert.is(world.cdr().vendorCharge, null);
});

test.run();
