/** Of every kind of element: calls that cover it, and calls that come near and do not. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { InviteInput } from '../../../src/call/inputs.ts';
import type { Snapshot } from '../../../src/config/snapshot.ts';
import { type CoverageKindName, coverageKindNames } from '../../../src/sim/coverage/kinds.ts';
import { network } from '../../call/networks.ts';
import { startMs } from '../../call/world.ts';
import { dailyCalendar } from '../../support/calendars.ts';
import { dialPlans, lrnTable } from '../../support/dial-plans.ts';
import {
  groupFilter,
  lengths,
  lists,
  member,
  pairs,
  period,
  prefixes,
  ruleSource,
} from '../../support/routing-rules.ts';
import { buildSnapshot, type SnapshotDescription } from '../../support/snapshot-builder.ts';
import { WatchedCalls } from './watched-calls.ts';

const test = suite('sim/coverage/coverage');

type Play = (calls: WatchedCalls) => void;

interface Case {
  readonly kind: CoverageKindName;
  readonly name: string;
  readonly snapshot: Snapshot;
  readonly covers: Play;
  readonly comesNear: Play;
}

const dials =
  (given: Partial<InviteInput> = {}): Play =>
  calls => {
    calls.invite(given);
  };

const fails =
  (status: number, given: Parameters<WatchedCalls['fails']>[3] = {}): Play =>
  calls => {
    const call = calls.invite();
    calls.fails(call, 0, status, given);
    calls.give({ type: 'callerCancel', callId: call });
  };

const plain = network();
const elsewhere = { source: { address: '198.51.100.9', port: 5060, transport: 'udp' } } as const;
const minuteOfDay = Math.floor((startMs % 86_400_000) / 60_000);
const nowCalendar = dailyCalendar('now', minuteOfDay - 5, minuteOfDay + 5);
const later: Play = calls => {
  calls.pass(3_600_000);
  calls.talk(1);
};
const talks: Play = calls => calls.talk(1);

/** Alice and Victor, with what `network` has no room for. */
function wider(description: Partial<SnapshotDescription>): Snapshot {
  return buildSnapshot({
    mappingGateways: [{ name: 'alice-in', account: 'alice', addresses: ['192.0.2.1'] }],
    routingGateways: [{ name: 'one', clearingAccount: 'victor', prefixes: ['44'] }],
    accounts: [
      { name: 'alice', rateTable: 'retail', overdraftLimit: '100' },
      { name: 'victor', rateTable: 'wholesale', overdraftLimit: '100' },
    ],
    rates: [
      { name: 'retail', rows: [{ prefix: '44', rate: '0.06', increments: '1/1' }] },
      { name: 'wholesale', rows: [{ prefix: '44', rate: '0.03', increments: '1/1' }] },
    ],
    ...description,
  });
}

