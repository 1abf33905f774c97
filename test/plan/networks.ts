/** Small networks with every kind of rule that decides about calls in them, and pairs of them. */
import fc from 'fast-check';
import type { CallerPool, DialPlans, RoutePolicy } from '../../src/config/snapshot.ts';
import { noPlaces } from '../support/gateway-builder.ts';
import * as rule from '../support/routing-rules.ts';
import type {
  GatewayGroupDescription,
  MappingGatewayDescription,
  RoutingGatewayDescription,
  SnapshotDescription,
} from '../support/snapshot-builder.ts';
import {
  account,
  calendar,
  dialPlans,
  fewRules,
  hardTexts,
  numberList,
  periods,
  rateTable,
  ruleTexts,
  seldom,
  somePrefixes,
} from './network-parts.ts';

type NameList = { readonly allow: readonly string[] } | { readonly deny: readonly string[] };

const anyName: NameList = { deny: [] };

const members = seldom(
  fc
    .tuple(fc.constantFrom(0, 1), seldom(fc.constant(6), 0))
    .map(([group, reserved]) => [rule.member(group, reserved)]),
  [],
);

const groupFilter = seldom(
  fc
    .tuple(fc.constantFrom<rule.Kind>('allow', 'deny'), fc.subarray([0, 1], { minLength: 1 }))
    .map(([is, groups]) => rule.groupFilter(is, groups)),
  { kind: 'any' as const },
  9,
);

const priceRules = {
  minimumProfitPercent: seldom(fc.constantFrom<number | null>(-50, 0, 50), null, 9),
  maximumRate: seldom(
    fc.constantFrom({ amount: 150_000_000, seconds: 60 }, { amount: 10_000_000, seconds: 1 }),
    null,
    9,
  ),
};

function periodPlans(texts: readonly string[]): fc.Arbitrary<readonly DialPlans[]> {
  return dialPlans(texts).map(plans => [plans]);
}

const pool = fc.record({
  lists: fc.constant([0]),
  numbers: fc.constantFrom(['7'], ['7', '71']),
  linesPerNumber: fc.constant(null),
  order: fc.constantFrom<'random' | 'rotating'>('random', 'rotating'),
  source: fc.constant(rule.ruleSource(1)),
});

/** Mostly one that many numbers have. */
const routePrefixes = fc
  .tuple(fc.constantFrom('', '', '', '1', '2', 'a'), somePrefixes)
  .map(([first, more]) => [...new Set([first, ...more])]);

function routingGateway(index: number): fc.Arbitrary<RoutingGatewayDescription> {
  const texts = [...ruleTexts, ...hardTexts.slice(0, 6)];
  return fc
    .record({
      name: fc.constant(`g${index}`),
      clearingAccount: fc.constantFrom('v0', 'v1'),
      prefixes: fc
        .tuple(routePrefixes, seldom(fc.constant('expiration' as const), null))
        .map(([list, mode]) =>
          list.map((prefix, i) => (mode !== null && i === 0 ? { prefix, mode } : { prefix })),
        ),
      prefixMode: seldom(fc.constant<'extension' | 'expiration'>('expiration'), 'extension'),
      priority: fc.constantFrom(1, 1, 2, 3),
      protectRoute: seldom(fc.constant(true), false, 2),
      locked: seldom(fc.constant(true), false, 20),
      lines: seldom(fc.constantFrom<number | null>(0, 5, 5), null, 9),
      numbers: seldom(fewRules, {}, 1),
      dialPlans: dialPlans(texts),
      groups: members,
      mappingGatewayGroups: groupFilter,
      periods: periods(true),
      periodDialPlans: periodPlans(texts.slice(0, -6)),
      checkRate: seldom(fc.constant(true), false, 2),
      rateByNumberSent: seldom(fc.constant(true), false),
      leastCostRouting: fc.boolean(),
      calculateQuality: fc.boolean(),
      callerPool: seldom<CallerPool | null>(pool, null, 9),
      ...priceRules,
      mappingGateways: seldom<NameList>(
        fc.constantFrom<NameList>({ deny: ['m0'] }, { allow: ['m1'] }),
        anyName,
        9,
      ),
    })
    .map(given => ({ ...given, places: noPlaces }));
}

const policy = fc.constantFrom<RoutePolicy>('none', 'none', 'rate', 'asr');

