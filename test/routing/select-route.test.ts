import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Places, Snapshot } from '../../src/config/snapshot.ts';
import { gatewayUnavailable, type RoutingState, selectRoute } from '../../src/routing/select-route.ts';
import { idleState, requestFor } from '../support/routing-state.ts';
import { buildSnapshot, type SnapshotDescription } from '../support/snapshot-builder.ts';

const test = suite('routing/select-route');

interface Load {
  readonly active?: Readonly<Record<string, number>>;
  readonly carried?: Readonly<Record<string, number>>;
  readonly retryUntilMs?: Readonly<Record<string, number>>;
  readonly exhausted?: readonly string[];
}

function stateOf(snapshot: Snapshot, load: Load = {}): RoutingState {
  const nameOf = (gateway: number) => snapshot.routingGateways[gateway]!.name;
  return {
    ...idleState,
    activeLines: gateway => load.active?.[nameOf(gateway)] ?? 0,
    callsCarried: gateway => load.carried?.[nameOf(gateway)] ?? 0,
    unavailableUntilMs: gateway => load.retryUntilMs?.[nameOf(gateway)] ?? 0,
    vendorCreditExhausted: account => load.exhausted?.includes(snapshot.accounts[account]!.name) ?? false,
  };
}

interface Answer {
  /** Names in order, the protect routes behind a bar. */
  readonly route: string;
  readonly someBusy: boolean;
  /** `name: reason file:line` of everything left out. */
  readonly leftOut: readonly string[];
}

function ask(
  description: SnapshotDescription,
  callee: string,
  options: { readonly load?: Load; readonly via?: string; readonly atMs?: number } = {},
): Answer {
  const snapshot = buildSnapshot({ mappingGateways: [{ name: 'customer' }], ...description });
  const via = options.via ?? 'customer';
  const mappingGateway = snapshot.mappingGateways.findIndex(gateway => gateway.name === via);
  const request = requestFor(callee, { mappingGateway, atMs: options.atMs ?? 1000 });
  const state = stateOf(snapshot, options.load);
  const decision = selectRoute(snapshot, state, request, true);
  assert.equal({ ...selectRoute(snapshot, state, request), because: decision.because }, decision);
  assert.equal(selectRoute(snapshot, state, request).because, []);
  const names = decision.attempts.map(attempt => snapshot.routingGateways[attempt.gateway]!.name);
  const normal = names.slice(0, decision.normalCount).join(' ');
  const protect = names.slice(decision.normalCount).join(' ');
  return {
    route: protect === '' ? normal : `${normal} | ${protect}`.trim(),
    someBusy: decision.someBusy,
    leftOut: decision.because
      .filter(one => one.outcome === 'excluded')
      .map(one => {
        const { name } = snapshot.routingGateways[one.gateway]!;
        return `${name}: ${one.reason} ${one.source.file}:${one.source.line}`;
      }),
  };
}

/** As if the setting stood on that line of the object's file. */
function standsAt(setting: string, line: number): Places {
  return { settings: [setting], at: [line, 1], inherited: {} };
}

test('tries longer prefixes first and every gateway once, with its longest', () => {
  const { route } = ask(
    {
      routingGateways: [
        { name: 'world', prefixes: ['', '44'] },
        { name: 'uk', prefixes: ['44', '447'] },
        { name: 'mobile', prefixes: ['447'], priority: 1 },
      ],
    },
    '447700900123',
  );
  assert.is(route, 'mobile uk world');
});

test('no gateway with a prefix of the number is no route and nobody busy', () => {
  const answer = ask({ routingGateways: [{ name: 'uk', prefixes: ['44'] }] }, '33');
  assert.equal(answer, { route: '', someBusy: false, leftOut: [] });
});

