import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { tagOf } from '../../src/edge/message/fields.ts';
import { H } from '../../src/edge/message/header-names.ts';
import {
  BOB,
  BOB_CONTACT,
  clientInvite,
  clientRequest,
  outgoingCall,
  response,
  summary,
  World,
} from './world.ts';

const test = suite('edge/invite-client');

const CANCEL = 'CANCEL sip:x SIP/2.0\r\nReason: SIP;cause=200\r\nContent-Length: 0\r\n\r\n';

test('an unanswered INVITE is sent after each interval of the list, then fails with a 408 of our own', () => {
  const world = new World();
  const client = world.client();
  const start = world.now;
  const call = outgoingCall(world, client);
  world.advance(33_000);
  assert.equal(
    world.takeSent().map(each => each.at - start),
    [500, 1500, 3500, 7500, 11500, 15500, 19500, 23500, 27500, 31500],
  );
  const [frame] = world.takeFrames();
  assert.is(frame?.message?.status, 408);
  assert.is(frame?.meta[2], 'network');
  assert.equal(frame?.meta.slice(3, 7), ['0', 'udp', '', '']);
  assert.is(frame?.meta[8], call.transaction);
  assert.is(frame?.meta[9], call.dialog);
  assert.is(world.count('dialogs'), 0);
  assert.is(world.count('timers'), 0);
});

test("a request's own resend list is used up, then it fails; the list never reaches the wire", () => {
  const world = new World();
  const client = world.client(['invite'], 'x-class4');
  const start = world.now;
  const call = outgoingCall(world, client, 'X-Class4-Resend-Ms: 200,300\r\n');
  assert.not.match(call.sent.text, /class4/i);
  world.advance(5000);
  assert.equal(
    world.takeSent().map(each => each.at - start),
    [200, 500],
  );
  assert.is(world.takeFrames()[0]?.message?.status, 408);
});

test('a resend list that is none is refused, and ignored from a client without the extension', () => {
  const world = new World();
  const extended = world.client(['invite'], 'x-class4');
  const plain = world.client(['invite']);
  const refused = world.frame(extended, `sip||\r\n${clientInvite('X-Class4-Resend-Ms: 0,5\r\n')}`);
  assert.is(world.replyTo(refused)[3], 'NOK');
  const sent = world.frame(plain, `sip||\r\n${clientInvite('X-Class4-Resend-Ms: 0,5\r\n')}`);
  assert.is(world.replyTo(sent)[3], 'OK');
  assert.not.match(world.takeSent()[0]!.text, /class4/i);
});

test('nothing listens at the other end: a 503 of our own at once', () => {
  const world = new World();
  const client = world.client();
  outgoingCall(world, client);
  world.core.unreachable('udp', '10.0.0.9', 5060, world.now);
  const [frame] = world.takeFrames();
  assert.is(frame?.message?.status, 503);
  assert.is(frame?.meta[3], '0');
});

test('100 Trying stops the retransmission; only a client that asked for it hears of it', () => {
  for (const [tags, expected] of [
    ['', []],
    ['x-class4', [100]],
  ] as const) {
    const world = new World();
    const client = world.client(['invite'], tags);
    const call = outgoingCall(world, client);
    world.receive(response(call.sent, 100, 'Trying', ''), BOB);
    assert.equal(
      world.takeFrames().map(frame => frame.message?.status),
      expected,
    );
    world.advance(60_000);
    assert.equal(world.takeSent(), []);
  }
});

test('a 100 to a request with credentials is not passed up: drachtio-srf would take it for the verdict on them', () => {
  const world = new World();
  const client = world.client(['invite'], 'x-class4');
  const call = outgoingCall(world, client, 'Proxy-Authorization: Digest username="a"\r\n');
  world.receive(response(call.sent, 100, 'Trying', ''), BOB);
  assert.equal(world.takeFrames(), []);
});

test('provisional responses carry the dialog id, tagged or not', () => {
  const world = new World();
  const client = world.client();
  const call = outgoingCall(world, client);
  world.receive(response(call.sent, 180, 'Ringing', ''), BOB);
  world.receive(response(call.sent, 183, 'Session Progress', 'bt', BOB_CONTACT), BOB);
  assert.equal(
    world.takeFrames().map(frame => [frame.message?.status, frame.meta[8], frame.meta[9]]),
    [
      [180, call.transaction, call.dialog],
      [183, call.transaction, call.dialog],
    ],
  );
});

