/**
 * Random small networks with every rule of routing in them, the state of a switch, and calls. All of it comes from a
 * seed, so that a case that fails is named by a number.
 */
import type {
  Calendar,
  GatewayPeriod,
  GroupMembership,
  NameFilter,
  NumberRules,
  RateLimit,
  RoutePolicy,
  Snapshot,
} from '../../../src/config/snapshot.ts';
import { Draws } from '../../../src/routing/draws.ts';
import type { RouteRequest, RoutingState } from '../../../src/routing/select-route.ts';
import * as rule from '../../support/routing-rules.ts';
import { idleState } from '../../support/routing-state.ts';
import {
  type AccountDescription,
  buildSnapshot,
  type GatewayGroupDescription,
  type MappingGatewayDescription,
  type NumberListDescription,
  type RateDescription,
  type RateTableDescription,
  type RoutingGatewayDescription,
  type SnapshotDescription,
} from '../../support/snapshot-builder.ts';

export interface RandomNetwork {
  readonly description: SnapshotDescription;
  readonly snapshot: Snapshot;
  readonly state: RoutingState;
  readonly requests: readonly RouteRequest[];
}

const prefixTexts = ['', '1', '12', '123', '1234', '2', '23', 'a', 'a1', 'a12'];
const callers = [
  '',
  '1',
  '12',
  '123',
  '1234567',
  '2',
  '+49123',
  '+1234567',
  '+',
  'anonymous',
  '١٢٣',
  '9'.repeat(40),
  '9'.repeat(70),
];
const callees = [
  ...['123456', '1234', '12', '1', '2', '23', 'a12345', 'a1', '9', '', '+12', '١٢', '12x4'],
  `12${'3'.repeat(38)}`,
];
const rates = ['0', '0.005', '0.006', '0.01', '0.012', '0.02'];
const policies: readonly RoutePolicy[] = ['none', 'asr', 'rate'];
const hourMs = 3_600_000;
const clockChangeMs = 40 * hourMs;

export class Chance {
  readonly #draws: Draws;

  constructor(seed: number) {
    this.#draws = new Draws(seed);
  }

  below(bound: number): number {
    return this.#draws.below(bound);
  }

  /** Once in so many times. */
  once(times: number): boolean {
    return this.#draws.below(times) === 0;
  }

