/** Changes that are tried on half of real calls: by themselves a worse one is taken back, and an equal one promoted. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Canary } from '../../src/call/canary.ts';
import { SwitchState } from '../../src/call/gateway-state.ts';
import type { ActivationReport } from '../../src/cli/history.ts';
import { askSwitch } from '../../src/control/client.ts';
import type { GatewayReport, StatusReport } from '../../src/live/operations.ts';
import { buildSnapshot } from '../support/snapshot-builder.ts';
import { assertBooksBalance } from './support/money.ts';
import { edit, type Network } from './support/network.ts';
import { hostPort } from './support/ports.ts';
import type { Sipp } from './support/sipp.ts';
import { until } from './support/until.ts';
import { interop, type World } from './support/world.ts';

const test = suite('interop/rolling-out');

/** Longer than any of these tests takes to be decided. */
const forMinutes = 2;

async function start(world: World, rollout: Readonly<Record<string, unknown>> = {}): Promise<Network> {
  const network = await world.prepare();
  // One vendor, so that no other one saves the calls.
  for (const vendor of ['beta', 'gamma']) rmSync(join(network.directory, `gateways/routing/${vendor}.yaml`));
  edit(network, 'switch.yaml', {
    rollout: { canaryPercent: 50, forMinutes, abort: { minimumCalls: 20 }, ...rollout },
  });
  await world.switch.start();
  await settled(world);
  return network;
}

function statusOf(world: World): Promise<StatusReport> {
  return askSwitch(world.network.directory, 'GET', '/status') as Promise<StatusReport>;
}

function settled(world: World): Promise<StatusReport> {
  return statusThat(world, 'every decision is on the disk', ({ decisions }) => decisions.pending === 0);
}

function statusThat(
  world: World,
  what: string,
  isSo: (status: StatusReport) => boolean,
  limitMs?: number,
): Promise<StatusReport> {
  return until(
    what,
    async () => {
      const status = await statusOf(world);
      return isSo(status) ? status : undefined;
    },
    limitMs,
  );
}

const isTrying = ({ rollout, decisions }: StatusReport) => rollout !== null && decisions.pending === 0;

async function historyOf(world: World): Promise<readonly ActivationReport[]> {
  return (await world.switch.json('history')) as readonly ActivationReport[];
}

/** Numbers that are dialled one after the other until the test has seen enough. */
function traffic(world: World, calls: number): Promise<Sipp> {
  return world.caller('uac-dials-many-numbers', {
    ...{ calls, rate: 20, pauseMs: 100, callee: '4420794', callsAtOnce: 200, timeoutSeconds: 120 },
    values: { STATUS: '503' },
  });
}

/** A number of blue's that is on this side of the rollout of a change. */
function numberOn(side: 'stable' | 'candidate', hash: string): string {
  const canary = new Canary(new SwitchState(buildSnapshot({ hash }), new Map()).view, 50);
  for (let number = 442079460000; ; number += 1) {
    if (canary.sideOf('blue', String(number)) === side) return String(number);
  }
}

async function nothingIsLeft(world: World): Promise<void> {
  await world.switch.hasOpenCalls(0);
  const { calls, process: figures } = await statusOf(world);
  assert.equal([calls.active, figures.oldSnapshots], [0, { snapshots: 0, calls: 0 }]);
  const gateways = (await world.switch.json('gateways')) as readonly GatewayReport[];
  assert.equal([...new Set(gateways.map(({ activeLines }) => activeLines))], [0]);
}

test(
  'a change whose vendor fails is taken back by itself within its time, with the evidence',
  interop(async world => {
    const network = await start(world);
    const { hash } = (await statusOf(world)).snapshot;
    await world.vendor('alpha', 'uas-answers', { calls: 10_000, timeoutSeconds: 120 });
    await world.vendor('beta', 'uas-rejects', {
      ...{ calls: 10_000, timeoutSeconds: 120 },
      values: { STATUS: '503 Service Unavailable' },
    });
    edit(network, 'gateways/routing/alpha.yaml', { address: hostPort(network.vendors.beta) });
    const worse = (await statusThat(world, 'the change is tried', isTrying)).rollout!.hash;
    const caller = await traffic(world, 2000);
    const { givenUp, snapshot } = await statusThat(
      world,
      'the change is taken back',
      status => status.givenUp !== null,
      60_000,
    );
    const { counters } = await statusOf(world);
    const invites = counters['calls.invites']!;
    await caller.kill();

    assert.equal([givenUp!.hash, givenUp!.by, snapshot.hash], [worse, 'class4', hash]);
    assert.match(
      givenUp!.reason,
      /ASR.* lower \(100\.0 % of \d+ calls before, 0\.0 % of \d+ with the candidate; p < 0\.0001\)/,
    );
    assert.ok(invites < 400, `it took ${invites} calls`);
    assert.match(world.switch.log, /The changed configuration was taken back/);
    await settled(world);
    const [aborted, tried] = await historyOf(world);
    assert.equal([aborted!.cause, aborted!.hash, aborted!.reason], ['rolloutAborted', hash, givenUp!.reason]);
    assert.equal([tried!.hash, tried!.sharePercent, tried!.state, tried!.answered], [worse, 50, 'ended', 0]);
    assert.ok(tried!.calls >= 20);
    const after = await world.caller('uac-calls-and-hangs-up', { calls: 10, pauseMs: 100 });
    await after.succeeded();
  }),
);

