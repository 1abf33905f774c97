import { createHmac } from 'node:crypto';
import { type OutgoingHttpHeaders, request } from 'node:http';
import { connect } from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openWebhook, type Webhook } from '../../../src/live/sources/webhook.ts';
import { FakeLog, FakeTime } from '../fakes.ts';

interface Context {
  time: FakeTime;
  log: FakeLog;
  pokes: { count: number };
  secret: { text: string | null };
  webhook: Webhook;
}

const test = suite<Context>('live/sources/webhook');

test.before.each(async context => {
  const time = new FakeTime();
  const log = new FakeLog();
  const pokes = { count: 0 };
  const secret: Context['secret'] = { text: 's3cr3t' };
  const webhook = await openWebhook({
    address: '127.68.1.1',
    port: 0,
    secret() {
      if (secret.text === null) throw new Error('the secret file /run/hook is empty');
      return secret.text;
    },
    onPoke() {
      pokes.count += 1;
    },
    log,
    clock: time.clock,
  });
  Object.assign(context, { time, log, pokes, secret, webhook });
});

test.after.each(({ webhook }) => webhook.close());

interface Reply {
  readonly status: number;
  readonly body: string;
  readonly headers: readonly string[];
}

/** null when the connection is cut. */
function send(
  webhook: Webhook,
  body: string | Buffer,
  headers: OutgoingHttpHeaders,
  method = 'POST',
): Promise<Reply | null> {
  return new Promise(resolve => {
    const sent = request(`http://${webhook.listening}/hook`, { method, headers }, reply => {
      let text = '';
      reply.setEncoding('utf8').on('data', part => {
        text += part;
      });
      reply.on('end', () =>
        resolve({ status: reply.statusCode!, body: text, headers: Object.keys(reply.headers).sort() }),
      );
      reply.on('error', () => resolve(null));
    });
    sent.on('error', () => resolve(null));
    sent.end(body);
  });
}

function signed(body: string | Buffer, secret = 's3cr3t'): OutgoingHttpHeaders {
  return { 'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}` };
}

test('a push that is signed with the secret pokes', async ({ webhook, pokes }) => {
  const body = '{"ref":"refs/heads/main"}';
  assert.is((await send(webhook, body, signed(body)))?.status, 204);
  assert.is((await send(webhook, body, { 'x-gitlab-token': 's3cr3t' }))?.status, 204);

  assert.is(pokes.count, 2);
  assert.is(webhook.counters.webhookAccepted, 2);
});

test('strangers get one answer that tells nothing, whatever they send', async ({ webhook, pokes, time }) => {
  const body = '{}';
  const good = signed(body);
  const attempts: [string, OutgoingHttpHeaders, string?][] = [
    [body, {}],
    [body, signed(body, 'wrong')],
    [`${body} `, good],
    [body, { 'x-hub-signature-256': '' }],
    [body, { 'x-hub-signature-256': 'sha256=' }],
    [body, { 'x-hub-signature': 'sha1=0' }],
    [body, { 'x-gitlab-token': 's3cr3' }],
    // A wrong signature is not made good by a token.
    [body, { ...signed(body, 'wrong'), 'x-gitlab-token': 's3cr3t' }],
    ['', good, 'GET'],
    [body, good, 'PUT'],
    ['', {}, 'OPTIONS'],
  ];
  const replies: string[] = [];
  for (const [text, headers, method] of attempts) {
    time.nowMs += 1000;
    replies.push(JSON.stringify(await send(webhook, text, headers, method)));
  }

  assert.equal(
    [...new Set(replies)],
    [JSON.stringify({ status: 404, body: '', headers: ['connection', 'content-length', 'date'] })],
  );
  assert.is(pokes.count, 0);
  assert.is(webhook.counters.webhookRefused, attempts.length);
});

test('a body without end is given up', async ({ webhook, pokes }) => {
  const body = Buffer.alloc(26 * 2 ** 20);
  const reply = await send(webhook, body, signed(body));

  assert.ok(reply === null || reply.status === 404);
  assert.is(pokes.count, 0);
});

function hold(webhook: Webhook, from: string, text: string): { readonly closed: Promise<void>; end(): void } {
  const [host, port] = webhook.listening.split(':');
  const socket = connect({ port: Number(port), host: host!, localAddress: from }, () => socket.write(text));
  socket.on('error', () => undefined).resume();
  const closed = new Promise<void>(resolve => socket.once('close', () => resolve()));
  return { closed, end: () => socket.destroy() };
}

test('who holds connections open and says nothing keeps nobody else out', async ({ webhook, pokes }) => {
  const held = Array.from({ length: 40 }, () => hold(webhook, '127.72.0.9', 'POST / HTTP/1.1\r\nx: '));
  // All but eight are gone at once.
  const closed = await new Promise<number>(resolve => {
    let count = 0;
    for (const each of held) void each.closed.then(() => (++count === 32 ? resolve(count) : undefined));
  });
  assert.is(closed, 32);

  assert.is((await send(webhook, '{}', signed('{}')))?.status, 204);
  assert.is(pokes.count, 1);
  for (const each of held) each.end();
  await Promise.all(held.map(each => each.closed));
  assert.is(webhook.counters.webhookDropped, 32);
});

test('a request that comes drop by drop is given up in seconds', async ({ webhook, pokes }) => {
  const { closed, end } = hold(webhook, '127.72.0.9', 'POST / HTTP/1.1\r\nHost: x\r\n');
  const late = new Promise<string>(resolve => setTimeout(() => resolve('late'), 20_000).unref());

  assert.is.not(await Promise.race([closed, late]), 'late');
  end();
  assert.is(pokes.count, 0);
});

test('an address that sends too much is not listened to for a while', async ({ webhook, pokes, time }) => {
  const sendOne = (): Promise<Reply | null> => send(webhook, '{}', signed('{}'));
  for (let index = 0; index < 10; index += 1) assert.is((await sendOne())?.status, 204);
  assert.is(await sendOne(), null);
  assert.is(await sendOne(), null);
  assert.is(webhook.counters.webhookDropped, 2);

  time.nowMs += 1000;
  assert.is((await sendOne())?.status, 204);
  assert.is(await sendOne(), null);
  assert.is(pokes.count, 11);
});

test('what is no HTTP gets no answer', async ({ webhook }) => {
  const [host, port] = webhook.listening.split(':');
  const answer = await new Promise<string>(resolve => {
    let text = '';
    const socket = connect(Number(port), host, () => socket.write('\x16\x03\x01\x00\xa5 hello\r\n\r\n'));
    socket.on('data', part => {
      text += String(part);
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(text));
  });

  assert.is(answer, '');
});

test('without a secret nothing is taken, and that is said once', async ({ webhook, secret, log, pokes }) => {
  secret.text = null;
  assert.is((await send(webhook, '{}', signed('{}', '')))?.status, 404);
  assert.is((await send(webhook, '{}', { 'x-gitlab-token': '' }))?.status, 404);
  assert.is((await send(webhook, '{}', { 'x-gitlab-token': 'null' }))?.status, 404);

  assert.is(pokes.count, 0);
  assert.equal(log.lines, ['error The webhook takes nothing error=the secret file /run/hook is empty']);

  secret.text = 'renewed';
  assert.is((await send(webhook, '{}', signed('{}', 'renewed')))?.status, 204);
});

test.run();
