import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

/** A frame that came from the client: `type|fields…` with its SIP message. */
export interface Frame {
  readonly id: string;
  /** Everything after the id. */
  readonly text: string;
}

/**
 * A SIP server as drachtio-srf sees one, without any SIP behind: the test reads what the client sends, and writes
 * what a drachtio-server would say.
 */
export class BareServer {
  readonly sockets: Socket[] = [];
  readonly frames: string[] = [];
  readonly #server: Server;
  readonly #queue: Frame[] = [];
  #waiting: (() => void) | null = null;
  isMute = false;
  version = 'v0.9.10';

  constructor() {
    this.#server = createServer(socket => this.#onSocket(socket));
  }

  async listen(port = 0): Promise<number> {
    this.#server.listen(port, '127.0.7.1');
    await once(this.#server, 'listening');
    return (this.#server.address() as AddressInfo).port;
  }

  #onSocket(socket: Socket): void {
    this.sockets.push(socket);
    socket.on('error', () => {});
    let rest = '';
    socket.on('data', data => {
      rest += data.toString();
      for (;;) {
        const found = /^(\d+)#/.exec(rest);
        const end = found === null ? Number.NaN : found[0].length + Number(found[1]);
        if (found === null || rest.length < end) return;
        this.#onFrame(socket, rest.slice(found[0].length, end));
        rest = rest.slice(end);
      }
    });
  }

  #onFrame(socket: Socket, payload: string): void {
    const id = payload.split('|', 1)[0]!;
    const frame = payload.slice(id.length + 1);
    this.frames.push(frame);
    this.#queue.push({ id, text: frame });
    this.#waiting?.();
    if (!this.isMute && frame.startsWith('authenticate')) {
      this.send(socket, `reply|response|${id}|OK|udp/127.0.7.1:5060|${this.version}|`);
    }
  }

  send(socket: Socket, payload: string): void {
    socket.write(`${Buffer.byteLength(payload)}#${payload}`);
  }

  /** The next SIP message from the client whose text matches. */
  async next(pattern: RegExp): Promise<Frame> {
    const deadline = Date.now() + 4_000;
    for (;;) {
      const index = this.#queue.findIndex(each => pattern.test(each.text));
      if (index >= 0) return this.#queue.splice(index, 1)[0]!;
      const left = deadline - Date.now();
      if (left <= 0)
        throw new Error(`no ${pattern}; unread: ${this.#queue.map(each => each.text).join('\n')}`);
      await new Promise<void>(resolve => {
        const timer = setTimeout(resolve, left);
        this.#waiting = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  /** How many unread messages match. */
  count(pattern: RegExp): number {
    return this.#queue.filter(each => pattern.test(each.text)).length;
  }

  /** Tells the client something about SIP on its latest connection. */
  tell(payload: string): void {
    this.send(this.sockets.at(-1)!, payload);
  }

  /** Says that a request or response went out. */
  sent(frame: Frame, transactionId: string): void {
    const sip = frame.text.slice(frame.text.indexOf('\r\n') + 2);
    this.tell(
      `r|response|${frame.id}|OK|application|9|udp|192.0.2.9|5060|00:00:00.000000|${transactionId}|Msg sent:|\r\n${sip}`,
    );
  }

  refused(frame: Frame, reason: string): void {
    this.tell(`r|response|${frame.id}|NOK|${reason}`);
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
