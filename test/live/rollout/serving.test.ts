/** Rollouts among the other decisions about what serves, and over restarts. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Snapshot } from '../../../src/config/snapshot.ts';
import { ServingVersion } from '../../../src/live/configuration/serving-version.ts';
import { lastGivenUp } from '../../../src/live/rollout/given-up.ts';
import { servedLast } from '../../../src/live/rollout/served-last.ts';
import { network } from '../../call/networks.ts';
import { FakeHistory, FakeLog, FakeTime, settle } from '../fakes.ts';

const test = suite('live/rollout/serving');

const rollout = { canaryPercent: 10, forMs: 60_000, asrDropPoints: 5, pddRiseMs: 1000, minimumCalls: 20 };

function version(hash: string, settings: Partial<Snapshot['switch']> = { rollout }): Snapshot {
  const snapshot = network({ hash });
  return { ...snapshot, switch: { ...snapshot.switch, ...settings } };
}

const stable = version('stable');

async function started(history = new FakeHistory()) {
  const applied: string[] = [];
  const [time, log] = [new FakeTime(), new FakeLog()];
  const serving = new ServingVersion({
    ...{ history, initial: stable, log, clock: time.clock, timers: time },
    apply: ({ hash }) => void applied.push(hash),
    trying: {
      tryOut: ({ hash }, sharePercent) => void applied.push(`${hash} ${sharePercent} %`),
      takeCompared: () => [],
    },
    givenUp: await lastGivenUp(history),
  });
  serving.begin();
  await settle();
  return { serving, history, applied, time, log };
}

function offer(serving: ServingVersion, snapshot: Snapshot) {
  return serving.offer({ snapshot, diagnostics: [], cause: 'edit', by: 'class4' });
}

const reasoned = { reason: 'UK mobile fails', by: 'eve@noc' };

test('a change is noted with its share, tried, and promoted when its time is over', async () => {
  const { serving, history, applied, time } = await started();
  assert.is(await offer(serving, version('next')), 'trying');
  assert.is(serving.current.hash, 'stable');
  await time.pass(130_000);

  assert.equal(applied, ['next 10 %', 'next']);
  assert.equal(
    history.disk.activations.map(({ hash, cause, sharePercent }) => [hash, cause, sharePercent]),
    [
      ['stable', 'start', 100],
      ['next', 'edit', 10],
      ['next', 'rolloutPromoted', 100],
    ],
  );
  assert.match(history.disk.activations.at(-1)!.reason!, /^too few calls to compare: 0 and 0/);
  assert.is(serving.current.hash, 'next');
});

test('a rollback during a rollout ends it and holds what serves most of the calls', async () => {
  const { serving, applied, time } = await started();
  await offer(serving, version('next'));
  const { to } = await serving.rollback({ version: null, ...reasoned });
  await time.pass(200_000);

  assert.is(to, 'stable');
  assert.equal(applied, ['next 10 %', 'stable']);
  assert.is(serving.hold!.hash, 'stable');
  assert.is(await offer(serving, version('next')), 'held');
});

test('a restart in a rollout starts with what served most of the calls', async () => {
  const { serving, history, log } = await started();
  await offer(serving, version('next'));

  const served = await servedLast(history, version('next'), log);
  assert.is(served!.hash, 'stable');
  const again = await started(history);
  assert.is(await offer(again.serving, version('next')), 'trying');
});

test('what was given up is not tried again after a restart', async () => {
  const { serving, history, log } = await started();
  await offer(serving, version('next'));
  await serving.rollouts!.abort({ by: 'eve@noc', reason: 'wrong deck' });

  assert.is((await servedLast(history, version('next'), log))!.hash, 'stable');
  const again = await started(history);
  const twice = await started(again.history);
  assert.equal(twice.serving.rollouts!.givenUp, { hash: 'next', by: 'eve@noc', reason: 'wrong deck' });
  assert.is(await offer(twice.serving, version('next')), 'givenUp');
  assert.is(await offer(twice.serving, version('corrected')), 'trying');
});

test('a change in whose rollout the switch was killed twice is not tried a third time', async () => {
  const { disk } = (await started()).history;
  const startedAgain = () => started(new FakeHistory(disk));
  for (const isTried of [true, true, false]) {
    const { serving } = await startedAgain();
    assert.is(await offer(serving, version('next')), isTried ? 'trying' : 'givenUp');
  }
  const { serving } = await startedAgain();
  assert.equal(serving.rollouts!.givenUp, {
    ...{ hash: 'next', by: 'class4' },
    reason: 'the switch was killed 2 times in a row while it was tried',
  });
  assert.is(await offer(serving, version('mended')), 'trying');
});

test('a restart in order counts as no death of a change', async () => {
  const history = new FakeHistory();
  for (let restart = 0; restart < 4; restart++) {
    const { serving } = await started(history);
    assert.is(await offer(serving, version('next')), 'trying');
  }
});

test('what was given up does not come back because it needs a restart', async () => {
  const { serving, history, log } = await started();
  const moved = version('moved', { rollout, store: { path: 'elsewhere.db' } });
  await offer(serving, moved);
  await serving.rollouts!.abort({ by: 'eve@noc', reason: 'UK mobile fails' });

  assert.is((await servedLast(history, moved, log))!.hash, 'stable');
});

test('a promoted change that needs a restart says so', async () => {
  const { serving, log } = await started();
  await offer(serving, version('moved', { rollout, store: { path: 'elsewhere.db' } }));
  await serving.rollouts!.promote({ by: 'eve@noc', reason: null });

  const said = log.lines.filter(line => /take effect after a restart only settings=store\.path/.test(line));
  assert.is(said.length, 1);
  assert.equal(serving.restartNeeded, ['store.path']);
});

test('a restart for settings that need one, or without rollouts, starts with the files', async () => {
  const { history, log } = await started();
  const moved = version('moved', { rollout, store: { path: 'elsewhere.db' } });
  assert.is(await servedLast(history, moved, log), null);
  assert.is(await servedLast(history, stable, log), null);
  assert.is(await servedLast(new FakeHistory(), version('next'), log), null);
});

test.run();
