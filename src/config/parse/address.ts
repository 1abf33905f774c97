/** Addresses as people write them in a gateway. */
import { networkOf, parseAddress, parseCidr } from '../../routing/ip-address.ts';

export interface SourceRange {
  readonly address: Uint8Array;
  readonly prefixBits: number;
  readonly port: number | null;
}

/** Something is wrong with the text: what it must be instead, to stand behind "must be". */
export interface Refusal {
  readonly expected: string;
}

/** `192.0.2.1`, `192.0.2.0/24`, `2001:db8::/32`: every port of an address or network. */
export function parseSourceRange(text: string): SourceRange | Refusal {
  const cidr = parseCidr(unbracketed(text));
  if (cidr === null) {
    return parseSourcePort(text) !== null
      ? { expected: 'without a port, since authentication ip accepts every port' }
      : { expected: 'an address such as 192.0.2.1 or a range such as 192.0.2.0/24' };
  }
  const network = networkOf(cidr.address, cidr.prefixBits);
  if (!cidr.address.every((byte, i) => byte === network[i])) {
    return { expected: `the beginning of its range, ${formatAddress(network)}/${cidr.prefixBits}` };
  }
  return { address: network, prefixBits: cidr.prefixBits, port: null };
}

/** `192.0.2.1:5060`, `[2001:db8::1]:5060`: one port of one address. */
export function parseSourcePort(text: string): SourceRange | null {
  const split = splitPort(text);
  if (split === null || split.port === null) return null;
  const address = parseAddress(split.host);
  return address === null ? null : { address, prefixBits: address.length * 8, port: split.port };
}

export interface Destination {
  readonly host: string;
  readonly port: number;
}

const hostName = /^(?=.{1,253}$)(?!-)[A-Za-z0-9_-]{1,63}(?<!-)(\.(?!-)[A-Za-z0-9_-]{1,63}(?<!-))*\.?$/;

/** `192.0.2.1`, `[2001:db8::1]:5080`, `sip.example.net:5080`; without a port, `defaultPort`. */
export function parseDestination(text: string, defaultPort: number): Destination | null {
  const split = splitPort(text);
  if (split === null || !isHost(split.host)) return null;
  return { host: split.host, port: split.port ?? defaultPort };
}

/** An address literal or a host name. Digits and dots alone are an address or nothing. */
export function isHost(text: string): boolean {
  if (parseAddress(text) !== null) return true;
  return hostName.test(text) && !/^[\d.]+$/.test(text);
}

/** Takes the port off. An IPv6 address with a port needs brackets, since its last group could be one. */
function splitPort(text: string): { host: string; port: number | null } | null {
  const bracketed = /^\[([^\]]*)\](?::(\d{1,5}))?$/.exec(text);
  if (bracketed !== null) {
    const [, host = '', port] = bracketed;
    return host.includes(':') && parseAddress(host) !== null ? withPort(host, port) : null;
  }
  if (text.includes(':') && parseAddress(text) !== null) return { host: text, port: null };
  const plain = /^([^:[\]]+)(?::(\d{1,5}))?$/.exec(text);
  return plain === null ? null : withPort(plain[1]!, plain[2]);
}

function withPort(host: string, port: string | undefined): { host: string; port: number | null } | null {
  if (port === undefined) return { host, port: null };
  const number = Number(port);
  return number >= 1 && number <= 65_535 ? { host, port: number } : null;
}

function unbracketed(text: string): string {
  return text.startsWith('[') && text.endsWith(']') ? text.slice(1, -1) : text;
}

/** IPv4 in dotted form, IPv6 as eight groups. */
export function formatAddress(address: Uint8Array): string {
  if (address.length === 4) return address.join('.');
  const groups = Array.from({ length: 8 }, (_, i) =>
    ((address[2 * i]! << 8) | address[2 * i + 1]!).toString(16),
  );
  return groups.join(':');
}
