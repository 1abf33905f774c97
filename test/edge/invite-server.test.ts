import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { tagOf } from '../../src/edge/message/fields.ts';
import { H } from '../../src/edge/message/header-names.ts';
import {
  ALICE,
  clientRequest,
  clientResponse,
  establishedIncoming,
  incomingCall,
  request,
  summary,
  TCP,
  World,
} from './world.ts';

const test = suite('edge/invite-server');

test('a new INVITE gets 100 at once and reaches the client with the address it came in on', () => {
  const world = new World();
  world.client();
  world.receive(request({ body: 'v=0\r\n' }));
  assert.equal(summary(world.takeSent()), ['100 INVITE']);
  const [frame] = world.takeFrames();
  assert.equal(frame?.meta.slice(1, 3), ['sip', 'network']);
  assert.equal(frame?.meta.slice(4, 7), ['udp', '10.0.0.7', '5060']);
  assert.equal(frame?.meta[9], '');
  assert.equal(frame?.meta.slice(10, 12), ['10.0.0.1', '5060']);
  assert.equal(frame?.message?.body, 'v=0\r\n');
});

test('a retransmitted INVITE is absorbed: the last response again, nothing to the client', () => {
  const world = new World();
  const client = world.client();
  const transaction = incomingCall(world);
  world.takeSent();
  world.receive(request());
  assert.equal(summary(world.takeSent()), ['100 INVITE']);
  world.frame(client, `sip|${transaction}|\r\n${clientResponse(180, 'Ringing')}`);
  world.takeSent();
  world.frames.length = 0;
  world.receive(request());
  assert.equal(summary(world.takeSent()), ['180 INVITE']);
  assert.equal(world.takeFrames(), []);
});

test('an INVITE that nobody registered for is answered 503', () => {
  const world = new World();
  world.client(['register']);
  world.receive(request());
  assert.equal(summary(world.takeSent()), ['503 INVITE']);
});

test('every response above 100 carries the same To tag, and answers a Contact and the dialog id', () => {
  const world = new World();
  const client = world.client();
  const transaction = incomingCall(world);
  world.takeSent();
  world.frame(client, `sip|${transaction}|\r\n${clientResponse(180, 'Ringing')}`);
  const id = world.frame(client, `sip|${transaction}|\r\n${clientResponse(200, 'OK', '', 'v=0\r\n')}`);
  const [ringing, answer] = world.takeSent();
  assert.ok(tagOf(ringing!.message.first(H.to)) !== '');
  assert.is(tagOf(ringing!.message.first(H.to)), tagOf(answer!.message.first(H.to)));
  assert.is(answer!.message.first(H.contact), '<sip:10.0.0.1:5060>');
  assert.is(answer!.message.first(H.contentType), 'application/sdp');
  const reply = world.replyTo(id);
  assert.is(reply[3], 'OK');
  assert.is(reply[10], transaction);
  assert.is(reply[11], 'call-1;from-tag=at');
});

test("the client's own To tag is used when it is the first", () => {
  const world = new World();
  const client = world.client();
  const transaction = incomingCall(world);
  world.takeSent();
  world.frame(
    client,
    `sip|${transaction}|\r\n${clientResponse(200, 'OK', 'To: <sip:4420@10.0.0.1>;tag=mine\r\n')}`,
  );
  assert.is(tagOf(world.takeSent()[0]!.message.first(H.to)), 'mine');
});

test('a 200 is sent again with doubling intervals up to 4 s until its ACK, which reaches the client', () => {
  const world = new World();
  const client = world.client();
  const transaction = incomingCall(world);
  world.takeSent();
  const start = world.now;
  world.frame(client, `sip|${transaction}|\r\n${clientResponse(200, 'OK')}`);
  world.advance(12_000);
  const answers = world.takeSent();
  assert.equal(
    answers.map(each => each.at - start),
    [0, 500, 1500, 3500, 7500, 11500],
  );
  const tag = tagOf(answers[0]!.message.first(H.to));
  world.frames.length = 0;
  world.receive(request({ method: 'ACK', toTag: tag, branch: 'ack' }));
  assert.is(world.takeFrames()[0]?.message?.method, 'ACK');
  world.receive(request({ method: 'ACK', toTag: tag, branch: 'ack' }));
  assert.equal(world.takeFrames(), []);
  world.advance(60_000);
  assert.equal(world.takeSent(), []);
  assert.is(world.count('server_transactions'), 0);
  assert.is(world.count('dialogs'), 1);
  assert.is(world.count('answers_unacknowledged'), 0);
});

