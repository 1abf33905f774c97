import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { EndReason } from '../../src/cdr/record.ts';
import type { Snapshot } from '../../src/config/snapshot.ts';
import { network } from './networks.ts';
import { startMs, types, World } from './world.ts';

const test = suite('call/switch-authorise');

function rejection(
  snapshot: Snapshot,
  given: Parameters<World['invite']>[0] = {},
  balances: Readonly<Record<string, string>> = {},
) {
  const world = new World(snapshot, balances);
  const outputs = world.invite(given);
  const reject = outputs[0]!;
  if (reject.type !== 'reject') throw new Error(`not rejected: ${types(outputs)}`);
  world.assertQuiet();
  return { world, outputs, status: reject.status, reason: reject.reason, silent: reject.silent };
}

function assertRejected(
  snapshot: Snapshot,
  expected: { readonly status: number; readonly reason: EndReason },
  given: Parameters<World['invite']>[0] = {},
): void {
  const { world, status, reason, silent, outputs } = rejection(snapshot, given);
  const cdr = world.cdr();
  assert.equal({ status, reason }, expected);
  assert.not.ok(silent);
  assert.equal(types(outputs), ['reject', 'writeCdr']);
  assert.is(cdr.endReason, expected.reason);
  assert.is(cdr.status, expected.status);
  assert.is(cdr.endedBy, 'switch');
  assert.is(cdr.mappingGateway, 'alice-in');
  assert.is(cdr.customerAccount, 'alice');
  assert.equal(cdr.attempts, []);
  assert.is(cdr.customerCharge, null);
}

const stranger = { source: { address: '198.51.100.7', port: 5060, transport: 'udp' } } as const;

test('an unknown source gets 403 and an illegal record', () => {
  const { world, status, reason, silent } = rejection(network(), stranger);
  const cdr = world.cdr();

  assert.is(status, 403);
  assert.is(reason, 'IllegalCall');
  assert.not.ok(silent);
  assert.is(cdr.endReason, 'IllegalCall');
  assert.is(cdr.mappingGateway, null);
  assert.is(cdr.customerAccount, null);
  assert.is(cdr.sourceAddress, '198.51.100.7:5060;udp');
  assert.is(world.counter('illegal'), 1);
});

test('an unknown source gets silence when SS_REPLY_UNAUTHORIZED is off', () => {
  assert.ok(rejection(network({ parameters: { replyUnauthorized: false } }), stranger).silent);
});

test('an illegal call leaves a counter but no record when records of them are off', () => {
  const world = new World(network({ parameters: { recordIllegalCalls: false } }));

  assert.equal(types(world.invite(stranger)), ['reject']);
  assert.is(world.counter('illegal'), 1);
  assert.is(world.counter('ended.IllegalCall'), 1);
});

test('an IPv6 source is written in brackets', () => {
  const { world } = rejection(network(), {
    source: { address: '2001:db8::7', port: 5062, transport: 'tcp' },
  });

  assert.is(world.cdr().sourceAddress, '[2001:db8::7]:5062;tcp');
});

test('a call without a number gets 484', () => {
  assertRejected(network(), { status: 484, reason: 'InvalidNumber' }, { callee: null });
  assertRejected(network(), { status: 484, reason: 'InvalidNumber' }, { callee: '' });
});

test('a number that the mapping gateway does not accept gets 403', () => {
  const snapshot = network({ mapping: { calleePrefixes: { deny: ['4420'] } } });

  assertRejected(snapshot, { status: 403, reason: 'NumberNotAllowed' });
});

test('a locked mapping gateway gets 403', () => {
  assertRejected(network({ mapping: { locked: true } }), { status: 403, reason: 'GatewayLocked' });
});

test('a locked account gets 403', () => {
  assertRejected(network({ customer: { locked: true } }), { status: 403, reason: 'AccountLocked' });
});

