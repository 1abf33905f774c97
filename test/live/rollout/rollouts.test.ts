/** Rollouts of the live switch: the real call core and the real judge; calls, time and history are the test's. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Switch } from '../../../src/call/switch.ts';
import type { Snapshot } from '../../../src/config/snapshot.ts';
import type { Candidate } from '../../../src/live/configuration/source.ts';
import { type DurableDecision, type RolloutDecision, Rollouts } from '../../../src/live/rollout/rollouts.ts';
import { network } from '../../call/networks.ts';
import { generator } from '../../rollout/traffic.ts';
import { FakeLog, FakeTime } from '../fakes.ts';

interface Context {
  time: FakeTime;
  core: Switch;
  log: FakeLog;
  rollouts: Rollouts;
  decisions: RolloutDecision[];
  kept: (string | null)[];
}

const test = suite<Context>('live/rollout');

const rollout = {
  canaryPercent: 25,
  forMs: 120_000,
  asrDropPoints: 5,
  pddRiseMs: 1000,
  minimumCalls: 100,
};

function version(hash: string, gateways: readonly string[] = ['good']): Snapshot {
  const snapshot = network({ hash, gateways: gateways.map(name => ({ name })) });
  return { ...snapshot, switch: { ...snapshot.switch, rollout } };
}

const stable = version('stable');

function candidateOf(snapshot: Snapshot): Candidate {
  return { snapshot, diagnostics: [], cause: 'edit', by: 'class4' };
}

const written: DurableDecision = { durableWithin: () => Promise.resolve(true) };

test.before.each(context => {
  const [time, log] = [new FakeTime(), new FakeLog()];
  const core = new Switch({ snapshot: stable, balances: new Map() });
  const atMs = (): number => time.nowMs;
  const decisions: RolloutDecision[] = [];
  const kept: (string | null)[] = [];
  const rollouts = new Rollouts({
    tryOut: (snapshot, sharePercent) =>
      void core.handle({ type: 'snapshot', atMs: atMs(), snapshot, sharePercent }),
    serve: snapshot => void core.handle({ type: 'snapshot', atMs: atMs(), snapshot }),
    takeCompared: so => core.takeCompared(so),
    record(decision) {
      decisions.push(decision);
      return written;
    },
    keep: ({ commit }) => void kept.push(commit),
    inTurn: work => work(),
    ...{ log, clock: time.clock, timers: time },
  });
  Object.assign(context, { time, core, log, rollouts, decisions, kept });
});
test.after.each(({ rollouts }) => rollouts.close());

/** Ten calls a second; a call by `good` is answered in 6 of 10 cases, by another gateway in 3. Returns seconds passed. */
async function traffic({ time, core, rollouts }: Context, seconds: number, seed = 1): Promise<number> {
  const random = generator(seed);
  for (let second = 0; second < seconds; second++) {
    for (let i = 0; i < 10; i++) {
      const callId = `call-${seed}-${second}-${i}`;
      const callee = `44${Math.floor(random() * 1e9)}`;
      const source = { address: '192.0.2.1', port: 5060, transport: 'udp' } as const;
      const numbers = { caller: '4420', callee, forwarding: null };
      const atMs = time.nowMs;
      const outputs = core.handle({
        ...{ type: 'invite', atMs, callId, source, seed: i, sipCallId: callId, timerCapable: false },
        ...numbers,
      });
      const dial = outputs.find(({ type }) => type === 'dialLeg');
      if (dial?.type !== 'dialLeg') continue;
      if (random() < (dial.gateway === 'good' ? 0.6 : 0.3)) {
        core.handle({ type: 'legAnswered', atMs, callId, leg: 0 });
        core.handle({ type: 'hangup', atMs, callId, by: 'caller' });
      } else core.handle({ type: 'callerCancel', atMs, callId });
    }
    await time.pass(1000);
    if (rollouts.status() === null) return second;
  }
  return seconds;
}

