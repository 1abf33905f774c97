import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { money } from '../../../src/rating/money.ts';
import { durationText, observedText } from '../../../src/sim/expect/observed.ts';

const test = suite('sim/expect/observed');

test('durations are written as scenario files write them', () => {
  const written = [0, 1, 250, 1000, 1500, 61_500, 60_000, 7_200_000, 3_661_001, 0.4, -250].map(durationText);

  assert.equal(written, [
    '0s',
    '1ms',
    '250ms',
    '1s',
    '1.5s',
    '1m1.5s',
    '1m',
    '2h',
    '1h1m1.001s',
    '0s',
    '-250ms',
  ]);
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
