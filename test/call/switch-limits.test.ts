/** Lines and call rates of gateways, accounts and the whole switch, each with a call that the rule does not touch. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { buildSnapshot } from '../support/snapshot-builder.ts';
import { network } from './networks.ts';
import { World } from './world.ts';

const test = suite('call/switch-limits');

/** `alice` behind two mapping gateways, `victor` behind `one` and `two`, `wanda` behind `other`. */
function twoGatewaysEach(
  customer: { lines?: number; callRate?: { calls: number; perSeconds: number } },
  vendor: { lines?: number; callRate?: { calls: number; perSeconds: number } } = {},
) {
  return buildSnapshot({
    mappingGateways: [
      { name: 'first-in', account: 'alice', addresses: ['192.0.2.1'] },
      { name: 'second-in', account: 'alice', addresses: ['192.0.2.2'] },
      { name: 'bob-in', account: 'bob', addresses: ['192.0.2.3'] },
    ],
    routingGateways: [
      { name: 'one', clearingAccount: 'victor', prefixes: ['44'], priority: 1 },
      { name: 'two', clearingAccount: 'victor', prefixes: ['44'], priority: 2 },
      { name: 'other', clearingAccount: 'wanda', prefixes: ['44'], priority: 3 },
    ],
    accounts: [
      { name: 'alice', ...customer },
      { name: 'bob' },
      { name: 'victor', ...vendor },
      { name: 'wanda' },
    ],
  });
}

const from = (last: number) => ({ address: `192.0.2.${last}`, port: 5060, transport: 'udp' as const });

test('the lines of a customer count over all mapping gateways, and for no other customer', () => {
  const world = new World(twoGatewaysEach({ lines: 2 }));
  world.invite({ callId: 'a', source: from(1) });
  world.invite({ callId: 'b', source: from(2) });
  world.invite({ callId: 'c', source: from(2) });
  world.invite({ callId: 'bob', source: from(3) });
  assert.is(world.cdr('c').endReason, 'LineLimit');
  assert.is(world.cdr('c').status, 503);
  assert.equal(world.dialled('bob'), ['one']);
  assert.is(world.account('alice').activeLines, 2);
  assert.is(world.account('alice').lineLimit, 2);
  world.cancel('a');
  world.invite({ callId: 'd', source: from(2) });

  assert.equal(world.dialled('d'), ['one']);
});

test('gateways of a vendor without a free line are skipped, and others are not', () => {
  const world = new World(twoGatewaysEach({}, { lines: 1 }));
  world.invite({ callId: 'a', source: from(1) });
  world.invite({ callId: 'b', source: from(1) });
  assert.equal(world.dialled('a'), ['one']);
  assert.equal(world.dialled('b'), ['other']);
  world.failed(500, 0, { callId: 'a' });
  assert.equal(
    world.dialled('a'),
    ['one', 'two'],
    'the line of the vendor is free again between two attempts',
  );
  world.cancel('a');
  world.cancel('b');

  world.assertQuiet();
});

test('a call beyond the rate of its mapping gateway gets 503 CallRateLimit until the period is over', () => {
  const world = new World(network({ mapping: { callRate: { calls: 2, perSeconds: 10 } } }));
  world.invite({ callId: 'a' });
  world.pass(4000);
  world.invite({ callId: 'b' });
  world.cancel('a');
  world.pass(5999);
  world.invite({ callId: 'c' });
  assert.is(world.cdr('c').endReason, 'CallRateLimit');
  assert.is(world.cdr('c').status, 503);
  assert.is(world.cdr('c').endedBy, 'switch');
  assert.is(world.gateway('alice-in').callsInPeriod, 2);
  world.pass(1);
  world.invite({ callId: 'd' });

  assert.equal(world.dialled('d'), ['one']);
});

test('a call that is refused counts against no rate', () => {
  const callRate = { calls: 1, perSeconds: 10 };
  const world = new World(network({ mapping: { callRate, lines: 1 }, customer: { overdraftLimit: '0' } }));
  world.invite({ callId: 'poor' });
  assert.is(world.cdr('poor').endReason, 'AccountBalanceNotEnough');
  world.give({ type: 'payment', account: 'alice', amount: 10_00000000n as never });
  world.invite({ callId: 'paid' });
  assert.equal(world.dialled('paid'), ['one']);
  world.pass(9_000);
  world.invite({ callId: 'full' });
  assert.is(world.cdr('full').endReason, 'LineLimit', 'the lines are looked at first');
  world.cancel('paid');
  world.pass(1_000);
  world.invite({ callId: 'later' });

  assert.equal(world.dialled('later'), ['one'], 'the call that was refused did not begin');
});

