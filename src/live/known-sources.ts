import { isIP } from 'node:net';
import type { IngressAddress, Snapshot } from '../config/snapshot.ts';

/**
 * The addresses and networks that a snapshot names, for the edge to tell guests from strangers. Gateways given by
 * host name are not among them: their messages belong to dialogs that we began, which are let through anyway.
 */
export function knownSources(snapshot: Snapshot): readonly string[] {
  const customers = networkTexts(snapshot.ingress.addresses);
  const vendors = snapshot.routingGateways
    .map(({ address }) => address.host)
    .filter(host => isIP(host) !== 0);
  return [...new Set([...customers, ...vendors])];
}

/** What most edits leave alone is not written down again: a large carrier has thousands. */
const knownTexts = new WeakMap<readonly IngressAddress[], readonly string[]>();

function networkTexts(addresses: readonly IngressAddress[]): readonly string[] {
  let texts = knownTexts.get(addresses);
  if (texts === undefined) {
    texts = addresses.map(networkText);
    knownTexts.set(addresses, texts);
  }
  return texts;
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
