import { suite } from 'uvu';
import * as assert from 'uvu/assert';
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
  SECRET,
  summary,
  World,
} from './world.ts';

const test = suite('edge/control');

test('authentication tells the listeners and a version; the extension is in it only for those who ask', () => {
  const world = new World();
  world.core.connected(1);
  const plain = world.replyTo(world.frame(1, `authenticate|${SECRET}|tag1,tag2`));
  assert.equal(plain.slice(3), [
    'OK',
    'udp/10.0.0.1:5060,tcp/10.0.0.1:5060,udp/[2001:db8::1]:5060',
    'v0.9.10',
    'udp/10.0.0.1:5060,tcp/10.0.0.1:5060,udp/[2001:db8::1]:5060',
  ]);
  world.core.connected(2);
  assert.is(world.replyTo(world.frame(2, `authenticate|${SECRET}|x-class4`))[5], 'v0.9.10-class4.1');
});

test('a wrong secret, or anything before the right one, closes the connection', () => {
  const world = new World();
  world.core.connected(1);
  world.core.connected(2);
  assert.equal(world.replyTo(world.frame(1, 'authenticate|wrong|')).slice(3), ['NO', 'incorrect secret']);
  assert.equal(world.replyTo(world.frame(2, 'route|invite')).slice(3), ['NO', 'not authenticated']);
  assert.equal(world.closedClients, [1, 2]);
  world.receive(request());
  assert.equal(summary(world.takeSent()), ['503 INVITE']);
});

test('ping is answered, an unknown message type closes the connection', () => {
  const world = new World();
  const client = world.client();
  assert.equal(world.replyTo(world.frame(client, 'ping')).slice(3), ['OK', 'pong']);
  assert.equal(world.replyTo(world.frame(client, 'frobnicate|x')).slice(3), ['NO', 'Unknown message type']);
  assert.equal(world.closedClients, [client]);
});

test('requests go to the clients in turn; a route taken back stops that verb only', () => {
  const world = new World();
  const first = world.client(['invite', 'options']);
  const second = world.client(['invite']);
  for (let i = 0; i < 4; i++) world.receive(request({ branch: `b${i}`, callId: `c${i}` }));
  assert.is(world.framesOf.get(first)?.length, 2);
  assert.is(world.framesOf.get(second)?.length, 2);
  world.frame(first, 'remove_route|invite');
  world.framesOf.clear();
  world.receive(request({ branch: 'x', callId: 'x' }));
  world.receive(request({ branch: 'y', callId: 'y' }));
  assert.is(world.framesOf.get(second)?.length, 2);
  world.receive(request({ method: 'OPTIONS', branch: 'o' }));
  assert.is(world.framesOf.get(first)?.length, 1);
});

test('a request outside dialogs is answered once and absorbed afterwards', () => {
  const world = new World();
  const client = world.client(['register']);
  const register = request({ method: 'REGISTER', headers: 'Expires: 60\r\n' });
  world.receive(register);
  assert.equal(world.takeSent(), []);
  world.receive(register);
  assert.equal(world.takeSent(), []);
  const transaction = world.takeFrames()[0]!.meta[8];
  world.frame(
    client,
    `sip|${transaction}|\r\n${clientResponse(401, 'Unauthorized', 'WWW-Authenticate: Digest x\r\n')}`,
  );
  const [sent] = world.takeSent();
  assert.match(sent!.text, '\r\nWWW-Authenticate: Digest x\r\n');
  world.receive(register);
  assert.is(world.takeSent()[0]!.text, sent!.text);
  world.advance(33_000);
  assert.is(world.count('server_transactions'), 0);
});

test('a request that the client does not answer in time is forgotten without an answer', () => {
  const world = new World();
  world.client(['options']);
  world.receive(request({ method: 'OPTIONS' }));
  world.advance(38_000);
  assert.equal(world.takeSent(), []);
  assert.is(world.count('requests_unanswered'), 1);
  assert.is(world.count('timers'), 0);
});

test('a silent answer sends nothing, absorbs retransmissions and CANCEL, and then forgets', () => {
  const world = new World();
  const client = world.client(['invite'], 'x-class4');
  world.core.setKnownSources(['192.0.2.0/24']);
  const transaction = incomingCall(world);
  const id = world.frame(
    client,
    `sip|${transaction}|\r\n${clientResponse(403, 'Forbidden', 'X-Class4-Silent: 1\r\n')}`,
  );
  assert.is(world.replyTo(id)[3], 'OK');
  world.frames.length = 0;
  world.receive(request());
  world.receive(request({ method: 'CANCEL' }));
  assert.equal(world.takeSent(), []);
  assert.equal(world.takeFrames(), []);
  world.advance(33_000);
  assert.is(world.count('server_transactions'), 0);
  assert.is(world.count('timers'), 0);
});

