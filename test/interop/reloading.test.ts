import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { askSwitch } from '../../src/control/client.ts';
import type { GatewayReport } from '../../src/live/operations.ts';
import { assertBooksBalance } from './support/money.ts';
import { edit, rates } from './support/network.ts';
import { until } from './support/until.ts';
import { interop, type World } from './support/world.ts';

const test = suite('interop/reloading');

async function hash(world: World): Promise<string> {
  return (await world.switch.status()).snapshot.hash;
}

test(
  'a call that is up during ten reloads keeps its snapshot and ends with the right charge',
  interop(async world => {
    await world.start();
    const first = await hash(world);
    const vendor = await world.vendor('alpha', 'uas-answers');
    const caller = await world.caller('uac-calls-and-hangs-up-when-told', { callIdPrefix: 'long' });
    await world.switch.hasOpenCalls(1);

    let current = first;
    for (let reload = 1; reload <= 10; reload += 1) {
      edit(world.network, 'rates/blue.yaml', {
        rows: [{ prefix: '44', rate: `0.${reload}9`, increments: '60/60' }],
      });
      current = await world.switch.reloadedFrom(current);
    }
    await world.tell(caller, 'long-1');
    await caller.succeeded();
    await vendor.succeeded();

    const cdrs = await world.switch.cdrs(1);
    assert.is(cdrs[0]!.snapshotHash, first);
    assert.is.not(current, first);
    assert.is(cdrs[0]!.customerCharge!.rate, rates.blue);
    await assertBooksBalance(world, cdrs);
  }),
);

test(
  'an edit sends the next call another way and does not touch the call that is up',
  interop(async world => {
    await world.start();
    const before = await hash(world);
    const alpha = await world.vendor('alpha', 'uas-answers');
    const first = await world.caller('uac-calls-and-hangs-up-when-told', { callIdPrefix: 'first' });
    await world.switch.hasOpenCalls(1);

    edit(world.network, 'gateways/routing/beta.yaml', { priority: 1 });
    await world.switch.reloadedFrom(before);
    const beta = await world.vendor('beta', 'uas-answers');
    const second = await world.caller('uac-calls-and-hangs-up', { pauseMs: 1200 });
    await second.succeeded();
    await beta.succeeded();
    assert.is((await world.switch.openCalls()).length, 1);
    await world.tell(first, 'first-1');
    await first.succeeded();
    await alpha.succeeded();

    const cdrs = await world.switch.cdrs(2);
    assert.equal(cdrs.map(({ routingGateway }) => routingGateway).sort(), ['alpha', 'beta']);
    await assertBooksBalance(world, cdrs);
  }),
);

test(
  'calls come and go while the configuration never rests',
  interop(async world => {
    const calls = 40;
    await world.start();
    const vendor = await world.vendor('alpha', 'uas-answers', { calls });
    const caller = await world.caller('uac-calls-and-hangs-up', { calls, rate: 8, pauseMs: 1200 });
    let current = await hash(world);
    for (let reload = 1; caller.running; reload += 1) {
      edit(world.network, 'gateways/routing/beta.yaml', { lines: reload });
      current = await world.switch.reloadedFrom(current);
    }
    await caller.succeeded();
    await vendor.succeeded();

    const cdrs = await world.switch.cdrs(calls);
    assert.ok(new Set(cdrs.map(({ snapshotHash }) => snapshotHash)).size > 2, 'calls of several snapshots');
    await assertBooksBalance(world, cdrs);
  }),
);

test(
  'a reload is asked for every 100 ms under load, and every call ends right',
  interop(async world => {
    const calls = 300;
    await world.start();
    const vendor = await world.vendor('alpha', 'uas-answers', { calls });
    const caller = await world.caller('uac-calls-and-hangs-up', { calls, rate: 20, pauseMs: 1200 });
    let reloads = 0;
    for (; caller.running; reloads += 1) {
      edit(world.network, 'gateways/routing/beta.yaml', { lines: 1 + (reloads % 50) });
      await askSwitch(world.network.directory, 'POST', '/reload');
      await wait(100);
    }
    await caller.succeeded();
    await vendor.succeeded();

    const cdrs = await world.switch.cdrs(calls);
    assert.ok(reloads > 20, `${reloads} reloads`);
    assert.ok(new Set(cdrs.map(({ snapshotHash }) => snapshotHash)).size > 10, 'calls of many snapshots');
    assert.equal([...new Set(cdrs.map(({ routingGateway }) => routingGateway))], ['alpha']);
    const { calls: open, process: figures, reload } = await world.switch.status();
    assert.is(open.active, 0);
    assert.equal(figures.oldSnapshots, { snapshots: 0, calls: 0 });
    assert.is(reload.refused, 0);
    const gateways = (await world.switch.json('gateways')) as readonly GatewayReport[];
    assert.equal([...new Set(gateways.map(({ activeLines }) => activeLines))], [0]);
    await assertBooksBalance(world, cdrs);
  }),
);

test(
  'a broken edit says what is wrong and leaves the old configuration serving, and mending it is enough',
  interop(async world => {
    await world.start();
    const before = await hash(world);
    const broken = join(world.network.directory, 'gateways/routing/delta.yaml');
    writeFileSync(
      broken,
      '{"clearingAccount": "nobody", "address": "127.0.8.14:5060", "prefixes": ["44"]}\n',
    );
    await until('the log tells of the mistake', () => /delta\.yaml:1/.test(world.switch.log) || undefined);

    assert.is(await hash(world), before);
    const vendor = await world.vendor('alpha', 'uas-answers');
    const caller = await world.caller('uac-calls-and-hangs-up', { pauseMs: 1200 });
    await caller.succeeded();
    await vendor.succeeded();
    const cdrs = await world.switch.cdrs(1);
    assert.is(cdrs[0]!.snapshotHash, before);
    assert.is(world.switch.log.match(/delta\.yaml:1/g)!.length, 1, 'a mistake is told once');

    rmSync(broken);
    edit(world.network, 'gateways/routing/beta.yaml', { priority: 1 });
    await world.switch.reloadedFrom(before);
  }),
);

test.run();
