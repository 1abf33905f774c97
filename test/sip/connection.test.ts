import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { LogFields } from '../../src/diagnostics/logger.ts';
import { startEdge } from '../../src/edge/edge.ts';
import { SipAdapter, type SipAdapterOptions } from '../../src/sip/adapter.ts';
import type { SipInput } from '../../src/sip/port.ts';
import { AdapterWorld, secret } from './adapter-world.ts';
import { BareServer } from './bare-server.ts';
import { newDialog, sdp } from './scripted-peer.ts';

const test = suite('sip/connection');

interface Recorded {
  readonly adapter: SipAdapter;
  readonly inputs: SipInput[];
  readonly lines: string[];
}

function record(server: SipAdapterOptions['server'], embedded = true): Recorded {
  const inputs: SipInput[] = [];
  const lines: string[] = [];
  const note = (message: string, fields?: LogFields): void => {
    lines.push(`${message} ${JSON.stringify(fields ?? {})}`);
  };
  const adapter = new SipAdapter({
    server,
    embedded,
    deliver: input => inputs.push(input),
    log: { info: note, warn: note, error: note },
    newCallId: () => 'call',
  });
  return { adapter, inputs, lines };
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 6_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error('it did not come about');
    await new Promise(resolve => setTimeout(resolve, 5));
  }
}

test('a wrong secret is refused with what to do, and never told', async () => {
  const edge = await startEdge({ listen: [{ transport: 'udp', address: '127.0.7.1', port: 16100 }], secret });
  const { adapter, lines } = record({
    host: edge.control.address,
    port: edge.control.port,
    secret: 'hunter2',
  });

  let message = '';
  await adapter.connect().catch((error: Error) => {
    message = error.message;
  });

  assert.match(message, /refused the secret: give class4 the secret/);
  assert.not.match(message + lines.join(' '), /hunter2/);
  assert.is(adapter.connected, false);
  await adapter.close();
  await edge.close();
});

test('the server may come later than we', async () => {
  const placeholder = new BareServer();
  const port = await placeholder.listen();
  await placeholder.close();
  const { adapter, inputs } = record({ host: '127.0.7.1', port, secret }, false);

  const connecting = adapter.connect();
  const server = new BareServer();
  await new Promise(resolve => setTimeout(resolve, 150));
  await server.listen(port);
  await connecting;

  assert.is(adapter.connected, true);
  assert.equal(inputs, []);
  await adapter.close();
  await server.close();
});

test('a plain drachtio-server is asked for no extension', async () => {
  const server = new BareServer();
  const port = await server.listen();
  const { adapter } = record({ host: '127.0.7.1', port, secret }, false);
  await adapter.connect();
  await until(() => server.frames.some(each => each === 'route|publish'));

  assert.is(server.frames[0], `authenticate|${secret}|`);
  for (const verb of ['invite', 'bye', 'options', 'register'])
    assert.ok(server.frames.includes(`route|${verb}`));
  await adapter.close();
  await server.close();
});

test('extensions are used only where the version announces them', async () => {
  const server = new BareServer();
  const port = await server.listen();
  const { adapter, inputs } = record({ host: '127.0.7.1', port, secret }, true);
  await adapter.connect();
  const invite =
    'INVITE sip:1@x SIP/2.0\r\nFrom: <sip:2@y>;tag=f\r\nTo: <sip:1@x>\r\nCall-ID: c\r\nCSeq: 1 INVITE\r\nContent-Length: 0\r\n\r\n';
  server.send(
    server.sockets[0]!,
    `m1|sip|network|100|udp|192.0.2.1|5060|00:00:00.000000|t1||10.0.0.1|5060|\r\n${invite}`,
  );
  await until(() => inputs.length === 1);
  adapter.perform({ type: 'reject', callId: 'call', status: 403, reason: 'IllegalCall', silent: true });
  await until(() => server.frames.some(each => each.startsWith('sip|')));

  const sent = server.frames.find(each => each.startsWith('sip|'))!;
  assert.match(sent, /^sip\|t1\|\r\nSIP\/2\.0 403 Forbidden\r\n/);
  assert.not.match(sent, /X-Class4/);
  await adapter.close();
  await server.close();
});

test('a lost server is told once for each loss, and connected to again', async () => {
  const server = new BareServer();
  const port = await server.listen();
  const { adapter, inputs } = record({ host: '127.0.7.1', port, secret }, false);
  await adapter.connect();

  server.sockets[0]!.destroy();
  await until(() => inputs.length > 0);
  assert.is(adapter.connected, false);
  await until(() => adapter.connected);
  server.sockets[1]!.destroy();
  await until(() => inputs.length > 1);
  await until(() => adapter.connected);

  assert.equal(inputs, [{ type: 'sipServerLost' }, { type: 'sipServerLost' }]);
  assert.is(adapter.counters()['connections_lost'], 2);
  await adapter.close();
  await server.close();
});

test('attempts while the server is away fail at once', async () => {
  const server = new BareServer();
  const port = await server.listen();
  const { adapter, inputs } = record({ host: '127.0.7.1', port, secret }, false);
  await adapter.connect();
  await server.close();
  await until(() => inputs.length === 1);

  adapter.perform({
    type: 'dialLeg',
    callId: 'call',
    leg: 0,
    gateway: 'g',
    address: { host: '192.0.2.1', port: 5060, transport: 'udp' },
    caller: '1',
    callee: '2',
    forwarding: null,
    resendIntervalsMs: [500],
  });
  await until(() => inputs.length === 2);

  assert.is(inputs[1]!.type, 'legFailed');
  await adapter.close();
});

test('closing while nothing is connected ends the wait', async () => {
  const placeholder = new BareServer();
  const port = await placeholder.listen();
  await placeholder.close();
  const { adapter } = record({ host: '127.0.7.1', port, secret });
  const connecting = adapter.connect().then(
    () => 'connected',
    () => 'rejected',
  );

  await adapter.close();

  assert.is(await connecting, 'rejected');
  assert.is(adapter.connected, false);
});

test('calls of before a loss are forgotten, and new ones work', async () => {
  const world = await AdapterWorld.start(16120);
  const call = await world.answered();
  world.forget();

  world.breakConnection();
  await world.input('sipServerLost');
  world.perform({ type: 'hangUp', callId: call.callId, side: 'callee', reason: 'Interrupted' });
  assert.is(world.adapter.counters()['calls_known'], 0);
  await until(() => world.adapter.connected);
  newDialog(world.caller, world.switchAt, '1').send('INVITE', { body: sdp('192.0.2.1', 4000) });
  const { callId } = await world.input('invite');
  world.perform({ type: 'reject', callId, status: 404, reason: '', silent: false });
  await world.caller.next('404');

  await world.stop();
});

test.run();
