/** Two mapping gateways that the same packet could come from. */
import { networkOf } from '../../routing/ip-address.ts';
import type { Findings } from '../findings.ts';
import type { ParsedMappingGateway, ParsedPrefixes, ParsedSource } from '../parsed.ts';

interface Identity {
  readonly gateway: ParsedMappingGateway;
  readonly source: ParsedSource;
}

export function checkIngress(gateways: readonly ParsedMappingGateway[], findings: Findings): void {
  const identities = gateways.flatMap(gateway => gateway.addresses.map(source => ({ gateway, source })));
  const networks = new Map<string, Identity[]>();
  const lengths = new Set<number>();
  const reported = new Set<string>();
  // Shorter prefixes first, so that every network meets the ones around it.
  for (const identity of [...identities].sort((a, b) => a.source.prefixBits - b.source.prefixBits)) {
    const { address, prefixBits } = identity.source;
    lengths.add(prefixBits);
    for (const bits of lengths) {
      if (bits > address.length * 8) continue;
      for (const other of networks.get(networkKey(address, bits)) ?? []) {
        compare(identity, other, reported, findings);
      }
    }
    const key = networkKey(address, prefixBits);
    const known = networks.get(key);
    if (known === undefined) networks.set(key, [identity]);
    else known.push(identity);
  }
}

function compare(a: Identity, b: Identity, reported: Set<string>, findings: Findings): void {
  if (a.gateway === b.gateway) return;
  if (a.source.port !== null && b.source.port !== null && a.source.port !== b.source.port) return;
  const alike = a.source.prefixBits === b.source.prefixBits && a.source.port === b.source.port;
  if (alike && toldApart(a.gateway, b.gateway)) return;
  // The gateway later in the alphabet is the one that came second, whichever address is the wider.
  const [first, second] = a.gateway.name < b.gateway.name ? [a, b] : [b, a];
  const pair = `${first.gateway.name}\n${second.gateway.name}`;
  if (reported.has(pair)) return;
  reported.add(pair);
  const message = `a call from ${second.source.text} could also come from the mapping gateway "${first.gateway.name}"`;
  const related = [{ ...first.source.place, message: `"${first.gateway.name}" has ${first.source.text}` }];
  if (alike) {
    findings.add('C4304', second.source.place, message, { related });
    return;
  }
  const hint =
    'Make the addresses or ports exclude each other. Callers and callees tell gateways apart only where both name the very same address.';
  findings.add('C4304', second.source.place, message, { related, hint });
}

/**
 * At no time can a call pass the prefix filters of both, those of their periods included. Nothing else tells gateways
 * of one address apart: their other rules for numbers only refuse calls.
 */
function toldApart(a: ParsedMappingGateway, b: ParsedMappingGateway): boolean {
  return filtersOf(a).every(one =>
    filtersOf(b).every(
      other =>
        !(isPossibleBeside(one, other, b) && isPossibleBeside(other, one, a)) ||
        disjoint(one.callerPrefixes, other.callerPrefixes) ||
        disjoint(one.calleePrefixes, other.calleePrefixes),
    ),
  );
}

/** The prefix filters of a gateway at some time. */
interface TimedFilters {
  /** The place of the period that counts; behind all of them when none does. */
  readonly place: number;
  readonly calendar: string | null;
  readonly callerPrefixes: ParsedPrefixes | null;
  readonly calleePrefixes: ParsedPrefixes | null;
}

function filtersOf({ numbers, periods }: ParsedMappingGateway): readonly TimedFilters[] {
  const { callerPrefixes, calleePrefixes } = numbers;
  return [
    ...periods.map((period, place) => ({
      place,
      calendar: period.calendar.text,
      callerPrefixes: period.callerPrefixes ?? callerPrefixes,
      calleePrefixes: period.calleePrefixes ?? calleePrefixes,
    })),
    { place: periods.length, calendar: null, callerPrefixes, calleePrefixes },
  ];
}

/** Of two gateways with the same calendar, one cannot be in it while the other is past its period for it. */
function isPossibleBeside(
  { calendar }: TimedFilters,
  other: TimedFilters,
  { periods }: ParsedMappingGateway,
): boolean {
  const same = calendar === null ? -1 : periods.findIndex(period => period.calendar.text === calendar);
  return same < 0 || other.place <= same;
}

function disjoint(a: ParsedPrefixes | null, b: ParsedPrefixes | null): boolean {
  if (a === null || b === null) return false;
  if (a.kind === 'allow' && b.kind === 'allow') {
    return !a.prefixes.some(one => b.prefixes.some(other => one.startsWith(other) || other.startsWith(one)));
  }
  if (a.kind === 'allow') return deniesAll(b.prefixes, a.prefixes);
  if (b.kind === 'allow') return deniesAll(a.prefixes, b.prefixes);
  return false;
}

function deniesAll(denied: readonly string[], allowed: readonly string[]): boolean {
  return allowed.every(prefix => denied.some(start => prefix.startsWith(start)));
}

function networkKey(address: Uint8Array, prefixBits: number): string {
  return `${prefixBits} ${networkOf(address, prefixBits).join('.')}`;
}
