import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { tagOf } from '../../src/edge/message/fields.ts';
import { H } from '../../src/edge/message/header-names.ts';
import { SipStream } from '../../src/edge/message/sip-stream.ts';
import { growsWithLength } from '../support/growth.ts';
import {
  ALICE,
  BOB,
  BOB_CONTACT,
  clientInvite,
  clientRequest,
  clientResponse,
  establishedOutgoing,
  incomingCall,
  outgoingCall,
  request,
  response,
  summary,
  World,
} from './world.ts';

const test = suite('edge/hostile');

const SDP = 'v=0\r\n';
const RELIABLE = 'Supported: 100rel\r\n';
const MALLORY = { ...ALICE, address: '203.0.113.66' };

test('a response with the right branch but of another call is nobody’s', () => {
  const world = new World();
  const client = world.client();
  const { sent } = outgoingCall(world, client);
  const answer = response(sent, 200, 'OK', 'bt', BOB_CONTACT, SDP);
  world.receive(answer.replace(/Call-ID: .*/, 'Call-ID: guessed'), MALLORY);
  world.receive(answer.replace(/CSeq: \d+/, 'CSeq: 7'), MALLORY);
  assert.equal(world.takeFrames(), []);
  assert.is(world.count('responses_forged'), 2);
  world.receive(answer, BOB);
  assert.is(world.takeFrames()[0]?.message?.status, 200);
});

test('whoever has seen one branch cannot count on to the next', () => {
  const world = new World();
  const client = world.client();
  const branches = [outgoingCall(world, client), outgoingCall(world, client)].map(
    call => /branch=z9hG4bK(\S+)/.exec(call.sent.message.first(H.via))?.[1] ?? '',
  );
  // The random part of this world counts from call to call; nothing follows it.
  for (const branch of branches) assert.match(branch, /^r\d+r\d{11}$/);
});

test('a Call-ID and a tag are random and tell nothing of other calls', () => {
  const world = new World();
  const { message } = outgoingCall(world, world.client()).sent;
  assert.match(message.first(H.callId), /^r\d{11}$/);
  assert.match(tagOf(message.first(H.from)), /^r\d{11}$/);
});

test('a stranger cannot have the edge acknowledge and hang up calls of his invention', () => {
  const world = new World();
  const client = world.client();
  world.core.setKnownSources([ALICE.address, BOB.address]);
  const { sent } = outgoingCall(world, client);
  const forged = response(sent, 200, 'OK', 'x', BOB_CONTACT).replace(/(branch=z9hG4bK\S+)/, '$1x');
  world.receive(forged, MALLORY);
  assert.equal(world.takeSent(), []);
  world.receive(forged, BOB);
  assert.equal(summary(world.takeSent()), ['ACK', 'BYE']);
});

for (const [what, parts] of [
  ['the separator of the control protocol in its Call-ID', { callId: 'a|b' }],
  ['the separator of the control protocol in its From tag', { fromTag: 'a|b' }],
  ['a comma in its From tag', { fromTag: 'a,b' }],
  ['octets above ASCII in its Call-ID', { callId: 'caf\u00e9' }],
  ['a blank in its Call-ID', { callId: 'a b' }],
  ['a no-break space in its Request-URI', { uri: 'sip:44\u00c2\u00a020@10.0.0.1' }],
  ['a header of 9 KB', { headers: `Reason: SIP;${' '.repeat(9000)}x\r\n` }],
  ['a Content-Type of 600 octets', { headers: `Content-Type: multipart/${';'.repeat(600)}\r\n` }],
] as const) {
  test(`an INVITE with ${what} is refused`, () => {
    const world = new World();
    world.client();
    world.receive(request(parts));
    assert.equal(summary(world.takeSent()), ['400 INVITE']);
    assert.equal(world.takeFrames(), []);
  });
}

test('a Request-URI of 3 KB is refused as too long', () => {
  const world = new World();
  world.client();
  world.receive(request({ uri: `sip:${'1'.repeat(3000)}@10.0.0.1` }));
  assert.equal(summary(world.takeSent()), ['414 INVITE']);
});

test('a header whose name hides another in percent-encoding does not reach the client', () => {
  const world = new World();
  world.client();
  world.receive(request({ headers: 'Call%2DID: other\r\n' }));
  assert.not.match(world.takeFrames()[0]?.text ?? '', /other/);
});

