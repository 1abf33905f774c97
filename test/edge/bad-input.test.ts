import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { FrameReader, frame } from '../../src/edge/control/control-frames.ts';
import { parseRAck, parseVia, splitHostPort, tagOf, uriOf } from '../../src/edge/message/fields.ts';
import { H } from '../../src/edge/message/header-names.ts';
import { normalised, parseMessage } from '../../src/edge/message/message.ts';
import { SipStream } from '../../src/edge/message/sip-stream.ts';
import { splitList } from '../../src/edge/message/text.ts';
import { parseUri } from '../../src/edge/message/uri.ts';
import { addressBytes } from '../../src/edge/user-agent/sources.ts';
import { ALICE, clientResponse, incomingCall, request, summary, World } from './world.ts';

const test = suite('edge/bad-input');

const octets = fc.uint8Array({ maxLength: 600 }).map(bytes => Buffer.from(bytes).toString('latin1'));
const sipish = fc
  .array(
    fc.constantFrom(
      'INVITE sip:a@b SIP/2.0\r\n',
      'SIP/2.0 200 OK\r\n',
      'Via: SIP/2.0/UDP h;branch=z9hG4bK1\r\n',
      'v: SIP / 2.0 / TCP [::1]:99 ;rport\r\n',
      'From: "a\\"b" <sip:a@b>;tag=1\r\n',
      'To: <sip:b',
      ' folded\r\n',
      'Call-ID: x\r\n',
      'CSeq: 99999999999 INVITE\r\n',
      'Content-Length: -5\r\n',
      'l: 3\r\n',
      'Contact: *\r\n',
      'Route: <sip:a;lr>,,<',
      '\r\n',
      '\n',
      '\r',
      '\0',
      ':',
      ';tag',
      '"',
      '\xff',
    ),
    { maxLength: 25 },
  )
  .map(parts => parts.join(''));

/** A valid message with some of it cut out, doubled or replaced. */
const mutated = fc
  .tuple(
    fc.constantFrom(
      request({ body: 'v=0\r\n' }),
      request({ method: 'BYE', toTag: 'x' }),
      clientResponse(200, 'OK'),
    ),
    fc.array(fc.tuple(fc.nat(600), fc.nat(40), fc.string({ maxLength: 6 })), { minLength: 1, maxLength: 6 }),
  )
  .map(([text, edits]) =>
    edits.reduce((was, [at, cut, put]) => was.slice(0, at) + put + was.slice(at + cut), text),
  );

test('no octets whatever make the parser or its field readers throw', () => {
  fc.assert(
    fc.property(fc.oneof(octets, sipish, mutated), text => {
      const message = parseMessage(text);
      parseMessage(text, true);
      if (message === null) return;
      for (let i = 0; i < message.ids.length; i++) {
        const value = message.valueAt(i);
        parseVia(value);
        tagOf(value);
        uriOf(value);
        parseUri(value);
        parseRAck(value);
        splitList(value);
        splitHostPort(value);
        addressBytes(value);
      }
      const again = parseMessage(normalised(message));
      assert.ok(again !== null);
    }),
    { numRuns: 3000 },
  );
});

test('whatever arrives, the edge neither throws nor sends nonsense, and forgets it all in the end', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(octets, sipish, mutated), { maxLength: 12 }), texts => {
      const world = new World();
      const client = world.client(['invite', 'options', 'message']);
      for (const text of texts) {
        world.receive(text, ALICE);
        world.frame(client, `sip||\r\n${text}`);
        world.frame(client, text.slice(0, 200));
        world.frame(client, `sip|${text.slice(0, 5)}|x\r\n${text}`);
      }
      world.core.disconnected(client, world.now);
      world.advance(80_000);
      world.core.tick(world.now + 25 * 3_600_000);
    }),
    { numRuns: 150 },
  );
});

test('frames come out as they went in, however the stream is cut', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: 'binary', minLength: 1, maxLength: 50 }), { maxLength: 10 }),
      fc.array(fc.nat(30), { maxLength: 40 }),
      (texts, cuts) => {
        const payloads = texts.map(text => Buffer.from(text, 'utf8').toString('latin1'));
        let stream = payloads.map(frame).join('');
        const reader = new FrameReader();
        const seen: string[] = [];
        for (const cut of [...cuts, stream.length]) {
          reader.push(stream.slice(0, cut), payload => seen.push(payload));
          stream = stream.slice(cut);
        }
        assert.equal(seen, payloads);
        assert.not(reader.failed);
      },
    ),
  );
});

test('a frame length that is no number, is nothing, or has more than five digits ends the client', () => {
  for (const bad of ['abc#x', '0#', '-1#x', '123456#x', '#x', '1234567', '1 #x']) {
    const reader = new FrameReader();
    reader.push(bad, () => assert.unreachable(bad));
    assert.ok(reader.failed, bad);
  }
});

