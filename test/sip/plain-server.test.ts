import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { SipAdapter } from '../../src/sip/adapter.ts';
import type { SipInput } from '../../src/sip/port.ts';
import { BareServer } from './bare-server.ts';

/** What a drachtio-server says that the embedded edge says otherwise, seldom, or only after half a minute. */
const test = suite<{ server: BareServer; adapter: SipAdapter; inputs: SipInput[]; nowMs: number }>(
  'sip/plain-server',
);

const meta = '9|udp|192.0.2.1|5070|00:00:00.000000';
const callerDialog = 'caller-id;from-tag=f';
const calleeDialog = 'callee-id;from-tag=g';

test.before.each(async context => {
  context.server = new BareServer();
  const port = await context.server.listen();
  const inputs: SipInput[] = [];
  context.inputs = inputs;
  context.nowMs = 1_000_000;
  context.adapter = new SipAdapter({
    server: { host: '127.0.7.1', port, secret: 's' },
    embedded: false,
    newCallId: () => 'call',
    deliver: input => inputs.push(input),
    userAgent: 'switch-of-the-test',
    nowMs: () => context.nowMs,
  });
  await context.adapter.connect();
});

test.after.each(async ({ server, adapter }) => {
  await adapter.close();
  await server.close();
});

async function settled(inputs: readonly SipInput[], count: number): Promise<SipInput> {
  const deadline = Date.now() + 4_000;
  while (inputs.length < count) {
    if (Date.now() > deadline) throw new Error(`only ${inputs.length} inputs`);
    await new Promise(resolve => setTimeout(resolve, 2));
  }
  return inputs[count - 1]!;
}

function request(method: string, dialog: 'caller' | 'callee' | '', cseq: number, body = ''): string {
  const isCaller = dialog !== 'callee';
  const to =
    dialog === '' ? '<sip:447700900123@x>' : isCaller ? '<sip:447700900123@x>;tag=u' : '<sip:1@x>;tag=g';
  const from = isCaller ? '<sip:12025550100@y>;tag=f' : '<sip:2@y>;tag=h';
  const type = body === '' ? '' : 'Content-Type: application/sdp\r\n';
  return `${method} sip:447700900123@x SIP/2.0\r\nFrom: ${from}\r\nTo: ${to}\r\nCall-ID: ${isCaller ? 'caller-id' : 'callee-id'}\r\nCSeq: ${cseq} ${method}\r\nContact: <sip:1@192.0.2.1>\r\n${type}Content-Length: ${body.length}\r\n\r\n${body}`;
}

function response(status: number, method: string, cseq: number, body = ''): string {
  const type = body === '' ? '' : 'Content-Type: application/sdp\r\n';
  return `SIP/2.0 ${status} Phrase\r\nFrom: <sip:1@x>;tag=g\r\nTo: <sip:2@y>;tag=h\r\nCall-ID: callee-id\r\nCSeq: ${cseq} ${method}\r\nContact: <sip:2@192.0.2.2>\r\n${type}Content-Length: ${body.length}\r\n\r\n${body}`;
}

const dial = {
  type: 'dialLeg',
  callId: 'call',
  leg: 0,
  gateway: 'g',
  address: { host: '2001:db8::7', port: 5080, transport: 'tcp' },
  caller: '12025550100',
  callee: '447700900123',
  forwarding: null,
  resendIntervalsMs: [500, 1000],
} as const;

function invite(server: BareServer): void {
  server.tell(`m|sip|network|${meta}|t-in||10.0.0.1|5060|\r\n${request('INVITE', '', 1, 'v=0\r\n')}`);
}

/** A call up to the 200 for the caller; its frame is still to be answered. */
async function answering(server: BareServer, adapter: SipAdapter, inputs: SipInput[]): Promise<string> {
  invite(server);
  await settled(inputs, 1);
  adapter.perform(dial);
  server.sent(await server.next(/^sip\|\|\r\nINVITE/), 't-out');
  server.tell(`m|sip|network|${meta}|t-out|${calleeDialog}|\r\n${response(200, 'INVITE', 1, 'v=0\r\n')}`);
  await settled(inputs, 2);
  await server.next(/ACK sip:placeholder/);
  adapter.perform({ type: 'answer', callId: 'call', leg: 0 });
  const frame = await server.next(/^sip\|t-in\|\r\nSIP\/2\.0 200 OK/);
  return frame.id;
}

