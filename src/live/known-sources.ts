import { isIP } from 'node:net';
import type { IngressAddress, Snapshot } from '../config/snapshot.ts';

/** A snapshot never changes, so this only saves time. */
const known = new WeakMap<Snapshot, readonly string[]>();
/** What most edits leave alone is not written down again: a large carrier has thousands. */
const knownTexts = new WeakMap<readonly IngressAddress[], readonly string[]>();
/** So many are written down between two chances to do something else. */
const atOnce = 512;

/**
 * The addresses and networks that a snapshot names, for the edge to tell guests from strangers. Gateways given by
 * host name are not among them: their messages belong to dialogs that we began, which are let through anyway.
 */
export function knownSources(snapshot: Snapshot): readonly string[] {
  const steps = prepareKnownSources(snapshot);
  while (steps.next().done !== true);
  return known.get(snapshot)!;
}

/** Works out, one small thing after the other, what `knownSources` would take a while for. */
export function* prepareKnownSources(snapshot: Snapshot): Generator<void, void> {
  if (known.has(snapshot)) return;
  const sources = new Set(yield* networkTexts(snapshot.ingress.addresses));
  for (const [place, { address }] of snapshot.routingGateways.entries()) {
    if (place % atOnce === atOnce - 1) yield;
    if (isIP(address.host) !== 0) sources.add(address.host);
  }
  known.set(snapshot, [...sources]);
}

function* networkTexts(addresses: readonly IngressAddress[]): Generator<void, readonly string[]> {
  const knownOnes = knownTexts.get(addresses);
  if (knownOnes !== undefined) return knownOnes;
  const texts: string[] = [];
  for (const [place, address] of addresses.entries()) {
    if (place % atOnce === atOnce - 1) yield;
    texts.push(networkText(address));
  }
  knownTexts.set(addresses, texts);
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