test('a worse configuration is taken back by itself within its time, with the evidence', async context => {
  const { rollouts, core, decisions, log } = context;
  const worse = version('worse', ['bad']);
  assert.is(await rollouts.offer(candidateOf(worse), stable), 'trying');
  assert.is(core.canary!.sharePercent, 25);
  const seconds = await traffic(context, 120);

  assert.ok(seconds < 120, `${seconds}`);
  assert.is(core.snapshot, stable);
  assert.is(core.canary, null);
  assert.equal(
    decisions.map(({ hash, cause, sharePercent }) => [hash, cause, sharePercent]),
    [
      ['worse', 'edit', 25],
      ['stable', 'rolloutAborted', 100],
    ],
  );
  assert.match(decisions[1]!.reason!, /ASR.* points lower \([\d.]+ % of \d+ calls before, .* p [=<] 0\.0/);
  assert.match(log.lines.at(-1)!, /^error The changed configuration was taken back.*stableCalls=\d+/);
  const { begun, aborted, abortedByHand } = rollouts.counters();
  assert.equal([begun, aborted, abortedByHand], [1, 1, 0]);
});

test('what was taken back is not tried again until the files change or somebody decides otherwise', async context => {
  const { rollouts } = context;
  await rollouts.offer(candidateOf(version('worse', ['bad'])), stable);
  await traffic(context, 120);

  assert.is(await rollouts.offer(candidateOf(version('worse', ['bad'])), stable), 'givenUp');
  assert.is(rollouts.givenUp!.hash, 'worse');
  rollouts.end();
  assert.is(await rollouts.offer(candidateOf(version('worse', ['bad'])), stable), 'trying');
});

test('an equal configuration is promoted when its time is over', async context => {
  const { rollouts, core, decisions } = context;
  const equal = version('equal');
  await rollouts.offer(candidateOf(equal), stable);
  await traffic(context, 119);
  assert.is(core.snapshot, stable);
  await traffic(context, 10, 2);

  assert.is(core.snapshot, equal);
  assert.equal(
    decisions.slice(1).map(({ hash, cause, reason, by }) => [hash, cause, reason, by]),
    [['equal', 'rolloutPromoted', null, 'class4']],
  );
});

test('a further change during a rollout takes the place of the candidate, and its time begins anew', async context => {
  const { rollouts, core, time } = context;
  await rollouts.offer(candidateOf(version('first')), stable);
  await traffic(context, 60);
  await rollouts.offer(candidateOf(version('second')), stable);

  assert.is(core.canary!.view.snapshot.hash, 'second');
  assert.is(rollouts.status()!.beganAtMs, time.nowMs);
  assert.is(rollouts.status()!.candidate.calls, 0);
});

test('files that go back to what serves end the rollout, and nothing is held against the change', async context => {
  const { rollouts, core } = context;
  await rollouts.offer(candidateOf(version('first')), stable);

  assert.is(await rollouts.offer(candidateOf(stable), stable), 'unchanged');
  assert.is(core.canary, null);
  assert.is(rollouts.givenUp, null);
});

test('an operator promotes or aborts by hand, and is recorded', async ({ rollouts, core, decisions }) => {
  await rollouts.offer(candidateOf(version('first')), stable);
  assert.equal(await rollouts.abort({ by: 'eve@noc', reason: 'wrong deck' }), {
    from: 'first',
    to: 'stable',
  });
  await rollouts.offer(candidateOf(version('second')), stable);
  assert.equal(await rollouts.promote({ by: 'eve@noc', reason: null }), { from: 'stable', to: 'second' });

  assert.is(core.snapshot.hash, 'second');
  assert.equal(
    decisions.map(({ cause, by, reason }) => [cause, by, reason]),
    [
      ['edit', 'class4', null],
      ['rolloutAborted', 'eve@noc', 'wrong deck'],
      ['edit', 'class4', null],
      ['rolloutPromoted', 'eve@noc', null],
    ],
  );
});

test('without a rollout there is nothing to promote or to abort', async ({ rollouts }) => {
  for (const ask of [rollouts.promote, rollouts.abort]) {
    const error = await ask.call(rollouts, { by: 'eve@noc', reason: null }).then(
      () => null,
      (thrown: unknown) => thrown,
    );
    assert.match(String(error), /nothing is being rolled out/);
  }
});

test('files that are committed while they are tried serve with their commit', async context => {
  const { rollouts, core, kept } = context;
  await rollouts.offer(candidateOf(version('next')), stable);
  const { canary } = core;
  assert.is(await rollouts.offer(candidateOf({ ...version('next'), commit: 'c0ffee' }), stable), 'trying');
  assert.is(await rollouts.offer(candidateOf({ ...version('next'), commit: 'c0ffee' }), stable), 'trying');
  assert.is(core.canary, canary, 'it goes on');
  assert.is(rollouts.status()!.commit, 'c0ffee');
  await rollouts.promote({ by: 'eve@noc', reason: null });

  assert.equal(kept, ['c0ffee']);
  assert.is(core.snapshot.commit, 'c0ffee');
});

test('a change that comes back after the files were those of before is tried again', async context => {
  const { rollouts } = context;
  await rollouts.offer(candidateOf(version('next')), stable);
  await rollouts.abort({ by: 'eve@noc', reason: 'the vendor is not ready' });
  assert.is(await rollouts.offer(candidateOf(version('next')), stable), 'givenUp');
  assert.is(await rollouts.offer(candidateOf(stable), stable), 'applyAtOnce');
  assert.is(rollouts.givenUp, null);

  assert.is(await rollouts.offer(candidateOf(version('next')), stable), 'trying');
});

test('a change whose calls ring in vain is taken back before anybody gives up', async context => {
  const { time, core, rollouts, decisions } = context;
  await rollouts.offer(candidateOf(version('hangs', ['bad'])), stable);
  const random = generator(5);
  for (let second = 0; second < 120 && rollouts.isTrying; second++) {
    for (let i = 0; i < 10; i++) {
      const callId = `call-${second}-${i}`;
      const numbers = { caller: '4420', callee: `44${Math.floor(random() * 1e9)}`, forwarding: null };
      const source = { address: '192.0.2.1', port: 5060, transport: 'udp' } as const;
      const call = { callId, source, seed: i, sipCallId: callId, timerCapable: false, ...numbers };
      const outputs = core.handle({ type: 'invite', atMs: time.nowMs, ...call });
      const dial = outputs.find(({ type }) => type === 'dialLeg');
      if (dial?.type !== 'dialLeg' || dial.gateway === 'bad') continue;
      core.handle({ type: 'legAnswered', atMs: time.nowMs, callId, leg: 0 });
      core.handle({ type: 'hangup', atMs: time.nowMs, callId, by: 'caller' });
    }
    await time.pass(1000);
  }
  assert.is(decisions.at(-1)!.cause, 'rolloutAborted');
  assert.match(decisions.at(-1)!.reason!, /^ASR is 100\.0 points lower/);
});

test('another decision ends a rollout at once', async ({ rollouts, core, time }) => {
  await rollouts.offer(candidateOf(version('first')), stable);
  rollouts.end();

  assert.is(core.canary, null);
  assert.is(core.snapshot, stable);
  assert.is(rollouts.status(), null);
  assert.is(time.timerCount, 0);
});

test('a configuration that says nothing of rollouts changes at once', async ({ rollouts }) => {
  const { rollout: _, ...settings } = stable.switch;
  assert.is(
    await rollouts.offer(candidateOf(version('first')), { ...stable, switch: settings }),
    'applyAtOnce',
  );
});

test.run();
