/** Literal IP addresses as bytes, and the networks they belong to. Text in, bytes out, nothing looked up. */

export interface Cidr {
  /** 4 or 16 bytes, network order, as written: bits behind the prefix may be set. */
  readonly address: Uint8Array;
  /** 0–32 or 0–128. */
  readonly prefixBits: number;
}

const mappedPrefixBits = 96;

/**
 * Reads an IPv4 literal (four decimal parts without leading zeros) or an IPv6 literal (RFC 4291 §2.2, without
 * brackets or zone). Returns 4 or 16 bytes, or null for anything else. An IPv4-mapped IPv6 address
 * (`::ffff:192.0.2.1`) is the IPv4 address it stands for, since that is how a dual-stack socket shows one.
 */
export function parseAddress(text: string): Uint8Array | null {
  if (!text.includes(':')) return parseIpv4(text);
  const bytes = parseIpv6(text);
  if (bytes === null) return null;
  return isIpv4Mapped(bytes) ? bytes.slice(12) : bytes;
}

/**
 * Reads `address/bits`, or a bare address as a network of one. Returns null for anything else. An IPv4-mapped
 * network of at least 96 bits becomes the IPv4 network.
 */
export function parseCidr(text: string): Cidr | null {
  const slash = text.indexOf('/');
  if (slash < 0) {
    const address = parseAddress(text);
    return address === null ? null : { address, prefixBits: address.length * 8 };
  }
  const addressText = text.slice(0, slash);
  const bits = parseDecimal(text, slash + 1, text.length, 128);
  if (bits < 0) return null;
  if (!addressText.includes(':')) {
    const address = parseIpv4(addressText);
    return address === null || bits > 32 ? null : { address, prefixBits: bits };
  }
  const address = parseIpv6(addressText);
  if (address === null) return null;
  if (isIpv4Mapped(address) && bits >= mappedPrefixBits) {
    return { address: address.slice(12), prefixBits: bits - mappedPrefixBits };
  }
  return { address, prefixBits: bits };
}

/** The address with every bit behind the first `prefixBits` cleared: the network it belongs to. */
export function networkOf(address: Uint8Array, prefixBits: number): Uint8Array {
  const network = new Uint8Array(address.length);
  const wholeBytes = prefixBits >> 3;
  network.set(address.subarray(0, wholeBytes));
  const restBits = prefixBits & 7;
  if (restBits > 0) network[wholeBytes] = address[wholeBytes]! & (0xff << (8 - restBits));
  return network;
}

function parseIpv4(text: string): Uint8Array | null {
  const bytes = new Uint8Array(4);
  let start = 0;
  for (let part = 0; part < 4; part++) {
    const end = part === 3 ? text.length : text.indexOf('.', start);
    const value = end < 0 ? -1 : parseDecimal(text, start, end, 255);
    if (value < 0) return null;
    bytes[part] = value;
    start = end + 1;
  }
  return bytes;
}

/** A decimal number without sign or leading zero, or -1. A leading zero means octal to some, so it is refused. */
function parseDecimal(text: string, start: number, end: number, largest: number): number {
  if (end <= start || end - start > 3) return -1;
  if (text.charCodeAt(start) === 0x30 && end - start > 1) return -1;
  let value = 0;
  for (let i = start; i < end; i++) {
    const digit = text.charCodeAt(i) - 0x30;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value <= largest ? value : -1;
}

function parseIpv6(text: string): Uint8Array | null {
  if (text.length > 45) return null;
  const gap = text.indexOf('::');
  if (gap < 0) {
    const bytes = parseGroups(text);
    return bytes !== null && bytes.length === 16 ? Uint8Array.from(bytes) : null;
  }
  const before = gap === 0 ? [] : parseGroups(text.slice(0, gap));
  const after = gap + 2 === text.length ? [] : parseGroups(text.slice(gap + 2));
  // The gap stands for at least one group of zeros.
  if (before === null || after === null || before.length + after.length > 14) return null;
  if (text.slice(0, gap).includes('.')) return null;
  const bytes = new Uint8Array(16);
  bytes.set(before);
  bytes.set(after, 16 - after.length);
  return bytes;
}

/** Hexadecimal groups between single colons; the last may be an IPv4 address. */
function parseGroups(text: string): number[] | null {
  const groups = text.split(':');
  const bytes: number[] = [];
  for (const [i, group] of groups.entries()) {
    if (i === groups.length - 1 && group.includes('.')) {
      const ipv4 = parseIpv4(group);
      if (ipv4 === null) return null;
      bytes.push(...ipv4);
      continue;
    }
    if (!/^[0-9a-fA-F]{1,4}$/.test(group)) return null;
    const value = Number.parseInt(group, 16);
    bytes.push(value >> 8, value & 0xff);
  }
  return bytes;
}

function isIpv4Mapped(bytes: Uint8Array): boolean {
  for (let i = 0; i < 10; i++) if (bytes[i] !== 0) return false;
  return bytes[10] === 0xff && bytes[11] === 0xff;
}
