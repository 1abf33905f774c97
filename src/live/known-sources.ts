import { isIP } from 'node:net';
import type { IngressAddress, Snapshot } from '../config/snapshot.ts';

/**
 * The addresses and networks that a snapshot names, for the edge to tell guests from strangers. Gateways given by
 * host name are not among them: their messages belong to dialogs that we began, which are let through anyway.
 */
export function knownSources(snapshot: Snapshot): readonly string[] {
  const customers = snapshot.ingress.addresses.map(networkText);
  const vendors = snapshot.routingGateways
    .map(({ address }) => address.host)
    .filter(host => isIP(host) !== 0);
  return [...new Set([...customers, ...vendors])];
}

function networkText({ address, prefixBits }: IngressAddress): string {
  return `${addressText(address)}/${prefixBits}`;
}

function addressText(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join('.');
  const groups = Array.from({ length: 8 }, (_, index) =>
    ((bytes[index * 2]! << 8) | bytes[index * 2 + 1]!).toString(16),
  );
  return groups.join(':');
}