const participants: readonly Case[] = [
  {
    kind: 'mappingGateway',
    name: 'alice-in',
    snapshot: plain,
    covers: dials(),
    comesNear: dials(elsewhere),
  },
  { kind: 'account', name: 'victor', snapshot: plain, covers: talks, comesNear: fails(503) },
  { kind: 'routingGateway', name: 'two', snapshot: plain, covers: fails(503), comesNear: talks },
  { kind: 'answeringGateway', name: 'one', snapshot: plain, covers: talks, comesNear: fails(503) },
  {
    kind: 'protectRoute',
    name: 'two',
    snapshot: network({ gateways: [{ name: 'one' }, { name: 'two', protectRoute: true }] }),
    covers: fails(503),
    comesNear: talks,
  },
  {
    kind: 'prefix',
    name: 'one: 4420',
    snapshot: network({ gateways: [{ name: 'one', prefixes: ['44', '4420'] }] }),
    covers: dials(),
    comesNear: dials({ callee: '441619460000' }),
  },
  {
    kind: 'gatewayGroup',
    name: 'trunk',
    snapshot: wider({
      gatewayGroups: [{ name: 'trunk', lines: 5 }],
      routingGateways: [{ name: 'one', clearingAccount: 'victor', prefixes: ['44'], groups: [member(0)] }],
    }),
    covers: dials(),
    comesNear: dials({ callee: '331619460000' }),
  },
  {
    kind: 'routeShare',
    name: 'alice-in: 50 of 100 with tag 9',
    snapshot: wider({
      parameters: { routeTags: ['9'] },
      mappingGateways: [
        {
          name: 'alice-in',
          account: 'alice',
          addresses: ['192.0.2.1'],
          routeShares: {
            shares: [
              { tag: '9', weight: 50, source: ruleSource(1) },
              { tag: '', weight: 50, source: ruleSource(2) },
            ],
            total: 100,
            source: ruleSource(1),
          },
        },
      ],
    }),
    covers: calls => {
      for (let call = 0; call < 3; call++) calls.invite();
    },
    comesNear: dials({ callee: '331619460000' }),
  },
  {
    kind: 'callerPool',
    name: 'one',
    snapshot: network({
      gateways: [
        {
          name: 'one',
          callerPool: {
            lists: [],
            numbers: ['12025550101'],
            linesPerNumber: 1,
            order: 'rotating',
            source: ruleSource(1),
          },
        },
      ],
    }),
    covers: dials(),
    comesNear: dials({ callee: '331619460000' }),
  },
  {
    kind: 'lrn',
    name: 'alice-in: intrastate, by us',
    snapshot: wider({
      mappingGateways: [
        {
          name: 'alice-in',
          account: 'alice',
          addresses: ['192.0.2.1'],
          lrn: {
            table: 0,
            eatPrefixDigits: 0,
            onFailure: 'continue',
            intrastatePrefix: '44',
            interstatePrefix: '44',
            undeterminedPrefix: '44',
            routeByLrn: false,
            source: ruleSource(1),
          },
        },
      ],
      lrnTables: [{ ...lrnTable('202555 - DC', '212555 - NY'), name: 'us' }],
    }),
    covers: dials({ callee: '12025550199' }),
    comesNear: dials({ callee: '12125550199' }),
  },
];

const numbers: readonly Case[] = [
  {
    kind: 'dialPlanRule',
    name: 'callee 020:4420',
    snapshot: network({ mapping: { dialPlans: dialPlans({ callee: '020:4420,00:' }) } }),
    covers: dials({ callee: '02079460000' }),
    comesNear: dials({ callee: '00442079460000' }),
  },
  {
    kind: 'dialPlanRule',
    name: 'callee 44:0',
    snapshot: network({ gateways: [{ name: 'one', dialPlans: dialPlans({ callee: '44:0' }) }] }),
    covers: dials(),
    comesNear: dials({ callee: '332079460000' }),
  },
  {
    kind: 'numberRule',
    name: 'deny callee 4420',
    snapshot: network({ mapping: { calleePrefixes: { deny: ['4420', '4421'] } } }),
    covers: dials(),
    comesNear: dials({ callee: '442179460000' }),
  },
  {
    kind: 'numberRule',
    name: 'allow caller 1202',
    snapshot: network({
      gateways: [{ name: 'one', numbers: { callerPrefixes: prefixes('allow', ['1202']) } }],
    }),
    covers: dials(),
    comesNear: dials({ caller: '12125550100' }),
  },
  {
    kind: 'numberRule',
    name: 'deny every other caller',
    snapshot: network({
      gateways: [{ name: 'one', numbers: { callerPrefixes: prefixes('allow', ['1202']) } }],
    }),
    covers: dials({ caller: '12125550100' }),
    comesNear: dials(),
  },
  {
    kind: 'numberRule',
    name: 'deny 1202 to 4420',
    snapshot: network({
      mapping: { numbers: { callerCalleePrefixes: pairs('deny', ['1202:4420', '1212:44']) } },
    }),
    covers: dials(),
    comesNear: dials({ caller: '12125550100' }),
  },
  {
    kind: 'numberRule',
    name: 'deny callee of another length',
    snapshot: network({ mapping: { numbers: { calleeLengths: lengths([12]) } } }),
    covers: dials({ callee: '4420794600' }),
    comesNear: dials(),
  },
  {
    kind: 'numberRule',
    name: 'deny callee of blocked',
    snapshot: wider({
      numberLists: [{ name: 'blocked', numbers: ['442079460000'] }],
      routingGateways: [
        {
          name: 'one',
          clearingAccount: 'victor',
          prefixes: ['44'],
          numbers: { calleeLists: lists('deny', [0]) },
        },
      ],
    }),
    covers: dials(),
    comesNear: dials({ callee: '442079460001' }),
  },
  {
    kind: 'numberRule',
    name: 'deny callee that is not off-net',
    snapshot: wider({
      numberLists: [{ name: 'ours', prefixes: ['4420'] }],
      onNetNumbers: ['ours'],
      routingGateways: [
        { name: 'one', clearingAccount: 'victor', prefixes: ['44'], numbers: { calleeNetwork: 'off-net' } },
      ],
    }),
    covers: dials(),
    comesNear: dials({ callee: '441619460000' }),
  },
];

