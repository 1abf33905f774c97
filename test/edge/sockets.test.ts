/** The edge with its real sockets and an unmodified drachtio-srf; everything on loopback and on free ports. */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import Srf from 'drachtio-srf';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Edge, type EdgeOptions, startEdge } from '../../src/edge/edge.ts';
import { H } from '../../src/edge/message/header-names.ts';
import { parseMessage, type SipMessage } from '../../src/edge/message/message.ts';

const test = suite('edge/sockets');
const ADDRESS = '127.0.5.1';
const SECRET = 'open sesame';

function start(options: Partial<EdgeOptions> = {}): Promise<Edge> {
  return startEdge({
    listen: [
      { transport: 'udp', address: ADDRESS, port: 0 },
      { transport: 'tcp', address: ADDRESS, port: 0 },
    ],
    secret: SECRET,
    ...options,
  });
}

/** A SIP peer on a UDP socket: says things, and waits for things. */
class Phone {
  readonly socket: Socket = createSocket('udp4');
  readonly heard: SipMessage[] = [];
  #wake: () => void = () => undefined;
  port = 0;

  async open(): Promise<this> {
    this.socket.bind(0, '127.0.5.2');
    await once(this.socket, 'listening');
    this.port = this.socket.address().port;
    this.socket.on('message', datagram => {
      const message = parseMessage(datagram.toString('latin1'));
      if (message === null) return;
      this.heard.push(message);
      this.#wake();
    });
    return this;
  }

  say(text: string, port: number): void {
    this.socket.send(Buffer.from(text, 'latin1'), port, ADDRESS);
  }

  async hear(wanted: (message: SipMessage) => boolean): Promise<SipMessage> {
    for (;;) {
      const at = this.heard.findIndex(wanted);
      if (at >= 0) return this.heard.splice(at, 1)[0]!;
      await new Promise<void>(resolve => {
        this.#wake = resolve;
      });
    }
  }

  request(method: string, to: string, cseq: number, extra = '', body = ''): string {
    return `${method} sip:100@${ADDRESS} SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.5.2:${this.port};branch=z9hG4bK-${method}-${cseq}\r\nMax-Forwards: 70\r\nFrom: <sip:phone@127.0.5.2>;tag=phone\r\nTo: ${to}\r\nCall-ID: smoke\r\nCSeq: ${cseq} ${method}\r\nContact: <sip:phone@127.0.5.2:${this.port}>\r\n${extra}Content-Length: ${body.length}\r\n\r\n${body}`;
  }
}

function connectSrf(edge: Edge, tags: string[] = []): Promise<Srf> {
  const srf = tags.length === 0 ? new Srf() : new Srf(tags);
  srf.connect({ host: edge.control.address, port: edge.control.port, secret: SECRET });
  return new Promise((resolve, reject) => {
    srf.on('connect', (error: Error | null) => (error ? reject(error) : resolve(srf)));
  });
}

test('drachtio-srf answers a call through the edge, and hears its end', async () => {
  const edge = await start();
  const srf = await connectSrf(edge);
  const phone = await new Phone().open();
  try {
    const port = edge.listening[0]!.port;
    const answered = new Promise<Srf.Dialog>(resolve => {
      srf.invite((request, response) => {
        void srf.createUAS(request, response, { localSdp: 'v=0\r\n' }).then(resolve);
      });
    });
    // Until the edge knows that the client wants INVITEs, it answers them 503.
    let cseq = 0;
    let trying: SipMessage;
    do {
      cseq++;
      phone.say(phone.request('INVITE', '<sip:100@x>', cseq, '', 'v=0\r\n'), port);
      trying = await phone.hear(message => message.first(H.cseq) === `${cseq} INVITE`);
    } while (trying.status === 503);
    assert.is(trying.status, 100);
    const answer = await phone.hear(message => message.status === 200);
    assert.is(answer.body, 'v=0\r\n');
    phone.say(phone.request('ACK', answer.first(H.to), cseq), port);
    const dialog = await answered;
    const ended = new Promise<void>(resolve => dialog.on('destroy', () => resolve()));
    phone.say(phone.request('BYE', answer.first(H.to), cseq + 1), port);
    assert.is((await phone.hear(message => message.first(H.cseq) === `${cseq + 1} BYE`)).status, 200);
    await ended;
    const counters = await edge.counters();
    assert.is(counters['dialogs'], 0);
    assert.is(counters['requests_received'], cseq + 1);
  } finally {
    srf.disconnect();
    phone.socket.close();
    await edge.close();
  }
});