test('an account is expired from the very moment on', () => {
  assertRejected(network({ customer: { validUntilMs: startMs } }), { status: 403, reason: 'AccountExpired' });
  const world = new World(network({ customer: { validUntilMs: startMs + 1 } }));
  world.invite();
  assert.equal(world.dialled(), ['one']);
});

test('a number without a rate gets 503', () => {
  assertRejected(network({ retail: [{ prefix: '1', rate: '1' }] }), { status: 503, reason: 'NoSuchRate' });
});

test('a locked rate row gets 503', () => {
  const retail = [{ prefix: '44', rate: '0.06', locked: true }];

  assertRejected(network({ retail }), { status: 503, reason: 'NoSuchRate' });
});

test('an unrated account needs no rate and no money', () => {
  const world = new World(network({ customer: { unrated: true, overdraftLimit: '0' }, retail: [] }));
  world.invite();
  world.answered(0);
  world.pass(60_000);
  world.hangup();

  assert.is(world.cdr().customerCharge, null);
  assert.is(world.cdr().profit, -30_000_00n);
  world.assertQuiet();
});

test('a full mapping gateway gets 503, and its line is free again after a call', () => {
  const world = new World(network({ mapping: { lines: 1 } }));
  world.invite({ callId: 'first' });
  world.invite({ callId: 'second' });
  assert.is(world.cdr('second').endReason, 'LineLimit');
  assert.is(world.cdr('second').status, 503);
  assert.is(world.activeLines('alice-in'), 1);
  world.cancel('first');
  world.invite({ callId: 'third' });

  assert.equal(world.dialled('third'), ['one']);
});

test('an account without money gets 503', () => {
  assertRejected(network({ customer: { overdraftLimit: '0' } }), {
    status: 503,
    reason: 'AccountBalanceNotEnough',
  });
});

test('a draining switch takes no new call and ends none', () => {
  const world = new World(network());
  world.invite({ callId: 'old' });
  world.answered(0, 'old');
  assert.equal(world.give({ type: 'drain' }), []);
  world.invite({ callId: 'new' });
  assert.is(world.cdr('new').endReason, 'Shutdown');
  assert.is(world.cdr('new').status, 503);
  assert.is(world.core.calls().length, 1);
  world.hangup('caller', 'old');

  assert.is(world.cdr('old').endReason, 'CallerHangup');
});

test('a number that nobody carries gets 503 NoAvailableRouter', () => {
  assertRejected(network({ gateways: [{ name: 'one', prefixes: ['49'] }] }), {
    status: 503,
    reason: 'NoAvailableRouter',
  });
});

test('a number whose gateways are all full gets 503 AllGatewayBusy', () => {
  const world = new World(network({ gateways: [{ name: 'one', lines: 1 }] }));
  world.invite({ callId: 'first' });
  world.invite({ callId: 'second' });

  assert.is(world.cdr('second').endReason, 'AllGatewayBusy');
  assert.is(world.cdr('second').status, 503);
});

test('vendors out of credit are skipped while their credit is verified', () => {
  const poor = { vendor: { overdraftLimit: '0' } };
  const world = new World(network(poor));
  world.invite();
  assert.is(world.cdr().endReason, 'AllGatewayBusy');
  const trusting = new World(network({ ...poor, parameters: { verifyVendorCredit: false } }));
  trusting.invite();

  assert.equal(trusting.dialled(), ['one']);
});

test('a vendor whose credit is below the first increment is skipped', () => {
  const wholesale = [{ prefix: '44', rate: '0.60', increments: '60/60' }];
  const world = new World(network({ wholesale, vendor: { overdraftLimit: '0.59' } }));
  world.invite();

  assert.is(world.cdr().endReason, 'AllGatewayBusy');
  world.assertQuiet();
});

test('a second INVITE with the name of a call in progress is ignored', () => {
  const world = new World(network());
  world.invite();

  assert.equal(world.invite(), []);
  assert.is(world.counter('ignoredInputs'), 1);
});

test.run();
