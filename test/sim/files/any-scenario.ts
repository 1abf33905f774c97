/** Random scenarios of a small network, of every form that a file can say. */
import fc from 'fast-check';
import type { GivenState } from '../../../src/call/given-state.ts';
import { endReasons } from '../../../src/cdr/record.ts';
import type { Snapshot } from '../../../src/config/snapshot.ts';
import { type Money, money, parseMoney } from '../../../src/rating/money.ts';
import type {
  BehaviourRule,
  BehaviourStep,
  CallBehaviour,
  GatewayBehaviour,
} from '../../../src/sim/scenario/behaviour.ts';
import type { ConfigurationChange } from '../../../src/sim/scenario/configuration-change.ts';
import type { CallSubject, Expectation, Matcher, TotalSubject } from '../../../src/sim/scenario/matcher.ts';
import type { Scenario, ScenarioCall, ScenarioEvent } from '../../../src/sim/scenario/scenario.ts';
import { buildSnapshot } from '../../support/snapshot-builder.ts';

const unasked = buildSnapshot({
  accounts: [{ name: 'bell' }, { name: 'acme', kind: 'vendor' }, { name: '7', kind: 'vendor' }],
  mappingGateways: [{ name: 'bell', account: 'bell', addresses: ['192.0.2.1', '2001:db8::/64'] }],
  routingGateways: [
    { name: 'acme', clearingAccount: 'acme', prefixes: ['44'], lines: 10, optionsCheck: true },
    { name: 'best', clearingAccount: 'acme', prefixes: ['44'], optionsCheck: true },
    { name: '007', clearingAccount: '7', prefixes: ['44'], optionsCheck: true },
  ],
});
/** All of its gateways are asked by OPTIONS, so that each of them may be down. */
export const smallNetwork: Snapshot = {
  ...unasked,
  routingGateways: unasked.routingGateways.map(one => ({ ...one, optionsCheck: true })),
};

const gatewayNames = ['acme', 'best', '007'];
const accountNames = ['bell', 'acme', '7'];
const place = { file: 'ci/scenarios/any.yaml', line: 1, column: 1 };

const gateway = fc.constantFrom(...gatewayNames);
const account = fc.constantFrom(...accountNames);
const durationMs = fc.oneof(
  fc.integer({ min: 0, max: 5000 }),
  fc.integer({ min: 0, max: 100 }).map(s => s * 1000),
);
const orNull = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: null });
const amount: fc.Arbitrary<Money> = fc
  .bigInt({ min: -(10n ** 19n), max: 10n ** 19n })
  .map(units => money(units));
