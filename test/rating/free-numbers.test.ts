import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isFreeNumber } from '../../src/rating/free-numbers.ts';

const test = suite('rating/free-numbers');

test('an item is a whole number, or every number that begins so', () => {
  const items = ['112', '0800*'];
  assert.ok(isFreeNumber(items, '112'));
  assert.not.ok(isFreeNumber(items, '1123'));
  assert.not.ok(isFreeNumber(items, '11'));
  assert.ok(isFreeNumber(items, '0800'));
  assert.ok(isFreeNumber(items, '0800123456'));
  assert.not.ok(isFreeNumber(items, '080'));
  assert.not.ok(isFreeNumber([], '112'));
});

test.run();
