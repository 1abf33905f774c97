import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { givenUpLine, rolloutLines } from '../../src/cli/rollout-text.ts';
import type { RolloutReport } from '../../src/live/operations.ts';

const test = suite('cli/rollout-text');

const report: RolloutReport = {
  ...{ hash: 'abc', commit: null, sharePercent: 5, minimumCalls: 200, hasEnoughCalls: true },
  ...{ beganAt: '2026-01-31T03:04:05.000Z', decidedBy: '2026-01-31T03:14:05.000Z', secondsLeft: 65 },
  ...{ extension: null, repeatedCalls: 3, suspicions: [] },
  stable: { calls: 4000, refused: 2, asr: 0.6112, postDialDelayMs: 1234 },
  candidate: { calls: 210, refused: 0, asr: null, postDialDelayMs: null },
};

test('both sides stand in columns, with the time that is left and the verdict so far', () => {
  assert.equal(rolloutLines(report, false), [
    'ROLLOUT   abc on 5 % of the new calls since 2026-01-31 03:04:05 UTC, 1:05 left',
    '                calls  refused      ASR      PDD',
    '  stable         4000        2   61.1 %   1.23 s',
    '  candidate       210        0        -        -',
    '  verdict   nothing speaks against it so far',
  ]);
});

test('too few calls are said, and that they are waited for', () => {
  const waiting: RolloutReport = { ...report, hasEnoughCalls: false, extension: 'tooFewCalls' };
  assert.is(
    rolloutLines(waiting, false)[4],
    '  verdict   none yet: fewer than 200 calls on a side; it lasts longer for that',
  );
});

test('what was taken back is one line, whatever the reason holds', () => {
  const line = givenUpLine({ hash: 'abc', by: 'eve@noc', reason: 'wrong\ndeck' });
  assert.match(line, /^taken back by eve@noc: abc, .*: wrong\S*deck$/);
});

test.run();
