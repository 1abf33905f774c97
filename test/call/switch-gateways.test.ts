import { suite } from 'uvu';
import * as assert from 'uvu/assert';
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
