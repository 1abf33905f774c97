import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { RolloutSettings } from '../../src/config/snapshot.ts';
import { Course } from '../../src/rollout/course.ts';
import { evidenceText } from '../../src/rollout/evidence-text.ts';
import type { Evidence } from '../../src/rollout/judge.ts';
import { type Effect, play } from './traffic.ts';

const test = suite('rollout/judge');

const settings: RolloutSettings = {
  canaryPercent: 20,
  forMs: 600_000,
  asrDropPoints: 5,
  pddRiseMs: 1000,
  minimumCalls: 200,
};
/** How often the driver of a rollout asks. */
const askEverySeconds = 5;

interface Outcome {
  readonly kind: 'abort' | 'promote';
  readonly second: number;
  readonly evidence: readonly Evidence[];
  readonly doubt: string | null;
}

function rollOut(
  seed: number,
  effect: Effect,
  callsPerSecond: number,
  changes: Partial<RolloutSettings> = {},
) {
  const course = new Course({ ...settings, ...changes }, 0);
  const share = (changes.canaryPercent ?? settings.canaryPercent) / 100;
  let outcome: Outcome | null = null;
  play({ seed, share, callsPerSecond, seconds: 1260, effect }, (calls, second) => {
    course.take(calls);
    if (second % askEverySeconds !== 0) return false;
    const decision = course.decide(second * 1000);
    if (decision.kind === 'goOn') return false;
    const evidence = decision.kind === 'abort' ? decision.evidence : [];
    outcome = {
      kind: decision.kind,
      second,
      evidence,
      doubt: decision.kind === 'promote' ? decision.doubt : null,
    };
    return true;
  });
  assert.ok(outcome !== null, 'every rollout is decided in twice its time');
  return outcome as Outcome;
}

const runs = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

test('of 200 rollouts of an equal configuration fewer than 1 in 100 are given up', () => {
  const outcomes = runs(200).map(seed => rollOut(seed, {}, 6));
  const aborted = outcomes.filter(({ kind }) => kind === 'abort');

  assert.ok(aborted.length < 2, JSON.stringify(aborted.map(({ evidence }) => evidence.map(evidenceText))));
  const inTime = outcomes.filter(
    ({ kind, second, doubt }) => kind === 'promote' && second <= 605 && doubt === null,
  );
  assert.ok(inTime.length > 185, `${inTime.length} were promoted in their time`);
});

test('the money of those who bet against an equal configuration keeps to Ville’s inequality when every effect counts', () => {
  const outcomes = runs(100).map(seed =>
    rollOut(seed, {}, 6, { asrDropPoints: 0, pddRiseMs: 0, forMs: 300_000 }),
  );

  assert.ok(outcomes.filter(({ kind }) => kind === 'abort').length <= 1);
});

test('ASR that is 10 points lower everywhere is found within the time, always', () => {
  for (const seed of runs(20)) {
    const { kind, evidence } = rollOut(seed, { answer: chance => chance - 0.1 }, 20);

    assert.is(kind, 'abort');
    assert.is(evidence[0]!.measure, 'asr');
  }
});

test('ASR that is 10 points lower to one destination with traffic is found, and the destination is named', () => {
  const effect: Effect = { answer: (chance, { destination }) => chance - (destination === '440' ? 0.1 : 0) };
  const outcomes = runs(10).map(seed => rollOut(seed, effect, 40));
  const found = outcomes.filter(({ kind }) => kind === 'abort');

  assert.ok(found.length >= 9, `${found.length} of 10`);
  const named = found.filter(({ evidence }) => evidence.some(({ destination }) => destination === '440'));
  assert.ok(named.length >= 7, `${named.length} of ${found.length}`);
});

test('a gateway that fails for one destination is named, although other gateways answer there', () => {
  const isBroken = ({ gateway, destination }: { readonly gateway: string; readonly destination: string }) =>
    gateway === 'south' && destination === '441';
  for (const seed of runs(5)) {
    const { kind, evidence } = rollOut(seed, { answer: (chance, call) => (isBroken(call) ? 0 : chance) }, 40);

    assert.is(kind, 'abort');
    assert.ok(
      evidence.some(({ gateway, destination }) => gateway === 'south' && (destination ?? '441') === '441'),
    );
  }
});

test('post-dial delay that is longer by more than the setting is found, and one that is shorter is not', () => {
  for (const seed of runs(5)) {
    const longer = rollOut(seed, { delayMs: delayMs => delayMs + 1500 }, 20);
    assert.is(longer.kind, 'abort');
    assert.is(longer.evidence[0]!.measure, 'pdd');
    const better = { answer: (chance: number) => chance + 0.1, delayMs: (delayMs: number) => delayMs * 0.8 };
    assert.is(rollOut(seed, better, 10).kind, 'promote');
  }
});

test('a candidate that refuses calls is given up within seconds, long before the minimum of calls', () => {
  for (const seed of runs(10)) {
    const refused = ({ destination }: { readonly destination: string }) => destination === '440';
    const { kind, second, evidence } = rollOut(seed, { refused }, 20, {
      canaryPercent: 5,
      minimumCalls: 10_000,
    });

    assert.is(kind, 'abort');
    assert.is(evidence[0]!.measure, 'refusals');
    assert.ok(second <= 120, `after ${second} s`);
  }
});

test('calls that other gateways carry are no reason to give a candidate up', () => {
  const effect: Effect = {
    gateway: (gateway, { destination }) => (destination === '440' ? 'west' : gateway),
  };
  const outcomes = runs(15).map(seed => rollOut(seed, effect, 10));

  assert.equal(
    outcomes.filter(({ kind }) => kind === 'abort').map(({ evidence }) => evidence.map(evidenceText)),
    [],
  );
});

test('with too few calls a rollout lasts twice its time, and is promoted with a doubt', () => {
  const { kind, second, doubt } = rollOut(1, {}, 1, { minimumCalls: 5000 });

  assert.is(kind, 'promote');
  assert.is(second, 1200);
  assert.match(doubt!, /^too few calls to compare: \d+ and \d+ of at least 5000 each$/);
});

test.run();
