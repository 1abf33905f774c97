import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { tagOf } from '../../src/edge/message/fields.ts';
import { H } from '../../src/edge/message/header-names.ts';
import {
  ALICE,
  BOB,
  BOB_CONTACT,
  clientRequest,
  clientResponse,
  establishedIncoming,
  establishedOutgoing,
  incomingCall,
  outgoingCall,
  request,
  response,
  summary,
  World,
} from './world.ts';

const test = suite('edge/in-dialog');
const REL = 'Supported: 100rel\r\n';

test('a reliable provisional response gets an RSeq, is sent until its PRACK, and the PRACK reaches the client', () => {
  const world = new World();
  const client = world.client();
  const transaction = incomingCall(world, { headers: REL });
  world.takeSent();
  const start = world.now;
  world.frame(
    client,
    `sip|${transaction}|\r\n${clientResponse(183, 'Session Progress', 'Require: 100rel\r\n', 'v=0\r\n')}`,
  );
  world.advance(2000);
  const sent = world.takeSent();
  assert.equal(
    sent.map(each => each.at - start),
    [0, 500, 1500],
  );
  const { message } = sent[0]!;
  const rseq = message.first(H.rseq);
  assert.ok(Number(rseq) > 0);
  assert.is(message.first(H.contact), '<sip:10.0.0.1:5060>');
  world.frames.length = 0;
  const tag = tagOf(message.first(H.to));
  world.receive(
    request({
      method: 'PRACK',
      toTag: tag,
      cseq: 2,
      branch: 'p1',
      headers: `RAck: ${rseq} 1 INVITE INVITE\r\n`,
    }),
  );
  const [prack] = world.takeFrames();
  assert.is(prack?.meta[9], 'call-1;from-tag=at');
  world.frame(client, `sip|${prack!.meta[8]}|\r\n${clientResponse(200, 'OK')}`);
  assert.equal(summary(world.takeSent()), ['200 PRACK']);
  world.advance(10_000);
  assert.equal(world.takeSent(), []);
});

test('an answer waits for the PRACK of a reliable response with a session description', () => {
  const world = new World();
  const client = world.client();
  const transaction = incomingCall(world, { headers: REL });
  world.frame(
    client,
    `sip|${transaction}|\r\n${clientResponse(183, 'Session Progress', 'Require: 100rel\r\n', 'v=0\r\n')}`,
  );
  const early = world.takeSent().at(-1)!;
  const id = world.frame(client, `sip|${transaction}|\r\n${clientResponse(200, 'OK')}`);
  assert.is(world.replyTo(id)[3], 'OK');
  assert.equal(world.takeSent(), []);
  const rack = `RAck: ${early.message.first(H.rseq)} 1 INVITE\r\n`;
  const tag = tagOf(early.message.first(H.to));
  world.receive(request({ method: 'PRACK', toTag: tag, cseq: 2, branch: 'p1', headers: rack }));
  assert.equal(summary(world.takeSent()), ['200 INVITE']);
});

test('a PRACK that names no waiting response is answered 481', () => {
  const world = new World();
  const client = world.client();
  const transaction = incomingCall(world, { headers: REL });
  world.frame(client, `sip|${transaction}|\r\n${clientResponse(180, 'Ringing', 'Require: 100rel\r\n')}`);
  const tag = tagOf(world.takeSent().at(-1)!.message.first(H.to));
  world.receive(
    request({ method: 'PRACK', toTag: tag, cseq: 2, branch: 'p1', headers: 'RAck: 7 1 INVITE\r\n' }),
  );
  assert.equal(summary(world.takeSent()), ['481 PRACK']);
});

test('without a PRACK for 32 s the INVITE fails with 504 and the client hears a CANCEL', () => {
  const world = new World();
  const client = world.client();
  const transaction = incomingCall(world, { headers: REL });
  world.frame(client, `sip|${transaction}|\r\n${clientResponse(180, 'Ringing', 'Require: 100rel\r\n')}`);
  world.frames.length = 0;
  world.advance(32_100);
  assert.ok(summary(world.takeSent()).includes('504 INVITE'));
  const [frame] = world.takeFrames();
  assert.is(frame?.message?.method, 'CANCEL');
  assert.is(frame?.meta[8], transaction);
  assert.is(world.count('dialogs'), 0);
});

