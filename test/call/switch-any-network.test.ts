/** Whatever happens to calls and to the configuration meanwhile, what a call took is given back to whom it was taken from. */
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { CallerPool, Snapshot } from '../../src/config/snapshot.ts';
import { noMoney } from '../../src/rating/money.ts';
import * as rule from '../support/routing-rules.ts';
import { buildSnapshot } from '../support/snapshot-builder.ts';
import { World } from './world.ts';

const test = suite('call/switch-any-network');

const mappingNames = ['in-a', 'in-b', 'in-c'];
const routingNames = ['out-a', 'out-b', 'out-c', 'out-d'];
const groupNames = ['red', 'green', 'blue'];
const customerNames = ['alice', 'anna'];
const vendorNames = ['victor', 'vera'];
const poolNumbers = ['4420', '4421', '4422'];

interface Gateway {
  readonly name: string;
  readonly account: number;
  readonly groups: readonly number[];
  readonly lines: number | null;
  readonly perTenSeconds: number | null;
  readonly pool: readonly string[] | null;
  readonly isBroken: boolean;
}

interface Network {
  readonly mapping: readonly Gateway[];
  readonly routing: readonly Gateway[];
  readonly groups: readonly string[];
  readonly groupLines: number | null;
  readonly accountLines: number | null;
  readonly quality: boolean;
}

const isFailing = { now: false };

function gatewaysNamed(names: readonly string[]): fc.Arbitrary<readonly Gateway[]> {
  return fc.uniqueArray(
    fc.record({
      name: fc.constantFrom(...names),
      account: fc.nat(1),
      groups: fc.uniqueArray(fc.nat(2), { maxLength: 2 }),
      lines: fc.option(fc.nat(3)),
      perTenSeconds: fc.option(fc.integer({ min: 1, max: 4 })),
      pool: fc.option(fc.subarray(poolNumbers, { minLength: 1 }), { freq: 2 }),
      isBroken: fc.nat(5).map(n => n === 0),
    }),
    { selector: ({ name }) => name, minLength: 1 },
  );
}

const anyNetwork: fc.Arbitrary<Network> = fc.record({
  mapping: gatewaysNamed(mappingNames),
  routing: gatewaysNamed(routingNames),
  groups: fc.shuffledSubarray(groupNames, { minLength: 3 }),
  groupLines: fc.option(fc.nat(4)),
  accountLines: fc.option(fc.integer({ min: 1, max: 5 })),
  quality: fc.boolean(),
});

function limits({ lines, perTenSeconds, groups }: Gateway, used: readonly string[]) {
  return {
    lines,
    callRate: perTenSeconds === null ? null : { calls: perTenSeconds, perSeconds: 10 },
    groups: groups.filter(group => group < used.length).map(group => rule.member(group, 1)),
  };
}

function poolOf(numbers: readonly string[] | null): CallerPool | null {
  const source = rule.ruleSource(1);
  return numbers === null ? null : { lists: [0], numbers, linesPerNumber: 1, order: 'rotating', source };
}

function snapshotOf(network: Network): Snapshot {
  const { groups, groupLines, accountLines } = network;
  const snapshot = buildSnapshot({
    gatewayGroups: groups.map(name => ({ name, lines: groupLines })),
    parameters: { creditHoldStepSeconds: 20, gatewaySwitchLimit: 3 },
    accounts: [
      ...customerNames.map(name => ({ name, rateTable: 'retail', overdraftLimit: '1', lines: accountLines })),
      ...vendorNames.map(name => ({ name, rateTable: 'wholesale', overdraftLimit: '1' })),
    ],
    rates: [
      { name: 'retail', rows: [{ prefix: '44', rate: '0.06', increments: '1/1' }] },
      { name: 'wholesale', rows: [{ prefix: '44', rate: '0.03', increments: '1/1' }] },
    ],
    mappingGateways: network.mapping.map(gateway => ({
      name: gateway.name,
      account: customerNames[gateway.account]!,
      addresses: [`192.0.2.${mappingNames.indexOf(gateway.name) + 1}`],
      ...limits(gateway, groups),
    })),
    routingGateways: network.routing.map(gateway => ({
      name: gateway.name,
      clearingAccount: vendorNames[gateway.account]!,
      prefixes: ['44'],
      calculateQuality: network.quality,
      callerPool: poolOf(gateway.pool),
      ...limits(gateway, groups),
    })),
  });
  for (const [index, { isBroken }] of network.routing.entries()) {
    if (isBroken) breakNowAndThen(snapshot.routingGateways[index]!);
  }
  return snapshot;
}

/** As if a bug of ours threw whenever the hunting rules of the gateway are looked at while `isFailing`. */
function breakNowAndThen(gateway: Snapshot['routingGateways'][number]): void {
  const { hunting, timeouts } = gateway;
  const define = (key: string, value: unknown) =>
    Object.defineProperty(gateway, key, {
      get() {
        if (isFailing.now) throw new Error('assertion failed');
        return value;
      },
    });
  define('hunting', hunting);
  define('timeouts', timeouts);
}