const number = fc.stringMatching(/^[0-9*#+]{1,12}x{0,3}$/);
const text = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
  .filter(value => !/[\u0000-\u0008\ud800-\udfff]/.test(value) && value !== 'none');
const uri = fc.stringMatching(/^sip:[0-9]{1,12}@[a-z0-9.]{1,12}$/);

const provisional: fc.Arbitrary<BehaviourStep> = fc.record({
  kind: fc.constant('provisional' as const),
  afterMs: durationMs,
  status: fc.constantFrom(100, 180, 181, 183, 199),
  sdp: fc.boolean(),
});
const final: fc.Arbitrary<BehaviourStep> = fc.oneof(
  fc.record({ kind: fc.constant('answer' as const), afterMs: durationMs }),
  fc
    .record({
      kind: fc.constant('fail' as const),
      afterMs: durationMs,
      status: fc.oneof(fc.constantFrom(302, 486, 503), fc.integer({ min: 300, max: 699 })),
      reason: orNull(text),
      retryAfterSeconds: orNull(fc.integer({ min: 0, max: 3600 })),
      contact: orNull(uri),
    })
    .map(step => (step.status < 400 ? step : { ...step, contact: null })),
);
const script = fc
  .tuple(fc.array(provisional, { maxLength: 3 }), fc.option(final, { nil: undefined }))
  .filter(([before, last]) => before.length > 0 || last !== undefined)
  .map(([before, last]) => (last === undefined ? before : [...before, last]));

const callBehaviour: fc.Arbitrary<CallBehaviour> = fc
  .record({
    reaction: fc.constantFrom(
      'script' as const,
      'script' as const,
      'silent' as const,
      'unreachable' as const,
    ),
    steps: script,
    onCancel: fc.constantFrom('ends' as const, 'answers' as const, 'ignores' as const),
    hangUpAfterMs: orNull(durationMs),
    diesAfterMs: orNull(durationMs),
    sendsMedia: fc.boolean(),
  })
  .map(behaviour => {
    const steps = behaviour.reaction === 'script' ? behaviour.steps : [];
    const talks = steps.at(-1)?.kind === 'answer' || behaviour.onCancel === 'answers';
    const afterAnswer = talks ? {} : { hangUpAfterMs: null, diesAfterMs: null, sendsMedia: true };
    const oneEnd = behaviour.hangUpAfterMs === null ? {} : { diesAfterMs: null };
    return { ...behaviour, steps, ...oneEnd, ...afterAnswer };
  });

const any = { firstCall: null, lastCall: null, calleePrefix: null, probability: 1 };
const conditional: fc.Arbitrary<BehaviourRule> = fc.oneof(
  fc
    .record({ behaviour: callBehaviour, calleePrefix: fc.stringMatching(/^[0-9]{1,5}$/) })
    .map(rule => ({ ...any, ...rule })),
  fc
    .record({
      behaviour: callBehaviour,
      probability: fc.double({ min: 0, max: 0.999, noNaN: true }).map(Math.abs),
    })
    .map(rule => ({ ...any, ...rule })),
  fc
    .record({ behaviour: callBehaviour, firstCall: fc.integer({ min: 2, max: 9 }), more: orNull(fc.nat(9)) })
    .map(({ more, ...rule }) => ({
      ...any,
      ...rule,
      lastCall: more === null ? null : rule.firstCall + more,
    })),
);
export const gatewayBehaviour: fc.Arbitrary<GatewayBehaviour> = fc.record({
  rules: fc
    .tuple(fc.array(conditional, { maxLength: 3 }), callBehaviour)
    .map(([rules, behaviour]) => [...rules, { ...any, behaviour }]),
  optionsStatus: fc.constantFrom(200, 200, null, 503),
});

const lines = (names: readonly string[]) =>
  fc.dictionary(fc.constantFrom(...names), fc.integer({ min: 0, max: 1000 })).map(toMap);

function toMap<T>(values: Readonly<Record<string, T>>): ReadonlyMap<string, T> {
  return new Map(Object.entries(values));
}

const given: fc.Arbitrary<GivenState> = fc.record({
  balances: fc.dictionary(account, amount).map(balances => {
    const plenty = parseMoney('1000000')!;
    return new Map(accountNames.map(name => [name, balances[name] ?? plenty]));
  }),
  mappingLines: lines(['bell']),
  routingLines: lines(gatewayNames),
  accountLines: lines(accountNames),
  carried: lines(gatewayNames),
  offline: fc.uniqueArray(gateway).map(names => new Set(names)),
  asr: fc
    .dictionary(
      gateway,
      fc.integer({ min: 0, max: 1000 }).map(tenths => tenths / 10 / 100),
    )
    .map(toMap),
});

function within<T extends number | bigint>(values: fc.Arbitrary<T>): fc.Arbitrary<Matcher> {
  return fc.oneof(
    values.map((value): Matcher => ({ kind: 'is', value })),
    values.map((least): Matcher => ({ kind: 'within', least, most: null })),
    values.map((most): Matcher => ({ kind: 'within', least: null, most })),
    fc
      .tuple(values, values)
      .map(([a, b]): Matcher => ({ kind: 'within', least: a < b ? a : b, most: a < b ? b : a })),
  );
}

const none: Matcher = { kind: 'is', value: null };
const is = <T extends string | boolean | number>(values: fc.Arbitrary<T>) =>
  values.map((value): Matcher => ({ kind: 'is', value }));
const reason = fc.constantFrom(...endReasons);
const count = fc.nat(500);
const percent = fc.integer({ min: 0, max: 1000 }).map(tenths => tenths / 10);

/** Of subjects that never contradict each other. */
const callMatchers: readonly (readonly [CallSubject, string | null, fc.Arbitrary<Matcher>])[] = [
  ['tried', null, fc.subarray(gatewayNames).map((values): Matcher => ({ kind: 'list', values }))],
  [
    'status',
    null,
    fc.oneof(
      fc.constant(none),
      is(fc.integer({ min: 200, max: 699 })),
      fc.constantFrom(598, 599, 600).map((most): Matcher => ({ kind: 'within', least: 500, most })),
    ),
  ],
  [
    'reason',
    null,
    fc.oneof(
      is(reason),
      fc.uniqueArray(reason, { minLength: 1 }).map((values): Matcher => ({ kind: 'oneOf', values })),
    ),
  ],
  ['endedBy', null, is(fc.constantFrom('caller', 'callee', 'switch'))],
  ['postDialDelay', null, fc.oneof(fc.constant(none), within(durationMs))],
  ['talk', null, within(durationMs)],
  ['amount', 'customer', within(amount)],
  ['amount', 'vendor', within(amount)],
  ['billedSeconds', 'customer', within(count)],
  ['ratePrefix', 'vendor', is(fc.stringMatching(/^[0-9]{0,5}$/))],
  ['profit', null, within(amount)],
  ['sentCallee', null, fc.oneof(fc.constant(none), is(number))],
  ['sentForwarding', null, fc.constant(none)],
  ['record', 'endedBy', is(text)],
  ['record', 'talkSeconds', is(count)],
  ['record', 'profit', within(amount).filter(({ kind }) => kind === 'is')],
  ['record', 'customerCharge', fc.constant(none)],
  ['record', 'customerCharge.rate', is(fc.constantFrom('0.01', '12'))],
  ['recorded', null, is(fc.boolean())],
];
const totalMatchers: readonly (readonly [TotalSubject, string | null, fc.Arbitrary<Matcher>])[] = [
  [
    'answerSeizureRatio',
    null,
    fc.oneof(within(percent), fc.constant<Matcher>({ kind: 'within', least: Number.MIN_VALUE, most: null })),
  ],
  [
    'averageCallDuration',
    null,
    within(
      fc
        .double({ min: 0, max: 1e6, noNaN: true, noDefaultInfinity: true })
        .map(ms => Math.round(ms * 1e6) / 1e6),
    ),
  ],
  ['profit', null, within(amount)],
  ['balance', 'bell', within(amount)],
  ['lowestBalance', '7', within(amount)],
  ['gatewayAttempts', 'acme', within(count)],
  ['gatewayPeakLines', '007', within(count)],
  ['gatewayShare', 'best', within(percent)],
];

function expectations<S extends string>(
  matchers: readonly (readonly [S, string | null, fc.Arbitrary<Matcher>])[],
): fc.Arbitrary<readonly Expectation<S>[]> {
  const each = matchers.map(([subject, of, matcher]) =>
    matcher.map((value): Expectation<S> => ({ subject, of, matcher: value, written: '', place })),
  );
  return fc
    .subarray(each.map((_, i) => i))
    .chain(chosen => fc.tuple(...chosen.map(i => each[i]!)) as fc.Arbitrary<Expectation<S>[]>);
}

const call: fc.Arbitrary<ScenarioCall> = fc.record({
  place: fc.constant(place),
  name: orNull(text),
  via: fc.constant('bell'),
  source: fc.constantFrom(
    { address: '192.0.2.1', port: 5060, transport: 'udp' as const },
    { address: '192.0.2.1', port: 5099, transport: 'tcp' as const },
    { address: '2001:db8:0:0:0:0:0:9', port: 5060, transport: 'udp' as const },
  ),
  caller: fc.oneof(fc.constant(''), number),
  callee: orNull(number),
  forwarding: orNull(number),
  atMs: durationMs,
  timerCapable: fc.boolean(),
  hangUpAfterMs: fc.oneof(fc.constantFrom(60_000, null), durationMs),
  cancelAfterMs: orNull(durationMs),
  count: fc.integer({ min: 1, max: 1000 }),
  intervalMs: fc.oneof(
    fc.constant(0),
    fc.integer({ min: 1, max: 1000 }).map(perSecond => 1000 / perSecond),
    fc.integer({ min: 1, max: 10_000 }).map(tenths => tenths / 10),
  ),
  expect: expectations(callMatchers),
});

const change: fc.Arbitrary<ConfigurationChange> = fc.record({
  without: fc.uniqueArray(gateway),
  lines: fc.dictionary(gateway, fc.nat({ max: 9 })).map(toMap),
  mappingLines: fc.dictionary(fc.constant('bell'), fc.nat({ max: 9 })).map(toMap),
  pricePercent: fc.constantFrom(100, 0, 250),
});

const event: fc.Arbitrary<ScenarioEvent> = fc
  .tuple(durationMs, account, amount, gateway, gatewayBehaviour, change)
  .chain(([atMs, name, paid, of, behaviour, changed]) =>
    fc.constantFrom<ScenarioEvent>(
      { atMs, place, kind: 'payment', account: name, amount: paid },
      { atMs, place, kind: 'behaviour', gateway: of, behaviour },
      { atMs, place, kind: 'releaseCalls' },
      { atMs, place, kind: 'restart' },
      { atMs, place, kind: 'drain' },
      { atMs, place, kind: 'shutdown' },
      { atMs, place, kind: 'sipServerLost' },
      { atMs, place, kind: 'reload', change: changed },
      { atMs, place, kind: 'clockStep', stepMs: 90_500 },
      { atMs, place, kind: 'clockStep', stepMs: -1 },
    ),
  );

/** Gateways that are down are among `gateways`, as `Scenario` has them. */
export const anyScenario: fc.Arbitrary<Scenario> = fc
  .record({
    name: text,
    place: fc.constant(place),
    seed: fc.integer({ min: 0, max: 2 ** 48 - 1 }),
    startMs: fc.integer({ min: Date.UTC(2001, 0), max: Date.UTC(2060, 0) }),
    given,
    gateways: fc.dictionary(gateway, gatewayBehaviour).map(toMap),
    otherGateways: gatewayBehaviour,
    calls: fc.array(call, { minLength: 1, maxLength: 3 }),
    events: fc.array(event, { maxLength: 3 }),
    expect: expectations(totalMatchers),
    virtualOnly: orNull(text),
  })
  .map(scenario => ({
    ...scenario,
    gateways: new Map([
      ...[...scenario.given.offline].map(
        name => [name, { rules: scenario.otherGateways.rules, optionsStatus: null }] as const,
      ),
      ...scenario.gateways,
    ]),
    events: [...scenario.events].sort((a, b) => a.atMs - b.atMs),
  }));