test(
  'an equal change is promoted by itself when its time is over',
  interop(async world => {
    const network = await start(world, { forMinutes: 0.2 });
    await world.vendor('alpha', 'uas-answers', { calls: 10_000, timeoutSeconds: 120 });
    edit(network, 'gateways/routing/alpha.yaml', { lines: 1000 });
    const equal = (await statusThat(world, 'the change is tried', isTrying)).rollout!.hash;
    const caller = await traffic(world, 2000);
    await statusThat(world, 'the change is promoted', ({ snapshot }) => snapshot.hash === equal, 60_000);
    await caller.kill();

    const { givenUp, rollout } = await settled(world);
    assert.equal([givenUp, rollout], [null, null]);
    const [promoted, tried] = await historyOf(world);
    assert.equal([promoted!.cause, promoted!.hash, promoted!.by], ['rolloutPromoted', equal, 'class4']);
    assert.equal([tried!.hash, tried!.cause, tried!.sharePercent], [equal, 'edit', 50]);
    assert.ok(tried!.calls >= 20 && tried!.answered >= 20, `${tried!.answered} of ${tried!.calls}`);
  }),
);

test(
  'calls of a change that was taken back end by their snapshot, also at a gateway that only it had',
  interop(async world => {
    const network = await start(world);
    const { hash } = (await statusOf(world)).snapshot;
    const gateway = { clearingAccount: 'beta', address: hostPort(network.vendors.beta), prefixes: ['44'] };
    writeFileSync(
      join(network.directory, 'gateways/routing/beta.yaml'),
      `${JSON.stringify({ ...gateway, priority: 1 }, null, 2)}\n`,
    );
    const { rollout } = await statusThat(world, 'the change is tried', isTrying);
    const tried = rollout!.hash;
    const alpha = await world.vendor('alpha', 'uas-answers', { calls: 2 });
    const beta = await world.vendor('beta', 'uas-answers');
    const told = { callee: numberOn('candidate', tried), callIdPrefix: 'tried' };
    const onTried = await world.caller('uac-calls-and-hangs-up-when-told', told);
    await world.switch.hasOpenCalls(1);
    const usual = { callee: numberOn('stable', tried), callIdPrefix: 'usual' };
    const onStable = await world.caller('uac-calls-and-hangs-up-when-told', usual);
    await world.switch.hasOpenCalls(2);
    const { code, stderr } = await world.switch.command('rollout', 'abort', '--reason', 'wrong vendor');
    assert.is(code, 0, stderr);
    assert.equal((await statusOf(world)).process.oldSnapshots, { snapshots: 1, calls: 1 });
    const again = await world.caller('uac-calls-and-hangs-up', { callee: told.callee, pauseMs: 100 });
    await again.succeeded();
    await world.tell(onTried, 'tried-1');
    await onTried.succeeded();
    await beta.succeeded();
    await world.tell(onStable, 'usual-1');
    await onStable.succeeded();
    await alpha.succeeded();

    const cdrs = await world.switch.cdrs(3);
    const by = cdrs.map(({ routingGateway, snapshotHash }) => `${routingGateway} ${snapshotHash}`).sort();
    assert.equal(by, [`alpha ${hash}`, `alpha ${hash}`, `beta ${tried}`]);
    await assertBooksBalance(world, cdrs);
    await nothingIsLeft(world);
    const versions = (await world.switch.json('blame')) as {
      versions: readonly { hash: string; calls: number; cause: string }[];
    };
    assert.equal(
      versions.versions.map(version => [version.hash, version.cause, version.calls]),
      [
        [tried, 'edit', 1],
        [hash, 'start', 1],
        [hash, 'rolloutAborted', 1],
      ],
    );
  }),
);

test(
  'killed in a rollout, the next start serves the stable version and tries anew, and the third one does not try',
  interop(async world => {
    const network = await start(world);
    const { hash } = (await statusOf(world)).snapshot;
    edit(network, 'gateways/routing/alpha.yaml', { lines: 1000 });
    const { rollout } = await statusThat(world, 'the change is tried', isTrying);
    for (const death of [1, 2]) {
      await world.switch.kill();
      await world.switch.start();
      assert.is((await settled(world)).snapshot.hash, hash);
      if (death === 1) {
        const again = await statusThat(world, 'the change is tried again', isTrying);
        assert.is(again.rollout!.hash, rollout!.hash);
      }
    }
    const { givenUp, rollout: none } = await statusThat(
      world,
      'the files were read',
      ({ reload }) => reload.givenUp > 0,
    );
    assert.equal([none, givenUp!.hash, givenUp!.by], [null, rollout!.hash, 'class4']);
    assert.match(givenUp!.reason, /^the switch was killed/);
    const causes = (await historyOf(world)).map(({ cause, state }) => `${cause} ${state}`);
    assert.equal(causes, ['start serving', 'edit killed', 'start killed', 'edit killed', 'start killed']);
  }),
);

test.run();
