import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { answerBeliefs, answerLikelier, Bets } from '../../src/rollout/bets.ts';

const test = suite('rollout/rollout-page');

const page = readFileSync(fileURLToPath(new URL('../../../docs/rollout.md', import.meta.url)), 'utf8');

/** What one call makes of the money of the bet on ψ = 0.45, the third. */
function factor(isCandidate: boolean, answered: boolean): string {
  const likelier = new Float64Array(answerBeliefs);
  answerLikelier(answered, 0.6, likelier);
  const bet = new Bets(1);
  bet.add(isCandidate, likelier.subarray(2, 3), 0.05);
  return Math.exp(bet.logWealth).toFixed(4);
}

test('the example of one bet is what the switch computes', () => {
  const rows = [...page.matchAll(/^\| (by the change|stable), (not answered|answered) \| ([\d.]+) \|$/gm)];

  assert.is(rows.length, 4);
  for (const [, side, outcome, told] of rows) {
    assert.is(factor(side === 'by the change', outcome === 'answered'), told, `${side}, ${outcome}`);
  }
});

test('the money is 1 on average whatever came of the call', () => {
  for (const answered of [true, false]) {
    const mean = 0.05 * Number(factor(true, answered)) + 0.95 * Number(factor(false, answered));
    assert.ok(Math.abs(mean - 1) < 1e-4, String(mean));
  }
});

test.run();