test('a failure is acknowledged hop by hop, its retransmissions again, and the dialog is gone', () => {
  const world = new World();
  const client = world.client();
  const call = outgoingCall(world, client);
  const busy = response(call.sent, 486, 'Busy Here', 'bt');
  world.receive(busy, BOB);
  const [ack] = world.takeSent();
  assert.is(ack!.message.method, 'ACK');
  assert.is(ack!.message.first(H.via), call.sent.message.first(H.via));
  assert.is(tagOf(ack!.message.first(H.to)), 'bt');
  assert.is(ack!.message.first(H.cseq), '1 ACK');
  world.receive(busy, BOB);
  assert.is(world.takeSent()[0]!.text, ack!.text);
  assert.equal(
    world.takeFrames().map(frame => frame.message?.status),
    [486],
  );
  const late = world.frame(client, `sip||${call.dialog}\r\n${clientRequest('ACK')}`);
  assert.match(world.replyTo(late)[4]!, /unable to find dialog/i);
  assert.is(world.count('dialogs'), 0);
});

test('an answer is acknowledged by the client in the dialog; its retransmissions are absorbed and acknowledged again', () => {
  const world = new World();
  const client = world.client();
  const call = outgoingCall(world, client);
  const ok = response(
    call.sent,
    200,
    'OK',
    'bt',
    `Record-Route: <sip:10.0.0.30;lr>\r\n${BOB_CONTACT}`,
    'v=0\r\n',
  );
  world.receive(ok, BOB);
  assert.is(world.takeFrames()[0]?.meta[9], call.dialog);
  world.frame(
    client,
    `sip||${call.dialog}\r\n${clientRequest('ACK', 'Content-Type: application/sdp\r\n', 'v=0 answer')}`,
  );
  const [ack] = world.takeSent();
  assert.is(ack!.message.uri, 'sip:bob@10.0.0.9:5060');
  assert.is(ack!.to.address, '10.0.0.30');
  assert.is(ack!.message.body, 'v=0 answer');
  assert.is(ack!.message.first(H.cseq), '1 ACK');
  assert.is.not(ack!.message.first(H.via), call.sent.message.first(H.via));
  world.frames.length = 0;
  world.receive(ok, BOB);
  assert.is(world.takeSent()[0]!.text, ack!.text);
  assert.equal(world.takeFrames(), []);
  const again = world.frame(client, `sip||${call.dialog}\r\n${clientRequest('ACK')}`);
  assert.is(world.replyTo(again)[3], 'NOK');
});

test('a peer that answers each ACK with its answer again is left alone after fifty of them', () => {
  const world = new World();
  const client = world.client();
  const call = outgoingCall(world, client);
  const ok = response(call.sent, 200, 'OK', 'bt', BOB_CONTACT);
  world.receive(ok, BOB);
  world.frame(client, `sip||${call.dialog}\r\n${clientRequest('ACK')}`);
  world.takeSent();

  for (let repeated = 0; repeated < 200; repeated++) world.receive(ok, BOB);

  assert.is(world.takeSent().length, 50);
  assert.is(world.count('acks_withheld'), 150);
});

test('the ACK repeats the credentials of its INVITE', () => {
  const world = new World();
  const client = world.client();
  const call = outgoingCall(world, client, 'Proxy-Authorization: Digest username="a"\r\n');
  world.receive(response(call.sent, 200, 'OK', 'bt', BOB_CONTACT), BOB);
  world.frame(client, `sip||${call.dialog}\r\n${clientRequest('ACK')}`);
  assert.match(world.takeSent()[0]!.text, '\r\nProxy-Authorization: Digest username="a"\r\n');
});

test('an answer that the client does not acknowledge is acknowledged and hung up after 32 s', () => {
  const world = new World();
  const client = world.client();
  const call = outgoingCall(world, client);
  world.receive(response(call.sent, 200, 'OK', 'bt', BOB_CONTACT), BOB);
  world.frames.length = 0;
  world.advance(32_100);
  assert.equal(summary(world.takeSent()).slice(0, 2), ['ACK', 'BYE']);
  assert.is(world.takeFrames()[0]?.meta[8], 'unsolicited');
});

