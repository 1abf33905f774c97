/** What the swarm draws its traffic from: the names, addresses and numbers that the configuration speaks of. */
import type { SourceAddress } from '../../call/inputs.ts';
import type { NumberRules, Snapshot } from '../../config/snapshot.ts';
import { addressesOf } from '../files/sources.ts';
import { Chances } from './chances.ts';
import { samplePrefixes } from './sample-prefixes.ts';

export interface Origin {
  readonly via: string;
  readonly source: SourceAddress;
}

export interface Palette {
  readonly snapshot: Snapshot;
  /** At least one for each mapping gateway that has an address. */
  readonly origins: readonly Origin[];
  /** What the numbers of callees begin with: routes, rates, filters, lists. */
  readonly calleePrefixes: readonly string[];
  readonly callerPrefixes: readonly string[];
  /** What routes and shares put before numbers. */
  readonly tags: readonly string[];
  /** Routing gateways that a round may have behave badly. */
  readonly gateways: readonly Gateway[];
  /** Mapping gateways whose lines a reload may limit. */
  readonly mappingGateways: readonly string[];
  readonly accounts: readonly { readonly name: string; readonly overdraftLimit: bigint }[];
  /** Every call ends by itself however the parties behave, those with session timers too. */
  readonly endsByItself: boolean;
}

export interface Gateway {
  readonly name: string;
  readonly lines: number | null;
  /** Waits of the switch after which it gives an attempt up, ms: around them races are. */
  readonly timeoutsMs: readonly number[];
  /** Failures that mean something there or to callers: stop codes, and codes that are replaced. */
  readonly codes: readonly number[];
}

/** Addresses of one network that calls come from. */
const addressesEach = 2;
const walksOfRoutes = 2000;
const walksOfRates = 300;
const mostTables = 50;
const mostRules = 500;
const prefixesOfEach = 200;

/** Depends on nothing but the configuration. */
export function paletteOf(snapshot: Snapshot): Palette {
  const chances = new Chances(0, 0);
  const { parameters, mappingGateways, routingGateways, accounts } = snapshot;
  const callees = new Set(samplePrefixes(snapshot.routes.trie, walksOfRoutes, chances));
  const callers = new Set<string>();
  for (const { prefixes } of chances.some(snapshot.rateTables, mostTables)) {
    for (const prefix of samplePrefixes(prefixes, walksOfRates, chances)) callees.add(prefix);
  }
  for (const { entries } of chances.some(snapshot.numberLists, mostTables)) {
    for (const number of samplePrefixes(entries, walksOfRates, chances)) {
      callees.add(number);
      callers.add(number);
    }
  }
  for (const gateway of chances.some([...mappingGateways, ...routingGateways], mostRules)) {
    for (const number of calleesOf(gateway.numbers)) callees.add(number);
    for (const number of callersOf(gateway.numbers)) callers.add(number);
  }
  const replaced = mappingGateways
    .flatMap(({ replaceFailedReason }) => replaceFailedReason?.codes ?? [])
    .map(({ from }) => from);
  const shareTags = mappingGateways.flatMap(({ routeShares }) => routeShares?.shares ?? []);
  return {
    snapshot,
    origins: originsOf(snapshot),
    calleePrefixes: ['', ...callees],
    callerPrefixes: ['', '1202555', '4420', ...callers],
    tags: [...new Set([...parameters.routeTags, ...shareTags.map(({ tag }) => tag)])],
    gateways: routingGateways.map(({ name, lines, timeouts, stopCodes }) => ({
      name,
      lines,
      timeoutsMs: [...new Set(Object.values(timeouts))],
      codes: [...new Set([...stopCodes.flatMap(({ from, to }) => [from, to]), ...replaced])],
    })),
    mappingGateways: mappingGateways.map(({ name }) => name),
    accounts: accounts.map(({ name, overdraftLimit }) => ({ name, overdraftLimit })),
    endsByItself: parameters.maxCallDurationSeconds !== null,
  };
}

function originsOf({ ingress, mappingGateways }: Snapshot): readonly Origin[] {
  return ingress.addresses.flatMap(way => {
    const via = mappingGateways[way.mappingGateway]!.name;
    return [...addressesOf(way)].slice(0, addressesEach).map(source => ({ via, source }));
  });
}

function calleesOf({ calleePrefixes, callerCalleePrefixes }: NumberRules): readonly string[] {
  return [
    ...(calleePrefixes.kind === 'any' ? [] : calleePrefixes.prefixes),
    ...(callerCalleePrefixes.kind === 'any' ? [] : callerCalleePrefixes.pairs.map(({ callee }) => callee)),
  ].slice(0, prefixesOfEach);
}

function callersOf({ callerPrefixes, callerCalleePrefixes }: NumberRules): readonly string[] {
  return [
    ...(callerPrefixes.kind === 'any' ? [] : callerPrefixes.prefixes),
    ...(callerCalleePrefixes.kind === 'any' ? [] : callerCalleePrefixes.pairs.map(({ caller }) => caller)),
  ].slice(0, prefixesOfEach);
}
