import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { checkPair } from './check-pair.ts';
import { pairsOfNetworks } from './networks.ts';

const test = suite('plan/exactness');

const count = Number(process.argv[2] ?? 20);
const seed = Number(process.argv[3] ?? 1);
/** Of a pair that failed: it alone. */
const only = process.argv[4] === undefined ? null : Number(process.argv[4]);

console.log(`plan/exactness: ${count} pairs of networks of seed ${seed}`);

test('a plan says of every number what both sides do with it, of none else, and with the fewest prefixes', () => {
  const wrong: string[] = [];
  let different = 0;
  const pairs = fc.sample(fc.tuple(pairsOfNetworks, fc.boolean()), { numRuns: count, seed });
  for (const [index, [pair, isDown]] of pairs.entries()) {
    if (only !== null && only !== index) continue;
    try {
      if (checkPair(pair, isDown).differences.length > 0) different++;
    } catch (error) {
      wrong.push(`pair ${index} of seed ${seed}: ${(error as Error).message}`);
    }
  }
  assert.equal(wrong, []);
  if (only === null) assert.ok(different > count / 3, `calls are different in ${different} pairs only`);
});

test.run();