type Step =
  | { readonly do: 'invite'; readonly from: number }
  | { readonly do: 'answer' | 'fail' | 'cancel' | 'hangUp' | 'release'; readonly which: number }
  | { readonly do: 'wait' | 'stall'; readonly ms: number }
  | { readonly do: 'reload'; readonly network: Network }
  | { readonly do: 'lost' }
  | { readonly do: 'failing'; readonly now: boolean };

const act = fc.constantFrom(
  'answer' as const,
  'answer' as const,
  'fail' as const,
  'fail' as const,
  'cancel' as const,
  'hangUp' as const,
  'release' as const,
);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant('invite' as const), from: fc.nat(2) }) },
  { weight: 8, arbitrary: fc.record({ do: act, which: fc.nat(9) }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constantFrom('wait' as const, 'stall' as const), ms: fc.nat(30_000) }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('reload' as const), network: anyNetwork }) },
  { weight: 1, arbitrary: fc.constant<Step>({ do: 'lost' }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('failing' as const), now: fc.boolean() }) },
);

function take(world: World, one: Step, callId: string): void {
  if (one.do === 'invite') {
    const address = `192.0.2.${one.from + 1}`;
    world.invite({ callId, source: { address, port: 5060, transport: 'udp' } });
  } else if (one.do === 'reload') world.give({ type: 'snapshot', snapshot: snapshotOf(one.network) });
  else if ('ms' in one) {
    if (one.do === 'wait') world.pass(one.ms);
    else world.nowMs += one.ms;
  } else if (one.do === 'lost') world.give({ type: 'sipServerLost' });
  else if (one.do === 'failing') isFailing.now = one.now;
  else {
    const calls = world.core.calls();
    const call = calls[one.which % Math.max(1, calls.length)];
    if (call === undefined) return;
    const leg = call.attempts.length - 1;
    if (one.do === 'answer') world.answered(leg, call.callId);
    else if (one.do === 'fail') world.failed(503, leg, { callId: call.callId, retryAfterSeconds: 1 });
    else if (one.do === 'cancel') world.cancel(call.callId);
    else if (one.do === 'hangUp') world.hangup('callee', call.callId);
    else world.give({ type: 'forcedRelease', callId: call.callId });
  }
}

/** Lines in use are those of the calls that are up, also of gateways that have left the configuration. */
function assertLines(world: World): void {
  const lines = new Map<string, number>();
  for (const { mappingGateway, routingGateway } of world.core.calls()) {
    for (const name of [mappingGateway, routingGateway]) lines.set(name, (lines.get(name) ?? 0) + 1);
  }
  for (const { name, activeLines } of world.core.gateways()) {
    assert.is(activeLines, lines.get(name) ?? 0, `lines of ${name}`);
    lines.delete(name);
  }
  assert.equal([...lines], [], 'gateways with calls are told of');
}

const everything: Network = {
  mapping: mappingNames.map(name => plain(name)),
  routing: routingNames.map(name => plain(name)),
  groups: groupNames,
  groupLines: null,
  accountLines: null,
  quality: false,
};

function plain(name: string): Gateway {
  const none = { lines: null, perTenSeconds: null, pool: null, isBroken: false };
  return { name, account: 0, groups: [0, 1, 2], ...none };
}

test('when all calls are over nothing is in use anywhere, whatever was added, removed, moved or went wrong', () => {
  let faults = 0;
  let answered = 0;
  fc.assert(
    fc.property(anyNetwork, fc.array(step, { maxLength: 60, size: 'max' }), (first, steps) => {
      isFailing.now = false;
      const world = new World(snapshotOf(first), { alice: '0.5', anna: '0.5' });
      for (const [index, one] of steps.entries()) {
        take(world, one, `call-${index}`);
        faults += world.core.takeFaults().length;
        assertLines(world);
      }
      isFailing.now = false;
      world.give({ type: 'shutdown' });
      world.give({ type: 'snapshot', snapshot: snapshotOf(everything) });

      const { mappingGateways, routingGateways, groups, accounts } = world.core.view;
      for (const { name, active } of [...mappingGateways, ...routingGateways, ...groups, ...accounts]) {
        assert.is(active, 0, `lines of ${name}`);
      }
      for (const { name, held } of accounts) assert.is(held, noMoney, `hold of ${name}`);
      for (const { name, callerPool } of routingGateways) {
        for (const number of poolNumbers) assert.is(callerPool.callsWith(number), 0, `${number} of ${name}`);
      }
      answered += world.counter('answered')!;
    }),
    { numRuns: 400 },
  );
  assert.ok(faults > 20, `${faults} bugs showed`);
  assert.ok(answered > 200, `${answered} answered`);
});

test.run();
