import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { money } from '../../../src/rating/money.ts';
import { observedText } from '../../../src/sim/expect/observed.ts';

const test = suite('sim/expect/observed');

test('durations are whole milliseconds, written as scenario files write them', () => {
  const written = [0, 250, 1500, 61_500, 60_000, 1000 / 3].map(value =>
    observedText({ unit: 'duration', value }),
  );

  assert.equal(written, ['0ms', '250ms', '1.5s', '61.5s', '60s', '333ms']);
});

test('what was seen reads like what a person would have expected', () => {
  assert.is(observedText({ unit: 'names', value: ['northlink', 'meridian'] }), 'northlink, meridian');
  assert.is(observedText({ unit: 'names', value: [] }), 'none');
  assert.is(observedText({ unit: 'duration', value: null }), 'none');
  assert.is(observedText({ unit: 'money', value: money(-1_550_000n) }), '-0.0155');
  assert.is(observedText({ unit: 'percent', value: 200 / 3 }), '66.667%');
  assert.is(observedText({ unit: 'text', value: '' }), '""');
  assert.is(observedText({ unit: 'text', value: false }), 'false');
  assert.is(observedText({ unit: 'count', value: 0 }), '0');
});

test.run();
