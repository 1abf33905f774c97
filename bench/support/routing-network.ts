/** A carrier's network with every rule of routing in use, the state of its switch, and calls; all from a seed. */
import { RoutingIndexer } from '../../src/config/compile/routing-indexes.ts';
import type { Calendar, NumberRules, RateTable, RouteTable, Snapshot } from '../../src/config/snapshot.ts';
import { RateTableBuilder } from '../../src/rating/rate-table-builder.ts';
import { RouteTableBuilder } from '../../src/routing/route-table-builder.ts';
import type { RouteRequest, RoutingState } from '../../src/routing/select-route.ts';
import { dailyCalendar } from '../../test/support/calendars.ts';
import * as rule from '../../test/support/routing-rules.ts';
import { requestFor } from '../../test/support/routing-state.ts';
import {
  buildSnapshot,
  type MappingGatewayDescription,
  type RoutingGatewayDescription,
  type SnapshotDescription,
} from '../../test/support/snapshot-builder.ts';
import { numberPlan, type RandomSource } from './number-plan.ts';

export interface NetworkSize {
  readonly prefixes: number;
  readonly gateways: number;
  readonly groups: number;
  readonly calendars: number;
  readonly vendors: number;
  readonly customers: number;
  readonly ratesOfVendor: number;
  readonly listedNumbers: number;
}

export interface Entry {
  readonly prefix: string;
  readonly gateway: number;
  readonly expiration: boolean;
}

export interface RateRow {
  readonly prefix: string;
  /** 10⁻¹⁰ currency units a minute. */
  readonly amount: number;
}

export interface Network {
  readonly snapshot: Snapshot;
  readonly state: RoutingState;
  readonly requests: readonly RouteRequest[];
  /** What the tables were made of. */
  readonly entries: readonly Entry[];
  readonly rates: readonly (readonly RateRow[])[];
  readonly description: SnapshotDescription;
}

/** A Monday, 2024-01-01T10:00:00Z. */
const startMs = 1_704_103_200_000;
const minuteMs = 60_000;
const copies = 4;

export function routingNetwork(random: RandomSource, size: NetworkSize, calls: number): Network {
  const plan = numberPlan(random, Math.ceil(size.prefixes / copies));
  const entries = entriesOf(random, plan, size);
  const rates = Array.from({ length: size.vendors }, () => ratesOf(random, plan, size.ratesOfVendor));
  const description = describe(random, size);
  const bare = buildSnapshot(description);
  const filled: Snapshot = {
    ...bare,
    routes: routesOf(entries),
    rateTables: bare.rateTables.map((table, index) => rateTableOf(table, rates[index]!)),
  };
  const snapshot: Snapshot = { ...filled, indexes: new RoutingIndexer().of(filled) };
  return {
    snapshot,
    state: stateOf(random, snapshot),
    requests: Array.from({ length: calls }, (_, i) => callOf(random, plan, size, i)),
    entries,
    rates,
    description,
  };
}

/** Four gateways for each destination, gateway after gateway. */
function entriesOf(random: RandomSource, plan: readonly string[], { gateways }: NetworkSize): Entry[] {
  const byGateway: Entry[][] = Array.from({ length: gateways }, () => []);
  for (const prefix of plan) {
    const first = random.below(gateways);
    for (let i = 0; i < copies; i++) {
      const gateway = (first + i * 37) % gateways;
      byGateway[gateway]!.push({ prefix, gateway, expiration: gateway % 10 === 0 });
    }
  }
  return byGateway.flat();
}

function routesOf(entries: readonly Entry[]): RouteTable {
  const builder = new RouteTableBuilder(entries.length);
  for (const [i, { prefix, gateway, expiration }] of entries.entries()) {
    builder.add(prefix, gateway, expiration, i + 1);
  }
  return builder.build();
}

/** The country codes, which come first in a plan, so that every number has a price; and some of the rest. */
function ratesOf(random: RandomSource, plan: readonly string[], count: number): RateRow[] {
  const rows = new Map<string, number>();
  for (const prefix of plan.slice(0, Math.min(100, plan.length))) rows.set(prefix, 1e8);
  while (rows.size < Math.min(count, plan.length)) {
    rows.set(plan[random.below(plan.length)]!, 1e6 * (50 + random.below(100)));
  }
  return [...rows].map(([prefix, amount]) => ({ prefix, amount }));
}

