import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Draws } from '../../src/routing/draws.ts';

const test = suite('routing/draws');

test('the same seed draws the same numbers, and its neighbours draw others', () => {
  const drawn = (seed: number) => {
    const draws = new Draws(seed);
    return Array.from({ length: 8 }, () => draws.below(1_000_000));
  };

  assert.equal(drawn(12), drawn(12));
  assert.is(new Set([0, 1, 2, 2 ** 32, 2 ** 33].map(seed => drawn(seed).join(' '))).size, 5);
});

test('every number below the bound is drawn about equally often, over the draws of one seed and over seeds', () => {
  const bound = 10;
  const total = 100_000;
  const one = new Draws(1);
  for (const draw of [() => one.below(bound), (seed: number) => new Draws(seed).below(bound)]) {
    const counts = new Array(bound).fill(0) as number[];
    for (let seed = 0; seed < total; seed += 1) counts[draw(seed)]! += 1;

    // Chi-squared with 9 degrees of freedom is below 27.9 in 999 of 1,000 cases.
    const expected = total / bound;
    const chiSquared = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    assert.ok(chiSquared < 27.9, `${chiSquared} ${counts}`);
  }
});

test('a bound of 2⁵³ is drawn from whole numbers over the whole range', () => {
  const draws = new Draws(5);
  const drawn = Array.from({ length: 1000 }, () => draws.below(2 ** 53));

  assert.ok(drawn.every(number => Number.isSafeInteger(number) && number >= 0));
  assert.ok(drawn.some(number => number < 2 ** 50) && drawn.some(number => number > 2 ** 52));
});

test.run();