test('an answer that is never acknowledged is hung up after 32 s and the client is told', () => {
  const world = new World();
  const client = world.client();
  const transaction = incomingCall(world);
  world.frame(client, `sip|${transaction}|\r\n${clientResponse(200, 'OK')}`);
  world.takeSent();
  world.frames.length = 0;
  world.advance(32_100);
  const bye = world.takeSent().at(-1)!;
  assert.is(bye.message.method, 'BYE');
  assert.match(bye.text, 'text="ACK timeout"');
  const frame = world.takeFrames().at(-1)!;
  assert.is(frame.meta[2], 'application');
  assert.is(frame.meta[8], 'unsolicited');
  assert.is(frame.meta[9], 'call-1;from-tag=at');
  world.advance(40_000);
  assert.is(world.count('dialogs'), 0);
  assert.is(world.count('timers'), 0);
});

test('a failure is sent again until its ACK, which is consumed', () => {
  const world = new World();
  const client = world.client();
  const transaction = incomingCall(world);
  world.takeSent();
  world.frame(client, `sip|${transaction}|\r\n${clientResponse(486, 'Busy Here')}`);
  world.advance(1600);
  const sent = world.takeSent();
  assert.equal(summary(sent), ['486 INVITE', '486 INVITE', '486 INVITE']);
  world.frames.length = 0;
  world.receive(request({ method: 'ACK', toTag: tagOf(sent[0]!.message.first(H.to)) }));
  assert.equal(world.takeFrames(), []);
  world.advance(40_000);
  assert.equal(world.takeSent(), []);
  assert.is(world.count('timers'), 0);
});

test('a CANCEL is answered 200, the INVITE 487, and the client hears of it under the id of the INVITE', () => {
  const world = new World();
  const client = world.client();
  const transaction = incomingCall(world);
  world.takeSent();
  world.receive(request({ method: 'CANCEL' }));
  const sent = world.takeSent();
  assert.equal(summary(sent), ['200 CANCEL', '487 INVITE']);
  assert.is(tagOf(sent[0]!.message.first(H.to)), tagOf(sent[1]!.message.first(H.to)));
  const [frame] = world.takeFrames();
  assert.is(frame?.message?.method, 'CANCEL');
  assert.is(frame?.meta[8], transaction);
  const late = world.frame(client, `sip|${transaction}|\r\n${clientResponse(487, 'Request Terminated')}`);
  assert.equal(world.replyTo(late).slice(3), ['NOK', 'Response not sent due to unknown transaction']);
});

test('a CANCEL after the answer, or of nothing, is answered 481', () => {
  const world = new World();
  const client = world.client();
  const transaction = incomingCall(world);
  world.frame(client, `sip|${transaction}|\r\n${clientResponse(200, 'OK')}`);
  world.takeSent();
  world.receive(request({ method: 'CANCEL' }));
  world.receive(request({ method: 'CANCEL', branch: 'other' }));
  assert.equal(summary(world.takeSent()), ['481 CANCEL', '481 CANCEL']);
});

test('a 200 of the client that crosses the CANCEL is refused', () => {
  const world = new World();
  const client = world.client();
  const transaction = incomingCall(world);
  world.receive(request({ method: 'CANCEL' }));
  world.takeSent();
  const id = world.frame(client, `sip|${transaction}|\r\n${clientResponse(200, 'OK')}`);
  assert.is(world.replyTo(id)[3], 'NOK');
  assert.equal(world.takeSent(), []);
  assert.is(world.count('dialogs'), 0);
});

test('an INVITE without Contact, or without From tag, is answered 400', () => {
  const world = new World();
  world.client();
  world.receive(request({ contact: '' }));
  world.receive(request({ branch: 'a2' }).replace(';tag=at', ''));
  assert.equal(summary(world.takeSent()), ['400 INVITE', '400 INVITE']);
  assert.equal(world.takeFrames(), []);
});

