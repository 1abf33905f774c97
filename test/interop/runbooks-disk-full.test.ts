/** The runbook "The disk is full" of docs/operations.md. No file may grow or be written to, as far as the switch goes. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { assertBooksBalance } from './support/money.ts';
import { beginRepository, commitAll } from './support/repository.ts';
import { decisionsAreDurable, Runbook } from './support/runbook.ts';
import { until } from './support/until.ts';
import { interop, type World } from './support/world.ts';

const test = suite('interop/runbooks-disk-full');

/** Takes every write of the switch to a file away, or gives them back; what it reads stays as it is. */
function limitFiles(world: World, bytes: '0' | 'unlimited'): void {
  execFileSync('prlimit', ['--pid', String(world.switch.pid), `--fsize=${bytes}:`], { stdio: 'pipe' });
}

async function call(world: World, callIdPrefix: string): Promise<void> {
  const vendor = await world.vendor('alpha', 'uas-answers');
  const caller = await world.caller('uac-calls-and-hangs-up', { pauseMs: 1200, callIdPrefix });
  await caller.succeeded();
  await vendor.succeeded();
}

test(
  'while the disk takes nothing calls and rollbacks work, and afterwards everything is stored',
  interop(async world => {
    await world.prepare();
    beginRepository(world);
    await world.switch.start();
    const good = await decisionsAreDurable(world);
    const gateway = join(world.network.directory, 'gateways/routing/beta.yaml');
    writeFileSync(gateway, `${readFileSync(gateway, 'utf8')}lines: 7\n`);
    commitAll(world, 'Fewer lines at beta');
    const bad = await world.switch.reloadedFrom(good);
    await decisionsAreDurable(world);
    await call(world, 'before');
    await world.switch.cdrs(1);
    limitFiles(world, '0');
    await call(world, 'during-1');
    await until(
      'the store was refused',
      async () => (await world.switch.status()).store.lastError ?? undefined,
    );
    await call(world, 'during-2');
    const runbook = Runbook.open(world, 'runbooks-disk-full');

    await runbook.plays();
    const [payment, rolledBack] = await runbook.plays();
    assert.equal([payment!.code, rolledBack!.code], [2, 1]);
    await call(world, 'during-3');
    limitFiles(world, 'unlimited');
    await until('everything is stored', async () => {
      const { store, decisions } = await world.switch.status();
      return store.pendingWrites === 0 && decisions.pending === 0 ? true : undefined;
    });
    await runbook.plays();

    const cdrs = await world.switch.cdrs(4);
    assert.equal(
      cdrs.map(({ sipCallId }) => sipCallId.replace(/-1$/, '')),
      ['before', 'during-1', 'during-2', 'during-3'],
    );
    assert.equal([cdrs[2]!.snapshotHash, cdrs[3]!.snapshotHash], [bad, good]);
    await assertBooksBalance(world, cdrs);
    await runbook.plays();
    runbook.finished();
  }),
);

test.run();