const shares = fc.constantFrom(['', 'a'], ['a', '1'], ['', '', 'a1']).map(tags => {
  const source = rule.ruleSource(1);
  const weighed = tags.map((tag, i) => ({ tag, weight: i + 1, source }));
  return { shares: weighed, total: weighed.reduce((sum, { weight }) => sum + weight, 0), source };
});

function mappingGateway(index: number): fc.Arbitrary<MappingGatewayDescription> {
  return fc
    .record({
      name: fc.constant(`m${index}`),
      account: fc.constant(`k${index}`),
      locked: seldom(fc.constant(true), false, 30),
      lines: seldom(fc.constantFrom<number | null>(0, 5), null, 20),
      numbers: seldom(fewRules, {}),
      dialPlans: dialPlans([...ruleTexts, ...hardTexts]),
      groups: members,
      routingGatewayGroups: groupFilter,
      periods: periods(false),
      periodDialPlans: periodPlans([...ruleTexts, ...hardTexts]),
      firstRoutePolicy: policy,
      secondRoutePolicy: policy,
      callLevel: seldom(fc.constantFrom('on-net' as const, 'local' as const), 'international' as const, 3),
      ...priceRules,
      routingGateways: seldom<NameList>(
        fc.constantFrom<NameList>({ deny: ['g1'] }, { deny: ['g1', 'g2'] }, { allow: ['g0', 'g1'] }),
        anyName,
      ),
      routeShares: seldom(shares, null),
    })
    .map(given => given as MappingGatewayDescription);
}

function groupOf(name: string): fc.Arbitrary<GatewayGroupDescription> {
  return fc
    .record({
      lines: seldom(fc.constantFrom<number | null>(0, 5), null, 9),
      timed: seldom(fc.constantFrom(0, 1), null, 6),
      timedLines: fc.constantFrom(0, 4, 8),
    })
    .map(({ lines, timed, timedLines }) => ({
      name,
      lines,
      timedLines: timed === null ? [] : [{ calendar: timed, lines: timedLines, source: rule.ruleSource(1) }],
    }));
}

export const network: fc.Arbitrary<SnapshotDescription> = fc.record({
  parameters: fc.record({
    routeTags: seldom(fc.subarray(['a', 'a1', '#'], { minLength: 1 }), []),
    freeNumbers: seldom(fc.subarray(['12', '33*', '1#', 'a*'], { minLength: 1 }), []),
    freeSeconds: seldom(fc.constant(5), 0, 9),
  }),
  calendars: fc.tuple(calendar('c0'), calendar('c1')),
  gatewayGroups: fc.tuple(groupOf('grp0'), groupOf('grp1')),
  numberLists: fc.tuple(numberList('list0'), numberList('list1')),
  onNetNumbers: fc.subarray(['list0', 'list1']),
  rates: fc.tuple(rateTable('t0'), rateTable('t1'), rateTable('t2'), privateTable()),
  accounts: fc.tuple(
    account('k0', ['t0']),
    account('k1', ['t0', 't1']),
    account('v0', ['t1', 't2']),
    account('v1', ['t2', 't1']),
  ),
  mappingGateways: fc.tuple(mappingGateway(0), mappingGateway(1)),
  routingGateways: fc
    .array(fc.nat(), { minLength: 3, maxLength: 4 })
    .chain(list => fc.tuple(...list.map((_, index) => routingGateway(index)))),
});

function privateTable() {
  return rateTable('p0').map(({ name, rows }) => ({ name, rows: rows.slice(1) }));
}

export interface Pair {
  readonly before: SnapshotDescription;
  readonly after: SnapshotDescription;
  /** Of all numbers. */
  readonly symbols?: string;
  readonly longest?: number;
  /** Nothing is different for calls. */
  readonly isAlike?: boolean;
}