test('a caller without 100rel gets a plain provisional response', () => {
  const world = new World();
  const client = world.client();
  const transaction = incomingCall(world);
  world.takeSent();
  world.frame(client, `sip|${transaction}|\r\n${clientResponse(180, 'Ringing', 'Require: 100rel\r\n')}`);
  const [sent] = world.takeSent();
  assert.not(sent!.message.has(H.require));
  assert.not(sent!.message.has(H.rseq));
});

test('a second reliable response waits for the PRACK of the first', () => {
  const world = new World();
  const client = world.client();
  const transaction = incomingCall(world, { headers: REL });
  world.takeSent();
  world.frame(client, `sip|${transaction}|\r\n${clientResponse(180, 'Ringing', 'Require: 100rel\r\n')}`);
  world.frame(
    client,
    `sip|${transaction}|\r\n${clientResponse(183, 'Session Progress', 'Require: 100rel\r\n')}`,
  );
  const [first, ...rest] = world.takeSent();
  assert.equal(rest, []);
  const rseq = Number(first!.message.first(H.rseq));
  const tag = tagOf(first!.message.first(H.to));
  world.receive(
    request({ method: 'PRACK', toTag: tag, cseq: 2, branch: 'p1', headers: `RAck: ${rseq} 1 INVITE\r\n` }),
  );
  const [second] = world.takeSent();
  assert.is(second!.message.status, 183);
  assert.is(Number(second!.message.first(H.rseq)), rseq + 1);
});

test('a repeated reliable response of the callee is not passed up twice, and the PRACK goes to its fork', () => {
  const world = new World();
  const client = world.client();
  const call = outgoingCall(world, client);
  const headers = `Require: 100rel\r\nRSeq: 5\r\n`;
  const ringing = response(call.sent, 180, 'Ringing', 'fork1', `${headers}Contact: <sip:b1@10.0.0.9>\r\n`);
  world.receive(ringing, BOB);
  world.receive(ringing, BOB);
  world.receive(
    response(
      call.sent,
      180,
      'Ringing',
      'fork2',
      `Require: 100rel\r\nRSeq: 9\r\nContact: <sip:b2@10.0.0.9>\r\n`,
    ),
    BOB,
  );
  world.receive(ringing, BOB);
  assert.is(world.takeFrames().length, 2);
  world.frame(client, `sip||${call.dialog}\r\n${clientRequest('PRACK', 'RAck: 5 1 INVITE\r\n')}`);
  const [prack] = world.takeSent();
  assert.is(prack!.message.uri, 'sip:b1@10.0.0.9');
  assert.is(tagOf(prack!.message.first(H.to)), 'fork1');
  assert.is(prack!.message.first(H.cseq), '2 PRACK');
  world.frames.length = 0;
  world.receive(response(prack!, 200, 'OK', ''), BOB);
  assert.is(world.takeFrames()[0]?.message?.status, 200);
});

test('a re-INVITE gets 100 at once, reaches the client with the dialog id, and its ACK too', () => {
  const world = new World();
  const client = world.client();
  const { id, tag } = establishedIncoming(world, client);
  world.receive(request({ toTag: tag, cseq: 2, branch: 're', contact: 'Contact: <sip:new@10.0.0.7>\r\n' }));
  assert.equal(summary(world.takeSent()), ['100 INVITE']);
  const [frame] = world.takeFrames();
  assert.is(frame?.meta[9], id);
  world.frame(client, `sip|${frame!.meta[8]}|\r\n${clientResponse(200, 'OK')}`);
  world.takeSent();
  world.frames.length = 0;
  world.receive(request({ method: 'ACK', toTag: tag, cseq: 2, branch: 'reack' }));
  assert.is(world.takeFrames()[0]?.message?.method, 'ACK');
  world.frame(client, `sip||${id}\r\n${clientRequest('BYE')}`);
  assert.is(world.takeSent()[0]!.message.uri, 'sip:new@10.0.0.7');
});

test('a refused re-INVITE leaves the dialog and its target as they were', () => {
  const world = new World();
  const client = world.client();
  const { id, tag } = establishedIncoming(world, client);
  world.receive(request({ toTag: tag, cseq: 2, branch: 're', contact: 'Contact: <sip:new@10.0.0.7>\r\n' }));
  world.frame(
    client,
    `sip|${world.takeFrames()[0]!.meta[8]}|\r\n${clientResponse(488, 'Not Acceptable Here')}`,
  );
  world.takeSent();
  world.receive(request({ method: 'ACK', toTag: tag, cseq: 2, branch: 're' }));
  world.frame(client, `sip||${id}\r\n${clientRequest('BYE')}`);
  assert.is(world.takeSent()[0]!.message.uri, 'sip:alice@10.0.0.7:5060');
});

