import type { Server, Socket } from 'node:net';
import { FrameReader, frame } from '../control/control-frames.ts';

const MAX_CLIENTS = 64;
const MAX_UNAUTHENTICATED = 16;
const AUTHENTICATION_MS = 10_000;
/** A client that does not read is cut off at this much unsent data. */
const MAX_UNSENT_BYTES = 64 * 1024 * 1024;

/** Who hears of the control clients. */
export interface ControlEvents {
  onConnected(client: number): void;
  onFrame(client: number, payload: string): void;
  onDisconnected(client: number): void;
  isAuthenticated(client: number): boolean;
  count(name: string): void;
}

interface Client {
  readonly id: number;
  readonly socket: Socket;
  readonly reader: FrameReader;
  queue: string;
  closing: boolean;
}

/** The connections of control clients. What is said to one in a turn of the event loop goes out in one write. */
export class ControlServer {
  readonly #events: ControlEvents;
  readonly #clients = new Map<number, Client>();
  readonly #dirty: Client[] = [];
  #flushing = false;
  #nextId = 1;

  constructor(server: Server, events: ControlEvents) {
    this.#events = events;
    server.on('connection', socket => this.#accept(socket));
  }

  #accept(socket: Socket): void {
    const unauthenticated = [...this.#clients.keys()].filter(id => !this.#events.isAuthenticated(id)).length;
    if (this.#clients.size >= MAX_CLIENTS || unauthenticated >= MAX_UNAUTHENTICATED) {
      this.#events.count('clients_refused');
      socket.destroy();
      return;
    }
    const client: Client = {
      id: this.#nextId++,
      socket,
      reader: new FrameReader(),
      queue: '',
      closing: false,
    };
    this.#clients.set(client.id, client);
    socket.setNoDelay(true);
    socket.setKeepAlive(true, 60_000);
    const patience = setTimeout(() => {
      if (!this.#events.isAuthenticated(client.id)) socket.destroy();
    }, AUTHENTICATION_MS);
    patience.unref();
    this.#events.onConnected(client.id);
    socket.on('data', chunk => this.#read(client, chunk));
    socket.on('error', () => this.#events.count('clients_broken'));
    socket.on('close', () => {
      clearTimeout(patience);
      this.#clients.delete(client.id);
      this.#events.onDisconnected(client.id);
    });
  }

  #read(client: Client, chunk: Buffer): void {
    if (client.closing) return;
    client.reader.push(chunk.toString('latin1'), payload => {
      if (!client.closing) this.#events.onFrame(client.id, payload);
    });
    if (client.reader.failed) {
      this.#events.count('clients_malformed');
      client.socket.destroy();
    }
  }

  /** Queues a frame; it goes out at the end of this turn. */
  send(id: number, payload: string): void {
    const client = this.#clients.get(id);
    if (client === undefined || client.closing) return;
    if (client.queue === '') this.#dirty.push(client);
    client.queue += frame(payload);
    if (this.#flushing) return;
    this.#flushing = true;
    setImmediate(() => this.#flush());
  }

  #flush(): void {
    this.#flushing = false;
    for (const client of this.#dirty) {
      const text = client.queue;
      client.queue = '';
      if (client.socket.destroyed) continue;
      if (client.socket.writableLength > MAX_UNSENT_BYTES) {
        this.#events.count('clients_stalled');
        client.socket.destroy();
        continue;
      }
      client.socket.write(text, 'latin1');
    }
    this.#dirty.length = 0;
  }

  /** Closes a client after what is queued for it. */
  close(id: number): void {
    const client = this.#clients.get(id);
    if (client === undefined || client.closing) return;
    this.#flush();
    client.closing = true;
    client.socket.end();
  }

  closeAll(): void {
    this.#flush();
    for (const { socket } of this.#clients.values()) socket.destroySoon();
  }
}
