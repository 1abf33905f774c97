import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { askSwitch } from '../../src/control/client.ts';
import { silentLogger } from '../../src/diagnostics/logger.ts';
import type { Activation, Hold } from '../../src/history/history.ts';
import { openHistoryToRead } from '../../src/live/configuration/open-history.ts';
import { LoadingThread } from '../../src/live/loading-thread.ts';
import type { CdrReport, StatusReport } from '../../src/live/operations.ts';
import { SqliteStore } from '../../src/store/sqlite-store.ts';
import { assertBooksBalance } from './support/money.ts';
import { edit } from './support/network.ts';
import { until } from './support/until.ts';
import { interop, type World } from './support/world.ts';

const test = suite('interop/rolling-back');

function settled(world: World): Promise<StatusReport> {
  return until('every decision is on the disk', async () => {
    const status = await world.switch.status();
    return status.decisions.pending === 0 ? status : undefined;
  });
}

function ask(world: World, path: string, body: Readonly<Record<string, unknown>>): Promise<unknown> {
  return askSwitch(world.network.directory, 'POST', path, { by: 'anna@noc-1', ...body });
}

test(
  'new calls go by the older version within a second of the command, and the call that is up does not notice',
  interop(async world => {
    await world.start();
    const good = (await settled(world)).snapshot.hash;
    edit(world.network, 'gateways/routing/beta.yaml', { priority: 1 });
    const bad = await world.switch.reloadedFrom(good);
    const beta = await world.vendor('beta', 'uas-answers');
    const first = await world.caller('uac-calls-and-hangs-up-when-told', { callIdPrefix: 'first' });
    await world.switch.hasOpenCalls(1);

    const askedAtMs = performance.now();
    const { code, stdout } = await world.switch.command('rollback', '--reason', 'UK mobile fails');
    const tookMs = performance.now() - askedAtMs;
    assert.equal([code, stdout.includes(`new calls use ${good} (before: ${bad})`)], [0, true]);
    assert.ok(tookMs < 3000, `the command took ${tookMs} ms, most of them to start`);
    const alpha = await world.vendor('alpha', 'uas-answers');
    const second = await world.caller('uac-calls-and-hangs-up', { pauseMs: 1200 });
    await second.succeeded();
    await alpha.succeeded();
    assert.is((await world.switch.openCalls()).length, 1);
    await world.tell(first, 'first-1');
    await first.succeeded();
    await beta.succeeded();

    const cdrs = await world.switch.cdrs(2);
    const versionBy = new Map(cdrs.map(({ routingGateway, snapshotHash }) => [routingGateway, snapshotHash]));
    assert.equal([versionBy.get('beta'), versionBy.get('alpha')], [bad, good]);
    await assertBooksBalance(world, cdrs);

    const againAtMs = performance.now();
    await ask(world, '/rollback', { version: bad, reason: 'to see how long it takes' });
    const decidedMs = performance.now() - againAtMs;
    assert.ok(decidedMs < 1000, `it took ${decidedMs} ms`);
  }),
);

interface Left {
  readonly hold: Hold | null;
  readonly activations: readonly Activation[];
}

async function historyOf(world: World): Promise<Left> {
  const storePath = join(world.network.directory, 'var', 'class4.db');
  const keeping = new LoadingThread(world.network.directory);
  const history = await openHistoryToRead({ storePath, keeping, log: silentLogger, clock: Date.now });
  try {
    return { hold: await history!.hold(), activations: await history!.activations(1000) };
  } finally {
    await history!.close();
  }
}

const decisions = [
  { path: '/rollback', body: { reason: 'UK mobile fails' } },
  { path: '/resume', body: {} },
  { path: '/reload', body: {} },
] as const;

test(
  'killed at any moment of a rollback, a resume or a reload, the next start serves one well-defined version',
  interop(async world => {
    await world.start();
    await world.vendor('alpha', 'uas-answers', { calls: 10_000, timeoutSeconds: 300 });
    edit(world.network, 'gateways/routing/beta.yaml', { lines: 1 });
    await settled(world);
    for (let round = 1; round <= 18; round += 1) {
      const { path, body } = decisions[round % decisions.length]!;
      const caller = await world.caller('uac-calls-and-hangs-up', {
        pauseMs: 20_000,
        callIdPrefix: `round-${round}`,
      });
      await world.switch.hasOpenCalls(1);
      await settled(world);
      edit(world.network, 'gateways/routing/beta.yaml', { lines: 100 + round });
      const decided = ask(world, path, body).then(
        () => 'answered',
        () => 'refused or lost',
      );
      await wait(3 * round);
      await world.switch.kill();
      await caller.kill();
      await decided;

      const left = await historyOf(world);
      await world.switch.start();
      const after = await settled(world);
      const { reload } = after;
      const expected = left.hold === null ? after.reload.sourceHash : left.hold.hash;
      assert.is(after.snapshot.hash, expected, `round ${round}, ${path}`);
      assert.is(after.hold?.hash ?? null, left.hold?.hash ?? null, `round ${round}, ${path}`);
      assert.equal(reload.diagnostics, []);
      const { activations } = await historyOf(world);
      assert.equal([activations[0]!.hash, activations[0]!.cause], [expected, 'start']);
      assert.is(activations.length, left.activations.length + 1);
    }
    const cdrs = (await world.switch.json('cdr', 'list', '--limit', '10000')) as readonly CdrReport[];
    const callIds = cdrs.map(({ sipCallId }) => sipCallId);
    assert.is(new Set(callIds).size, callIds.length, 'no call has two records');
    assert.is(callIds.length, 18);
    assert.ok(cdrs.every(({ endReason }) => endReason === 'Interrupted'));
    await assertBooksBalance(world, cdrs);
    await world.switch.stop();
    const store = await SqliteStore.open({ path: join(world.network.directory, 'var', 'class4.db') });
    assert.equal((await store.interruptedCalls()).calls, []);
    await store.close();
  }),
);

test.run();
