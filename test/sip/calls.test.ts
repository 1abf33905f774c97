import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { AdapterWorld } from './adapter-world.ts';
import { newDialog, PeerDialog, sdp } from './scripted-peer.ts';

const test = suite<{ world: AdapterWorld }>('sip/calls');

test.before(async context => {
  context.world = await AdapterWorld.start(16000);
});

test.before.each(({ world }) => world.forget());

test.after(({ world }) => world.stop());

test('an INVITE is told with its source, its numbers and what it can do', async ({ world }) => {
  const caller = newDialog(world.caller, world.switchAt, '+44%32020-7946');
  caller.send('INVITE', { headers: ['Supported: timer'], body: sdp(world.caller.address, 4000) });

  const input = await world.input('invite');

  assert.equal(input.source, { address: world.caller.address, port: world.caller.port, transport: 'udp' });
  assert.is(input.callee, '+4420207946');
  assert.is(input.caller, '12025550100');
  assert.is(input.sipCallId, caller.callId);
  assert.is(input.timerCapable, true);
  world.perform({ type: 'reject', callId: input.callId, status: 404, reason: 'Not Found', silent: false });
  const response = await world.caller.next('404');
  assert.is(response.startLine, 'SIP/2.0 404 Not Found');
  caller.learn(response);
  await world.idle();
});

test('a call is answered and the caller hangs up', async ({ world }) => {
  const call = await world.answered();

  call.caller.send('BYE', { headers: ['Reason: Q.850;cause=16;text="bye from 10.9.9.9"'] });
  await world.caller.next('200 BYE');
  assert.equal(await world.input('hangup'), { type: 'hangup', callId: call.callId, by: 'caller' });
  world.perform({ type: 'hangUp', callId: call.callId, side: 'callee', reason: 'CallerHangup' });
  const bye = await world.gateway.next('BYE');
  assert.is(bye.header('Reason'), 'Q.850;cause=16');
  world.gateway.respond(bye, 200, 'OK', '');
  await world.idle();
});

test('a call is answered and the callee hangs up', async ({ world }) => {
  const call = await world.answered();

  call.callee.send('BYE');
  await world.gateway.next('200 BYE');
  assert.equal(await world.input('hangup'), { type: 'hangup', callId: call.callId, by: 'callee' });
  world.perform({ type: 'hangUp', callId: call.callId, side: 'caller', reason: 'CalleeHangup' });
  const bye = await world.caller.next('BYE');
  assert.is(bye.header('Reason'), 'Q.850;cause=16;text="CalleeHangup"');
  world.caller.respond(bye, 200, 'OK', '');
  await world.idle();
});

test('both sides hang up at once and nobody is told twice', async ({ world }) => {
  const call = await world.answered();

  world.perform({ type: 'hangUp', callId: call.callId, side: 'caller', reason: 'ForcedRelease' });
  world.perform({ type: 'hangUp', callId: call.callId, side: 'callee', reason: 'ForcedRelease' });
  const toCaller = await world.caller.next('BYE');
  const toCallee = await world.gateway.next('BYE');
  call.caller.send('BYE');
  call.callee.send('BYE');
  world.caller.respond(toCaller, 200, 'OK', '');
  world.gateway.respond(toCallee, 200, 'OK', '');
  await world.idle();

  assert.equal(world.unread(), []);
});

test('the SDP of both sides goes through unchanged', async ({ world }) => {
  const { callId, caller, invite } = await world.dialled();
  assert.is(invite.body, sdp(world.caller.address, 4000));
  const answer = sdp(world.gateway.address, 6000);

  world.gateway.respond(invite, 200, 'OK', 't', { body: answer });
  await world.input('legAnswered');
  world.perform({ type: 'answer', callId, leg: 0 });
  const ok = await world.caller.next('200 INVITE');

  assert.is(ok.body, answer);
  caller.learn(ok);
  caller.ack();
  await world.hangUp({ callId, caller, callee: PeerDialog.ofRequest(world.gateway, invite, 't'), invite });
});

test('CANCEL before any response cancels the leg once it has answered provisionally', async ({ world }) => {
  const { callId, caller, invite } = await world.dialled();

  caller.cancel();
  await world.caller.next('200 CANCEL');
  await world.caller.next('487');
  await world.input('callerCancel');
  world.perform({ type: 'releaseLeg', callId, leg: 0 });
  world.gateway.respond(invite, 100, 'Trying', '');
  const cancel = await world.gateway.next('CANCEL');
  world.gateway.respond(cancel, 200, 'OK', 't');
  world.gateway.respond(invite, 487, 'Request Terminated', 't');
  await world.gateway.next('ACK');
  await world.idle();

  assert.not(world.unread().includes('legFailed'), 'a released leg is silent');
});