  one<T>(from: readonly T[]): T {
    return from[this.#draws.below(from.length)]!;
  }

  some<T>(from: readonly T[]): T[] {
    return from.filter(() => this.once(3));
  }

  list<T>(longest: number, make: (index: number) => T): T[] {
    return Array.from({ length: this.#draws.below(longest + 1) }, (_, index) => make(index));
  }
}

export function randomNetwork(seed: number): RandomNetwork {
  const chance = new Chance(seed);
  const calendars = chance.list(3, index => calendar(chance, index));
  const gatewayGroups = chance.list(3, index => group(chance, index, calendars.length));
  const numberLists = chance.list(2, index => numberList(chance, index));
  const tables = chance.list(2, index => rateTable(chance, index));
  const vendors = Array.from({ length: 3 }, (_, index) => vendor(chance, index, tables, calendars));
  const sizes = { calendars: calendars.length, groups: gatewayGroups.length, lists: numberLists.length };
  const routingCount = chance.below(8);
  const mappingGateways = [0, 1].map(index => mappingGateway(chance, index, routingCount, sizes));
  const routingGateways = Array.from({ length: routingCount }, (_, index) =>
    routingGateway(chance, index, sizes),
  );
  const description: SnapshotDescription = {
    parameters: {
      verifyVendorCredit: chance.once(2),
      freeNumbers: chance.once(5) ? ['123456', '2*'] : [],
    },
    calendars,
    gatewayGroups,
    numberLists,
    onNetNumbers: chance.some(numberLists).map(({ name }) => name),
    rates: tables,
    accounts: vendors,
    mappingGateways,
    routingGateways,
  };
  const snapshot = buildSnapshot(description);
  const state = randomState(chance, snapshot);
  return { description, snapshot, state, requests: Array.from({ length: 4 }, () => request(chance)) };
}

function calendar(chance: Chance, index: number): Omit<Calendar, 'index'> {
  const day = () => chance.list(2, () => ({ fromMinute: chance.below(1440), untilMinute: 0 })).map(span);
  function span({ fromMinute }: { fromMinute: number }) {
    return { fromMinute, untilMinute: fromMinute + 1 + chance.below(1440) };
  }
  const fromDay = chance.below(3);
  return {
    name: `c${index}`,
    source: rule.ruleSource(1),
    zone: chance.once(2)
      ? { name: 'UTC', changesAtMs: [], offsetsMs: [0] }
      : { name: 'Moving', changesAtMs: [clockChangeMs], offsetsMs: [hourMs, 2 * hourMs] },
    week: Array.from({ length: 7 }, day),
    exceptions: chance.once(2) ? [{ fromDay, untilDay: fromDay + 1, spans: day() }] : [],
  };
}

function group(chance: Chance, index: number, calendars: number): GatewayGroupDescription {
  const timedLines = Array.from({ length: calendars }, (_, i) => ({
    calendar: i,
    lines: chance.below(5),
    source: rule.ruleSource(1),
  }));
  return {
    name: `group${index}`,
    lines: chance.once(4) ? null : chance.below(6),
    timedLines: chance.some(timedLines),
  };
}

function numberList(chance: Chance, index: number): NumberListDescription {
  return {
    name: `list${index}`,
    numbers: chance.some(['1', '12', '1234', '123456', '2', '9']),
    prefixes: chance.some(['1', '12', '1234', '23', '']).slice(0, 1),
  };
}

/** Half of them have neither dates nor locks. */
function rateTable(chance: Chance, index: number): RateTableDescription {
  const isPlain = chance.once(2);
  const rows = chance.some(['', '1', '12', '1234', '2', '77']).map(
    (prefix): RateDescription => ({
      prefix,
      rate: chance.one(rates),
      unitSeconds: chance.one([60, 30, 1]),
      locked: !isPlain && chance.once(3),
      ...(isPlain ? {} : { effectiveFromMs: chance.once(3) ? 30 * hourMs : 0 }),
    }),
  );
  return { name: `table${index}`, rows };
}

function vendor(
  chance: Chance,
  index: number,
  tables: readonly RateTableDescription[],
  calendars: readonly { readonly name: string }[],
): AccountDescription {
  const name = `vendor${index}`;
  const limits = {
    kind: 'vendor' as const,
    locked: chance.once(12),
    validUntilMs: chance.once(6) ? 30 * hourMs : null,
    lines: chance.once(3) ? 1 : null,
    callRate: chance.once(3) ? { calls: 1, perSeconds: 1 } : null,
  };
  if (tables.length === 0) return { ...limits, name, unrated: chance.once(2) };
  const rateTableName = chance.one(tables).name;
  return {
    ...limits,
    name,
    rateTable: rateTableName,
    unrated: chance.once(8),
    timedRateTables: chance
      .some(calendars)
      .map(one => ({ calendar: one.name, rateTable: chance.one(tables).name })),
    ...(chance.once(4) ? { privateRateTable: chance.one(tables).name } : {}),
  };
}

interface Sizes {
  readonly calendars: number;
  readonly groups: number;
  readonly lists: number;
}

function mappingGateway(
  chance: Chance,
  index: number,
  routingGateways: number,
  { groups }: Sizes,
): MappingGatewayDescription {
  const names = Array.from({ length: routingGateways }, (_, i) => routingName(i));
  return {
    name: `m${index}`,
    ...(chance.once(6) ? { routingGateways: { allow: chance.some([...names, ...names]) } } : {}),
    ...(chance.once(6) ? { routingGateways: { deny: chance.some(names) } } : {}),
    routingGatewayGroups: groupFilter(chance, groups),
    groups: memberships(chance, groups),
    firstRoutePolicy: chance.one(policies),
    secondRoutePolicy: chance.one(policies),
    minimumProfitPercent: chance.once(5) ? percent(chance) : null,
    maximumRate: chance.once(6) ? rateLimit(chance) : null,
  };
}

/** Names fall while indexes rise, so that neither order can stand in for the other. */
function routingName(index: number): string {
  return `g${9 - index}`;
}

function routingGateway(chance: Chance, index: number, sizes: Sizes): RoutingGatewayDescription {
  const prefixMode = chance.once(4) ? 'expiration' : 'extension';
  return {
    name: routingName(index),
    clearingAccount: `vendor${chance.below(3)}`,
    prefixes: chance
      .some([...prefixTexts])
      .map(prefix => (chance.once(5) ? { prefix, mode: chance.one(['expiration', 'extension']) } : prefix)),
    prefixMode,
    priority: 1 + chance.below(2),
    protectRoute: chance.once(5),
    locked: chance.once(12),
    lines: chance.once(2) ? null : chance.below(8),
    callRate: chance.once(3) ? { calls: 1, perSeconds: 1 } : null,
    numbers: chance.once(2) ? {} : numberRules(chance, sizes.lists),
    ...(chance.once(8) ? { mappingGateways: { allow: chance.some(['m0', 'm1']) } } : {}),
    ...(chance.once(8) ? { mappingGateways: { deny: chance.some(['m0', 'm1']) } } : {}),
    mappingGatewayGroups: groupFilter(chance, sizes.groups),
    groups: memberships(chance, sizes.groups),
    periods: periods(chance, sizes.calendars),
    callerPool: chance.once(4)
      ? { lists: [], numbers: [], linesPerNumber: 1, order: 'random', source: rule.ruleSource(1) }
      : null,
    checkRate: chance.once(2),
    rateByNumberSent: chance.once(5),
    leastCostRouting: chance.once(2),
    calculateQuality: !chance.once(3),
    minimumProfitPercent: chance.once(3) ? percent(chance) : null,
    maximumRate: chance.once(4) ? rateLimit(chance) : null,
    optionsCheck: chance.once(2),
  };
}

function numberRules(chance: Chance, lists: number): Partial<NumberRules> {
  const kind = () => chance.one<rule.Kind>(['allow', 'deny', 'deny']);
  const someLists = () => chance.some(Array.from({ length: lists }, (_, i) => i));
  const lengthsOf = (from: number) => Array.from({ length: 40 }, (_, i) => i).slice(from);
  const all: NumberRules = {
    callerPrefixes: rule.prefixes(kind(), chance.some(prefixTexts)),
    calleePrefixes: rule.prefixes(kind(), manyPrefixes(chance)),
    forwardingPrefixes: rule.prefixes(kind(), chance.some(prefixTexts)),
    callerCalleePrefixes: rule.pairs(kind(), manyPairs(chance)),
    callerLengths: rule.lengths(lengthsOf(chance.below(3))),
    calleeLengths: rule.lengths(lengthsOf(chance.below(4))),
    callerLists: rule.lists(kind(), someLists()),
    calleeLists: rule.lists(kind(), someLists()),
    calleeNetwork: chance.one(['any', 'on-net', 'off-net']),
  };
  return Object.fromEntries(Object.entries(all).filter(() => chance.once(5)));
}

/** Now and then so many that they are looked up in another way. */
function manyPrefixes(chance: Chance): string[] {
  const few = chance.some(prefixTexts);
  return chance.once(2) ? few : [...few, ...Array.from({ length: 15 }, (_, i) => `8${i}`)];
}

function manyPairs(chance: Chance): string[] {
  const few = prefixTexts.flatMap(caller => chance.some(['', '1', '12', 'a']).map(to => `${caller}:${to}`));
  return chance.once(2) ? few.slice(0, 3) : few;
}

function periods(chance: Chance, calendars: number): GatewayPeriod[] {
  const all = Array.from({ length: calendars }, (_, index) =>
    rule.period(index, {
      available: !chance.once(4),
      lines: chance.once(2) ? chance.below(8) : null,
      priority: chance.once(2) ? chance.below(4) : null,
      callerPrefixes: chance.once(3) ? rule.prefixes('deny', chance.some(prefixTexts).slice(1)) : null,
      calleePrefixes: chance.once(3) ? rule.prefixes('allow', ['', ...chance.some(prefixTexts)]) : null,
    }),
  );
  return chance.some(all);
}

function groupFilter(chance: Chance, groups: number): NameFilter {
  if (groups === 0 || !chance.once(6)) return { kind: 'any' };
  const indexes = Array.from({ length: groups }, (_, i) => i);
  return rule.groupFilter(chance.one(['allow', 'deny']), chance.some(indexes));
}

function memberships(chance: Chance, groups: number): GroupMembership[] {
  const all = Array.from({ length: groups }, (_, index) => rule.member(index, chance.below(4)));
  return chance.some(all);
}

function percent(chance: Chance): number {
  return chance.one([-50, 0, 10, 17, 40, 50, 100, 150]);
}

function rateLimit(chance: Chance): RateLimit {
  return { amount: Math.round(Number(chance.one(rates)) * 1e10), seconds: chance.one([60, 30, 1]) };
}

/** Whatever is asked twice is answered alike. */
function randomState(chance: Chance, snapshot: Snapshot): RoutingState {
  const gateways = snapshot.routingGateways;
  const each = <T>(make: () => T): T[] => gateways.map(make);
  const ofAccounts = (times: number) => snapshot.accounts.map(() => chance.once(times));
  const active = each(() => chance.below(7));
  const carried = each(() => chance.below(2));
  const tooFast = each(() => chance.once(3));
  const waitUntilMs = each(() => chance.one([0, 0, 0, 0, 30 * hourMs]));
  const asr = each(() => chance.one([null, 0, 0.25, 0.5, 1]));
  const offline = each(() => chance.once(4));
  const usedUp = each(() => chance.once(3));
  const [full, tooFastVendor, exhausted] = [ofAccounts(3), ofAccounts(4), ofAccounts(6)];
  const inGroups = snapshot.gatewayGroups.map(() => chance.below(5));
  return {
    ...idleState,
    activeLines: gateway => active[gateway]!,
    callsCarried: gateway => carried[gateway]!,
    callRateReached: gateway => tooFast[gateway]!,
    unavailableUntilMs: gateway => waitUntilMs[gateway]!,
    asr: gateway => asr[gateway]!,
    isOffline: gateway => offline[gateway]!,
    callerPoolExhausted: gateway => usedUp[gateway]!,
    vendorLinesFull: account => full[account]!,
    vendorCallRateReached: account => tooFastVendor[account]!,
    vendorCreditExhausted: account => exhausted[account]!,
    groupActiveLines: index => inGroups[index]!,
  };
}

function request(chance: Chance): RouteRequest {
  const callee = chance.one(callees);
  const untaggedCallee = callee.replace(/^a/, '');
  const sent = chance.one(['1', '12', '1234', '2', '']);
  return {
    mappingGateway: chance.below(2),
    caller: chance.one(callers),
    callee,
    untaggedCallee,
    forwarding: chance.once(2) ? null : chance.one(callers),
    calleeToRate: chance.once(5) ? `77${untaggedCallee}` : untaggedCallee,
    numberSentToRate: chance.once(2) ? null : () => sent,
    customerRate: chance.once(4) ? null : rateLimit(chance),
    // Two days around the change of the clocks, and the edges of everything that begins or ends then.
    atMs: chance.one([0, 30 * hourMs, 30 * hourMs - 1, chance.below(72 * hourMs), chance.below(72 * hourMs)]),
  };
}
