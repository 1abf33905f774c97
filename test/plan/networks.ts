/** Small networks over the digits 1 to 3 and the letter a, with every kind of rule about numbers in them. */
import fc from 'fast-check';
import type { Calendar, NumberRules, RoutePolicy } from '../../src/config/snapshot.ts';
import { parseDialPlan } from '../../src/routing/dial-plan/parse.ts';
import { noPlaces, sourceOf } from '../support/gateway-builder.ts';
import * as rule from '../support/routing-rules.ts';
import type {
  AccountDescription,
  GatewayGroupDescription,
  MappingGatewayDescription,
  NumberListDescription,
  RateDescription,
  RateTableDescription,
  RoutingGatewayDescription,
  SnapshotDescription,
} from '../support/snapshot-builder.ts';

export const symbols = '123a';
export const hourMs = 3_600_000;
export const nowMs = Date.UTC(2026, 2, 2, 10);
export const laterMs: number = nowMs + 30 * hourMs;

const prefixes = ['', '1', '12', '123', '1231', '2', '21', '3', '33', 'a', 'a1', 'a12', 'a2'];
const somePrefixes = fc.uniqueArray(fc.constantFrom(...prefixes), { maxLength: 4 });
const kind = fc.constantFrom<rule.Kind>('allow', 'deny');
const lengthList = fc.uniqueArray(fc.integer({ min: 1, max: 6 }), { minLength: 2, maxLength: 5 });
const rates = fc.constantFrom('0', '0.01', '0.02', '0.03');
const ruleTexts = [
  '1:2',
  '12:a3',
  '?2:1',
  'a:',
  '3*:1*',
  '31:1',
  '2E3:1',
  '1?:$2',
  '1:12',
  '123:3',
  '*E4:1*',
  '23G3:a',
  '?:a',
  '21:212',
];
/** They look for something within a number, or leave something to chance. */
const hardTexts = ['*1:2', '1*2:*', '3:1;2', '33:a;12', '2:?1', '1:2-3', '3*:2', 'a*:*1'];

const noPlan = parseDialPlan([]).plan;

export function planOf(texts: readonly string[], line: number = 1) {
  return parseDialPlan(texts.map(text => ({ text, source: rule.ruleSource(line) }))).plan;
}

function plans(texts: readonly string[]) {
  return fc
    .uniqueArray(fc.constantFrom(...texts), {
      minLength: 1,
      maxLength: 3,
      selector: text => text.split(':')[0],
    })
    .map(list => planOf(list));
}

/** Most are there seldom, or nothing would be routed. */
function seldom<T>(arbitrary: fc.Arbitrary<T>, otherwise: T, weight: number = 4): fc.Arbitrary<T> {
  return fc.oneof({ weight, arbitrary: fc.constant(otherwise) }, { weight: 1, arbitrary });
}

const numberRules: fc.Arbitrary<Partial<NumberRules>> = fc
  .record(
    {
      callerPrefixes: fc.tuple(kind, somePrefixes).map(([is, list]) => rule.prefixes(is, list)),
      calleePrefixes: fc.tuple(kind, somePrefixes).map(([is, list]) => rule.prefixes(is, list)),
      callerCalleePrefixes: fc
        .tuple(
          kind,
          fc.array(fc.tuple(fc.constantFrom('', '1', '2'), fc.constantFrom('', '1', '12', 'a')), {
            maxLength: 2,
          }),
        )
        .map(([is, list]) =>
          rule.pairs(
            is,
            list.map(pair => pair.join(':')),
          ),
        ),
      forwardingPrefixes: fc.tuple(kind, somePrefixes).map(([is, list]) => rule.prefixes(is, list)),
      calleeLengths: lengthList.map(list => rule.lengths(list)),
      callerLengths: lengthList.map(list => rule.lengths([0, ...list])),
      callerLists: fc.tuple(kind, fc.subarray([0, 1])).map(([is, list]) => rule.lists(is, list)),
      calleeLists: fc.tuple(kind, fc.subarray([0, 1])).map(([is, list]) => rule.lists(is, list)),
      calleeNetwork: fc.constantFrom('on-net', 'off-net'),
    },
    { requiredKeys: [] },
  )
  .map(rules => rules as Partial<NumberRules>);

