import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Snapshot } from '../../src/config/snapshot.ts';
import { RouteOrder } from '../../src/routing/route-order.ts';
import type { RoutingState } from '../../src/routing/select-route.ts';
import { settingsAt } from '../../src/routing/timed-settings.ts';
import { idleState } from '../support/routing-state.ts';
import { buildSnapshot } from '../support/snapshot-builder.ts';

const test = suite('routing/route-order');

interface Member {
  readonly priority: number;
  readonly lines: number | null;
  readonly active: number;
  readonly carried: number;
}

/** The name tells the index, and falls while indexes rise. */
function nameOf(index: number): string {
  return `g${99_999 - index}`;
}

function networkOf(members: readonly Member[]): Snapshot {
  return buildSnapshot({
    routingGateways: members.map(({ priority, lines }, i) => ({ name: nameOf(i), priority, lines })),
  });
}

const noPolicies = { policies: [], price: () => 0 };

function orderIn(snapshot: Snapshot): RouteOrder {
  return new RouteOrder(snapshot, settingsAt(snapshot, 0));
}

function ordered(members: readonly Member[]): number[] {
  const state: RoutingState = {
    ...idleState,
    activeLines: gateway => members[gateway]!.active,
    callsCarried: gateway => members[gateway]!.carried,
  };
  const group = Uint16Array.from(members.keys());
  orderIn(networkOf(members)).sort(group, group.length, state, noPolicies);
  return [...group];
}

function expectedOrder(members: readonly Member[]): number[] {
  const load = (one: Member) => (one.lines === null ? 0 : one.active / one.lines);
  return [...members.keys()].sort((a, b) => {
    const x = members[a]!;
    const y = members[b]!;
    return x.priority - y.priority || load(x) - load(y) || x.carried - y.carried || b - a;
  });
}

test('a group of any size is in the order of the rules', () => {
  const member = fc.record({
    priority: fc.constantFrom(-5, 1, 2, 100, 65_000.5),
    lines: fc.option(fc.integer({ min: 4, max: 12 }), { nil: null }),
    active: fc.integer({ min: 0, max: 3 }),
    carried: fc.integer({ min: 0, max: 2 }),
  });
  fc.assert(
    fc.property(fc.array(member, { maxLength: 400, size: 'max' }), members => {
      assert.equal(ordered(members), expectedOrder(members));
    }),
    { numRuns: 60 },
  );
});

test('a load next to full never passes for the next priority', () => {
  const lines = 1e15;
  const members = Array.from({ length: 600 }, (_, i) => ({
    priority: 300 - (i >> 1),
    lines,
    active: i % 2 === 0 ? lines - 1 : 0,
    carried: i % 7,
  }));
  assert.equal(ordered(members), expectedOrder(members));
});

test('only the first so many are ordered', () => {
  const plain = { priority: 1, lines: null, active: 0, carried: 0 };
  const group = Uint16Array.of(0, 1, 2);
  orderIn(networkOf([plain, plain, plain])).sort(group, 2, idleState, noPolicies);
  assert.equal([...group], [1, 0, 2]);
});

test('of prices however near and high, the lower one goes first', () => {
  const snapshot = networkOf([
    { priority: 1, lines: null, active: 0, carried: 0 },
    { priority: 1, lines: null, active: 0, carried: 0 },
  ]);
  const order = orderIn(snapshot);
  const group = new Uint16Array(2);
  // So many 10⁻¹⁰ of the currency for a minute; two of a pair are next to each other.
  const near = fc.double({ min: 0, max: 2e12, noNaN: true }).map(amount => Math.floor(amount));
  fc.assert(
    fc.property(near, amount => {
      const prices = [(amount + 1) / 60, amount / 60];
      group.set([0, 1]);
      order.sort(group, 2, idleState, { policies: ['rate'], price: gateway => prices[gateway]! });
      assert.equal([...group], [1, 0]);
    }),
    { numRuns: 2000 },
  );
  const prices = [1_476_104_881_078 / 60, 1_476_104_881_077 / 60];
  group.set([0, 1]);
  order.sort(group, 2, idleState, { policies: ['rate'], price: gateway => prices[gateway]! });
  assert.equal([...group], [1, 0]);
});

test.run();