function rateTableOf({ index, name, source, rowFile }: RateTable, rows: readonly RateRow[]): RateTable {
  const builder = new RateTableBuilder(rows.length);
  for (const [i, { prefix, amount }] of rows.entries()) {
    builder.add({
      prefix,
      rate: amount,
      unitSeconds: 60,
      firstIncrementSeconds: 60,
      nextIncrementSeconds: 60,
      connectFee: 0,
      locked: false,
      effectiveFromMs: Number.NEGATIVE_INFINITY,
      effectiveUntilMs: Number.POSITIVE_INFINITY,
      line: i + 1,
      freeSeconds: null,
      stages: [],
    });
  }
  return builder.build({ index, name, source, rowFile });
}

function describe(random: RandomSource, size: NetworkSize): SnapshotDescription {
  const { calendars, groups, vendors, gateways, customers, listedNumbers } = size;
  const numbers = () => Array.from({ length: listedNumbers }, () => digits(random, 11));
  return {
    parameters: { verifyVendorCredit: true, freeNumbers: ['112', '911', '800*'] },
    calendars: Array.from({ length: calendars }, (_, i) => calendarOf(random, i)),
    gatewayGroups: Array.from({ length: groups }, (_, i) => ({
      name: `group-${i}`,
      lines: 2000,
      timedLines: [{ calendar: i % calendars, lines: 1500, source: rule.ruleSource(1) }],
    })),
    numberLists: [
      { name: 'fraud', numbers: numbers(), prefixes: Array.from({ length: 50 }, () => digits(random, 8)) },
      { name: 'callers', numbers: numbers() },
      { name: 'ours', numbers: numbers() },
    ],
    onNetNumbers: ['ours'],
    rates: Array.from({ length: vendors }, (_, i) => ({ name: `table-${i}`, rows: [] })),
    accounts: Array.from({ length: vendors }, (_, i) => ({
      name: `vendor-${i}`,
      kind: 'vendor' as const,
      rateTable: `table-${i}`,
      validUntilMs: startMs * 2,
      lines: 5000,
      callRate: { calls: 500, perSeconds: 1 },
    })),
    mappingGateways: Array.from({ length: customers }, (_, i) => customerOf(i, size)),
    routingGateways: Array.from({ length: gateways }, (_, i) => gatewayOf(random, i, size)),
  };
}

function calendarOf(random: RandomSource, index: number): Omit<Calendar, 'index'> {
  const from = 30 * random.below(48);
  return dailyCalendar(`calendar-${index}`, from, from + 240 + 30 * random.below(16));
}

function customerOf(index: number, { groups }: NetworkSize): MappingGatewayDescription {
  return {
    name: `customer-${index}`,
    routingGateways: { deny: [`gateway-${1000 + ((index * 7) % 100)}`] },
    routingGatewayGroups: rule.groupFilter('deny', [index % groups]),
    groups: [rule.member(index % groups)],
    firstRoutePolicy: index % 2 === 0 ? 'asr' : 'rate',
    secondRoutePolicy: index % 2 === 0 ? 'rate' : 'asr',
    minimumProfitPercent: -200,
    maximumRate: { amount: 1e10, seconds: 60 },
  };
}

