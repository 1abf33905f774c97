/** Whatever is played on whatever network: the switch does nothing that its surroundings would not stand for. */
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Snapshot } from '../../../src/config/snapshot.ts';
import { parseMoney } from '../../../src/rating/money.ts';
import type { BehaviourStep, GatewayBehaviour } from '../../../src/sim/scenario/behaviour.ts';
import type { ConfigurationChange } from '../../../src/sim/scenario/configuration-change.ts';
import type { ScenarioCall, ScenarioEvent } from '../../../src/sim/scenario/scenario.ts';
import { playScenario } from '../../../src/sim/world/play.ts';
import type { PlannedReload } from '../../../src/sim/world/play-options.ts';
import { member } from '../../support/routing-rules.ts';
import { buildSnapshot } from '../../support/snapshot-builder.ts';
import { behaving, place, rule, scenario } from './scenarios.ts';

const test = suite('sim/world/any-scenario');

type Drawn<Arbitrary> = Arbitrary extends fc.Arbitrary<infer Value> ? Value : never;

const gatewayNames = ['one', 'two', 'three', 'four'];
const limit = fc.option(fc.integer({ min: 1, max: 4 }), { nil: null });
const rate = fc.option(
  fc.record({ calls: fc.integer({ min: 1, max: 3 }), perSeconds: fc.constantFrom(1, 5) }),
  {
    nil: null,
  },
);
const seconds = fc.option(fc.constantFrom(1, 7, 60), { nil: null });
const reserved = fc.option(fc.nat(3), { nil: null });

const accountLimits = fc.record({
  lines: limit,
  callRate: rate,
  maxCallDurationSeconds: seconds,
  overdraftLimit: fc.constantFrom('0', '0.05', '100'),
});
const gatewayLimits = fc.record({
  lines: limit,
  callRate: rate,
  maxCallDurationSeconds: seconds,
  reserved,
});
const parameters = fc.record({
  maxCallDurationSeconds: fc.constantFrom(20, 60, 120),
  callRate: rate,
  gatewaySwitchLimit: limit,
  creditHoldStepSeconds: fc.constantFrom(1, 6, 60),
  verifyVendorCredit: fc.boolean(),
  recordUnanswered: fc.boolean(),
  recordServerHangUp: fc.boolean(),
  feePrecision: fc.constantFrom(2, 6, 8),
  holdTimePrecisionMs: fc.constantFrom(1, 50, 1000),
  freeSeconds: fc.constantFrom(0, 3),
  optionsPeriodMs: fc.constant(10_000),
});
const price = fc.record({
  rate: fc.constantFrom('0', '0.06', '0.3333333333'),
  increments: fc.constantFrom('1/1', '60/60', '30/6'),
  connectFee: fc.constantFrom('0', '0.01'),
});

const network = fc.record({
  parameters,
  customer: accountLimits,
  vendor: accountLimits,
  mapping: gatewayLimits,
  gateways: fc.array(
    fc.record({
      limits: gatewayLimits,
      optionsCheck: fc.boolean(),
      priority: fc.nat(1),
      protectRoute: fc.boolean(),
    }),
    { minLength: 1, maxLength: gatewayNames.length },
  ),
  groupLines: limit,
  retail: price,
  wholesale: price,
});

function snapshotOf({
  parameters: given,
  customer,
  vendor,
  mapping,
  gateways,
  groupLines,
  retail,
  wholesale,
}: Drawn<typeof network>): Snapshot {
  return buildSnapshot({
    parameters: given,
    mappingGateways: [{ name: 'alice-in', account: 'alice', addresses: ['192.0.2.1'], ...limitsOf(mapping) }],
    routingGateways: gateways.map(({ limits, ...rest }, index) => ({
      ...{
        name: gatewayNames[index]!,
        clearingAccount: 'victor',
        prefixes: ['44'],
        calculateQuality: true,
      },
      ...{ ...rest, ...limitsOf(limits) },
    })),
    accounts: [
      { name: 'alice', rateTable: 'retail', ...customer },
      { name: 'victor', rateTable: 'wholesale', ...vendor },
    ],
    rates: [
      { name: 'retail', rows: [{ prefix: '44', ...retail }] },
      { name: 'wholesale', rows: [{ prefix: '44', ...wholesale }] },
    ],
    gatewayGroups: [{ name: 'shared', lines: groupLines }],
  });
}

function limitsOf({
  reserved: lines,
  ...limits
}: {
  readonly reserved: number | null;
  readonly lines: number | null;
}) {
  return { ...limits, groups: lines === null ? [] : [member(0, lines)] };
}