test('an INVITE to a gateway says where to, and nothing of extensions', async ({
  server,
  adapter,
  inputs,
}) => {
  invite(server);
  await settled(inputs, 1);
  adapter.perform(dial);

  const { text } = await server.next(/INVITE/);

  assert.match(text, /^sip\|\|\r\nINVITE sip:447700900123@\[2001:db8::7\]:5080;transport=tcp SIP\/2\.0\r\n/);
  assert.match(text, /\r\nFrom: <sip:12025550100@localhost>\r\n/);
  assert.match(text, /\r\nTo: <sip:447700900123@\[2001:db8::7\]>\r\n/);
  assert.match(text, /\r\nContact: <sip:12025550100@localhost>\r\n/);
  assert.match(text, /\r\nUser-Agent: switch-of-the-test\r\n/);
  assert.not.match(text, /X-Class4|Call-ID|CSeq|Via/);
});

test('a response the server made itself is a time-out, or an unreachable gateway', async ({
  server,
  adapter,
  inputs,
}) => {
  invite(server);
  await settled(inputs, 1);
  const made = [408, 503].map((status, leg) => ({ status, leg }));
  for (const { status, leg } of made) {
    adapter.perform({ ...dial, leg });
    server.sent(await server.next(/INVITE/), `t-out-${leg}`);
    const nowhere = '0|udp|||00:00:00.000000';
    server.tell(`m|sip|network|${nowhere}|t-out-${leg}|${calleeDialog}|\r\n${response(status, 'INVITE', 1)}`);
    await settled(inputs, leg + 2);
  }

  const origins = inputs.map(each => (each.type === 'legFailed' ? each.origin : each.type));
  assert.equal(origins, ['invite', 'timeout', 'unreachable']);
});

test('a request that the server refuses to send is an unreachable gateway', async ({
  server,
  adapter,
  inputs,
}) => {
  invite(server);
  await settled(inputs, 1);
  adapter.perform(dial);
  server.refused(await server.next(/INVITE/), 'can not send request to myself');

  const failed = await settled(inputs, 2);

  assert.equal(failed, {
    type: 'legFailed',
    callId: 'call',
    leg: 0,
    status: 503,
    reason: 'can not send request to myself',
    origin: 'unreachable',
    retryAfterSeconds: null,
  });
  assert.is(adapter.counters()['send_failures'], 1);
});

test('a leg released before the server took its INVITE is cancelled once it has', async ({
  server,
  adapter,
  inputs,
}) => {
  invite(server);
  await settled(inputs, 1);
  adapter.perform(dial);
  adapter.perform({ type: 'releaseLeg', callId: 'call', leg: 0 });
  adapter.perform({ type: 'reject', callId: 'call', status: 480, reason: '', silent: false });
  const sent = await server.next(/INVITE/);
  assert.is(server.count(/CANCEL/), 0);

  server.sent(sent, 't-out');

  server.refused(
    await server.next(/^sip\|t-out\|\r\nCANCEL/),
    'unable to cancel unknown transaction id: t-out',
  );
  while (adapter.counters()['calls_known'] !== 0) await new Promise(resolve => setTimeout(resolve, 2));
});

test('a 200 that the server could not send because of a CANCEL is a hang-up of the caller', async ({
  server,
  adapter,
  inputs,
}) => {
  const id = await answering(server, adapter, inputs);

  server.refused({ id, text: '' }, 'Response not sent due to unknown transaction');

  assert.equal(await settled(inputs, 3), { type: 'hangup', callId: 'call', by: 'caller' });
  adapter.perform({ type: 'hangUp', callId: 'call', side: 'callee', reason: 'CallerHangup' });
  server.refused(await server.next(/BYE/), 'unable to find dialog');
  while (adapter.counters()['calls_known'] !== 0) await new Promise(resolve => setTimeout(resolve, 2));
});

test('a lost ACK comes as a BYE of the server, and gets no answer', async ({ server, adapter, inputs }) => {
  await answering(server, adapter, inputs);

  server.tell(`m|sip|application|${meta}|unsolicited|${callerDialog}|\r\n${request('BYE', 'caller', 2)}`);

  assert.equal(await settled(inputs, 3), { type: 'hangup', callId: 'call', by: 'caller' });
  adapter.perform({ type: 'hangUp', callId: 'call', side: 'callee', reason: 'CallerHangup' });
  await server.next(/BYE sip:placeholder/);
  assert.is(server.count(/unsolicited/), 0);
});

