/** OPTIONS to gateways, over the real embedded edge and beside a server that speaks as a drachtio-server does. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { SipAdapter } from '../../src/sip/adapter.ts';
import type { SipInput } from '../../src/sip/port.ts';
import { AdapterWorld } from './adapter-world.ts';
import { BareServer } from './bare-server.ts';

const test = suite<{ world: AdapterWorld }>('sip/options-out');

test.before(async context => {
  context.world = await AdapterWorld.start(16480, '127.0.9');
});
test.before.each(({ world }) => world.forget());
test.after(({ world }) => world.stop());

function ask(world: AdapterWorld, request: number, transport: 'udp' | 'tcp' = 'udp'): void {
  const { address: host, port } = world.gateway;
  world.perform({ type: 'sendOptions', gateway: 'acme', request, address: { host, port, transport } });
}

test('a gateway gets OPTIONS without a number, outside of any dialog, and its answer is told', async ({
  world,
}) => {
  ask(world, 7);
  const question = await world.gateway.next('OPTIONS');
  const { address, port } = world.gateway;
  assert.is(question.startLine, `OPTIONS sip:${address}:${port} SIP/2.0`);
  assert.is(question.header('To'), `<sip:${address}>`);
  assert.match(question.header('From'), /^<sip:ping@127\.0\.9\.1[^>]*>;tag=/);
  assert.is(question.header('Accept'), 'application/sdp');
  world.gateway.respond(question, 200, 'OK', 'there');
  assert.equal(await world.input('optionsResult'), {
    type: 'optionsResult',
    gateway: 'acme',
    request: 7,
    outcome: 'response',
    status: 200,
  });
  await world.idle();
  assert.equal(world.unread(), []);
});

test('each answer goes with its own question, whatever their order', async ({ world }) => {
  ask(world, 1);
  const first = await world.gateway.next('OPTIONS');
  ask(world, 2);
  const second = await world.gateway.next('OPTIONS');
  assert.is.not(first.header('Call-ID'), second.header('Call-ID'));
  world.gateway.respond(second, 503, 'Service Unavailable', 'b');
  const later = await world.input('optionsResult');
  world.gateway.respond(first, 401, 'Unauthorized', 'a');
  const earlier = await world.input('optionsResult');
  assert.equal([later.request, later.status], [2, 503]);
  assert.equal([earlier.request, earlier.status], [1, 401]);
});

test('a provisional response is no answer yet', async ({ world }) => {
  ask(world, 1);
  const question = await world.gateway.next('OPTIONS');
  world.gateway.respond(question, 100, 'Trying', '');
  world.gateway.respond(question, 404, 'Not Found', 'a');
  assert.is((await world.input('optionsResult')).status, 404);
  assert.equal(world.unread(), []);
});

test('a gateway that takes no connection is unreachable', async ({ world }) => {
  ask(world, 3, 'tcp');
  const { outcome, status } = await world.input('optionsResult');
  assert.equal([outcome, status], ['unreachable', null]);
});

test('without a SIP server nothing is sent, and nothing follows for the gateway', async ({ world }) => {
  ask(world, 4);
  await world.gateway.next('OPTIONS');
  world.breakConnection();
  await world.input('sipServerLost');
  assert.equal(world.unread(), [], 'the question under way is forgotten with the connection');
  ask(world, 5);
  const { request, outcome } = await world.input('optionsResult');
  assert.equal([request, outcome], [5, 'notSent']);
});

test('what a drachtio-server says itself, without naming a peer, is no answer of the gateway', async () => {
  const server = new BareServer();
  const port = await server.listen();
  const inputs: SipInput[] = [];
  let told: () => void = () => {};
  const adapter = new SipAdapter({
    server: { host: '127.0.7.1', port, secret: 's' },
    embedded: false,
    newCallId: () => 'call',
    deliver: input => {
      inputs.push(input);
      told();
    },
    userAgent: 'switch-of-the-test',
  });
  await adapter.connect();
  const cases = [
    [200, '192.0.2.7', 'response', 200],
    [408, '', 'timeout', null],
    [503, '', 'unreachable', null],
    [408, '192.0.2.7', 'response', 408],
    [0, '', 'unreachable', null],
  ] as const;
  for (const [request, [status, source]] of cases.entries()) {
    const transport = request % 2 === 0 ? 'udp' : 'tcp';
    const address = { host: '2001:db8::7', port: 5080, transport } as const;
    const isTold = new Promise<void>(resolve => {
      told = resolve;
    });
    adapter.perform({ type: 'sendOptions', gateway: 'g', request, address });
    const frame = await server.next(/OPTIONS sip:\[2001:db8::7\]:5080/);
    assert.match(frame.text, /\r\nUser-Agent: switch-of-the-test\r\n/);
    assert.is(frame.text.includes(';transport=tcp SIP/2.0'), transport === 'tcp');
    if (status === 0) server.refused(frame, 'no such host');
    else {
      server.sent(frame, `t-${request}`);
      const from = source === '' ? '0|udp|||00:00:00.000000' : `9|udp|${source}|5070|00:00:00.000000`;
      server.tell(
        `m|sip|network|${from}|t-${request}||\r\nSIP/2.0 ${status} Phrase\r\nFrom: <sip:ping@x>;tag=g\r\nTo: <sip:y>;tag=h\r\nCall-ID: o${request}\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n`,
      );
    }
    await isTold;
  }
  assert.equal(
    inputs.map(input => (input.type === 'optionsResult' ? [input.request, input.outcome, input.status] : [])),
    cases.map(([, , outcome, status], request) => [request, outcome, status]),
  );
  await adapter.close();
  await server.close();
});

test.run();
