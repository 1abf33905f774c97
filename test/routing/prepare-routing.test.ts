import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Snapshot } from '../../src/config/snapshot.ts';
import { findMappingGateway } from '../../src/routing/ingress.ts';
import { prepareRouting } from '../../src/routing/prepare-routing.ts';
import { selectRoute } from '../../src/routing/select-route.ts';
import { idleState, requestFor } from '../support/routing-state.ts';
import { buildSnapshot } from '../support/snapshot-builder.ts';

const test = suite('routing/prepare-routing');
const atMs = 1000;

function network(): Snapshot {
  const ways = (from: number) => Array.from({ length: 200 }, (_, host) => `10.${from}.7.${host}`);
  return buildSnapshot({
    mappingGateways: Array.from({ length: 8 }, (_, each) => ({
      name: `customer-${each}`,
      addresses: ways(each),
    })),
    routingGateways: [
      { name: 'first', prefixes: ['44', '4420'], priority: 10 },
      { name: 'second', prefixes: ['44'], priority: 20 },
      { name: 'last', prefixes: ['4420'], protectRoute: true },
    ],
  });
}

function decisions(snapshot: Snapshot): unknown {
  const routes = ['442012', '447912', '33'].map(callee =>
    selectRoute(snapshot, idleState, requestFor(callee, { mappingGateway: 3, atMs }), true),
  );
  const found = ['10.3.7.199', '10.5.7.0', '10.8.7.1'].map(address =>
    findMappingGateway(snapshot, { address, port: 5060 }, '33', '44', atMs),
  );
  return { routes, found };
}

test('calls are decided the same before, in the middle of and after the preparation', () => {
  const expected = decisions(network());
  const stepsOfAll = [...prepareRouting(network(), atMs)].length;
  assert.ok(stepsOfAll > 5);
  for (let done = 0; done <= stepsOfAll; done++) {
    const snapshot = network();
    const steps = prepareRouting(snapshot, atMs);
    for (let step = 0; step < done; step++) steps.next();
    assert.equal(decisions(snapshot), expected);
    for (const _ of steps) assert.equal(decisions(snapshot), expected);
    assert.equal(decisions(snapshot), expected);
  }
});

test('what is there already is not worked out again, and ways in that an edit left alone are not either', () => {
  const snapshot = network();
  const first = [...prepareRouting(snapshot, atMs)].length;
  assert.is([...prepareRouting(snapshot, atMs)].length, 0);
  const edited: Snapshot = { ...snapshot, ingress: { addresses: snapshot.ingress.addresses } };
  const second = [...prepareRouting(edited, atMs)].length;
  assert.ok(second > 0 && second < first);
  assert.equal(decisions(edited), decisions(snapshot));
});

test.run();
