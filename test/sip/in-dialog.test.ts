import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { AdapterWorld } from './adapter-world.ts';
import { PeerDialog, sdp } from './scripted-peer.ts';

const test = suite<{ world: AdapterWorld }>('sip/in-dialog');

test.before(async context => {
  context.world = await AdapterWorld.start(16040);
});

test.before.each(({ world }) => world.forget());

test.after(({ world }) => world.stop());

test('a re-INVITE of the caller goes on, and its answer and ACK with it', async ({ world }) => {
  const call = await world.answered();
  const offer = sdp(world.caller.address, 4002, 2);
  const answer = sdp(world.gateway.address, 6002, 2);

  call.caller.send('INVITE', { body: offer });
  const invite = await world.gateway.next('INVITE');
  assert.is(invite.body, offer);
  assert.match(invite.header('Contact'), /127\.0\.7\.1:16040/);
  world.gateway.respond(invite, 200, 'OK', '', { body: answer });
  await world.gateway.next('ACK');
  const ok = await world.caller.next('200 INVITE');

  assert.is(ok.body, answer);
  call.caller.ack();
  await world.hangUp(call);
});

test('a re-INVITE of the callee goes to the caller', async ({ world }) => {
  const call = await world.answered();
  const offer = sdp(world.gateway.address, 6004, 2);
  const answer = sdp(world.caller.address, 4004, 2);

  call.callee.send('INVITE', { body: offer });
  const invite = await world.caller.next('INVITE');
  assert.is(invite.body, offer);
  assert.match(invite.header('Contact'), /127\.0\.7\.1:16040/);
  world.caller.respond(invite, 200, 'OK', '', { body: answer });
  await world.caller.next('ACK');
  assert.is((await world.gateway.next('200 INVITE')).body, answer);
  call.callee.ack();

  await world.hangUp(call);
});

test('a re-INVITE without offer is answered in the ACK', async ({ world }) => {
  const call = await world.answered();
  const offer = sdp(world.gateway.address, 6002, 2);
  const answer = sdp(world.caller.address, 4002, 2);

  call.caller.send('INVITE');
  const invite = await world.gateway.next('INVITE');
  assert.is(invite.body, '');
  world.gateway.respond(invite, 200, 'OK', '', { body: offer });
  assert.is((await world.caller.next('200 INVITE')).body, offer);
  assert.is(world.gateway.count('ACK'), 0);
  call.caller.ack({ body: answer });

  assert.is((await world.gateway.next('ACK')).body, answer);
  await world.hangUp(call);
});

test('a refused re-INVITE leaves the call as it is', async ({ world }) => {
  const call = await world.answered();

  call.caller.send('INVITE', { body: sdp(world.caller.address, 4002, 2) });
  world.gateway.respond(await world.gateway.next('INVITE'), 488, 'Not Acceptable Here', '');
  await world.caller.next('488 INVITE');
  call.caller.send('INVITE', { body: sdp(world.caller.address, 4002, 2) });
  world.gateway.respond(await world.gateway.next('INVITE'), 200, 'OK', '', {
    body: sdp(world.gateway.address, 6000),
  });
  await world.caller.next('200 INVITE');
  call.caller.ack();

  await world.hangUp(call);
  assert.not(world.unread().includes('hangup'));
});

test('two re-INVITEs that meet are both refused with 491', async ({ world }) => {
  const call = await world.answered();

  call.caller.send('INVITE', { body: sdp(world.caller.address, 4002, 2) });
  const invite = await world.gateway.next('INVITE');
  call.callee.send('INVITE', { body: sdp(world.gateway.address, 6002, 2) });
  await world.gateway.next('491 INVITE');
  assert.is(world.caller.count('INVITE'), 0);
  world.gateway.respond(invite, 491, 'Request Pending', '');

  await world.caller.next('491 INVITE');
  await world.hangUp(call);
});

test('a second re-INVITE of the same side is asked to wait', async ({ world }) => {
  const call = await world.answered();
  call.caller.send('INVITE', { body: sdp(world.caller.address, 4002, 2) });
  const invite = await world.gateway.next('INVITE');

  call.caller.send('UPDATE', { body: sdp(world.caller.address, 4006, 3) });
  assert.match((await world.caller.next('500 UPDATE')).header('Retry-After'), /^\d+$/);

  world.gateway.respond(invite, 488, 'No', '');
  await world.caller.next('488 INVITE');
  await world.hangUp(call);
});

