/** The runbook "A vendor is down" of docs/operations.md: one vendor is silent, the next one refuses everything. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { GatewayReport } from '../../src/live/operations.ts';
import { beginRepository } from './support/repository.ts';
import { decisionsAreDurable, Runbook } from './support/runbook.ts';
import { until } from './support/until.ts';
import { interop, type World } from './support/world.ts';

const test = suite('interop/runbooks-vendor-down');

function isOffline(world: World, name: string): Promise<true> {
  return until(`${name} is offline`, async () => {
    const gateways = (await world.switch.json('gateways')) as readonly GatewayReport[];
    return gateways.find(gateway => gateway.name === name)!.offlineSince === null ? undefined : true;
  });
}

async function callAnsweredBy(world: World, name: 'beta' | 'gamma'): Promise<void> {
  const vendor = await world.vendor(name, 'uas-answers');
  const caller = await world.caller('uac-calls-and-hangs-up', { pauseMs: 1200 });
  await caller.succeeded();
  await vendor.succeeded();
}

test(
  'a silent vendor is left alone by itself, one that refuses is locked by an edit, and the callers hear neither',
  interop(async world => {
    await world.prepare({
      parameters: { SS_SIP_OPTIONS_CHECK_PERIOD: 5, SS_GATEWAY_ASR_CALCULATE: 'On' },
      vendors: { alpha: { optionsCheck: true } },
    });
    beginRepository(world);
    await world.switch.start();
    await decisionsAreDurable(world);
    await isOffline(world, 'alpha');
    const runbook = Runbook.open(world, 'runbooks-vendor-down');
    const refusing = await world.vendor('beta', 'uas-rejects', {
      calls: 2,
      values: { STATUS: '503 Service Unavailable' },
    });
    await callAnsweredBy(world, 'gamma');
    await callAnsweredBy(world, 'gamma');
    await refusing.succeeded();
    await world.switch.cdrs(2);

    await runbook.plays();
    await runbook.plays();
    await runbook.plays();
    await callAnsweredBy(world, 'gamma');
    await world.switch.cdrs(3);
    await runbook.plays();
    await runbook.plays();
    await callAnsweredBy(world, 'beta');

    const cdrs = await world.switch.cdrs(4);
    assert.equal(
      cdrs.map(({ attempts }) => attempts.map(({ gateway }) => gateway).join(' ')),
      ['beta gamma', 'beta gamma', 'gamma', 'beta'],
    );
    runbook.finished();
  }),
);

test.run();
