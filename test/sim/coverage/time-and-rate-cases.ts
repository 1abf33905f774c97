/** Calendars with what counts in them, and rates. */
import { network } from '../../call/networks.ts';
import { member, period, ruleSource } from '../../support/routing-rules.ts';
import { type Case, dials, fails, later, nowCalendar, plain, talks, wider } from './case.ts';

export const times: readonly Case[] = [
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

const staged = network({
  retail: [{ prefix: '44', rate: '0.06', freeSeconds: 3, stages: '10:0.5;20:0.4' }],
});

export const rates: readonly Case[] = [
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