const fewRules = seldom(
  numberRules.chain(rules =>
    fc
      .subarray(Object.entries(rules))
      .map(list => Object.fromEntries(list.slice(0, 2)) as Partial<NumberRules>),
  ),
  {},
  2,
);

const rateRow: fc.Arbitrary<RateDescription> = fc.record({
  prefix: fc.constantFrom(...prefixes),
  rate: rates,
  locked: seldom(fc.constant(true), false, 9),
  increments: fc.constantFrom('60/60', '60/60', '1/1'),
  effectiveFromMs: seldom(fc.constant(laterMs), 0),
  effectiveUntilMs: seldom(fc.constant(laterMs + hourMs), Number.POSITIVE_INFINITY),
});

function rateTable(name: string): fc.Arbitrary<RateTableDescription> {
  return fc.uniqueArray(rateRow, { maxLength: 6, selector: ({ prefix }) => prefix }).map(rows => ({
    name,
    rows: [{ prefix: '', rate: '0.02' }, ...rows.filter(({ prefix }) => prefix !== '')],
  }));
}

function account(name: string, tables: readonly string[]): fc.Arbitrary<AccountDescription> {
  return fc.record({
    name: fc.constant(name),
    rateTable: fc.constantFrom(...tables),
    locked: seldom(fc.constant(true), false, 12),
    unrated: seldom(fc.constant(true), false, 12),
    validUntilMs: seldom(fc.constant<number | null>(laterMs + 2 * hourMs), null, 9),
    timedRateTables: seldom<number[]>(fc.constant([0]), []).map(list =>
      list.map(() => ({ calendar: 'c0', rateTable: tables[0]! })),
    ),
    overdraftLimit: fc.constant('10'),
  });
}

const dialPlans = (texts: readonly string[]) =>
  fc.record({
    callee: seldom(plans(texts), noPlan, 2),
    caller: seldom(plans(['1:2', '12:1', '?2:3', '2:']), noPlan, 6),
    forwarding: fc.constant(noPlan),
  });

const periods = seldom(
  fc
    .record({
      available: seldom(fc.constant(false), true),
      calleePrefixes: seldom(
        somePrefixes.map(list => rule.prefixes('deny', list)),
        null,
      ),
      priority: fc.constant(null),
    })
    .map(change => [rule.period(0, change)]),
  [],
);

const groups = seldom(
  fc.constantFrom(0, 1).map(group => [rule.member(group)]),
  [],
);

const priceRules = {
  minimumProfitPercent: seldom(fc.constantFrom<number | null>(-50, 0, 50), null),
  maximumRate: seldom(fc.constant({ amount: 150_000_000, seconds: 60 }), null),
};

function routingGateway(index: number): fc.Arbitrary<RoutingGatewayDescription> {
  return fc
    .record({
      name: fc.constant(`g${index}`),
      clearingAccount: fc.constantFrom('v0', 'v1'),
      prefixes: somePrefixes,
      prefixMode: seldom(fc.constant<'extension' | 'expiration'>('expiration'), 'extension'),
      priority: fc.constantFrom(1, 1, 2),
      protectRoute: seldom(fc.constant(true), false),
      locked: seldom(fc.constant(true), false, 9),
      lines: seldom(fc.constant<number | null>(0), null, 9),
      numbers: fewRules,
      dialPlans: dialPlans([...ruleTexts, ...hardTexts.slice(0, 4)]),
      groups,
      periods,
      checkRate: fc.boolean(),
      rateByNumberSent: seldom(fc.constant(true), false),
      leastCostRouting: fc.boolean(),
      calculateQuality: fc.boolean(),
      callerPool: fc.constant(null),
      ...priceRules,
      mappingGateways: seldom(
        fc.constant<{ allow: string[] } | { deny: string[] }>({ deny: ['m0'] }),
        { deny: [] },
        9,
      ),
    })
    .map(given => ({ ...given, places: noPlaces }));
}

const policy = fc.constantFrom<RoutePolicy>('none', 'none', 'rate', 'asr');