test('an Expiration member ends the walk after its own group', () => {
  const network = {
    routingGateways: [
      { name: 'a', prefixes: [{ prefix: '447', mode: 'expiration' as const, line: 12 }] },
      { name: 'b', prefixes: ['447'] },
      { name: 'c', prefixes: ['44'] },
    ],
  };
  assert.equal(ask(network, '4477'), {
    route: 'a b',
    someBusy: false,
    leftOut: ['c: stoppedByExpiration gateways/routing/a.yaml:12'],
  });
  assert.is(ask(network, '4420').route, 'c');
});

test('an Expiration member ends the walk even when it is full, waiting or out of credit', () => {
  const network: SnapshotDescription = {
    accounts: [{ name: 'vendor', kind: 'vendor' }],
    routingGateways: [
      { name: 'a', prefixes: ['447'], prefixMode: 'expiration', lines: 1, clearingAccount: 'vendor' },
      { name: 'b', prefixes: ['44'] },
    ],
  };
  for (const load of [{ active: { a: 1 } }, { retryUntilMs: { a: 1001 } }, { exhausted: ['vendor'] }]) {
    const answer = ask(network, '4477', { load });
    assert.is(answer.route, '');
    assert.ok(answer.someBusy);
  }
});

test('an Expiration member that this caller may not use does not end the walk', () => {
  const full = { prefixes: ['447'], prefixMode: 'expiration' as const };
  const b = { name: 'b', prefixes: ['44'] };
  assert.is(ask({ routingGateways: [{ name: 'a', ...full, locked: true }, b] }, '4477').route, 'b');
  assert.is(ask({ routingGateways: [{ name: 'a', ...full, checkRate: true }, b] }, '4477').route, 'a');
  const denied = { name: 'a', ...full, mappingGateways: { deny: ['customer'] } };
  assert.is(ask({ routingGateways: [denied, b] }, '4477').route, 'b');
});

test('a longer Extension prefix of a gateway hides its shorter Expiration prefix', () => {
  const { route } = ask(
    {
      routingGateways: [
        { name: 'a', prefixes: ['447', { prefix: '44', mode: 'expiration' }] },
        { name: 'b', prefixes: ['44'] },
        { name: 'c', prefixes: ['4'] },
      ],
    },
    '4477',
  );
  assert.is(route, 'a b c');
});

test('protect routes of the walked groups come last, in the same order among themselves', () => {
  const { route } = ask(
    {
      routingGateways: [
        { name: 'p1', prefixes: ['4'], protectRoute: true, priority: 1 },
        { name: 'p2', prefixes: ['447'], protectRoute: true },
        { name: 'p3', prefixes: ['447'], protectRoute: true, priority: 2 },
        { name: 'n', prefixes: ['4'] },
      ],
    },
    '4477',
  );
  assert.is(route, 'n | p3 p2 p1');
});

test('a protect route in Expiration mode ends the walk as well', () => {
  const { route } = ask(
    {
      routingGateways: [
        { name: 'p', prefixes: ['447'], protectRoute: true, prefixMode: 'expiration' },
        { name: 'n', prefixes: ['44'] },
      ],
    },
    '4477',
  );
  assert.is(route, '| p');
});

test('inside a group: priority, then load, then calls carried, then name', () => {
  const base = { prefixes: ['44'], lines: 10 };
  const network = {
    routingGateways: [
      { name: 'z-urgent', ...base, priority: 1 },
      { name: 'd', ...base },
      { name: 'c', ...base },
      { name: 'b', ...base },
      { name: 'a', ...base },
      { name: 'unlimited', prefixes: ['44'] },
    ],
  };
  assert.is(ask(network, '44').route, 'z-urgent a b c d unlimited');
  const load = {
    active: { 'z-urgent': 9, a: 5, b: 1, c: 1, d: 1, unlimited: 500 },
    carried: { b: 9, c: 7, d: 7, unlimited: 1 },
  };
  assert.is(ask(network, '44', { load }).route, 'z-urgent unlimited c d b a');
});

test('load is the used share of the lines, not their number', () => {
  const network = {
    routingGateways: [
      { name: 'small', prefixes: ['44'], lines: 2 },
      { name: 'large', prefixes: ['44'], lines: 100 },
    ],
  };
  assert.is(ask(network, '44', { load: { active: { small: 1, large: 49 } } }).route, 'large small');
  assert.is(ask(network, '44', { load: { active: { small: 1, large: 51 } } }).route, 'small large');
});