test('without the extension the private header is dropped and the answer goes out', () => {
  const world = new World();
  const client = world.client();
  const transaction = incomingCall(world);
  world.takeSent();
  world.frame(client, `sip|${transaction}|\r\n${clientResponse(403, 'Forbidden', 'X-Class4-Silent: 1\r\n')}`);
  const [sent] = world.takeSent();
  assert.is(sent!.message.status, 403);
  assert.not.match(sent!.text, /class4/i);
});

test('what a stranger sends besides an INVITE reaches nobody and gets no answer', () => {
  const world = new World();
  world.client(['invite', 'options', 'register']);
  world.core.setKnownSources(['192.0.2.0/24']);
  world.receive(request({ method: 'OPTIONS', branch: 'scan' }));
  world.receive(request({ method: 'REGISTER', branch: 'guess' }));
  assert.equal(world.takeSent(), []);
  assert.equal(world.takeFrames(), []);
  assert.is(world.count('unknown_source_silenced'), 2);
});

test('an unknown source gets no answer of the edge’s own, and only so many requests through', () => {
  const world = new World();
  const client = world.client();
  world.core.setKnownSources(['192.0.2.0/24', '2001:db8::/32', '10.0.0.9']);
  world.receive(request({ method: 'FROB' }));
  world.receive(request({ method: 'BYE', toTag: 'x', branch: 'b' }));
  world.receive(request({ contact: '', branch: 'c' }));
  for (let i = 0; i < 100; i++) world.receive(request({ branch: `n${i}`, callId: `n${i}` }));
  assert.equal(world.takeSent(), []);
  const told = world.takeFrames();
  assert.is(told.length, 19);
  assert.is(world.count('unknown_source_limited'), 81);
  world.frame(client, `sip|${told[0]!.meta[8]}|\r\n${clientResponse(403, 'Forbidden')}`);
  assert.equal(summary(world.takeSent()), ['403 INVITE']);
  world.receive(request({ branch: 'known', callId: 'known' }), BOB);
  assert.equal(summary(world.takeSent()), ['100 INVITE']);
});

test('a client that goes leaves no caller waiting and no callee ringing', () => {
  const world = new World();
  const client = world.client();
  incomingCall(world);
  world.takeSent();
  const call = outgoingCall(world, client);
  world.receive(response(call.sent, 180, 'Ringing', 'bt', BOB_CONTACT), BOB);
  world.takeSent();
  world.core.disconnected(client, world.now);
  assert.equal(summary(world.takeSent()), ['503 INVITE', 'CANCEL']);
});

test('calls without a client are hung up when none comes back within 32 s', () => {
  const world = new World();
  const client = world.client();
  establishedIncoming(world, client);
  establishedOutgoing(world, client);
  world.core.disconnected(client, world.now);
  world.advance(31_000);
  assert.equal(world.takeSent(), []);
  world.advance(1_100);
  assert.equal(summary(world.takeSent()), ['BYE', 'BYE']);
});

test('a client that comes back gets the requests of the dialogs of the lost one; a BYE to nobody is taken', () => {
  const world = new World();
  const { tag } = establishedIncoming(world, world.client());
  world.core.disconnected(1, world.now);
  const heir = world.client();
  world.receive(request({ method: 'INFO', toTag: tag, cseq: 2, branch: 'i' }));
  assert.is(world.framesOf.get(heir)?.[0]?.message?.method, 'INFO');
  world.core.disconnected(heir, world.now);
  world.takeSent();
  world.receive(request({ method: 'BYE', toTag: tag, cseq: 3, branch: 'b' }));
  assert.equal(summary(world.takeSent()), ['200 BYE']);
  assert.is(world.count('dialogs'), 0);
});

test('the steps of a call are told to clients that ask for them', () => {
  const world = new World();
  const client = world.client(['invite', 'cdr:attempt', 'cdr:start', 'cdr:stop']);
  world.receive(request());
  const transaction = world.frames.find(each => each.meta[1] === 'sip')!.meta[8]!;
  world.frame(client, `sip|${transaction}|\r\n${clientResponse(200, 'OK')}`);
  const tag = world.takeSent().at(-1)!.message.first(H.to).split('tag=')[1]!;
  world.receive(request({ method: 'BYE', toTag: tag, cseq: 2, branch: 'b' }));
  const events = world.takeFrames().filter(each => each.meta[1]!.startsWith('cdr:'));
  assert.equal(
    events.map(each => [each.meta[1], each.meta[2], each.meta[4]]),
    [
      ['cdr:attempt', 'network', ''],
      ['cdr:start', 'application', 'uas'],
      ['cdr:stop', 'network', 'normal-release'],
    ],
  );
});