test('a TCP stream is cut by Content-Length however it arrives', () => {
  const messages = [
    request({ body: 'v=0\r\n' }),
    request({ method: 'OPTIONS', branch: 'o' }),
    request({ body: '\r\n\r\n' }),
  ];
  fc.assert(
    fc.property(fc.array(fc.nat(400), { maxLength: 20 }), cuts => {
      const seen: string[] = [];
      const stream = new SipStream({
        onMessage: text => seen.push(text),
        onKeepAlive: () => undefined,
        onOversized: () => assert.unreachable(),
        onGarbage: () => assert.unreachable(),
      });
      let text = `\r\n\r\n${messages.join('\r\n')}`;
      for (const cut of [...cuts, text.length]) {
        stream.push(text.slice(0, cut));
        text = text.slice(cut);
      }
      assert.equal(seen, messages);
    }),
  );
});

test('a TCP stream that announces too much is refused, one that is not SIP is cut off', () => {
  const events: string[] = [];
  const make = (): SipStream =>
    new SipStream({
      onMessage: () => events.push('message'),
      onKeepAlive: () => events.push('keepalive'),
      onOversized: () => events.push('oversized'),
      onGarbage: () => events.push('garbage'),
    });
  make().push(request().replace('Content-Length: 0', 'Content-Length: 99999'));
  make().push(request().replace('Content-Length: 0', 'Content-Length: many'));
  make().push('x'.repeat(40_000));
  make().push(`INVITE sip:a@b SIP/2.0\r\n${'X: y\r\n'.repeat(7000)}`);
  make().push('\r\n\r\n');
  assert.equal(events, ['oversized', 'garbage', 'oversized', 'oversized', 'keepalive']);
});

/** Cases in the manner of RFC 4475: what arrives, and what must come of it. */
const TORTURE: readonly (readonly [name: string, text: string, answer: string])[] = [
  ['folded and compact headers are read', compactRequest(), '100 INVITE'],
  ['LF alone ends a line', request().replaceAll('\r\n', '\n'), '100 INVITE'],
  [
    'escaped quotes in a display name',
    request().replace('"Alice"', '"A \\"<sip:x>;tag=no\\""'),
    '100 INVITE',
  ],
  ['semicolons in the user part', request({ uri: 'sip:user;par=u%40example.net@10.0.0.1' }), '100 INVITE'],
  [
    'an unknown scheme in the Request-URI is the client’s business',
    request({ uri: 'nobody:x' }),
    '100 INVITE',
  ],
  ['a header line without colon', request({ headers: 'Nonsense\r\n' }), '400 INVITE'],
  ['a header name with spaces', request({ headers: 'Bad Name: x\r\n' }), '400 INVITE'],
  ['no CSeq', request().replace(/CSeq: .*\r\n/, ''), ''],
  ['no Call-ID', request().replace(/Call-ID: .*\r\n/, ''), ''],
  ['no Via', request().replace(/Via: .*\r\n/, ''), ''],
  ['a CSeq of another method', request().replace('1 INVITE', '1 BYE'), '400 BYE'],
  ['a CSeq beyond 2^31', request().replace('1 INVITE', '36893488147419103232 INVITE'), '400 '],
  ['two Call-IDs', request({ headers: 'Call-ID: other\r\n' }), '400 INVITE'],
  ['two From headers', request({ headers: 'From: <sip:x@y>;tag=z\r\n' }), '400 INVITE'],
  ['a negative Content-Length', request().replace('Content-Length: 0', 'Content-Length: -999'), '400 INVITE'],
  [
    'a Content-Length beyond the datagram',
    request().replace('Content-Length: 0', 'Content-Length: 9999'),
    '400 INVITE',
  ],
  ['two Content-Lengths', request({ headers: 'Content-Length: 0\r\n' }), '400 INVITE'],
  ['spaces in the Request-URI', request({ uri: 'sip:user@10.0.0.1; lr' }), '400 INVITE'],
  ['brackets around the Request-URI', request({ uri: '<sip:user@10.0.0.1>' }), '400 INVITE'],
  ['another version', request().replace('SIP/2.0\r\nVia', 'SIP/7.0\r\nVia'), '505 INVITE'],
  ['a Contact of *', request({ contact: 'Contact: *\r\n' }), '400 INVITE'],
  ['an empty To', request().replace(/To: .*\r\n/, 'To: \r\n'), ''],
  ['a broken Via', request({ via: 'SIP/2.0/UDP' }), ''],
  ['a Via port out of range', request({ via: 'SIP/2.0/UDP 10.0.0.7:99999;branch=z9hG4bKx' }), ''],
  ['a hundred Vias', request({ headers: 'Via: SIP/2.0/UDP 10.0.0.8;branch=z9hG4bKy\r\n'.repeat(100) }), ''],
  [
    'a hundred Vias in one line',
    request({ headers: `Via: ${'SIP/2.0/UDP a;branch=b,'.repeat(100)}x\r\n` }),
    '',
  ],
  ['three hundred headers', request({ headers: 'X: y\r\n'.repeat(300) }), '400 INVITE'],
  ['cut off within the headers', request().slice(0, 200), ''],
  ['a response that is none', 'SIP/2.0 999 Strange\r\n\r\n', ''],
  ['a response to nobody', clientResponse(200, 'OK', 'Via: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bKno\r\n'), ''],
  ['HTTP', 'GET / HTTP/1.1\r\nHost: x\r\n\r\n', ''],
  ['an ACK to nothing', request({ method: 'ACK', toTag: 'x' }), ''],
];

