import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { H } from '../../src/edge/message/header-names.ts';
import {
  BOB,
  clientInvite,
  clientRequest,
  establishedOutgoing,
  outgoingCall,
  response,
  summary,
  World,
} from './world.ts';

const test = suite('edge/requests-out');

test('an INVITE is completed with what the client left out, and echoed as it went out', () => {
  const world = new World();
  const client = world.client();
  const id = world.frame(client, `sip||\r\n${clientInvite('x-account: 7\r\nVia: SIP/2.0/UDP evil\r\n')}`);
  const [sent] = world.takeSent();
  const reply = world.frames.find(frame => frame.meta[2] === id)!;
  assert.is(reply.text, sent!.text);
  assert.is(reply.meta[3], 'OK');
  assert.is(reply.meta[4], 'application');
  assert.equal(sent!.to.address, '10.0.0.9');
  const { message } = sent!;
  assert.match(message.first(H.from), /^<?sip:4411@10\.0\.0\.1>?;tag=/);
  assert.is(message.first(H.to), '<sip:4420@10.0.0.9>');
  assert.is(message.first(H.contact), '<sip:4411@10.0.0.1:5060>');
  assert.is(message.first(H.cseq), '1 INVITE');
  assert.is(message.first(H.maxForwards), '70');
  assert.is(message.count(H.via), 1);
  assert.match(sent!.text, '\r\nX-Account: 7\r\n');
});

test('a next hop given with the request is where it goes', () => {
  const world = new World();
  const client = world.client();
  world.frame(client, `sip|||sip:10.0.0.20:5080\r\n${clientInvite()}`);
  const [sent] = world.takeSent();
  assert.is(`${sent!.to.address}:${sent!.to.port}`, '10.0.0.20:5080');
  assert.is(sent!.message.uri, 'sip:4420@10.0.0.9');
});

test('a digest retry keeps its Call-ID and From tag and counts on', () => {
  const world = new World();
  const client = world.client();
  const call = outgoingCall(world, client);
  world.receive(response(call.sent, 407, 'Proxy Authentication Required', 'bt'), BOB);
  const from = call.sent.message.first(H.from);
  const callId = call.sent.message.first(H.callId);
  world.takeSent();
  world.frame(
    client,
    `sip||\r\nINVITE sip:4420@10.0.0.9 SIP/2.0\r\nFrom: ${from}\r\ncall-id: ${callId}\r\nCSeq: 2 INVITE\r\nProxy-Authorization: Digest x\r\nContent-Length: 0\r\n\r\n`,
  );
  const [retry] = world.takeSent();
  assert.is(retry!.message.first(H.from), from);
  assert.is(retry!.message.first(H.callId), callId);
  assert.is(retry!.message.first(H.cseq), '2 INVITE');
});

test('a request to ourselves, to an unknown host, or over a transport we lack is refused', () => {
  const world = new World();
  const client = world.client();
  world.names.set('nowhere.example', null);
  const reasons = [
    'sip:10.0.0.1:5060',
    'sip:nowhere.example',
    'sips:10.0.0.9',
    'sip:[2001:db8::9];transport=tcp',
    'tel:123',
  ].map(uri => world.replyTo(world.frame(client, `sip||\r\n${clientInvite('', '', uri)}`))[4]);
  assert.equal(reasons, [
    'can not send request to myself',
    'unable to resolve nowhere.example',
    'no transport for sips:10.0.0.9: the edge speaks udp and tcp',
    'no tcp listener for 2001:db8::9',
    'invalid or unsupported URI: tel:123',
  ]);
});

test('a host name is looked up before the request goes out', () => {
  const world = new World();
  const client = world.client();
  const id = world.frame(client, `sip||\r\n${clientInvite('', '', 'sip:4420@carrier.example')}`);
  assert.equal(world.takeSent(), []);
  world.lookups[0]!.done({ address: '10.0.0.77', port: 5090 });
  assert.is(world.takeSent()[0]!.to.port, 5090);
  assert.is(world.replyTo(id)[3], 'OK');
});

test('an IPv6 peer is reached from the IPv6 listener', () => {
  const world = new World();
  const client = world.client();
  world.frame(client, `sip||\r\n${clientInvite('', '', 'sip:4420@[2001:db8::9]:5070')}`);
  const [sent] = world.takeSent();
  assert.is(sent!.to.address, '2001:db8::9');
  assert.match(sent!.message.first(H.via), /^SIP\/2\.0\/UDP \[2001:db8::1\]:5060;/);
});

test('a BYE while our re-INVITE is pending cancels that first', () => {
  const world = new World();
  const client = world.client();
  const { dialog } = establishedOutgoing(world, client);
  world.frame(client, `sip||${dialog}\r\n${clientRequest('INVITE', '', 'v=0\r\n')}`);
  const [reinvite] = world.takeSent();
  assert.is(reinvite!.message.first(H.cseq), '2 INVITE');
  world.receive(response(reinvite!, 100, 'Trying', ''), BOB);
  world.frame(client, `sip||${dialog}\r\n${clientRequest('BYE')}`);
  assert.equal(summary(world.takeSent()), ['CANCEL', 'BYE']);
});

test('a challenged BYE leaves the dialog alive for the retry; its success ends it', () => {
  const world = new World();
  const client = world.client();
  const { dialog } = establishedOutgoing(world, client);
  world.frame(client, `sip||${dialog}\r\n${clientRequest('BYE')}`);
  world.receive(response(world.takeSent()[0]!, 407, 'Proxy Authentication Required', ''), BOB);
  assert.is(world.count('dialogs'), 1);
  world.frame(
    client,
    `sip||${dialog}\r\n${clientRequest('BYE', 'Proxy-Authorization: Digest x\r\nCSeq: 3 BYE\r\n')}`,
  );
  const [retry] = world.takeSent();
  assert.is(retry!.message.first(H.cseq), '3 BYE');
  world.receive(response(retry!, 200, 'OK', ''), BOB);
  assert.is(world.count('dialogs'), 0);
});

test('a BYE that nobody answers ends the dialog with a 408 of our own', () => {
  const world = new World();
  const client = world.client();
  const { dialog } = establishedOutgoing(world, client);
  world.frame(client, `sip||${dialog}\r\n${clientRequest('BYE')}`);
  world.frames.length = 0;
  world.advance(33_000);
  assert.is(world.takeFrames()[0]?.message?.status, 408);
  assert.is(world.count('dialogs'), 0);
});

test("the client's Max-Forwards is kept, so that loops end", () => {
  const world = new World();
  const client = world.client();
  world.frame(client, `sip||\r\n${clientInvite('Max-Forwards: 12\r\n')}`);
  assert.is(world.takeSent()[0]!.message.first(H.maxForwards), '12');
  const { dialog } = establishedOutgoing(world, client);
  world.frame(client, `sip||${dialog}\r\n${clientRequest('INFO', 'Max-Forwards: 11\r\n')}`);
  assert.is(world.takeSent()[0]!.message.first(H.maxForwards), '11');
});

test.run();
