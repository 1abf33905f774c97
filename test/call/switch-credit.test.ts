import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { network } from './networks.ts';
import { amount, startMs, types, World } from './world.ts';

const test = suite('call/switch-credit');

const prepaid = { customer: { overdraftLimit: '0' } };

test('credit for the next step is held before the call rings', () => {
  const world = new World(network(prepaid), { alice: '1' });
  world.invite();

  assert.is(world.account('alice').held, amount('0.06'));
  assert.is(world.account('victor').held, amount('0.03'));
  assert.is(world.account('alice').balance, amount('1'));
  assert.is(world.account('alice').usable, amount('0.94'));
});

test('the hold is extended before it runs out', () => {
  const world = new World(network(prepaid), { alice: '1' });
  world.invite();
  world.answered(0);
  world.pass(54_999);
  assert.is(world.account('alice').held, amount('0.06'));
  world.pass(1);

  assert.is(world.account('alice').held, amount('0.12'));
  assert.is(world.account('victor').held, amount('0.06'));
});

test('a call ends exactly when the money does', () => {
  const world = new World(network(prepaid), { alice: '0.10' });
  world.invite();
  world.answered(0);
  assert.equal(world.pass(99_999), []);
  assert.equal(types(world.pass(1)), ['hangUp', 'hangUp', 'writeCdr']);
  const cdr = world.cdr();

  assert.is(cdr.endReason, 'CreditExhausted');
  assert.is(cdr.endedBy, 'switch');
  assert.is(cdr.talkSeconds, 100);
  assert.is(world.account('alice').balance, amount('0'));
  world.assertQuiet();
});

test('when less than a step can be held, the end of the money is the next deadline', () => {
  const world = new World(network(prepaid), { alice: '0.05' });
  world.invite();
  world.answered(0);

  assert.is(world.core.nextDeadlineMs(), startMs + 50_000);
});

test('a late driver does not let a call spend more than its hold', () => {
  const world = new World(network(prepaid), { alice: '0.10' });
  world.invite();
  world.answered(0);
  world.nowMs += 250_000;
  world.give({ type: 'tick' });

  assert.is(world.cdr().talkSeconds, 100);
  assert.is(world.account('alice').balance, amount('0'));
});

test('the overdraft limit is credit too', () => {
  const world = new World(network({ customer: { overdraftLimit: '0.04' } }), { alice: '0.06' });
  world.invite();
  world.answered(0);
  world.pass(200_000);

  assert.is(world.cdr().talkSeconds, 100);
  assert.is(world.account('alice').balance, amount('-0.04'));
});

test('a call never begins an increment that it cannot pay', () => {
  const retail = [{ prefix: '44', rate: '0.60', increments: '60/30' }];
  const world = new World(network({ ...prepaid, retail }), { alice: '0.95' });
  world.invite();
  world.answered(0);
  world.pass(200_000);

  assert.is(world.cdr().talkSeconds, 90);
  assert.is(world.account('alice').balance, amount('0.05'));
});

test('the connect fee must be affordable with the first increment', () => {
  const retail = [{ prefix: '44', rate: '0.60', increments: '60/60', connectFee: '0.10' }];
  const poor = new World(network({ ...prepaid, retail }), { alice: '0.69' });
  poor.invite();
  assert.is(poor.cdr().endReason, 'AccountBalanceNotEnough');
  const enough = new World(network({ ...prepaid, retail }), { alice: '0.70' });
  enough.invite();

  assert.equal(enough.dialled(), ['one']);
});

test('two calls at once never spend the same money', () => {
  const world = new World(network(prepaid), { alice: '0.10' });
  world.invite({ callId: 'a' });
  world.invite({ callId: 'b' });
  world.answered(0, 'a');
  world.answered(0, 'b');
  world.pass(600_000);

  assert.is(world.cdr('a').talkSeconds + world.cdr('b').talkSeconds, 100);
  assert.is(world.account('alice').balance, amount('0'));
  world.assertQuiet();
});

test('a third call finds no money while two hold all of it, and finds it when one has given it back', () => {
  const world = new World(network(prepaid), { alice: '0.12' });
  world.invite({ callId: 'a' });
  world.invite({ callId: 'b' });
  world.invite({ callId: 'c' });
  assert.is(world.cdr('c').endReason, 'AccountBalanceNotEnough');
  world.cancel('a');
  world.invite({ callId: 'd' });

  assert.equal(world.dialled('d'), ['one']);
});

