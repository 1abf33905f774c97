import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { calleeNumber, parseNameAddress, parseUri, plainNumber } from '../../src/sip/address.ts';
import { reasonLine, safePhrase } from '../../src/sip/headers.ts';
import { growsWithLength } from '../support/growth.ts';
import { AdapterWorld } from './adapter-world.ts';
import { newDialog, sdp } from './scripted-peer.ts';

const test = suite<{ world: AdapterWorld }>('sip/hostile');

test.before(async context => {
  context.world = await AdapterWorld.start(20100, '127.0.12');
});

test.before.each(({ world }) => world.forget());

test.after(({ world }) => world.stop());

const slowTexts: readonly (readonly [string, (length: number) => unknown])[] = [
  ['a number that ends in a sign', length => plainNumber(`${'1'.repeat(length)}!`)],
  ['a dialled number that ends in a sign', length => calleeNumber(parseUri(`sip:${'1'.repeat(length)}!@x`))],
  ['a reason phrase of digits', length => safePhrase('1'.repeat(length), 'Busy Here')],
  ['a Reason of blanks', length => reasonLine(`SIP;${' '.repeat(length)}`)],
];

for (const [what, read] of slowTexts) {
  test(`${what} does not hold the switch up`, () => growsWithLength(what, 8_000, read));
}

test('a name that a terminal would obey is recorded without its control characters', () => {
  assert.is(parseNameAddress('<sip:\u001b[2Jbob\u009b@x>').user, '?[2Jbob?');
});

test('an INVITE whose body is no UTF-8 costs its call at most, not the connection to the SIP server', async ({
  world,
}) => {
  const caller = newDialog(world.caller, world.switchAt, '447700900123');
  const head = `INVITE ${caller.target} SIP/2.0\r\nVia: SIP/2.0/UDP ${world.caller.address}:${world.caller.port};branch=z9hG4bK-utf\r\nFrom: ${caller.local}\r\nTo: ${caller.remote}\r\nCall-ID: ${caller.callId}\r\nCSeq: 1 INVITE\r\nContact: ${world.caller.contact}\r\nContent-Type: application/sdp\r\nContent-Length: 45000\r\n\r\n`;
  world.caller.send(Buffer.concat([Buffer.from(head), Buffer.alloc(45_000, 0xff)]), world.switchAt);
  const { callId } = await world.input('invite');

  world.dial(callId);

  const failed = await world.input('legFailed');
  assert.is(failed.origin, 'unreachable');
  world.perform({ type: 'reject', callId, status: 503, reason: '', silent: false });
  await world.caller.next('503');
  await world.idle();
  assert.is((await world.edge.counters())['clients_malformed'] ?? 0, 0);
});

test('the CANCEL of a call is heard although its INVITE came a second time over another path', async ({
  world,
}) => {
  const caller = newDialog(world.caller, world.switchAt, '447700900123');
  const raw = caller.send('INVITE', { body: sdp(world.caller.address, 4000) });
  const { callId } = await world.input('invite');
  world.caller.send(raw.replace(/branch=\S+/, 'branch=z9hG4bK-other-path'), world.switchAt);
  await world.caller.next('482');

  caller.cancel();

  assert.equal(await world.input('callerCancel'), { type: 'callerCancel', callId });
  await world.idle();
});

test('the session description of a second gateway comes to the caller in another early dialog', async ({
  world,
}) => {
  const { callId, caller, invite } = await world.dialled();
  world.gateway.respond(invite, 183, 'Session Progress', 'first', { body: sdp(world.gateway.address, 6000) });
  await world.input('legProvisional');
  world.perform({ type: 'relayProvisional', callId, leg: 0, status: 183, reason: '' });
  const early = await world.caller.next('183');
  world.gateway.respond(invite, 503, 'Out of Service', 'first');
  await world.input('legFailed');
  world.dial(callId, 1);
  const second = await world.gateway.next('INVITE');
  world.gateway.respond(second, 183, 'Session Progress', 'second', {
    body: sdp(world.gateway.address, 7000),
  });
  await world.input('legProvisional');
  world.perform({ type: 'relayProvisional', callId, leg: 1, status: 183, reason: '' });
  const later = await world.caller.next('183');
  world.gateway.respond(second, 200, 'OK', 'second', { body: sdp(world.gateway.address, 7000) });
  await world.input('legAnswered');
  world.perform({ type: 'answer', callId, leg: 1 });
  const answer = await world.caller.next('200 INVITE');

  assert.is.not(later.header('To'), early.header('To'));
  assert.is(answer.header('To'), later.header('To'));
  assert.not.match(world.caller.heard.join(''), /X-Class4/i);
  caller.learn(answer);
  caller.ack();
  await world.gateway.next('ACK');
  caller.send('BYE');
  await world.caller.next('200 BYE');
  await world.input('hangup');
  world.perform({ type: 'hangUp', callId, side: 'callee', reason: 'CallerHangup' });
  world.gateway.respond(await world.gateway.next('BYE'), 200, 'OK', '');
  await world.idle();
});

test('two callers with the same Call-ID are told apart when one cancels', async ({ world }) => {
  const callers = [
    newDialog(world.caller, world.switchAt, '447700900123'),
    newDialog(world.caller, world.switchAt, '447700900123'),
  ];
  const callIds: string[] = [];
  for (const caller of callers) {
    Object.assign(caller, { callId: 'shared-by-two' });
    caller.send('INVITE', { body: sdp(world.caller.address, 4000) });
    callIds.push((await world.input('invite')).callId);
  }
  callers[1]?.cancel();
  assert.is((await world.input('callerCancel')).callId, callIds[1]);
  callers[0]?.cancel();
  assert.is((await world.input('callerCancel')).callId, callIds[0]);
  await world.idle();
});

test.run();
