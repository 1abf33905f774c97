/**
 * What the embedded edge costs without its sockets: one JSON object per line.
 * The parse rates compare the edge's parser with the one that drachtio-srf brings (one regular expression per line),
 * on the same message in the same run. A whole call is what a B2BUA makes of it: thirteen datagrams and their control
 * frames, with octets turned into text and back as the driver does.
 */
import { createRequire } from 'node:module';
import type { Listener, Peer, Wire } from '../src/edge/context.ts';
import { FrameReader, frame } from '../src/edge/control/control-frames.ts';
import { DEFAULT_RESEND_INTERVALS_MS, EdgeCore } from '../src/edge/edge-core.ts';
import { parseCSeq, parseVia, tagOf } from '../src/edge/message/fields.ts';
import { H } from '../src/edge/message/header-names.ts';
import { parseMessage } from '../src/edge/message/message.ts';

const SdpBody =
  'v=0\r\no=user1 53655765 2353687637 IN IP4 10.0.0.7\r\ns=-\r\nc=IN IP4 10.0.0.7\r\nt=0 0\r\nm=audio 6000 RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\n';
const listener: Listener = {
  index: 0,
  transport: 'udp',
  family: 4,
  bound: '10.0.0.1',
  address: '10.0.0.1',
  port: 5060,
  hostPort: '10.0.0.1:5060',
};
const alice: Peer = { listener, address: '10.0.0.7', port: 5060, connection: 0 };
const bob: Peer = { listener, address: '10.0.0.9', port: 5060, connection: 0 };

function invite(n: number): string {
  return `INVITE sip:442079460000@10.0.0.1:5060 SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.7:5060;branch=z9hG4bK-1-${n}-0\r\nFrom: sipp <sip:sipp@10.0.0.7:5060>;tag=1SIPpTag00${n}\r\nTo: <sip:442079460000@10.0.0.1:5060>\r\nCall-ID: ${n}-1@10.0.0.7\r\nCSeq: 1 INVITE\r\nContact: <sip:sipp@10.0.0.7:5060>\r\nMax-Forwards: 70\r\nSubject: Performance Test\r\nUser-Agent: sipp\r\nAllow: INVITE, ACK, BYE, CANCEL, OPTIONS\r\nContent-Type: application/sdp\r\nContent-Length: ${SdpBody.length}\r\n\r\n${SdpBody}`;
}

interface OtherParser {
  parseSipMessage(text: string, lazy: boolean): { headers: Record<string, string> };
}

function rate(count: number, run: (i: number) => void): number {
  for (let i = 0; i < count / 10; i++) run(i);
  const start = process.hrtime.bigint();
  for (let i = 0; i < count; i++) run(i);
  return count / (Number(process.hrtime.bigint() - start) / 1e9);
}

function benchParsers(): void {
  const require = createRequire(import.meta.url);
  const other = require('drachtio-srf/lib/sip-parser/parser') as OtherParser;
  const datagrams = Array.from({ length: 64 }, (_, n) => Buffer.from(invite(n), 'latin1'));
  let sink = 0;
  const ours = rate(200_000, i => {
    const message = parseMessage(datagrams[i & 63]!.toString('latin1'))!;
    sink += parseVia(message.first(H.via))!.branch.length + parseCSeq(message.first(H.cseq))!.number;
    sink += tagOf(message.first(H.from)).length + message.first(H.callId).length;
  });
  const theirs = rate(50_000, i => {
    sink += other.parseSipMessage(datagrams[i & 63]!.toString('utf8'), true).headers['call-id']!.length;
  });
  const bytes = datagrams[0]!.length;
  print({ bench: 'edge-parse', parser: 'edge', messageBytes: bytes, perSecond: Math.round(ours) });
  print({ bench: 'edge-parse', parser: 'drachtio-srf', messageBytes: bytes, perSecond: Math.round(theirs) });
  print({ bench: 'edge-parse', faster: Number((ours / theirs).toFixed(1)), sink: sink > 0 });
}

/** The peers and the client of one edge, all in this thread, none with a socket. */
class Calls {
  readonly core: EdgeCore;
  now = 0;
  datagrams = 0;
  readonly #out: string[] = [];
  readonly #frames: string[] = [];
  readonly #reader = new FrameReader();
  #queue = '';
  #random = 0;

