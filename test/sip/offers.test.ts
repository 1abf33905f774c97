import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { AdapterWorld } from './adapter-world.ts';
import { PeerDialog, sdp } from './scripted-peer.ts';

const test = suite<{ world: AdapterWorld }>('sip/offers');

test.before(async context => {
  context.world = await AdapterWorld.start(16020);
});

test.before.each(({ world }) => world.forget());

test.after(({ world }) => world.stop());

test('a late offer goes back in the 200 and its answer on in the ACK', async ({ world }) => {
  const { callId, caller, invite } = await world.dialled({ body: '' });
  assert.is(invite.body, '');
  const offer = sdp(world.gateway.address, 6000);
  const answer = sdp(world.caller.address, 4000);

  world.gateway.respond(invite, 200, 'OK', 't', { body: offer });
  await world.input('legAnswered');
  assert.is(world.gateway.count('ACK'), 0);
  world.perform({ type: 'answer', callId, leg: 0 });
  const ok = await world.caller.next('200 INVITE');
  assert.is(ok.body, offer);
  caller.learn(ok);
  caller.ack({ body: answer });
  const ack = await world.gateway.next('ACK');

  assert.is(ack.body, answer);
  await world.hangUp({ callId, caller, callee: PeerDialog.ofRequest(world.gateway, invite, 't'), invite });
});

test('a late offer that is never answered is acknowledged when the caller hangs up', async ({ world }) => {
  const { callId, caller, invite } = await world.dialled({ body: '' });
  world.gateway.respond(invite, 200, 'OK', 't', { body: sdp(world.gateway.address, 6000) });
  await world.input('legAnswered');
  world.perform({ type: 'answer', callId, leg: 0 });
  caller.learn(await world.caller.next('200 INVITE'));

  caller.send('BYE');
  await world.input('hangup');
  world.perform({ type: 'hangUp', callId, side: 'callee', reason: 'CallerHangup' });

  await world.gateway.next('ACK');
  world.gateway.respond(await world.gateway.next('BYE'), 200, 'OK', '');
  await world.idle();
});

test('early media goes to the caller as it came', async ({ world }) => {
  const { callId, caller, invite } = await world.dialled();
  const media = sdp(world.gateway.address, 6000);
  world.gateway.respond(invite, 183, 'Session Progress', 't', { body: media });
  const input = await world.input('legProvisional');
  assert.equal([input.status, input.hasSdp], [183, true]);

  world.perform({ type: 'relayProvisional', callId, leg: 0, status: 183, reason: 'Session Progress' });
  const progress = await world.caller.next('183');

  assert.is(progress.body, media);
  assert.is(progress.header('Content-Type'), 'application/sdp');
  assert.is(progress.header('Require'), '');
  world.gateway.respond(invite, 480, 'Gone', 't');
  await world.input('legFailed');
  world.perform({ type: 'reject', callId, status: 480, reason: '', silent: false });
  caller.learn(await world.caller.next('480'));
  await world.idle();
});

test('a body of another type goes through with its headers', async ({ world }) => {
  const body = `--b\r\nContent-Type: application/sdp\r\n\r\n${sdp('192.0.2.1', 1)}\r\n--b\r\nContent-Type: application/x-note\r\n\r\nnote\r\n--b--\r\n`;
  const { callId, caller, invite } = await world.dialled({
    body,
    headers: ['MIME-Version: 1.0', 'Content-Language: en'],
    contentType: 'multipart/mixed;boundary=b',
  });

  assert.is(invite.body, body);
  assert.is(invite.header('Content-Type'), 'multipart/mixed;boundary=b');
  assert.is(invite.header('MIME-Version'), '1.0');
  world.gateway.respond(invite, 415, 'No', 't');
  await world.input('legFailed');
  world.perform({ type: 'reject', callId, status: 415, reason: '', silent: false });
  caller.learn(await world.caller.next('415'));
  await world.idle();
});

test('the tags of several forks do not disturb the call', async ({ world }) => {
  const { callId, caller, invite } = await world.dialled();
  for (const tag of ['fork-a', 'fork-b', 'fork-c']) {
    world.gateway.respond(invite, 180, 'Ringing', tag);
    await world.input('legProvisional');
    world.perform({ type: 'relayProvisional', callId, leg: 0, status: 180, reason: 'Ringing' });
  }
  const tags = new Set<string>();
  for (let n = 0; n < 3; n++) tags.add((await world.caller.next('180')).header('To'));
  assert.is(tags.size, 1, 'the caller has one early dialog');

  world.gateway.respond(invite, 200, 'OK', 'fork-b', { body: sdp(world.gateway.address, 6000) });
  await world.input('legAnswered');
  world.perform({ type: 'answer', callId, leg: 0 });
  caller.learn(await world.caller.next('200 INVITE'));
  caller.ack();

  assert.match((await world.gateway.next('ACK')).header('To'), /tag=fork-b/);
  await world.hangUp({
    callId,
    caller,
    callee: PeerDialog.ofRequest(world.gateway, invite, 'fork-b'),
    invite,
  });
});

