import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { closeInterrupted } from '../../src/call/interrupted.ts';
import { dailyCalendar } from '../support/calendars.ts';
import { type NetworkDescription, network } from './networks.ts';
import { amount, startMs, World } from './world.ts';

const test = suite('call/switch-prices');

/** Begins with the minute after the calls of this suite arrive. */
const soon = dailyCalendar('soon', minuteOf(startMs) + 1, minuteOf(startMs) + 2);
const untilSoonMs = 60_000 - (startMs % 60_000);

const timed: NetworkDescription = {
  customer: { overdraftLimit: '0', timedRateTables: [{ calendar: 'soon', rateTable: 'dear' }] },
  rates: [{ name: 'dear', rows: [{ prefix: '4', rate: '0.60', increments: '1/1', line: 7 }] }],
  calendars: [soon],
};

function minuteOf(atMs: number): number {
  return Math.floor(atMs / 60_000) % 1440;
}

test('a call has the price of its answer, by the calendar of that time, and keeps it', () => {
  const world = new World(network(timed), { alice: '10' });
  world.invite();
  world.provisional(180, 0);
  world.pass(untilSoonMs - 1);
  world.answered(0);
  world.pass(100_000);
  world.hangup();

  assert.is(world.cdr().customerCharge?.rateTable, 'retail');
  assert.is(world.cdr().customerCharge?.amount, amount('0.10'));
});

test('a calendar that begins while the phone rings changes the price and the credit that is held', () => {
  const world = new World(network(timed), { alice: '10' });
  world.invite();
  assert.is(world.account('alice').held, amount('0.06'));
  world.provisional(180, 0);
  world.pass(untilSoonMs);
  world.answered(0);
  assert.is(world.account('alice').held, amount('0.60'));
  world.pass(120_000);
  world.hangup();
  const charge = world.cdr().customerCharge;

  assert.is(charge?.rateTable, 'dear');
  assert.is(charge?.prefix, '4');
  assert.is(charge?.rateSource, 'rates/dear.yaml:7');
  assert.is(charge?.amount, amount('1.20'));
  assert.is(world.account('alice').balance, amount('8.80'));
});

test('a private table prices before the shared one, for customers and vendors, and a locked row of it refuses', () => {
  const own = [
    { prefix: '4', rate: '0.12', increments: '60/60' },
    { prefix: '4420', rate: '0', locked: true },
  ];
  const description = {
    customer: { privateRateTable: 'own' },
    vendor: { privateRateTable: 'own' },
    rates: [{ name: 'own', rows: own }],
  };
  const world = new World(network(description));
  world.invite({ callee: '441' });
  world.answered(0);
  world.pass(1_000);
  world.hangup();

  assert.is(world.cdr().customerCharge?.rateTable, 'own');
  assert.is(world.cdr().customerCharge?.amount, amount('0.12'));
  assert.is(world.cdr().vendorCharge?.rateTable, 'own');
  assert.is(world.cdr().profit, amount('0'));

  const refused = new World(network(description));
  refused.invite();
  assert.is(refused.cdr().endReason, 'NoSuchRate');
});

test('stages and free seconds are held for, charged, on the record, and charged alike after a crash', () => {
  const retail = [
    {
      prefix: '44',
      rate: '0.06',
      increments: '30/6',
      connectFee: '0.01',
      freeSeconds: 5,
      stages: '60:0.10;30:0.05',
    },
  ];
  const world = new World(network({ retail, customer: { overdraftLimit: '0' } }), { alice: '1' });
  world.invite();
  assert.is(world.account('alice').held, amount('0.11'));
  world.answered(0);
  const journal = world.outputs.findLast(output => output.type === 'journal');
  if (journal?.type !== 'journal') throw new Error('no journal');
  world.pass(100_000);
  world.hangup();
  const charge = world.cdr().customerCharge;

  assert.is(charge?.freeSeconds, 5);
  assert.is(charge?.stages, '60:0.1;30:0.05');
  assert.is(charge?.connectFee, '0.01');
  assert.is(charge?.billedSeconds, 120);
  assert.is(charge?.amount, amount('0.19'));
  const kept = JSON.parse(JSON.stringify(journal.call)) as typeof journal.call;
  assert.equal(closeInterrupted(kept, world.nowMs).cdr.customerCharge, charge);
});

test('a call ends where the credit ends: at a stage that it cannot pay', () => {
  const retail = [{ prefix: '44', rate: '0.06', stages: '60:0.10;30:0.05' }];
  const world = new World(network({ retail, customer: { overdraftLimit: '0' } }), { alice: '0.14' });
  world.invite();
  world.answered(0);
  world.pass(300_000);

  assert.is(world.cdr().talkSeconds, 60);
  assert.is(world.cdr().endReason, 'CreditExhausted');
  assert.is(world.account('alice').balance, amount('0.04'));
});

test('the system free time counts where the row does not say, and a row may say none', () => {
  const wholesale = [{ prefix: '44', rate: '0.03', increments: '1/1', freeSeconds: 0 }];
  const world = new World(network({ wholesale, parameters: { freeSeconds: 10 } }));
  world.invite();
  world.answered(0);
  world.pass(10_000);
  world.hangup();

  assert.is(world.cdr().customerCharge?.amount, amount('0'));
  assert.is(world.cdr().customerCharge?.freeSeconds, 10);
  assert.is(world.cdr().vendorCharge?.amount, amount('0.005'));
});

test('a number that is never billed needs neither credit nor a rate, not even where rates are checked', () => {
  const description: NetworkDescription = {
    parameters: { freeNumbers: ['112', '0800*'] },
    customer: { overdraftLimit: '0' },
    gateways: [{ name: 'one', prefixes: [''], checkRate: true }],
  };
  const world = new World(network(description), { alice: '-5' });
  world.invite({ callee: '112' });
  world.answered(0);
  world.pass(60_000);
  world.hangup();

  assert.equal(world.dialled(), ['one']);
  assert.is(world.cdr().customerCharge, null);
  assert.is(world.cdr().vendorCharge, null);
  assert.equal(world.ledger, []);

  const billed = new World(network(description), { alice: '1' });
  billed.invite({ callee: '1123' });
  assert.is(billed.cdr().endReason, 'NoSuchRate');
});

test.run();