test('a BYE that waits for an ACK which never comes ends with the server giving up', async ({
  server,
  adapter,
  inputs,
}) => {
  await answering(server, adapter, inputs);
  server.tell(`m|sip|network|${meta}|t-bye|${calleeDialog}|\r\n${request('BYE', 'callee', 5)}`);
  await settled(inputs, 3);
  adapter.perform({ type: 'hangUp', callId: 'call', side: 'caller', reason: 'CalleeHangup' });
  assert.is(server.count(/\r\nBYE /), 0);

  server.tell(`m|sip|application|${meta}|unsolicited|${callerDialog}|\r\n${request('BYE', 'caller', 2)}`);

  while (adapter.counters()['calls_known'] !== 0) await new Promise(resolve => setTimeout(resolve, 2));
  assert.is(inputs.length, 3, 'the end was asked for, so nobody is told');
});

test('a relayed request for a dialog that the server no longer knows ends the call', async ({
  server,
  adapter,
  inputs,
}) => {
  const id = await answering(server, adapter, inputs);
  server.sent({ id, text: '' }, 't-in');
  server.tell(`m|sip|network|${meta}|t-ack|${callerDialog}|\r\n${request('ACK', 'caller', 1)}`);
  server.tell(`m|sip|network|${meta}|t-info|${callerDialog}|\r\n${request('INFO', 'caller', 2)}`);

  server.refused(await server.next(/INFO/), 'Server error: unable to find dialog for dialog id provided');

  await server.next(/^sip\|t-info\|\r\nSIP\/2\.0 481/);
  assert.equal(await settled(inputs, 3), { type: 'hangup', callId: 'call', by: 'callee' });
});

test('a CANCEL with the Call-ID of another caller cancels nobody', async ({ server, adapter, inputs }) => {
  invite(server);
  await settled(inputs, 1);
  const foreign = request('CANCEL', '', 1).replace('tag=f', 'tag=other');
  server.tell(`m|sip|network|${meta}|t-in||10.0.0.1|5060|\r\n${foreign}`);
  server.tell(
    `m|sip|network|${meta}|t-opt||10.0.0.1|5060|\r\n${request('OPTIONS', '', 1).replace('caller-id', 'o')}`,
  );
  await server.next(/^sip\|t-opt\|\r\nSIP\/2\.0 200/);

  assert.is(inputs.length, 1);
  assert.is(adapter.counters()['calls_known'], 1);
});

test('what cannot be parsed harms nobody', async ({ server, adapter, inputs }) => {
  server.tell(
    `m|sip|network|${meta}|t-x||10.0.0.1|5060|\r\nINVITE sip:1@x SIP/2.0\r\nFrom: \r\nTo:\r\nCall-ID: x\r\nCSeq: x\r\n\r\n`,
  );
  server.tell(`m|sip|network|${meta}|t-y|${calleeDialog}|\r\n${request('NOTIFY', 'callee', 1)}`);
  server.tell(`m|sip|network|${meta}|t-z|${calleeDialog}|\r\n${response(200, 'INVITE', 1)}`);
  invite(server);

  await settled(inputs, 1);
  assert.is(adapter.connected, true);
});

test('a gateway that was heard within 30 s counts as trying at once, any other as unheard', async context => {
  const { server, adapter, inputs } = context;
  invite(server);
  await settled(inputs, 1);
  adapter.perform(dial);
  server.sent(await server.next(/^sip\|\|\r\nINVITE/), 't-out');
  server.tell(`m|sip|network|${meta}|t-out|${calleeDialog}|\r\n${response(480, 'INVITE', 1)}`);
  assert.is((await settled(inputs, 2)).type, 'legFailed');

  context.nowMs += 30_000;
  adapter.perform({ ...dial, leg: 1 });
  assert.equal(await settled(inputs, 3), { type: 'legTrying', callId: 'call', leg: 1 });

  context.nowMs += 1;
  adapter.perform({ ...dial, leg: 2 });
  adapter.perform({ ...dial, leg: 3, gateway: 'other' });
  await server.next(/^sip\|\|\r\nINVITE/);
  assert.is(inputs.length, 3);
});

test.run();
