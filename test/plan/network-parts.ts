/** What small networks are made of: rules about numbers, prices, accounts and calendars, over 1 to 3, a, # and plus. */
import fc from 'fast-check';
import type { Calendar, DaySpan, GatewayPeriod, NumberRules } from '../../src/config/snapshot.ts';
import { parseDialPlan } from '../../src/routing/dial-plan/parse.ts';
import { sourceOf } from '../support/gateway-builder.ts';
import * as rule from '../support/routing-rules.ts';
import type {
  AccountDescription,
  NumberListDescription,
  RateDescription,
  RateTableDescription,
} from '../support/snapshot-builder.ts';

export const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** A Monday. */
export const nowMs = Date.UTC(2026, 2, 2, 10);
export const laterMs: number = nowMs + 30 * hourMs;

export const prefixes = [
  '',
  '1',
  '12',
  '123',
  '1231',
  '2',
  '21',
  '3',
  '33',
  'a',
  'a1',
  'a12',
  'a2',
  '#',
  '1#',
];
export const somePrefixes = fc.uniqueArray(fc.constantFrom(...prefixes), { maxLength: 4 });
const kind = fc.constantFrom<rule.Kind>('allow', 'deny');
const lengthList = fc.uniqueArray(fc.integer({ min: 1, max: 6 }), { minLength: 2, maxLength: 5 });
const rates = fc.constantFrom('0', '0.01', '0.02', '0.03');
export const ruleTexts = [
  '1:2',
  '12:a3',
  '?2:1',
  'a:',
  '3*:1*',
  '31:1',
  '2E3:1',
  '1?:$2',
  '1:12',
  '123:3',
  '*E4:1*',
  '23G3:a',
  '?:a',
  '21:212',
  '+1:1',
  '+:',
  '1L3:+1',
  '#:1',
  '2F3:1#',
  '12:',
];
/** They look for something within a number, or leave something to chance. */
export const hardTexts = ['*1:2', '3:1;2', '1:a;12', '12:?1', '2:2-3', '1*2:*', '3*:2', 'a*:*1'];

export const noPlan = parseDialPlan([]).plan;

export function planOf(texts: readonly string[], line: number = 1) {
  return parseDialPlan(texts.map(text => ({ text, source: rule.ruleSource(line) }))).plan;
}

function plans(texts: readonly string[]) {
  return fc
    .uniqueArray(fc.constantFrom(...texts), {
      minLength: 1,
      maxLength: 3,
      selector: text => text.split(':')[0],
    })
    .map(list => planOf(list));
}

/** Most are there seldom, or nothing would be routed. */
export function seldom<T>(arbitrary: fc.Arbitrary<T>, otherwise: T, weight: number = 4): fc.Arbitrary<T> {
  return fc.oneof({ weight, arbitrary: fc.constant(otherwise) }, { weight: 1, arbitrary });
}

const numberRules: fc.Arbitrary<Partial<NumberRules>> = fc
  .record(
    {
      callerPrefixes: fc.tuple(kind, somePrefixes).map(([is, list]) => rule.prefixes(is, list)),
      calleePrefixes: fc.tuple(kind, somePrefixes).map(([is, list]) => rule.prefixes(is, list)),
      callerCalleePrefixes: fc
        .tuple(
          kind,
          fc.array(fc.tuple(fc.constantFrom('', '1', '2'), fc.constantFrom('', '1', '12', 'a')), {
            maxLength: 2,
          }),
        )
        .map(([is, list]) =>
          rule.pairs(
            is,
            list.map(pair => pair.join(':')),
          ),
        ),
      forwardingPrefixes: fc.tuple(kind, somePrefixes).map(([is, list]) => rule.prefixes(is, list)),
      calleeLengths: lengthList.map(list => rule.lengths(list)),
      callerLengths: lengthList.map(list => rule.lengths([0, ...list])),
      callerLists: fc.tuple(kind, fc.subarray([0, 1])).map(([is, list]) => rule.lists(is, list)),
      calleeLists: fc.tuple(kind, fc.subarray([0, 1])).map(([is, list]) => rule.lists(is, list)),
      calleeNetwork: fc.constantFrom('on-net', 'off-net'),
    },
    { requiredKeys: [] },
  )
  .map(rules => rules as Partial<NumberRules>);

export const fewRules = seldom(
  numberRules.chain(rules =>
    fc
      .subarray(Object.entries(rules))
      .map(list => Object.fromEntries(list.slice(0, 2)) as Partial<NumberRules>),
  ),
  {},
  2,
);

const effective = fc.constantFrom(
  ...[
    [0, laterMs],
    [laterMs, Number.POSITIVE_INFINITY],
    [0, laterMs + hourMs],
    [nowMs, nowMs + hourMs],
    [0, nowMs],
  ],
);

const rateRow: fc.Arbitrary<RateDescription> = fc
  .record({
    prefix: fc.constantFrom(...prefixes),
    rate: rates,
    unitSeconds: seldom(fc.constant(1), 60, 9),
    locked: seldom(fc.constant(true), false, 9),
    increments: fc.constantFrom('60/60', '60/60', '1/1', '30/6'),
    connectFee: seldom(fc.constantFrom('0.005', '0.1'), '0', 9),
    stages: seldom(fc.constant('30:0.01'), 'none', 14),
    level: seldom(fc.constantFrom<'local' | 'domestic'>('local', 'domestic'), null, 4),
    effective: seldom(effective, [0, Number.POSITIVE_INFINITY], 9),
    freeSeconds: seldom(fc.constantFrom(0, 10), -1, 9),
  })
  .map(({ effective: [effectiveFromMs, effectiveUntilMs], freeSeconds, level, ...row }) => ({
    ...row,
    effectiveFromMs: effectiveFromMs!,
    effectiveUntilMs: effectiveUntilMs!,
    ...(freeSeconds < 0 ? {} : { freeSeconds }),
    ...(level === null ? {} : { level }),
  }));