test('an INVITE, BYE or UPDATE of no known dialog is answered 481', () => {
  const world = new World();
  world.client();
  for (const method of ['INVITE', 'BYE', 'UPDATE', 'PRACK']) {
    world.receive(request({ method, toTag: 'nobody', branch: method }));
  }
  world.receive(request({ method: 'BYE', branch: 'untagged' }));
  assert.equal(summary(world.takeSent()), ['481 INVITE', '481 BYE', '481 UPDATE', '481 PRACK', '481 BYE']);
});

test('a request with Max-Forwards 0 is answered 483', () => {
  const world = new World();
  world.client();
  world.receive(request().replace('Max-Forwards: 70', 'Max-Forwards: 0'));
  assert.equal(summary(world.takeSent()), ['483 INVITE']);
});

test('an unknown method is answered 405 with the methods that clients want', () => {
  const world = new World();
  world.client(['invite', 'options']);
  world.receive(request({ method: 'FROBNICATE' }));
  const [sent] = world.takeSent();
  assert.is(sent?.message.status, 405);
  assert.is(sent?.message.first(H.allow), 'ACK, BYE, CANCEL, INVITE, OPTIONS');
});

test('the same INVITE over another path is answered 482', () => {
  const world = new World();
  const client = world.client();
  const transaction = incomingCall(world);
  world.frame(client, `sip|${transaction}|\r\n${clientResponse(180, 'Ringing')}`);
  world.takeSent();
  world.receive(request({ branch: 'second' }));
  assert.equal(summary(world.takeSent()), ['482 INVITE']);
});

test('a BYE reaches the client, whose answer ends the dialog', () => {
  const world = new World();
  const client = world.client();
  const { id, tag } = establishedIncoming(world, client);
  world.receive(request({ method: 'BYE', toTag: tag, cseq: 2, branch: 'bye' }));
  const [frame] = world.takeFrames();
  assert.is(frame?.meta[9], id);
  world.frame(client, `sip|${frame!.meta[8]}|\r\n${clientResponse(200, 'OK')}`);
  assert.equal(summary(world.takeSent()), ['200 BYE']);
  assert.is(world.count('dialogs'), 0);
  world.receive(request({ method: 'BYE', toTag: tag, cseq: 2, branch: 'bye' }));
  assert.equal(summary(world.takeSent()), ['200 BYE']);
});

test('a BYE that overtakes the ACK stops the retransmission of the answer', () => {
  const world = new World();
  const client = world.client();
  const transaction = incomingCall(world);
  world.frame(client, `sip|${transaction}|\r\n${clientResponse(200, 'OK')}`);
  const tag = tagOf(world.takeSent().at(-1)!.message.first(H.to));
  world.receive(request({ method: 'BYE', toTag: tag, cseq: 2, branch: 'bye' }));
  const frame = world.takeFrames().at(-1)!;
  world.frame(client, `sip|${frame.meta[8]}|\r\n${clientResponse(200, 'OK')}`);
  world.takeSent();
  world.advance(40_000);
  assert.equal(world.takeSent(), []);
});

test('requests of the client in the dialog go to the remote target with its own CSeq', () => {
  const world = new World();
  const client = world.client();
  const { id, tag } = establishedIncoming(world, client);
  world.frame(client, `sip||${id}\r\n${clientRequest('INFO', 'Content-Type: text/plain\r\n', 'hello')}`);
  world.frame(client, `sip||${id}\r\n${clientRequest('BYE')}`);
  const [info, bye] = world.takeSent();
  assert.is(info!.message.uri, 'sip:alice@10.0.0.7:5060');
  assert.is(info!.message.first(H.cseq), '1 INFO');
  assert.is(info!.message.body, 'hello');
  assert.is(tagOf(info!.message.first(H.from)), tag);
  assert.is(tagOf(info!.message.first(H.to)), 'at');
  assert.is(bye!.message.first(H.cseq), '2 BYE');
  assert.equal(info!.to, ALICE);
});