function mappingGateway(index: number): fc.Arbitrary<MappingGatewayDescription> {
  return fc.record({
    name: fc.constant(`m${index}`),
    account: fc.constant(`k${index}`),
    locked: seldom(fc.constant(true), false, 15),
    lines: seldom(fc.constant<number | null>(0), null, 15),
    numbers: seldom(fewRules, {}),
    dialPlans: dialPlans([...ruleTexts, ...hardTexts]),
    groups,
    periods,
    firstRoutePolicy: policy,
    secondRoutePolicy: policy,
    ...priceRules,
    routingGateways: seldom(
      fc.subarray(['g1', 'g2']).map(deny => ({ deny })),
      { deny: [] as string[] },
    ),
    routeShares: seldom(
      fc.constant({
        shares: ['', 'a'].map((tag, i) => ({ tag, weight: i + 1, source: rule.ruleSource(1) })),
        total: 3,
        source: rule.ruleSource(1),
      }),
      null,
    ),
  });
}

const calendars: readonly Omit<Calendar, 'index'>[] = [
  {
    name: 'c0',
    source: sourceOf('calendars/c0.yaml'),
    zone: { name: 'UTC', changesAtMs: [], offsetsMs: [0] },
    week: Array.from({ length: 7 }, (_, day) => (day < 2 ? [{ fromMinute: 480, untilMinute: 720 }] : [])),
    exceptions: [],
  },
];

function numberList(name: string): fc.Arbitrary<NumberListDescription> {
  return fc.record({
    name: fc.constant(name),
    numbers: fc.subarray(['1', '12', '123', '2', '21', '1231']),
    prefixes: fc.subarray(['12', '33', '2', 'a']),
  });
}

function groupOf(name: string): fc.Arbitrary<GatewayGroupDescription> {
  return seldom(fc.constant<number | null>(0), null, 6).map(lines => ({ name, lines }));
}

const network: fc.Arbitrary<SnapshotDescription> = fc.record({
  parameters: fc.record({
    routeTags: seldom(fc.subarray(['a', 'a1']), []),
    freeNumbers: seldom(fc.subarray(['12', '33*']), []),
    freeSeconds: seldom(fc.constant(5), 0, 9),
  }),
  calendars: fc.constant(calendars),
  gatewayGroups: fc.tuple(groupOf('grp0'), groupOf('grp1')),
  numberLists: fc.tuple(numberList('list0'), numberList('list1')),
  onNetNumbers: fc.subarray(['list0', 'list1']),
  rates: fc.tuple(rateTable('t0'), rateTable('t1'), rateTable('t2')),
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

export interface Pair {
  readonly before: SnapshotDescription;
  readonly after: SnapshotDescription;
}

/** The second is the first but for some of its objects. */
export const pairsOfNetworks: fc.Arbitrary<Pair> = fc
  .record({
    before: network,
    other: network,
    edits: fc.uniqueArray(fc.nat(30), { minLength: 1, maxLength: 3 }),
  })
  .map(({ before, other, edits }) => ({ before, after: edited(before, other, edits) }));

function edited(
  before: SnapshotDescription,
  other: SnapshotDescription,
  edits: readonly number[],
): SnapshotDescription {
  const after: Record<string, unknown> = { ...before };
  const places: { readonly key: string; readonly index: number | null }[] = [];
  for (const [key, value] of Object.entries(before)) {
    if (key === 'calendars') continue;
    if (!Array.isArray(value) || key === 'onNetNumbers') places.push({ key, index: null });
    else places.push(...value.map((_: unknown, index: number) => ({ key, index })));
  }
  for (const edit of edits) {
    const { key, index } = places[edit % places.length]!;
    const from = other[key as keyof SnapshotDescription] as unknown;
    if (index === null) after[key] = from;
    else {
      const replaced = (from as readonly unknown[])[index];
      const list = [...(after[key] as readonly unknown[])];
      if (replaced !== undefined) list[index] = replaced;
      else if (index === list.length - 1) list.pop();
      after[key] = list;
    }
  }
  return after as SnapshotDescription;
}