export function rateTable(name: string): fc.Arbitrary<RateTableDescription> {
  return fc
    .tuple(
      fc.uniqueArray(rateRow, { maxLength: 6, selector: ({ prefix }) => prefix }),
      seldom(fc.constant(true), false, 9),
    )
    .map(([rows, isReplaced]) => ({
      name,
      rows: [
        { prefix: '', rate: '0.02', ...(isReplaced ? { effectiveUntilMs: laterMs } : {}) },
        ...(isReplaced ? [{ prefix: '', rate: '0.015', effectiveFromMs: laterMs }] : []),
        ...rows.filter(({ prefix }) => prefix !== ''),
      ],
    }));
}

export function account(name: string, tables: readonly string[]): fc.Arbitrary<AccountDescription> {
  return fc
    .record({
      name: fc.constant(name),
      rateTable: fc.constantFrom(...tables),
      locked: seldom(fc.constant(true), false, 30),
      unrated: seldom(fc.constant(true), false, 12),
      validUntilMs: seldom(fc.constantFrom<number | null>(laterMs + 2 * hourMs, nowMs), null, 20),
      lines: seldom(fc.constant<number | null>(0), null, 40),
      timedRateTables: seldom(
        fc
          .shuffledSubarray(['c0', 'c1'], { minLength: 1 })
          .map(calendars => calendars.map(calendar => ({ calendar, rateTable: tables[0]! }))),
        [],
      ),
      overdraftLimit: fc.constant('10'),
      privateRateTable: seldom(fc.constant('p0'), '', 9),
    })
    .map(({ privateRateTable, ...rest }) => ({
      ...rest,
      ...(privateRateTable === '' ? {} : { privateRateTable }),
    }));
}

export function dialPlans(texts: readonly string[]) {
  return fc.record({
    callee: seldom(plans(texts), noPlan, 2),
    caller: seldom(plans(['1:2', '12:1', '?2:3', '2:', '+:']), noPlan, 6),
    forwarding: seldom(plans(['1:2', '2:']), noPlan, 12),
  });
}

/** Each with a dial plan or without, as index into plans of periods. */
export function periods(isRouting: boolean): fc.Arbitrary<readonly GatewayPeriod[]> {
  const filter = fc.tuple(kind, somePrefixes).map(([is, list]) => rule.prefixes(is, list));
  const change = fc.record({
    available: seldom(fc.constant(false), true, 9),
    lines: seldom(fc.constantFrom<number | null>(0, 5, 5), null, 9),
    calleePrefixes: seldom(filter, null),
    callerPrefixes: seldom(filter, null, 9),
    priority: isRouting ? seldom(fc.constantFrom<number | null>(1, 2), null) : fc.constant(null),
    dialPlans: seldom(fc.constant(0), -1),
  });
  return seldom(
    fc
      .tuple(fc.shuffledSubarray([0, 1], { minLength: 1 }), change, change)
      .map(([order, ...changes]) => order.map((calendar, i) => rule.period(calendar, changes[i]!))),
    [],
  );
}

const span: fc.Arbitrary<DaySpan> = fc
  .tuple(fc.constantFrom(0, 360, 480, 720, 1380), fc.constantFrom(60, 240, 300, 1440))
  .map(([fromMinute, length]) => ({ fromMinute, untilMinute: Math.min(fromMinute + length, 2880) }));

const zones = [
  { name: 'UTC', changesAtMs: [], offsetsMs: [0] },
  // Clocks are put forward within the week and back three weeks on.
  {
    name: 'Test/East',
    changesAtMs: [nowMs + 3 * dayMs + 15 * hourMs, nowMs + 24 * dayMs],
    offsetsMs: [3 * hourMs, 4 * hourMs, 3 * hourMs],
  },
];

const today = Math.floor(nowMs / dayMs);

export function calendar(name: string): fc.Arbitrary<Omit<Calendar, 'index'>> {
  return fc
    .record({
      zone: fc.constantFrom(...zones),
      days: fc.integer({ min: 1, max: 127 }),
      spans: fc.array(span, { minLength: 1, maxLength: 2 }),
      exception: seldom(
        fc.record({
          fromDay: fc.integer({ min: 0, max: 12 }).map(days => today + days),
          spans: fc.array(span, { maxLength: 1 }),
        }),
        null,
      ),
    })
    .map(({ zone, days, spans, exception }) => ({
      name,
      source: sourceOf(`calendars/${name}.yaml`),
      zone,
      week: Array.from({ length: 7 }, (_, day) => ((days >> day) & 1 ? spans : [])),
      exceptions: exception === null ? [] : [{ ...exception, untilDay: exception.fromDay + 1 }],
    }));
}

export function numberList(name: string): fc.Arbitrary<NumberListDescription> {
  return fc.record({
    name: fc.constant(name),
    numbers: fc.subarray(['1', '12', '123', '2', '21', '1231', '#1', 'a1']),
    prefixes: fc.subarray(['12', '33', '2', 'a']),
  });
}
