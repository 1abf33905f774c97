import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { generalWords, saidOf } from '../../../src/plan/compare/cause-words.ts';

const test = suite('plan/compare/cause-words');

const asked = { callees: ['447700900123', '0447700900123', '44'], callers: ['', '49'], forwarding: '31' };

test('numbers of the example are left out, wherever a step of the decision has them', () => {
  for (const [detail, general] of [
    ['its prefixes do not let the callee 447700900123 pass', 'its prefixes do not let the callee pass'],
    ['retail has no rate for 0447700900123', 'retail has no rate for the number'],
    [
      'it takes no numbers of our own customers, and 447700900123 is one',
      'it takes no numbers of our own customers, and the number is one',
    ],
    [
      'its pairs of prefixes do not let 49 call 447700900123',
      'its pairs of prefixes do not let the caller call the number',
    ],
    [
      'its prefixes do not let 31 pass, which forwarded the call',
      'its prefixes do not let the number pass that forwarded the call',
    ],
    ['it takes no callees of 12 characters', 'it takes no callees of this length'],
    [
      'the callee a447700900123 to route is longer than 32 characters',
      'the callee to route is longer than 32 characters',
    ],
  ] as const) {
    assert.is(generalWords(detail, asked), general);
  }
});

test('prefixes, percentages and places stay', () => {
  for (const detail of [
    'prefix 44 (Extension), priority 10',
    'a profit of 44 % would be left, and bell asks for 49 %',
    'acme has only prefix 44, and a longer prefix of best ends the search',
  ]) {
    assert.is(generalWords(detail, asked), detail);
  }
});

test('a name stands once', () => {
  assert.is(saidOf('acme', 'acme has only prefix 44'), 'acme has only prefix 44');
  assert.is(saidOf('acme', 'the gateway is locked'), 'acme: the gateway is locked');
  assert.is(saidOf('acme', 'it takes no calls of bell'), 'acme takes no calls of bell');
  assert.is(saidOf('a.b', 'acb is no one'), 'a.b: acb is no one');
});

test.run();