test('the client names a dialog as the edge does, whatever blanks and cases the caller writes', () => {
  const world = new World();
  world.client();
  world.receive(
    request()
      .replace(/Call-ID: .*/, 'Call-ID: call-1 \t')
      .replace(/SIP\/2.0\r/, 'sip/2.0\r')
      .replace(/(From: .*)/, '$1 '),
  );
  const text = world.takeFrames()[0]?.text ?? '';
  assert.match(text, /^INVITE \S+ SIP\/2.0\r\n/);
  assert.match(text, /\r\nCall-ID: call-1\r\n/);
  assert.match(text, /;tag=at\r\n/);
});

test('a reason phrase with line ends that only some know is made plain, and an endless one is cut', () => {
  const world = new World();
  const client = world.client();
  const { sent } = outgoingCall(world, client);
  world.receive(response(sent, 183, `Some\u00e2\u0080\u00a8thing\u001b[2J ${'9'.repeat(9000)}`, 'bt'), BOB);
  const reason = world.takeFrames()[0]?.message?.reason ?? '';
  assert.ok(reason.startsWith('Some?thing?[2J 9'));
  assert.ok(reason.length <= 256);
});

test('a flood of OPTIONS is refused before it holds calls up, and taken again when it is over', () => {
  const world = new World();
  const client = world.client(['invite', 'options']);
  for (let i = 0; i < 1200; i++)
    world.receive(request({ method: 'OPTIONS', callId: `o${i}`, branch: `o${i}` }));
  assert.is(world.takeSent().length, 200);
  world.receive(request());
  assert.equal(summary(world.takeSent()), ['100 INVITE']);
  for (const frame of world.takeFrames().slice(0, 5))
    world.frame(client, `sip|${frame.meta[8]}|\r\n${clientResponse(200, 'OK')}`);
  world.takeSent();
  for (let i = 0; i < 6; i++) world.receive(request({ method: 'OPTIONS', callId: `p${i}`, branch: `p${i}` }));
  assert.equal(summary(world.takeSent()), ['503 OPTIONS']);
});

test('a huge header of the callee is left out and its answer counts', () => {
  const world = new World();
  const client = world.client();
  const { sent } = outgoingCall(world, client);
  world.receive(
    response(sent, 200, 'OK', 'bt', `Reason: SIP;${' '.repeat(9000)}x\r\n${BOB_CONTACT}`, SDP),
    BOB,
  );
  const [frame] = world.takeFrames();
  assert.is(frame?.message?.status, 200);
  assert.ok((frame?.text.length ?? 9999) < 1000);
});

test('parameters without end do not hold the edge up', () => {
  growsWithLength('a tag behind semicolons', 8_000, length => {
    assert.is(tagOf(`<sip:a@b>${';'.repeat(length)}`), '');
  });
});

/** An incoming call whose answer waits for the PRACK of a 183 with a session description. */
function answeredBeforePrack(world: World, client: number): { transaction: string; tag: string } {
  const transaction = incomingCall(world, { headers: RELIABLE });
  world.frame(
    client,
    `sip|${transaction}|\r\n${clientResponse(183, 'Session Progress', 'Require: 100rel\r\n', SDP)}`,
  );
  const tag = tagOf(world.takeSent().at(-1)!.message.first(H.to));
  world.frame(client, `sip|${transaction}|\r\n${clientResponse(200, 'OK', '', SDP)}`);
  assert.equal(world.takeSent(), []);
  world.frames.length = 0;
  return { transaction, tag };
}

test('a CANCEL ends a call whose answer still waits for a PRACK', () => {
  const world = new World();
  const { transaction } = answeredBeforePrack(world, world.client());
  world.receive(request({ method: 'CANCEL', contact: '' }));
  assert.equal(summary(world.takeSent()), ['200 CANCEL', '487 INVITE']);
  const [frame] = world.takeFrames();
  assert.equal([frame?.message?.method, frame?.meta[8]], ['CANCEL', transaction]);
  assert.is(world.count('dialogs'), 0);
});

test('so does a BYE', () => {
  const world = new World();
  const { tag } = answeredBeforePrack(world, world.client());
  world.receive(request({ method: 'BYE', branch: 'bye', cseq: 2, toTag: tag, contact: '' }));
  assert.equal(summary(world.takeSent()), ['200 BYE', '487 INVITE']);
  assert.is(world.takeFrames()[0]?.message?.method, 'CANCEL');
  assert.is(world.count('dialogs'), 0);
});

test('and without any PRACK nothing of it is left', () => {
  const world = new World();
  answeredBeforePrack(world, world.client());
  world.advance(33_000);
  assert.is(summary(world.takeSent()).includes('504 INVITE'), true);
  world.advance(40_000);
  assert.equal(
    [world.count('dialogs'), world.count('server_transactions'), world.count('timers')],
    [0, 0, 0],
  );
});

