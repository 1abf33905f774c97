import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { LateLegs, lateLegLifetimeMs } from '../../src/call/late-legs.ts';

const test = suite('call/late-legs');

test('each leg is settled once', () => {
  const late = new LateLegs();
  late.add('a', [0, 2], 0);

  assert.ok(late.settle('a', 2));
  assert.not.ok(late.settle('a', 2));
  assert.not.ok(late.settle('a', 1));
  assert.not.ok(late.settle('b', 0));
  assert.ok(late.settle('a', 0));
  assert.is(late.size, 0);
});

test('legs are forgotten once no answer can come any more', () => {
  const late = new LateLegs();
  late.add('a', [0], 0);
  late.add('b', [0], 1);
  late.forgetExpired(lateLegLifetimeMs - 1);
  assert.is(late.size, 2);
  late.forgetExpired(lateLegLifetimeMs);

  assert.is(late.size, 1);
  assert.not.ok(late.settle('a', 0));
  assert.ok(late.settle('b', 0));
});

test.run();
