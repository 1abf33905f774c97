/** selectRoute against the rules of routing written down as directly as possible, on random small networks. */
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Snapshot } from '../../src/config/snapshot.ts';
import { type RouteRequest, type RoutingState, selectRoute } from '../../src/routing/select-route.ts';
import { idleState, requestFor } from '../support/routing-state.ts';
import {
  type AccountDescription,
  buildSnapshot,
  type RateDescription,
  type RoutingGatewayDescription,
} from '../support/snapshot-builder.ts';

const test = suite('routing/select-route-rules');

const mode = fc.constantFrom('extension' as const, 'expiration' as const);
const prefixText = fc.constantFrom('', '4', '44', '447', '4477', '1', 'a4');
const vendorNames = ['plain', 'lockedVendor', 'expiring', 'rated', 'bare'] as const;
const vendors: readonly AccountDescription[] = [
  { name: 'plain', kind: 'vendor' },
  { name: 'lockedVendor', kind: 'vendor', locked: true },
  { name: 'expiring', kind: 'vendor', validUntilMs: 1200 },
  { name: 'rated', kind: 'vendor', rateTable: 'deck' },
  { name: 'bare', kind: 'vendor', unrated: false },
];
const mappingNames = ['m0', 'm1'] as const;

/** Names fall while indexes rise, so that neither order can stand in for the other. */
const nameOf = (index: number) => `g${9 - index}`;

const nameList = (names: readonly string[]) =>
  fc.option(
    fc.oneof(
      fc.subarray([...names]).map(allow => ({ allow })),
      fc.subarray([...names]).map(deny => ({ deny })),
    ),
    { nil: undefined, freq: 2 },
  );

const someRate = { calls: 1, perSeconds: 1 };

const rarely = fc.integer({ min: 0, max: 5 }).map(n => n === 0);

const gatewayParts = fc.record({
  entries: fc.uniqueArray(fc.tuple(prefixText, fc.option(mode, { nil: undefined })), {
    selector: ([prefix]) => prefix,
    maxLength: 4,
  }),
  prefixMode: fc.oneof(
    { weight: 3, arbitrary: fc.constant('extension' as const) },
    { weight: 1, arbitrary: mode },
  ),
  priority: fc.integer({ min: 1, max: 2 }),
  protectRoute: rarely,
  locked: rarely,
  lines: fc.option(fc.integer({ min: 0, max: 4 }), { nil: null }),
  checkRate: fc.boolean(),
  clearingAccount: fc.constantFrom(...vendorNames, 'plain', 'plain'),
  mappingGateways: nameList(mappingNames),
});

type GatewayParts = typeof gatewayParts extends fc.Arbitrary<infer T> ? T : never;

const rateRow: fc.Arbitrary<RateDescription> = fc.record({
  prefix: fc.constantFrom('4', '447', '1'),
  rate: fc.constant('1'),
  locked: rarely,
  effectiveFromMs: fc.constantFrom(0, 1500),
});

const world = fc.array(gatewayParts, { maxLength: 7 }).chain(gateways =>
  fc.record({
    gateways: fc.constant(gateways),
    usable: fc.tuple(
      nameList(gateways.map((_, i) => nameOf(i))),
      nameList(gateways.map((_, i) => nameOf(i))),
    ),
    rates: fc.uniqueArray(rateRow, { selector: row => row.prefix, maxLength: 3 }),
    active: fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 7, maxLength: 7 }),
    carried: fc.array(fc.integer({ min: 0, max: 1 }), { minLength: 7, maxLength: 7 }),
    waitUntilMs: fc.array(fc.constantFrom(0, 0, 0, 1000, 2000), { minLength: 7, maxLength: 7 }),
    exhausted: fc.subarray([0, 1, 2, 3, 4]),
    tooFast: fc.subarray([0, 1, 2, 3, 4, 5, 6], { maxLength: 2 }),
    fullVendors: fc.subarray([0, 1, 2, 3, 4], { maxLength: 2 }),
    tooFastVendors: fc.subarray([0, 1, 2, 3, 4], { maxLength: 2 }),
    /** Limits, of gateways by index and of vendors, as the state only counts against those there are. */
    limitedGateways: fc.subarray([0, 1, 2, 3, 4, 5, 6]),
    limitedVendors: fc.subarray([0, 1, 2, 3, 4]),
    verifyVendorCredit: fc.boolean(),
  }),
);

