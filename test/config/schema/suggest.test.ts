import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { didYouMean, suggest } from '../../../src/config/schema/suggest.ts';

const test = suite('config/schema/suggest');

const keys = ['priority', 'prefixes', 'prefixMode', 'lines', 'locked'];

test('finds the key that was meant in spite of a swap, a slip, an omission or the wrong case', () => {
  assert.is(suggest('pirority', keys), 'priority');
  assert.is(suggest('prioritu', keys), 'priority');
  assert.is(suggest('linse', keys), 'lines');
  assert.is(suggest('prefixmode', keys), 'prefixMode');
  assert.is(suggest('loked', keys), 'locked');
});

test('says nothing when nothing is near', () => {
  assert.is(suggest('weight', keys), null);
  assert.is(didYouMean('weight', keys), '');
  assert.is(suggest('x', []), null);
});

test('does not spend time on a text that is no name', () => {
  assert.is(didYouMean('p'.repeat(100_000), keys), '');
});

test.run();
