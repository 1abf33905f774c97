import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { dailyCalendar } from '../support/calendars.ts';
import * as rule from '../support/routing-rules.ts';
import { buildSnapshot } from '../support/snapshot-builder.ts';
import { World } from './world.ts';

const test = suite('call/switch-gateways');

test('lines taken at a gateway while it was out of the configuration count when it is back', () => {
  const both = buildSnapshot({
    mappingGateways: [{ name: 'in', addresses: ['192.0.2.1'] }],
    routingGateways: [
      { name: 'first', prefixes: ['44'], priority: 1 },
      { name: 'second', prefixes: ['44'], priority: 2, lines: 1 },
    ],
  });
  const without = buildSnapshot({
    mappingGateways: [{ name: 'in', addresses: ['192.0.2.1'] }],
    routingGateways: [{ name: 'first', prefixes: ['44'], priority: 1 }],
  });
  const world = new World(both);
  world.invite();
  world.give({ type: 'snapshot', snapshot: without });
  world.failed(503, 0);
  world.give({ type: 'snapshot', snapshot: both });

  assert.equal(world.dialled(), ['first', 'second']);
  assert.is(world.activeLines('second'), 1);
  world.invite({ callId: 'other' });
  world.failed(503, 0, { callId: 'other' });
  assert.equal(world.dialled('other'), ['first'], 'its only line is taken');
  world.hangup('caller');
  world.assertQuiet();
});

test('the line limit that is told of a gateway is that of the period that counts', () => {
  const world = new World(
    buildSnapshot({
      calendars: [dailyCalendar('all-day', 0, 1440)],
      mappingGateways: [
        { name: 'in', addresses: ['192.0.2.1'], lines: 9, periods: [rule.period(0, { lines: 2 })] },
        { name: 'usual', lines: 9 },
      ],
      routingGateways: [
        { name: 'first', prefixes: ['44'], periods: [rule.period(0, { lines: 3 })] },
        { name: 'second', prefixes: ['44'], lines: 4 },
        { name: 'third', prefixes: ['44'] },
      ],
    }),
  );
  world.give({ type: 'tick' });
  assert.equal(
    world.core.gateways().map(({ name, lineLimit }) => [name, lineLimit]),
    [
      ['in', 2],
      ['usual', 9],
      ['first', 3],
      ['second', 4],
      ['third', null],
    ],
  );
});

test('a vendor without a rate table is owed nothing, so it needs no credit', () => {
  const world = new World(
    buildSnapshot({
      mappingGateways: [{ name: 'in', addresses: ['192.0.2.1'] }],
      routingGateways: [{ name: 'one', prefixes: ['44'], clearingAccount: 'free' }],
      accounts: [{ name: 'free', kind: 'vendor', unrated: false }],
    }),
  );
  world.invite();

  assert.equal(world.dialled(), ['one']);
});

test.run();