function gatewayOf(random: RandomSource, index: number, size: NetworkSize): RoutingGatewayDescription {
  const { groups, calendars, vendors, customers } = size;
  const denied = (count: number) => Array.from({ length: count }, () => digits(random, 5));
  const numbers: Partial<NumberRules> = {
    callerPrefixes: rule.prefixes('deny', denied(20)),
    calleePrefixes: rule.prefixes('deny', denied(20)),
    forwardingPrefixes: rule.prefixes('deny', denied(5)),
    callerCalleePrefixes: rule.pairs(
      'deny',
      denied(20).map(caller => `${caller}:${digits(random, 4)}`),
    ),
    callerLengths: rule.lengths([9, 10, 11, 12, 13, 14, 15]),
    calleeLengths: rule.lengths([9, 10, 11, 12, 13, 14, 15]),
    callerLists: rule.lists('deny', [1]),
    calleeLists: rule.lists('deny', [0]),
    calleeNetwork: 'off-net',
  };
  return {
    name: `gateway-${1000 + index}`,
    clearingAccount: `vendor-${index % vendors}`,
    priority: 1 + random.below(3),
    lines: 200,
    callRate: { calls: 100, perSeconds: 1 },
    protectRoute: index % 20 === 19,
    locked: index % 100 === 50,
    numbers,
    mappingGateways: { deny: [`customer-${index % customers}`] },
    mappingGatewayGroups: rule.groupFilter('deny', [(index + 3) % groups]),
    groups: [rule.member(index % groups, index % 3), rule.member((index + 7) % groups, 1)],
    periods: [
      rule.period(index % calendars, { priority: 1 + random.below(3), lines: 150 }),
      rule.period((index + 1) % calendars, { available: index % 40 !== 0 }),
    ],
    callerPool: {
      lists: [1],
      numbers: [],
      linesPerNumber: 2,
      order: 'random',
      source: rule.ruleSource(1),
    },
    checkRate: true,
    leastCostRouting: index % 4 !== 0,
    minimumProfitPercent: -100,
    maximumRate: { amount: 5e9, seconds: 60 },
    optionsCheck: true,
  };
}

/** One in so many gateways has a reason to be skipped now. */
function stateOf(random: RandomSource, snapshot: Snapshot): RoutingState {
  const gateways = snapshot.routingGateways.length;
  const active = Float64Array.from({ length: gateways }, () => random.below(155));
  const carried = Float64Array.from({ length: gateways }, () => random.below(1_000_000));
  const asr = Array.from({ length: gateways }, () =>
    random.below(10) === 0 ? null : random.below(100) / 100,
  );
  const rarely = (count: number) =>
    Uint8Array.from({ length: count }, () => (random.below(50) === 0 ? 1 : 0));
  const [offline, tooFast, waiting, usedUp] = [1, 2, 3, 4].map(() => rarely(gateways)) as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ];
  const exhausted = rarely(snapshot.accounts.length);
  const inGroups = Float64Array.from(snapshot.gatewayGroups, () => 1000 + random.below(490));
  return {
    activeLines: gateway => active[gateway]!,
    callsCarried: gateway => carried[gateway]!,
    callRateReached: gateway => tooFast[gateway] === 1,
    vendorLinesFull: () => false,
    vendorCallRateReached: () => false,
    unavailableUntilMs: gateway => (waiting[gateway] === 1 ? startMs * 2 : 0),
    vendorCreditExhausted: account => exhausted[account] === 1,
    groupActiveLines: group => inGroups[group]!,
    asr: gateway => asr[gateway]!,
    isOffline: gateway => offline[gateway] === 1,
    callerPoolExhausted: gateway => usedUp[gateway] === 1,
  };
}

/** Full numbers under prefixes of the plan, one call every second minute of a day. */
function callOf(
  random: RandomSource,
  plan: readonly string[],
  { customers }: NetworkSize,
  index: number,
): RouteRequest {
  const prefix = plan[random.below(plan.length)]!;
  const callee = flat(prefix + digits(random, Math.max(2, 11 + random.below(3) - prefix.length)));
  return requestFor(callee, {
    mappingGateway: random.below(customers),
    caller: flat(digits(random, 11)),
    forwarding: random.below(4) === 0 ? flat(digits(random, 11)) : null,
    customerRate: { amount: 1e6 * (100 + random.below(100)), seconds: 60 },
    atMs: startMs + Math.floor(index / 100) * minuteMs,
  });
}

function digits(random: RandomSource, count: number): string {
  let text = String(1 + random.below(9));
  while (text.length < count) text += random.below(10);
  return text;
}

/** A string grown digit by digit is a chain of pieces; a received number is flat. */
function flat(text: string): string {
  return Buffer.from(text).toString('latin1');
}