test('each rule that excludes a gateway names itself and the line that says so', () => {
  const answer = ask(
    {
      mappingGateways: [{ name: 'customer', routingGateways: { deny: ['unwanted'] } }, { name: 'other' }],
      accounts: [
        { name: 'shut', kind: 'vendor', locked: true, places: standsAt('locked', 3) },
        {
          name: 'over',
          kind: 'vendor',
          validUntilMs: 1000,
          places: standsAt('validUntil', 4),
        },
        { name: 'rated', kind: 'vendor', rateTable: 'deck' },
        { name: 'bare', kind: 'vendor', unrated: false },
      ],
      rates: [
        {
          name: 'deck',
          rows: [
            { prefix: '4', rate: '1' },
            { prefix: '447', rate: '1', locked: true, line: 9 },
          ],
        },
      ],
      routingGateways: [
        {
          name: 'off',
          prefixes: ['44'],
          locked: true,
          places: standsAt('locked', 5),
        },
        { name: 'shut-vendor', prefixes: ['44'], clearingAccount: 'shut' },
        { name: 'over-vendor', prefixes: ['44'], clearingAccount: 'over' },
        { name: 'unwanted', prefixes: ['44'] },
        { name: 'choosy', prefixes: ['44'], mappingGateways: { allow: ['other'] } },
        { name: 'locked-rate', prefixes: ['44'], clearingAccount: 'rated', checkRate: true },
        {
          name: 'no-deck',
          prefixes: ['44'],
          clearingAccount: 'bare',
          checkRate: true,
          places: standsAt('checkRate', 6),
        },
        { name: 'unchecked', prefixes: ['44'], clearingAccount: 'rated' },
      ],
    },
    '4477',
  );
  assert.is(answer.route, 'unchecked');
  assert.not.ok(answer.someBusy);
  assert.equal([...answer.leftOut].sort(), [
    'choosy: mappingGatewayNotAllowed gateways/routing/choosy.yaml:1',
    'locked-rate: vendorRateLocked rates/deck.yaml:9',
    'no-deck: noVendorRate gateways/routing/no-deck.yaml:6',
    'off: locked gateways/routing/off.yaml:5',
    'over-vendor: vendorAccountExpired accounts/over.yaml:4',
    'shut-vendor: vendorAccountLocked accounts/shut.yaml:3',
    'unwanted: notAllowedForMappingGateway gateways/mapping/customer.yaml:1',
  ]);
});

test('a gateway whose rates are checked needs a rate for the number at that time', () => {
  const network: SnapshotDescription = {
    accounts: [{ name: 'vendor', kind: 'vendor', rateTable: 'deck' }],
    rates: [{ name: 'deck', rows: [{ prefix: '447', rate: '1', effectiveFromMs: 2000 }] }],
    routingGateways: [{ name: 'a', prefixes: ['44'], clearingAccount: 'vendor', checkRate: true }],
  };
  assert.equal(ask(network, '4477', { atMs: 1999 }).leftOut, ['a: noVendorRate gateways/routing/a.yaml:1']);
  assert.is(ask(network, '4477', { atMs: 2000 }).route, 'a');
  assert.is(ask(network, '4420', { atMs: 2000 }).route, '');
});

test('an account is expired from the very time it is valid until', () => {
  const network: SnapshotDescription = {
    accounts: [{ name: 'vendor', kind: 'vendor', validUntilMs: 2000 }],
    routingGateways: [{ name: 'a', prefixes: ['44'], clearingAccount: 'vendor' }],
  };
  assert.is(ask(network, '44', { atMs: 1999 }).route, 'a');
  assert.is(ask(network, '44', { atMs: 2000 }).route, '');
});

