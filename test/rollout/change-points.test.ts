import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type ChangeRule,
  type Changes,
  chanceMax,
  changePoints,
  type Sample,
  type SampledVersion,
  twoSidedChance,
} from '../../src/rollout/change-points.ts';

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

/** As hours of so many calls each. */
function version(calls: number, answered: number, hours: number = 1): SampledVersion {
  return Array.from({ length: hours }, (_, hour) => {
    const share = (all: number) => Math.floor(((hour + 1) * all) / hours) - Math.floor((hour * all) / hours);
    return { count: share(calls), sum: share(answered), sumOfSquares: share(answered) };
  });
}

const ratio: ChangeRule = { countMin: 50, differenceMin: { absolute: 0.02 }, figures: 1 };
const placesOf = ({ found }: Changes) => found.map(({ index }) => index);

test('the version with which the ratio fell is named, and none of its neighbours', () => {
  const good = version(400, 240);
  const { found, isEnough } = changePoints([good, good, version(400, 120), version(30, 8)], ratio);
  assert.equal(
    found.map(({ index }) => index),
    [2],
  );
  assert.equal(found[0]!.before, { count: 800, sum: 480, sumOfSquares: 480 });
  assert.equal(found[0]!.after, { count: 430, sum: 128, sumOfSquares: 128 });
  assert.ok(found[0]!.chance < 1e-9);
  assert.ok(isEnough);
});

test('a version with few calls is blamed when those behind it are as bad', () => {
  assert.equal(placesOf(changePoints([version(1000, 600), version(20, 4), version(1000, 300)], ratio)), [1]);
});

test('worse and mended are two changes', () => {
  const row = [version(500, 300), version(500, 100), version(500, 305)];
  assert.equal(placesOf(changePoints(row, ratio)), [1, 2]);
});

test('two versions that each made it worse are both named, however close', () => {
  const row = [version(2000, 1200), version(300, 120), version(2000, 400)];
  assert.equal(placesOf(changePoints(row, ratio)), [1, 2]);
});

test('few calls, one version or none tell nothing, and that is said', () => {
  assert.equal(changePoints([], ratio), { found: [], isEnough: false });
  assert.equal(changePoints([version(900, 1)], ratio), { found: [], isEnough: false });
  assert.equal(changePoints([version(49, 49), version(49, 0)], ratio), { found: [], isEnough: false });
  assert.equal(changePoints([version(49, 49), version(900, 0)], ratio), { found: [], isEnough: false });
  assert.equal(changePoints([version(100, 0), version(100, 0)], ratio), { found: [], isEnough: true });
});

test('what is significant and not worth mentioning is not mentioned', () => {
  assert.equal(placesOf(changePoints([version(1e6, 500_000), version(1e6, 485_000)], ratio)), []);
  assert.equal(placesOf(changePoints([version(1e6, 500_000), version(1e6, 475_000)], ratio)), [1]);
});

test('means are judged as ratios are, by how much their values differ', () => {
  const rule: ChangeRule = { countMin: 200, differenceMin: { absolute: 200 }, figures: 3 };
  const delays = (count: number, mean: number, deviation: number): SampledVersion => [
    { count, sum: count * mean, sumOfSquares: count * (mean ** 2 + deviation ** 2) },
  ];
  assert.equal(placesOf(changePoints([delays(300, 1200, 500), delays(300, 1600, 500)], rule)), [1]);
  assert.equal(placesOf(changePoints([delays(300, 1200, 5000), delays(300, 1600, 5000)], rule)), []);
  assert.equal(placesOf(changePoints([delays(300, 1200, 50), delays(300, 1390, 50)], rule)), []);
  assert.not(changePoints([delays(300, 1200, 500), delays(199, 9000, 500)], rule).isEnough);
  const relative = { ...rule, differenceMin: { relative: 0.1 } };
  assert.equal(placesOf(changePoints([delays(3000, 180, 60), delays(3000, 150, 60)], relative)), [1]);
  assert.equal(placesOf(changePoints([delays(3000, 180, 60), delays(3000, 170, 60)], relative)), []);
});

function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** So many calls of which each is answered with this chance, by the normal distribution. */
function answered(random: () => number, calls: number, chance: number): number {
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const drawn = Math.round(calls * chance + normal * Math.sqrt(calls * chance * (1 - chance)));
  return Math.min(calls, Math.max(0, drawn));
}

/** By day more is answered than by night, and by the hour a bit more or less. Versions of 3 to 9 hours. */
function day(
  random: () => number,
  callsAnHour: number,
  stepAt: number,
  step: number,
): readonly SampledVersion[] {
  const versions: Sample[][] = [];
  for (let hour = 0; versions.length <= 12; versions.push([])) {
    const hours = 3 + Math.floor(random() * 7);
    for (let end = hour + hours; versions.length > 0 && hour < end; hour += 1) {
      const swing = 0.5 + 0.08 * Math.sin((hour / 24) * 2 * Math.PI) + 0.02 * (random() - 0.5);
      const chance = swing - (versions.length > stepAt ? step : 0);
      const sum = answered(random, callsAnHour, chance);
      versions.at(-1)!.push({ count: callsAnHour, sum, sumOfSquares: sum });
    }
  }
  return versions.slice(0, 12);
}

test('among versions that are alike a change is found in fewer than one of a hundred questions', () => {
  const random = dice(7);
  let alarms = 0;
  for (let run = 0; run < 1000; run += 1) {
    const versions = Array.from({ length: 12 }, () => {
      const calls = 20 + Math.floor(random() * 300);
      return version(calls, Array.from({ length: calls }, random).filter(value => value < 0.55).length);
    });
    if (changePoints(versions, ratio).found.length > 0) alarms += 1;
  }
  assert.ok(alarms < 10, `${alarms} of 1000`);
});

for (const callsAnHour of [30, 300, 3000, 30_000]) {
  test(`what comes and goes with the hour is no version’s doing, with ${callsAnHour} calls an hour`, () => {
    const random = dice(callsAnHour);
    let alarms = 0;
    let missed = 0;
    for (let run = 0; run < 200; run += 1) {
      if (changePoints(day(random, callsAnHour, 99, 0), ratio).found.length > 0) alarms += 1;
      if (!placesOf(changePoints(day(random, callsAnHour, 6, 0.25), ratio)).includes(6)) missed += 1;
    }
    assert.ok(alarms <= 4, `${alarms} of 200 blame a version for the time of the day`);
    assert.ok(missed <= (callsAnHour > 100 ? 4 : 20), `${missed} of 200 do not find 25 points less`);
  });
}

test('each change stands alone: its chance is below the threshold and its sides meet', () => {
  const some = fc
    .record({
      ...{ calls: fc.integer({ min: 1, max: 2000 }), hours: fc.integer({ min: 1, max: 4 }) },
      ratio: fc.constantFrom(0.2, 0.5, 0.52, 0.9),
    })
    .map(({ calls, hours, ratio }) => version(calls, Math.round(calls * ratio), hours));
  fc.assert(
    fc.property(fc.array(some, { maxLength: 20 }), versions => {
      const { found } = changePoints(versions, ratio);
      for (const [place, { index, before, after }] of found.entries()) {
        assert.ok(index > (found[place - 1]?.index ?? 0));
        if (place > 0) assert.equal(before, found[place - 1]!.after);
        assert.ok(before.count >= 50 && after.count >= 50);
      }
      if (found.length === 1) assert.ok(found[0]!.chance < chanceMax);
    }),
  );
});

test.run();