test('glare: 491 while our re-INVITE is pending, 500 with Retry-After while theirs is', () => {
  const world = new World();
  const client = world.client();
  const { id, tag } = establishedIncoming(world, client);
  world.frame(client, `sip||${id}\r\n${clientRequest('INVITE', '', 'v=0\r\n')}`);
  world.takeSent();
  world.receive(request({ toTag: tag, cseq: 2, branch: 're' }));
  assert.equal(summary(world.takeSent()), ['491 INVITE']);

  const other = new World();
  const second = establishedIncoming(other, other.client());
  other.receive(request({ toTag: second.tag, cseq: 2, branch: 're' }));
  other.receive(request({ toTag: second.tag, cseq: 3, branch: 're2' }));
  const sent = other.takeSent();
  assert.equal(summary(sent), ['100 INVITE', '500 INVITE']);
  assert.match(sent[1]!.text, /Retry-After: \d/);
});

test('an out-of-order request in a dialog is answered 500', () => {
  const world = new World();
  const { tag } = establishedIncoming(world, world.client());
  world.receive(request({ method: 'INFO', toTag: tag, cseq: 9, branch: 'i9' }));
  world.receive(request({ method: 'INFO', toTag: tag, cseq: 4, branch: 'i4' }));
  assert.equal(summary(world.takeSent()), ['500 INFO']);
});

test('every method passes through a dialog in both directions', () => {
  const world = new World();
  const client = world.client();
  const { id, tag } = establishedIncoming(world, client);
  let cseq = 2;
  for (const method of ['INFO', 'OPTIONS', 'REFER', 'NOTIFY', 'MESSAGE', 'UPDATE']) {
    world.receive(request({ method, toTag: tag, cseq: cseq++, branch: method }));
    const frame = world.takeFrames()[0]!;
    assert.is(frame.message?.method, method);
    assert.is(frame.meta[9], id);
    world.frame(client, `sip|${frame.meta[8]}|\r\n${clientResponse(200, 'OK')}`);
    assert.equal(summary(world.takeSent()), [`200 ${method}`]);
    world.frames.length = 0;
    world.frame(client, `sip||${id}\r\n${clientRequest(method)}`);
    const [sent] = world.takeSent();
    world.receive(response(sent!, 200, 'OK', ''), ALICE);
    assert.is(world.takeFrames().at(-1)?.message?.status, 200);
  }
});

test('a request of the peer with wrong tags does not reach the dialog', () => {
  const world = new World();
  establishedIncoming(world, world.client());
  world.receive(request({ method: 'BYE', toTag: 'guess', cseq: 2, branch: 'b' }));
  assert.equal(summary(world.takeSent()), ['481 BYE']);
  assert.is(world.count('dialogs'), 1);
});

test('the callee of an outgoing call may send requests too', () => {
  const world = new World();
  const client = world.client();
  const { sent, dialog } = establishedOutgoing(world, client);
  const from = tagOf(sent.message.first(H.from));
  world.receive(
    request({
      method: 'BYE',
      callId: sent.message.first(H.callId),
      fromTag: 'bt',
      toTag: from,
      branch: 'bob',
      cseq: 77,
    }),
    BOB,
  );
  assert.is(world.takeFrames()[0]?.meta[9], dialog);
});

test('a route set without lr is followed the old way', () => {
  const world = new World();
  const client = world.client();
  const { dialog } = establishedOutgoing(world, client, 'Record-Route: <sip:10.0.0.40>\r\n');
  world.frame(client, `sip||${dialog}\r\n${clientRequest('BYE')}`);
  const [bye] = world.takeSent();
  assert.is(bye!.message.uri, 'sip:10.0.0.40');
  assert.is(bye!.message.first(H.route), '<sip:bob@10.0.0.9:5060>');
});

test('a Call-ID of a live dialog makes a request one of that dialog', () => {
  const world = new World();
  const client = world.client();
  establishedIncoming(world, client);
  world.frame(
    client,
    `sip||\r\nNOTIFY sip:x@10.0.0.7 SIP/2.0\r\nCall-ID: call-1\r\nContent-Length: 0\r\n\r\n`,
  );
  assert.is(tagOf(world.takeSent()[0]!.message.first(H.to)), 'at');
});