test('a CANCEL before any provisional response waits for one', () => {
  const world = new World();
  const client = world.client();
  const call = outgoingCall(world, client);
  const id = world.frame(client, `sip|${call.transaction}|\r\n${CANCEL}`);
  assert.is(world.replyTo(id)[3], 'OK');
  assert.equal(world.takeSent(), []);
  world.frames.length = 0;
  world.receive(response(call.sent, 100, 'Trying', ''), BOB);
  const [cancel] = world.takeSent();
  assert.is(cancel!.message.method, 'CANCEL');
  assert.is(cancel!.message.first(H.via), call.sent.message.first(H.via));
  assert.is(cancel!.message.first(H.to), call.sent.message.first(H.to));
  assert.match(cancel!.text, 'Reason: SIP;cause=200');
  world.receive(response(cancel!, 200, 'OK', ''), BOB);
  world.receive(response(call.sent, 487, 'Request Terminated', 'bt'), BOB);
  assert.equal(
    world.takeFrames().map(frame => frame.message?.status),
    [487],
  );
});

test('a CANCEL after a provisional response goes out at once; without a 487 the INVITE ends 32 s later', () => {
  const world = new World();
  const client = world.client();
  const call = outgoingCall(world, client);
  world.receive(response(call.sent, 180, 'Ringing', 'bt', BOB_CONTACT), BOB);
  world.frame(client, `sip|${call.transaction}|\r\n${CANCEL}`);
  const [cancel] = world.takeSent();
  world.receive(response(cancel!, 200, 'OK', ''), BOB);
  world.frames.length = 0;
  world.advance(32_100);
  assert.is(world.takeFrames()[0]?.message?.status, 408);
  assert.is(world.count('client_transactions'), 0);
});

test('an answer that crosses the CANCEL is passed up, and hung up once the client has acknowledged it', () => {
  const world = new World();
  const client = world.client();
  const call = outgoingCall(world, client);
  world.receive(response(call.sent, 180, 'Ringing', 'bt', BOB_CONTACT), BOB);
  world.frame(client, `sip|${call.transaction}|\r\n${CANCEL}`);
  world.takeSent();
  world.frames.length = 0;
  world.receive(response(call.sent, 200, 'OK', 'bt', BOB_CONTACT), BOB);
  assert.is(world.takeFrames()[0]?.message?.status, 200);
  world.frame(client, `sip||${call.dialog}\r\n${clientRequest('ACK')}`);
  const sent = world.takeSent();
  assert.equal(summary(sent), ['ACK', 'BYE']);
  world.receive(response(sent[1]!, 200, 'OK', ''), BOB);
  assert.is(world.count('dialogs'), 0);
});

test('an answer that comes while the CANCEL is still held back is hung up too', () => {
  const world = new World();
  const client = world.client();
  const call = outgoingCall(world, client);
  world.frame(client, `sip|${call.transaction}|\r\n${CANCEL}`);
  world.receive(response(call.sent, 200, 'OK', 'bt', BOB_CONTACT), BOB);
  world.frame(client, `sip||${call.dialog}\r\n${clientRequest('ACK')}`);
  assert.equal(summary(world.takeSent()), ['ACK', 'BYE']);
});

test('a CANCEL of something that is over is refused by name', () => {
  const world = new World();
  const client = world.client();
  const id = world.frame(client, `sip|nothing|\r\n${CANCEL}`);
  assert.equal(world.replyTo(id).slice(3), ['NOK', 'unable to cancel unknown transaction id: nothing']);
});

test('a second fork that answers is acknowledged and hung up without the client', () => {
  const world = new World();
  const client = world.client();
  const call = outgoingCall(world, client);
  world.receive(response(call.sent, 200, 'OK', 'bt', BOB_CONTACT), BOB);
  world.frames.length = 0;
  const other = response(call.sent, 200, 'OK', 'other', 'Contact: <sip:bob@10.0.0.19>\r\n');
  world.receive(other, BOB);
  world.receive(other, BOB);
  const sent = world.takeSent();
  assert.equal(summary(sent), ['ACK', 'BYE']);
  assert.equal(
    sent.map(each => each.to.address),
    ['10.0.0.19', '10.0.0.19'],
  );
  assert.equal(world.takeFrames(), []);
  assert.is(world.count('answers_released'), 1);
});

test('an answer to an INVITE that was given up is released; a forged one is dropped', () => {
  const world = new World();
  const client = world.client(['invite'], 'x-class4');
  const call = outgoingCall(world, client, 'X-Class4-Resend-Ms: 100\r\n');
  world.advance(2000);
  world.takeSent();
  const late = response(call.sent, 200, 'OK', 'bt', BOB_CONTACT);
  world.receive(late, BOB);
  assert.equal(summary(world.takeSent()), ['ACK', 'BYE']);
  world.receive(late.replace('z9hG4bK', 'z9hG4bKx'), BOB);
  assert.equal(world.takeSent(), []);
  assert.is(world.count('responses_stray'), 2);
});

test.run();