function proxied(
  world: World,
  client: number,
  options = '|remainInDialog|fullResponse||serial||',
  to = 'sip:10.0.0.9',
): string {
  const transaction = incomingCall(world);
  world.takeSent();
  return world.frame(client, `proxy|${transaction}${options}|${to}\r\nINVITE sip:10.0.0.9 SIP/2.0\r\n\r\n`);
}

test('a proxied INVITE goes on with our Via and Record-Route, its answer back, and the rest of the dialog through us', () => {
  const world = new World();
  const client = world.client();
  const id = proxied(world, client);
  const [forwarded] = world.takeSent();
  assert.is(forwarded!.message.count(H.via), 2);
  assert.is(forwarded!.message.first(H.recordRoute), '<sip:10.0.0.1:5060;lr>');
  assert.is(forwarded!.message.first(H.maxForwards), '69');
  const rr = 'Record-Route: <sip:10.0.0.1:5060;lr>\r\n';
  const vias = forwarded!.text.match(/Via: .*\r\n/g)!.join('');
  const ok = response(forwarded!, 200, 'OK', 'bt', rr + BOB_CONTACT).replace(/Via: .*\r\n/, vias);
  world.receive(ok, BOB);
  const [answer] = world.takeSent();
  assert.is(answer!.message.count(H.via), 1);
  assert.equal(answer!.to.address, ALICE.address);
  const replies = world.takeFrames().filter(each => each.meta[2] === id);
  assert.is(replies[0]?.meta[12], 'continue');
  assert.is(replies[1]?.meta[4], 'done');
  world.advance(3000);
  assert.equal(world.takeSent(), []);
  const route = 'Route: <sip:10.0.0.1:5060;lr>\r\n';
  const inDialog = { uri: 'sip:bob@10.0.0.9:5060', toTag: 'bt', headers: route };
  world.receive(request({ ...inDialog, method: 'ACK', branch: 'ack' }));
  world.receive(request({ ...inDialog, method: 'BYE', branch: 'bye', cseq: 2 }));
  const [ack, bye] = world.takeSent();
  assert.equal(ack!.to.address, '10.0.0.9');
  assert.not(ack!.message.has(H.route));
  const byeVias = bye!.text.match(/Via: .*\r\n/g)!.join('');
  world.receive(response(bye!, 200, 'OK', '').replace(/Via: .*\r\n/, byeVias), BOB);
  assert.equal(summary(world.takeSent()), ['200 BYE']);
});

test('a request with our Route but of no dialog that we proxied is not passed on', () => {
  const world = new World();
  world.client();
  world.receive(
    request({
      method: 'BYE',
      uri: 'sip:victim@203.0.113.9',
      toTag: 'x',
      headers: 'Route: <sip:10.0.0.1:5060;lr>\r\n',
    }),
  );
  assert.equal(summary(world.takeSent()), ['481 BYE']);
});

test('a proxy tries its targets one after the other and gives the best failure back', () => {
  const world = new World();
  const client = world.client();
  const id = proxied(world, client, '||fullResponse||serial||', 'sip:10.0.0.9|sip:10.0.0.19');
  const [first] = world.takeSent();
  world.receive(response(first!, 486, 'Busy Here', 'b'), BOB);
  const [ack, second] = world.takeSent();
  assert.is(ack!.message.method, 'ACK');
  assert.is(second!.to.address, '10.0.0.19');
  world.receive(response(second!, 503, 'Service Unavailable', 'b'), BOB);
  assert.equal(summary(world.takeSent()), ['ACK', '486 INVITE']);
  assert.is(world.takeFrames().filter(each => each.meta[2] === id && each.meta[4] === 'done').length, 1);
});

test('a proxied INVITE that is cancelled is cancelled further on, and its 487 comes back', () => {
  const world = new World();
  const client = world.client();
  proxied(world, client);
  const [forwarded] = world.takeSent();
  world.receive(response(forwarded!, 180, 'Ringing', 'b'), BOB);
  world.receive(request({ method: 'CANCEL' }));
  assert.equal(summary(world.takeSent()), ['180 INVITE', '200 CANCEL', 'CANCEL']);
  world.receive(response(forwarded!, 487, 'Request Terminated', 'b'), BOB);
  assert.equal(summary(world.takeSent()), ['ACK', '487 INVITE']);
  world.frame(client, `sip||x\r\n${clientRequest('ACK')}`);
});

test.run();
