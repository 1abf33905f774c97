/** Whatever is called: what is covered is of the configuration, sums add up, and watching changes nothing. */
import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { SwitchInput } from '../../../src/call/inputs.ts';
import { Switch } from '../../../src/call/switch.ts';
import type { Snapshot } from '../../../src/config/snapshot.ts';
import { coverageOf } from '../../../src/sim/coverage/coverage.ts';
import { startMs } from '../../call/world.ts';
import { dailyCalendar } from '../../support/calendars.ts';
import { dialPlans } from '../../support/dial-plans.ts';
import { lists, member, pairs, period, prefixes } from '../../support/routing-rules.ts';
import { buildSnapshot } from '../../support/snapshot-builder.ts';

const test = suite('sim/coverage/any-calls');

const minute = Math.floor((startMs % 86_400_000) / 60_000);

/** A little of everything, so that every note of the watcher is made. */
const busy: Snapshot = buildSnapshot({
  parameters: { routeTags: ['9'], gatewaySwitchLimit: 3 },
  calendars: [dailyCalendar('now', minute - 5, minute + 5)],
  gatewayGroups: [{ name: 'trunk', lines: 4 }],
  numberLists: [{ name: 'blocked', prefixes: ['4470'] }],
  mappingGateways: [
    {
      name: 'alice-in',
      account: 'alice',
      addresses: ['192.0.2.1'],
      lines: 5,
      groups: [member(0, 1)],
      callRate: { calls: 8, perSeconds: 1 },
      dialPlans: dialPlans({ callee: '00:,020:4420' }),
      calleePrefixes: { deny: ['4499'] },
      numbers: { callerCalleePrefixes: pairs('deny', ['1:3399']) },
      periods: [period(0, { lines: 3 })],
      callProceedingTimeoutMs: 15_000,
      replaceFailedReason: { codes: [{ from: 503, to: 480 }], other: 500 },
    },
    { name: 'bob-in', account: 'bob', addresses: ['192.0.2.2'], calleePrefixes: { allow: ['44', '33'] } },
  ],
  routingGateways: [
    {
      name: 'one',
      clearingAccount: 'victor',
      prefixes: ['44', '4420', { prefix: '4477', mode: 'expiration' }],
      lines: 2,
      checkRate: true,
      minimumProfitPercent: 20,
      stopCodes: [{ from: 404, to: 410 }],
    },
    {
      name: 'two',
      clearingAccount: 'victor',
      prefixes: ['', '44'],
      groups: [member(0)],
      numbers: { calleeLists: lists('deny', [0]), callerPrefixes: prefixes('allow', ['1', '12']) },
      dialPlans: dialPlans({ callee: '44:0' }),
      rateByNumberSent: true,
      callerPool: {
        lists: [],
        numbers: ['15550001', '15550002'],
        linesPerNumber: 1,
        order: 'random',
        source: { file: 'pool.yaml', line: 1, column: 1 },
      },
    },
    { name: 'last', clearingAccount: 'wendy', prefixes: ['44', '33'], protectRoute: true, locked: false },
  ],
  accounts: [
    { name: 'alice', rateTable: 'retail', overdraftLimit: '2', lines: 4, maxCallDurationSeconds: 90 },
    {
      name: 'bob',
      rateTable: 'retail',
      overdraftLimit: '0.2',
      timedRateTables: [{ calendar: 'now', rateTable: 'cheap' }],
    },
    { name: 'victor', rateTable: 'wholesale', overdraftLimit: '1' },
    { name: 'wendy', rateTable: 'wholesale', overdraftLimit: '100' },
  ],
  rates: [
    {
      name: 'retail',
      rows: [
        { prefix: '44', rate: '0.06', stages: '5:0.01;5:0.02' },
        { prefix: '33', rate: '0.2', locked: true },
        { prefix: '4470', rate: '0.03' },
      ],
    },
    { name: 'cheap', rows: [{ prefix: '4', rate: '0.05' }] },
    {
      name: 'wholesale',
      rows: [
        { prefix: '', rate: '0.01' },
        { prefix: '44', rate: '0.03' },
        { prefix: '4477', rate: '0.2' },
        { prefix: '0', rate: '0.04' },
      ],
    },
  ],
});

