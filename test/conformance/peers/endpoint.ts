/** A UDP socket that speaks SIP to one switch. */
import { createSocket, type Socket } from 'node:dgram';
import { type Message, parseMessage } from './message.ts';
import type { Watcher } from './watcher.ts';

export interface SocketAddress {
  readonly address: string;
  readonly port: number;
}

export class Endpoint {
  readonly local: SocketAddress;
  readonly #socket: Socket;
  readonly #watcher: Watcher;
  #listener: (message: Message, from: SocketAddress) => void = () => {};

  private constructor(socket: Socket, watcher: Watcher) {
    const { address, port } = socket.address();
    this.local = { address, port };
    this.#socket = socket;
    this.#watcher = watcher;
    // The switch may be gone for a moment; what is sent there then is lost like on any network.
    socket.on('error', () => {});
    socket.on('message', (bytes, from) => this.#receive(bytes.toString('latin1'), from));
  }

  static async open(address: string, watcher: Watcher): Promise<Endpoint> {
    const socket = createSocket({
      type: 'udp4',
      lookup: (host, _options, callback) => callback(null, host, 4),
    });
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.bind({ address, port: 0, exclusive: true }, resolve);
    });
    return new Endpoint(socket, watcher);
  }

  onMessage(listener: (message: Message, from: SocketAddress) => void): void {
    this.#listener = listener;
  }

  send(text: string, to: SocketAddress): void {
    this.#watcher.moved();
    this.#watcher.noteMessage('out', this.local, text);
    this.#socket.send(Buffer.from(text, 'latin1'), to.port, to.address, () => {});
  }

  close(): Promise<void> {
    return new Promise(resolve => {
      this.#socket.close(() => resolve());
    });
  }

  #receive(text: string, from: SocketAddress): void {
    this.#watcher.moved();
    this.#watcher.noteMessage('in', this.local, text);
    let message: Message | null;
    try {
      message = parseMessage(text);
      if (message !== null) this.#listener(message, from);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#watcher.violate('notSip', `${reason}: ${text.slice(0, 200)}`, null);
    }
  }
}
