/** A bare UDP socket, for what no SIP program would send, and for silence. */
import { createSocket, type Socket } from 'node:dgram';
import type { Endpoint } from './ports.ts';
import { until } from './until.ts';

export class Datagrams {
  readonly local: Endpoint;
  readonly received: string[] = [];
  readonly #socket: Socket;

  private constructor(local: Endpoint, socket: Socket) {
    this.local = local;
    this.#socket = socket;
    socket.on('message', bytes => this.received.push(bytes.toString('latin1')));
    // An ICMP error is what some of these tests provoke.
    socket.on('error', () => {});
  }

  static async open(local: Endpoint): Promise<Datagrams> {
    const socket = createSocket(local.address.includes(':') ? 'udp6' : 'udp4');
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.bind({ address: local.address, port: local.port, exclusive: true }, resolve);
    });
    return new Datagrams(local, socket);
  }

  send(payload: string | Uint8Array, to: Endpoint): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#socket.send(payload, to.port, to.address, error => (error === null ? resolve() : reject(error)));
    });
  }

  /** Datagrams that start so: `INVITE `, `SIP/2.0 200`. */
  heard(start: string): readonly string[] {
    return this.received.filter(text => text.startsWith(start));
  }

  /** Waits for the `count`th datagram that starts so, and returns it. */
  hears(start: string, count = 1): Promise<string> {
    return until(`a datagram starts with ${start} (${count})`, () => this.heard(start)[count - 1]);
  }

  close(): Promise<void> {
    return new Promise(resolve => {
      this.#socket.close(resolve);
    });
  }
}