type World = typeof world extends fc.Arbitrary<infer T> ? T : never;

function gatewayDescription(parts: GatewayParts, index: number): RoutingGatewayDescription {
  const { entries, mappingGateways, ...rest } = parts;
  return {
    ...rest,
    name: nameOf(index),
    prefixes: entries.map(([prefix, own]) => (own === undefined ? prefix : { prefix, mode: own })),
    ...(mappingGateways === undefined ? {} : { mappingGateways }),
  };
}

function snapshotOf(given: World): Snapshot {
  return buildSnapshot({
    parameters: { verifyVendorCredit: given.verifyVendorCredit },
    mappingGateways: mappingNames.map((name, i) => {
      const routingGateways = given.usable[i];
      return routingGateways === undefined ? { name } : { name, routingGateways };
    }),
    accounts: vendors.map((account, i) =>
      given.limitedVendors.includes(i) ? { ...account, lines: 1, callRate: someRate } : account,
    ),
    rates: [{ name: 'deck', rows: given.rates }],
    routingGateways: given.gateways.map((gateway, i) => ({
      ...gatewayDescription(gateway, i),
      callRate: given.limitedGateways.includes(i) ? someRate : null,
    })),
  });
}

function stateOf(given: World): RoutingState {
  return {
    ...idleState,
    activeLines: gateway => given.active[gateway]!,
    callsCarried: gateway => given.carried[gateway]!,
    unavailableUntilMs: gateway => given.waitUntilMs[gateway]!,
    callRateReached: gateway => given.tooFast.includes(gateway),
    vendorLinesFull: account => given.fullVendors.includes(account),
    vendorCallRateReached: account => given.tooFastVendors.includes(account),
    vendorCreditExhausted: account => given.exhausted.includes(account),
  };
}

function listAllows(list: { allow: string[] } | { deny: string[] } | undefined, name: string): boolean {
  if (list === undefined) return true;
  return 'allow' in list ? list.allow.includes(name) : !list.deny.includes(name);
}

function mayUse(given: World, index: number, request: RouteRequest): boolean {
  const gateway = given.gateways[index]!;
  if (gateway.locked || gateway.clearingAccount === 'lockedVendor') return false;
  if (gateway.clearingAccount === 'expiring' && request.atMs >= 1200) return false;
  if (!listAllows(gateway.mappingGateways, mappingNames[request.mappingGateway]!)) return false;
  if (!listAllows(given.usable[request.mappingGateway], nameOf(index))) return false;
  if (!gateway.checkRate) return true;
  if (gateway.clearingAccount === 'bare') return false;
  if (gateway.clearingAccount !== 'rated') return true;
  const rows = given.rates
    .filter(row => request.callee.startsWith(row.prefix) && row.effectiveFromMs! <= request.atMs)
    .sort((a, b) => b.prefix.length - a.prefix.length);
  return rows[0] !== undefined && rows[0].locked === false;
}

function isBusy(given: World, index: number, request: RouteRequest): boolean {
  const { lines, clearingAccount } = given.gateways[index]!;
  const account = vendorNames.indexOf(clearingAccount);
  return (
    (lines !== null && given.active[index]! >= lines) ||
    given.waitUntilMs[index]! > request.atMs ||
    (given.limitedGateways.includes(index) && given.tooFast.includes(index)) ||
    (given.limitedVendors.includes(account) &&
      (given.fullVendors.includes(account) || given.tooFastVendors.includes(account))) ||
    (given.verifyVendorCredit && given.exhausted.includes(account))
  );
}

