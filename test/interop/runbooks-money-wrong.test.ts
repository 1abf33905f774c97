/** The runbook "Money is wrong" of docs/operations.md: a price ten times too high served for a while. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { BalanceReport } from '../../src/live/operations.ts';
import { moneyUnits } from './support/class4.ts';
import { beginRepository, commitAll } from './support/repository.ts';
import { decisionsAreDurable, Runbook } from './support/runbook.ts';
import { interop, type World } from './support/world.ts';

const test = suite('interop/runbooks-money-wrong');

async function call(world: World): Promise<void> {
  const vendor = await world.vendor('alpha', 'uas-answers');
  const caller = await world.caller('uac-calls-and-hangs-up', { callee: '447700900123', pauseMs: 1200 });
  await caller.succeeded();
  await vendor.succeeded();
}

/** The balance of each account is the sum of its ledger. */
async function assertLedgersAddUp(world: World): Promise<void> {
  for (const account of ['blue', 'green', 'alpha', 'beta', 'gamma']) {
    const { balance, ledger } = (await world.switch.json(
      'account',
      'balance',
      account,
      '--limit',
      '1000',
    )) as BalanceReport;
    const sum = ledger.reduce((total, { amount }) => total + moneyUnits(amount), 0n);
    assert.is(moneyUnits(balance), sum, `balance of ${account}`);
  }
}

test(
  'the calls of a wrong price are found, the price is mended, and the customer gets the difference back',
  interop(async world => {
    await world.prepare();
    beginRepository(world);
    await world.switch.start();
    const good = await decisionsAreDurable(world);
    await call(world);
    await world.switch.cdrs(1);
    const deck = join(world.network.directory, 'rates/blue.yaml');
    writeFileSync(deck, readFileSync(deck, 'utf8').replace('0.0234', '0.234'));
    commitAll(world, 'New prices for blue');
    const bad = await world.switch.reloadedFrom(good);
    await decisionsAreDurable(world);
    await call(world);
    await call(world);
    await world.switch.cdrs(3);
    await assertLedgersAddUp(world);
    const runbook = Runbook.open(world, 'runbooks-money-wrong');

    await runbook.plays();
    await runbook.plays();
    await runbook.plays();
    await call(world);
    await runbook.plays();
    await runbook.plays();
    await runbook.plays();
    await runbook.plays();

    const cdrs = await world.switch.cdrs(4);
    assert.equal(
      cdrs.map(({ snapshotHash }) => snapshotHash),
      [good, bad, bad, good],
    );
    await assertLedgersAddUp(world);
    assert.is(
      await world.switch.balance('blue'),
      -4n * moneyUnits('0.0234'),
      'as if the price had been right',
    );
    runbook.finished();
  }),
);

test.run();