test('a payment lets a call go on', () => {
  const world = new World(network(prepaid), { alice: '0.10' });
  world.invite();
  world.answered(0);
  world.pass(99_999);
  assert.equal(world.give({ type: 'payment', account: 'alice', amount: amount('0.10') }), []);
  world.pass(100_000);
  assert.is(world.core.calls().length, 1);
  world.pass(1);

  assert.is(world.cdr().talkSeconds, 200);
  assert.is(world.account('alice').balance, amount('0'));
});

test('a correction shortens a call, but not below what it holds', () => {
  const world = new World(network(prepaid), { alice: '1' });
  world.invite();
  world.answered(0);
  world.give({ type: 'payment', account: 'alice', amount: amount('-0.99') });
  world.pass(600_000);

  assert.is(world.cdr().talkSeconds, 60);
  assert.is(world.cdr().endReason, 'CreditExhausted');
});

test('money that another call gives back lets a call go on', () => {
  const world = new World(network(prepaid), { alice: '0.12' });
  world.invite({ callId: 'a' });
  world.invite({ callId: 'b' });
  world.answered(0, 'a');
  world.pass(59_000);
  world.cancel('b');
  world.pass(600_000);

  assert.is(world.cdr('a').talkSeconds, 120);
});

test('the limit of the vendor ends a call while vendor credit is verified', () => {
  const world = new World(network({ vendor: { overdraftLimit: '0.05' } }));
  world.invite();
  world.answered(0);
  world.pass(600_000);

  assert.is(world.cdr().endReason, 'CreditExhausted');
  assert.is(world.cdr().talkSeconds, 100);
  assert.is(world.account('victor').balance, amount('-0.05'));
});

test('vendor credit does not matter where it is not verified', () => {
  const snapshot = network({ vendor: { overdraftLimit: '0' }, parameters: { verifyVendorCredit: false } });
  const world = new World(snapshot);
  world.invite();
  world.answered(0);
  world.pass(600_000);
  world.hangup();

  assert.is(world.cdr().talkSeconds, 600);
  assert.is(world.account('victor').balance, amount('-0.3'));
});

test('a call that is free of charge needs no deadline for its credit', () => {
  const free = [{ prefix: '44', rate: '0' }];
  const world = new World(network({ ...prepaid, retail: free, wholesale: free }), { alice: '-3' });
  world.invite();
  world.answered(0);

  assert.is(world.core.nextDeadlineMs(), null);
});

test('holds of failed attempts and of ended calls are given back', () => {
  const world = new World(network(prepaid), { alice: '1' });
  world.invite();
  world.failed(503, 0);
  assert.is(world.account('victor').held, amount('0.03'));
  world.failed(503, 1);
  world.failed(503, 2);

  assert.is(world.account('alice').usable, amount('1'));
  world.assertQuiet();
});

test('the rate in effect at the answer counts, for both sides', () => {
  const rows = (before: string, after: string) => [
    { prefix: '44', rate: before, increments: '1/1', effectiveUntilMs: startMs + 5_000 },
    { prefix: '44', rate: after, increments: '1/1', effectiveFromMs: startMs + 5_000 },
  ];
  const snapshot = network({ ...prepaid, retail: rows('0.06', '0.12'), wholesale: rows('0.03', '0.09') });
  const world = new World(snapshot, { alice: '0.20' });
  world.invite();
  world.pass(5_000);
  world.answered(0);
  assert.is(world.account('alice').held, amount('0.12'));
  world.pass(600_000);

  assert.is(world.cdr().customerCharge?.rate, '0.12');
  assert.is(world.cdr().customerCharge?.rateSource, 'rates/retail.yaml:2');
  assert.is(world.cdr().vendorCharge?.rate, '0.09');
  assert.is(world.cdr().talkSeconds, 100);
  assert.is(world.account('alice').balance, amount('0'));
});

test('a call that the new rate leaves no money for ends at once, free of charge', () => {
  const retail = [
    { prefix: '44', rate: '0.06', increments: '1/1', effectiveUntilMs: startMs + 5_000 },
    { prefix: '44', rate: '6', increments: '60/60', effectiveFromMs: startMs + 5_000 },
  ];
  const world = new World(network({ ...prepaid, retail }), { alice: '0.20' });
  world.invite();
  world.pass(5_000);
  const outputs = world.answered(0);

  assert.equal(types(outputs), ['journal', 'answer', 'hangUp', 'hangUp', 'writeCdr']);
  assert.is(world.cdr().endReason, 'CreditExhausted');
  assert.is(world.account('alice').balance, amount('0.20'));
  world.assertQuiet();
});

test.run();
