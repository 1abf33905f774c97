import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { money } from '../../../src/rating/money.ts';
import { observeTotal, TotalsCounter } from '../../../src/sim/expect/total-values.ts';
import type { TotalSubject } from '../../../src/sim/scenario/matcher.ts';
import type { Played } from '../../../src/sim/scenario/played.ts';
import { attemptAt, failedCall, playedCall, playedOf, startMs } from '../played-calls.ts';

const test = suite('sim/expect/total-values');

function seen(played: Played, subject: TotalSubject, of: string | null = null): unknown {
  const counter = new TotalsCounter();
  for (const call of played.calls) counter.take(call);
  return observeTotal(played, counter.totals(), subject, of).value;
}

const mixed = playedOf({
  calls: [
    playedCall({ attempts: [attemptAt('acme'), attemptAt('borealis')] }),
    playedCall({ endedAtMs: startMs + 32_000, firstResponseAtMs: startMs + 320 }),
    failedCall({ attempts: [attemptAt('acme')] }),
    failedCall({ attempts: [] }, { endReason: 'NoAvailableRouter' }),
    failedCall({ attempts: [], finalStatus: 487 }, { endReason: 'CallerCancel' }),
  ],
  balances: new Map([['northwind', money(-2_500_000n)]]),
  lowestBalances: new Map([['northwind', money(-3_000_000n)]]),
  gatewayPeakLines: new Map([['acme', 3]]),
  peakCalls: 4,
});

test('calls are counted by what became of them', () => {
  const counts = (['calls', 'answered', 'failed', 'refused', 'cancelled', 'peakCalls'] as const).map(
    subject => seen(mixed, subject),
  );

  assert.equal(counts, [5, 2, 1, 1, 1, 4]);
  assert.is(seen(mixed, 'reasons', 'CallerHangup'), 2);
  assert.is(seen(mixed, 'reasons', 'LineLimit'), 0);
});

test('ratios and averages are those of telephony', () => {
  assert.is(seen(mixed, 'answerSeizureRatio'), 40);
  assert.is(seen(mixed, 'averageCallDuration'), 45_000);
  assert.is(seen(mixed, 'averagePostDialDelay'), 220);
});

test('there is no ratio and no average of nothing', () => {
  const nothing = playedOf({ calls: [] });

  for (const subject of ['answerSeizureRatio', 'averageCallDuration', 'averagePostDialDelay'] as const) {
    assert.is(seen(nothing, subject), null);
  }
  assert.is(seen(nothing, 'gatewayShare', 'acme'), null);
});

test('money is summed exactly for both sides', () => {
  assert.is(seen(mixed, 'profit'), 500_000n);
  assert.is(seen(mixed, 'charged', 'northwind'), 2_500_000n);
  assert.is(seen(mixed, 'charged', 'acme-telecom'), 2_000_000n);
  assert.is(seen(mixed, 'charged', 'nobody'), 0n);
  assert.is(seen(mixed, 'balance', 'northwind'), -2_500_000n);
  assert.is(seen(mixed, 'lowestBalance', 'northwind'), -3_000_000n);
  assert.is(seen(mixed, 'balance', 'nobody'), null);
});

test('gateways have their attempts, answers, lines and share', () => {
  assert.is(seen(mixed, 'gatewayAttempts', 'acme'), 3);
  assert.is(seen(mixed, 'gatewayAnswered', 'acme'), 1);
  assert.is(seen(mixed, 'gatewayAnswered', 'borealis'), 1);
  assert.is(seen(mixed, 'gatewayPeakLines', 'acme'), 3);
  assert.is(seen(mixed, 'gatewayPeakLines', 'borealis'), 0);
  assert.is(seen(mixed, 'gatewayShare', 'acme'), 75);
});

test.run();