const rules: readonly Case[] = [
  {
    kind: 'routeRule',
    name: 'alice-in: routing gateways that it may not use',
    snapshot: network({ mapping: { routingGateways: { deny: ['one'] } } }),
    covers: dials(),
    comesNear: dials({ callee: '332079460000' }),
  },
  {
    kind: 'routeRule',
    name: 'one: mapping gateways that it does not take, by group',
    snapshot: wider({
      gatewayGroups: [{ name: 'trunk' }],
      routingGateways: [
        {
          name: 'one',
          clearingAccount: 'victor',
          prefixes: ['44'],
          mappingGatewayGroups: groupFilter('allow', [0]),
        },
      ],
    }),
    covers: dials(),
    comesNear: dials({ callee: '332079460000' }),
  },
  {
    kind: 'routeRule',
    name: 'one: profit below 60 %',
    snapshot: network({
      wholesale: [
        { prefix: '44', rate: '0.03' },
        { prefix: '4416', rate: '0.01' },
      ],
      gateways: [{ name: 'one', checkRate: true, minimumProfitPercent: 60 }],
    }),
    covers: dials(),
    comesNear: dials({ callee: '441619460000' }),
  },
  {
    kind: 'routeRule',
    name: 'alice: locked',
    snapshot: network({ customer: { locked: true }, mapping: { calleePrefixes: { allow: ['4420'] } } }),
    covers: dials(),
    comesNear: dials({ callee: '441619460000' }),
  },
  {
    kind: 'routeRule',
    name: 'alice: expired',
    snapshot: network({ customer: { validUntilMs: startMs + 60_000 } }),
    covers: later,
    comesNear: talks,
  },
];

const times: readonly Case[] = [
  {
    kind: 'period',
    name: 'one: now',
    snapshot: network({
      calendars: [nowCalendar],
      gateways: [{ name: 'one', periods: [period(0, { priority: 5 })] }],
    }),
    covers: talks,
    comesNear: later,
  },
  {
    kind: 'period',
    name: 'alice: cheap, now',
    snapshot: network({
      calendars: [nowCalendar],
      rates: [{ name: 'cheap', rows: [{ prefix: '44', rate: '0.05' }] }],
      customer: { timedRateTables: [{ calendar: 'now', rateTable: 'cheap' }] },
    }),
    covers: talks,
    comesNear: later,
  },
  {
    kind: 'period',
    name: 'trunk: 3 lines, now',
    snapshot: wider({
      calendars: [nowCalendar],
      gatewayGroups: [{ name: 'trunk', timedLines: [{ calendar: 0, lines: 3, source: ruleSource(2) }] }],
      routingGateways: [{ name: 'one', clearingAccount: 'victor', prefixes: ['44'], groups: [member(0)] }],
    }),
    covers: talks,
    comesNear: later,
  },
  {
    kind: 'calendar',
    name: 'week: 22:08-22:18 mon tue wed thu fri sat sun',
    snapshot: network({
      calendars: [{ ...nowCalendar, name: 'week' }],
      gateways: [{ name: 'one', periods: [period(0)] }],
    }),
    covers: talks,
    comesNear: later,
  },
  {
    kind: 'calendar',
    name: 'week: 2023-11-15 to 2023-11-16',
    snapshot: network({
      calendars: [
        { ...nowCalendar, name: 'week', exceptions: [{ fromDay: 19_676, untilDay: 19_678, spans: [] }] },
      ],
      gateways: [{ name: 'one', periods: [period(0)] }],
    }),
    covers: calls => {
      calls.pass(2 * 3_600_000);
      calls.talk(1);
    },
    comesNear: talks,
  },
];