test("a re-INVITE of the callee before the caller's ACK is refused with 491", async ({ world }) => {
  const { callId, caller, invite } = await world.dialled();
  world.gateway.respond(invite, 200, 'OK', 't', { body: sdp(world.gateway.address, 6000) });
  await world.input('legAnswered');
  world.perform({ type: 'answer', callId, leg: 0 });
  caller.learn(await world.caller.next('200 INVITE'));
  await world.gateway.next('ACK');
  const callee = PeerDialog.ofRequest(world.gateway, invite, 't');

  callee.send('INVITE', { body: sdp(world.gateway.address, 6002, 2) });

  await world.gateway.next('491 INVITE');
  caller.ack();
  await world.hangUp({ callId, caller, callee, invite });
});

test('a cancelled re-INVITE is cancelled on the other side', async ({ world }) => {
  const call = await world.answered();
  call.caller.send('INVITE', { body: sdp(world.caller.address, 4002, 2) });
  const invite = await world.gateway.next('INVITE');
  world.gateway.respond(invite, 180, 'Ringing', '');

  call.caller.cancel();
  await world.caller.next('487 INVITE');
  world.gateway.respond(await world.gateway.next('CANCEL'), 200, 'OK', '');
  world.gateway.respond(invite, 487, 'Request Terminated', '');

  await world.hangUp(call);
});

test('BYE while a re-INVITE is pending ends both', async ({ world }) => {
  const call = await world.answered();
  call.caller.send('INVITE', { body: sdp(world.caller.address, 4002, 2) });
  await world.gateway.next('INVITE');

  call.caller.send('BYE');
  await world.caller.next('200 BYE');
  await world.caller.next('487 INVITE');
  await world.input('hangup');
  world.perform({ type: 'hangUp', callId: call.callId, side: 'callee', reason: 'CallerHangup' });
  world.gateway.respond(await world.gateway.next('BYE'), 200, 'OK', '');
  await world.idle();
});

test('UPDATE with and without offer goes both ways', async ({ world }) => {
  const call = await world.answered();
  const offer = sdp(world.gateway.address, 6010, 2);
  const answer = sdp(world.caller.address, 4010, 2);

  call.callee.send('UPDATE', { body: offer });
  const update = await world.caller.next('UPDATE');
  assert.is(update.body, offer);
  world.caller.respond(update, 200, 'OK', '', { body: answer });
  assert.is((await world.gateway.next('200 UPDATE')).body, answer);
  call.caller.send('UPDATE', { headers: ['Supported: timer', 'Session-Expires: 300;refresher=uac'] });
  const refresh = await world.gateway.next('UPDATE');
  assert.is(refresh.header('Session-Expires'), '');
  world.gateway.respond(refresh, 200, 'OK', '');

  assert.is((await world.caller.next('200 UPDATE')).header('Session-Expires'), '300;refresher=uac');
  await world.hangUp(call);
});

test('UPDATE crosses before the answer too', async ({ world }) => {
  const { callId, caller, invite } = await world.dialled({
    headers: ['Require: 100rel'],
    body: sdp(world.caller.address, 4000),
  });
  world.gateway.respond(invite, 183, 'Session Progress', 't', {
    headers: ['Require: 100rel', 'RSeq: 1'],
    body: sdp(world.gateway.address, 6000),
  });
  world.gateway.respond(await world.gateway.next('PRACK'), 200, 'OK', 't');
  await world.input('legProvisional');
  world.perform({ type: 'relayProvisional', callId, leg: 0, status: 183, reason: '' });
  const progress = await world.caller.next('183');
  caller.learn(progress);
  caller.send('PRACK', { headers: [`RAck: ${progress.header('RSeq')} 1 INVITE`] });
  await world.caller.next('200 PRACK');

  caller.send('UPDATE', { body: sdp(world.caller.address, 4020, 2) });
  const update = await world.gateway.next('UPDATE');
  world.gateway.respond(update, 200, 'OK', 't', { body: sdp(world.gateway.address, 6020, 2) });
  assert.match((await world.caller.next('200 UPDATE')).body, /6020/);
  const callee = PeerDialog.ofRequest(world.gateway, invite, 't');
  callee.send('UPDATE', { body: sdp(world.gateway.address, 6030, 3) });
  const back = await world.caller.next('UPDATE');
  world.caller.respond(back, 200, 'OK', '', { body: sdp(world.caller.address, 4030, 3) });
  assert.match((await world.gateway.next('200 UPDATE')).body, /4030/);

  world.gateway.respond(invite, 486, 'Busy Here', 't');
  await world.input('legFailed');
  world.perform({ type: 'reject', callId, status: 486, reason: '', silent: false });
  await world.caller.next('486');
  await world.idle();
});

