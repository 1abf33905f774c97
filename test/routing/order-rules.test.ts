/** What puts one gateway before another, each rule beside the same network without it; and the whole walk by example. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type RouteRequest, type RoutingState, selectRoute } from '../../src/routing/select-route.ts';
import { dailyCalendar } from '../support/calendars.ts';
import * as rule from '../support/routing-rules.ts';
import { idleState, requestFor } from '../support/routing-state.ts';
import {
  buildSnapshot,
  type MappingGatewayDescription,
  type RoutingGatewayDescription,
} from '../support/snapshot-builder.ts';

const test = suite('routing/order-rules');

const prices = { dear: '0.03', middle: '0.02', cheap: '0.01' } as const;

interface Given {
  readonly customer?: Partial<MappingGatewayDescription>;
  /** On top of three gateways `a`, `b` and `c`, whose vendors ask 0.03, 0.02 and 0.01 a minute. */
  readonly gateways?: readonly Partial<RoutingGatewayDescription>[];
  readonly state?: Partial<RoutingState>;
  readonly request?: Partial<RouteRequest>;
}

function order({ customer = {}, gateways = [], state = {}, request = {} }: Given): string {
  const snapshot = buildSnapshot({
    calendars: [dailyCalendar('night', 0, 60)],
    rates: Object.entries(prices).map(([name, rate]) => ({ name, rows: [{ prefix: '44', rate }] })),
    accounts: Object.keys(prices).map(name => ({ name, kind: 'vendor', rateTable: name })),
    mappingGateways: [{ name: 'customer', ...customer }],
    routingGateways: Object.keys(prices).map((clearingAccount, i) => ({
      name: 'abc'[i]!,
      prefixes: ['44'],
      clearingAccount,
      checkRate: true,
      leastCostRouting: true,
      lines: 100,
      ...gateways[i],
    })),
  });
  const { attempts } = selectRoute(snapshot, { ...idleState, ...state }, requestFor('447700', request));
  return attempts.map(({ gateway }) => snapshot.routingGateways[gateway]!.name).join(' ');
}

const byAsr = { firstRoutePolicy: 'asr' as const };
const byRate = { firstRoutePolicy: 'rate' as const };
const of = <T>(...values: readonly T[]) => ({ values, at: (gateway: number) => values[gateway]! });

test('names decide among equals', () => {
  assert.is(order({}), 'a b c');
});

test('a lower priority goes first, and that of a period while it counts', () => {
  const gateways = [{ priority: 101 }, {}, { priority: 7, periods: [rule.period(0, { priority: 300 })] }];

  assert.is(order({ gateways, request: { atMs: 3_600_000 } }), 'c b a');
  assert.is(order({ gateways, request: { atMs: 0 } }), 'b a c');
});

test('the less loaded one goes first, by its lines and those of a period', () => {
  const state = { activeLines: of(30, 20, 10).at };
  const gateways = [{}, { lines: 1000 }, { lines: null }];
  const timed = [{ periods: [rule.period(0, { lines: 10_000 })] }, {}, {}];

  assert.is(order({ state }), 'c b a');
  assert.is(order({ state, gateways }), 'c b a');
  assert.is(order({ state: { activeLines: of(1, 50, 80).at }, gateways }), 'c a b');
  assert.is(order({ state, gateways: timed, request: { atMs: 0 } }), 'a c b');
});

test('of those equally loaded the one with fewer calls carried goes first', () => {
  assert.is(order({ state: { callsCarried: of(3, 2, 1).at } }), 'c b a');
});

test('the higher ASR goes first where the customer wants it, before load but behind priority', () => {
  const state = { asr: of(0.2, 0.9, 0.5).at, activeLines: of(1, 2, 3).at };

  assert.is(order({ state }), 'a b c');
  assert.is(order({ state, customer: byAsr }), 'b c a');
  assert.is(order({ state, customer: { secondRoutePolicy: 'asr' } }), 'b c a');
  assert.is(order({ state, customer: byAsr, gateways: [{ priority: 1 }] }), 'a b c');
});

test('an ASR that is not known yet counts as the best there is', () => {
  const state = { asr: of(0.99, null, 1).at };
  const measured = { calculateQuality: true };

  assert.is(order({ state, customer: byAsr, gateways: [measured, measured, measured] }), 'b c a');
});

test('a gateway that is not measured goes behind those that are, however they do', () => {
  const state = { asr: of(null, 0.01, null).at };
  const gateways = [{ calculateQuality: false }, { calculateQuality: true }, { calculateQuality: true }];

  assert.is(order({ state, gateways }), 'a b c');
  assert.is(order({ state, customer: byAsr, gateways }), 'c b a');
});

test('the lower price goes first where the customer wants it', () => {
  assert.is(order({ customer: byRate }), 'c b a');
  assert.is(order({ customer: { secondRoutePolicy: 'rate' } }), 'c b a');
});

test('gateways that take no part in ordering by rate count as the dearest', () => {
  const gateways = [{}, { leastCostRouting: false }, { checkRate: false }];

  assert.is(order({ customer: byRate, gateways }), 'a b c');
  assert.is(order({ customer: byRate, gateways: [{ leastCostRouting: false }] }), 'c b a');
});

test('the second policy decides where the first one does not', () => {
  const state = { asr: of(0.5, 0.5, 0.1).at };

  assert.is(order({ state, customer: byAsr }), 'a b c');
  assert.is(order({ state, customer: { ...byAsr, secondRoutePolicy: 'rate' } }), 'b a c');
  assert.is(order({ state, customer: { ...byRate, secondRoutePolicy: 'asr' } }), 'c b a');
});

test('policies never lift a protect route or a shorter prefix', () => {
  const protect = [{}, {}, { protectRoute: true }];
  const shorter = [{}, {}, { prefixes: ['4'] }];

  assert.is(order({ customer: byRate, gateways: protect }), 'b a c');
  assert.is(order({ customer: byRate, gateways: shorter }), 'b a c');
});

/** Four vendors of one number, as they stand in an operator's handbook: two with a whole number, two with less of it. */
function fourVendors(first: 'expiration' | 'extension'): string {
  const snapshot = buildSnapshot({
    mappingGateways: [{ name: 'customer' }],
    routingGateways: [
      { name: 'gw.101-t', prefixes: ['90'] },
      { name: 'gw.101-t-err', prefixes: ['9008'], prefixMode: first, priority: 1 },
      { name: 'gw.102', prefixes: ['900'] },
      { name: 'gw.103', prefixes: ['9008'], priority: 2 },
    ],
  });
  const { attempts } = selectRoute(snapshot, idleState, requestFor('90080001'));
  return attempts.map(({ gateway }) => snapshot.routingGateways[gateway]!.name).join(', ');
}

test('one gateway in Expiration mode ends the walk for its whole group of equally long prefixes', () => {
  assert.is(fourVendors('expiration'), 'gw.101-t-err, gw.103');
  assert.is(fourVendors('extension'), 'gw.101-t-err, gw.103, gw.102, gw.101-t');
});

test('a full Expiration member still ends the walk, a locked one does not', () => {
  const gateways = (last: Partial<RoutingGatewayDescription>) => [
    { prefixes: ['4'] },
    { prefixes: ['447'] },
    { prefixes: ['447'], prefixMode: 'expiration' as const, ...last },
  ];

  assert.is(order({ gateways: gateways({ prefixMode: 'extension' }) }), 'b c a');
  assert.is(order({ gateways: gateways({}) }), 'b c');
  assert.is(order({ gateways: gateways({ lines: 0 }) }), 'b');
  assert.is(order({ gateways: gateways({ locked: true }) }), 'b a');
});

test.run();
