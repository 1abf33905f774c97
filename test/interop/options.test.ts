/** Gateways that are asked by OPTIONS, with sipp behind them. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { GatewayReport, QualityReport } from '../../src/live/operations.ts';
import { edit } from './support/network.ts';
import { until } from './support/until.ts';
import { interop, type World } from './support/world.ts';

const test = suite('interop/options');

async function isOffline(world: World, name: string): Promise<boolean> {
  const gateways = (await world.switch.json('gateways')) as readonly GatewayReport[];
  return gateways.find(gateway => gateway.name === name)!.offlineSince !== null;
}

function becomes(world: World, name: string, offline: boolean): Promise<unknown> {
  const wanted = offline ? 'offline' : 'online';
  return until(`${name} is ${wanted}`, async () =>
    (await isOffline(world, name)) === offline ? true : undefined,
  );
}

async function callAnsweredBy(world: World, name: 'alpha' | 'beta'): Promise<void> {
  const vendor = await world.vendor(name, 'uas-answers');
  const caller = await world.caller('uac-calls-and-hangs-up', { pauseMs: 1200 });
  await caller.succeeded();
  await vendor.succeeded();
}

test(
  'a silent gateway is skipped, by a reload as well, and used again once it answers',
  interop(async world => {
    const parameters = { SS_SIP_OPTIONS_CHECK_PERIOD: 5, SS_GATEWAY_ASR_CALCULATE: 'On' };
    await world.start({
      parameters,
      vendors: { alpha: { optionsCheck: true, timeouts: { inviteSeconds: 1 } } },
    });
    assert.not.ok(await isOffline(world, 'alpha'), 'online until it proves otherwise');
    await becomes(world, 'alpha', true);
    const before = (await world.switch.status()).snapshot.hash;
    edit(world.network, 'gateways/routing/beta.yaml', { lines: 7 });
    const after = await world.switch.reloadedFrom(before);
    assert.ok(await isOffline(world, 'alpha'));
    const { stdout } = await world.switch.command('gateways');
    assert.match(stdout, /^gateway .* ASR +ACD +PDD +note$/m);
    assert.match(stdout, /^alpha .* offline since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC \(OPTIONS\)$/m);
    await callAnsweredBy(world, 'beta');
    const [first] = await world.switch.cdrs(1);
    assert.equal(
      first!.attempts.map(({ gateway }) => gateway),
      ['beta'],
    );

    const answering = await world.vendor('alpha', 'uas-takes-options', { values: { STATUS: '200 OK' } });
    await answering.succeeded();
    await becomes(world, 'alpha', false);
    // No further question may come across the call, whose scenario knows none.
    edit(world.network, 'switch.yaml', { parameters: { ...parameters, SS_SIP_OPTIONS_CHECK_PERIOD: 3600 } });
    await world.switch.reloadedFrom(after);
    await callAnsweredBy(world, 'alpha');
    const cdrs = await world.switch.cdrs(2);
    const tried = cdrs.map(({ attempts }) => attempts.map(({ gateway }) => gateway).join(' '));
    assert.equal(tried.sort(), ['alpha', 'beta']);

    const quality = (await world.switch.json('quality')) as readonly QualityReport[];
    const ofAlpha = quality.find(({ gateway }) => gateway === 'alpha')!;
    assert.equal(
      [ofAlpha.attempts, ofAlpha.answered, ofAlpha.talks, ofAlpha.answerSeizureRatio],
      [1, 1, 1, 1],
    );
    const ofPrefixes = (await world.switch.json('quality', 'alpha')) as readonly QualityReport[];
    assert.equal(
      ofPrefixes.map(({ prefix }) => prefix),
      [null, '44'],
    );
    assert.match((await world.switch.command('quality', '--prefix', '4')).stdout, /^alpha +44 +1 +100\.0 %/m);
    assert.match((await world.switch.command('quality', 'alpa')).stderr, /did you mean "alpha"/);
    assert.match(world.switch.log, /A gateway is offline.*alpha/);
    assert.match(world.switch.log, /A gateway is online again.*alpha/);
  }),
);

test(
  'a gateway that says 503 to OPTIONS is offline, one that challenges is there',
  interop(async world => {
    const asked = { optionsCheck: true };
    await world.prepare({
      parameters: { SS_SIP_OPTIONS_CHECK_PERIOD: 5 },
      vendors: { alpha: asked, beta: asked },
    });
    const unwell = await world.vendor('alpha', 'uas-takes-options', {
      values: { STATUS: '503 Service Unavailable' },
    });
    const challenging = await world.vendor('beta', 'uas-takes-options', {
      values: { STATUS: '401 Unauthorized' },
    });
    await world.switch.start();
    await unwell.succeeded();
    await challenging.succeeded();
    await becomes(world, 'alpha', true);
    assert.not.ok(await isOffline(world, 'beta'));
  }),
);

test.run();
