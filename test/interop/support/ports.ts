/** Loopback endpoints that nobody uses, and the question whether somebody has begun to listen on one. */
import { createSocket } from 'node:dgram';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';

export interface Endpoint {
  /** Without brackets. */
  readonly address: string;
  readonly port: number;
}

/** `address:port`, with brackets around an IPv6 address. */
export function hostPort({ address, port }: Endpoint): string {
  return `${address.includes(':') ? `[${address}]` : address}:${port}`;
}

const firstPort = 17_000;
const lastPort = 17_999;
let nextPort = firstPort + (process.pid % (lastPort - firstPort));

/** A port that is free on this address for UDP and for TCP, and that this process did not hand out lately. */
export async function freeEndpoint(address: string): Promise<Endpoint> {
  for (let tries = 0; tries <= lastPort - firstPort; tries += 1) {
    const port = nextPort;
    nextPort = nextPort >= lastPort ? firstPort : nextPort + 1;
    if ((await canBindUdp(address, port)) && (await canBindTcp(address, port))) return { address, port };
  }
  throw new Error(`no port from ${firstPort} to ${lastPort} is free on ${address}`);
}

export function canBindUdp(address: string, port: number): Promise<boolean> {
  const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
  return new Promise(resolve => {
    socket.once('error', () => {
      socket.close();
      resolve(false);
    });
    socket.bind({ address, port, exclusive: true }, () => socket.close(() => resolve(true)));
  });
}

function canBindTcp(address: string, port: number): Promise<boolean> {
  const server = createServer();
  return new Promise(resolve => {
    server.once('error', () => resolve(false));
    server.listen({ host: address, port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** Whether any process has bound this endpoint, from the kernel's own table (Linux, IPv4 and IPv6). */
export function isBound({ address, port }: Endpoint, transport: 'udp' | 'tcp'): boolean {
  const version = address.includes(':') ? '6' : '';
  const wanted = `${kernelAddress(address)}:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return readFileSync(`/proc/net/${transport}${version}`, 'utf8')
    .split('\n')
    .slice(1)
    .some(row => row.trim().split(/\s+/)[1] === wanted);
}

/** The kernel prints each 32-bit word of an address in host order. */
function kernelAddress(address: string): string {
  if (address === '::1') return '00000000000000000000000001000000';
  const bytes = address.split('.').map(Number);
  return bytes
    .reverse()
    .map(byte => byte.toString(16).toUpperCase().padStart(2, '0'))
    .join('');
}
