import fc from 'fast-check';
import { suite } from 'uvu';
import { checkPair } from './check-pair.ts';
import { pairsOfNetworks } from './networks.ts';

const test = suite('plan/exactness');

const numRuns = Number(process.env['CLASS4_PLAN_RUNS'] ?? 60);
const seed = Number(process.env['CLASS4_PLAN_SEED'] ?? 7);

test('a plan says of every number what both sides do with it, and of none else', () => {
  fc.assert(
    fc.property(pairsOfNetworks, fc.boolean(), (pair, isDown) => void checkPair(pair, isDown)),
    { numRuns, seed },
  );
});

test.run();