test('a callee cannot pile up reliable responses for a caller who sends no PRACK', () => {
  const world = new World();
  const client = world.client();
  const transaction = incomingCall(world, { headers: RELIABLE });
  let refused = 0;
  for (let i = 0; i < 100; i++) {
    const id = world.frame(
      client,
      `sip|${transaction}|\r\n${clientResponse(183, 'Session Progress', 'Require: 100rel\r\n', SDP)}`,
    );
    if (world.replyTo(id)[3] === 'NOK') refused++;
  }
  assert.is(refused, 83);
  assert.is(world.count('reliable_provisionals_unsent'), 83);
});

test('a client may begin another early dialog, and the answer is that one’s', () => {
  const world = new World();
  const client = world.client(['invite'], 'x-class4');
  const transaction = incomingCall(world, { headers: RELIABLE });
  let rseq = '';
  const respond = (status: number, headers: string): string => {
    world.frame(client, `sip|${transaction}|\r\n${clientResponse(status, 'Any', headers, SDP)}`);
    const sent = world.takeSent().at(-1)?.message;
    rseq = sent?.first(H.rseq) ?? '';
    return tagOf(sent?.first(H.to) ?? '');
  };
  const first = respond(183, 'Require: 100rel\r\n');
  const rackOfFirst = rseq;
  respond(183, 'Require: 100rel\r\nX-Class4-Fork: 1\r\n');
  const rack = { method: 'PRACK', contact: '', cseq: 2 };
  world.receive(
    request({ ...rack, branch: 'p1', toTag: first, headers: `RAck: ${rackOfFirst} 1 INVITE\r\n` }),
  );
  const [second] = world.takeSent();
  const tag = tagOf(second!.message.first(H.to));
  assert.is(second!.message.status, 183);
  assert.is.not(tag, first);
  rseq = second!.message.first(H.rseq);
  world.receive(request({ ...rack, branch: 'p2', toTag: tag, headers: `RAck: ${rseq} 1 INVITE\r\n` }));
  assert.is(respond(200, ''), tag);
  world.receive(request({ method: 'BYE', branch: 'b1', cseq: 3, toTag: first, contact: '' }));
  assert.equal(summary(world.takeSent()), ['481 BYE']);
  world.receive(request({ method: 'ACK', branch: 'a2', toTag: tag, contact: '' }));
  world.receive(request({ method: 'BYE', branch: 'b2', cseq: 3, toTag: tag, contact: '' }));
  assert.is(world.takeFrames().at(-1)?.message?.method, 'BYE');
});

test('an UPDATE that nobody answers before the answer does not lose the answer', () => {
  const world = new World();
  const client = world.client();
  const { sent, dialog } = outgoingCall(world, client);
  world.receive(response(sent, 180, 'Ringing', 'bt', BOB_CONTACT), BOB);
  world.frame(client, `sip||${dialog}\r\n${clientRequest('UPDATE', '', SDP)}`);
  world.advance(33_000);
  world.takeSent();
  world.frames.length = 0;
  world.receive(response(sent, 200, 'OK', 'bt', BOB_CONTACT, SDP), BOB);
  assert.is(world.takeFrames()[0]?.message?.status, 200);
  world.frame(client, `sip||${dialog}\r\n${clientRequest('ACK')}`);
  assert.equal(summary(world.takeSent()), ['ACK']);
});

test('an answer that comes after the early dialog was ended is acknowledged and hung up', () => {
  const world = new World();
  const client = world.client();
  const { sent, dialog } = outgoingCall(world, client);
  world.receive(response(sent, 180, 'Ringing', 'bt', BOB_CONTACT), BOB);
  world.frame(client, `sip||${dialog}\r\n${clientRequest('BYE')}`);
  const bye = world.takeSent().find(each => each.message.method === 'BYE')!;
  world.receive(response(bye, 200, 'OK', ''), BOB);
  world.receive(response(sent, 200, 'OK', 'bt', BOB_CONTACT, SDP), BOB);
  assert.equal(summary(world.takeSent()), ['ACK', 'BYE']);
});

test('a call whose answer had no To tag can be hung up', () => {
  const world = new World();
  const client = world.client();
  const { sent, dialog } = outgoingCall(world, client);
  world.receive(response(sent, 200, 'OK', '', BOB_CONTACT, SDP), BOB);
  world.frame(client, `sip||${dialog}\r\n${clientRequest('ACK')}`);
  world.frame(client, `sip||${dialog}\r\n${clientRequest('BYE')}`);
  assert.equal(summary(world.takeSent()), ['ACK', 'BYE']);
});

