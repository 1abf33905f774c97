import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Child } from './support/child.ts';
import { assertBooksBalance } from './support/money.ts';
import { type Endpoint, freeEndpoint, isBound } from './support/ports.ts';
import { until } from './support/until.ts';
import { interop, type World } from './support/world.ts';

const test = suite('interop/external-server');

const secret = 'interop-control-secret';

/** Our own SIP server in a process of its own, as a drachtio-server would be. */
async function startServer(world: World, control: Endpoint): Promise<Child> {
  const { address, port } = world.network.sip;
  const server = new Child('edge-standalone', {
    command: process.execPath,
    args: [
      fileURLToPath(new URL('./edge-standalone.js', import.meta.url)),
      address,
      String(port),
      String(control.port),
      secret,
    ],
    cwd: world.directory,
  });
  world.release(() => server.kill());
  await until('the SIP server listens', () => {
    if (server.exit !== null) throw new Error(`the SIP server ended: ${server.stdout}${server.stderr}`);
    return isBound(world.network.sip, 'udp') || undefined;
  });
  return server;
}

async function callGoesThrough(world: World): Promise<void> {
  const vendor = await world.vendor('alpha', 'uas-answers');
  const caller = await world.caller('uac-calls-and-hangs-up', { pauseMs: 1200 });
  await caller.succeeded();
  await vendor.succeeded();
}

test(
  'calls go through a SIP server of its own; when that is killed its calls are Interrupted, and the next one works again',
  interop(async world => {
    const control = await freeEndpoint('127.0.8.1');
    await world.prepare({
      server: { host: control.address, port: control.port, secret: { env: 'CLASS4_TEST_SECRET' } },
    });
    const server = await startServer(world, control);
    await world.switch.start({ CLASS4_TEST_SECRET: secret });
    await callGoesThrough(world);
    await world.switch.cdrs(1);

    const alpha = await world.vendor('alpha', 'uas-answers', { calls: 3 });
    const lost = await world.caller('uac-calls-and-hangs-up-when-told', { calls: 3 });
    await world.switch.hasOpenCalls(3);
    await server.kill();
    await world.switch.hasOpenCalls(0);
    await alpha.kill();
    await lost.kill();
    const interrupted = (await world.switch.cdrs(4)).slice(1);
    assert.equal(
      interrupted.map(({ endReason, endedBy }) => [endReason, endedBy]),
      Array.from({ length: 3 }, () => ['Interrupted', 'switch']),
    );

    await startServer(world, control);
    await until('the switch is connected again', async () => {
      const { sip } = await world.switch.status();
      return sip.connected || undefined;
    });
    await callGoesThrough(world);
    await assertBooksBalance(world, await world.switch.cdrs(5));
    assert.not.match(world.switch.log, new RegExp(secret), 'a secret is never logged');
  }),
);

test.run();
