import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { tagOf } from '../../src/edge/message/fields.ts';
import { H } from '../../src/edge/message/header-names.ts';
import {
  ALICE,
  BOB,
  BOB_CONTACT,
  clientResponse,
  establishedIncoming,
  establishedOutgoing,
  incomingCall,
  request,
  response,
  summary,
  World,
} from './world.ts';

const test = suite('edge/session-timer');

test('as refresher the edge sends its own re-INVITE at half time, unseen by the client, and acknowledges it', () => {
  const world = new World();
  const client = world.client();
  establishedOutgoing(world, client, 'Session-Expires: 200;refresher=uac\r\n');
  world.advance(99_900);
  assert.equal(world.takeSent(), []);
  world.advance(200);
  const [refresh] = world.takeSent();
  assert.is(refresh!.message.method, 'INVITE');
  assert.is(refresh!.message.first(H.cseq), '2 INVITE');
  assert.is(refresh!.message.first(H.sessionExpires), '200;refresher=uac');
  assert.is(refresh!.message.body, 'v=0\r\n');
  world.receive(
    response(refresh!, 200, 'OK', '', `Session-Expires: 200;refresher=uac\r\n${BOB_CONTACT}`, 'v=0\r\n'),
    BOB,
  );
  assert.equal(summary(world.takeSent()), ['ACK']);
  assert.equal(world.takeFrames(), []);
  world.advance(99_000);
  assert.equal(world.takeSent(), []);
  world.advance(1_200);
  assert.equal(summary(world.takeSent()), ['INVITE']);
});

test('a refresh answered 481 ends the call and the client is told', () => {
  const world = new World();
  const client = world.client();
  establishedOutgoing(world, client, 'Session-Expires: 90;refresher=uac\r\n');
  world.advance(45_100);
  world.receive(response(world.takeSent()[0]!, 481, 'No Such Call', ''), BOB);
  assert.equal(summary(world.takeSent()), ['ACK', 'BYE']);
  assert.is(world.takeFrames()[0]?.meta[8], 'unsolicited');
});

test('a peer that stops refreshing is hung up before its interval ends, and the client is told', () => {
  const world = new World();
  const client = world.client();
  establishedOutgoing(world, client, 'Session-Expires: 90;refresher=uas\r\n');
  world.advance(59_900);
  assert.equal(world.takeSent(), []);
  world.advance(200);
  const [bye] = world.takeSent();
  assert.is(bye!.message.method, 'BYE');
  assert.match(bye!.text, 'Session timer expired');
  assert.is(world.takeFrames()[0]?.meta[2], 'application');
  assert.is(world.count('sessions_expired'), 1);
});

test("the peer's refresh, answered by the client, starts the interval anew", () => {
  const world = new World();
  const client = world.client();
  const transaction = incomingCall(world, { headers: 'Supported: timer\r\nSession-Expires: 120\r\n' });
  world.frame(
    client,
    `sip|${transaction}|\r\n${clientResponse(200, 'OK', 'Session-Expires: 120;refresher=uac\r\n')}`,
  );
  const tag = tagOf(world.takeSent().at(-1)!.message.first(H.to));
  world.receive(request({ method: 'ACK', toTag: tag, branch: 'ack' }));
  world.frames.length = 0;
  world.advance(60_000);
  world.receive(
    request({ method: 'UPDATE', toTag: tag, cseq: 2, branch: 'u', headers: 'Session-Expires: 120\r\n' }),
  );
  const frame = world.takeFrames()[0]!;
  world.frame(
    client,
    `sip|${frame.meta[8]}|\r\n${clientResponse(200, 'OK', 'Session-Expires: 120;refresher=uac\r\n')}`,
  );
  world.takeSent();
  world.advance(87_000);
  assert.equal(world.takeSent(), []);
  world.advance(1_100);
  assert.equal(summary(world.takeSent()), ['BYE']);
});

test('an interval below 90 s is answered 422 in a dialog, and taken as 90 s in an answer', () => {
  const world = new World();
  const client = world.client();
  const { tag } = establishedIncoming(world, client);
  for (const method of ['INVITE', 'UPDATE']) {
    world.receive(
      request({ method, toTag: tag, cseq: 2, branch: method, headers: 'Session-Expires: 30\r\n' }),
      ALICE,
    );
    const [sent] = world.takeSent();
    assert.is(sent?.message.status, 422);
    assert.is(sent?.message.first(H.minSe), '90');
  }
  const other = new World();
  establishedOutgoing(other, other.client(), 'Session-Expires: 10;refresher=uac\r\n');
  other.advance(44_000);
  assert.equal(other.takeSent(), []);
  other.advance(1_100);
  assert.equal(summary(other.takeSent()), ['INVITE']);
});

test.run();
