import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { tagOf } from '../../src/sip/address.ts';
import { AdapterWorld } from './adapter-world.ts';
import { type Message, newDialog, PeerDialog, parse, type ScriptedPeer, sdp } from './scripted-peer.ts';

const test = suite<{ world: AdapterWorld }>('sip/hiding');

test.before(async context => {
  context.world = await AdapterWorld.start(16060);
});

test.after(({ world }) => world.stop());

/** Headers that tell of a network, as a talkative peer sends them. */
function telling(name: string, peer: ScriptedPeer): readonly string[] {
  return [
    `Record-Route: <sip:proxy-${name}@${peer.address}:${peer.port};lr>`,
    `Warning: 399 ${name}.example "warned by ${name}"`,
    `Server: server-of-${name}`,
    `P-Asserted-Identity: <sip:identity-${name}@${name}.example>`,
    `Remote-Party-ID: <sip:rpid-${name}@${name}.example>`,
    `Diversion: <sip:diverted-${name}@${name}.example>`,
    `History-Info: <sip:history-${name}@${name}.example>;index=1`,
    `X-Secret: x-${name}`,
    `X-Class4-Silent: 1`,
    `Organization: org-${name}`,
    `Call-Info: <http://${name}.example/info>`,
    `Supported: replaces`,
  ];
}

/** Media addresses are hidden from nobody: they are the point of the SDP. */
const callerMedia = '192.0.2.10';
const calleeMedia = '192.0.2.20';

function identifiers(messages: readonly Message[]): string[] {
  const found = new Set<string>();
  for (const message of messages) {
    found.add(message.header('Call-ID'));
    for (const name of ['From', 'To']) {
      const tag = tagOf(message.header(name));
      if (tag !== '') found.add(tag);
    }
    for (const via of message.all('Via')) {
      const branch = /branch=([^;,\s]+)/.exec(via)?.[1];
      if (branch !== undefined) found.add(branch);
    }
  }
  return [...found];
}

function complain(side: string, heard: readonly string[], secrets: readonly string[]): void {
  for (const secret of secrets) {
    const leak = heard.find(each => each.includes(secret));
    assert.is(leak, undefined, `${side} hears ${secret}`);
  }
}

async function talk(world: AdapterWorld): Promise<void> {
  const caller = newDialog(world.caller, world.switchAt, '447700900123');
  caller.send('INVITE', {
    headers: [...telling('customer', world.caller), 'Privacy: id'],
    body: sdp(callerMedia, 4000),
  });
  const { callId } = await world.input('invite');
  world.dial(callId, 0);
  const first = await world.gateway.next('INVITE');
  world.gateway.respond(first, 503, 'overload at acme.example', 'first-try', {
    headers: telling('vendor', world.gateway),
  });
  await world.input('legFailed');
  world.dial(callId, 1);
  const invite = await world.gateway.next('INVITE');
  assert.is(invite.header('Privacy'), 'id');
  const reason = `Progress at ${world.gateway.address}`;
  world.gateway.respond(invite, 183, reason, 't-vendor', {
    headers: telling('vendor', world.gateway),
    body: sdp(calleeMedia, 6000),
  });
  const progress = await world.input('legProvisional');
  world.perform({ type: 'relayProvisional', callId, leg: 1, status: 183, reason: progress.reason });
  await world.caller.next('183');
  world.gateway.respond(invite, 200, 'OK', 't-vendor', {
    headers: telling('vendor', world.gateway),
    body: sdp(calleeMedia, 6000),
  });
  await world.input('legAnswered');
  world.perform({ type: 'answer', callId, leg: 1 });
  caller.learn(await world.caller.next('200 INVITE'));
  caller.ack({ headers: telling('customer', world.caller) });
  const callee = PeerDialog.ofRequest(world.gateway, invite, 't-vendor');
  await world.gateway.next('ACK');
  for (const method of ['INVITE', 'UPDATE', 'INFO']) {
    caller.send(method, { headers: telling('customer', world.caller), body: sdp(callerMedia, 4000, 2) });
    const request = await world.gateway.next(method);
    world.gateway.respond(request, 200, 'OK', '', {
      headers: telling('vendor', world.gateway),
      body: sdp(calleeMedia, 6000),
    });
    await world.caller.next(`200 ${method}`);
    if (method === 'INVITE') caller.ack({ headers: telling('customer', world.caller) });
    callee.send(method, { headers: telling('vendor', world.gateway), body: sdp(calleeMedia, 6000, 2) });
    const back = await world.caller.next(method);
    world.caller.respond(back, 488, `refused by ${world.caller.address}`, '', {
      headers: telling('customer', world.caller),
    });
    await world.gateway.next(`488 ${method}`);
  }
  caller.send('BYE', {
    headers: [...telling('customer', world.caller), 'Reason: Q.850;cause=16;text="customer.example"'],
  });
  await world.caller.next('200 BYE');
  world.perform({ type: 'hangUp', callId, side: 'callee', reason: 'CallerHangup' });
  world.gateway.respond(await world.gateway.next('BYE'), 200, 'OK', '', {
    headers: telling('vendor', world.gateway),
  });
  await world.idle();
}

test('no host, Call-ID, tag, branch, product name or private header of one side is heard on the other', async ({
  world,
}) => {
  await talk(world);

  const { caller, gateway } = world;
  const callerHeard = caller.heard.map(parse);
  const gatewayHeard = gateway.heard.map(parse);
  complain('the gateway', gateway.heard, [
    ...identifiers(callerHeard),
    caller.address,
    'customer',
    'The caller',
    'alice',
    'peer-of-the-test',
    'replaces',
  ]);
  complain('the caller', caller.heard, [
    ...identifiers(gatewayHeard),
    gateway.address,
    'vendor',
    'acme',
    'first-try',
    'replaces',
  ]);
  assert.not(caller.heard.some(each => /peer-of-the-test/.test(each)));
});

test('a caller without a number stays without one', async ({ world }) => {
  world.forget();
  const { callId } = await world.dialled();
  world.dial(callId, 1, 'anonymous');

  const invite = await world.gateway.next('INVITE');

  assert.match(invite.header('From'), /^"Anonymous" <sip:anonymous@anonymous\.invalid>;tag=/);
  assert.not.match(invite.raw, /12025550100/);
});

test('numbers are escaped on the wire', async ({ world }) => {
  world.forget();
  const { callId } = await world.dialled();
  world.dial(callId, 1, '12#3', 'ab#44"x\r\ny');

  const invite = await world.gateway.next('INVITE');

  assert.match(invite.startLine, /^INVITE sip:ab%2344%22x%0D%0Ay@127\.0\.7\.3:16062 SIP\/2\.0$/);
  assert.match(invite.header('From'), /^<sip:12%233@127\.0\.7\.1/);
});

test.run();