const afterMs = fc.constantFrom(0, 1, 100, 1000, 5000, 20_000);
const step: fc.Arbitrary<BehaviourStep> = fc.oneof(
  fc.record({
    kind: fc.constant('provisional' as const),
    afterMs,
    status: fc.constantFrom(100, 180, 183, 199),
    sdp: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('answer' as const), afterMs }),
  fc.record({
    kind: fc.constant('fail' as const),
    afterMs,
    status: fc.constantFrom(302, 404, 480, 486, 503, 603),
    reason: fc.constantFrom(null, 'Whatever'),
    retryAfterSeconds: fc.constantFrom(null, 0, 10, 9999),
    contact: fc.constant(null),
  }),
);
const callBehaviour = fc.record({
  reaction: fc.constantFrom('script' as const, 'script' as const, 'silent' as const, 'unreachable' as const),
  steps: fc.array(step, { maxLength: 4 }),
  onCancel: fc.constantFrom('ends' as const, 'answers' as const, 'ignores' as const),
  hangUpAfterMs: fc.constantFrom(null, 0, 3000, 50_000),
  diesAfterMs: fc.constantFrom(null, null, 2000),
});
const gatewayBehaviour: fc.Arbitrary<GatewayBehaviour> = fc.record({
  rules: fc
    .array(fc.record({ behaviour: callBehaviour, probability: fc.constantFrom(0.3, 0.7, 1) }), {
      maxLength: 2,
    })
    .chain(rules =>
      callBehaviour.map(last => [
        ...rules.map(({ behaviour, probability }) => rule(behaviour, { probability })),
        rule(last),
      ]),
    ),
  optionsStatus: fc.constantFrom(200, 503, null),
});

const call: fc.Arbitrary<Partial<ScenarioCall>> = fc.record({
  atMs: fc.constantFrom(0, 0, 500, 3000, 30_000),
  callee: fc.constantFrom('442079460000', '44207946000x', '15550100', null),
  timerCapable: fc.boolean(),
  hangUpAfterMs: fc.constantFrom(null, 0, 1, 2500, 61_000),
  cancelAfterMs: fc.constantFrom(null, null, 0, 100, 6000),
  count: fc.integer({ min: 1, max: 6 }),
  intervalMs: fc.constantFrom(0, 1, 333.3, 2000),
});

const oneGone: ConfigurationChange = {
  without: ['one'],
  lines: new Map([['two', 1]]),
  mappingLines: new Map(),
  pricePercent: 300,
};

const event: fc.Arbitrary<ScenarioEvent> = fc
  .record({
    atMs: fc.constantFrom(0, 500, 1000, 4321, 31_000, 200_000),
    what: fc.oneof(
      fc.constantFrom(
        { kind: 'releaseCalls' as const },
        { kind: 'restart' as const },
        { kind: 'drain' as const },
        { kind: 'shutdown' as const },
        { kind: 'sipServerLost' as const },
        { kind: 'clockStep' as const, stepMs: 95_000 },
        { kind: 'clockStep' as const, stepMs: -4000 },
        { kind: 'reload' as const, change: oneGone },
      ),
      fc.record({
        kind: fc.constant('payment' as const),
        account: fc.constantFrom('alice', 'victor'),
        amount: fc.constantFrom(parseMoney('0.5')!, parseMoney('-0.02')!),
      }),
      gatewayBehaviour.map(behaviour => ({ kind: 'behaviour' as const, gateway: 'one', behaviour })),
    ),
  })
  .map(({ atMs, what }) => ({ atMs, place, ...what }));

const played = fc.record({
  first: network,
  next: network,
  reloadAtMs: fc.constantFrom(null, 700, 10_000),
  rollout: fc.constantFrom(null, 'promoted', 'aborted', 'left'),
  seed: fc.nat(),
  trace: fc.boolean(),
  balance: fc.constantFrom('-1', '0', '0.03', '100'),
  held: fc.constantFrom(0, 1, Number.POSITIVE_INFINITY),
  gateways: fc.array(gatewayBehaviour, { minLength: 1, maxLength: 4 }),
  calls: fc.array(call, { minLength: 1, maxLength: 4 }),
  events: fc.array(event, { maxLength: 3 }),
});

function play({
  first,
  next,
  reloadAtMs,
  rollout,
  seed,
  trace,
  balance,
  held,
  gateways,
  calls,
  events,
}: Drawn<typeof played>) {
  const given = scenario({
    balances: { alice: balance, victor: balance },
    given: {
      routingLines: new Map([['two', held]]),
      offline: new Set(['one']),
      asr: new Map([['one', 0.5]]),
    },
    gateways: Object.fromEntries(gateways.map((behaviour, index) => [gatewayNames[index]!, behaviour])),
    others: behaving(),
    calls,
    events: [...events].sort((a, b) => a.atMs - b.atMs),
  });
  const stable = snapshotOf(first);
  const candidate = { ...snapshotOf(next), hash: 'next' };
  const reloads = reloadAtMs === null ? [] : plannedReloads(reloadAtMs, rollout, stable, candidate);
  return playScenario(stable, given, { seed, trace, reloads });
}

function plannedReloads(
  atMs: number,
  rollout: string | null,
  stable: Snapshot,
  candidate: Snapshot,
): readonly PlannedReload[] {
  if (rollout === null) return [{ atMs, snapshot: candidate }];
  const begins = { atMs, snapshot: candidate, sharePercent: 50 };
  if (rollout === 'left') return [begins];
  return [begins, { atMs: atMs + 2000, snapshot: rollout === 'promoted' ? candidate : stable }];
}

test('nothing that is played on any network makes the switch do what it must not', () => {
  fc.assert(
    fc.property(played, given => {
      const { violations, calls } = play(given);
      assert.equal(violations, []);
      for (const { endedAtMs, record, finalStatus } of calls) {
        assert.ok(endedAtMs !== null);
        if (record !== null && record.answeredAtMs !== null) assert.is(finalStatus, 200);
      }
    }),
    { numRuns: 1000 },
  );
});

test('whatever is played is played alike the next time', () => {
  fc.assert(
    fc.property(played, given => {
      assert.equal(play(given), play(given));
    }),
    { numRuns: 100 },
  );
});

test.run();
