import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { chanceMax, changePoints, twoSidedChance } from '../../src/rollout/change-points.ts';

const test = suite('rollout/change-points');

function near(actual: number, expected: number): void {
  assert.ok(Math.abs(actual / expected - 1) < 1e-4, `${actual} instead of ${expected}`);
}

test('chances are those of the normal distribution, far out as well', () => {
  near(twoSidedChance(0), 1);
  near(twoSidedChance(1), 0.317310508);
  near(twoSidedChance(1.959963985), 0.05);
  near(twoSidedChance(-4), 6.334248e-5);
  near(twoSidedChance(8), 1.244192e-15);
});

test('the version with which the ratio fell is named, and none of its neighbours', () => {
  const good = { calls: 400, answered: 240 };
  const found = changePoints([good, good, { calls: 400, answered: 120 }, { calls: 30, answered: 8 }]);
  assert.equal(
    found.map(({ index }) => index),
    [2],
  );
  assert.equal(found[0]!.before, { calls: 800, answered: 480 });
  assert.equal(found[0]!.after, { calls: 430, answered: 128 });
  assert.ok(found[0]!.chance < 1e-9);
});

test('a version with few calls is blamed when those behind it are as bad', () => {
  const found = changePoints([
    { calls: 1000, answered: 600 },
    { calls: 20, answered: 4 },
    { calls: 1000, answered: 300 },
  ]);
  assert.equal(
    found.map(({ index }) => index),
    [1],
  );
});

test('worse and mended are two changes', () => {
  const found = changePoints([
    { calls: 500, answered: 300 },
    { calls: 500, answered: 100 },
    { calls: 500, answered: 305 },
  ]);
  assert.equal(
    found.map(({ index }) => index),
    [1, 2],
  );
});

test('few calls, one version or none tell nothing', () => {
  assert.equal(changePoints([]), []);
  assert.equal(changePoints([{ calls: 900, answered: 1 }]), []);
  const few = changePoints([
    { calls: 49, answered: 49 },
    { calls: 49, answered: 0 },
  ]);
  assert.equal(few, []);
  const alike = changePoints([
    { calls: 100, answered: 0 },
    { calls: 100, answered: 0 },
  ]);
  assert.equal(alike, []);
});

test('among versions that are alike a change is found in fewer than one of a hundred questions', () => {
  let state = 7;
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  let alarms = 0;
  for (let run = 0; run < 1000; run += 1) {
    const versions = Array.from({ length: 12 }, () => {
      const calls = 20 + Math.floor(random() * 300);
      const answered = Array.from({ length: calls }, random).filter(value => value < 0.55).length;
      return { calls, answered };
    });
    if (changePoints(versions).length > 0) alarms += 1;
  }
  assert.ok(alarms < 10, `${alarms} of 1000`);
});

test('each change stands alone: its chance is below the threshold and its sides meet', () => {
  const version = fc
    .record({ calls: fc.integer({ min: 1, max: 2000 }), ratio: fc.constantFrom(0.2, 0.5, 0.52, 0.9) })
    .map(({ calls, ratio }) => ({ calls, answered: Math.round(calls * ratio) }));
  fc.assert(
    fc.property(fc.array(version, { maxLength: 20 }), versions => {
      const found = changePoints(versions);
      for (const [place, { index, before, after }] of found.entries()) {
        assert.ok(index > (found[place - 1]?.index ?? 0));
        if (place > 0) assert.equal(before, found[place - 1]!.after);
        assert.ok(before.calls > 0 && after.calls > 0);
      }
      if (found.length === 1) assert.ok(found[0]!.chance < chanceMax);
    }),
  );
});

test.run();
