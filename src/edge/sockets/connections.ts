import { connect, type Server, type Socket } from 'node:net';
import type { Listener, Peer } from '../context.ts';
import { SipStream } from '../message/sip-stream.ts';

const MAX_CONNECTIONS = 4096;
/** Sources that the configuration does not name share these, and are cut off when they say nothing. */
const MAX_UNKNOWN_CONNECTIONS = 128;
const UNKNOWN_IDLE_MS = 30_000;
const CONNECT_TIMEOUT_MS = 8_000;
const IDLE_MS = 30 * 60_000;
/** A peer that does not read what it is sent is cut off at this much unsent data. */
const MAX_UNSENT_BYTES = 1024 * 1024;

/** Who hears of what arrives over TCP. */
export interface ConnectionEvents {
  onMessage(source: Peer, text: string): void;
  onOversized(source: Peer, head: string): void;
  /** A connection over which requests were sent is gone. */
  onFailed(peer: Peer): void;
  isKnown(address: string): boolean;
  count(name: string): void;
}

interface Connection {
  readonly id: number;
  readonly socket: Socket;
  readonly peer: Peer;
  readonly pending: string[];
  readonly known: boolean;
  opened: boolean;
  /** Requests were sent over it, which may now stay unanswered. */
  carriesRequests: boolean;
}

/** The SIP connections over TCP, accepted and made; one to each remote address and port is used again. */
export class Connections {
  readonly #events: ConnectionEvents;
  readonly #byId = new Map<number, Connection>();
  readonly #byRemote = new Map<string, Connection>();
  #nextId = 1;
  #unknown = 0;

  constructor(events: ConnectionEvents) {
    this.#events = events;
  }

  isOpen(id: number): boolean {
    return this.#byId.has(id);
  }

  /** Takes the connections that come in on a listener. */
  accept(server: Server, listener: Listener): void {
    server.on('connection', socket => {
      if (this.#byId.size >= MAX_CONNECTIONS || socket.remoteAddress === undefined) {
        this.#events.count('connections_refused');
        socket.destroy();
        return;
      }
      if (
        !this.#events.isKnown(plainAddress(socket.remoteAddress)) &&
        this.#unknown >= MAX_UNKNOWN_CONNECTIONS
      ) {
        this.#events.count('connections_refused');
        socket.destroy();
        return;
      }
      this.#events.count('connections_accepted');
      this.#add(socket, listener, socket.remoteAddress, socket.remotePort ?? 0, true);
    });
  }

  /** Sends over the peer's connection, over one that is open to the same place, or over a new one. */
  send(peer: Peer, text: string): void {
    const connection =
      this.#byId.get(peer.connection) ??
      this.#byRemote.get(remoteKey(peer.address, peer.port)) ??
      this.#open(peer);
    if (connection === null) return;
    if (!text.startsWith('SIP/2.0')) connection.carriesRequests = true;
    if (!connection.opened) {
      if (connection.pending.length < 256) connection.pending.push(text);
      else this.#events.count('messages_unsent');
      return;
    }
    this.#write(connection, text);
  }

  #write(connection: Connection, text: string): void {
    const { socket } = connection;
    if (socket.writableLength > MAX_UNSENT_BYTES) {
      this.#events.count('connections_stalled');
      socket.destroy();
      return;
    }
    // One segment for everything that is written in this turn of the event loop.
    if (socket.writableCorked === 0) {
      socket.cork();
      setImmediate(() => socket.uncork());
    }
    socket.write(text, 'latin1');
  }

  closeAll(): void {
    for (const { socket } of this.#byId.values()) socket.destroySoon();
  }

  #open(peer: Peer): Connection | null {
    if (this.#byId.size >= MAX_CONNECTIONS) {
      this.#events.count('connections_refused');
      return null;
    }
    const { listener } = peer;
    const wildcard = listener.bound === '0.0.0.0' || listener.bound === '::';
    const socket = connect({
      host: peer.address,
      port: peer.port,
      ...(wildcard ? {} : { localAddress: listener.bound }),
    });
    this.#events.count('connections_opened');
    const connection = this.#add(socket, listener, peer.address, peer.port, false);
    socket.setTimeout(CONNECT_TIMEOUT_MS);
    socket.once('connect', () => {
      connection.opened = true;
      socket.setTimeout(IDLE_MS);
      for (const text of connection.pending) this.#write(connection, text);
      connection.pending.length = 0;
    });
    return connection;
  }

  #add(socket: Socket, listener: Listener, remoteAddress: string, port: number, opened: boolean): Connection {
    const address = plainAddress(remoteAddress);
    const known = !opened || this.#events.isKnown(address);
    if (!known) this.#unknown++;
    const id = this.#nextId++;
    const peer: Peer = { listener, address, port, connection: id };
    const connection: Connection = { id, socket, peer, pending: [], known, opened, carriesRequests: false };
    this.#byId.set(id, connection);
    this.#byRemote.set(remoteKey(address, port), connection);
    socket.setNoDelay(true);
    socket.setKeepAlive(true, 60_000);
    socket.setTimeout(known ? IDLE_MS : UNKNOWN_IDLE_MS, () => socket.destroy());
    const stream = new SipStream({
      onMessage: text => this.#events.onMessage(peer, text),
      onKeepAlive: () => {
        this.#events.count('keepalives_received');
        this.#write(connection, '\r\n');
      },
      onOversized: head => {
        this.#events.onOversized(peer, head);
        setImmediate(() => socket.end());
      },
      onGarbage: () => {
        this.#events.count('garbage_dropped');
        socket.destroy();
      },
    });
    socket.on('data', chunk => stream.push(chunk.toString('latin1')));
    socket.on('error', () => this.#events.count('connections_broken'));
    socket.on('close', () => this.#closed(connection));
    return connection;
  }

  #closed(connection: Connection): void {
    const { peer } = connection;
    this.#byId.delete(connection.id);
    const key = remoteKey(peer.address, peer.port);
    if (this.#byRemote.get(key) === connection) this.#byRemote.delete(key);
    if (!connection.known) this.#unknown--;
    if (connection.carriesRequests) this.#events.onFailed(peer);
  }
}

/** An IPv4 address that a dual-stack socket shows as IPv6, as IPv4. */
function plainAddress(address: string): string {
  return address.startsWith('::ffff:') ? address.slice(7) : address;
}

function remoteKey(address: string, port: number): string {
  return `${address}|${port}`;
}
