import type { IngressAddress, MappingGateway, Snapshot } from '../config/snapshot.ts';
import { networkOf, parseAddress } from './ip-address.ts';
import { passesNumberFilter } from './number-filter.ts';
import { withoutPlus } from './number-rules.ts';
import { mappingPeriodAt } from './timed-settings.ts';

export type IngressMatch =
  | { readonly kind: 'found'; readonly mappingGateway: number; readonly entry: IngressAddress }
  | { readonly kind: 'unknownSource' }
  /** The address is known, but no mapping gateway there accepts this caller and callee. */
  | { readonly kind: 'numberNotAllowed'; readonly mappingGateway: number; readonly entry: IngressAddress };

const unknownSource: IngressMatch = { kind: 'unknownSource' };

/** All ways in of one prefix length and family, by network. */
interface NetworkLevel {
  readonly prefixBits: number;
  readonly networks: Map<string, readonly IngressAddress[]>;
}

interface IngressIndex {
  /** By family, longest prefix first. */
  readonly ipv4: readonly NetworkLevel[];
  readonly ipv6: readonly NetworkLevel[];
}

/** One index a list of ways in, which most edits leave as it is. It never changes, so this only saves time. */
const indexes = new WeakMap<readonly IngressAddress[], IngressIndex>();

/**
 * Which mapping gateway an INVITE comes from. The most specific network that the source address lies in
 * decides, and within it a way in for the very port (authentication `ip-port`) beats one for every port
 * (`ip`); nothing less specific is asked after that, so a narrow entry can never be bypassed by a wide one.
 * Gateways that share a way in are told apart by their caller and callee prefixes. A locked gateway is found
 * like any other. `address` is a literal; text that is none is an unknown source.
 */
export function findMappingGateway(
  snapshot: Snapshot,
  source: { readonly address: string; readonly port: number },
  caller: string,
  callee: string,
  atMs: number,
): IngressMatch {
  const address = parseAddress(source.address);
  if (address === null) return unknownSource;
  const index = ingressIndex(snapshot);
  for (const level of address.length === 4 ? index.ipv4 : index.ipv6) {
    const entries = level.networks.get(networkKey(address, level.prefixBits));
    if (entries === undefined) continue;
    const match =
      matchAmong(snapshot, entries, source.port, caller, callee, atMs) ??
      matchAmong(snapshot, entries, null, caller, callee, atMs);
    if (match !== null) return match;
  }
  return unknownSource;
}

/** Null when no entry is for this port (null: for every port). */
function matchAmong(
  snapshot: Snapshot,
  entries: readonly IngressAddress[],
  port: number | null,
  caller: string,
  callee: string,
  atMs: number,
): IngressMatch | null {
  let refused: IngressAddress | null = null;
  for (const entry of entries) {
    if (entry.port !== port) continue;
    const gateway = snapshot.mappingGateways[entry.mappingGateway]!;
    if (acceptsNumbers(snapshot, gateway, caller, callee, atMs)) {
      return { kind: 'found', mappingGateway: entry.mappingGateway, entry };
    }
    refused ??= entry;
  }
  if (refused === null) return null;
  return { kind: 'numberNotAllowed', mappingGateway: refused.mappingGateway, entry: refused };
}

/** Whether the prefixes of the gateway, or of the period that counts for it at `atMs`, let these numbers pass. */
export function acceptsNumbers(
  snapshot: Snapshot,
  { index, numbers }: MappingGateway,
  caller: string,
  callee: string,
  atMs: number,
): boolean {
  const period = mappingPeriodAt(snapshot, index, atMs);
  return (
    passesNumberFilter(period?.callerPrefixes ?? numbers.callerPrefixes, withoutPlus(caller)) &&
    passesNumberFilter(period?.calleePrefixes ?? numbers.calleePrefixes, withoutPlus(callee))
  );
}

/** Works out before the first call what that would wait for. */
export function* prepareIngressIndex({ ingress: { addresses } }: Snapshot): Generator<void, void> {
  if (!indexes.has(addresses)) yield* indexSteps(addresses);
}

function ingressIndex({ ingress: { addresses } }: Snapshot): IngressIndex {
  const known = indexes.get(addresses);
  if (known !== undefined) return known;
  const steps = indexSteps(addresses);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** So many ways in are indexed between two chances to do something else. */
const addressesAtOnce = 512;

function* indexSteps(addresses: readonly IngressAddress[]): Generator<void, IngressIndex> {
  const byBytes = new Map([4, 16].map(bytes => [bytes, new Map<number, Map<string, IngressAddress[]>>()]));
  for (const [place, entry] of addresses.entries()) {
    if (place % addressesAtOnce === addressesAtOnce - 1) yield;
    const levels = byBytes.get(entry.address.length);
    if (levels === undefined) continue;
    const networks = levels.get(entry.prefixBits) ?? new Map<string, IngressAddress[]>();
    levels.set(entry.prefixBits, networks);
    const key = networkKey(entry.address, entry.prefixBits);
    const entries = networks.get(key);
    if (entries === undefined) networks.set(key, [entry]);
    else entries.push(entry);
  }
  const index = { ipv4: longestFirst(byBytes.get(4)!), ipv6: longestFirst(byBytes.get(16)!) };
  indexes.set(addresses, index);
  return index;
}

function longestFirst(levels: ReadonlyMap<number, NetworkLevel['networks']>): readonly NetworkLevel[] {
  return [...levels]
    .map(([prefixBits, networks]) => ({ prefixBits, networks }))
    .sort((a, b) => b.prefixBits - a.prefixBits);
}

function networkKey(address: Uint8Array, prefixBits: number): string {
  return String.fromCharCode(...networkOf(address, prefixBits));
}
