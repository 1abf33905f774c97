import type { HostPort } from '../config/snapshot.ts';
import type { SourceAddress } from './inputs.ts';

/** `host:port;transport`, IPv6 literals in brackets (RFC 3986 §3.2.2). */
export function addressText(address: HostPort): string {
  return `${bracketed(address.host)}:${address.port};${address.transport}`;
}

/** `address:port;transport`, as `addressText`. */
export function sourceText(source: SourceAddress): string {
  return `${bracketed(source.address)}:${source.port};${source.transport}`;
}

export function isSameAddress(a: HostPort, b: HostPort): boolean {
  return a.host === b.host && a.port === b.port && a.transport === b.transport;
}

function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}
