import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { inTurns } from '../../../src/config/handover/turns.ts';

const test = suite('config/handover/turns');

/** Steps of so many milliseconds each, on a clock of their own; tells what happened in which order. */
async function run(stepsMs: readonly number[]) {
  let nowMs = 0;
  const happened: string[] = [];
  function* steps(): Generator<void, void> {
    for (const [place, tookMs] of stepsMs.entries()) {
      nowMs += tookMs;
      happened.push(`step ${place}`);
      yield;
    }
  }
  const pause = async () => {
    nowMs += 100;
    happened.push('pause');
  };
  return { taken: await inTurns(steps(), { pause, nowMs: () => nowMs }), happened };
}

test('a turn ends once it has taken two milliseconds, and others have theirs before each', async () => {
  const { taken, happened } = await run([1, 0.5, 0.6, 1, 3, 0.1]);
  assert.equal(happened.join(', '), 'pause, step 0, step 1, step 2, pause, step 3, step 4, pause, step 5');
  assert.is(taken.turns, 3);
  assert.ok(Math.abs(taken.longestTurnMs - 4) < 1e-9);
});

test('no steps take one short turn', async () => {
  const { taken } = await run([]);
  assert.equal(taken, { longestTurnMs: 0, turns: 1 });
});

test('a step that throws ends it with its error', async () => {
  function* failing(): Generator<void, void> {
    yield;
    throw new Error('of the step');
  }
  try {
    await inTurns(failing(), { pause: async () => {}, nowMs: () => 0 });
    assert.unreachable();
  } catch (error) {
    assert.is((error as Error).message, 'of the step');
  }
});

test.run();