test('full, waiting and exhausted gateways are skipped for now, and the decision says that some are busy', () => {
  const network: SnapshotDescription = {
    accounts: [{ name: 'poor', kind: 'vendor', places: standsAt('overdraftLimit', 2) }],
    routingGateways: [
      {
        name: 'full',
        prefixes: ['44'],
        lines: 3,
        places: standsAt('lines', 8),
      },
      { name: 'closed', prefixes: ['44'], lines: 0 },
      { name: 'waiting', prefixes: ['44'] },
      { name: 'exhausted', prefixes: ['44'], clearingAccount: 'poor' },
      { name: 'free', prefixes: ['44'], lines: 3 },
    ],
  };
  const load = {
    active: { full: 3, free: 2 },
    retryUntilMs: { waiting: 1001, free: 1000 },
    exhausted: ['poor'],
  };
  const answer = ask(network, '44', { load });
  assert.is(answer.route, 'free');
  assert.ok(answer.someBusy);
  assert.equal([...answer.leftOut].sort(), [
    'closed: linesFull gateways/routing/closed.yaml:1',
    'exhausted: vendorCreditExhausted accounts/poor.yaml:2',
    'full: linesFull gateways/routing/full.yaml:8',
    'waiting: retryAfter gateways/routing/waiting.yaml:1',
  ]);
  const unverified = ask({ ...network, parameters: { verifyVendorCredit: false } }, '44', { load });
  assert.is(unverified.route, 'exhausted free');
});

test('the check before an attempt says the same as the selection', () => {
  const snapshot = buildSnapshot({
    mappingGateways: [{ name: 'customer' }],
    routingGateways: [{ name: 'a', prefixes: ['44'], lines: 2 }],
  });
  assert.is(gatewayUnavailable(snapshot, stateOf(snapshot, { active: { a: 1 } }), 0, 1000), null);
  assert.is(gatewayUnavailable(snapshot, stateOf(snapshot, { active: { a: 2 } }), 0, 1000), 'linesFull');
});

test('mapping gateways are told apart', () => {
  const network: SnapshotDescription = {
    mappingGateways: [{ name: 'one', routingGateways: { allow: ['a'] } }, { name: 'two' }],
    routingGateways: [
      { name: 'a', prefixes: ['44'] },
      { name: 'b', prefixes: ['44'], mappingGateways: { deny: ['one'] } },
    ],
  };
  assert.is(ask(network, '44', { via: 'one' }).route, 'a');
  assert.is(ask(network, '44', { via: 'two' }).route, 'a b');
});

test('an attempt says how much of the number matched, and explains itself with the line of its prefix', () => {
  const snapshot = buildSnapshot({
    mappingGateways: [{ name: 'customer' }],
    routingGateways: [
      { name: 'a', prefixes: ['4', { prefix: 'gold44', line: 21 }] },
      { name: 'p', prefixes: [''], protectRoute: true },
    ],
  });
  const request = requestFor('gold447', { atMs: 0 });
  const { attempts, because } = selectRoute(snapshot, stateOf(snapshot), request, true);
  assert.is(attempts[0]!.matchedLength, 6);
  assert.equal(because, [
    {
      gateway: 0,
      entry: snapshot.routes.line.indexOf(21),
      matchedLength: 6,
      outcome: 'attempt',
      reason: 'candidate',
      source: { file: 'gateways/routing/a.yaml', line: 21, column: 1 },
      detail: 'prefix gold44 (Extension), priority 100',
    },
    {
      gateway: 1,
      entry: snapshot.routes.gateway.indexOf(1),
      matchedLength: 0,
      outcome: 'protect',
      reason: 'candidate',
      source: { file: 'gateways/routing/p.yaml', line: 1, column: 1 },
      detail: 'protect route, the empty prefix (Extension), priority 100',
    },
  ]);
});

test('a mapping gateway of no snapshot is a bug', () => {
  const snapshot = buildSnapshot({ mappingGateways: [{ name: 'customer' }] });
  const request = requestFor('44', { mappingGateway: 1 });
  assert.throws(() => selectRoute(snapshot, stateOf(snapshot), request), /no mapping gateway 1/);
});

test.run();
