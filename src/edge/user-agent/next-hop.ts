import type { Context, Listener, Peer, Transport } from '../context.ts';
import { bareHost, isAddress, parseUri } from '../message/uri.ts';

/** Why a request cannot be sent. */
type HopProblem = string;

function familyOf(address: string): 4 | 6 {
  return address.includes(':') ? 6 : 4;
}

/** The listener that a request over `transport` to an address leaves from; `preferred` when it fits. */
function listenerFor(
  context: Context,
  transport: Transport,
  address: string,
  preferred: Listener | null,
): Listener | undefined {
  const family = familyOf(address);
  if (preferred !== null && preferred.transport === transport && preferred.family === family)
    return preferred;
  let found: Listener | undefined;
  for (const listener of context.listeners) {
    if (listener.transport !== transport || listener.family !== family) continue;
    if (found === undefined) found = listener;
    if (isLoopback(listener.address) === isLoopback(address)) return listener;
  }
  return found;
}

function isLoopback(address: string): boolean {
  return address.startsWith('127.') || address === '::1';
}

function transportFor(
  context: Context,
  named: string,
  secure: boolean,
  preferred: Listener | null,
): Transport | null {
  if (named === 'udp' || named === 'tcp') return secure ? null : named;
  if (named !== '' || secure) return null;
  if (preferred !== null) return preferred.transport;
  return context.listeners.some(listener => listener.transport === 'udp') ? 'udp' : 'tcp';
}

/** True when a message to there would come back to one of our own listeners. */
function isOwnAddress(context: Context, transport: Transport, address: string, port: number): boolean {
  for (const listener of context.listeners) {
    if (listener.transport === transport && listener.port === port && listener.address === address)
      return true;
  }
  return false;
}

/**
 * Finds where a request for `uri` goes (RFC 3263 as far as numeric hosts, SRV and address records go).
 * `preferred` is the listener of the dialog, if there is one; its transport is used when the URI names none.
 * `done` is called once, at once for numeric hosts.
 */
export function resolveHop(
  context: Context,
  uri: string,
  preferred: Listener | null,
  done: (peer: Peer | null, problem: HopProblem) => void,
): void {
  const parsed = parseUri(uri);
  if (parsed === null) {
    done(null, `invalid or unsupported URI: ${printable(uri)}`);
    return;
  }
  const transport = transportFor(context, parsed.transport, parsed.secure, preferred);
  if (transport === null) {
    done(null, `no transport for ${printable(uri)}: the edge speaks udp and tcp`);
    return;
  }
  if (isAddress(parsed.host)) {
    finish(
      context,
      transport,
      bareHost(parsed.host),
      parsed.port === 0 ? 5060 : parsed.port,
      preferred,
      done,
    );
    return;
  }
  context.wire.lookup(parsed.host, parsed.port, transport, onlyFamily(context, transport), target => {
    if (target === null) done(null, `unable to resolve ${parsed.host}`);
    else finish(context, transport, target.address, target.port, preferred, done);
  });
}

function onlyFamily(context: Context, transport: Transport): 4 | 6 | 0 {
  let four = false;
  let six = false;
  for (const listener of context.listeners) {
    if (listener.transport !== transport) continue;
    if (listener.family === 4) four = true;
    else six = true;
  }
  if (four === six) return 0;
  return four ? 4 : 6;
}

function finish(
  context: Context,
  transport: Transport,
  address: string,
  port: number,
  preferred: Listener | null,
  done: (peer: Peer | null, problem: HopProblem) => void,
): void {
  const listener = listenerFor(context, transport, address, preferred);
  if (listener === undefined) {
    done(null, `no ${transport} listener for ${address}`);
    return;
  }
  if (isOwnAddress(context, transport, address, port)) {
    done(null, 'can not send request to myself');
    return;
  }
  done({ listener, address, port, connection: 0 }, '');
}

/** A foreign string made fit for a one-line reply. */
function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]|\|/g, '?').slice(0, 100);
}