test('drachtio-srf places a call through the edge; a 100 is passed up safely to who asks for it', async () => {
  const edge = await start();
  const srf = await connectSrf(edge, ['x-class4']);
  const phone = await new Phone().open();
  try {
    const provisional: number[] = [];
    const dialing = srf.createUAC(
      `sip:100@127.0.5.2:${phone.port}`,
      { localSdp: 'v=0\r\n', headers: { 'X-Class4-Resend-Ms': '500,1000' } },
      { cbProvisional: response => provisional.push(response.status) },
    );
    const invite = await phone.hear(message => message.method === 'INVITE');
    assert.not.match(invite.raw, /class4/i);
    const reply = (status: string, rest: string): string =>
      `SIP/2.0 ${status}\r\nVia: ${invite.first(H.via)}\r\nFrom: ${invite.first(H.from)}\r\nTo: ${invite.first(H.to)};tag=p\r\nCall-ID: ${invite.first(H.callId)}\r\nCSeq: 1 INVITE\r\n${rest}`;
    const port = edge.listening[0]!.port;
    phone.say(reply('100 Trying', 'Content-Length: 0\r\n\r\n'), port);
    phone.say(reply('180 Ringing', 'Content-Length: 0\r\n\r\n'), port);
    phone.say(
      reply('200 OK', `Contact: <sip:127.0.5.2:${phone.port}>\r\nContent-Length: 5\r\n\r\nv=0\r\n`),
      port,
    );
    const dialog = await dialing;
    assert.equal(provisional, [100, 180]);
    await phone.hear(message => message.method === 'ACK');
    const ending = dialog.destroy();
    const bye = await phone.hear(message => message.method === 'BYE');
    phone.say(
      `SIP/2.0 200 OK\r\nVia: ${bye.first(H.via)}\r\nFrom: ${bye.first(H.from)}\r\nTo: ${bye.first(H.to)}\r\nCall-ID: ${bye.first(H.callId)}\r\nCSeq: ${bye.first(H.cseq)}\r\nContent-Length: 0\r\n\r\n`,
      port,
    );
    await ending;
  } finally {
    srf.disconnect();
    phone.socket.close();
    await edge.close();
  }
});

test('a call to a UDP port that nobody listens at fails with 503 long before it would time out', async () => {
  const edge = await start();
  const srf = await connectSrf(edge);
  const unused = await new Phone().open();
  await new Promise<void>(resolve => unused.socket.close(() => resolve()));
  try {
    await srf.createUAC(`sip:100@127.0.5.2:${unused.port}`, { localSdp: 'v=0\r\n' });
    assert.unreachable();
  } catch (error) {
    assert.is((error as { status?: number }).status, 503);
  } finally {
    srf.disconnect();
    await edge.close();
  }
});

test('SIP over TCP: a request is answered over its connection, a keep-alive too', async () => {
  const edge = await start();
  const socket = connect(edge.listening[1]!.port, ADDRESS);
  try {
    let text = '';
    socket.on('data', chunk => {
      text += chunk.toString('latin1');
    });
    socket.write('\r\n\r\n');
    socket.write(
      `OPTIONS sip:x@${ADDRESS} SIP/2.0\r\nVia: SIP/2.0/TCP 127.0.5.3:5060;branch=z9hG4bKo\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:c@d>\r\nCall-ID: o\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n`,
    );
    while (!text.includes('\r\n\r\n')) await once(socket, 'data');
    assert.ok(text.startsWith('\r\nSIP/2.0 503 '));
  } finally {
    socket.destroy();
    await edge.close();
  }
});

test('a listener in use is named in the error, with what to do', async () => {
  const blocker = createServer();
  blocker.listen(0, ADDRESS);
  await once(blocker, 'listening');
  const { port } = blocker.address() as { port: number };
  try {
    await start({ listen: [{ transport: 'tcp', address: ADDRESS, port }] });
    assert.unreachable();
  } catch (error) {
    assert.is(
      (error as Error).message,
      `SIP listener tcp/${ADDRESS}:${port} is already in use: stop the program that holds it or choose another port`,
    );
  } finally {
    blocker.close();
  }
});

test('an address that is not ours, and a control port in use, are named too', async () => {
  const failure = (options: Partial<EdgeOptions>): Promise<string> =>
    start(options).then(
      () => 'started',
      error => (error as Error).message,
    );
  assert.match(
    await failure({ listen: [{ transport: 'udp', address: '192.0.2.1', port: 0 }] }),
    'SIP listener udp/192.0.2.1:0 is not an address of this machine',
  );
  const edge = await start();
  assert.match(
    await failure({ control: edge.control }),
    `control listener 127.0.0.1:${edge.control.port} is already in use`,
  );
  await edge.close();
});

test('close ends the thread and frees the ports; counters afterwards are the last ones seen', async () => {
  const edge = await start();
  await edge.counters();
  await edge.close();
  await edge.close();
  assert.is((await edge.counters())['dialogs'], 0);
  const again = await start({ listen: edge.listening, control: edge.control });
  await again.close();
});

test.run();