const failures: readonly Case[] = [
  {
    kind: 'failurePath',
    name: 'one: a failure after which the hunt goes on',
    snapshot: plain,
    covers: fails(503),
    comesNear: fails(486),
  },
  {
    kind: 'failurePath',
    name: 'one: stop on 404',
    snapshot: network({
      gateways: [{ name: 'one', stopCodes: [{ from: 404, to: 404 }] }, { name: 'two' }],
    }),
    covers: fails(404),
    comesNear: fails(410),
  },
  { kind: 'failurePath', name: 'stop on 6xx', snapshot: plain, covers: fails(603), comesNear: fails(503) },
  { kind: 'failurePath', name: 'stop after 486', snapshot: plain, covers: fails(486), comesNear: fails(480) },
  {
    kind: 'failurePath',
    name: 'stop after an INVITE timeout',
    snapshot: network({ gateways: [{ name: 'one', hunting: { stopAfterInviteTimeout: true } }] }),
    covers: calls => {
      calls.invite();
      calls.pass(10_000);
    },
    comesNear: calls => {
      const call = calls.invite();
      calls.give({ type: 'legTrying', callId: call, leg: 0 });
      calls.pass(20_000);
    },
  },
  {
    kind: 'failurePath',
    name: 'stop after a ringing timeout',
    snapshot: plain,
    covers: calls => {
      calls.provisional(calls.invite(), 0, 180);
      calls.pass(120_000);
    },
    comesNear: calls => {
      calls.provisional(calls.invite(), 0, 183);
      calls.pass(20_000);
    },
  },
  {
    kind: 'failurePath',
    name: 'stop after SDP',
    snapshot: plain,
    covers: calls => {
      const call = calls.invite();
      calls.provisional(call, 0, 183, true);
      calls.fails(call, 0, 503);
    },
    comesNear: calls => {
      const call = calls.invite();
      calls.provisional(call, 0, 180);
      calls.fails(call, 0, 503);
    },
  },
  {
    kind: 'failurePath',
    name: 'a gateway left alone for Retry-After',
    snapshot: plain,
    covers: fails(503, { retryAfterSeconds: 30 }),
    comesNear: fails(500, { retryAfterSeconds: 30 }),
  },
  {
    kind: 'failurePath',
    name: 'alice-in: 503 becomes 480',
    snapshot: network({
      mapping: { replaceFailedReason: { codes: [{ from: 503, to: 480 }], other: 500 } },
    }),
    covers: fails(503),
    comesNear: fails(404),
  },
];

const twice: Play = calls => {
  calls.invite();
  calls.invite();
};
const once: Play = dials();
const oneInTen = { calls: 1, perSeconds: 10 };

