import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { NumberPairs } from '../../../src/plan/compare/number-pairs.ts';

const test = suite('plan/compare/number-pairs');

const numbers = fc.oneof(fc.integer({ min: -2, max: 40 }), fc.integer());

test('pairs are numbered in the order in which they come, and equal ones alike', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(numbers, numbers), { maxLength: 200 }), pairs => {
      const numbered = new NumberPairs();
      const texts: string[] = [];
      for (const [first, second] of pairs) {
        const text = `${first} ${second}`;
        if (!texts.includes(text)) texts.push(text);
        const number = numbered.of(first, second);
        assert.is(number, texts.indexOf(text));
        assert.equal([numbered.first(number), numbered.second(number)], [first, second]);
      }
    }),
    { numRuns: 300, seed: 1 },
  );
});

test('what was numbered stays so however many more come', () => {
  const numbered = new NumberPairs();
  const many = 100_000;
  for (let i = 0; i < many; i++) assert.is(numbered.of(i % 317, i), i);
  for (let i = 0; i < many; i++) assert.is(numbered.of(i % 317, i), i);
});

test.run();
