/** What a scenario can do to the switch from outside: set its clock, and change its configuration. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ScenarioEvent } from '../../../src/sim/scenario/scenario.ts';
import { playScenario } from '../../../src/sim/world/play.ts';
import { network } from '../../call/networks.ts';
import {
  answer,
  behaving,
  place,
  provisional,
  type ScenarioDescription,
  scenario,
  tried,
} from './scenarios.ts';

const test = suite('sim/world/clock-and-reload');

const snapshot = network({ gateways: [{ name: 'one', lines: 5 }, { name: 'two' }] });

function play(description: ScenarioDescription) {
  const played = playScenario(snapshot, scenario(description));
  assert.equal(played.violations, []);
  return played;
}

function at(seconds: number, event: Record<string, unknown>): ScenarioEvent {
  return { atMs: seconds * 1000, place, ...event } as ScenarioEvent;
}

test('the clock that jumps ahead takes the deadlines of the switch with it, and nothing else', () => {
  const { calls } = play({
    others: behaving({ steps: [provisional(1000, 180), answer(30_000)] }),
    calls: [{ hangUpAfterMs: 10_000 }, { hangUpAfterMs: 100_000 }],
    events: [at(35, { kind: 'clockStep', stepMs: 3_600_000 })],
  });
  const talks = calls.map(({ record }) => record?.talkSeconds);
  assert.equal(talks, [3610, 3700]);
});

test('a clock that is put back stands still for the switch until it has caught up', () => {
  const { calls } = play({
    calls: [{ hangUpAfterMs: 10_000 }, { atMs: 7000, hangUpAfterMs: 1000 }],
    events: [at(5, { kind: 'clockStep', stepMs: -4000 })],
  });
  assert.equal(
    calls.map(({ record }) => record?.talkSeconds),
    [6, 0],
  );
});

test('a changed configuration is loaded and taken back again', () => {
  const change = { without: [], lines: new Map(), mappingLines: new Map(), pricePercent: 100 };
  const { calls } = play({
    calls: [{}, { atMs: 2000 }, { atMs: 4000 }],
    events: [
      at(1, { kind: 'reload', change: { ...change, without: ['one'], pricePercent: 200 } }),
      at(3, { kind: 'reload', change }),
    ],
  });
  assert.equal(calls.map(tried), [['one'], ['two'], ['one']]);
  const [first, second, third] = calls.map(({ record }) => record!);
  assert.is(second!.customerCharge!.amount, 2n * first!.customerCharge!.amount);
  assert.is.not(second!.snapshotHash, first!.snapshotHash);
  assert.is(third!.snapshotHash, first!.snapshotHash);
});

test.run();