test('a reliable response of the gateway gets its PRACK though the caller knows nothing of it', async ({
  world,
}) => {
  const { callId, caller, invite } = await world.dialled();
  assert.is(invite.header('Supported'), '');
  world.gateway.respond(invite, 183, 'Session Progress', 't', {
    headers: ['Require: 100rel', 'RSeq: 7'],
    body: sdp(world.gateway.address, 6000),
  });

  const prack = await world.gateway.next('PRACK');
  assert.match(prack.header('RAck'), /^7 1 INVITE/);
  world.gateway.respond(prack, 200, 'OK', 't');
  await world.input('legProvisional');
  world.perform({ type: 'relayProvisional', callId, leg: 0, status: 183, reason: 'Session Progress' });
  const progress = await world.caller.next('183');
  assert.is(progress.header('Require'), '');
  assert.is(progress.header('RSeq'), '');

  world.gateway.respond(invite, 200, 'OK', 't');
  await world.input('legAnswered');
  world.perform({ type: 'answer', callId, leg: 0 });
  const ok = await world.caller.next('200 INVITE');
  assert.is(ok.body, sdp(world.gateway.address, 6000), 'the SDP that the caller did not get reliably');
  assert.is(ok.header('Content-Type'), 'application/sdp');
  caller.learn(ok);
  caller.ack();
  await world.gateway.next('ACK');
  await world.hangUp({ callId, caller, callee: PeerDialog.ofRequest(world.gateway, invite, 't'), invite });
});

test('a caller who requires reliable responses gets them, and its PRACK is answered', async ({ world }) => {
  const { callId, caller, invite } = await world.dialled({
    headers: ['Require: 100rel'],
    body: sdp(world.caller.address, 4000),
  });
  assert.is(invite.header('Supported'), '100rel');
  world.gateway.respond(invite, 180, 'Ringing', 't');
  await world.input('legProvisional');
  world.perform({ type: 'relayProvisional', callId, leg: 0, status: 180, reason: 'Ringing' });
  const ringing = await world.caller.next('180');
  assert.is(ringing.header('Require'), '100rel');
  caller.learn(ringing);
  caller.send('PRACK', { headers: [`RAck: ${ringing.header('RSeq')} 1 INVITE`] });
  await world.caller.next('200 PRACK');

  world.gateway.respond(invite, 200, 'OK', 't', { body: sdp(world.gateway.address, 6000) });
  await world.input('legAnswered');
  world.perform({ type: 'answer', callId, leg: 0 });
  caller.learn(await world.caller.next('200 INVITE'));
  caller.ack();
  await world.hangUp({ callId, caller, callee: PeerDialog.ofRequest(world.gateway, invite, 't'), invite });
});

test('a late offer in a reliable response is answered by the PRACK of the caller', async ({ world }) => {
  const { callId, caller, invite } = await world.dialled({ headers: ['Supported: 100rel'], body: '' });
  const offer = sdp(world.gateway.address, 6000);
  const answer = sdp(world.caller.address, 4000);
  world.gateway.respond(invite, 183, 'Session Progress', 't', {
    headers: ['Require: 100rel', 'RSeq: 1'],
    body: offer,
  });
  await world.input('legProvisional');
  world.perform({ type: 'relayProvisional', callId, leg: 0, status: 183, reason: 'Session Progress' });

  const progress = await world.caller.next('183');
  assert.is(progress.header('Require'), '100rel');
  assert.is(progress.body, offer);
  assert.is(world.gateway.count('PRACK'), 0);
  caller.learn(progress);
  caller.send('PRACK', { headers: [`RAck: ${progress.header('RSeq')} 1 INVITE`], body: answer });
  const prack = await world.gateway.next('PRACK');
  assert.is(prack.body, answer);
  world.gateway.respond(prack, 200, 'OK', 't');
  await world.caller.next('200 PRACK');

  world.gateway.respond(invite, 200, 'OK', 't');
  await world.input('legAnswered');
  await world.gateway.next('ACK');
  world.perform({ type: 'answer', callId, leg: 0 });
  caller.learn(await world.caller.next('200 INVITE'));
  caller.ack();
  await world.hangUp({ callId, caller, callee: PeerDialog.ofRequest(world.gateway, invite, 't'), invite });
});

test('a new offer in PRACK is refused', async ({ world }) => {
  const { callId, caller, invite } = await world.dialled({
    headers: ['Require: 100rel'],
    body: sdp(world.caller.address, 4000),
  });
  world.gateway.respond(invite, 183, 'Session Progress', 't', { body: sdp(world.gateway.address, 6000) });
  await world.input('legProvisional');
  world.perform({ type: 'relayProvisional', callId, leg: 0, status: 183, reason: '' });
  const progress = await world.caller.next('183');
  caller.learn(progress);

  caller.send('PRACK', {
    headers: [`RAck: ${progress.header('RSeq')} 1 INVITE`],
    body: sdp(world.caller.address, 4002, 2),
  });

  await world.caller.next('488 PRACK');
  world.gateway.respond(invite, 486, 'Busy Here', 't');
  await world.input('legFailed');
  world.perform({ type: 'reject', callId, status: 486, reason: '', silent: false });
  await world.caller.next('486');
  await world.idle();
});

test('a caller with session timers is told an interval, and the gateway nothing of it', async ({ world }) => {
  const { callId, caller, invite } = await world.dialled({
    headers: ['Supported: timer', 'Session-Expires: 300;refresher=uac'],
    body: sdp(world.caller.address, 4000),
  });
  assert.not.match(invite.raw, /timer|Session-Expires/i);
  world.gateway.respond(invite, 200, 'OK', 't', { body: sdp(world.gateway.address, 6000) });
  await world.input('legAnswered');
  world.perform({ type: 'answer', callId, leg: 0 });
  const ok = await world.caller.next('200 INVITE');

  assert.is(ok.header('Session-Expires'), '300;refresher=uac');
  assert.is(ok.header('Require'), 'timer');
  caller.learn(ok);
  caller.ack();
  await world.hangUp({ callId, caller, callee: PeerDialog.ofRequest(world.gateway, invite, 't'), invite });
});

test.run();