function compactRequest(): string {
  return 'INVITE sip:4420@10.0.0.1 SIP/2.0\r\nv: SIP / 2.0\r\n / UDP 10.0.0.7:5060\r\n ;branch=z9hG4bK-c\r\nf: Alice\r\n\t<sip:a@b>;tag=1\r\nt  :  <sip:b@c>\r\ni: c\r\nCSEQ:\t1   INVITE\r\nm: <sip:a@10.0.0.7>\r\nMax-Forwards: 070\r\nl: 0\r\n\r\n';
}

for (const [name, text, answer] of TORTURE) {
  test(`torture: ${name}`, () => {
    const world = new World();
    world.client();
    world.receive(text);
    assert.is(summary(world.takeSent()).join(), answer);
    world.advance(40_000);
  });
}

test('a client sees folded, compact and LF-only messages in plain lines with a right Content-Length', () => {
  const world = new World();
  world.client();
  world.receive(compactRequest());
  world.receive(request({ branch: 'lf', callId: 'c2', body: 'v=0\n' }).replaceAll('\r\n', '\n'));
  const [first, second] = world.takeFrames();
  assert.match(first!.text, '\r\nFrom: Alice <sip:a@b>;tag=1\r\n');
  assert.match(first!.text, '\r\nCall-ID: c\r\n');
  assert.not.match(second!.text, /[^\r]\nTo/);
  assert.match(second!.text, 'Content-Length: 4\r\n\r\nv=0\n');
});

test('octets beyond the Content-Length of a datagram are dropped', () => {
  const world = new World();
  world.client();
  world.receive(`${request({ body: 'v=0\r\n' })}INVITE smuggled`);
  assert.not.match(world.takeFrames()[0]!.text, 'smuggled');
});

test('private headers of a peer do not reach the client', () => {
  const world = new World();
  world.client();
  world.receive(request({ headers: 'X-Class4-Silent: 1\r\nX-CLASS4-Resend-Ms: 1\r\nX-Class5: ok\r\n' }));
  const [frame_] = world.takeFrames();
  assert.not.match(frame_!.text, /class4/i);
  assert.match(frame_!.text, 'X-Class5: ok');
});

test('UTF-8 passes through in both directions, with Content-Length in octets', () => {
  const world = new World();
  const client = world.client();
  const latin = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');
  world.receive(latin('📞').length === 4 ? request({ body: latin('héllo 📞') }) : '');
  const told = world.takeFrames()[0]!;
  assert.is(Buffer.from(told.message!.body, 'latin1').toString('utf8'), 'héllo 📞');
  // drachtio-srf counts characters, not octets.
  world.frame(
    client,
    `sip|${told.meta[8]}|\r\nSIP/2.0 200 OK\r\nContent-Length: 8\r\n\r\n${latin('héllo 📞')}`,
  );
  const answer = world.takeSent().at(-1)!;
  assert.is(Number(answer.message.first(H.contentLength)), 11);
});

test('a header value with line ends cannot smuggle what the edge makes itself, nor a body', () => {
  const world = new World();
  const client = world.client();
  const transaction = incomingCall(world);
  world.takeSent();
  const injected = 'X-A: b\r\nVia: SIP/2.0/UDP evil\r\nRoute: <sip:evil;lr>\r\nX-C: d\r\n';
  world.frame(client, `sip|${transaction}|\r\n${clientResponse(180, 'Ringing', injected)}`);
  const [ringing] = world.takeSent();
  assert.is(ringing!.message.count(H.via), 1);
  assert.not(ringing!.message.has(H.route));
  const bodied = world.frame(
    client,
    `sip|${transaction}|\r\nSIP/2.0 200 OK\r\nX-A: b\r\n\r\nv=0\r\nContent-Length: 0\r\n\r\n`,
  );
  assert.is(world.replyTo(bodied)[3], 'NOK');
  const doubled = world.frame(
    client,
    `sip|${transaction}|\r\n${clientResponse(200, 'OK', 'To: <a>\r\nTo: <b>;tag=x\r\n')}`,
  );
  assert.is(world.replyTo(doubled)[3], 'NOK');
  assert.equal(world.takeSent(), []);
});

test('a bare CR in a header value does not reach the wire', () => {
  const world = new World();
  const client = world.client();
  const transaction = incomingCall(world);
  world.takeSent();
  world.frame(client, `sip|${transaction}|\r\n${clientResponse(180, 'Ringing', 'X-A: b\rX-B: c\r\n')}`);
  assert.match(world.takeSent()[0]!.text, '\r\nX-A: b X-B: c\r\n');
});

test('an oversized TCP message is answered 513', () => {
  const world = new World();
  world.client();
  world.core.refuseOversized(ALICE, request().slice(0, 300), world.now);
  assert.equal(summary(world.takeSent()), ['513 INVITE']);
});

test.run();