test('CANCEL after 180 carries its Reason to the gateway', async ({ world }) => {
  const { callId, caller, invite } = await world.dialled();
  world.gateway.respond(invite, 180, 'Ringing', 't');
  const ringing = await world.input('legProvisional');
  assert.equal([ringing.status, ringing.reason, ringing.hasSdp], [180, 'Ringing', false]);
  world.perform({ type: 'relayProvisional', callId, leg: 0, status: 180, reason: 'Ringing' });
  await world.caller.next('180');

  caller.cancel({ headers: ['Reason: SIP;cause=200;text="elsewhere"'] });
  await world.input('callerCancel');
  world.perform({ type: 'releaseLeg', callId, leg: 0 });
  const cancel = await world.gateway.next('CANCEL');
  assert.is(cancel.header('Reason'), 'SIP;cause=200');
  world.gateway.respond(cancel, 200, 'OK', 't');
  world.gateway.respond(invite, 487, 'Request Terminated', 't');
  await world.idle();
});

test('a 2xx that crosses our CANCEL is acknowledged and ended', async ({ world }) => {
  const { callId, caller, invite } = await world.dialled();
  world.gateway.respond(invite, 180, 'Ringing', 't');
  await world.input('legProvisional');
  caller.cancel();
  await world.input('callerCancel');
  world.perform({ type: 'releaseLeg', callId, leg: 0 });
  const cancel = await world.gateway.next('CANCEL');

  world.gateway.respond(invite, 200, 'OK', 't', { body: sdp(world.gateway.address, 6000) });
  world.gateway.respond(cancel, 200, 'OK', 't');

  await world.gateway.next('ACK');
  world.gateway.respond(await world.gateway.next('BYE'), 200, 'OK', 't');
  await world.idle();
});

test('a leg answered and released before the answer went out is acknowledged and ended', async ({
  world,
}) => {
  const { callId, caller, invite } = await world.dialled();
  world.gateway.respond(invite, 200, 'OK', 't', { body: sdp(world.gateway.address, 6000) });
  await world.input('legAnswered');

  world.perform({ type: 'releaseLeg', callId, leg: 0 });
  world.perform({ type: 'reject', callId, status: 480, reason: 'Shutdown', silent: false });

  await world.gateway.next('ACK');
  world.gateway.respond(await world.gateway.next('BYE'), 200, 'OK', 't');
  await world.caller.next('480');
  caller.cseq++;
  await world.idle();
});

test("the caller's CANCEL that crosses the answer ends the callee too", async ({ world }) => {
  const { callId, caller, invite } = await world.dialled();
  world.gateway.respond(invite, 200, 'OK', 't', { body: sdp(world.gateway.address, 6000) });
  await world.input('legAnswered');
  caller.cancel();
  await world.caller.next('487');
  await world.input('callerCancel');

  world.perform({ type: 'answer', callId, leg: 0 });
  world.perform({ type: 'hangUp', callId, side: 'callee', reason: 'CallerHangup' });

  world.gateway.respond(await world.gateway.next('BYE'), 200, 'OK', 't');
  await world.idle();
  assert.is(world.caller.count('200 INVITE'), 0);
});

test('a callee who hangs up before the caller was answered leaves an answered and ended call', async ({
  world,
}) => {
  const { callId, caller, invite } = await world.dialled();
  world.gateway.respond(invite, 200, 'OK', 't', { body: sdp(world.gateway.address, 6000) });
  await world.input('legAnswered');
  await world.gateway.next('ACK');
  PeerDialog.ofRequest(world.gateway, invite, 't').send('BYE');
  await world.input('hangup');

  world.perform({ type: 'answer', callId, leg: 0 });
  world.perform({ type: 'hangUp', callId, side: 'caller', reason: 'CalleeHangup' });

  caller.learn(await world.caller.next('200 INVITE'));
  assert.is(world.caller.count('BYE'), 0, 'the BYE waits for the ACK');
  caller.ack();
  world.caller.respond(await world.caller.next('BYE'), 200, 'OK', '');
  await world.idle();
});

test('a failure of the gateway is told, and the next leg can be answered', async ({ world }) => {
  const { callId, caller, invite } = await world.dialled();
  world.gateway.respond(invite, 503, 'Service Unavailable', 't', {
    headers: ['Retry-After: 30', 'Reason: Q.850;cause=34;text="no circuit"'],
  });
  const failed = await world.input('legFailed');
  assert.equal(
    [failed.status, failed.reason, failed.origin, failed.retryAfterSeconds],
    [503, 'Service Unavailable', 'gateway', 30],
  );
  await world.gateway.next('ACK');

  world.dial(callId, 1);
  const second = await world.gateway.next('INVITE');
  world.gateway.respond(second, 404, 'Not Found', 'u', { headers: ['Reason: Q.850;cause=1'] });
  assert.is((await world.input('legFailed')).leg, 1);
  world.perform({ type: 'reject', callId, status: 404, reason: 'Not Found', silent: false });

  const response = await world.caller.next('404');
  assert.is(response.header('Reason'), 'Q.850;cause=1');
  caller.learn(response);
  await world.idle();
});

test('a status without a name of its own is passed on', async ({ world }) => {
  const { callId, invite } = await world.dialled();
  world.gateway.respond(invite, 608, 'Rejected', 't');
  assert.is((await world.input('legFailed')).status, 608);

  world.perform({ type: 'reject', callId, status: 608, reason: 'Rejected', silent: false });

  assert.is((await world.caller.next('608')).startLine, 'SIP/2.0 608 Rejected');
  await world.idle();
});