const limits: readonly Case[] = [
  {
    kind: 'limit',
    name: 'alice-in: lines in use',
    snapshot: network({ mapping: { lines: 1 } }),
    covers: twice,
    comesNear: once,
  },
  {
    kind: 'limit',
    name: 'alice-in: call rate',
    snapshot: network({ mapping: { callRate: oneInTen } }),
    covers: twice,
    comesNear: once,
  },
  {
    kind: 'limit',
    name: 'alice: lines in use',
    snapshot: network({ customer: { lines: 1 } }),
    covers: twice,
    comesNear: once,
  },
  {
    kind: 'limit',
    name: 'alice: call rate',
    snapshot: network({ customer: { callRate: oneInTen } }),
    covers: twice,
    comesNear: once,
  },
  {
    kind: 'limit',
    name: 'one: lines in use',
    snapshot: network({ gateways: [{ name: 'one', lines: 1 }, { name: 'two' }] }),
    covers: twice,
    comesNear: once,
  },
  {
    kind: 'limit',
    name: 'one: call rate',
    snapshot: network({ gateways: [{ name: 'one', callRate: oneInTen }, { name: 'two' }] }),
    covers: twice,
    comesNear: once,
  },
  {
    kind: 'limit',
    name: 'one: offline',
    snapshot: network({ gateways: [{ name: 'one', optionsCheck: true }, { name: 'two' }] }),
    covers: calls => {
      calls.core.view.routingGateways[0]!.offline = true;
      calls.invite();
    },
    comesNear: once,
  },
  {
    kind: 'limit',
    name: 'one: caller pool used up',
    snapshot: network({
      gateways: [
        {
          name: 'one',
          callerPool: {
            lists: [],
            numbers: ['12025550101'],
            linesPerNumber: 1,
            order: 'rotating',
            source: ruleSource(1),
          },
        },
      ],
    }),
    covers: twice,
    comesNear: once,
  },
  {
    kind: 'limit',
    name: 'trunk: lines in use',
    snapshot: wider({
      gatewayGroups: [{ name: 'trunk', lines: 1 }],
      routingGateways: [{ name: 'one', clearingAccount: 'victor', prefixes: ['44'], groups: [member(0)] }],
    }),
    covers: twice,
    comesNear: once,
  },
  {
    kind: 'limit',
    name: 'one: 2 lines left to others',
    snapshot: wider({
      gatewayGroups: [{ name: 'trunk', lines: 2 }],
      routingGateways: [{ name: 'one', clearingAccount: 'victor', prefixes: ['44'], groups: [member(0, 2)] }],
    }),
    covers: twice,
    comesNear: once,
  },
  {
    kind: 'limit',
    name: 'alice: credit used up',
    snapshot: network({ customer: { overdraftLimit: '0.06' } }),
    covers: twice,
    comesNear: once,
  },
  {
    kind: 'limit',
    name: 'alice: credit used up',
    snapshot: network({ customer: { overdraftLimit: '0.15' } }),
    covers: calls => {
      calls.answers(calls.invite());
      calls.pass(300_000);
    },
    comesNear: calls => calls.talk(100),
  },
  {
    kind: 'limit',
    name: 'victor: credit used up',
    snapshot: network({ vendor: { overdraftLimit: '0.04' } }),
    covers: calls => {
      calls.answers(calls.invite());
      calls.pass(300_000);
    },
    comesNear: calls => calls.talk(60),
  },
  {
    kind: 'limit',
    name: 'one: longest talk',
    snapshot: network({
      gateways: [{ name: 'one', maxCallDurationSeconds: 30 }],
      customer: { maxCallDurationSeconds: 60 },
    }),
    covers: calls => {
      calls.answers(calls.invite());
      calls.pass(60_000);
    },
    comesNear: calls => calls.talk(29),
  },
  {
    kind: 'limit',
    name: 'alice-in: wait for ringing',
    snapshot: network({ mapping: { callProceedingTimeoutMs: 5_000 } }),
    covers: calls => {
      calls.invite();
      calls.pass(5_000);
    },
    comesNear: calls => {
      calls.provisional(calls.invite(), 0, 180);
      calls.pass(5_000);
    },
  },
];

const staged = network({
  retail: [{ prefix: '44', rate: '0.06', freeSeconds: 3, stages: '10:0.5;20:0.4' }],
});

const rates: readonly Case[] = [
  { kind: 'rateTable', name: 'wholesale', snapshot: plain, covers: talks, comesNear: fails(503) },
  {
    kind: 'rateRow',
    name: 'retail: 4420',
    snapshot: network({
      retail: [
        { prefix: '44', rate: '0.06' },
        { prefix: '4420', rate: '0.05' },
      ],
    }),
    covers: talks,
    comesNear: calls => calls.talk(1, { callee: '441619460000' }),
  },
  {
    kind: 'rateRow',
    name: 'retail: 4420',
    snapshot: network({
      retail: [
        { prefix: '44', rate: '0.06' },
        { prefix: '4420', rate: '0.05', locked: true },
      ],
    }),
    covers: dials(),
    comesNear: dials({ callee: '441619460000' }),
  },
  {
    kind: 'rateRow',
    name: 'wholesale: 4420',
    snapshot: network({
      wholesale: [
        { prefix: '44', rate: '0.03' },
        { prefix: '4420', rate: '0.03', locked: true },
      ],
      gateways: [{ name: 'one', checkRate: true }],
    }),
    covers: dials(),
    comesNear: dials({ callee: '441619460000' }),
  },
  {
    kind: 'rateStage',
    name: 'retail: seconds 14 to 33',
    snapshot: staged,
    covers: calls => calls.talk(14),
    comesNear: calls => calls.talk(13),
  },
];

