import { parameter, splitHostPort } from './fields.ts';

/** What the edge needs of a SIP URI to send a request to it (RFC 3261 §19.1). */
export interface SipUri {
  readonly secure: boolean;
  /** User part with any password, '' when absent. */
  readonly user: string;
  /** Host; an IPv6 address keeps its brackets. */
  readonly host: string;
  /** 0 when not given. */
  readonly port: number;
  /** The transport parameter in lower case, '' when absent. */
  readonly transport: string;
  /** True with the `lr` parameter (RFC 3261 §16.12). */
  readonly looseRouting: boolean;
}

/** Reads a sip: or sips: URI; null when it is another scheme or malformed. */
export function parseUri(text: string): SipUri | null {
  const colon = text.indexOf(':');
  if (colon !== 3 && colon !== 4) return null;
  const scheme = text.slice(0, colon).toLowerCase();
  if (scheme !== 'sip' && scheme !== 'sips') return null;
  let end = text.indexOf('?', text.indexOf('@') + 1);
  if (end < 0) end = text.length;
  // The user part may hold ";" and "?": the last "@" before the headers ends it.
  const at = text.lastIndexOf('@', end);
  const hostStart = at < 0 ? colon + 1 : at + 1;
  let hostEnd = text.indexOf(';', hostStart);
  if (hostEnd < 0 || hostEnd > end) hostEnd = end;
  const hostPort = splitHostPort(text.slice(hostStart, hostEnd));
  if (hostPort === null) return null;
  const params = hostEnd < end ? text.slice(hostEnd, end) : '';
  return {
    secure: scheme === 'sips',
    user: at < 0 ? '' : text.slice(colon + 1, at),
    host: hostPort.host,
    port: hostPort.port,
    transport: params === '' ? '' : (parameter(params, 'transport') ?? '').toLowerCase(),
    looseRouting: params !== '' && parameter(params, 'lr') !== undefined,
  };
}

/** The bare address of a host: IPv6 without its brackets. */
export function bareHost(host: string): string {
  return host.charCodeAt(0) === 91 ? host.slice(1, -1) : host;
}

/** An address as it stands in a URI or Via: IPv6 in brackets. */
export function uriHost(address: string): string {
  return address.includes(':') && address.charCodeAt(0) !== 91 ? `[${address}]` : address;
}

/** True when `host` is an IPv4 or (bracketed or bare) IPv6 address rather than a name. */
export function isAddress(host: string): boolean {
  if (host.includes(':')) return true;
  return /^\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host);
}