  constructor() {
    const wire: Wire = {
      send: (_peer, text) => {
        this.datagrams++;
        this.#out.push(Buffer.from(text, 'latin1').toString('latin1'));
      },
      isOpen: () => false,
      control: (_client, payload) => {
        this.#queue += frame(payload);
      },
      closeControl: () => undefined,
      lookup: (_host, _port, _transport, _family, done) => done(null),
      timeOfDay: () => '12:00:00.000000',
      random: () => (++this.#random).toString(16).padStart(32, 'a'),
    };
    this.core = new EdgeCore({
      secret: 'x',
      listeners: [listener],
      resendIntervalsMs: DEFAULT_RESEND_INTERVALS_MS,
      wire,
      now: 0,
    });
    this.core.connected(1);
    this.core.frame(1, '1|authenticate|x|', 0);
    this.core.frame(1, '2|route|invite', 0);
    this.frames();
  }

  receive(from: Peer, text: string): void {
    this.datagrams++;
    this.core.receive(from, Buffer.from(text, 'latin1').toString('latin1'), this.now);
  }

  /** A client's frames, through the reader as they come from its socket. */
  client(payload: string): void {
    const octets = Buffer.from(frame(payload), 'latin1');
    this.#reader.push(octets.toString('latin1'), text => this.core.frame(1, text, this.now));
  }

  sent(): string {
    return this.#out.shift() ?? '';
  }

  /** What the client was told, written out as to its socket. */
  frames(): string {
    this.#frames.length = 0;
    const text = Buffer.from(this.#queue, 'latin1').toString('latin1');
    this.#queue = '';
    return text;
  }

  drop(): void {
    this.#out.length = 0;
  }
}

function field(text: string, name: string): string {
  const at = text.indexOf(`\r\n${name}: `) + name.length + 4;
  return text.slice(at, text.indexOf('\r\n', at));
}

function reply(to: string, line: string, tag: string, rest: string): string {
  const given = field(to, 'To');
  return `SIP/2.0 ${line}\r\nVia: ${field(to, 'Via')}\r\nFrom: ${field(to, 'From')}\r\nTo: ${given.includes('tag=') ? given : given + tag}\r\nCall-ID: ${field(to, 'Call-ID')}\r\nCSeq: ${field(to, 'CSeq')}\r\n${rest}`;
}

const ANSWER = `Contact: <sip:10.0.0.9:5060>\r\nContent-Type: application/sdp\r\nContent-Length: ${SdpBody.length}\r\n\r\n${SdpBody}`;
const EMPTY = 'Content-Length: 0\r\n\r\n';

/** One call through a B2BUA, both sides; the caller hangs up. */
function oneCall(calls: Calls, n: number): void {
  const first = invite(n);
  calls.receive(alice, first);
  const told = calls.frames();
  const transaction = told.slice(0, told.indexOf('\r\n')).split('|')[8]!;
  calls.sent();
  calls.client(
    `a${n}|sip||\r\nINVITE sip:442079460000@10.0.0.9:5060 SIP/2.0\r\nfrom: sip:sipp@localhost\r\ncontact: sip:sipp@localhost\r\ncontent-type: application/sdp\r\nContent-Length: ${SdpBody.length}\r\n\r\n${SdpBody}`,
  );
  const outgoing = calls.sent();
  const dialog = `${field(outgoing, 'Call-ID')};from-tag=${tagOf(field(outgoing, 'From'))}`;
  calls.receive(bob, reply(outgoing, '180 Ringing', ';tag=b', EMPTY));
  calls.client(`b${n}|sip|${transaction}|\r\nSIP/2.0 180 Ringing\r\n${EMPTY}`);
  calls.sent();
  calls.receive(bob, reply(outgoing, '200 OK', ';tag=b', ANSWER));
  calls.client(`c${n}|sip||${dialog}\r\nACK sip:x SIP/2.0\r\n${EMPTY}`);
  calls.sent();
  calls.client(
    `d${n}|sip|${transaction}|\r\nSIP/2.0 200 OK\r\nContent-Length: ${SdpBody.length}\r\n\r\n${SdpBody}`,
  );
  const to = field(calls.sent(), 'To');
  calls.frames();
  const inDialog = (method: string, cseq: number): string =>
    `${method} sip:10.0.0.1:5060 SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.7:5060;branch=z9hG4bK-1-${n}-${method}\r\nFrom: sipp <sip:sipp@10.0.0.7:5060>;tag=1SIPpTag00${n}\r\nTo: ${to}\r\nCall-ID: ${n}-1@10.0.0.7\r\nCSeq: ${cseq} ${method}\r\nMax-Forwards: 70\r\n${EMPTY}`;
  calls.receive(alice, inDialog('ACK', 1));
  calls.frames();
  calls.receive(alice, inDialog('BYE', 2));
  const bye = calls.frames();
  calls.client(`e${n}|sip|${bye.slice(0, bye.indexOf('\r\n')).split('|')[8]}|\r\nSIP/2.0 200 OK\r\n${EMPTY}`);
  calls.sent();
  calls.client(`f${n}|sip||${dialog}\r\nBYE sip:placeholder SIP/2.0\r\n${EMPTY}`);
  calls.receive(bob, reply(calls.sent(), '200 OK', '', EMPTY));
  calls.frames();
  calls.drop();
}

function benchCalls(total: number): void {
  const calls = new Calls();
  let n = 0;
  const advance = (): void => {
    // A thousand calls a second: one a millisecond, the timers running as the driver runs them.
    calls.now += 1;
    if (n % 10 === 0) calls.core.tick(calls.now);
  };
  const run = (count: number): void => {
    for (let i = 0; i < count; i++) {
      oneCall(calls, n++);
      advance();
    }
  };
  run(20_000);
  calls.datagrams = 0;
  const cpu = process.cpuUsage();
  const start = process.hrtime.bigint();
  run(total);
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  const used = process.cpuUsage(cpu);
  const counters = calls.core.counters();
  (globalThis as { gc?: () => void }).gc?.();
  print({
    bench: 'edge-call',
    calls: total,
    datagramsPerCall: Number((calls.datagrams / total).toFixed(2)),
    callsPerSecond: Math.round(total / seconds),
    cpuMsPerCall: Number(((used.user + used.system) / 1000 / total).toFixed(4)),
    serverTransactions: counters['server_transactions'],
    clientTransactions: counters['client_transactions'],
    dialogs: counters['dialogs'],
    heapMb: Math.round(process.memoryUsage().heapUsed / 1e6),
  });
}

function print(result: object): void {
  console.log(JSON.stringify(result));
}

benchParsers();
benchCalls(60_000);