type Step =
  | { readonly kind: 'invite'; readonly from: number; readonly caller: string; readonly callee: string }
  | {
      readonly kind: 'leg';
      readonly what: 'provisional' | 'fail' | 'answer' | 'hangup' | 'cancel';
      readonly call: number;
      readonly leg: number;
      readonly status: number;
    }
  | { readonly kind: 'pass'; readonly ms: number };

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('invite' as const),
        from: fc.integer({ min: 1, max: 3 }),
        caller: fc.constantFrom('1202', '1', '33', ''),
        callee: fc.constantFrom('4420', '0044', '020', '4499', '4477', '4470', '3399', '33', '7', ''),
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('leg' as const),
        what: fc.constantFrom('provisional', 'fail', 'fail', 'answer', 'hangup', 'cancel'),
        call: fc.nat({ max: 12 }),
        leg: fc.nat({ max: 2 }),
        status: fc.constantFrom(180, 183, 404, 486, 503, 603),
      }),
    },
    fc.record({ kind: fc.constant('pass' as const), ms: fc.constantFrom(100, 5_000, 20_000, 400_000) }),
  ),
  { maxLength: 60 },
);

function inputOf(step: Exclude<Step, { kind: 'pass' }>, atMs: number, invites: number): SwitchInput {
  if (step.kind === 'invite') {
    return {
      type: 'invite',
      atMs,
      callId: `call-${invites}`,
      source: { address: `192.0.2.${step.from}`, port: 5060, transport: 'udp' },
      caller: step.caller,
      callee: step.callee === '' ? null : `${step.callee}12345`,
      forwarding: null,
      seed: invites,
      sipCallId: 'sip',
      timerCapable: true,
    };
  }
  const { what, leg, status } = step;
  const of = { atMs, callId: `call-${step.call}` };
  if (what === 'hangup') return { type: 'hangup', ...of, by: 'caller' };
  if (what === 'cancel') return { type: 'callerCancel', ...of };
  if (what === 'answer') return { type: 'legAnswered', ...of, leg };
  if (what === 'provisional') {
    const heard = { status: status < 200 ? status : 183, reason: 'x', hasSdp: status === 486 };
    return { type: 'legProvisional', ...of, leg, ...heard };
  }
  const failed = { status: status < 300 ? 500 : status, reason: 'x', retryAfterSeconds: 5 };
  return { type: 'legFailed', ...of, leg, ...failed, origin: status === 183 ? 'unreachable' : 'gateway' };
}

interface Seen {
  readonly outputs: readonly unknown[];
  readonly dialled: number;
  readonly answered: number;
  readonly charges: number;
}

function play(core: Pick<Switch, 'handle' | 'nextDeadlineMs'>, script: readonly Step[]): Seen {
  let nowMs = startMs;
  let invites = 0;
  const outputs: ReturnType<Switch['handle']>[number][] = [];
  for (const step of script) {
    if (step.kind !== 'pass') {
      outputs.push(...core.handle(inputOf(step, nowMs, invites)));
      if (step.kind === 'invite') invites++;
      continue;
    }
    const untilMs = nowMs + step.ms;
    for (
      let dueMs = core.nextDeadlineMs();
      dueMs !== null && dueMs <= untilMs;
      dueMs = core.nextDeadlineMs()
    ) {
      outputs.push(...core.handle({ type: 'tick', atMs: dueMs }));
    }
    nowMs = untilMs;
  }
  const records = outputs.flatMap(output => (output.type === 'writeCdr' ? [output.cdr] : []));
  return {
    outputs,
    dialled: outputs.filter(({ type }) => type === 'dialLeg').length,
    answered: outputs.filter(({ type }) => type === 'answer').length,
    charges: records.flatMap(({ customerCharge, vendorCharge }) =>
      [customerCharge, vendorCharge].filter(charge => charge !== null),
    ).length,
  };
}

test('watching changes nothing, and every attempt, answer and charge is counted at one element', () => {
  const options = { snapshot: busy, balances: new Map() };
  fc.assert(
    fc.property(steps, script => {
      const coverage = coverageOf(busy);
      const plain = play(new Switch(options), script);
      const watched = play(coverage.newCore(options), script);
      assert.equal(watched.outputs, plain.outputs);

      const sum = (...kinds: readonly string[]) => {
        let hits = 0;
        coverage.visit(element => {
          if (kinds.includes(element.kind)) hits += element.hits;
        });
        return hits;
      };
      assert.is(sum('routingGateway'), plain.dialled);
      assert.is(sum('prefix'), plain.dialled);
      assert.is(sum('answeringGateway'), plain.answered);
      assert.is(sum('account'), 2 * plain.answered);
      assert.ok(sum('rateRow') >= plain.charges);
      assert.is(sum('rateRow'), sum('rateTable'));

      const { kinds, uncovered, percent } = coverage.report();
      for (const { kind, covered, total } of kinds) {
        assert.ok(covered >= 0 && covered <= total, kind);
        assert.is(uncovered.filter(one => one.kind === kind).length, total - covered, kind);
      }
      assert.ok(percent >= 0 && percent <= 100);
    }),
    { numRuns: 300 },
  );
});

test.run();
