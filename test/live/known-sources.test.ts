import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { knownSources, prepareKnownSources } from '../../src/live/known-sources.ts';
import { buildSnapshot } from '../support/snapshot-builder.ts';

const test = suite('live/known-sources');
const customers = 1500;

function network(): ReturnType<typeof buildSnapshot> {
  return buildSnapshot({
    mappingGateways: Array.from({ length: customers }, (_, each) => ({
      name: `customer-${each}`,
      addresses: [`10.${each >> 8}.7.${each & 255}`],
    })),
    routingGateways: [{ name: 'vendor', prefixes: ['44'] }],
  });
}

test('the sources are the same before, in the middle of and after the preparation, which is done in steps', () => {
  const expected = knownSources(network());
  assert.is(expected.length, customers + 1);
  const stepsOfAll = [...prepareKnownSources(network())].length;
  assert.ok(stepsOfAll >= 2);
  for (let done = 0; done <= stepsOfAll; done++) {
    const snapshot = network();
    const steps = prepareKnownSources(snapshot);
    for (let step = 0; step < done; step++) steps.next();
    assert.equal(knownSources(snapshot), expected);
    for (const _ of steps) assert.equal(knownSources(snapshot), expected);
    assert.equal(knownSources(snapshot), expected);
    assert.is([...prepareKnownSources(snapshot)].length, 0);
  }
});

test.run();