test('a call whose way back cannot be found ends, and the client hears of it', () => {
  const world = new World();
  const client = world.client();
  world.names.set('nowhere.example', null);
  const transaction = incomingCall(world, { headers: 'Record-Route: <sip:nowhere.example;lr>\r\n' });
  world.frame(client, `sip|${transaction}|\r\n${clientResponse(200, 'OK', '', SDP)}`);
  world.frames.length = 0;
  world.advance(33_000);
  const bye = world.takeSent().find(each => each.message.method === 'BYE');
  assert.is(bye?.to.address, ALICE.address);
  assert.is(world.takeFrames()[0]?.meta[8], 'unsolicited');
  world.advance(33_000);
  assert.is(world.count('dialogs'), 0);
});

test('a refresh that meets a re-INVITE of the peer is sent again, and the call goes on', () => {
  const world = new World();
  const client = world.client();
  establishedOutgoing(world, client, 'Session-Expires: 200;refresher=uac\r\n');
  world.advance(100_100);
  world.receive(response(world.takeSent()[0]!, 491, 'Request Pending', ''), BOB);
  assert.equal(summary(world.takeSent()), ['ACK']);
  world.advance(3_100);
  const [again] = world.takeSent();
  assert.is(again?.message.method, 'INVITE');
  world.receive(response(again!, 200, 'OK', '', `Session-Expires: 200;refresher=uac\r\n${BOB_CONTACT}`), BOB);
  world.takeSent();
  world.advance(99_000);
  assert.equal(summary(world.takeSent()), []);
});

test('a stranger who cancels before anybody answered hears nothing, and the client hears of it', () => {
  const world = new World();
  const client = world.client();
  world.core.setKnownSources([BOB.address]);
  const transaction = incomingCall(world);
  world.receive(request({ method: 'CANCEL', contact: '' }));
  assert.equal(world.takeSent(), []);
  const [frame] = world.takeFrames();
  assert.equal([frame?.message?.method, frame?.meta[8]], ['CANCEL', transaction]);
  const id = world.frame(client, `sip|${transaction}|\r\n${clientResponse(200, 'OK', '', SDP)}`);
  assert.is(world.replyTo(id)[3], 'NOK');
  world.advance(33_000);
  assert.equal([world.takeSent(), world.count('server_transactions')], [[], 0]);
});

test('a CANCEL with another Call-ID cancels nothing', () => {
  const world = new World();
  world.client();
  incomingCall(world);
  world.takeSent();
  world.receive(request({ method: 'CANCEL', contact: '', callId: 'other' }));
  assert.equal(summary(world.takeSent()), ['481 CANCEL']);
  assert.equal(world.takeFrames(), []);
});

test('a message that comes octet by octet is read once', () => {
  growsWithLength('octets of a body', 4_000, length => {
    const messages: string[] = [];
    const stream = new SipStream({
      onMessage: text => messages.push(text),
      onKeepAlive: () => undefined,
      onOversized: () => assert.unreachable(),
      onGarbage: () => assert.unreachable(),
    });
    const text = request({ headers: `X-Filler: ${'x'.repeat(500)}\r\n`, body: 'b'.repeat(length) });
    for (const octet of text + text) stream.push(octet);
    assert.equal([messages.length, messages[0] === text, messages[1] === text], [2, true, true]);
  });
});

test('a call that is up keeps its own few strings, not the frames they came in', () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const world = new World();
  const client = world.client();
  const forget = (): void => {
    world.takeSent();
    world.takeFrames();
    world.framesOf.clear();
  };
  collect();
  const before = process.memoryUsage().heapUsed;
  const calls = 100;
  const body = `v=0\r\n${'a=x\r\n'.repeat(20)}`;
  for (let i = 0; i < calls; i++) {
    const invite = clientInvite(`${String(i).padStart(60_000, 'x')}\r\n`, body);
    const id = world.frame(client, `sip||\r\n${invite}`);
    assert.is(world.replyTo(id)[3], 'OK');
    const sent = world.takeSent()[0]!;
    const dialog = `${sent.message.first(H.callId)};from-tag=${tagOf(sent.message.first(H.from))}`;
    world.receive(response(sent, 200, 'OK', 'bt', BOB_CONTACT, SDP), BOB);
    world.frame(client, `sip||${dialog}\r\n${clientRequest('ACK')}`);
    forget();
  }
  world.advance(33_000);
  forget();
  collect();
  assert.is(world.count('dialogs'), calls);
  assert.ok((process.memoryUsage().heapUsed - before) / calls < 20_000);
});

test.run();