const cases = [...participants, ...numbers, ...rules, ...times, ...failures, ...limits, ...rates];

for (const [place, { kind, name, snapshot, covers, comesNear }] of cases.entries()) {
  test(`${place + 1}: ${kind} "${name}" is covered by calls that exercise it, and by no others`, () => {
    const near = new WatchedCalls(snapshot);
    comesNear(near);
    assert.is(near.hits(kind, name), 0, 'calls that come near');

    const over = new WatchedCalls(snapshot);
    covers(over);
    assert.ok(over.hits(kind, name) > 0, 'calls that exercise it');
  });
}

test('there is a case for every kind', () => {
  assert.equal(
    coverageKindNames.filter(kind => !cases.some(one => one.kind === kind)),
    [],
  );
});

test('whatever of a switch was watched adds up, and a restart begins with a new one', () => {
  const first = new WatchedCalls(plain);
  first.talk(1);
  const second = new WatchedCalls(plain, {}, first.coverage);
  second.talk(1);
  assert.is(second.hits('answeringGateway', 'one'), 2);
  assert.is(second.hits('rateRow', 'retail: 44'), 2);
});

test('calls of another configuration are served and cover nothing', () => {
  const calls = new WatchedCalls(plain);
  calls.give({ type: 'snapshot', snapshot: network({ hash: 'another' }) });
  calls.talk(1);
  assert.is(calls.elements().filter(({ hits }) => hits > 0).length, 0);
});

test('what many gateways inherit from one line is one element, that any of them covers', () => {
  const at = { file: 'templates/vendor.yaml', line: 4, column: 3 };
  const places = { settings: [], at: [], inherited: { 'hunting.stopAfterUserBusy': at } };
  const calls = new WatchedCalls(
    network({
      gateways: [
        { name: 'one', places },
        { name: 'two', places },
        { name: 'three', places: { settings: ['hunting.stopAfterUserBusy'], at: [9, 5], inherited: {} } },
      ],
    }),
  );
  fails(486)(calls);
  const stops = calls.elements().filter(({ name }) => name.endsWith('stop after 486'));
  assert.equal(
    stops.map(({ name, source, hits }) => [name, `${source.file}:${source.line}`, hits]),
    [
      ['stop after 486', 'templates/vendor.yaml:4', 1],
      ['three: stop after 486', 'gateways/routing/three.yaml:9', 0],
    ],
  );
});

test('an attempt that could not be sent is no 503 of the gateway', () => {
  const snapshot = network({
    gateways: [{ name: 'one', stopCodes: [{ from: 503, to: 503 }] }, { name: 'two' }],
  });
  const calls = new WatchedCalls(snapshot);
  fails(503, { origin: 'unreachable' })(calls);
  assert.is(calls.hits('failurePath', 'one: stop on 503'), 0);
  assert.is(calls.hits('failurePath', 'one: a failure after which the hunt goes on'), 1);
});

test('of very many calls one of sixteen is asked for the gateways left out, and more after one that ended anew', () => {
  const calls = new WatchedCalls(network({ gateways: [{ name: 'one', locked: true }, { name: 'two' }] }));
  const refuse = () => calls.fails(calls.invite(), 0, 486);
  for (let call = 0; call < 2000; call++) refuse();
  assert.is(calls.hits('routeRule', 'one: locked'), 2000);
  for (let call = 0; call < 33; call++) refuse();
  assert.is(calls.hits('routeRule', 'one: locked'), 2033);
  for (let call = 0; call < 160; call++) refuse();
  assert.is(calls.hits('routeRule', 'one: locked'), 2033 + 10);
  assert.is(calls.hits('prefix', 'two: 44'), 2193, 'attempts are counted all the same');
});

test.run();
