/** Every difference has a line that made it, whatever the networks are. */
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { comparePlans } from '../../src/plan/compare-plans.ts';
import { buildSnapshot } from '../support/snapshot-builder.ts';
import { nowMs } from './network-parts.ts';
import { pairsOfNetworks } from './networks.ts';

const test = suite('plan/causes');

const numRuns = Number(process.env['CLASS4_PLAN_RUNS'] ?? 40);
const seed = Number(process.env['CLASS4_PLAN_SEED'] ?? 11);

test('every difference names a line of one side at least', () => {
  fc.assert(
    fc.property(pairsOfNetworks, ({ before, after }) => {
      const options = { nowMs, symbols: '1234+a', longest: 4, mostCallers: 6 };
      const { differences } = comparePlans(buildSnapshot(before), buildSnapshot(after), options);
      for (const { causes, prefix, kinds } of differences) {
        assert.ok(causes.length > 0, `${prefix} ${kinds}`);
        for (const { before: was, after: is } of causes) assert.ok(was ?? is);
      }
    }),
    { numRuns, seed },
  );
});

test.run();
