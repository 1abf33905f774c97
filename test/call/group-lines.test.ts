/** The lines that gateways share by their groups, over calls and changes of the configuration. */
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { admit, giveBack, type Lease } from '../../src/call/admission.ts';
import { SwitchState } from '../../src/call/gateway-state.ts';
import type { Snapshot } from '../../src/config/snapshot.ts';
import { dailyCalendar } from '../support/calendars.ts';
import * as rule from '../support/routing-rules.ts';
import { buildSnapshot, type SnapshotDescription } from '../support/snapshot-builder.ts';
import { World } from './world.ts';

const test = suite('call/group-lines');

interface Membership {
  readonly group: number;
  readonly reservedLines: number;
}

/** Which groups each of two mapping and two routing gateways has, and the lines of each of three groups. */
interface Layout {
  readonly members: readonly (readonly Membership[])[];
  readonly lines: readonly (number | null)[];
}

const gatewayNames = ['in-a', 'in-b', 'out-a', 'out-b'] as const;
const groupNames = ['red', 'green', 'blue'] as const;

function snapshotOf({ members, lines }: Layout): Snapshot {
  const groups = (gateway: number) =>
    members[gateway]!.map(({ group, reservedLines }) => rule.member(group, reservedLines));
  return buildSnapshot({
    gatewayGroups: groupNames.map((name, i) => ({ name, lines: lines[i]! })),
    mappingGateways: [0, 1].map(i => ({ name: gatewayNames[i]!, groups: groups(i) })),
    routingGateways: [2, 3].map(i => ({ name: gatewayNames[i]!, groups: groups(i) })),
  });
}

const layout: fc.Arbitrary<Layout> = fc.record({
  members: fc.array(
    fc.uniqueArray(fc.record({ group: fc.nat(2), reservedLines: fc.nat(2) }), {
      selector: ({ group }) => group,
    }),
    { minLength: 4, maxLength: 4 },
  ),
  lines: fc.array(fc.option(fc.nat(4)), { minLength: 3, maxLength: 3 }),
});

const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('take' as const), gateway: fc.nat(3) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('give' as const), which: fc.nat(20) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('reload' as const), layout }) },
);

function take(state: SwitchState, gateway: number): Lease | null {
  const { view } = state;
  const asked = { type: 'reserve' as const, rate: null, seconds: 60 };
  const reply =
    gateway < 2
      ? admit(view, { ...asked, what: 'call', gateway: view.snapshot.mappingGateways[gateway]! }, 0)
      : admit(
          view,
          { ...asked, what: 'attempt', seed: 1, gateway: view.snapshot.routingGateways[gateway - 2]! },
          0,
        );
  return reply.type === 'reserved' ? reply.lease : null;
}

test('the calls of a group are those that took its lines and have not given them back, whatever is reloaded', () => {
  fc.assert(
    fc.property(layout, fc.array(step, { maxLength: 40 }), (first, steps) => {
      let now = first;
      const state = new SwitchState(snapshotOf(first), new Map());
      const calls: { readonly lease: Lease; readonly groups: readonly number[] }[] = [];
      const counted = (group: number) => calls.filter(({ groups }) => groups.includes(group)).length;
      for (const one of steps) {
        if (one.kind === 'take') {
          const members = now.members[one.gateway]!;
          const mayTake = members.every(({ group, reservedLines }) => {
            const free = (now.lines[group] ?? Number.POSITIVE_INFINITY) - counted(group);
            return free > 0 && free >= reservedLines;
          });
          const lease = take(state, one.gateway);
          assert.is(lease !== null, mayTake);
          if (lease !== null) calls.push({ lease, groups: members.map(({ group }) => group) });
        } else if (one.kind === 'give') {
          const [call] = calls.splice(one.which % Math.max(1, calls.length), 1);
          if (call !== undefined) giveBack(call.lease);
        } else {
          now = one.layout;
          state.use(snapshotOf(now), [], 0);
        }
        for (const group of groupNames.keys()) {
          assert.is(state.view.groupActiveLines(group), counted(group), groupNames[group]);
        }
      }
    }),
    { numRuns: 500 },
  );
});

test('a group that left the configuration is remembered as long as it has calls', () => {
  const members = [[{ group: 0, reservedLines: 0 }], [], [], []];
  const state = new SwitchState(snapshotOf({ members, lines: [1, 1, 1] }), new Map());
  const lease = take(state, 0)!;
  state.use(buildSnapshot({ mappingGateways: [{ name: 'in-a' }] }), [], 0);
  assert.equal([...state.groups.keys()], ['red']);
  state.use(snapshotOf({ members, lines: [1, 1, 1] }), [], 0);
  assert.is(take(state, 0), null, 'the call still counts');
  giveBack(lease);
  assert.ok(take(state, 0) !== null);
  state.use(buildSnapshot({}), [], 0);

  assert.equal([...state.groups.keys()], ['red']);
});