test('the rate of a customer counts over all mapping gateways, and for no other customer', () => {
  const world = new World(twoGatewaysEach({ callRate: { calls: 2, perSeconds: 1 } }));
  world.invite({ callId: 'a', source: from(1) });
  world.invite({ callId: 'b', source: from(2) });
  world.invite({ callId: 'c', source: from(1) });
  world.invite({ callId: 'bob', source: from(3) });
  assert.is(world.cdr('c').endReason, 'CallRateLimit');
  assert.equal(world.dialled('bob'), ['one']);
  assert.is(world.account('alice').callsInPeriod, 2);
  world.pass(1000);
  world.invite({ callId: 'd', source: from(1) });

  assert.equal(world.dialled('d'), ['one']);
});

test('SS_MAX_CPS counts all calls of the switch together', () => {
  const snapshot = { ...twoGatewaysEach({}) };
  const parameters = { ...snapshot.parameters, callRate: { calls: 2, perSeconds: 1 } };
  const world = new World({ ...snapshot, parameters });
  world.invite({ callId: 'a', source: from(1) });
  world.invite({ callId: 'bob', source: from(3) });
  world.invite({ callId: 'unknown', source: from(9) });
  world.invite({ callId: 'c', source: from(2) });
  assert.is(world.cdr('unknown').endReason, 'IllegalCall');
  assert.is(world.cdr('c').endReason, 'CallRateLimit');
  assert.equal(world.core.callRate(), { callRateLimit: { calls: 2, perSeconds: 1 }, callsInPeriod: 2 });
  world.pass(1000);
  assert.is(world.core.callRate(world.nowMs).callsInPeriod, 0);
  world.invite({ callId: 'd', source: from(2) });

  assert.equal(world.dialled('d'), ['one']);
});

test('a routing gateway that has had its calls is skipped, and a call counts at each gateway it is tried at', () => {
  const callRate = { calls: 1, perSeconds: 5 };
  const world = new World(
    network({
      gateways: [
        { name: 'one', callRate },
        { name: 'two', callRate },
      ],
    }),
  );
  world.invite({ callId: 'a' });
  world.failed(500, 0, { callId: 'a' });
  assert.equal(world.dialled('a'), ['one', 'two']);
  world.invite({ callId: 'b' });
  assert.is(world.cdr('b').endReason, 'AllGatewayBusy');
  world.pass(5000);
  world.invite({ callId: 'c' });

  assert.equal(world.dialled('c'), ['one']);
});

test('a gateway that had its calls while the hunt was at another one is passed over', () => {
  const callRate = { calls: 1, perSeconds: 60 };
  const world = new World(
    network({ gateways: [{ name: 'one' }, { name: 'two', callRate }, { name: 'three' }] }),
  );
  world.invite({ callId: 'a' });
  world.invite({ callId: 'b' });
  world.failed(500, 0, { callId: 'a' });
  world.failed(500, 0, { callId: 'b' });
  assert.equal(world.dialled('a'), ['one', 'two']);

  assert.equal(world.dialled('b'), ['one', 'three']);
});

test('gateways of a vendor that has had its calls are skipped, and others are not', () => {
  const world = new World(twoGatewaysEach({}, { callRate: { calls: 1, perSeconds: 1 } }));
  world.invite({ callId: 'a', source: from(1) });
  world.failed(500, 0, { callId: 'a' });
  assert.equal(world.dialled('a'), ['one', 'other'], 'two belongs to the same vendor');
  world.pass(1000);
  world.invite({ callId: 'b', source: from(1) });

  assert.equal(world.dialled('b'), ['one']);
});

test('calls count over a reload, under the limits of the new snapshot', () => {
  const limited = (calls: number) => network({ mapping: { callRate: { calls, perSeconds: 10 } } });
  const world = new World(limited(2));
  world.invite({ callId: 'a' });
  world.invite({ callId: 'b' });
  world.give({ type: 'snapshot', snapshot: limited(3) });
  world.invite({ callId: 'c' });
  assert.equal(world.dialled('c'), ['one']);
  world.invite({ callId: 'd' });
  assert.is(world.cdr('d').endReason, 'CallRateLimit');
  world.give({ type: 'snapshot', snapshot: limited(1) });
  world.invite({ callId: 'e' });
  assert.is(world.cdr('e').endReason, 'CallRateLimit');
  world.give({ type: 'snapshot', snapshot: network() });
  world.invite({ callId: 'f' });

  assert.equal(world.dialled('f'), ['one']);
});

test('a gateway that leaves the configuration for a moment has not forgotten its calls', () => {
  const callRate = { calls: 1, perSeconds: 60 };
  const limited = network({ gateways: [{ name: 'one', callRate }, { name: 'two' }] });
  const world = new World(limited);
  world.invite({ callId: 'a' });
  world.cancel('a');
  world.give({ type: 'snapshot', snapshot: network({ gateways: [{ name: 'two' }] }) });
  world.give({ type: 'snapshot', snapshot: limited });
  world.invite({ callId: 'b' });
  assert.equal(world.dialled('b'), ['two']);
  world.pass(60_000);
  world.invite({ callId: 'c' });

  assert.equal(world.dialled('c'), ['one']);
});

test.run();
