import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { createServer, type Server } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { Listener } from '../context.ts';
import { uriHost } from '../message/uri.ts';
import type { EdgeListen } from '../protocol.ts';

/** Room for bursts while the thread is busy; the kernel may grant less. */
const UDP_BUFFER_BYTES = 4 * 1024 * 1024;

/** A bound socket with what the core must know of it. */
export type Bound =
  | { readonly listener: Listener; readonly udp: UdpSocket; readonly tcp: null }
  | { readonly listener: Listener; readonly udp: null; readonly tcp: Server };

/** Opens one listener; rejects with a sentence that says which one, why, and what to do. */
export function bindListener(listen: EdgeListen, index: number): Promise<Bound> {
  return listen.transport === 'udp' ? bindUdp(listen, index) : bindTcp(listen, index);
}

function bindUdp(listen: EdgeListen, index: number): Promise<Bound> {
  return new Promise((resolve, reject) => {
    const udp = createSocket({
      type: listen.address.includes(':') ? 'udp6' : 'udp4',
      ipv6Only: listen.address.includes(':'),
      // Only numeric addresses are ever sent to; without this each datagram would wait for a look-up of its own.
      lookup: (host, _options, callback) => callback(null, host, host.includes(':') ? 6 : 4),
    });
    udp.once('error', error => {
      udp.close();
      reject(new Error(bindFailure('SIP', listen, error)));
    });
    udp.bind({ address: listen.address, port: listen.port }, () => {
      udp.removeAllListeners('error');
      growBuffers(udp);
      resolve({ listener: listenerOf(listen, udp.address().port, index), udp, tcp: null });
    });
  });
}

function growBuffers(udp: UdpSocket): void {
  try {
    udp.setRecvBufferSize(UDP_BUFFER_BYTES);
    udp.setSendBufferSize(UDP_BUFFER_BYTES);
  } catch {
    // The system's default works too, only with less room for bursts.
  }
}

function bindTcp(listen: EdgeListen, index: number): Promise<Bound> {
  const tcp = createServer({ noDelay: true });
  return listenTcp(tcp, listen).then(
    port => ({ listener: listenerOf(listen, port, index), udp: null, tcp }),
    error => {
      throw new Error(bindFailure('SIP', listen, error));
    },
  );
}

/** Starts a TCP server and gives the port it got. */
export function listenTcp(
  server: Server,
  where: { readonly address: string; readonly port: number },
): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: where.address, port: where.port, ipv6Only: where.address.includes(':') }, () => {
      server.removeListener('error', reject);
      const address = server.address();
      resolve(address !== null && typeof address === 'object' ? address.port : where.port);
    });
  });
}

/** The sentence for a listener that could not be opened. */
export function bindFailure(
  what: 'SIP' | 'control',
  where: { readonly address: string; readonly port: number; readonly transport?: string },
  error: unknown,
): string {
  const code = (error as NodeJS.ErrnoException).code ?? String(error);
  const name = `${what} listener ${where.transport === undefined ? '' : `${where.transport}/`}${uriHost(where.address)}:${where.port}`;
  switch (code) {
    case 'EADDRINUSE':
      return `${name} is already in use: stop the program that holds it or choose another port`;
    case 'EACCES':
      return `${name} is not permitted: choose a port above 1023 or give the process CAP_NET_BIND_SERVICE`;
    case 'EADDRNOTAVAIL':
      return `${name} is not an address of this machine: choose one that is, or 0.0.0.0`;
    default:
      return `${name} cannot be opened: ${code}`;
  }
}

function listenerOf(listen: EdgeListen, port: number, index: number): Listener {
  const address = advertisedAddress(listen.address);
  return {
    index,
    transport: listen.transport,
    family: listen.address.includes(':') ? 6 : 4,
    bound: listen.address,
    address,
    port,
    hostPort: `${uriHost(address)}:${port}`,
  };
}

/** What peers are told of a wildcard listener: the first address of the machine that others can reach. */
function advertisedAddress(bound: string): string {
  if (bound !== '0.0.0.0' && bound !== '::') return bound;
  const family = bound === '::' ? 'IPv6' : 'IPv4';
  for (const addresses of Object.values(networkInterfaces())) {
    for (const each of addresses ?? []) {
      if (each.family === family && !each.internal && !each.address.startsWith('fe80')) return each.address;
    }
  }
  return family === 'IPv6' ? '::1' : '127.0.0.1';
}