test('without a route set, a Contact that names another host than the source is not believed', () => {
  const world = new World();
  const client = world.client();
  const { id } = establishedIncoming(world, client, { contact: 'Contact: <sip:alice@192.168.1.4:5060>\r\n' });
  world.frame(client, `sip||${id}\r\n${clientRequest('BYE')}`);
  const [bye] = world.takeSent();
  assert.is(bye!.message.uri, 'sip:alice@192.168.1.4:5060');
  assert.is(bye!.to.address, '10.0.0.7');
});

test('a record-routed dialog is answered with its Record-Route and its requests follow the route', () => {
  const world = new World();
  const client = world.client();
  const headers = 'Record-Route: <sip:10.0.0.50;lr>, <sip:10.0.0.51;lr>\r\n';
  const transaction = incomingCall(world, { headers });
  world.frame(client, `sip|${transaction}|\r\n${clientResponse(200, 'OK')}`);
  const answer = world.takeSent().at(-1)!;
  assert.is(answer.message.first(H.recordRoute), '<sip:10.0.0.50;lr>, <sip:10.0.0.51;lr>');
  const tag = tagOf(answer.message.first(H.to));
  world.receive(request({ method: 'ACK', toTag: tag, branch: 'ack' }));
  world.frame(client, `sip||call-1;from-tag=at\r\n${clientRequest('BYE')}`);
  const [bye] = world.takeSent();
  assert.is(bye!.to.address, '10.0.0.50');
  assert.is(bye!.message.first(H.route), '<sip:10.0.0.50;lr>, <sip:10.0.0.51;lr>');
  assert.is(bye!.message.uri, 'sip:alice@10.0.0.7:5060');
});

test('over TCP nothing is retransmitted but the 200, and the answer goes over the connection', () => {
  const world = new World();
  const client = world.client();
  world.openConnections.add(7);
  const peer = { listener: TCP, address: '10.0.0.7', port: 40_000, connection: 7 };
  world.receive(request({ via: 'SIP/2.0/TCP 10.0.0.7:5060;branch=z9hG4bK-t' }), peer);
  const transaction = world.takeFrames().at(-1)!.meta[8];
  world.frame(client, `sip|${transaction}|\r\n${clientResponse(404, 'Not Found')}`);
  world.advance(5000);
  const sent = world.takeSent();
  assert.equal(summary(sent), ['100 INVITE', '404 INVITE']);
  assert.is(sent[1]!.to.connection, 7);
});

test('a response whose connection is gone goes to the address of the Via over a new one', () => {
  const world = new World();
  const client = world.client();
  const peer = { listener: TCP, address: '10.0.0.7', port: 40_000, connection: 7 };
  world.receive(request({ via: 'SIP/2.0/TCP 10.0.0.7:5070;branch=z9hG4bK-t' }), peer);
  const transaction = world.takeFrames().at(-1)!.meta[8];
  world.takeSent();
  world.frame(client, `sip|${transaction}|\r\n${clientResponse(404, 'Not Found')}`);
  const [sent] = world.takeSent();
  assert.is(sent!.to.port, 5070);
  assert.is(sent!.to.connection, 0);
});

test('responses follow received and rport (RFC 3581)', () => {
  const world = new World();
  world.client();
  const source = { ...ALICE, address: '203.0.113.5', port: 62_000 };
  world.receive(request({ via: 'SIP/2.0/UDP 10.0.0.7:5060;rport;branch=z9hG4bK-n' }), source);
  world.receive(request({ via: 'SIP/2.0/UDP 10.0.0.7:5070;branch=z9hG4bK-m', callId: 'c2' }), source);
  const [first, second] = world.takeSent();
  assert.is(first!.to.port, 62_000);
  assert.match(
    first!.text,
    'Via: SIP/2.0/UDP 10.0.0.7:5060;rport=62000;branch=z9hG4bK-n;received=203.0.113.5\r\n',
  );
  assert.is(second!.to.address, '203.0.113.5');
  assert.is(second!.to.port, 5070);
});

test('an INVITE that the client never answers ends by itself', () => {
  const world = new World();
  world.client();
  incomingCall(world);
  world.takeSent();
  world.advance(3_600_100);
  assert.equal(summary(world.takeSent())[0], '408 INVITE');
  world.advance(60_000);
  assert.is(world.count('timers'), 0);
});

test.run();
