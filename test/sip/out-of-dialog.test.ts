import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { AdapterWorld } from './adapter-world.ts';
import { newDialog, sdp } from './scripted-peer.ts';

const test = suite<{ world: AdapterWorld }>('sip/out-of-dialog');

test.before(async context => {
  context.world = await AdapterWorld.start(16080);
});

test.before.each(({ world }) => world.forget());

test.after(({ world }) => world.stop());

test('OPTIONS is answered with what we take', async ({ world }) => {
  newDialog(world.caller, world.switchAt, '1').send('OPTIONS');

  const ok = await world.caller.next('200 OPTIONS');

  assert.match(ok.header('Allow'), /INVITE, ACK, CANCEL, BYE, OPTIONS, PRACK, UPDATE, INFO/);
  assert.is(ok.header('Accept'), 'application/sdp');
  assert.is(ok.header('Supported'), '100rel, timer');
});

for (const method of ['REGISTER', 'MESSAGE', 'SUBSCRIBE', 'NOTIFY', 'PUBLISH', 'INFO']) {
  test(`${method} outside a dialog is not allowed`, async ({ world }) => {
    newDialog(world.caller, world.switchAt, '1').send(method, {
      headers: ['Event: presence', 'Expires: 60'],
    });

    assert.match((await world.caller.next(`405 ${method}`)).header('Allow'), /INVITE/);
  });
}

const objections: readonly (readonly [string, readonly string[], number, string, string])[] = [
  ['more hops than are left', ['Max-Forwards: 1'], 483, '', ''],
  ['an unknown extension', ['Require: precondition'], 420, 'Unsupported', 'precondition'],
  ['a session interval below the least', ['Session-Expires: 60', 'Supported: timer'], 422, 'Min-SE', '90'],
];

for (const [what, headers, status, name, value] of objections) {
  test(`an INVITE with ${what} gets ${status} and no call`, async ({ world }) => {
    newDialog(world.caller, world.switchAt, '1').send('INVITE', { headers, body: sdp('192.0.2.1', 4000) });

    const response = await world.caller.next(String(status));

    if (name !== '') assert.is(response.header(name), value);
    await world.idle();
    assert.equal(world.unread(), []);
  });
}

test('an INVITE to another scheme gets 416', async ({ world }) => {
  const dialog = newDialog(world.caller, world.switchAt, '1');
  dialog.target = 'fax:+12025550123';
  dialog.send('INVITE', { body: sdp('192.0.2.1', 4000) });

  const response = await world.caller.next('416');

  assert.is(response.header('CSeq'), '1 INVITE');
});

test('a tel URI is a number like any other', async ({ world }) => {
  const dialog = newDialog(world.caller, world.switchAt, '1');
  dialog.target = 'tel:+1-202-555-0123';
  dialog.send('INVITE', { body: sdp('192.0.2.1', 4000) });

  const { callId, callee } = await world.input('invite');

  assert.is(callee, '+12025550123');
  world.perform({ type: 'reject', callId, status: 404, reason: '', silent: false });
  await world.idle();
});

test('an address that is no number is told as such', async ({ world }) => {
  newDialog(world.caller, world.switchAt, 'john.smith').send('INVITE', { body: sdp('192.0.2.1', 4000) });

  const { callId, callee } = await world.input('invite');

  assert.is(callee, null);
  world.perform({ type: 'reject', callId, status: 484, reason: '', silent: false });
  await world.caller.next('484');
  await world.idle();
});

test('a gateway gets one hop less than the caller sent', async ({ world }) => {
  const { callId, invite } = await world.dialled({
    headers: ['Max-Forwards: 20'],
    body: sdp('192.0.2.1', 4000),
  });

  assert.is(invite.header('Max-Forwards'), '19');
  world.gateway.respond(invite, 404, 'Not Found', 't');
  await world.input('legFailed');
  world.perform({ type: 'reject', callId, status: 404, reason: '', silent: false });
  await world.idle();
});

test('BYE for a call that never was gets 481', async ({ world }) => {
  const dialog = newDialog(world.caller, world.switchAt, '1');
  dialog.remote = `${dialog.remote};tag=unknown`;
  dialog.send('BYE');

  await world.caller.next('481 BYE');
});

test.run();