test('INFO goes both ways with its body, and its answer back', async ({ world }) => {
  const call = await world.answered();

  call.caller.send('INFO', { contentType: 'application/dtmf-relay', body: 'Signal=5\r\n' });
  const info = await world.gateway.next('INFO');
  assert.equal([info.header('Content-Type'), info.body], ['application/dtmf-relay', 'Signal=5\r\n']);
  world.gateway.respond(info, 200, 'OK', '');
  await world.caller.next('200 INFO');
  call.callee.send('INFO', { contentType: 'application/dtmf-relay', body: 'Signal=6\r\n' });
  world.caller.respond(await world.caller.next('INFO'), 415, 'Unsupported Media Type', '');
  await world.gateway.next('415 INFO');

  await world.hangUp(call);
});

test('NOTIFY and MESSAGE keep what they mean', async ({ world }) => {
  const call = await world.answered();

  call.callee.send('NOTIFY', { headers: ['Event: talk', 'Subscription-State: active'] });
  const notify = await world.caller.next('NOTIFY');
  assert.equal([notify.header('Event'), notify.header('Subscription-State')], ['talk', 'active']);
  world.caller.respond(notify, 200, 'OK', '');
  await world.gateway.next('200 NOTIFY');
  call.caller.send('MESSAGE', { contentType: 'text/plain', body: 'Grüße' });
  const message = await world.gateway.next('MESSAGE');
  assert.is(message.body, 'Grüße');
  world.gateway.respond(message, 202, 'Accepted', '');
  await world.caller.next('202 MESSAGE');

  await world.hangUp(call);
});

test('OPTIONS is answered here, REFER and the like are not allowed', async ({ world }) => {
  const call = await world.answered();

  call.caller.send('OPTIONS');
  assert.match((await world.caller.next('200 OPTIONS')).header('Allow'), /INVITE/);
  call.caller.send('REFER', { headers: [`Refer-To: <sip:1@${world.caller.address}>`] });
  assert.match((await world.caller.next('405 REFER')).header('Allow'), /UPDATE/);
  call.caller.send('INFO', { headers: ['Require: unheard-of'] });
  assert.is((await world.caller.next('420 INFO')).header('Unsupported'), 'unheard-of');
  assert.is(world.gateway.count('OPTIONS') + world.gateway.count('REFER') + world.gateway.count('INFO'), 0);

  await world.hangUp(call);
});

test('481 to a request in the dialog ends the call', async ({ world }) => {
  const call = await world.answered();

  call.caller.send('INVITE', { body: sdp(world.caller.address, 4002, 2) });
  world.gateway.respond(await world.gateway.next('INVITE'), 481, 'Call Does Not Exist', '');
  await world.caller.next('481 INVITE');
  assert.equal(await world.input('hangup'), { type: 'hangup', callId: call.callId, by: 'callee' });
  world.gateway.respond(await world.gateway.next('BYE'), 481, 'Call Does Not Exist', '');
  world.perform({ type: 'hangUp', callId: call.callId, side: 'caller', reason: 'CalleeHangup' });
  world.caller.respond(await world.caller.next('BYE'), 200, 'OK', '');

  await world.idle();
});

test('a request for a side that is already hung up is refused', async ({ world }) => {
  const call = await world.answered();
  world.perform({ type: 'hangUp', callId: call.callId, side: 'callee', reason: 'ForcedRelease' });
  const bye = await world.gateway.next('BYE');

  call.caller.send('INFO', { contentType: 'text/plain', body: 'x' });
  await world.caller.next('481 INFO');

  world.gateway.respond(bye, 200, 'OK', '');
  world.perform({ type: 'hangUp', callId: call.callId, side: 'caller', reason: 'ForcedRelease' });
  world.caller.respond(await world.caller.next('BYE'), 200, 'OK', '');
  await world.idle();
});

test.run();