test('a line that is given back twice is a bug', () => {
  const members = [[{ group: 0, reservedLines: 0 }], [], [], []];
  const state = new SwitchState(snapshotOf({ members, lines: [1, 1, 1] }), new Map());
  const lease = take(state, 0)!;
  giveBack(lease);

  assert.throws(() => giveBack(lease));
});

const from = (last: number) => ({ address: `192.0.2.${last}`, port: 5060, transport: 'udp' as const });

/** Two ways in that share lines, and two ways out that do. */
function carrier(given: Partial<SnapshotDescription>, reservedLines: number = 0): SnapshotDescription {
  return {
    calendars: [dailyCalendar('all-day', 0, 1440)],
    gatewayGroups: [{ name: 'ingress' }, { name: 'egress' }],
    mappingGateways: [
      { name: 'first-in', addresses: ['192.0.2.1'], groups: [rule.member(0)] },
      { name: 'second-in', addresses: ['192.0.2.2'], groups: [rule.member(0, reservedLines)] },
    ],
    routingGateways: [
      { name: 'one', prefixes: ['44'], priority: 1, groups: [rule.member(1, reservedLines)] },
      { name: 'two', prefixes: ['44'], priority: 2, groups: [rule.member(1)] },
      { name: 'free', prefixes: ['44'], priority: 3 },
    ],
    ...given,
  };
}

test('the lines of a group of mapping gateways count over all its members', () => {
  const limited = new World(
    buildSnapshot(carrier({ gatewayGroups: [{ name: 'ingress', lines: 1 }, { name: 'egress' }] })),
  );
  const control = new World(buildSnapshot(carrier({})));
  for (const world of [limited, control]) {
    world.invite({ callId: 'a', source: from(1) });
    world.invite({ callId: 'b', source: from(2) });
  }
  assert.is(limited.cdr('b').endReason, 'LineLimit');
  assert.equal(control.dialled('b'), ['one']);
  limited.cancel('a');
  limited.invite({ callId: 'c', source: from(2) });

  assert.equal(limited.dialled('c'), ['one']);
});

test('a member steps aside while its group has fewer free lines than it must leave to others', () => {
  const lines = (ingress: number | null) => ({
    gatewayGroups: [
      { name: 'ingress', lines: ingress },
      { name: 'egress', lines: 2 },
    ],
  });
  const world = new World(buildSnapshot(carrier(lines(null), 2)));
  for (const callId of ['a', 'b', 'c']) world.invite({ callId, source: from(1) });
  assert.equal(
    ['a', 'b', 'c'].map(callId => world.dialled(callId)[0]),
    ['one', 'two', 'free'],
    'the last line but one is left to the other member, and then the group is full',
  );
  const customers = new World(buildSnapshot(carrier(lines(2), 2)));
  customers.invite({ callId: 'a', source: from(1) });
  customers.invite({ callId: 'b', source: from(2) });
  customers.invite({ callId: 'c', source: from(1) });

  assert.is(customers.cdr('b').endReason, 'LineLimit');
  assert.equal(customers.dialled('c'), ['two']);
});

test('a group that has filled up since the route was selected is noticed before the attempt', () => {
  const description = carrier({ gatewayGroups: [{ name: 'ingress' }, { name: 'egress', lines: 1 }] });
  const world = new World(
    buildSnapshot({
      ...description,
      routingGateways: [{ name: 'first', prefixes: ['44'], priority: 0 }, ...description.routingGateways!],
    }),
  );
  world.invite({ callId: 'a', source: from(1), callee: '441' });
  world.invite({ callId: 'b', source: from(1), callee: '442' });
  world.failed(500, 0, { callId: 'b' });
  assert.equal(world.dialled('b'), ['first', 'one']);
  world.failed(500, 0, { callId: 'a' });

  assert.equal(world.dialled('a'), ['first', 'free']);
});

test('the lines of a mapping gateway are those of the period that counts', () => {
  const lines = (periods: ReturnType<typeof rule.period>[]) =>
    new World(
      buildSnapshot(
        carrier({
          mappingGateways: [{ name: 'first-in', addresses: ['192.0.2.1'], lines: 1, periods }],
        }),
      ),
    );
  const usual = lines([]);
  const wider = lines([rule.period(0, { lines: 2 })]);
  for (const world of [usual, wider]) {
    for (const callId of ['a', 'b', 'c']) world.invite({ callId, source: from(1) });
  }

  assert.is(usual.cdr('b').endReason, 'LineLimit');
  assert.equal(wider.dialled('b'), ['one']);
  assert.is(wider.cdr('c').endReason, 'LineLimit');
});

test.run();