test('a request in a dialog that is gone is refused with the words drachtio-srf looks for', () => {
  const world = new World();
  const id = world.frame(world.client(), `sip||gone;from-tag=x\r\n${clientRequest('BYE')}`);
  assert.match(world.replyTo(id)[4]!, /unable to find dialog/i);
});

test('SUBSCRIBE makes a dialog both ways, and a terminating NOTIFY ends it', () => {
  const world = new World();
  const client = world.client(['subscribe']);
  world.receive(request({ method: 'SUBSCRIBE', headers: 'Event: presence\r\nExpires: 60\r\n' }));
  const incoming = world.takeFrames()[0]!;
  const id = world.frame(client, `sip|${incoming.meta[8]}|\r\n${clientResponse(202, 'Accepted')}`);
  assert.is(world.replyTo(id)[11], 'call-1;from-tag=at');
  world.takeSent();
  world.frame(
    client,
    `sip||call-1;from-tag=at\r\n${clientRequest('NOTIFY', 'Subscription-State: terminated\r\nEvent: presence\r\n')}`,
  );
  world.receive(response(world.takeSent()[0]!, 200, 'OK', ''), ALICE);
  assert.is(world.count('dialogs'), 0);

  const out = world.frame(
    client,
    'sip||\r\nSUBSCRIBE sip:bob@10.0.0.9 SIP/2.0\r\nEvent: presence\r\nContent-Length: 0\r\n\r\n',
  );
  assert.is(world.replyTo(out)[3], 'OK');
  const [sent] = world.takeSent();
  world.receive(response(sent!, 200, 'OK', 'bt', BOB_CONTACT), BOB);
  const tag = tagOf(sent!.message.first(H.from));
  const callId = sent!.message.first(H.callId);
  world.frames.length = 0;
  world.receive(
    request({
      method: 'NOTIFY',
      callId,
      fromTag: 'bt',
      toTag: tag,
      headers: 'Subscription-State: terminated\r\n',
    }),
    BOB,
  );
  const notify = world.takeFrames()[0]!;
  assert.is(notify.meta[9], `${callId};from-tag=${tag}`);
  world.frame(client, `sip|${notify.meta[8]}|\r\n${clientResponse(200, 'OK')}`);
  assert.is(world.count('dialogs'), 0);
});

test('a dialog without any message for a day is forgotten', () => {
  const world = new World();
  establishedIncoming(world, world.client());
  world.advance(24 * 3_600_000 + 100);
  assert.is(world.count('dialogs'), 0);
  assert.is(world.count('dialogs_expired'), 1);
});

test('a BYE before the answer ends the INVITE, and is a CANCEL to the client', () => {
  const world = new World();
  const client = world.client();
  const transaction = incomingCall(world);
  world.frame(client, `sip|${transaction}|\r\n${clientResponse(180, 'Ringing')}`);
  const tag = tagOf(world.takeSent().at(-1)!.message.first(H.to));
  world.frames.length = 0;
  world.receive(request({ method: 'BYE', toTag: tag, cseq: 2, branch: 'bye' }));
  assert.equal(summary(world.takeSent()), ['200 BYE', '487 INVITE']);
  const [frame] = world.takeFrames();
  assert.is(frame?.message?.method, 'CANCEL');
  assert.is(frame?.meta[8], transaction);
  assert.is(world.count('dialogs'), 0);
});

test('a dialog answers its own peer even from an address that the configuration does not name', () => {
  const world = new World();
  const { tag } = establishedIncoming(world, world.client());
  world.core.setKnownSources(['192.0.2.1']);
  world.receive(request({ method: 'INFO', toTag: tag, cseq: 9, branch: 'i9' }));
  world.receive(request({ method: 'INFO', toTag: tag, cseq: 4, branch: 'i4' }));
  assert.equal(summary(world.takeSent()), ['500 INFO']);
});

test('a foolish header line in an answer does not cost the call', () => {
  const world = new World();
  const client = world.client();
  const call = outgoingCall(world, client);
  world.receive(response(call.sent, 200, 'OK', 'bt', `no colon here\r\n${BOB_CONTACT}`, 'v=0\r\n'), BOB);
  const [frame] = world.takeFrames();
  assert.is(frame?.message?.status, 200);
  assert.not.match(frame!.text, 'no colon');
});

test.run();
