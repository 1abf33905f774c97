import { randomFillSync } from 'node:crypto';
import { createServer, type Server } from 'node:net';
import type { Peer, Wire } from '../context.ts';
import { EdgeCore } from '../edge-core.ts';
import type { EdgeListen, WorkerOptions } from '../protocol.ts';
import { type Bound, bindFailure, bindListener, listenTcp } from './bind.ts';
import { type ConnectionEvents, Connections } from './connections.ts';
import { type ControlEvents, ControlServer } from './control-server.ts';
import { Names } from './names.ts';
import { Probes } from './probes.ts';

/**
 * The driver of the core: it owns the sockets, the clock and the timers, and does nothing else. What a datagram means
 * is decided in the core.
 */

const TICK_MS = 10;
/** Failures to send that trying again does not mend: there is no way to the address. */
const UNREACHABLE: ReadonlySet<string> = new Set([
  'ENETUNREACH',
  'EHOSTUNREACH',
  'ENETDOWN',
  'EHOSTDOWN',
  'EINVAL',
  'EACCES',
  'EPERM',
]);

/** An edge with its sockets open. */
export interface Running {
  readonly core: EdgeCore;
  readonly control: { readonly address: string; readonly port: number };
  readonly listening: readonly EdgeListen[];
  readonly stop: () => Promise<void>;
}

/** The time of a driver: the process's own, or that of a test that has hours to pass in a moment. */
export interface DriverTime {
  /** Milliseconds of a clock that never goes backwards. */
  now(): number;
  /** Calls `work` again and again, about so often, until what is returned is called. */
  every(milliseconds: number, work: () => void): () => void;
}

const processTime: DriverTime = {
  now: () => performance.now(),
  every(milliseconds, work) {
    const ticker = setInterval(work, milliseconds);
    return () => clearInterval(ticker);
  },
};

let clockText = '';
let clockAt = 0;

/** Time of day with microseconds; worked out once a millisecond. */
function timeOfDay(): string {
  const at = Date.now();
  if (at !== clockAt) {
    clockAt = at;
    clockText = `${new Date(at).toISOString().slice(11, 23)}000`;
  }
  return clockText;
}

const pool = Buffer.alloc(16 * 256);
let poolAt = pool.length;

/** Sixteen random octets as text; the system is asked for them in bulk. */
function random(): string {
  if (poolAt >= pool.length) {
    randomFillSync(pool);
    poolAt = 0;
  }
  const text = pool.toString('hex', poolAt, poolAt + 16);
  poolAt += 16;
  return text;
}

/**
 * An exception is a fault of ours, but one message that shows it must not end every call: it is counted and told as a
 * process warning.
 */
function onFault(core: EdgeCore, error: unknown): void {
  core.count('internal_errors');
  process.emitWarning(error instanceof Error ? error : new Error(String(error)));
}

function receive(core: EdgeCore, source: Peer, text: string, at: number): void {
  try {
    core.receive(source, text, at);
  } catch (error) {
    onFault(core, error);
  }
}

/** Opens all sockets of an edge; rejects with a sentence that names the listener that could not be opened. */
export async function startDriver(options: WorkerOptions, time: DriverTime = processTime): Promise<Running> {
  const bound: Bound[] = [];
  const controlServer = createServer({ noDelay: true });
  try {
    for (const listen of options.listen) bound.push(await bindListener(listen, bound.length));
    const port = await listenTcp(controlServer, options.control).catch(error => {
      throw new Error(bindFailure('control', options.control, error));
    });
    return run(options, bound, controlServer, { address: options.control.address, port }, time);
  } catch (error) {
    closeSockets(bound, controlServer);
    throw error;
  }
}

function closeSockets(bound: readonly Bound[], controlServer: Server): void {
  for (const each of bound) {
    each.udp?.close();
    each.tcp?.close();
  }
  controlServer.close();
}