function inOrder(given: World, a: number, b: number): number {
  const load = (i: number) => given.active[i]! / (given.gateways[i]!.lines ?? Number.POSITIVE_INFINITY);
  return (
    given.gateways[a]!.priority - given.gateways[b]!.priority ||
    load(a) - load(b) ||
    given.carried[a]! - given.carried[b]! ||
    b - a
  );
}

interface Expected {
  readonly normal: number[];
  readonly protect: number[];
  readonly someBusy: boolean;
}

/** The entry of the gateway that counts: its longest prefix of the number, with its own mode if it has one. */
function longestOf(given: World, index: number, callee: string) {
  return given.gateways[index]!.entries.filter(([prefix]) => callee.startsWith(prefix)).sort(
    ([a], [b]) => b.length - a.length,
  )[0];
}

/** The rules, one after the other. */
function expectedRoute(given: World, request: RouteRequest): Expected {
  const longest = given.gateways.map((_, i) => longestOf(given, i, request.callee));
  const result: Expected = { normal: [], protect: [], someBusy: false };
  let someBusy = false;
  for (let length = request.callee.length; length >= 0; length--) {
    const members = [...longest.keys()]
      .filter(i => longest[i]?.[0].length === length)
      .filter(i => mayUse(given, i, request));
    const free = members.filter(i => !isBusy(given, i, request)).sort((a, b) => inOrder(given, a, b));
    someBusy ||= free.length < members.length;
    result.normal.push(...free.filter(i => !given.gateways[i]!.protectRoute));
    result.protect.push(...free.filter(i => given.gateways[i]!.protectRoute));
    if (members.some(i => (longest[i]![1] ?? given.gateways[i]!.prefixMode) === 'expiration')) break;
  }
  return { ...result, someBusy };
}

test('the decision is what the rules say, on any small network in any state, for one call after the other', () => {
  const call = fc.record({
    callee: fc.constantFrom('447700', '4477', '442', '4', '1', 'a44', '9', ''),
    mappingGateway: fc.constantFrom(0, 1),
    caller: fc.constant('1'),
    atMs: fc.constantFrom(1000, 1199, 1200, 1999),
  });
  fc.assert(
    fc.property(world, fc.array(call, { minLength: 1, maxLength: 6 }), (given, requests) => {
      const snapshot = snapshotOf(given);
      for (const { callee, ...others } of requests) {
        const request = requestFor(callee, others);
        const decision = selectRoute(snapshot, stateOf(given), request);
        const expected = expectedRoute(given, request);
        const gateways = decision.attempts.map(attempt => attempt.gateway);
        assert.equal(gateways, [...expected.normal, ...expected.protect]);
        assert.is(decision.normalCount, expected.normal.length);
        assert.is(decision.someBusy, expected.someBusy);
        for (const { gateway, matchedLength, protect } of decision.attempts) {
          assert.is(matchedLength, longestOf(given, gateway, request.callee)![0].length);
          assert.is(protect, given.gateways[gateway]!.protectRoute);
        }
      }
    }),
    { numRuns: 1000 },
  );
});

test('every gateway with a prefix of the number is explained exactly once, and nothing else is', () => {
  fc.assert(
    fc.property(world, fc.constantFrom('447700', '442', 'a44', '9'), (given, callee) => {
      const snapshot = snapshotOf(given);
      const request = requestFor(callee, { atMs: 1200 });
      const { because, attempts } = selectRoute(snapshot, stateOf(given), request, true);
      const withPrefix = given.gateways
        .map((gateway, i) => (gateway.entries.some(([prefix]) => callee.startsWith(prefix)) ? i : -1))
        .filter(i => i >= 0);
      assert.equal(
        because.map(one => one.gateway).sort((a, b) => a - b),
        withPrefix,
      );
      assert.equal(
        because.filter(one => one.outcome !== 'excluded').map(one => one.gateway),
        attempts.map(one => one.gateway),
      );
      for (const one of because) {
        assert.is(one.reason === 'candidate', one.outcome !== 'excluded');
        assert.ok(one.source.line >= 1);
      }
    }),
    { numRuns: 500 },
  );
});

test.run();