/** The second is the first but for some of its objects, or their order, or names that calls do not depend on. */
export const pairsOfNetworks: fc.Arbitrary<Pair> = fc
  .record({
    before: network,
    other: network,
    edits: fc.uniqueArray(fc.nat(40), { minLength: 2, maxLength: 5 }),
    how: fc.constantFrom<Edit>(
      ...Array<Edit>(6).fill('object'),
      ...Array<Edit>(6).fill('setting'),
      ...['renamed' as const, 'added' as const, 'moved' as const],
    ),
    pick: fc.nat(60),
    symbols: fc.constantFrom('12a', '123', '12+', '13a', '1a#', '12a3', '1'),
  })
  .map(({ before, other, edits, how, pick, symbols }) => {
    // Of one digit there are few numbers of any length, so these go beyond the longest that gateways are sent.
    const space = { symbols, longest: [0, 34, 0, 4, 3][symbols.length]! };
    if (how === 'moved') return { before, after: moved(before, pick), ...space, isAlike: true };
    if (how === 'renamed') return { before, after: renamed(before, pick), ...space };
    if (how === 'added') return { before, after: added(before, other), ...space };
    return { before, after: edited(before, other, edits, how === 'setting' ? pick : null), ...space };
  });

type Edit = 'object' | 'setting' | 'renamed' | 'added' | 'moved';
type Item = Readonly<Record<string, unknown>>;

/** Objects of the other network take the place of some; with `pick`, one setting of theirs alone. */
function edited(
  before: SnapshotDescription,
  other: SnapshotDescription,
  edits: readonly number[],
  pick: number | null,
): SnapshotDescription {
  const after: Record<string, unknown> = { ...before };
  const places: { readonly key: string; readonly index: number | null }[] = [];
  for (const [key, value] of Object.entries(before)) {
    if (!Array.isArray(value) || key === 'onNetNumbers') places.push({ key, index: null });
    else places.push(...value.map((_: unknown, index: number) => ({ key, index })));
  }
  for (const edit of edits) {
    const { key, index } = places[edit % places.length]!;
    const from = other[key as keyof SnapshotDescription] as unknown;
    if (index === null) after[key] = from;
    else {
      const replaced = (from as readonly Item[])[index];
      const list = [...(after[key] as readonly Item[])];
      if (replaced !== undefined)
        list[index] = pick === null ? replaced : mixed(list[index]!, replaced, pick);
      else if (index === list.length - 1) list.pop();
      after[key] = list;
    }
  }
  return after as SnapshotDescription;
}

/** The first setting from `pick` on that is not the same. */
function mixed(object: Item, other: Item, pick: number): Item {
  const keys = Object.keys(other);
  const isOther = (key: string) => JSON.stringify(object[key]) !== JSON.stringify(other[key]);
  const turned = keys.map((_, i) => keys[(i + pick) % keys.length]!);
  const key = turned.find(isOther);
  return key === undefined ? object : { ...object, [key]: other[key] };
}

/** A routing gateway has another name, by which it is asked for behind others that are its equals. */
function renamed(before: SnapshotDescription, pick: number): SnapshotDescription {
  const gateways = before.routingGateways!;
  const { name } = gateways[pick % gateways.length]!;
  return JSON.parse(JSON.stringify(before), (_, value: unknown) =>
    value === name ? `a${name}` : infinite(value),
  ) as SnapshotDescription;
}

/** What JSON makes of Infinity is null; rows without an end leave it out. */
function infinite(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('effectiveUntilMs' in value)) return value;
  if (value.effectiveUntilMs !== null) return value;
  const { effectiveUntilMs: _, ...rest } = value;
  return rest;
}

/** A customer and a vendor's gateway more. */
function added(before: SnapshotDescription, other: SnapshotDescription): SnapshotDescription {
  return {
    ...before,
    mappingGateways: [...before.mappingGateways!, { ...other.mappingGateways![0]!, name: 'm9' }],
    routingGateways: [{ ...other.routingGateways![1]!, name: 'g9' }, ...before.routingGateways!],
  };
}

/** Everything stands elsewhere, and list by list in another order. */
function moved(before: SnapshotDescription, pick: number): SnapshotDescription {
  const turned = <Object>(list: readonly Object[]): Object[] => [
    ...list.slice(pick % list.length),
    ...list.slice(0, pick % list.length),
  ];
  return {
    ...before,
    rates: turned(before.rates!).map(({ name, rows }) => ({
      name,
      rows: [...rows].reverse().map((row, i) => ({ ...row, line: 100 + i })),
    })),
    accounts: turned(before.accounts!),
    mappingGateways: turned(before.mappingGateways!),
    routingGateways: turned(before.routingGateways!).map(({ prefixes: list, ...rest }) => ({
      ...rest,
      prefixes: [...(list ?? [])].reverse(),
    })),
  };
}