test('100 Trying is told, and nothing of it reaches the caller a second time', async ({ world }) => {
  const { callId, invite } = await world.dialled();
  world.gateway.respond(invite, 100, 'Trying', '');

  assert.equal(await world.input('legTrying'), { type: 'legTrying', callId, leg: 0 });
  assert.is(world.caller.count('100'), 1);
  world.gateway.respond(invite, 486, 'Busy Here', 't');
  await world.input('legFailed');
  world.perform({ type: 'reject', callId, status: 486, reason: 'Busy Here', silent: false });
  await world.idle();
});

test('a gateway where nobody listens is unreachable', async ({ world }) => {
  const caller = newDialog(world.caller, world.switchAt, '447700900123');
  caller.send('INVITE', { body: sdp(world.caller.address, 4000) });
  const { callId } = await world.input('invite');

  world.perform({
    type: 'dialLeg',
    callId,
    leg: 0,
    gateway: 'gone',
    address: { host: '127.0.7.99', port: 16999, transport: 'tcp' },
    caller: '1',
    callee: '2',
    forwarding: null,
    resendIntervalsMs: [100, 100],
  });

  const failed = await world.input('legFailed');
  assert.equal([failed.status, failed.origin], [503, 'unreachable']);
  world.perform({ type: 'reject', callId, status: 503, reason: '', silent: false });
  await world.caller.next('503');
  await world.idle();
});

test('a gateway that never answers times out, after the waits it was given', async ({ world }) => {
  const caller = newDialog(world.caller, world.switchAt, '447700900123');
  caller.send('INVITE', { body: sdp(world.caller.address, 4000) });
  const { callId } = await world.input('invite');

  world.perform({
    type: 'dialLeg',
    callId,
    leg: 0,
    gateway: 'deaf',
    address: { host: world.gateway.address, port: world.gateway.port, transport: 'udp' },
    caller: '1',
    callee: '2',
    forwarding: null,
    resendIntervalsMs: [50, 50, 50],
  });

  await world.gateway.next('INVITE');
  await world.gateway.next('INVITE');
  await world.gateway.next('INVITE');
  const failed = await world.input('legFailed');
  assert.equal([failed.status, failed.origin], [408, 'timeout']);
  world.perform({ type: 'reject', callId, status: 408, reason: '', silent: false });
  await world.caller.next('408');
  await world.gateway.next('INVITE');
  await world.idle();
});

test('a silent rejection sends nothing and forgets the call', async ({ world }) => {
  const caller = newDialog(world.caller, world.switchAt, '447700900123');
  caller.send('INVITE', { body: sdp(world.caller.address, 4000) });
  const { callId } = await world.input('invite');

  world.perform({ type: 'reject', callId, status: 403, reason: 'IllegalCall', silent: true });
  await world.idle();

  const answered = await world.answered();
  assert.is(world.caller.count('403'), 0);
  await world.hangUp(answered);
});

test('BYE in an early dialog gives the caller up', async ({ world }) => {
  const { callId, caller, invite } = await world.dialled();
  world.gateway.respond(invite, 180, 'Ringing', 't');
  await world.input('legProvisional');
  world.perform({ type: 'relayProvisional', callId, leg: 0, status: 180, reason: 'Ringing' });
  caller.learn(await world.caller.next('180'));

  caller.send('BYE');

  await world.caller.next('200 BYE');
  await world.caller.next('487 INVITE');
  await world.input('callerCancel');
  world.perform({ type: 'releaseLeg', callId, leg: 0 });
  world.gateway.respond(await world.gateway.next('CANCEL'), 200, 'OK', 't');
  world.gateway.respond(invite, 487, 'Request Terminated', 't');
  await world.idle();
});

test('a leg cannot be dialled for a caller who is gone', async ({ world }) => {
  world.dial('nobody');

  const failed = await world.input('legFailed');
  assert.equal([failed.callId, failed.origin], ['nobody', 'unreachable']);
});

test('unknown calls and legs are ignored', ({ world }) => {
  world.perform({ type: 'releaseLeg', callId: 'nobody', leg: 0 });
  world.perform({ type: 'relayProvisional', callId: 'nobody', leg: 0, status: 180, reason: '' });
  world.perform({ type: 'answer', callId: 'nobody', leg: 0 });
  world.perform({ type: 'reject', callId: 'nobody', status: 500, reason: '', silent: false });
  world.perform({ type: 'hangUp', callId: 'nobody', side: 'caller', reason: '' });
});

test('nothing of a few hundred calls is left', async ({ world }) => {
  for (let round = 0; round < 200; round++) {
    const { callId, invite } = await world.dialled();
    world.gateway.respond(invite, 486, 'Busy Here', 't');
    await world.input('legFailed');
    world.perform({ type: 'reject', callId, status: 486, reason: '', silent: false });
    await world.caller.next('486');
  }
  for (let round = 0; round < 20; round++) await world.hangUp(await world.answered());

  await world.idle();
});

test.run();