function run(
  options: WorkerOptions,
  bound: readonly Bound[],
  controlServer: Server,
  controlAt: { readonly address: string; readonly port: number },
  time: DriverTime,
): Running {
  const get = (): EdgeCore => core;
  const now = (): number => time.now();
  const probes = new Probes((address, port) => core.unreachable('udp', address, port, now()));
  const connections = new Connections(connectionEvents(get, now));
  const control = new ControlServer(controlServer, controlEvents(get, now));
  const core = new EdgeCore({
    secret: options.secret,
    listeners: bound.map(each => each.listener),
    resendIntervalsMs: options.resendIntervalsMs,
    wire: makeWire(connections, control, datagramSender(bound, probes, get, now), now),
    now: now(),
  });
  for (const each of bound) attach(each, core, connections, probes, now);
  const stopTicking = time.every(TICK_MS, () => {
    try {
      core.tick(now());
    } catch (error) {
      onFault(core, error);
    }
  });
  return {
    core,
    control: controlAt,
    listening: bound.map(({ listener }) => ({
      transport: listener.transport,
      address: listener.bound,
      port: listener.port,
    })),
    stop: async () => {
      stopTicking();
      control.closeAll();
      connections.closeAll();
      // What was queued in this turn still goes out.
      await new Promise(resolve => setImmediate(resolve));
      closeSockets(bound, controlServer);
    },
  };
}

function connectionEvents(core: () => EdgeCore, now: () => number): ConnectionEvents {
  return {
    onMessage: (source, text) => receive(core(), source, text, now()),
    onOversized: (source, head) => core().refuseOversized(source, head, now()),
    onFailed: peer => core().unreachable('tcp', peer.address, peer.port, now()),
    isKnown: address => core().isKnownSource(address),
    count: name => core().count(name),
  };
}

function controlEvents(core: () => EdgeCore, now: () => number): ControlEvents {
  return {
    onConnected: client => core().connected(client),
    onFrame: (client, payload) => {
      try {
        core().frame(client, payload, now());
      } catch (error) {
        onFault(core(), error);
      }
    },
    onDisconnected: client => core().disconnected(client, now()),
    isAuthenticated: client => core().isAuthenticated(client),
    count: name => core().count(name),
  };
}

function makeWire(
  connections: Connections,
  control: ControlServer,
  sendDatagram: (peer: Peer, text: string) => void,
  now: () => number,
): Wire {
  const names = new Names();
  return {
    send: (peer, text) => {
      if (peer.listener.transport === 'udp') sendDatagram(peer, text);
      else connections.send(peer, text);
    },
    isOpen: connection => connections.isOpen(connection),
    control: (client, payload) => control.send(client, payload),
    closeControl: client => control.close(client),
    lookup: (host, port, transport, family, done) => names.find(host, port, transport, family, now(), done),
    timeOfDay,
    random,
  };
}

function datagramSender(
  bound: readonly Bound[],
  probes: Probes,
  core: () => EdgeCore,
  now: () => number,
): (peer: Peer, text: string) => void {
  return (peer, text) => {
    const { address, port } = peer;
    const udp = bound[peer.listener.index]?.udp;
    // A datagram can be forged to come from port 0, which nothing can be sent to.
    if (udp === null || udp === undefined || port === 0) return;
    if (!text.startsWith('SIP/2.0')) probes.sent(peer.listener, address, port, now());
    udp.send(Buffer.from(text, 'latin1'), port, address, error => {
      if (error === null) return;
      core().count('datagrams_unsent');
      if (UNREACHABLE.has((error as NodeJS.ErrnoException).code ?? '')) {
        core().unreachable('udp', address, port, now());
      }
    });
  };
}

function attach(
  each: Bound,
  core: EdgeCore,
  connections: Connections,
  probes: Probes,
  now: () => number,
): void {
  const { listener } = each;
  if (each.tcp !== null) {
    connections.accept(each.tcp, listener);
    return;
  }
  each.udp.on('error', () => core.count('datagrams_unsent'));
  each.udp.on('message', (datagram, remote) => {
    const at = now();
    probes.heard(remote.address, remote.port, at);
    const source: Peer = { listener, address: remote.address, port: remote.port, connection: 0 };
    receive(core, source, datagram.toString('latin1'), at);
  });
}
